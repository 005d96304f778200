package seal

import (
	"context"
	"slices"

	"pendopo/kernel/db"
)

// Wanted is one thing known of a person: the token that says it exactly, and
// the tokens that a case shares with it when it is written with one typo.
type Wanted struct {
	Exact []byte
	Near  [][]byte // empty where there is no typo to forgive
}

// Known is something found by its exact value: a NIK, a telephone number.
func (in *Instance) Known(kind, value string) Wanted {
	return Wanted{Exact: in.IndexMAC(kind, value)}
}

// Named are the words of a name; each of them must occur.
func (in *Instance) Named(name string) []Wanted {
	var out []Wanted
	for _, word := range NameWords(name) {
		w := Wanted{Exact: in.IndexMAC("name", word)}
		for _, token := range WordTokens(word) {
			w.Near = append(w.Near, in.IndexMAC("name", token))
		}
		out = append(out, w)
	}
	return out
}

// How many streams of its rarest condition a search looks at, newest first. As
// written costs one look each, with a typo as many as the word has letters.
const (
	mostExact = 20_000
	mostNear  = 5_000
)

// How a search goes on: in pieces that grow, so that who needs a few waits for
// a few; and how far it counts to tell what is rare.
const (
	firstPiece = 32
	mostPiece  = 1_024
	rarityMost = 4_096
)

// Search gives the streams that fulfil every condition, newest first in pieces:
// first those as written, then those with a typo in any word. It goes from
// stream to stream of the rarest condition, so two common words do not cost
// their number; it ends when take says so (more is false), or when it has looked
// at as many as it may: whole says whether it saw all there is. Nothing wanted
// finds nothing.
func (k *Keys) Search(ctx context.Context, wanted []Wanted, take func(streams []string) (more bool, err error)) (whole bool, err error) {
	if len(wanted) == 0 {
		return true, nil
	}
	exact, near, typos := conditions(wanted)
	s := search{k: k, given: map[string]bool{}, take: take}
	whole, more, err := s.pass(ctx, exact, mostExact)
	if err != nil || !more || !typos {
		return whole, err
	}
	alike, _, err := s.pass(ctx, near, mostNear)
	return whole && alike, err
}

// conditions are the tokens of either pass.
func conditions(wanted []Wanted) (exact, near [][][]byte, typos bool) {
	for _, w := range wanted {
		one := [][]byte{w.Exact}
		exact = append(exact, one)
		if len(w.Near) > 1 {
			one, typos = w.Near, true
		}
		near = append(near, one)
	}
	return exact, near, typos
}

type search struct {
	k     *Keys
	given map[string]bool
	take  func([]string) (bool, error)
}

// pass looks at no more than most streams. Each piece is read by itself, so
// that no reader is held while take works.
func (s *search) pass(ctx context.Context, all [][][]byte, most int) (whole, more bool, err error) {
	if err := s.k.db.Read(ctx, func(tx db.Tx) error { return rarestFirst(tx, all) }); err != nil {
		return false, false, err
	}
	before := "~" // after every id of a stream
	for piece, seen := firstPiece, 0; seen < most; piece = min(2*piece, mostPiece) {
		var streams, found []string
		err := s.k.db.Read(ctx, func(tx db.Tx) (err error) {
			if streams, err = streamsBefore(tx, all[0], before, piece); err != nil {
				return err
			}
			found, err = fulfilling(tx, streams, all[1:])
			return err
		})
		if err != nil {
			return false, false, err
		}
		more, err := s.give(found)
		if err != nil || !more {
			return false, false, err
		}
		if len(streams) == 0 {
			return true, true, nil
		}
		before, seen = streams[len(streams)-1], seen+len(streams)
	}
	return false, true, nil
}

// give hands on what was not given before.
func (s *search) give(found []string) (more bool, err error) {
	found = slices.DeleteFunc(found, func(stream string) bool { return s.given[stream] })
	for _, stream := range found {
		s.given[stream] = true
	}
	if len(found) == 0 {
		return true, nil
	}
	return s.take(found)
}

// rarestFirst puts the condition that the fewest streams fulfil in front.
func rarestFirst(tx db.Tx, all [][][]byte) error {
	counts := make(map[*[]byte]int, len(all))
	for _, condition := range all {
		n, err := countUpTo(tx, condition, rarityMost)
		if err != nil {
			return err
		}
		counts[&condition[0]] = n
	}
	slices.SortStableFunc(all, func(a, b [][]byte) int { return counts[&a[0]] - counts[&b[0]] })
	return nil
}

// fulfilling keeps the streams that have a token of every condition.
func fulfilling(tx db.Tx, streams []string, conditions [][][]byte) ([]string, error) {
	left := slices.Clone(streams)
	for _, condition := range conditions {
		if len(left) == 0 {
			return nil, nil
		}
		have, err := streamsHaving(tx, condition, left)
		if err != nil {
			return nil, err
		}
		left = slices.DeleteFunc(left, func(stream string) bool { return !have[stream] })
	}
	return left, nil
}
