package caseview

import (
	"net/url"

	"pendopo/kernel/fault"
	"pendopo/law/fold"
)

// Panel is an opened case before an officer, for a part of its page that a
// feature adds.
type Panel struct {
	Words
	Case   fold.Case
	Code   string
	Shows  bool   // this officer may show the case to the public
	Once   string // key of the form that the part may hold
	Typed  url.Values
	Failed *fault.Fault // what is wrong with what was typed; nil = nothing
}
