package routing

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
)

// Measured is how well labels are suggested for texts that were not learned
// from. Shares are between 0 and 1.
type Measured struct {
	Examples int     `json:"examples"`
	Labels   int     `json:"labels"`
	Groups   int     `json:"groups"` // of texts that are nearly the same; a group is never learned from and asked about at once
	Folds    int     `json:"folds"`  // 0: measured against one model
	First    float64 `json:"first"`  // the first suggestion is right
	Three    float64 `json:"three"`  // one of the first three is
	// The same for always suggesting the labels that are most frequent.
	FirstMostFrequent float64 `json:"first_most_frequent"`
	ThreeMostFrequent float64 `json:"three_most_frequent"`
	// What is said to be how likely, against how often it is right.
	Off       float64     `json:"off"` // expected calibration error
	Sure      []Sureness  `json:"sure"`
	Classes   []Class     `json:"classes"`
	Confusion []Confusion `json:"confusion"`
}

// Sureness is what remains, and how right it is, when nothing below a chance is
// suggested.
type Sureness struct {
	Chance   float64 `json:"chance"`
	Answered float64 `json:"answered"`
	Right    float64 `json:"right"`
}

// Class is one label.
type Class struct {
	Label     string  `json:"label"`
	Examples  int     `json:"examples"`
	First     float64 `json:"first"`     // of its examples, suggested first
	Three     float64 `json:"three"`     // among the first three
	Precision float64 `json:"precision"` // of those for which it is suggested first, its own
}

// Confusion is a pair of labels of which one was suggested for the other.
type Confusion struct {
	Is    string `json:"is"`
	Said  string `json:"said"`
	Times int    `json:"times"`
}

// asked is one example and what was suggested for it.
type asked struct {
	label   string
	guesses []Guess
	usual   []string // the most frequent labels at that time
}

// CrossValidate trains on all folds but one and asks about that one, in turn.
func CrossValidate(examples []Example, folds int) Measured {
	group := Groups(examples)
	var all []asked
	for fold := range folds {
		var known, held []Example
		for i, e := range examples {
			if group[i]%folds == fold {
				held = append(held, e)
			} else {
				known = append(known, e)
			}
		}
		all = append(all, ask(Train(known), held, known)...)
	}
	m := summary(all)
	m.Groups, m.Folds = 1+slices.Max(group), folds
	return m
}

// Against asks one model about examples. What is most frequent among them is the
// baseline, which nobody knows beforehand.
func Against(model *Model, examples []Example) Measured {
	m := summary(ask(model, examples, examples))
	m.Groups = 1 + slices.Max(Groups(examples))
	return m
}

func ask(model *Model, held, known []Example) []asked {
	count := map[string]int{}
	for _, e := range known {
		count[e.Label]++
	}
	usual := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
	var out []asked
	for _, e := range held {
		out = append(out, asked{e.Label, model.Rank(e.Text, e.Tags, nil), usual[:min(3, len(usual))]})
	}
	return out
}

// place is where a label stands among guesses, from 0; far behind when it does
// not.
func place(guesses []Guess, label string) int {
	if i := slices.IndexFunc(guesses, func(g Guess) bool { return g.Label == label }); i >= 0 {
		return i
	}
	return math.MaxInt
}

func summary(all []asked) Measured {
	m := Measured{Examples: len(all)}
	classes, confused := map[string]*Class{}, map[Confusion]int{}
	class := func(label string) *Class {
		if classes[label] == nil {
			classes[label] = &Class{Label: label}
		}
		return classes[label]
	}
	one := 1 / float64(max(1, len(all)))
	said := map[string]float64{}
	for _, a := range all {
		c := class(a.label)
		c.Examples++
		at := place(a.guesses, a.label)
		if at == 0 {
			c.First, m.First = c.First+1, m.First+one
		}
		if at < 3 {
			c.Three, m.Three = c.Three+1, m.Three+one
		}
		if len(a.guesses) > 0 {
			said[a.guesses[0].Label]++
		}
		if at > 0 && len(a.guesses) > 0 {
			confused[Confusion{Is: a.label, Said: a.guesses[0].Label}]++
		}
		if i := slices.Index(a.usual, a.label); i >= 0 {
			m.ThreeMostFrequent += one
			if i == 0 {
				m.FirstMostFrequent += one
			}
		}
	}
	m.Labels = len(classes)
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		c := classes[name]
		c.Precision = c.First / max(1, said[name])
		c.First, c.Three = c.First/float64(c.Examples), c.Three/float64(c.Examples)
		m.Classes = append(m.Classes, *c)
	}
	slices.SortStableFunc(m.Classes, func(a, b Class) int { return b.Examples - a.Examples })
	m.Confusion = mostConfused(confused)
	m.Sure, m.Off = sureness(all)
	return m
}

// mostConfusions are shown.
const mostConfusions = 15

func mostConfused(confused map[Confusion]int) []Confusion {
	var out []Confusion
	for c, n := range confused {
		c.Times = n
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Confusion) int {
		return cmp.Or(b.Times-a.Times, strings.Compare(a.Is, b.Is), strings.Compare(a.Said, b.Said))
	})
	return out[:min(len(out), mostConfusions)]
}

// sureness compares how likely was said with how often it was right.
func sureness(all []asked) (out []Sureness, off float64) {
	const bins = 10
	var number, right, chance [bins]float64
	for _, a := range all {
		if len(a.guesses) == 0 {
			continue
		}
		b := min(bins-1, int(a.guesses[0].Chance*bins))
		number[b]++
		chance[b] += a.guesses[0].Chance
		if a.guesses[0].Label == a.label {
			right[b]++
		}
	}
	for b := range bins {
		off += math.Abs(chance[b]-right[b]) / float64(max(1, len(all)))
	}
	for _, from := range []int{2, 4, 6, 8} {
		n, r := 0.0, 0.0
		for b := from; b < bins; b++ {
			n, r = n+number[b], r+right[b]
		}
		out = append(out, Sureness{float64(from) / bins, n / float64(max(1, len(all))), r / max(1, n)})
	}
	return out, off
}

// Texts are nearly the same when this part of the shorter one's runs of three
// words stands in the other, or so many do.
const (
	runOfWords = 3
	sameShare  = 0.3
	sameRuns   = 15
)

// Groups numbers the examples so that texts that are nearly the same have the
// same number: copies must not be learned from and asked about at once.
func Groups(examples []Example) []int {
	r := newReader(func(w string) string { return w })
	first := make([]int, len(examples)) // the first of its group, as far as known
	head := func(i int) int {
		for first[i] != i {
			i = first[i]
		}
		return i
	}
	runs, where := make([]int, len(examples)), map[string][]int{}
	for i, e := range examples {
		first[i] = i
		own := map[string]bool{}
		w := r.words(e.Text)
		for at := 0; at+runOfWords <= len(w); at++ {
			own[strings.Join(w[at:at+runOfWords], " ")] = true
		}
		runs[i] = len(own)
		shared := map[int]int{}
		for run := range own {
			for _, j := range where[run] {
				shared[j]++
			}
			where[run] = append(where[run], i)
		}
		for j, n := range shared {
			if least := min(runs[i], runs[j]); n >= sameRuns || least >= 3 && float64(n) > sameShare*float64(least) {
				a, b := head(i), head(j)
				first[max(a, b)] = min(a, b)
			}
		}
	}
	number, out := map[int]int{}, make([]int, len(examples))
	for i := range examples {
		h := head(i)
		if _, ok := number[h]; !ok {
			number[h] = len(number)
		}
		out[i] = number[h]
	}
	return out
}
