package complaint

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"time"

	"pendopo/feature/complaint/report"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/place"
	"pendopo/law/policy"
	"pendopo/web/component/header"
	"pendopo/web/component/table"
	"pendopo/web/component/tag"
)

// Bounds of the desk's lists: how many reports are shown, how many of the same
// place are named beside one, how near and how new those are.
const (
	mostAtDesk = 100
	mostBeside = 3
	besideFar  = 200 // metres
	besideLong = 30 * 24 * time.Hour
)

// deskView is what an officer looks at: what waits, what was set aside, what is
// late, and the unit's own figures. No line holds a sealed value.
type deskView struct {
	Title   string
	Tabs    []header.Link
	Rows    []deskRow
	Empty   string
	Lead    string
	Figures table.View
	Times   table.View
}

// deskRow is one report.
type deskRow struct {
	Href   string
	Title  string
	Code   string
	Tag    tag.View
	Shown  tag.View
	Facts  []string
	Flags  []string   // why to look twice
	Beside []deskNear // reports that may tell of the same thing
}

// deskNear is another report, and why it may be the same.
type deskNear struct{ Href, Words string }

// parts are the lists of the desk.
func parts() []string { return []string{"waiting", "aside", "late", "said", "figures"} }

// desk is an officer's page of reports.
func (f *Feature) desk(w http.ResponseWriter, r *http.Request, who Officer) error {
	units := f.deskUnits(r.Context(), who)
	if len(units) == 0 {
		return fault.New(fault.Forbidden, "identity.forbidden")
	}
	n, part := f.named(page.Words(r.Context())), r.URL.Query().Get("show")
	if !slices.Contains(parts(), part) {
		part = "waiting"
	}
	v := deskView{Title: n.T("complaint.title"), Empty: n.T("complaint.desk_none_" + part), Lead: n.T("complaint.desk_lead_" + part)}
	for _, p := range parts() {
		v.Tabs = append(v.Tabs, header.Link{Href: "/desk/reports?" + url.Values{"show": {p}}.Encode(), Text: n.T("complaint.desk_" + p), Current: p == part})
	}
	var err error
	switch part {
	case "figures":
		err = f.deskFigures(r.Context(), n, units, &v)
	case "said":
		v.Rows, err = f.deskSaid(r.Context(), n, saidUnits(f.Cases, who))
	default:
		v.Rows, err = f.deskRows(r.Context(), n, units, part)
	}
	if err != nil {
		return err
	}
	return f.Desk.Show(w, r, who, page.View{Title: v.Title, Body: deskPage(v), Width: "desk"})
}

// deskUnits are the units whose reports an officer may list.
func (f *Feature) deskUnits(ctx context.Context, who Officer) (units []string) {
	for _, p := range postsOf(f.Cases, who) {
		if !slices.Contains(units, p.Unit) && f.Desk.May(ctx, who, policy.List, policy.Office{Unit: p.Unit}) {
			units = append(units, p.Unit)
		}
	}
	return units
}

// deskRows are the reports of some units that belong to one list, the oldest
// first: they have waited longest.
func (f *Feature) deskRows(ctx context.Context, n named, units []string, part string) ([]deskRow, error) {
	work := report.Work{Units: units, Late: part == "late", Flagged: part == "aside"}
	if part != "late" {
		work.State = report.Waiting
	}
	list, err := f.Reports.Oldest(ctx, work, mostAtDesk)
	if err != nil {
		return nil, err
	}
	var out []deskRow
	for _, r := range list {
		row, err := f.deskRow(ctx, n, r)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

func (f *Feature) deskRow(ctx context.Context, n named, r report.Report) (deskRow, error) {
	v := deskRow{Href: "/desk/cases/" + r.Code, Title: n.title(r), Code: r.Code, Tag: n.state(r), Shown: tag.View{Kind: tag.Done, Text: n.T("complaint.desk_unshown")}}
	if r.Shown {
		v.Shown = tag.View{Kind: tag.Good, Text: n.T("complaint.desk_shown")}
	}
	for _, fact := range []string{n.choice(n.categories(), r.Category), n.area(r.Region), n.MomentShort(r.Received.In(n.zone)), n.unit(r.Unit)} {
		if fact != "" && fact != v.Title {
			v.Facts = append(v.Facts, fact)
		}
	}
	for _, flag := range r.Flags {
		words := n.T("complaint.flag_other")
		if n.Has("complaint.flag_" + flag) {
			words = n.T("complaint.flag_" + flag)
		}
		v.Flags = append(v.Flags, words)
	}
	var err error
	v.Beside, err = f.beside(ctx, n, r)
	return v, err
}

// beside are reports of the same kind of thing, near by and not long before.
func (f *Feature) beside(ctx context.Context, n named, r report.Report) (out []deskNear, err error) {
	if r.Place == nil {
		return nil, nil
	}
	near, err := f.Reports.Near(ctx, *r.Place, besideFar, r.Received.Add(-besideLong), 20)
	for _, o := range near {
		if o.Stream == r.Stream || o.Category != r.Category || o.State == report.Merged || o.State == report.Withdrawn || len(out) == mostBeside {
			continue
		}
		metres := int(math.Round(place.Distance(*r.Place, *o.Place)))
		out = append(out, deskNear{"/desk/cases/" + o.Code, n.T("complaint.desk_near", "code", o.Code, "n", metres, "day", n.DateShort(o.Received.In(n.zone)))})
	}
	return out, err
}

// deskFigures are a unit's own figures, every number told: they are its own work.
func (f *Feature) deskFigures(ctx context.Context, n named, units []string, v *deskView) error {
	list, err := f.countFigures(ctx, period{days: 365, today: true})
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(slices.Clone(list), func(x report.Figures) bool { return !slices.Contains(units, x.Unit) })
	n.whole = true
	v.Figures, v.Times = n.figureTable(own), n.timeTable(own)
	return nil
}
