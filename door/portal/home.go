package portal

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"pendopo/engine/casework"
	"pendopo/kernel/page"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/web/component/needtile"
	"pendopo/web/component/search"
	"pendopo/web/component/servicecard"
)

// homeView is the first page: search, needs, services.
type homeView struct {
	Title    string
	Search   search.View
	Needs    []needtile.View
	Heading  string // of the list
	Services []servicecard.View
	Nothing  string // said when the search finds none
}

func (p *Portal) home(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r.Context())
	query, need := strings.TrimSpace(r.URL.Query().Get("q")), r.URL.Query().Get("need")
	all := p.Cases.Catalogue().Services()
	v := homeView{Title: words.T("portal.home_title"), Heading: words.T("portal.all_services"),
		Search: search.View{Action: "/", Label: words.T("portal.search_label"), Hint: words.T("portal.search_hint"), Value: query, Button: words.T("portal.search_button")}}
	found := all
	switch {
	case query != "":
		found = find(all, query, words.Lang())
		v.Heading = words.T("portal.found", "n", len(found))
		if len(found) == 0 {
			v.Nothing = words.T("portal.found_nothing")
			found = all
		}
	case need != "":
		found = slices.DeleteFunc(slices.Clone(all), func(b *casework.Bound) bool { return b.Service.Need != need })
		v.Heading = needName(words, need)
	default:
		v.Needs = needs(words, all)
	}
	for _, b := range found {
		v.Services = append(v.Services, card(words, b.Service))
	}
	return p.show(w, r, page.View{Title: v.Title, Body: homePage(v), Width: "broad"})
}

// card is one service of a list.
func card(words *page.Printer, s *definition.Service) servicecard.View {
	return servicecard.View{Href: "/services/" + s.ID, Name: words.Of(s.Name), Summary: words.Of(s.Summary),
		Facts: []string{span(words, s.Limit.Within), words.Fee(s.Standard.Fee.Rupiah)}}
}

// span is a limit in words; one that cannot be read is shown as written.
func span(words *page.Printer, within string) string {
	s, err := deadline.ParseSpan(within)
	if err != nil {
		return within
	}
	return s.In(words.T)
}

func needs(words *page.Printer, all []*casework.Bound) []needtile.View {
	count := map[string]int{}
	var order []string
	for _, b := range all {
		if n := b.Service.Need; n != "" {
			if count[n] == 0 {
				order = append(order, n)
			}
			count[n]++
		}
	}
	var out []needtile.View
	for _, n := range order {
		out = append(out, needtile.View{Href: "/?need=" + n, Name: needName(words, n), Words: words.T("portal.need_count", "n", count[n])})
	}
	return out
}

// needName is the words of a need; one that has none shows its own name.
func needName(words *page.Printer, need string) string {
	key := "portal.need_" + need
	if words.Has(key) {
		return words.T(key)
	}
	return need
}

// find gives the services that have every word of the query, best first: in
// the name, in people's own words, in the summary and the requirements.
func find(all []*casework.Bound, query, lang string) []*casework.Bound {
	type hit struct {
		b     *casework.Bound
		score int
	}
	var hits []hit
	tokens := tokens(query)
	for _, b := range all {
		if s := score(b.Service, tokens, lang); s > 0 {
			hits = append(hits, hit{b, s})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.score - a.score })
	out := make([]*casework.Bound, len(hits))
	for i, h := range hits {
		out[i] = h.b
	}
	return out
}

// score is 0 when more than half of the words are nowhere.
func score(s *definition.Service, tokens []string, lang string) int {
	name := strings.ToLower(s.Name.In(lang) + " " + s.Name.In("id"))
	own := strings.ToLower(strings.Join(s.Words, " | "))
	text := strings.ToLower(s.Summary.In(lang) + " " + s.Summary.In("id") + " " + s.Product.Name.In(lang))
	for _, r := range s.Standard.Requirements {
		text += " " + strings.ToLower(r.Text.In(lang))
	}
	total, missed := 0, 0
	for _, t := range tokens {
		switch {
		case strings.Contains(own, t):
			total += 4
		case strings.Contains(name, t):
			total += 3
		case strings.Contains(text, t):
			total++
		default:
			missed++
		}
	}
	if 2*missed >= max(len(tokens), 1) && missed > 0 {
		return 0
	}
	return total
}

// tokens are the words of a query, without those that say nothing.
func tokens(query string) []string {
	words := strings.FieldsFunc(strings.ToLower(query), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return len(w) < 3 || slices.Contains(idle(), w)
	})
	if len(kept) == 0 {
		return words
	}
	return kept
}

// idle are words that everybody types and no service is found by.
func idle() []string {
	return []string{"saya", "mau", "ingin", "cara", "buat", "bikin", "membuat", "mengurus", "urus", "untuk", "yang", "dan", "di", "the", "how", "get", "for", "want"}
}
