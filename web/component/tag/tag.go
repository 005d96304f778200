// Package tag is a state in one word, one shape and one colour.
package tag

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed tag.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "tag", CSS: css}

// Kind is what a state means for the reader; each has its own shape.
type Kind string

// The kinds.
const (
	Wait  Kind = "wait"  // diamond: it is your turn
	Work  Kind = "work"  // disc: being worked on
	Pause Kind = "pause" // two bars: the clock stands still
	Late  Kind = "late"  // triangle: over its time
	Good  Kind = "good"  // tick: granted, in order
	Bad   Kind = "bad"   // cross: refused, not in order
	Done  Kind = "done"  // square: ended
)

// shapes in a square of 12.
var shapes = map[Kind]string{
	Wait: "M6 0l6 6-6 6-6-6z", Work: "M6 0a6 6 0 1 0 .01 0z", Pause: "M1 0h4v12H1zM7 0h4v12H7z", Late: "M6 0l6 12H0z",
	Good: "M0 7l2-2 2.500 2.500L10 1l2 1.500L4.500 12z", Bad: "M1.500 0L6 4.500 10.500 0 12 1.500 7.500 6 12 10.500 10.500 12 6 7.500 1.500 12 0 10.500 4.500 6 0 1.500z", Done: "M1 1h10v10H1z",
}

// View is one tag.
type View struct {
	Kind Kind
	Text string
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{
		{State: "wait", Show: Tag(View{Wait, "Menunggu Anda"})}, {State: "work", Show: Tag(View{Work, "Diperiksa"})},
		{State: "pause", Show: Tag(View{Pause, "Waktu berhenti"})}, {State: "late", Show: Tag(View{Late, "Terlambat"})},
		{State: "good", Show: Tag(View{Good, "Disetujui"})}, {State: "bad", Show: Tag(View{Bad, "Ditolak"})},
		{State: "done", Show: Tag(View{Done, "Selesai"})}, {State: "long text", Show: Tag(View{Work, "Diperiksa oleh Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu"})},
	}
}
