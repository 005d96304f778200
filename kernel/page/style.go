package page

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"pendopo/web/scope"
)

// sheet is the joined style of one set of components, with its policy.
type sheet struct {
	tag     string   // <style>…</style>
	policy  []string // the header's value
	scripts []string
	packed  []byte // the tag, see pack
}

// sheetFor joins what a page uses. The number of different pages is small, so
// the joined sheets stay.
func (s *Site) sheetFor(used []*scope.Sheet) *sheet {
	var key strings.Builder
	house := s.house.Load()
	key.WriteString(house.Accent + house.Second)
	for _, u := range used {
		key.WriteByte(' ')
		key.WriteString(u.Name)
	}
	if have, ok := s.sheets.Load(key.String()); ok {
		return have.(*sheet)
	}
	made := s.join(used, house)
	s.sheets.Store(key.String(), made)
	return made
}

func (s *Site) join(used []*scope.Sheet, house *House) *sheet {
	var css strings.Builder
	made := &sheet{}
	for _, u := range used {
		css.WriteString(minify(u.CSS))
		if u.Script != "" {
			made.scripts = append(made.scripts, s.Asset(u.Script))
		}
	}
	css.WriteString(houseColours(house))
	sum := sha256.Sum256([]byte(css.String()))
	made.tag = "<style>" + css.String() + "</style>"
	made.packed = packStyle(made.tag)
	made.policy = []string{policyHead + "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'" + policyTail}
	return made
}

// houseColours are the two colours a government may change, on light paper.
func houseColours(h *House) string {
	if h.Accent == "" && h.Second == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("@media (prefers-color-scheme:light){:root{")
	if isColour(h.Accent) {
		b.WriteString("--indigo:" + h.Accent + ";")
	}
	if isColour(h.Second) {
		b.WriteString("--sogan:" + h.Second + ";")
	}
	b.WriteString("}}")
	return b.String()
}

// isColour admits #rrggbb alone: the value goes into a style sheet.
func isColour(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	for _, c := range s[1:] {
		if !strings.ContainsRune("0123456789abcdefABCDEF", c) {
			return false
		}
	}
	return true
}

// minify drops line breaks; the sheets are written tight otherwise.
func minify(css string) string { return strings.ReplaceAll(css, "\n", "") }
