package complaint

import (
	"context"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/policy"
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

// Start is where a report of a service begins; "" for a service that takes none.
func Start(s *definition.Service) string {
	if s.Public == nil && s.Vault == nil {
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

// DeskLinks are the places of this feature that an officer may go to: whoever
// holds a role that reports come to.
func DeskLinks(_ context.Context, cases *casework.Engine, _ *identity.Engine, words *page.Printer, who Officer) []header.Link {
	if len(postsOf(cases, who)) == 0 {
		return nil
	}
	return []header.Link{{Href: "/desk/reports", Text: words.T("complaint.nav")}}
}

// postsOf are the posts of an officer that reports come to, by step or by
// lateness.
func postsOf(cases *casework.Engine, who Officer) (out []policy.Post) {
	roles := map[string]bool{}
	for _, b := range cases.Catalogue().Services() {
		if b.Service.Public == nil {
			continue
		}
		late := b.Service.Limit.Late
		for _, s := range b.Service.Flow.Steps {
			roles[s.Actor.Role] = true
			if s.Limit != nil {
				late = append(slices.Clip(late), s.Limit.Late...)
			}
		}
		for _, l := range late {
			roles[l.Role] = true
		}
	}
	for _, p := range who.Posts {
		if p.Role != "" && roles[p.Role] {
			out = append(out, p)
		}
	}
	return out
}
