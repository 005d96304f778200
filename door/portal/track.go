package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/web/component/daystrip"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/notice"
	"pendopo/web/component/summary"
	"pendopo/web/component/table"
	"pendopo/web/component/tag"
	"pendopo/web/component/timeline"
)

// trackView is a case for whoever has its code; Own is set when the secret was
// shown too.
type trackView struct {
	Code     string
	Version  string // what is shown
	Often    string // where the page asks again by itself, without scripts
	Title    string
	Tag      tag.View
	Where    string
	Help     string
	Notices  []notice.View
	Facts    summary.View
	Clock    string // whose clock the strip is
	Strip    daystrip.View
	Timeline []timeline.Event
	Branches table.View // where the case goes several ways at once
	Own      *ownView
	Asks     bool // it is the applicant's turn to say whether it is solved
	Into     *intoView
	History  string // heading of the timeline
}

// intoView is the case that goes on for one that was merged into it: what
// everybody may know of it.
type intoView struct {
	Tag      tag.View
	Where    string
	Holder   string
	Timeline []timeline.Event
}

// found is a case as a request sees it.
type found struct {
	Code   string
	Case   fold.Case
	Bound  *casework.Bound
	Words  caseview.Words
	Opened bool              // the secret was shown
	Spoken []caseview.Spoken // and what was said, once it was opened
}

func (f found) path(rest string) string { return "/track/" + f.Code + rest }

func (p *Portal) trackView(r *http.Request, key keyView) keyView {
	words := page.Words(r.Context())
	key.Title, key.Text, key.Action, key.Button = words.T("portal.track_title"), words.T("portal.track_text"), "/track", words.T("portal.track_button")
	key.Lost = true
	return key
}

func (p *Portal) trackForm(w http.ResponseWriter, r *http.Request) error {
	c, _ := printed(r.URL.Query().Get("code"))
	v := p.trackView(r, keyView{Code: c})
	return p.show(w, r, page.View{Title: v.Title, Body: keyPage(v)})
}

// find goes to the case of a code.
func (p *Portal) find(w http.ResponseWriter, r *http.Request) error {
	given := r.PostForm.Get("code")
	_, err := p.tracked(r, given)
	if fault.Is(err, fault.Unknown) {
		v := p.trackView(r, keyView{Code: given})
		v.refuse(page.Words(r.Context()), err)
		return p.wrong(w, r, v.Title, keyPage(v))
	}
	if err != nil {
		return err
	}
	c, _ := printed(given)
	return redirect(w, r, "/track/"+c)
}

// caseOf finds the case of the address by its code: clear parts only.
func (p *Portal) caseOf(r *http.Request) (f found, elsewhere string, err error) {
	c, elsewhere, err := code(r)
	if err != nil || elsewhere != "" {
		return f, elsewhere, err
	}
	f.Code = c
	if f.Case, err = p.tracked(r, c); err != nil {
		return f, "", err
	}
	if f.Bound, err = p.Cases.Catalogue().At(r.Context(), f.Case.Definition); err != nil {
		return f, "", err
	}
	page.About(r.Context(), caseview.Noun(f.Bound.Service))
	f.Words = p.words(r, f.Bound.Service, f.Case.Unit)
	return f, "", nil
}

// ownCase is caseOf for what only the applicant may have: without the secret
// the case's own page asks for it.
func (p *Portal) ownCase(r *http.Request) (f found, elsewhere string, err error) {
	f, elsewhere, err = p.caseOf(r)
	if err != nil || elsewhere != "" {
		return f, elsewhere, err
	}
	_, f.Opened, err = p.opened(r.Context(), r, f.Code)
	if err == nil && !f.Opened {
		return f, f.path("/unlock"), nil
	}
	return f, "", err
}

