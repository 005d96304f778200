package portal

import (
	"net/http"
	"strings"

	"pendopo/kernel/page"
	"pendopo/web/component/needtile"
	"pendopo/web/component/search"
	"pendopo/web/component/servicecard"
)

// mostFound is how many services a search shows.
const mostFound = 8

// searchView is what was found, or where else to ask.
type searchView struct {
	Title   string
	Search  search.View
	Asked   bool
	Cards   []servicecard.View
	Also    string          // where else the same words may be looked for; empty = nowhere
	AlsoKey string          // the text that says so
	Needs   []needtile.View // when nothing was found
	House   string          // who can be asked
	Place   string
	Phone   string
}

// search looks for services in people's own words.
func (p *Portal) search(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r.Context())
	query := strings.TrimSpace(r.URL.Query().Get("q"))
	v := searchView{Title: words.T("portal.search_title"), Search: p.searchBox(words, query), Asked: query != ""}
	v.Cards = cards(words, p.Finder.Find(words.Lang(), query, mostFound))
	if p.Found != nil && v.Asked {
		v.Also, v.AlsoKey = p.Found(query)
	}
	switch {
	case len(v.Cards) > 0:
		v.Title = words.T("portal.found", "n", len(v.Cards))
	case v.Asked:
		v.Title = words.T("portal.found_none")
	}
	if len(v.Cards) == 0 {
		profile := p.Cases.Government().Profile
		v.Needs, v.House, v.Place, v.Phone = p.needs(words), words.Of(profile.Name), profile.Address, profile.Phone
	}
	return p.show(w, r, page.View{Title: v.Title, Body: searchPage(v), Width: "broad"})
}
