// Package pager is the way to the next page of a list.
package pager

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed pager.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "pager", CSS: css}

// View has the addresses; empty = there is none.
type View struct {
	Before, After string
	Note          string // 1–20 of 134
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "both", Show: Pager(View{"/", "/", "21–40"})}, {State: "first", Show: Pager(View{After: "/", Note: "1–20"})}, {State: "only one", Show: Pager(View{})}}
}
