package search

import (
	"math"
	"slices"
	"strings"

	"pendopo/law/definition"
)

// Index is the services of a government as people look for them, in one
// language.
type Index struct {
	lang     string
	stem     *Stemmer
	idle     map[string]bool
	same     map[string][]saying // by their first term
	services []string
	postings map[string][]posting
	words    []known
	weight   map[string]float64 // of a term: how much it tells (idf)
}

// posting is how much of a term stands in a service, its parts weighted.
type posting struct {
	service int
	amount  float64
}

// Hit is a service that was found; a higher score fits better.
type Hit struct {
	Service string  `json:"service"`
	Score   float64 `json:"score"`
}

// Parts says which parts of a service are read; measurements leave some out.
type Parts struct {
	NoQuestions bool                                                // without the whole sentences that people ask
	Skip        func(service *definition.Service, text string) bool // leaves out single questions
}

// New reads the services of a government into an index.
func New(g *definition.Government, services []*definition.Service, lang string, parts Parts) *Index {
	x := &Index{lang: lang, stem: NewStemmer(), idle: idle(lang), same: map[string][]saying{}, postings: map[string][]posting{}, weight: map[string]float64{}}
	x.synonyms(g.Synonyms)
	spelling := map[string]string{}
	lengths, all := make([]float64, len(services)), make([]map[string]float64, len(services))
	total := 0.0
	for i, s := range services {
		all[i] = map[string]float64{}
		for _, p := range x.partsOf(g, s, parts) {
			known := spelling
			if p.exact {
				known = map[string]string{}
			}
			for _, t := range x.terms(p.text, known) {
				all[i][t] += p.weight
				lengths[i] += p.weight
			}
		}
		x.services = append(x.services, s.ID)
		total += lengths[i]
	}
	for i, terms := range all {
		for t, amount := range terms {
			x.postings[t] = append(x.postings[t], posting{i, amount * (k1 + 1) / (amount + k1*(1-b+b*lengths[i]*float64(len(services))/total))})
		}
	}
	for t, list := range x.postings {
		slices.SortFunc(list, func(a, c posting) int { return a.service - c.service })
		n := 0.0
		for _, p := range list { // a card that everybody must bring is no word of every service
			n += min(1, all[p.service][t])
		}
		x.weight[t] = math.Log(1 + (float64(len(services))-n+0.5)/(n+0.5))
	}
	for w, t := range spelling {
		x.words = append(x.words, known{w, t, letters(w)})
	}
	slices.SortFunc(x.words, func(a, c known) int { return strings.Compare(a.word, c.word) })
	return x
}

// The constants of BM25: how soon a term said again adds nothing, and how much
// a long text is held against a service.
const (
	k1 = 2.0
	b  = 0.35
)

// part is a text of a service and what a word in it counts.
type part struct {
	text   string
	weight float64
	exact  bool // found as it stands only: no slip of the hand leads to it
}

func (x *Index) partsOf(g *definition.Government, s *definition.Service, p Parts) []part {
	out := []part{}
	add := func(weight float64, texts ...definition.Text) {
		for _, t := range texts {
			out = append(out, part{text: t.In(x.lang), weight: weight})
			if x.lang != "id" {
				out = append(out, part{text: t["id"], weight: weight / 2})
			}
		}
	}
	add(4, s.Name)
	add(1.5, s.Summary, s.Product.Name)
	for _, w := range s.Words {
		out = append(out, part{text: w, weight: 3})
	}
	for _, q := range s.Questions {
		if !p.NoQuestions && (p.Skip == nil || !p.Skip(s, q)) {
			out = append(out, part{text: q, weight: 1.5})
		}
	}
	for _, r := range s.Standard.Requirements {
		add(0.3, r.Text)
	}
	for _, pg := range s.Form.Pages {
		for _, f := range pg.Fields {
			for _, c := range f.Choices {
				if f.ID == s.Variants {
					add(1, c.Text)
				}
				for _, w := range c.Words {
					out = append(out, part{text: w, weight: 0.3, exact: true})
				}
			}
		}
	}
	return append(out, x.groups(g, s)...)
}

// groups are the words of the need and the events of a service.
func (x *Index) groups(g *definition.Government, s *definition.Service) (out []part) {
	add := func(n *definition.Need, weight float64) {
		if n != nil {
			out = append(out, part{text: n.Name.In(x.lang), weight: weight}, part{text: strings.Join(n.Words, " "), weight: weight})
		}
	}
	add(g.Need(s.Need), 0.3)
	for _, e := range s.Events {
		add(g.Event(e), 0.6)
	}
	return out
}

// saying is what people say and the word of the services that it stands for.
type saying struct {
	said  []string // terms
	means string
}

// synonyms takes in what people say instead of a word of the services, the
// longer sayings first.
func (x *Index) synonyms(list []definition.Synonym) {
	for _, s := range list {
		to := x.stems(split(s.Word))
		for _, words := range s.Same {
			said := x.stems(split(words))
			if len(said) == 0 || len(to) != 1 || len(said) == 1 && said[0] == to[0] {
				continue
			}
			x.same[said[0]] = append(x.same[said[0]], saying{said, to[0]})
		}
	}
	for _, list := range x.same {
		slices.SortStableFunc(list, func(a, c saying) int { return len(c.said) - len(a.said) })
	}
}

// stems brings words to their terms.
func (x *Index) stems(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = x.term(w)
	}
	return out
}

// term is the root of a word as this index knows it.
func (x *Index) term(w string) string {
	w = loose(w)
	if root := x.stem.Stem(w); x.lang == "id" || root != w {
		return root
	}
	return english(w)
}

// terms are the words of a text that say something, as terms, and beside them
// what the sayings among them stand for. spelling notes how each is written.
func (x *Index) terms(text string, spelling map[string]string) []string {
	words := split(text)
	stems := x.stems(words)
	out := make([]string, 0, len(stems))
	for i, t := range stems {
		if x.idle[t] || x.idle[words[i]] {
			continue
		}
		spelling[words[i]], spelling[t] = t, t
		out = append(out, t)
	}
	for i := range stems {
		if s, ok := x.saying(stems[i:]); ok {
			spelling[s.means] = s.means
			out = append(out, s.means)
		}
	}
	return out
}

// saying is the longest one that some terms begin with.
func (x *Index) saying(terms []string) (saying, bool) {
	for _, s := range x.same[terms[0]] {
		if len(s.said) <= len(terms) && slices.Equal(s.said, terms[:len(s.said)]) {
			return s, true
		}
	}
	return saying{}, false
}
