package deadline

import (
	"fmt"
	"slices"
	"strings"
)

// Finding is one fault of a calendar file at its place. Code is a locale key;
// Args are pairs for its placeholders. Line and Column count from 1; both are 0
// for a fault of the whole folder.
type Finding struct {
	File         string
	Line, Column int
	Code         string
	Args         []any
}

// String is "file:line:column: code name=value", for logs and tests.
func (f Finding) String() string {
	return f.place() + ": " + f.Code + f.details()
}

func (f Finding) details() string {
	var b strings.Builder
	for i := 0; i+1 < len(f.Args); i += 2 {
		fmt.Fprintf(&b, " %v=%v", f.Args[i], f.Args[i+1])
	}
	return b.String()
}

func (f Finding) place() string { return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column) }

// In gives the place and the words of a language.
func (f Finding) In(text Text) string { return f.place() + ": " + text(f.Code, f.Args...) }

// Findings are all faults of a folder of calendars, as an error.
type Findings []Finding

// Error lists them, one a line.
func (f Findings) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// sorted puts them in the order of files and places.
func (f Findings) sorted() Findings {
	slices.SortStableFunc(f, func(a, b Finding) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return f
}

// position is a place in a file.
type position struct{ line, column int }
