package complaint

import (
	_ "embed"
	"net/http"

	"pendopo/feature/complaint/report"
	"pendopo/kernel/page"
	"pendopo/web/component/filters"
	"pendopo/web/component/header"
	"pendopo/web/component/pager"
	"pendopo/web/component/tag"
	"pendopo/web/scope"
)

//go:embed reports.css
var css string

// sheet is the style of the pages of reports.
var sheet = scope.Sheet{Name: "reports", CSS: css}

// pageLength is how many reports one page of the list shows.
const pageLength = 20

// listView is the list of reports, or the map of the same ones.
type listView struct {
	Title   string
	Lead    string
	Tabs    []header.Link
	Filters filters.View
	Narrow  bool   // something is asked for: the questions stand open
	All     string // the address without any of it
	Where   string // the square of the map that is asked for, in words
	Rows    []rowView
	Empty   string
	Pager   pager.View
	First   string // the page of the newest; empty = this is it
	Feed    string
	Map     *mapView
}

// rowView is one report of a list.
type rowView struct {
	Href  string
	Title string
	Tag   tag.View
	Facts []string
}

// list shows the reports that everybody may read, as a list or on a map.
func (f *Feature) list(w http.ResponseWriter, r *http.Request) error {
	c, n := parseCriteria(r.URL.Query()), f.named(page.Words(r.Context()))
	v := listView{Title: n.T("complaint.title"), Lead: n.T("complaint.title_lead"), Tabs: n.tabs(c), Filters: n.form(c), Narrow: c.narrowed(),
		All: criteria{Map: c.Map}.path("/reports"), Feed: c.feed()}
	if c.Square != nil {
		v.Where = n.T("complaint.in_square")
	}
	if c.Map {
		m, err := f.mapOf(r.Context(), n, c)
		if err != nil {
			return err
		}
		v.Map = &m
		return f.show(w, r, page.View{Title: v.Title, Body: listPage(v), Width: "broad"})
	}
	p, err := f.Reports.List(r.Context(), c.filter(f.Now()), c.After, pageLength)
	if err != nil {
		return err
	}
	for _, x := range p.Reports {
		v.Rows = append(v.Rows, n.row(x))
	}
	v.Empty = n.T("complaint.none")
	if v.Narrow {
		v.Empty = n.T("complaint.none_fits")
	}
	if c.After != "" {
		v.First = c.with(func(*criteria) {}).path("/reports")
	}
	if p.Next != "" {
		v.Pager.After = c.with(func(x *criteria) { x.After = p.Next }).path("/reports")
	}
	return f.show(w, r, page.View{Title: v.Title, Body: listPage(v), Width: "broad"})
}

// show is a page in the citizen's frame.
func (f *Feature) show(w http.ResponseWriter, r *http.Request, v page.View) error {
	return f.Portal.Show(w, r, v)
}

// tabs lead from the list to the map and the figures of the same.
func (n named) tabs(c criteria) []header.Link {
	return []header.Link{
		{Href: c.with(func(x *criteria) { x.Map = false }).path("/reports"), Text: n.T("complaint.tab_list"), Current: !c.Map},
		{Href: c.with(func(x *criteria) { x.Map = true }).path("/reports"), Text: n.T("complaint.tab_map"), Current: c.Map},
		{Href: "/reports/statistics", Text: n.T("complaint.tab_figures")},
	}
}

// feed is the address by which a program follows a list; a feed knows areas and
// categories.
func (c criteria) feed() string {
	return criteria{Area: c.Area, Category: c.Category}.path("/reports/feed.atom")
}

// row is one report in a list.
func (n named) row(r report.Report) rowView {
	v := rowView{Href: "/reports/" + r.Code, Title: n.title(r), Tag: n.state(r)}
	add := func(fact string) {
		if fact != "" {
			v.Facts = append(v.Facts, fact)
		}
	}
	if r.Title != "" { // else that is what it is called
		add(n.choice(n.categories(), r.Category))
	}
	add(n.area(r.Region))
	add(n.Date(r.Received.In(n.zone)))
	if len(r.Photos) > 0 {
		add(n.T("complaint.photos", "n", len(r.Photos)))
	}
	if r.Supports > 0 {
		add(n.T("complaint.supports", "n", r.Supports))
	}
	if r.Joined > 0 {
		add(n.T("complaint.joined", "n", r.Joined))
	}
	return v
}