func (p *Portal) track(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.caseOf(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	if _, f.Opened, err = p.opened(r.Context(), r, f.Code); err != nil {
		return err
	}
	v, err := p.caseView(r, f)
	if err != nil {
		return err
	}
	again := 0
	if r.URL.Query().Get("refresh") != "" {
		again, v.Often = 60, ""
	}
	return p.show(w, r, page.View{Title: v.Title, Body: trackPage(v), Private: f.Opened, Refresh: again})
}

// caseView puts the state into words, and opens what the applicant may see.
func (p *Portal) caseView(r *http.Request, f found) (trackView, error) {
	c, words := f.Case, f.Words.Printer
	v := trackView{Code: f.Code, Version: strconv.FormatInt(c.Version, 10), Often: f.path("?refresh=1"), Title: words.Of(f.Bound.Service.Name), Tag: f.Words.Tag(c, p.Now()), Where: f.Words.Where(c),
		Help: f.Words.Help(c.Step), Timeline: f.Words.Timeline(c), Notices: p.notices(f), Branches: f.Words.Branches(c, p.Now())}
	v.Facts = summary.View{Rows: []summary.Row{
		{Label: f.Words.Say("component.code"), Values: []string{f.Code}, Numb: true},
		{Label: words.T("portal.fact_received"), Values: []string{words.Moment(c.Received.In(f.Words.Zone))}},
	}}
	if c.Fee != nil {
		v.Facts.Rows = append(v.Facts.Rows, summary.Row{Label: words.T("caseview.fee"), Values: []string{f.Words.Fee(c)}})
	}
	if c.Open() && len(c.Branches) == 0 {
		v.Facts.Rows = append(v.Facts.Rows, summary.Row{Label: words.T("portal.fact_holder"), Values: []string{f.Words.Holder(c.Holder)}})
	} else {
		v.Facts.Rows = append(v.Facts.Rows, summary.Row{Label: words.T("portal.fact_office"), Values: []string{f.Words.Unit(c.Unit)}})
	}
	if len(c.Pending) > 0 {
		v.Facts.Rows = append(v.Facts.Rows, summary.Row{Label: words.T("portal.fact_bring"), Values: labels(words, f.Bound.Service, c.Pending)})
	}
	asked, err := f.Words.Questions(c, func(a fold.Asked) (time.Time, error) { return p.Cases.Due(r.Context(), a) })
	if err != nil {
		return v, err
	}
	v.Facts.Rows = append(v.Facts.Rows, asked...)
	if v.Into, err = p.into(r.Context(), f); err != nil {
		return v, err
	}
	v.Asks, v.History = f.asksWhether(), f.Words.Say("portal.timeline")
	if !f.Opened {
		v.Timeline = f.Words.Timeline(caseview.Openly(c))
	}
	if v.Clock, v.Strip, err = p.clock(r.Context(), f); err != nil || !f.Opened {
		return v, err
	}
	if f.Spoken, err = p.spoken(r.Context(), f); err != nil {
		return v, err
	}
	v.Timeline = p.said(f, v.Timeline)
	v.Own, err = p.ownView(r, f)
	return v, err
}

// into is the case that goes on for a merged one.
func (p *Portal) into(ctx context.Context, f found) (*intoView, error) {
	if f.Case.Into == "" {
		return nil, nil
	}
	c, err := p.Cases.Follows(ctx, f.Case)
	if err != nil {
		return nil, err
	}
	b, err := p.Cases.Catalogue().At(ctx, c.Definition)
	if err != nil {
		return nil, err
	}
	words := f.Words
	words.Service = b.Service
	return &intoView{Tag: words.Tag(c, p.Now()), Where: words.Where(c), Holder: words.Waits(c), Timeline: words.Timeline(caseview.Openly(c))}, nil
}

// asksWhether says that it is the applicant's turn to say whether it is solved.
func (f found) asksWhether() bool {
	step := f.Bound.Service.Step(f.Case.Step)
	return step != nil && slices.ContainsFunc(step.Actions, func(a definition.Action) bool {
		return a.Kind == definition.ActConfirm || a.Kind == definition.ActReopen
	})
}

// clock is the deadline everybody watches, drawn day by day.
func (p *Portal) clock(ctx context.Context, f found) (title string, v daystrip.View, err error) {
	d, ok := caseview.Clock(f.Case)
	if !ok || !f.Case.Open() {
		return "", v, nil
	}
	proof, err := p.Cases.Proof(ctx, f.Case, d.ID)
	if err != nil {
		return "", v, err
	}
	clock, err := p.Cases.Catalogue().ClockAt(ctx, d.Unit, d.Calendar)
	if err != nil {
		return "", v, err
	}
	v, err = f.Words.Strip("clock", clock, proof, p.Now())
	if ended := f.Words.Settled(d); ended != "" {
		v.Summary = ended
	}
	key := "portal.clock_step"
	if d.ID == fold.CaseDeadline {
		key = "portal.clock_case"
	}
	return f.Words.Printer.T(key, "span", f.Words.Span(d.Within)), v, err
}

// notices say what the applicant should know first.
func (p *Portal) notices(f found) []notice.View {
	c, words := f.Case, f.Words.Printer
	step := f.Bound.Service.Step(c.Step)
	v, byLateness := f.Words.ByLateness(c)
	switch {
	case c.Shredded:
		return []notice.View{{Kind: notice.Info, Title: words.T("portal.note_shredded"), Text: f.Words.Say("portal.note_shredded_text")}}
	case c.Revoked != "":
		v, _ = f.Words.TakenBack(c)
		return []notice.View{v}
	case c.Ready():
		if !byLateness {
			v = f.ready()
		}
		if !f.Opened {
			v.Text = strings.TrimSpace(v.Text + " " + words.T("portal.note_ready_text"))
		}
		return []notice.View{v}
	case byLateness:
		return []notice.View{v}
	case c.Into != "":
		return []notice.View{{Kind: notice.Info, Title: f.Words.Say("caseview.merged"), Text: words.T("portal.note_merged_text")}}
	case f.asksWhether():
		return []notice.View{p.before(f, notice.Wait, "portal.note_asks")}
	case step != nil && step.Kind == definition.StepFill:
		return []notice.View{p.before(f, notice.Wait, "portal.note_fix")}
	case step != nil && step.Kind == definition.StepWait && c.Reason != "":
		return []notice.View{p.before(f, notice.Late, "portal.note_rejected")}
	case c.Outcome == definition.Rejected:
		return []notice.View{{Kind: notice.Late, Title: f.Words.Say("portal.note_rejected"), Text: f.Words.Reason(c.Reason)}}
	case c.Open():
		return f.waiting(p.Now())
	}
	return nil
}

// waiting is what there is to know while the matter is with an office: that it
// is late, and which papers are still awaited at its counter.
func (f found) waiting(now time.Time) (out []notice.View) {
	c, words := f.Case, f.Words.Printer
	if caseview.Late(c, now) {
		out = append(out, notice.View{Kind: notice.Late, Title: words.T("portal.note_late"), Text: words.T("portal.note_late_text", "role", f.late())})
	}
	if len(c.Pending) > 0 {
		return append(out, notice.View{Kind: notice.Wait, Title: words.T("portal.note_bring"), Text: words.T("portal.note_bring_text",
			"papers", words.List(labels(words, f.Bound.Service, c.Pending)), "where", f.counter())})
	}
	if out == nil {
		out = []notice.View{{Kind: notice.Info, Title: words.T("portal.note_wait"), Text: words.T("portal.note_wait_text")}}
	}
	return out
}

// counter is where papers are brought.
func (f found) counter() string {
	if u := f.Words.Government.Unit(f.Case.Unit); u != nil {
		return f.Words.Unit(u.ID) + ", " + u.Address
	}
	return ""
}

// late names whom lateness called in.
func (f found) late() string {
	if f.Case.Escalated != "" {
		return f.Words.Called(f.Case.Escalated)
	}
	return f.Words.Holder(f.Case.Holder)
}

// before is a notice with the moment until which the applicant may act.
func (p *Portal) before(f found, kind notice.Kind, key string) notice.View {
	words := f.Words.Printer
	v := notice.View{Kind: kind, Title: f.Words.Say(key)}
	if d, ok := f.Case.Deadline(f.Case.Step); ok && !d.Due.IsZero() {
		v.Text = f.Words.Say(key+"_until", "due", words.Day(d.Due.In(f.Words.Zone)))
	}
	if reason := f.Words.Reason(f.Case.Reason); reason != "" && kind == notice.Late {
		v.Text = reason + ". " + v.Text
	}
	return v
}

// labels are the names of fields.
func labels(words *page.Printer, s *definition.Service, ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if f := s.Field(id); f != nil {
			out = append(out, words.Of(f.Label))
		}
	}
	return out
}

