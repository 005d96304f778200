// Package region is a question for a place: one of those the government serves,
// grouped by district in one list, or one anywhere in the nation, looked for by
// name or chosen level by level. It works without scripts: its buttons post the
// page, which comes back with the next level or with what was found.
package region

import (
	"pendopo/web/component/field"
	"pendopo/web/scope"
)

// Place is one region; of a place that was found the name says where it lies.
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

// Level is one list of a place that is chosen from the province down.
type Level struct {
	Part   string // province, regency, district; empty = the place that is asked for
	Label  string
	Places []Place
}

// View is the question: Groups for one list, Levels for a place anywhere.
type View struct {
	field.View
	Groups []Group
	Levels []Level // those to be shown so far
	More   bool    // a further level follows once the last is chosen
	Find   string  // what was looked for
	Found  []Place // what it found; shown in the place of the levels
}

// level is the id of a list; that of the place itself is the answer's.
func (v View) level(l Level) string {
	if l.Part == "" {
		return v.ID + "-place"
	}
	return v.ID + "-" + l.Part
}

func (v View) name(l Level) string {
	if l.Part == "" {
		return v.Key()
	}
	return v.Key() + "-" + l.Part
}

// Examples are its states.
func Examples() []scope.Example {
	groups := []Group{{"Kecamatan Ngudi", []Place{{Code: "33.60.01.2001", Name: "Desa Sumberarum"}, {Code: "33.60.01.2002", Name: "Desa Karangjati", Chosen: true}}}, {"Kecamatan Wening", []Place{{Code: "33.60.02.2001", Name: "Desa Banyubiru"}}}}
	v := View{View: field.View{ID: "ex-region", Label: "Desa atau kelurahan tempat tinggal"}, Groups: groups}
	wrong := v
	wrong.ID, wrong.Error = "ex-region-bad", "Pilih desa atau kelurahan."
	province := Level{Part: "province", Label: "Provinsi", Places: []Place{{Code: "33", Name: "Jawa Tengah", Chosen: true}, {Code: "34", Name: "DI Yogyakarta"}}}
	first := View{View: field.View{ID: "ex-anywhere", Label: "Pindah ke", Hint: "Di mana saja di Indonesia."}, Levels: []Level{province}, More: true}
	second := first
	second.ID, second.Error = "ex-anywhere-2", "Pilih sampai daftar terakhir."
	second.Levels = []Level{province, {Part: "regency", Label: "Kabupaten atau kota", Places: []Place{{Code: "33.22", Name: "Kabupaten Semarang"}, {Code: "33.74", Name: "Kota Semarang", Chosen: true}}},
		{Part: "", Label: "Kecamatan", Places: []Place{{Code: "33.74.01", Name: "Semarang Tengah"}}}}
	second.More = false
	found, none := first, first
	found.ID, found.Find = "ex-anywhere-3", "sukamaju"
	found.Found = []Place{{Code: "32.01.02.2003", Name: "Sukamaju, Cibungbulang, Kabupaten Bogor, Jawa Barat"}, {Code: "32.04.05.2006", Name: "Sukamaju, Majalaya, Kabupaten Bandung, Jawa Barat", Chosen: true}}
	none.ID, none.Find = "ex-anywhere-4", "xyz"
	return []scope.Example{{State: "one list", Show: Region(v)}, {State: "error", Show: Region(wrong)}, {State: "anywhere, nothing chosen yet", Show: Region(first)},
		{State: "anywhere, last level", Show: Region(second)}, {State: "anywhere, found", Show: Region(found)}, {State: "anywhere, not found", Show: Region(none)}}
}
