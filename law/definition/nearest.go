package definition

import (
	"slices"
	"strings"
)

// nearestFirst lists known words for a hint, those that look most like the
// given one first.
func nearestFirst(word string, known []string) string {
	const shown = 12
	list := slices.Clone(known)
	slices.SortStableFunc(list, func(a, b string) int { return distance(word, a) - distance(word, b) })
	if len(list) > shown {
		list = append(list[:shown], "…")
	}
	return strings.Join(list, ", ")
}

// distance is the Levenshtein distance of two words.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 60 {
		x = x[:60]
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			cost := before
			if x[i] != y[j] {
				cost = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], cost
		}
	}
	return row[len(y)]
}