// unlockForm asks for the secret. It is a page of its own, so that the page of
// a case is the same for everybody who has the code.
func (p *Portal) unlockForm(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.caseOf(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	title := f.Words.Printer.T("portal.unlock_title")
	return p.private(w, r, title, unlockPage(f.Code, title, "", nil))
}

// unlock shows the secret once for this browser's session.
func (p *Portal) unlock(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.caseOf(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	_, err = p.Cases.Unlock(r.Context(), f.Code, r.PostForm.Get("secret"), p.Address(r))
	if fault.Is(err, fault.Unknown) {
		flt := fault.Of(err)
		text := f.Words.Printer.TMap(flt.Key, flt.Args)
		title := f.Words.Printer.T("portal.unlock_title")
		return p.wrong(w, r, title, unlockPage(f.Code, title, text, []errorsummary.Item{{Field: "secret", Text: text}}))
	}
	if err != nil {
		return err
	}
	p.keepSecret(w, f.path(""), f.Code, r.PostForm.Get("secret"))
	return redirect(w, r, f.path(""))
}

// lock makes this browser forget the secret.
func (p *Portal) lock(w http.ResponseWriter, r *http.Request) error {
	c, _, err := code(r)
	if err != nil {
		return err
	}
	p.dropSecret(w, "/track/"+c)
	return redirect(w, r, "/track/"+c)
}

// offered are the applicant's own actions at the present step, but for sending
// the form again, which has a page of its own.
func (p *Portal) offered(ctx context.Context, f found) ([]definition.Action, error) {
	all, err := p.Cases.Offers(ctx, f.Case, fold.Holder{Who: "applicant"})
	return slices.DeleteFunc(slices.Clone(all), func(a definition.Action) bool { return a.Kind == definition.ActSubmit }), err
}
