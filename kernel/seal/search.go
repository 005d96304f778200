package seal

import (
	"slices"

	"pendopo/kernel/db"
)

// streamsWith finds the streams indexed under any token of the word.
func (k *Keys) streamsWith(tx db.Tx, word string) ([]string, error) {
	var streams []string
	for _, token := range WordTokens(word) {
		found, err := streamsOf(tx, k.in.IndexMAC("name", token))
		if err != nil {
			return nil, err
		}
		streams = append(streams, found...)
	}
	slices.Sort(streams)
	return slices.Compact(streams), nil
}

// intersect keeps what is in both sorted lists.
func intersect(a, b []string) []string {
	return slices.DeleteFunc(a, func(stream string) bool {
		_, in := slices.BinarySearch(b, stream)
		return !in
	})
}
