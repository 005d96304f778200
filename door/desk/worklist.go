package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
	"pendopo/law/policy"
	"pendopo/web/component/daystrip"
	"pendopo/web/component/filters"
	"pendopo/web/component/pager"
	"pendopo/web/component/search"
)

// perPage is how many cases one page of the worklist shows.
const perPage = 25

// row is one case of a list; it holds no sealed value.
type row struct {
	Href, Code string
	Service    string
	Step       string
	Holder     string
	Received   string
	Due        dueView
	Strip      daystrip.View
	Here       bool // the case that is open beside the list
}

// listView is the worklist page.
type listView struct {
	Title   string
	Lead    string
	Search  search.View
	Filters filters.View
	Rows    []row
	Empty   string
	Pager   pager.View
	Letters string // how many letters wait to be posted; empty = none
	Done    string // what has just been done, in one line
	Notes   []templ.Component
}

func (d *Door) worklist(w http.ResponseWriter, r *http.Request, m me) error {
	q := r.URL.Query()
	posts, err := d.chosen(m, q.Get("post"))
	if err != nil {
		return err
	}
	got, err := d.Cases.List(r.Context(), casework.Worklist{Posts: posts, Service: q.Get("service"), After: q.Get("after"), Limit: perPage})
	if err != nil {
		return err
	}
	rows, err := d.rows(r.Context(), m, got.Cases)
	if err != nil {
		return err
	}
	v := listView{
		Title: m.words.T("desk.list_title"), Rows: rows, Empty: m.words.T("desk.list_empty"), Filters: d.filters(m, q),
		Lead: m.words.T("desk.list_lead"), Search: search.View{Action: "/desk/find", Label: m.words.T("desk.find_label"), Button: m.words.T("desk.find_button")},
	}
	if got.Next != "" {
		v.Pager.After = "/desk?" + with(q, "after", got.Next)
	}
	if q.Get("after") != "" {
		v.Pager.Before = "/desk?" + with(q, "after", "")
	}
	v.Done = d.done(r.Context(), m, q.Get("done"))
	if v.Letters, err = d.waitingLetters(m); err != nil {
		return err
	}
	if d.Notes != nil {
		if v.Notes, err = d.Notes(r.Context(), m.words, m.Signed); err != nil {
			return err
		}
	}
	return d.page(w, r, m, view{Title: v.Title, Body: worklistPage(v)})
}

// done says in one line what became of a case that was acted on a moment ago.
func (d *Door) done(ctx context.Context, m me, code string) string {
	c, err := d.Cases.Track(ctx, code)
	if err != nil {
		return ""
	}
	code = d.Cases.Code(c.Stream)
	b, err := d.Cases.Catalogue().At(ctx, c.Definition)
	if err != nil || !d.may(m, policy.State, resource(c, b.Service)) {
		return m.words.T("desk.done", "code", code)
	}
	return m.words.T("desk.done_now", "code", code, "step", d.wordsFor(m, b.Service, c.Unit).Where(c))
}

// with is a query with one value changed, and nothing that the list does not know.
func with(q url.Values, key, value string) string {
	out := url.Values{}
	for _, k := range []string{"post", "service", "after"} {
		v := q.Get(k)
		if k == key {
			v = value
		}
		if v != "" {
			out.Set(k, v)
		}
	}
	return out.Encode()
}

// chosen are the posts whose cases are asked for: all of one's own, one of
// them, or every post of a unit ("unit/") where its list may be seen.
func (d *Door) chosen(m me, post string) ([]fold.Holder, error) {
	if post == "" {
		return d.ownPosts(m), nil
	}
	unit, role, ok := strings.Cut(post, "/")
	if !ok {
		return nil, fault.New(fault.Malformed, "desk.post_unknown")
	}
	if err := d.require(m, policy.List, policy.Office{Unit: unit}); err != nil {
		return nil, err
	}
	if role != "" {
		return []fold.Holder{{Who: "role", Unit: unit, Role: role}}, nil
	}
	var all []fold.Holder
	for _, r := range d.Cases.Government().Roles {
		all = append(all, fold.Holder{Who: "role", Unit: unit, Role: r.ID})
	}
	return all, nil
}

