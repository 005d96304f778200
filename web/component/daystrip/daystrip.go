// Package daystrip is the legal clock as a row of days anyone can count with a finger.
package daystrip

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed daystrip.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "daystrip", CSS: css}

// Kind of a day.
type Kind string

// The kinds.
const (
	Counted  Kind = "count" // filled
	Free     Kind = "free"  // hollow: weekend, holiday, joint leave
	Stopped  Kind = "stop"  // hatched: the clock stood still
	Received Kind = "in"    // the day it came in: not counted
)

// Day is one box. Twin says in words all that the box shows.
type Day struct {
	Number string // of the month
	Kind   Kind
	Ahead  bool // still to come
	Today  bool
	Due    bool
	Week   bool // a week begins here
	Twin   string
}

// View is a strip. Summary says the count in one sentence. Small shows boxes
// without numbers and no list, for rows of a table.
type View struct {
	ID      string
	Summary string
	Days    []Day
	Small   bool
	Open    bool // the list of days is open
}

// class of the box.
func (d Day) class() string {
	c := "d " + string(d.Kind)
	if d.Ahead {
		c += " ahead"
	}
	if d.Today {
		c += " now"
	}
	if d.Due {
		c += " due"
	}
	if d.Week {
		c += " wk"
	}
	return c
}

// legend is the kinds that occur, in a fixed order, with an example box each.
func (v View) legend() []Day {
	has := map[string]bool{}
	for _, d := range v.Days {
		switch {
		case d.Kind == Counted && d.Ahead:
			has["ahead"] = true
		default:
			has[string(d.Kind)] = true
		}
		has["now"] = has["now"] || d.Today
		has["due"] = has["due"] || d.Due
	}
	all := []struct {
		key string
		day Day
	}{{"in", Day{Kind: Received, Twin: "component.day_in"}}, {"count", Day{Kind: Counted, Twin: "component.day_count"}}, {"ahead", Day{Kind: Counted, Ahead: true, Twin: "component.day_ahead"}},
		{"free", Day{Kind: Free, Twin: "component.day_free"}}, {"stop", Day{Kind: Stopped, Twin: "component.day_stop"}},
		{"now", Day{Kind: Counted, Ahead: true, Today: true, Twin: "component.day_now"}}, {"due", Day{Kind: Counted, Ahead: true, Due: true, Twin: "component.day_due"}}}
	var out []Day
	for _, l := range all {
		if has[l.key] {
			out = append(out, l.day)
		}
	}
	return out
}

// Examples are its states.
func Examples() []scope.Example {
	running := []Day{{"13", Received, false, false, false, false, "Jum 13 Mar: diterima, belum dihitung"}, {"14", Free, false, false, false, false, "Sab 14 Mar: akhir pekan"}, {"15", Free, false, false, false, false, "Min 15 Mar: akhir pekan"},
		{"16", Counted, false, false, false, true, "Sen 16 Mar: hari kerja ke-1"}, {"17", Counted, false, false, false, false, "Sel 17 Mar: hari kerja ke-2"}, {"18", Free, false, false, false, false, "Rab 18 Mar: cuti bersama"}, {"19", Free, false, false, false, false, "Kam 19 Mar: libur, Nyepi"},
		{"20", Free, false, false, false, false, "Jum 20 Mar: cuti bersama"}, {"21", Free, false, false, false, false, "Sab 21 Mar: libur, Idulfitri"}, {"22", Free, false, false, false, false, "Min 22 Mar: libur, Idulfitri"},
		{"23", Free, false, false, false, true, "Sen 23 Mar: cuti bersama"}, {"24", Free, false, false, false, false, "Sel 24 Mar: cuti bersama"}, {"25", Counted, false, true, false, false, "Rab 25 Mar: hari kerja ke-3, hari ini"}, {"26", Counted, true, false, false, false, "Kam 26 Mar: hari kerja ke-4"}, {"27", Counted, true, false, true, false, "Jum 27 Mar: hari kerja ke-5, jatuh tempo"}}
	stopped := append([]Day{}, running[:5]...)
	stopped = append(stopped, Day{"25", Stopped, false, false, false, false, "Rab 25 Mar: waktu berhenti, menunggu Anda"}, Day{"26", Stopped, false, true, false, false, "Kam 26 Mar: waktu berhenti, menunggu Anda"})
	return []scope.Example{{State: "running", Show: Strip(View{ID: "ex-run", Summary: "3 dari 5 hari kerja terpakai. Jatuh tempo Jumat, 27 Maret 2026.", Days: running})},
		{State: "stopped, list open", Show: Strip(View{ID: "ex-stop", Summary: "Waktu berhenti sejak Rabu, 25 Maret 2026. Tersisa 3 hari kerja.", Days: stopped, Open: true})},
		{State: "small", Show: Strip(View{ID: "ex-small", Summary: "Sisa 2 hari kerja", Days: running, Small: true})}}
}
