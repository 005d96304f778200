// Package money is a question for an amount in whole rupiah.
package money

import (
	"github.com/a-h/templ"

	"pendopo/web/component/field"
	"pendopo/web/scope"
)

// Money shows v with Rp before the box; dots between thousands may be typed.
func Money(v field.View) templ.Component {
	v.Prefix, v.Mode, v.Width, v.Max = "Rp", "numeric", "m", 24
	return field.Text(v)
}

// Examples are its states.
func Examples() []scope.Example {
	v := field.View{ID: "ex-money", Label: "Nilai sewa satu tahun", Hint: "Dalam rupiah, misalnya 1.250.000"}
	filled, wrong := v, v
	filled.ID, filled.Value = "ex-money-full", "12.500.000"
	wrong.ID, wrong.Value, wrong.Error = "ex-money-bad", "banyak", "Tulis nilai sewa dengan angka saja."
	return []scope.Example{{State: "empty", Show: Money(v)}, {State: "filled", Show: Money(filled)}, {State: "error", Show: Money(wrong)}}
}
