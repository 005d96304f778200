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

// Filter is one question of the form: one of some options, or words.
type Filter struct {
	Name    string
	Label   string
	Options []Option
	Text    bool   // words are typed instead
	Value   string // that were typed
	Most    int    // characters of them
}

// View is the form; it sends by GET.
type View struct {
	Action  string
	Filters []Filter
	Button  string
	Hidden  map[string]string // sent along
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "usual", Show: Filters(View{Action: "/", Button: "Tampilkan", Filters: []Filter{
		{Name: "unit", Label: "Unit", Options: []Option{{"", "Semua", false}, {"a", "Dinas Penanaman Modal dan PTSP", true}}}, {Name: "step", Label: "Tahap", Options: []Option{{"", "Semua", true}, {"b", "Diperiksa", false}}}}})},
		{State: "with words", Show: Filters(View{Action: "/", Button: "Tampilkan", Hidden: map[string]string{"view": "map"}, Filters: []Filter{
			{Name: "q", Label: "Kata", Text: true, Value: "lampu padam", Most: 200}, {Name: "area", Label: "Wilayah", Options: []Option{{"", "Semua wilayah", true}, {"a", "Kecamatan Sumber", false}}}}})}}
}
