package complaint

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web/component/header"
)

// opened reports whether citizens can report at all: a service with a public
// side is live and offered.
func opened(cases *casework.Engine) bool {
	for _, b := range cases.Catalogue().Offered() {
		if b.Service.Public != nil {
			return true
		}
	}
	return false
}

// Links are the places of this feature in the header of the citizen's pages.
func Links(cases *casework.Engine, words *page.Printer) []header.Link {
	if !opened(cases) {
		return nil
	}
	return []header.Link{{Href: "/reports", Text: words.T("complaint.nav")}}
}

// Lead is the way to reporting on the first page.
func Lead(cases *casework.Engine) templ.Component {
	return lead(func() bool { return opened(cases) })
}

// Start is where a report of a service begins; "" for a service without a
// public side.
func Start(s *definition.Service) string {
	if s.Public == nil {
		return ""
	}
	return "/report?service=" + url.QueryEscape(s.ID)
}

// Found is where what somebody looks for may be found among the reports, and the
// text that says so.
func Found(cases *casework.Engine, query string) (href, key string) {
	if !opened(cases) {
		return "", ""
	}
	return "/reports?q=" + url.QueryEscape(query), "complaint.found"
}

// DeskLinks are the places of this feature that an officer may go to.
func DeskLinks(_ context.Context, _ *casework.Engine, _ *identity.Engine, _ *page.Printer, _ Officer) []header.Link {
	return nil
}
