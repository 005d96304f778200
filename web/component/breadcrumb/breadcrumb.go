// Package breadcrumb is the way back up.
package breadcrumb

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed breadcrumb.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "breadcrumb", CSS: css}

// Step is one level above the page.
type Step struct{ Href, Text string }

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{
		{State: "two levels", Show: Breadcrumb([]Step{{"/", "Beranda"}, {"/services/x", "Surat keterangan domisili"}})},
		{State: "long text", Show: Breadcrumb([]Step{{"/", "Beranda"}, {"/a", "Penerbitan surat izin praktik tenaga kesehatan"}, {"/b", "Permohonan baru untuk tempat praktik kedua"}})},
	}
}
