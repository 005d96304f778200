// Package web holds what a page is made of and nothing that decides: the
// components (web/component, one folder each: template, style, examples), the
// static files, and the texts of every language (web/locale, one file per area
// and language).
//
// It stands on nothing of this program. A component is given plain structs and
// words through web/scope; kernel/page renders it.
package web

import (
	"embed"
	"io/fs"
)

//go:embed locale/*.yaml
var locale embed.FS

//go:embed static
var static embed.FS

// Locale is the folder of text files, <area>.<language>.yaml.
func Locale() fs.FS { return inside(locale, "locale") }

// Static is the folder of files served under /static/.
func Static() fs.FS { return inside(static, "static") }

// inside cannot fail: both folders are embedded above.
func inside(files embed.FS, dir string) fs.FS {
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return files
	}
	return sub
}