func (d *Door) ownPosts(m me) []fold.Holder {
	var out []fold.Holder
	for _, p := range m.Posts {
		if d.may(m, policy.List, policy.Office{Unit: p.Unit}) {
			out = append(out, fold.Holder{Who: "role", Unit: p.Unit, Role: p.Role})
		}
	}
	return out
}

// filters offer one's own posts, each unit as a whole, and the services.
func (d *Door) filters(m me, q url.Values) filters.View {
	words := caseview.Words{Printer: m.words, Government: d.Cases.Government()}
	option := func(key, id, text string) filters.Option {
		return filters.Option{ID: id, Text: text, Chosen: q.Get(key) == id}
	}
	post := filters.Filter{Name: "post", Label: m.words.T("desk.filter_post"), Options: []filters.Option{option("post", "", m.words.T("desk.filter_mine"))}}
	for _, h := range d.ownPosts(m) {
		post.Options = append(post.Options, option("post", h.Unit+"/"+h.Role, words.Holder(h)))
	}
	for _, u := range unitsOf(m) {
		post.Options = append(post.Options, option("post", u+"/", m.words.T("desk.filter_unit", "unit", words.Unit(u))))
	}
	service := filters.Filter{Name: "service", Label: m.words.T("desk.filter_service"), Options: []filters.Option{option("service", "", m.words.T("desk.filter_all"))}}
	for _, b := range d.Cases.Catalogue().Services() {
		service.Options = append(service.Options, option("service", b.Service.ID, m.words.Of(b.Service.Name)))
	}
	return filters.View{Action: "/desk", Filters: []filters.Filter{post, service}, Button: m.words.T("desk.filter_button")}
}

// rows puts cases into words. What cannot be drawn is left out of the row, not
// the row out of the list.
func (d *Door) rows(ctx context.Context, m me, cases []fold.Case) ([]row, error) {
	now := d.Now()
	out := make([]row, 0, len(cases))
	for _, c := range cases {
		b, err := d.Cases.Catalogue().At(ctx, c.Definition)
		if err != nil {
			return nil, err
		}
		words := d.wordsFor(m, b.Service, c.Unit)
		c = seenBy(m, c, "")
		x := d.brief(words, c, now)
		if x.Strip, _, err = d.strip(ctx, words, c, now); err != nil {
			x.Strip = daystrip.View{}
		}
		x.Strip.Small = true
		out = append(out, x)
	}
	return out, nil
}

// brief is a row without its strip.
func (d *Door) brief(w caseview.Words, c fold.Case, now time.Time) row {
	code := d.Cases.Code(c.Stream)
	return row{
		Href: "/desk/cases/" + code, Code: code, Service: w.Matter(c), Step: w.Where(c), Holder: w.Waits(c),
		Received: w.Printer.MomentShort(c.Received.In(w.Zone)), Due: d.due(w, c, now),
	}
}

// beside is the short list next to an open case: one's own work, the most
// urgent first.
func (d *Door) beside(ctx context.Context, m me, stream string) ([]row, error) {
	got, err := d.Cases.List(ctx, casework.Worklist{Posts: d.ownPosts(m), Limit: 12})
	if err != nil {
		return nil, err
	}
	out := make([]row, 0, len(got.Cases))
	for _, c := range got.Cases {
		b, err := d.Cases.Catalogue().At(ctx, c.Definition)
		if err != nil {
			return nil, err
		}
		x := d.brief(d.wordsFor(m, b.Service, c.Unit), seenBy(m, c, ""), d.Now())
		x.Here = c.Stream == stream
		out = append(out, x)
	}
	return slices.Clip(out), nil
}
