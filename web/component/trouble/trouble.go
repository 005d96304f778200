// Package trouble is the page of a fault: what happened, what is safe, what to
// do next. Never a bare code, never the word for it.
package trouble

// View is such a page.
type View struct {
	Title     string
	Text      string
	More      []string // single things to correct
	Next      string
	CodeLabel string
	Code      string // only for our own faults: what the log shows too
	Home      string
}
