package complaint

import (
	"context"
	"net/http"

	"pendopo/engine/identity"
	"pendopo/kernel/page"
	"pendopo/law/policy"
)

// Portal is the frame of the citizen's pages: door/portal.
type Portal interface {
	Show(w http.ResponseWriter, r *http.Request, v page.View) error
	// HandOver gives a browser the secret of a case that it has just sent, and the
	// address of its receipt.
	HandOver(w http.ResponseWriter, code, secret string) (receipt string)
}

// Officer is who is at the desk.
type Officer = identity.Signed

// Desk is the officer's door, as far as pages of a feature need it: door/desk.
type Desk interface {
	// Officer admits whoever is logged in with a password of their own.
	Officer(do func(http.ResponseWriter, *http.Request, Officer) error) func(http.ResponseWriter, *http.Request) error
	// Show shows a page in the desk's frame; a View without Width is narrow.
	Show(w http.ResponseWriter, r *http.Request, who Officer, v page.View) error
	// May answers one question to the policies.
	May(ctx context.Context, who Officer, a policy.Action, what policy.Resource) bool
}
