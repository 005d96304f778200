package complaint

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"pendopo/feature/complaint/report"
	"pendopo/kernel/page"
	"pendopo/law/place"
	"pendopo/web/component/filters"
)

// criteria is what a list, a map or a feed is asked for, as its address says it.
// Whatever an address says that means nothing is left out.
type criteria struct {
	Words    string
	Area     string
	Category string
	Unit     string
	Kind     string
	State    report.State
	Days     int // received in so many days; 0 = whenever
	Square   *report.Square
	Map      bool
	After    string
}

// spans are the times one may choose, in days.
func spans() []int { return []int{7, 30, 90, 365} }

// mostAsked bounds what somebody may look for, in bytes.
const mostAsked = 200

// plainID is what ids of files and codes of regions look like.
var plainID = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,63}$`)

func parseCriteria(q url.Values) criteria {
	id := func(name string) string {
		if v := q.Get(name); plainID.MatchString(v) {
			return v
		}
		return ""
	}
	c := criteria{Area: id("area"), Category: id("category"), Unit: id("unit"), Kind: id("kind"), Map: q.Get("view") == "map", After: q.Get("after")}
	c.Words = strings.TrimSpace(strings.Map(printable, strings.ToValidUTF8(q.Get("q"), "")))
	if len(c.Words) > mostAsked {
		c.Words = strings.TrimSpace(strings.ToValidUTF8(c.Words[:mostAsked], ""))
	}
	if s := report.State(q.Get("state")); slices.Contains(report.States(), s) {
		c.State = s
	}
	if n, err := strconv.Atoi(q.Get("days")); err == nil && slices.Contains(spans(), n) {
		c.Days = n
	}
	if s, ok := report.ParseSquare(q.Get("at")); ok {
		c.Square = &s
	}
	return c
}

// printable drops what no keyboard types and no page can show.
func printable(r rune) rune {
	if !unicode.IsPrint(r) && r != ' ' {
		return -1
	}
	return r
}

// values are the parts that an address names.
func (c criteria) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", c.Words)
	set("area", c.Area)
	set("category", c.Category)
	set("unit", c.Unit)
	set("kind", c.Kind)
	set("state", string(c.State))
	if c.Days > 0 {
		v.Set("days", strconv.Itoa(c.Days))
	}
	if c.Square != nil {
		v.Set("at", c.Square.String())
	}
	if c.Map {
		v.Set("view", "map")
	}
	set("after", c.After)
	return v
}

// path is the address of a page of this feature with the criteria.
func (c criteria) path(p string) string {
	if q := c.values().Encode(); q != "" {
		return p + "?" + q
	}
	return p
}

// with changes a copy, which begins from its first page.
func (c criteria) with(change func(*criteria)) criteria {
	c.After = ""
	change(&c)
	return c
}

// narrowed reports whether anything is asked for beyond all.
func (c criteria) narrowed() bool {
	c.Map, c.After = false, ""
	return len(c.values()) > 0
}

// filter is what the table is asked.
func (c criteria) filter(now time.Time) report.Filter {
	f := report.Filter{Area: c.Area, Category: c.Category, Unit: c.Unit, Kind: c.Kind, State: c.State, Words: c.Words}
	if c.Days > 0 {
		f.Since = now.AddDate(0, 0, -c.Days)
	}
	if c.Square != nil {
		b := c.Square.Box()
		f.Box = &b
	}
	return f
}

// box is the part of the map that is asked for; nil = all of it.
func (c criteria) box(areas *place.Areas) *place.Box {
	if c.Square != nil {
		b := c.Square.Box().Grown(100)
		return &b
	}
	if a, ok := areas.Of(c.Area); ok && c.Area != "" {
		b := a.Box.Grown(200)
		return &b
	}
	return nil
}

// form is the questions above a list.
func (n named) form(c criteria) filters.View {
	v := filters.View{Action: "/reports", Button: n.T("complaint.filter_show"), Hidden: map[string]string{}}
	if c.Map {
		v.Hidden["view"] = "map"
	}
	if c.Square != nil {
		v.Hidden["at"] = c.Square.String()
	}
	var categories, kinds, units, states, days []filters.Option
	for _, x := range n.categories() {
		categories = append(categories, filters.Option{ID: x.ID, Text: n.Of(x.Text)})
	}
	for _, x := range n.kinds() {
		kinds = append(kinds, filters.Option{ID: x.ID, Text: n.Of(x.Text)})
	}
	for _, u := range n.government.Units {
		units = append(units, filters.Option{ID: u.ID, Text: n.Of(u.Name)})
	}
	for _, s := range report.States() {
		states = append(states, filters.Option{ID: string(s), Text: n.T("complaint.state_" + string(s))})
	}
	for _, d := range spans() {
		days = append(days, filters.Option{ID: strconv.Itoa(d), Text: n.T("complaint.days", "n", d)})
	}
	chosen := ""
	if c.Days > 0 {
		chosen = strconv.Itoa(c.Days)
	}
	v.Filters = []filters.Filter{
		{Name: "q", Label: n.T("complaint.filter_words"), Text: true, Value: c.Words, Most: mostAsked},
		choose(n.Printer, "area", c.Area, n.areas()), choose(n.Printer, "category", c.Category, categories), choose(n.Printer, "state", string(c.State), states),
		choose(n.Printer, "kind", c.Kind, kinds), choose(n.Printer, "unit", c.Unit, units), choose(n.Printer, "days", chosen, days),
	}
	v.Filters = slices.DeleteFunc(v.Filters, func(f filters.Filter) bool { return !f.Text && len(f.Options) < 3 })
	return v
}

// choose is one question with the answer for all before its options.
func choose(words *page.Printer, name, chosen string, options []filters.Option) filters.Filter {
	f := filters.Filter{Name: name, Label: words.T("complaint.filter_" + name), Options: []filters.Option{{Text: words.T("complaint.all_" + name)}}}
	for _, o := range options {
		o.Chosen = o.ID == chosen
		f.Options = append(f.Options, o)
	}
	return f
}

// mostVillages is how many places one list shows; of more only the districts.
const mostVillages = 80

// areas are the districts with their villages.
func (n named) areas() []filters.Option {
	var out []filters.Option
	for _, r := range n.government.Regions {
		switch depth := strings.Count(r.Code, "."); {
		case depth == 2:
			out = append(out, filters.Option{ID: r.Code, Text: r.Name})
		case depth == 3 && len(n.government.Regions) <= mostVillages:
			out = append(out, filters.Option{ID: r.Code, Text: "– " + r.Name})
		}
	}
	slices.SortStableFunc(out, func(a, b filters.Option) int { return strings.Compare(a.ID, b.ID) })
	return out
}
