package search

import "math/bits"

// known is a written word of the index and the term it is.
type known struct {
	word    string
	term    string
	letters uint32 // which letters it has, to pass by what cannot be near
}

// letters is a bit for each letter of a word.
func letters(w string) (set uint32) {
	for i := range len(w) {
		set |= 1 << (w[i] & 31)
	}
	return set
}

// slips is how many slips of the hand a word of that length is forgiven.
func slips(length int) int {
	switch {
	case length < 4:
		return 0
	case length < 7:
		return 1
	}
	return 2
}

// near finds the terms that were probably meant by a word that is not known:
// the words with the fewest slips, and of two letters in the wrong order also in
// a word of three.
func near(words []known, w string) (terms []string, off int) {
	most := slips(len(w))
	turned := most == 0 && len(w) == 3
	if turned {
		most = 1
	}
	mine := letters(w)
	for _, k := range words {
		if len(k.word) > len(w)+most || len(k.word) < len(w)-most || len(k.word) < 3 {
			continue
		}
		if bits.OnesCount32(mine^k.letters) > 2*most || turned && mine != k.letters {
			continue
		}
		d := distance(k.word, w, most)
		if d > most || d == 0 {
			continue
		}
		if d < most {
			terms, most = nil, d
		}
		terms = append(terms, k.term)
	}
	if len(terms) == 0 {
		return nil, 0
	}
	return terms, most
}

// distance counts the slips between two words: a letter more, less, other, or
// two in the wrong order (Damerau); above most it is just more than most.
func distance(a, b string, most int) int {
	if len(a) > longestWord || len(b) > longestWord {
		return most + 1
	}
	var rows [3][longestWord + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// longestWord is the longest that is compared letter by letter.
const longestWord = 40
