// Package date is a date of three boxes: no calendar to fight with.
package date

import (
	_ "embed"

	"pendopo/web/component/field"
	"pendopo/web/scope"
)

//go:embed date.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "date", CSS: css}

// View is the question with the parts as typed. They are sent as <name>-day,
// <name>-month and <name>-year.
type View struct {
	field.View
	Day, Month, Year string
	Birth            bool // a birth date, which browsers can fill in
}

// parts are the three boxes in the order people write them.
func (v View) parts() []field.View {
	part := func(name, value, label, complete string, max int) field.View {
		p := field.View{ID: v.ID + "-" + name, Name: v.Key() + "-" + name, Label: label, Value: value, Mode: "numeric", Width: "s", Max: max, Disabled: v.Disabled}
		if v.Birth {
			p.Complete = complete
		}
		return p
	}
	return []field.View{part("day", v.Day, "component.day", "bday-day", 2), part("month", v.Month, "component.month", "bday-month", 12), part("year", v.Year, "component.year", "bday-year", 4)}
}

// Examples are its states.
func Examples() []scope.Example {
	v := View{View: field.View{ID: "ex-date", Label: "Tanggal lahir", Hint: "Misalnya 27 3 1995"}}
	filled, wrong := v, v
	filled.ID, filled.Day, filled.Month, filled.Year = "ex-date-full", "27", "3", "1995"
	wrong.ID, wrong.Day, wrong.Month, wrong.Year, wrong.Error = "ex-date-bad", "31", "2", "1995", "Februari 1995 tidak mempunyai tanggal 31. Periksa tanggalnya."
	off := filled
	off.ID, off.Disabled = "ex-date-off", true
	return []scope.Example{{State: "empty", Show: Date(v)}, {State: "filled", Show: Date(filled)}, {State: "error", Show: Date(wrong)}, {State: "disabled", Show: Date(off)}}
}
