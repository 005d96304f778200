package routing

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"pendopo/law/search"
)

// Example is a text whose label is known.
type Example struct {
	Text  string
	Tags  []string // facts beside the text: "category:lampu_jalan"
	Label string
}

// Hint is what speaks for a label without having been learned: the definitions
// say so. Weight is by how much it makes the label likelier: its odds are
// multiplied by e to the weight.
type Hint struct {
	Label  string
	Reason string // named in the guess, as given
	Weight float64
}

// Guess is a suggested label.
type Guess struct {
	Label  string
	Chance float64  // between 0 and 1
	Words  []string // of the text that spoke for it, shortened ones written out, the loudest first; at most three
	Tags   []string // that spoke for it
	Hints  []string // reasons of the hints for it
}

// Limits of what a model learns from: the newest examples count.
const (
	MostExamples = 6_000
	mostPerLabel = 800
	fewExamples  = 200 // below, a word that was seen once counts
)

// least is the chance below which nothing is suggested.
const least = 0.2

// Model suggests labels. The zero Model suggests nothing.
type Model struct {
	read   *reader
	space  *space
	labels []string
	m      *machine
	trust  float64
}

// Train learns from examples, the newest first. What has no label or no text is
// left out. Without two labels a model suggests by hints alone.
func Train(examples []Example) *Model {
	m := &Model{read: newReader(search.NewStemmer().Stem), trust: cautious}
	m.read.root = remembered(m.read.root)
	docs, tags, names := m.prepared(examples)
	for _, name := range names {
		if at, found := slices.BinarySearch(m.labels, name); !found {
			m.labels = slices.Insert(m.labels, at, name)
		}
	}
	label := make([]int, len(names))
	for i, name := range names {
		label[i], _ = slices.BinarySearch(m.labels, name)
	}
	seen := 2
	if len(docs) < fewExamples {
		seen = 1
	}
	m.space = newSpace(m.read, docs, tags, seen)
	if len(m.labels) > 1 {
		terms := make([][]term, len(docs))
		for i := range docs {
			terms[i] = joined(m.space.terms(m.read, docs[i], tags[i]))
		}
		m.trust = trusted(terms, label, len(m.labels), len(m.space.weight))
		m.m = learn(terms, label, len(m.labels), len(m.space.weight))
	}
	m.read.root = search.NewStemmer().Stem // the memory is for one goroutine
	return m
}

// remembered keeps the root of each word while a model is trained.
func remembered(root func(string) string) func(string) string {
	known := map[string]string{}
	return func(w string) string {
		r, ok := known[w]
		if !ok {
			r = root(w)
			known[w] = r
		}
		return r
	}
}

// prepared are the examples that count, as words.
func (m *Model) prepared(examples []Example) (docs, tags [][]string, labels []string) {
	count := map[string]int{}
	for _, e := range examples {
		words := m.read.words(e.Text)
		if e.Label == "" || len(words) == 0 && len(e.Tags) == 0 || count[e.Label] == mostPerLabel {
			continue
		}
		if len(docs) == MostExamples {
			break
		}
		count[e.Label]++
		docs, tags, labels = append(docs, words), append(tags, e.Tags), append(labels, e.Label)
	}
	return docs, tags, labels
}

// Labels are what the model can suggest, in order.
func (m *Model) Labels() []string {
	if m == nil {
		return nil
	}
	return slices.Clone(m.labels)
}

// Suggest gives the likeliest labels, at most so many, best first; none when the
// likeliest is still unlikely, or when nothing in the text is known and there is
// no hint.
func (m *Model) Suggest(text string, tags []string, hints []Hint, most int) []Guess {
	guesses := m.Rank(text, tags, hints)
	if len(guesses) == 0 || guesses[0].Chance < least || !spoken(guesses[0]) {
		return nil
	}
	return guesses[:min(most, len(guesses))]
}

func spoken(g Guess) bool { return len(g.Words)+len(g.Tags)+len(g.Hints) > 0 }

// Rank gives every label, best first, however unlikely. Reasons are given for
// the first ten.
func (m *Model) Rank(text string, tags []string, hints []Hint) []Guess {
	if m == nil || m.read == nil {
		return nil
	}
	words := m.read.words(text)
	list := m.space.terms(m.read, words, tags)
	score := map[string]float64{}
	if m.m != nil {
		for c, margin := range m.m.margins(list) {
			score[m.labels[c]] = margin * m.trust
		}
	}
	for _, h := range hints {
		if _, known := score[h.Label]; !known {
			score[h.Label] = m.unheard(score)
		}
	}
	for _, h := range hints {
		score[h.Label] += h.Weight
	}
	names := slices.Sorted(maps.Keys(score))
	values := make([]float64, len(names))
	for i, n := range names {
		values[i] = score[n]
	}
	out := make([]Guess, len(names))
	for i, chance := range chances(values, 1) {
		out[i] = Guess{Label: names[i], Chance: chance}
	}
	slices.SortStableFunc(out, func(a, b Guess) int { return cmp.Compare(b.Chance, a.Chance) })
	for i := range out[:min(mostReasons, len(out))] {
		m.explain(&out[i], words, tags, list, hints)
	}
	return out
}

const mostReasons = 10

// unheard is the score of a label that no example has: as low as the lowest that
// some have.
func (m *Model) unheard(score map[string]float64) float64 {
	low := math.Inf(1)
	for _, name := range m.labels {
		low = min(low, score[name])
	}
	if math.IsInf(low, 1) {
		return 0
	}
	return low
}

// explain says what spoke for a label more than for the others.
func (m *Model) explain(g *Guess, words, tags []string, list []term, hints []Hint) {
	for _, h := range hints {
		if h.Label == g.Label && h.Weight > 0 {
			g.Hints = append(g.Hints, h.Reason)
		}
	}
	c, known := slices.BinarySearch(m.labels, g.Label)
	if !known || m.m == nil {
		return
	}
	said, all := make([]float64, len(words)), 0.0
	tagged := map[int32]float64{}
	for _, t := range list {
		by := m.share(t, c)
		if t.word < 0 {
			tagged[t.id] = by
			continue
		}
		said[t.word] += by
		all += max(0, by)
	}
	for _, t := range tags {
		if id, ok := m.space.ids["t:"+t]; ok && tagged[id] > 0.02 {
			g.Tags = append(g.Tags, t)
		}
	}
	g.Words = m.loudest(words, said, all)
}

// share is what one feature says for a label, against what it says on average.
func (m *Model) share(t term, c int) float64 {
	row := m.m.weight[int(t.id)*m.m.labels : (int(t.id)+1)*m.m.labels]
	mean := float32(0)
	for _, w := range row {
		mean += w
	}
	return float64((row[c] - mean/float32(len(row))) * t.amount)
}

// A word is a reason when it says at least this part of all that is said.
const (
	loud      = 0.04
	mostWords = 3
)

// loudest are the words that say most; a word that says nothing by itself, such
// as "di", is none. A word said twice counts as often.
func (m *Model) loudest(words []string, said []float64, all float64) []string {
	sum := map[string]float64{}
	var order []string
	for i, w := range words {
		if m.read.idle[w] || len(w) < 3 {
			continue
		}
		if _, twice := sum[w]; !twice {
			order = append(order, w)
		}
		sum[w] += said[i]
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(sum[b], sum[a]) })
	var out []string
	for _, w := range order {
		if len(out) == mostWords || sum[w] <= 0 || sum[w] < loud*all {
			break
		}
		out = append(out, w)
	}
	return out
}
