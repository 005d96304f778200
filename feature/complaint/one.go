package complaint

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/feature/complaint/follow"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/fold"
	"pendopo/law/place"
	"pendopo/web/component/breadcrumb"
	"pendopo/web/component/daystrip"
	"pendopo/web/component/notice"
	"pendopo/web/component/summary"
	"pendopo/web/component/tag"
	"pendopo/web/component/timeline"
)

// oneView is one report for everybody.
type oneView struct {
	Crumbs    []breadcrumb.Step
	Code      string
	Title     string
	Tag       tag.View
	Text      string
	Facts     summary.View
	Photos    []photoView
	Place     *mapView
	Clock     string
	Strip     daystrip.View
	Timeline  []timeline.Event
	Notices   []notice.View
	Into      string // page of the report that this one was joined to; empty = none, or none that is shown
	Supported bool   // this browser has said so
	Closed    bool   // nobody can add anything any more
	Follow    *follow.Ask
	Feed      string
	Track     string
}

type photoView struct{ Href, Alt string }

// printed is a code as it is printed; false when it is none.
func printed(s string) (string, bool) {
	p, ok := casework.ParseCode(s)
	if !ok {
		return "", false
	}
	return p[:5] + "-" + p[5:10] + "-" + p[10:], true
}

// errNone is the answer for whatever is not shown, whether it is there or not.
func errNone() error { return fault.New(fault.Unknown, "complaint.unknown") }

// shown finds the report of an address. What is not shown is as if it were not.
func (f *Feature) shown(ctx context.Context, code string) (report.Report, error) {
	c, ok := printed(code)
	if !ok {
		return report.Report{}, errNone()
	}
	r, err := f.Reports.Code(ctx, c)
	if fault.Is(err, fault.Unknown) || err == nil && !r.Shown {
		return report.Report{}, errNone()
	}
	return r, err
}

// one is the page of a report.
func (f *Feature) one(w http.ResponseWriter, r *http.Request) error {
	x, err := f.shown(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	if x.Code != r.PathValue("code") {
		http.Redirect(w, r, "/reports/"+x.Code, http.StatusSeeOther)
		return nil
	}
	v, err := f.oneView(r, x)
	if err != nil {
		return err
	}
	return f.show(w, r, page.View{Title: v.Title, Body: onePage(v)})
}

func (f *Feature) oneView(r *http.Request, x report.Report) (oneView, error) {
	n := f.named(page.Words(r.Context()))
	v := oneView{Crumbs: []breadcrumb.Step{{Href: "/reports", Text: n.T("complaint.title")}}, Code: x.Code, Title: n.title(x), Tag: n.state(x), Text: x.Text,
		Facts: n.facts(x), Closed: !x.Active, Feed: "/reports/feed.atom?code=" + x.Code, Track: "/track/" + x.Code}
	for i := range x.Photos {
		v.Photos = append(v.Photos, photoView{"/reports/" + x.Code + "/photos/" + strconv.Itoa(i+1), n.T("complaint.photo_alt", "n", i+1, "title", v.Title)})
	}
	v.Place = f.spotMap(n, x)
	if x.Active && f.Followers.Open() {
		ask := follow.NewAsk(n.Printer, x.Code, "", "")
		v.Follow = &ask
	}
	var err error
	if v.Supported, err = f.hasSupported(r, x.Stream); err != nil {
		return v, err
	}
	if x.Into != "" {
		if v.Into, err = f.into(r.Context(), x.Into); err != nil {
			return v, err
		}
	}
	v.Notices = n.notices(x, v.Into != "")
	return v, f.story(r.Context(), n, x, &v)
}

// into is the page of the report that goes on for another, when it is shown.
func (f *Feature) into(ctx context.Context, stream string) (string, error) {
	r, err := f.Reports.Stream(ctx, stream)
	if fault.Is(err, fault.Unknown) || err == nil && !r.Shown {
		return "", nil
	}
	return "/reports/" + r.Code, err
}

// facts are what there is to know at a glance.
func (n named) facts(x report.Report) summary.View {
	rows := []summary.Row{{Label: n.T("complaint.fact_code"), Values: []string{x.Code}, Numb: true}, {Label: n.T("complaint.fact_category"), Values: []string{n.choice(n.categories(), x.Category)}}}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, summary.Row{Label: n.T(key), Values: []string{value}})
		}
	}
	add("complaint.fact_area", n.area(x.Region))
	add("complaint.fact_received", n.Day(x.Received.In(n.zone)))
	add("complaint.fact_unit", n.unit(x.Unit))
	if x.Supports > 0 {
		add("complaint.fact_supports", n.T("complaint.people", "n", x.Supports))
	}
	if x.Joined > 0 {
		add("complaint.fact_joined", n.T("complaint.joined", "n", x.Joined))
	}
	if x.Reopened > 0 {
		add("complaint.fact_reopened", n.T("complaint.times", "n", x.Reopened))
	}
	return summary.View{Rows: rows}
}

