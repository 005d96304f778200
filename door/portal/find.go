package portal

import (
	"net/http"
	"strings"
	"sync"

	"pendopo/kernel/page"
	"pendopo/law/definition"
	lawsearch "pendopo/law/search"
	"pendopo/web/component/needtile"
	"pendopo/web/component/search"
	"pendopo/web/component/servicecard"
)

// finder keeps one index for each language, of the edition that is live.
type finder struct {
	mu      sync.Mutex
	edition int64
	index   map[string]*lawsearch.Index
}

// in is the index of a language; a publication makes it anew.
func (f *finder) in(p *Portal, lang string) *lawsearch.Index {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := p.Cases.Catalogue().Edition(); f.index == nil || now != f.edition {
		f.index, f.edition = map[string]*lawsearch.Index{}, now
	}
	if f.index[lang] == nil {
		var services []*definition.Service
		for _, b := range p.listed() {
			services = append(services, b.Service)
		}
		f.index[lang] = lawsearch.New(p.Cases.Government(), services, lang, lawsearch.Parts{})
	}
	return f.index[lang]
}

// mostFound is how many services a search shows.
const mostFound = 8

// searchView is what was found, or where else to ask.
type searchView struct {
	Title  string
	Search search.View
	Asked  bool
	Cards  []servicecard.View
	Needs  []needtile.View // when nothing was found
	House  string          // who can be asked
	Place  string
	Phone  string
}

// search looks for services in people's own words.
func (p *Portal) search(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r.Context())
	query := strings.TrimSpace(r.URL.Query().Get("q"))
	v := searchView{Title: words.T("portal.search_title"), Search: p.searchBox(words, query), Asked: query != ""}
	for _, h := range p.finder.in(p, words.Lang()).Find(query, mostFound) {
		if b, err := p.Cases.Catalogue().Live(h.Service); err == nil {
			v.Cards = append(v.Cards, card(words, b.Service))
		}
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
