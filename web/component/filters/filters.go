// Package filters is a short form above a list: choose, then show.
package filters

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed filters.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "filters", CSS: css}

// Option is one choice.
type Option struct {
	ID, Text string
	Chosen   bool
}

// Filter is one question of the form.
type Filter struct {
	Name    string
	Label   string
	Options []Option
}

// View is the form; it sends by GET.
type View struct {
	Action  string
	Filters []Filter
	Button  string
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "usual", Show: Filters(View{Action: "/", Button: "Tampilkan", Filters: []Filter{
		{"unit", "Unit", []Option{{"", "Semua", false}, {"a", "Dinas Penanaman Modal dan PTSP", true}}}, {"step", "Tahap", []Option{{"", "Semua", true}, {"b", "Diperiksa", false}}}}})}}
}
