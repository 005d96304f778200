package routing

import (
	"cmp"
	"math"
	"slices"
)

// term is one feature of one text: its number, how much of it, and the word it
// is a part of (-1: it is a tag).
type term struct {
	id     int32
	amount float32
	word   int32
}

// space numbers the features of a model.
type space struct {
	ids    map[string]int32
	weight []float32 // how much a feature tells, being rare
}

// mostFeatures bounds the memory of a model.
const mostFeatures = 60_000

// grams are the shortest and longest run of letters that is a feature.
const (
	shortestGram = 3
	longestGram  = 4
)

// each calls do for every feature of words and tags. A word gives its root and
// the runs of letters within it.
func (r *reader) each(words, tags []string, do func(feature string, word int)) {
	for _, t := range tags {
		do("t:"+t, -1)
	}
	for i, w := range words {
		do("w:"+r.root(w), i)
		framed := []rune("_" + w + "_")
		for n := shortestGram; n <= longestGram; n++ {
			for at := 0; at+n <= len(framed); at++ {
				do(string(framed[at:at+n]), i)
			}
		}
	}
}

// newSpace numbers the features that at least so many examples have, the most
// frequent first where there are too many.
func newSpace(r *reader, docs [][]string, tags [][]string, least int) *space {
	in := map[string]int{}
	for i := range docs {
		seen := map[string]bool{}
		r.each(docs[i], tags[i], func(f string, _ int) {
			if !seen[f] {
				seen[f] = true
				in[f]++
			}
		})
	}
	names := make([]string, 0, len(in))
	for f, n := range in {
		if n >= least {
			names = append(names, f)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(in[b]-in[a], cmp.Compare(a, b)) })
	names = names[:min(len(names), mostFeatures)]
	s := &space{ids: make(map[string]int32, len(names)), weight: make([]float32, len(names))}
	for i, f := range names {
		s.ids[f] = int32(i)
		s.weight[i] = float32(math.Log(float64(1+len(docs))/float64(1+in[f])) + 1)
	}
	return s
}

// tagShare is how much of a text's weight its tags have.
const tagShare = 1.5

// terms are the features of words and tags, scaled to length one: a long report
// speaks no louder than a short one. A feature that stands in several words is
// shared by them.
func (s *space) terms(r *reader, words, tags []string) []term {
	var list []term
	r.each(words, tags, func(f string, word int) {
		if id, ok := s.ids[f]; ok {
			list = append(list, term{id: id, word: int32(word)})
		}
	})
	slices.SortStableFunc(list, func(a, b term) int { return int(a.id) - int(b.id) })
	sum := 0.0
	for from := 0; from < len(list); {
		to := from
		for to < len(list) && list[to].id == list[from].id {
			to++
		}
		n := float64(to - from)
		whole := (1 + math.Log(n)) * float64(s.weight[list[from].id])
		if list[from].word < 0 {
			whole *= tagShare
		}
		for i := from; i < to; i++ {
			list[i].amount = float32(whole / n)
		}
		sum += whole * whole
		from = to
	}
	if sum > 0 {
		scale := float32(1 / math.Sqrt(sum))
		for i := range list {
			list[i].amount *= scale
		}
	}
	return list
}

// joined adds up what several words have of one feature, for training.
func joined(list []term) []term {
	var out []term
	for _, t := range list {
		if n := len(out); n > 0 && out[n-1].id == t.id {
			out[n-1].amount += t.amount
			continue
		}
		out = append(out, t)
	}
	return out
}
