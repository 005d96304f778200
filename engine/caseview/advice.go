package caseview

import "github.com/a-h/templ"

// Advice is what a machine thinks of a case. It decides nothing: an officer sees
// it, with its reasons, and chooses.
type Advice struct {
	Show  templ.Component   // the reasons, in words; nil = none
	Units []string          // who might handle it, the likeliest first
	Same  []Same            // cases that may be about the same matter
	Picks map[string]string // choices of the form that might be another: field → choice
}

// Same is a case that may be about the same matter.
type Same struct {
	Code string
	Text string // what it is, and why it may be the same
}
