package caseview_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/government"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/rule"
	"pendopo/web"
	"pendopo/web/component/daystrip"
	"pendopo/web/component/tag"
	"pendopo/web/scope"
)

func demo(t *testing.T, service string) (caseview.Words, *definition.Government) {
	t.Helper()
	g, findings := definition.Read(government.FS)
	if definition.Failed(findings) {
		t.Fatal(findings)
	}
	texts, err := page.LoadCatalogue(web.Locale(), true)
	if err != nil {
		t.Fatal(err)
	}
	return caseview.Words{Printer: texts.Printer("id"), Government: g, Service: g.Service(service), Zone: time.FixedZone("WIB", 7*3600)}, g
}

func at(day, hour int) time.Time {
	return time.Date(2026, 3, day, hour, 0, 0, 0, time.FixedZone("WIB", 7*3600))
}

func TestTagSaysTheStateAsTheReaderMeetsIt(t *testing.T) {
	w, _ := demo(t, "sip-bidan")
	now := at(20, 9)
	officer, applicant := fold.Holder{Who: "role", Role: "petugas_ptsp", Unit: "dpmptsp"}, fold.Holder{Who: "applicant"}
	running := fold.Deadline{ID: fold.CaseDeadline, Due: at(27, 16), State: fold.Running, Pauses: true}
	over := running
	over.Due = at(18, 16)
	for name, c := range map[string]struct {
		in   fold.Case
		want tag.Kind
	}{
		"at work":               {fold.Case{Step: "completeness", Holder: officer, Deadlines: []fold.Deadline{running}}, tag.Work},
		"over its time":         {fold.Case{Step: "completeness", Holder: officer, Deadlines: []fold.Deadline{over}}, tag.Late},
		"returned":              {fold.Case{Step: "fill", Holder: applicant, Stops: []fold.Stop{{Reason: fold.StopReturned, From: at(19, 9)}}}, tag.Wait},
		"stopped":               {fold.Case{Step: "recommendation", Holder: officer, Stops: []fold.Stop{{Reason: "site_visit", From: at(19, 9)}}}, tag.Pause},
		"rejected, may object":  {fold.Case{Step: "objection", Holder: applicant, Reason: "facility_unfit"}, tag.Bad},
		"rejected":              {fold.Case{Outcome: definition.Rejected}, tag.Bad},
		"issued, to be fetched": {fold.Case{Step: "deliver", Holder: applicant, Document: &fold.Document{}}, tag.Good},
		"granted":               {fold.Case{Outcome: definition.Granted}, tag.Good},
		"withdrawn":             {fold.Case{Outcome: definition.Withdrawn}, tag.Done},
		"closed":                {fold.Case{Outcome: definition.Closed}, tag.Done},
	} {
		if got := w.Tag(c.in, now); got.Kind != c.want || got.Text == "" {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
}

func TestClockThatEverybodyWatches(t *testing.T) {
	promised := fold.Deadline{ID: fold.CaseDeadline, State: fold.Running}
	step := fold.Deadline{ID: "decide", State: fold.Running}
	met := promised
	met.State = fold.Met
	missed := step
	missed.State = fold.Missed
	for name, c := range map[string]struct {
		in   fold.Case
		want string
	}{
		"before the promise runs":   {fold.Case{Step: "decide", Deadlines: []fold.Deadline{step}}, "decide"},
		"while it runs":             {fold.Case{Step: "decide", Deadlines: []fold.Deadline{step, promised}}, fold.CaseDeadline},
		"after it was met, step on": {fold.Case{Step: "decide", Deadlines: []fold.Deadline{step, met}}, "decide"},
		"opened again, and late":    {fold.Case{Step: "decide", Deadlines: []fold.Deadline{missed, met}}, "decide"},
		"met and issued":            {fold.Case{Step: "decide", Document: &fold.Document{}, Deadlines: []fold.Deadline{step, met}}, fold.CaseDeadline},
		"none":                      {fold.Case{Step: "fill"}, ""},
	} {
		if got, _ := caseview.Clock(c.in); got.ID != c.want {
			t.Errorf("%s: %q, want %q", name, got.ID, c.want)
		}
	}
}

func TestStripSaysEveryDayTwice(t *testing.T) {
	w, g := demo(t, "sip-bidan")
	files := map[string][]byte{}
	for _, c := range g.Calendars {
		files[c.Path] = c.Data
	}
	set, err := deadline.ParseCalendar(files)
	if err != nil {
		t.Fatal(err)
	}
	u := g.Unit("dpmptsp")
	office, err := set.Office(deadline.UnitSpec{Calendar: u.Calendar, Zone: g.Profile.Zone, Hours: u.Hours})
	if err != nil {
		t.Fatal(err)
	}
	clock := deadline.Clock{Set: set, Office: office}
	p, err := clock.Due(deadline.Span{N: 5, Unit: deadline.WorkingDay}, at(13, 9), nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.Strip("x", clock, p, at(25, 10))
	if err != nil {
		t.Fatal(err)
	}
	counted, today, due, ahead := 0, 0, 0, 0
	for _, d := range v.Days {
		if d.Number == "" || d.Twin == "" {
			t.Errorf("a box without words: %+v", d)
		}
		if d.Kind == daystrip.Counted {
			counted++
		}
		if d.Today {
			today++
		}
		if d.Due {
			due++
		}
		if d.Ahead {
			ahead++
		}
	}
	if counted != 5 || today != 1 || due != 1 || ahead == 0 || v.Days[0].Kind != daystrip.Received {
		t.Errorf("%d counted, %d today, %d due, %d ahead, begins %s", counted, today, due, ahead, v.Days[0].Kind)
	}
	all := ""
	for _, d := range v.Days {
		all += d.Twin + "\n"
	}
	for _, want := range []string{"Kam 19 Mar", "Nyepi", "hari ke-5", "jatuh tempo", "hari ini"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q:\n%s", want, all)
		}
	}
}

func TestFaultsNameTheirFieldsAndLeadThere(t *testing.T) {
	w, _ := demo(t, "surat-keterangan-domisili")
	err := fault.Join([]*fault.Fault{
		fault.New(fault.Invalid, "fault.body_large").At("name").With("limit", "1 kB"), fault.New(fault.Invalid, "fault.body_type").At("birth_date"),
		fault.New(fault.Invalid, "fault.body_type").At("sex"), fault.New(fault.Invalid, "fault.body_type").At("region"),
	})
	words, items, rest := caseview.Faults(w.Service, w.Printer, err)
	if rest != nil || len(items) != 4 || !strings.Contains(words["name"], "1 kB") {
		t.Fatalf("%v %v %v", words, items, rest)
	}
	for i, want := range []string{"name", "birth_date-day", "sex-1", "region"} {
		if items[i].Field != want {
			t.Errorf("the link to %s leads to %s", want, items[i].Field)
		}
	}
	if _, _, rest := caseview.Faults(w.Service, w.Printer, fault.New(fault.Internal, "fault.internal")); rest == nil {
		t.Error("our own fault is shown as the applicant's")
	}
	if _, items, rest := caseview.Faults(w.Service, w.Printer, nil); items != nil || rest != nil {
		t.Error("nothing wrong is something")
	}
}

// TestFieldsShowWhatWasTyped renders every field of a form with answers, and
// with what was typed beside a fault.
func TestFieldsShowWhatWasTyped(t *testing.T) {
	w, g := demo(t, "surat-keterangan-domisili")
	rules, problems := rule.Compile(w.Service)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	f := caseview.Fields{Words: w, Form: form.New(w.Service, rules).With(g.RegionSet()), Limit: func(definition.Field) string { return "PDF" },
		Answers: form.Answers{"name": "Wulan", "birth_date": "1995-07-14", "phone": "+62812000", "rt": int64(2), "region": "33.60.01.1001", "sex": "perempuan"},
		Faults:  map[string]string{"nik": "NIK belum diisi."}}
	html := func() string {
		var b strings.Builder
		ctx := templ.InitializeContext(scope.With(context.Background(), &scope.Scope{Words: w.Printer}))
		for _, pg := range w.Service.Form.Pages {
			for _, d := range pg.Fields {
				if err := f.Show(d).Render(ctx, &b); err != nil {
					t.Fatal(err)
				}
			}
		}
		return b.String()
	}
	shown := html()
	for _, want := range []string{`value="Wulan"`, `name="birth_date-month" value="7"`, `value="0812000"`, `<optgroup label="Kecamatan Banyusekar">`, `value="33.60.01.1001" selected`,
		`id="sex-1" name="sex" value="perempuan" checked`, `aria-describedby="nik-hint nik-error"`, "NIK belum diisi."} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %s", want)
		}
	}
	f.Typed = map[string][]string{"name": {"W<b>"}, "birth_date-day": {"31"}}
	typed := html()
	if !strings.Contains(typed, `value="W&lt;b&gt;"`) || !strings.Contains(typed, `name="birth_date-day" value="31"`) || strings.Contains(typed, `value="Wulan"`) {
		t.Error("what was typed is not shown as it was typed")
	}
}

// TestWithTheCodeAloneNobodyReadsWhoWasWrittenTo: the code of a shown report is
// known to everybody.
func TestWithTheCodeAloneNobodyReadsWhoWasWrittenTo(t *testing.T) {
	c := fold.Case{Changed: at(20, 12), Marks: []fold.Mark{{Kind: fold.Submitted, At: at(17, 8)}, {Kind: fold.Told, At: at(17, 9), Means: "sms"},
		{Kind: fold.Dispatched, At: at(18, 9)}, {Kind: fold.Wrote, At: at(20, 12)}}}
	open := caseview.Openly(c)
	if len(open.Marks) != 2 || open.Marks[1].Kind != fold.Dispatched || !open.Changed.Equal(at(18, 9)) || len(c.Marks) != 4 {
		t.Errorf("%+v", open)
	}
}
