// Package layout is the frame of every page: head, header, main, footer.
package layout

import (
	_ "embed"

	"github.com/a-h/templ"

	"pendopo/web/component/header"
	"pendopo/web/scope"
)

//go:embed layout.css
var css string

// Sheet is the base style every page has.
var Sheet = scope.Sheet{Name: "layout", CSS: css}

// View is one whole page.
type View struct {
	Lang    string
	Title   string // of the page alone
	House   string // name of the government
	Icon    string
	Style   string   // <style>…</style>, whose hash is in the policy
	Scripts []string // addresses
	Width   string   // "" for a form's column, "broad", "desk"
	Refresh int      // seconds after which a browser asks again; 0 = never
	Header  header.View
	Foot    Foot
	Body    templ.Component
}

// Foot is the end of every page.
type Foot struct {
	Links   []header.Link
	Address string
	Contact string
	Note    string
}
