// Package region is a question for a place: villages grouped by district in
// one list where they fit, or first the district and then the village.
package region

import (
	"pendopo/web/component/field"
	"pendopo/web/scope"
)

// Place is one region.
type Place struct {
	Code   string
	Name   string
	Chosen bool
}

// Group is a region with the regions inside it.
type Group struct {
	Name   string
	Places []Place
}

// View is the question. With Above set, the reader first chooses one of Above
// and sends the form with the button, which carries Step as its value.
type View struct {
	field.View
	Groups []Group
	Above  []Place // the level above, when all of them are too many
	Label  string  // of the level above
	Step   string  // value of the button's name "_step"
}

// Examples are its states.
func Examples() []scope.Example {
	groups := []Group{{"Kecamatan Ngudi", []Place{{Code: "33.60.01.2001", Name: "Desa Sumberarum"}, {Code: "33.60.01.2002", Name: "Desa Karangjati", Chosen: true}}}, {"Kecamatan Wening", []Place{{Code: "33.60.02.2001", Name: "Desa Banyubiru"}}}}
	v := View{View: field.View{ID: "ex-region", Label: "Desa atau kelurahan tempat tinggal"}, Groups: groups}
	wrong, steps := v, v
	wrong.ID, wrong.Error = "ex-region-bad", "Pilih desa atau kelurahan."
	steps.ID, steps.Groups, steps.Step = "ex-region-step", groups[:1], "region:ex"
	steps.Label, steps.Above = "Kecamatan", []Place{{Code: "33.60.01", Name: "Ngudi", Chosen: true}, {Code: "33.60.02", Name: "Wening"}}
	return []scope.Example{{State: "one list", Show: Region(v)}, {State: "error", Show: Region(wrong)}, {State: "two steps", Show: Region(steps)}}
}
