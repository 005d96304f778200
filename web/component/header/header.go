// Package header is the top of every page: the government's mark and name,
// where to go, and the kawung band.
package header

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed header.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "header", CSS: css}

// Link is a place to go.
type Link struct {
	Href    string
	Text    string
	Lang    string // of the text, when it is not the page's
	Current bool
}

// View is the header of one page.
type View struct {
	Home      string
	Mark      string // trusted SVG; empty = the platform's own
	Name      string
	Door      string // one line below the name: which door this is
	Links     []Link
	Languages []Link
	Demo      bool
}
