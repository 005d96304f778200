package search

import "slices"

// wish is one word of a query: the terms that it may be, each with how surely.
type wish struct {
	terms map[string]float64
	known bool
	share float64 // of the query: how much it tells
}

// How surely a wish is meant by what is not quite its word.
const (
	asSaid  = 0.9 // what the saying stands for
	oneSlip = 0.7
	twoSlip = 0.5
	begun   = 0.4 // the beginning of a word
)

// leastCovered is how much of what a query tells must be found in a service.
const leastCovered = 0.34

// Find gives the services that fit a query, best first, at most so many (0 =
// all). None fits when nothing that tells something is known.
func (x *Index) Find(query string, most int) []Hit {
	wishes := x.read(query)
	if len(wishes) == 0 {
		return nil
	}
	scores, covered := make([]float64, len(x.services)), make([]float64, len(x.services))
	best := make([]float64, len(x.services))
	for _, w := range wishes {
		clear(best)
		for t, sure := range w.terms {
			for _, p := range x.postings[t] {
				best[p.service] = max(best[p.service], sure*x.weight[t]*p.amount)
			}
		}
		for i, s := range best {
			if s > 0 {
				scores[i] += s
				covered[i] += w.share
			}
		}
	}
	return x.ranked(scores, covered, most)
}

// ranked orders what was found; a service that has more of the words stands
// before one that has one of them often.
func (x *Index) ranked(scores, covered []float64, most int) []Hit {
	var out []Hit
	for i, s := range scores {
		if s > 0 && covered[i] >= leastCovered {
			out = append(out, Hit{x.services[i], s * covered[i]})
		}
	}
	slices.SortStableFunc(out, func(a, c Hit) int {
		switch {
		case a.Score > c.Score:
			return -1
		case a.Score < c.Score:
			return 1
		}
		return 0
	})
	if most > 0 && len(out) > most {
		out = out[:most]
	}
	return out
}

// read makes wishes of a query.
func (x *Index) read(query string) []wish {
	words := split(query)
	words = words[:min(len(words), mostWords)]
	stems := x.stems(words)
	var out []wish
	for i := 0; i < len(stems); {
		s, ok := x.saying(stems[i:])
		if ok && len(s.said) > 1 {
			out = append(out, wish{terms: map[string]float64{s.means: 1}, known: true})
			i += len(s.said)
			continue
		}
		if !x.idle[stems[i]] && !x.idle[words[i]] {
			w := x.wish(words[i], stems[i])
			if ok {
				w.terms[s.means], w.known = max(asSaid, w.terms[s.means]), true
			}
			out = append(out, w)
		}
		i++
	}
	return x.weighed(out)
}

// wish is what one word may mean.
func (x *Index) wish(word, term string) wish {
	w := wish{terms: map[string]float64{}}
	if x.postings[term] != nil {
		w.terms[term], w.known = 1, true
		return w
	}
	if t := x.term(single(word)); x.postings[t] != nil {
		w.terms[t], w.known = oneSlip, true
		return w
	}
	terms, off := near(x.words, word)
	if terms == nil {
		terms, off = near(x.words, term)
	}
	sure := oneSlip
	if off > 1 {
		sure = twoSlip
	}
	if terms == nil && len(word) >= 4 {
		terms, sure = x.beginning(word), begun
	}
	for _, t := range terms {
		if !x.idle[t] {
			w.terms[t], w.known = sure, true
		}
		if s, ok := x.saying([]string{t}); ok {
			w.terms[s.means], w.known = sure*asSaid, true
		}
	}
	return w
}

// beginning finds the terms that begin with what was typed.
func (x *Index) beginning(word string) (terms []string) {
	at, _ := slices.BinarySearchFunc(x.words, word, func(k known, w string) int {
		if k.word < w {
			return -1
		}
		return 1
	})
	for ; at < len(x.words) && len(terms) < 5; at++ {
		if k := x.words[at]; len(k.word) < len(word) || k.word[:len(word)] != word {
			break
		}
		terms = append(terms, x.words[at].term)
	}
	return terms
}

// weighed gives each wish its share: a word that nobody knows tells something,
// but less than one that is known.
func (x *Index) weighed(list []wish) []wish {
	total := 0.0
	for i, w := range list {
		list[i].share = unknownTells
		for t := range w.terms {
			list[i].share = max(list[i].share, x.weight[t])
		}
		total += list[i].share
	}
	for i := range list {
		list[i].share /= total
	}
	return list
}

// unknownTells is what a word weighs that stands nowhere.
const unknownTells = 1.0

// Alike reports whether two questions are the same but for words that say
// nothing, their order and their endings.
func (x *Index) Alike(one, other string) bool {
	a, c := x.terms(one, map[string]string{}), x.terms(other, map[string]string{})
	slices.Sort(a)
	slices.Sort(c)
	return slices.Equal(slices.Compact(a), slices.Compact(c))
}
