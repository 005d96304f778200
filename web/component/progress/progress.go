// Package progress is where one stands in a form.
package progress

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed progress.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "progress", CSS: css}

// View is step At of Of.
type View struct {
	At, Of int
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "first", Show: Progress(View{At: 1, Of: 5})}, {State: "middle", Show: Progress(View{At: 3, Of: 5})}, {State: "last", Show: Progress(View{At: 5, Of: 5})}}
}

// parts marks the parts up to the present one.
func (v View) parts() []bool {
	parts := make([]bool, v.Of)
	for i := range parts {
		parts[i] = i < v.At
	}
	return parts
}
