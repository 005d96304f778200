// Package table is facts in rows; on a phone each row becomes a small card.
package table

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed table.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "table", CSS: css}

// Column is one column. Number aligns figures.
type Column struct {
	Name   string
	Number bool
}

// Cell is one value. Show replaces Text by a component (a tag, a strip).
type Cell struct {
	Text string
	Href string
	Show scope.Renderer
}

// View is a table. Empty is said when there are no rows.
type View struct {
	Caption string
	Columns []Column
	Rows    [][]Cell
	Empty   string
}

// Examples are its states.
func Examples() []scope.Example {
	v := View{Caption: "Permohonan menurut jatuh tempo", Columns: []Column{{Name: "Permohonan"}, {Name: "Tahap"}, {Name: "Hari tersisa", Number: true}}, Empty: "Tidak ada permohonan yang menunggu Anda.",
		Rows: [][]Cell{{{Text: "7K3M-9QWX-T2C", Href: "/"}, {Text: "Diperiksa"}, {Text: "2"}}, {{Text: "9QWX-7K3M-T2D", Href: "/"}, {Text: "Menunggu keputusan kepala dinas setelah pemeriksaan lapangan"}, {Text: "14"}}}}
	none := v
	none.Rows = nil
	return []scope.Example{{State: "usual and long text", Show: Table(v)}, {State: "empty", Show: Table(none)}}
}