// notices say first what is particular about a report.
func (n named) notices(x report.Report, linked bool) []notice.View {
	switch x.State {
	case report.Merged:
		text := ""
		if linked {
			text = n.T("complaint.merged_text")
		}
		return []notice.View{{Kind: notice.Info, Title: n.T("complaint.merged_title"), Text: text}}
	case report.Silence:
		return []notice.View{{Kind: notice.Info, Title: n.T("complaint.silence_title"), Text: n.T("complaint.silence_text")}}
	}
	return nil
}

// story is the timeline and the legal clock of the case behind a report.
func (f *Feature) story(ctx context.Context, n named, x report.Report, v *oneView) error {
	c, err := f.Cases.State(ctx, x.Stream)
	if fault.Is(err, fault.Unknown) {
		return nil // taken over from another system: its row is all there is
	}
	if err != nil {
		return err
	}
	b, err := f.Cases.Catalogue().At(ctx, c.Definition)
	if err != nil {
		return err
	}
	words := caseview.Words{Printer: n.Printer, Government: n.government, Service: b.Service, Zone: n.zone}
	if clock, err := f.Cases.Catalogue().Clock(c.Unit); err == nil {
		words.Zone = clock.Office.Zone
	}
	open := c
	open.Marks = publicMarks(c.Marks)
	v.Timeline = words.Timeline(open)
	if err := f.relayed(ctx, c, open, v); err != nil {
		return err
	}
	d, ok := caseview.Clock(c)
	if !ok || !c.Open() || d.ID != fold.CaseDeadline {
		return nil
	}
	proof, err := f.Cases.Proof(ctx, c, d.ID)
	if err != nil {
		return err
	}
	clock, err := f.Cases.Catalogue().ClockAt(ctx, d.Unit, d.Calendar)
	if err != nil {
		return err
	}
	v.Clock = n.T("complaint.clock", "span", words.Span(d.Within))
	v.Strip, err = words.Strip("clock", clock, proof, f.Now())
	if ended := words.Settled(d); ended != "" {
		v.Strip.Summary = ended
	}
	return err
}

// publicMarks are those that everybody may read: not what passed between the
// reporter and the office.
func publicMarks(all []fold.Mark) []fold.Mark {
	private := []string{fold.Told, fold.Posted, fold.CameBack, fold.Wrote, fold.Hidden, fold.Papers, fold.RuleFailed, fold.Amended, fold.Recalled}
	return slices.DeleteFunc(slices.Clone(all), func(m fold.Mark) bool {
		return slices.Contains(private, m.Kind) || m.Kind == fold.Relayed && !fold.Reads(all, m)
	})
}

// relayed adds the words of other governments that an officer let everybody read.
func (f *Feature) relayed(ctx context.Context, c, open fold.Case, v *oneView) error {
	list, err := f.Cases.Relayed(ctx, c)
	for i, m := range caseview.Told(open) {
		for _, r := range list {
			if r.Version == m.Version {
				v.Timeline[i].Said = append(v.Timeline[i].Said, summary.Row{Label: r.From, Values: []string{r.Words}})
			}
		}
	}
	return err
}

// spotMap is a small map of where a report is; nil without a place.
func (f *Feature) spotMap(n named, x report.Report) *mapView {
	if x.Place == nil {
		return nil
	}
	at := *x.Place
	box := place.Box{South: at.Lat, West: at.Lon, North: at.Lat, East: at.Lon}.Grown(3000)
	frame := place.Frame{Box: box, Width: mapWidth}
	frame.South, frame.North = at.Lat-(at.Lat-box.South)*0.6, at.Lat+(box.North-at.Lat)*0.6
	v := mapView{Width: decimal(frame.Width), Height: decimal(frame.Height()), Name: n.T("complaint.map_one", "where", n.area(x.Region))}
	v.land(n, f.boundaries(), frame, true)
	px, py := frame.XY(at)
	v.Spots = []spotView{{X: decimal(px), Y: decimal(py), R: "7", Hit: "7", Words: v.Name, Ended: !x.Active}}
	return &v
}
