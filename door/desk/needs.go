package desk

import (
	"context"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Adviser says what a machine thinks of a case before an officer decides: who
// might handle it, which others may be about the same matter, and why.
type Adviser interface {
	Advise(ctx context.Context, c fold.Case, answers form.Answers) (caseview.Advice, error)
}

// Panels are the parts that a feature adds to the page of a case, for whoever
// has opened it; nil = none.
type Panels interface {
	Panel(ctx context.Context, p caseview.Panel) (templ.Component, error)
}

// Redactor proposes the words of a case that everybody may read: those that were
// told, without what tells who somebody is.
type Redactor interface {
	Redact(ctx context.Context, c fold.Case, answers form.Answers) (title, text string, err error)
}
