package definition

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity of a finding: an error keeps a definition from going live, a
// warning is worth a look.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one fault of a government folder, at its place. Code is stable and
// names the class of fault; Message and Hint are English, and the locale files
// hold the same words under "definition.<code>" and "definition.<code>.hint"
// with the placeholders of Args.
type Finding struct {
	File     string            `json:"file"`
	Line     int               `json:"line"`   // from 1
	Column   int               `json:"column"` // from 1, in characters
	Code     string            `json:"code"`
	Message  string            `json:"message"`
	Hint     string            `json:"hint,omitempty"`
	Excerpt  string            `json:"excerpt,omitempty"` // the line, and a caret below the place
	Severity Severity          `json:"severity"`
	Args     map[string]string `json:"args,omitempty"`
	Merged   string            `json:"merged,omitempty"` // the other file, where one extends another
}

// String is the finding as check prints it.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d", f.File, f.Line, f.Column)
	if f.Merged != "" {
		b.WriteString(" (" + f.Merged + ")")
	}
	fmt.Fprintf(&b, ": %s [%s]", f.Message, f.Code)
	if f.Excerpt != "" {
		b.WriteString("\n" + f.Excerpt)
	}
	if f.Hint != "" {
		b.WriteString("\n    " + f.Hint)
	}
	return b.String()
}

// Key is the locale key of the finding's words; its hint is under Key + ".hint".
// The clock's own findings bring theirs.
func (f Finding) Key() string {
	if strings.Contains(f.Code, ".") {
		return f.Code
	}
	return "definition." + f.Code
}

// Failed reports whether any of the findings is an error.
func Failed(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Error })
}

// excerpt shows one line of a file with a caret below a column.
func excerpt(line string, number, column int) string {
	const widest = 120
	shown := strings.ReplaceAll(strings.TrimRight(line, "\r"), "\t", " ")
	runes := []rune(shown)
	if len(runes) > widest {
		from := max(0, min(column-1-widest/2, len(runes)-widest))
		runes, column = runes[from:from+widest], column-from
	}
	gutter := fmt.Sprintf("%5d | ", number)
	return gutter + string(runes) + "\n      | " + strings.Repeat(" ", max(0, column-1)) + "^"
}

// sorted puts findings in the order of a reader: file, line, column, code. A
// fault of a part that several files share is one.
func sorted(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Merged, b.Merged))
	})
	return slices.CompactFunc(findings, func(a, b Finding) bool {
		return a.File == b.File && a.Line == b.Line && a.Column == b.Column && a.Code == b.Code && a.Message == b.Message
	})
}

// fill puts arguments into the placeholders of a message, once: an argument may
// itself hold braces.
func fill(text string, args map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(p string) string {
		if value, ok := args[p[1:len(p)-1]]; ok {
			return value
		}
		return p
	})
}
