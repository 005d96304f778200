package intake

import (
	"context"
	"net/http"

	"pendopo/engine/identity"
	"pendopo/kernel/page"
	"pendopo/law/policy"
)

// Portal is the frame of the citizen's pages.
type Portal interface {
	Show(w http.ResponseWriter, r *http.Request, v page.View) error
	// HandOver gives a browser the secret of a case that it has just sent, and the
	// address of its receipt.
	HandOver(w http.ResponseWriter, code, secret string) (receipt string)
}

// Desk is the officer's door, as far as pages of a feature need it.
type Desk interface {
	Officer(do func(http.ResponseWriter, *http.Request, identity.Signed) error) func(http.ResponseWriter, *http.Request) error
	Show(w http.ResponseWriter, r *http.Request, who identity.Signed, v page.View) error
	May(ctx context.Context, who identity.Signed, a policy.Action, what policy.Resource) bool
}
