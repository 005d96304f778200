package flow_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// reported is a complaint that has just reached the government.
func reported(t *testing.T, now time.Time, answers form.Answers) *run {
	t.Helper()
	r := newTown(t).begin("pengaduan", now)
	for id, v := range answers {
		r.answers[id] = v
	}
	r.must(r.submit(now))
	return r
}

// dispatched is one that a unit has to answer.
func dispatched(t *testing.T, unit string, given form.Answers) *run {
	t.Helper()
	r := reported(t, wib("2026-03-02 09:00"), nil)
	r.now = wib("2026-03-03 10:00")
	r.must(r.dispatch(unit, given))
	return r
}

func (r *run) dispatch(unit string, given form.Answers) error {
	all := form.Answers{"kind": r.answers["kind"], "category": r.answers["category"]}
	for id, v := range given {
		all[id] = v
	}
	return r.at(r.state.Step, "dispatch", func(c *flow.Command) { c.Unit, c.Given = unit, all })
}

var proof = []fold.File{{ID: "upload-proof", Hash: "h"}}

func (r *run) finishes() error {
	return r.at(r.state.Step, "finish", func(c *flow.Command) {
		c.Given, c.Files = form.Answers{"done": "Sudah ditambal", "proof": []string{"upload-proof"}}, proof
	})
}

func (r *run) tell(at time.Time) error {
	return r.do(flow.Command{Do: flow.DoTold, By: system}, flow.Facts{Told: &flow.Told{Notice: "step", Channel: "sms", Step: r.state.Step, At: at}})
}

func (r *run) says(action string) error {
	return r.do(flow.Command{Do: flow.DoAct, Action: action, By: applicant, Note: "Masih berlubang", Seen: r.state.Version}, flow.Facts{})
}

func TestAComplaintIsSolved(t *testing.T) {
	r := dispatched(t, "dpupr", form.Answers{"category": "jalan"})
	if r.state.Unit != "dpupr" || r.state.Holder != at("dpupr", "pengelola_pengaduan") {
		t.Fatalf("with %s, the turn of %+v", r.state.Unit, r.state.Holder)
	}
	if r.state.Answers["category"] != "jalan" || r.state.Complete.IsZero() {
		t.Errorf("corrected to %v, complete at %v", r.state.Answers["category"], r.state.Complete)
	}
	if d, _ := r.state.Deadline(fold.CaseDeadline); d.Within != "14 working days" || d.Unit != "dpupr" || !d.From.Equal(r.now) {
		t.Errorf("promised %+v", d)
	}
	r.must(r.at("answer", "answer", func(c *flow.Command) { c.Given = form.Answers{"first_answer": "Besok ditambal."} }))
	r.must(r.finishes())
	if r.state.Step != "reply" || r.stateOf(fold.CaseDeadline) != fold.Met || len(r.state.Evidence) != 1 {
		t.Fatalf("at %s, the promise %s, with %v", r.state.Step, r.stateOf(fold.CaseDeadline), r.state.Evidence)
	}
	r.must(r.says("solved"))
	if r.state.Outcome != "granted" {
		t.Errorf("ended %s", r.state.Outcome)
	}
	want := []string{fold.Submitted, fold.Dispatched, fold.Forwarded, fold.Finished, fold.Confirmed}
	if got := kindsOf(r.state); !slices.Equal(got, want) {
		t.Errorf("happened: %v", got)
	}
}

// TestACorrectedKindHasItsOwnTime: what was sent as a complaint is a question, and
// the limits are those of a question from then on.
func TestACorrectedKindHasItsOwnTime(t *testing.T) {
	r := dispatched(t, "dlh", form.Answers{"kind": "informasi"})
	promise, _ := r.state.Deadline(fold.CaseDeadline)
	step, _ := r.state.Deadline("answer")
	if promise.Within != "5 working days" || step.Within != "2 working days" {
		t.Errorf("promised %s, to be answered in %s", promise.Within, step.Within)
	}
}

func TestACorrectionIsOneOfTheFormsChoices(t *testing.T) {
	r := reported(t, wib("2026-03-02 09:00"), nil)
	r.refused(r.dispatch("dlh", form.Answers{"category": "bulan"}), "form.choice_unknown")
	r.refused(r.dispatch("dlh", form.Answers{"what": "lain"}), "form.unknown_answer")
	r.refused(r.dispatch("", nil), "flow.unit_missing")
	r.refused(r.dispatch("nowhere", nil), "flow.unit_unknown")
	r.refused(r.at("verify", "dispatch", func(c *flow.Command) { c.Unit = "dlh" }), "form.choice_missing")
	r.refused(r.at("verify", "dispatch", func(c *flow.Command) { c.Unit, c.Checks = "dlh", nil }), "flow.check_unjudged")
}

func TestNotOursOnceAndThenThroughTheSuperior(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	back := func(role, words string) error {
		return r.at("answer", "not_ours", func(c *flow.Command) { c.By.Role, c.Note = role, words })
	}
	r.refused(back("pengelola_pengaduan", " "), "flow.words_missing")
	promise := r.due(fold.CaseDeadline)
	r.must(back("pengelola_pengaduan", "Jalan itu wewenang DPUPR"))
	if r.state.Step != "verify" || r.state.Unit != "setda" || !r.due(fold.CaseDeadline).Equal(promise) {
		t.Fatalf("at %s with %s, promised until %v", r.state.Step, r.state.Unit, r.due(fold.CaseDeadline))
	}
	r.must(r.dispatch("dpupr", nil))
	if !r.due(fold.CaseDeadline).Equal(promise) {
		t.Error("the promise began again")
	}
	r.refused(back("pengelola_pengaduan", "Juga bukan"), "flow.send_back_needs_supervisor")
	r.must(back("atasan_pengaduan", "Juga bukan"))
}

// TestVerifyingLateStartsThePromise: the coordinator is late, superiors are called
// in, and the clock of the whole begins where it should have.
func TestVerifyingLateStartsThePromise(t *testing.T) {
	r := reported(t, wib("2026-03-02 09:00"), nil)
	due := r.due("verify")
	r.lapse("verify")
	d, ok := r.state.Deadline(fold.CaseDeadline)
	if r.state.Step != "verify" || !ok || !d.From.Equal(due) {
		t.Fatalf("at %s, the promise %+v", r.state.Step, d)
	}
	r.must(r.at("verify", "dispatch", func(c *flow.Command) {
		c.By.Role, c.Unit, c.Given = "atasan_pengaduan", "dlh", form.Answers{"kind": "pengaduan", "category": "sampah"}
	}))
	if !r.state.Complete.Equal(due) {
		t.Errorf("complete at %v", r.state.Complete)
	}
}

// TestLatenessCallsInTheSuperiorAndTheInspector: the superior when a step is late,
// the inspector when the whole is, each at their own unit.
func TestLatenessCallsInTheSuperiorAndTheInspector(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	r.lapse("answer")
	if got := r.state.CalledIn(); !slices.Equal(got, []string{"atasan_pengaduan"}) {
		t.Fatalf("called in for the step: %v", got)
	}
	r.lapse(fold.CaseDeadline)
	if got := r.state.CalledIn(); !slices.Equal(got, []string{"inspektur@inspektorat", "atasan_pengaduan"}) {
		t.Fatalf("called in: %v", got)
	}
	for _, by := range []fold.Holder{at("dlh", "inspektur"), at("inspektorat", "atasan_pengaduan"), at("dpupr", "atasan_pengaduan")} {
		r.refused(r.at("answer", "finish", func(c *flow.Command) { c.By = by }), "flow.not_your_turn")
	}
	r.must(r.at("answer", "answer", func(c *flow.Command) {
		c.By, c.Given = at("inspektorat", "inspektur"), form.Answers{"first_answer": "Segera."}
	}))
	if len(r.state.CalledIn()) > 0 {
		t.Errorf("still called in: %v", r.state.CalledIn())
	}
}

func TestFinishingNeedsProofOfAComplaint(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	bare := func() error {
		return r.at("answer", "finish", func(c *flow.Command) { c.Given = form.Answers{"done": "Sudah"} })
	}
	r.refused(bare(), "form.file_missing")
	r.refused(r.at("answer", "finish", nil), "form.missing")
	asked := dispatched(t, "dlh", form.Answers{"kind": "informasi"})
	asked.must(asked.at("answer", "finish", func(c *flow.Command) { c.Given = form.Answers{"done": "Buka jam delapan"} }))
}

// TestTheTimeToReplyRunsFromTheNotice, once, however often notice is given.
func TestTheTimeToReplyRunsFromTheNotice(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	r.must(r.finishes())
	if _, runs := r.state.Deadline("reply"); runs {
		t.Fatal("the time to reply runs before anybody was told")
	}
	r.now = r.now.Add(48 * time.Hour)
	r.must(r.tell(r.now.Add(-24 * time.Hour)))
	d, _ := r.state.Deadline("reply")
	if !d.From.Equal(r.now.Add(-24*time.Hour)) || d.State != fold.Running {
		t.Errorf("it runs from %v", d.From)
	}
	r.must(r.tell(r.now))
	if again, _ := r.state.Deadline("reply"); again != d {
		t.Errorf("a second notice moved it: %+v", again)
	}
	r.lapse("reply")
	if last := r.state.Marks[len(r.state.Marks)-1]; r.state.Outcome != "closed" || last.Kind != fold.Lapsed {
		t.Errorf("ended %s by %s", r.state.Outcome, last.Kind)
	}
	r.must(r.tell(r.now)) // of the end, too
}

// TestAnOldNoticeBeginsNothing: that the work was done the first time is told only
// when the reporter has said no, and it was done again.
func TestAnOldNoticeBeginsNothing(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	r.must(r.finishes())
	told := flow.Told{Notice: "first", Channel: "page", Step: "reply", Version: r.state.Version, At: r.now}
	r.must(r.says("not_solved"))
	r.now = r.now.Add(time.Hour)
	r.must(r.finishes())
	r.must(r.do(flow.Command{Do: flow.DoTold, By: system}, flow.Facts{Told: &told}))
	if d, ok := r.state.Deadline("reply"); ok && d.State == fold.Running {
		t.Errorf("nobody has been told that it was done again, and yet the time runs: %+v", d)
	}
	told.Notice, told.Version = "second", r.state.Version
	r.must(r.do(flow.Command{Do: flow.DoTold, By: system}, flow.Facts{Told: &told}))
	if d, ok := r.state.Deadline("reply"); !ok || d.State != fold.Running {
		t.Errorf("told, and the time does not run: %+v", d)
	}
}

// TestANoticeIsNotGivenBeforeThereIsOne: one that says it was counts from the
// moment that the case came there.
func TestANoticeIsNotGivenBeforeThereIsOne(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	r.must(r.finishes())
	came := r.now
	r.now = r.now.Add(time.Hour)
	r.must(r.tell(came.AddDate(0, 0, -7)))
	if d, _ := r.state.Deadline("reply"); !d.From.Equal(came) {
		t.Errorf("it runs from %v, and the case came there at %v", d.From, came)
	}
	r.refused(r.do(flow.Command{Do: flow.DoTold, By: system}, flow.Facts{Told: &flow.Told{Notice: "step", Channel: "pigeon"}}), "flow.no_such_action")
}

// TestALetterMovesNothing: an officer posts it and it comes back; neither begins the
// reporter's time, nor makes stale what somebody is looking at.
func TestALetterMovesNothing(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	r.must(r.finishes())
	before, officer := r.state, fold.Holder{Who: "role", Role: "pengelola_pengaduan", Unit: "dlh"}
	post := func(by fold.Holder, p flow.Post) error {
		return r.do(flow.Command{Do: flow.DoPost, By: by}, flow.Facts{Post: &p})
	}
	r.must(post(officer, flow.Post{Notice: "n", Day: "2026-03-17", Number: "RR123456789ID"}))
	if last := r.state.Marks[len(r.state.Marks)-1]; last.Kind != fold.Posted || last.Day != "2026-03-17" || last.Notice != "n" {
		t.Errorf("posted: %+v", last)
	}
	r.must(post(officer, flow.Post{Notice: "n", Back: "moved"}))
	if r.state.Step != before.Step || len(r.state.Deadlines) != len(before.Deadlines) || flow.Moved(r.state, before.Version) {
		t.Errorf("a letter moved the case: %+v", r.state)
	}
	r.refused(post(fold.Holder{Who: "applicant"}, flow.Post{Notice: "n", Day: "2026-03-17"}), "flow.not_your_turn")
	r.refused(post(officer, flow.Post{Notice: "n", Back: "eaten"}), "flow.reason_not_listed")
	r.refused(post(officer, flow.Post{Notice: "n", Day: "17 Maret"}), "flow.no_such_action")
}

func TestNotSolvedOpensItAgainTwice(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	for n := range 3 {
		r.must(r.finishes())
		r.must(r.tell(r.now))
		if n == 2 {
			r.refused(r.says("not_solved"), "flow.reopened_enough")
			if got := r.offered(applicant); !slices.Equal(got, []string{"solved"}) {
				t.Errorf("offered in the end: %v", got)
			}
			return
		}
		r.refused(r.do(flow.Command{Do: flow.DoAct, Action: "not_solved", By: applicant}, flow.Facts{}), "flow.words_missing")
		r.must(r.says("not_solved"))
		if d, _ := r.state.Deadline("handle"); r.state.Step != "handle" || r.state.Reopened != n+1 || d.State != fold.Running || !d.From.Equal(r.now) {
			t.Fatalf("at %s, opened %d times, %+v", r.state.Step, r.state.Reopened, d)
		}
		r.now = r.now.Add(time.Hour)
	}
}

// offered are the actions that somebody may take now.
func (r *run) offered(by fold.Holder) (ids []string) {
	for _, a := range flow.Offers(flow.Input{
		Service: r.b.Service, Form: r.b.form, Rules: r.b.rules, Clock: r.clock, State: r.state, Answers: r.answers, Now: r.now,
		Command: flow.Command{By: by},
	}) {
		ids = append(ids, a.ID)
	}
	return ids
}

func TestEachIsOfferedTheirOwnActions(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	for by, want := range map[fold.Holder][]string{
		at("dlh", "pengelola_pengaduan"):     {"answer", "finish", "not_ours", "order", "help", "merge"},
		at("dlh", "atasan_pengaduan"):        {"not_ours"},
		at("dpupr", "pengelola_pengaduan"):   nil,
		at("setda", "koordinator_pengaduan"): nil,
		applicant:                            {"withdraw"},
	} {
		if got := r.offered(by); !slices.Equal(got, want) {
			t.Errorf("%+v is offered %v, want %v", by, got, want)
		}
	}
	r.must(r.finishes())
	if got := r.offered(applicant); !slices.Equal(got, []string{"solved", "not_solved"}) {
		t.Errorf("the reporter is offered %v", got)
	}
}

func TestOnlyTheReporterSaysWhetherItIsSolved(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	r.must(r.finishes())
	for _, by := range []fold.Holder{at("dlh", "pengelola_pengaduan"), at("setda", "koordinator_pengaduan"), system} {
		r.refused(r.do(flow.Command{Do: flow.DoAct, Action: "solved", By: by}, flow.Facts{}), "flow.not_your_turn")
	}
}

// TestSeveralUnitsHelpAtOnce: the case stays where it is, each answer is kept with
// its pictures, and finishing waits for all or takes the rest back.
func TestSeveralUnitsHelpAtOnce(t *testing.T) {
	r := dispatched(t, "dpupr", nil)
	ask := func(action, unit, words string) error {
		return r.at("answer", action, func(c *flow.Command) { c.Unit, c.Given = unit, form.Answers{words: "Tolong dikerjakan"} })
	}
	r.refused(ask("order", "", "order_words"), "flow.unit_missing")
	r.must(ask("order", "dpupr", "order_words"))
	r.must(ask("help", "dlh", "help_words"))
	if got := flow.ToHelp(r.state); len(got) != 2 || got[0].ID != "answer/1" || got[1].Service != "bantuan-unit" || r.state.Step != "answer" {
		t.Fatalf("to be asked: %+v at %s", got, r.state.Step)
	}
	if a := flow.AskedBy(r.b.Service, r.state.Asked[1]); a == nil || a.ID != "help" {
		t.Errorf("asked by %+v", a)
	}
	r.refused(r.finishes(), "flow.answers_first")
	helped := func(do, id, outcome string) error {
		q := fold.Asked{ID: id, Case: "case of " + id, Outcome: outcome}
		return r.do(flow.Command{Do: do, By: system}, flow.Facts{Asked: &q, Report: flow.Private{Given: form.Answers{"work_words": "Ditambal"}}, Files: proof})
	}
	r.refused(helped(flow.DoAnswered, "answer/1", "granted"), "flow.not_asking")
	r.must(helped(flow.DoConsulted, "answer/1", ""))
	r.refused(helped(flow.DoConsulted, "answer/1", ""), "flow.not_asking")
	r.must(helped(flow.DoConsulted, "answer/2", ""))
	r.must(helped(flow.DoAnswered, "answer/1", "granted"))
	if q, _ := r.state.Question("answer/1"); q.Outcome != "granted" || q.Unit != "dpupr" || len(r.state.Evidence) != 1 || r.state.Step != "answer" {
		t.Errorf("%+v with %v at %s", q, r.state.Evidence, r.state.Step)
	}
	before := r.state
	r.refused(r.do(flow.Command{Do: flow.DoRecallAsked, By: at("dlh", "pengelola_pengaduan"), Asked: "answer/2"}, flow.Facts{}), "flow.not_your_turn")
	r.must(r.do(flow.Command{Do: flow.DoRecallAsked, By: r.state.Holder, Asked: "answer/2"}, flow.Facts{}))
	if gone := flow.Recalled(before, r.state); len(gone) != 1 || gone[0].Case != "case of answer/2" {
		t.Errorf("to be taken back: %+v", gone)
	}
	r.must(r.finishes())
}

// TestLeavingTheStepGivesUpWhatWasAsked there.
func TestLeavingTheStepGivesUpWhatWasAsked(t *testing.T) {
	r := dispatched(t, "dpupr", nil)
	r.must(r.at("answer", "help", func(c *flow.Command) { c.Unit, c.Given = "dlh", form.Answers{"help_words": "Tolong"} }))
	q := fold.Asked{ID: "answer/1", Case: "w"}
	r.must(r.do(flow.Command{Do: flow.DoConsulted, By: system}, flow.Facts{Asked: &q}))
	before := r.state
	r.must(r.at("answer", "answer", func(c *flow.Command) { c.Given = form.Answers{"first_answer": "Besok"} }))
	if gone := flow.Recalled(before, r.state); len(gone) != 1 || len(r.state.Helping("")) != 0 {
		t.Errorf("to be taken back: %+v; open %+v", gone, r.state.Helping(""))
	}
}

// TestTheSameMatterHasOneClock: the merged report has none any more.
func TestTheSameMatterHasOneClock(t *testing.T) {
	r := reported(t, wib("2026-03-02 09:00"), nil)
	merge := func(into string) error { return r.at("verify", "merge", func(c *flow.Command) { c.Into = into }) }
	r.refused(merge(""), "flow.into_missing")
	r.refused(merge("s"), "flow.into_missing")
	r.must(r.do(flow.Command{Do: flow.DoTookIn, By: system}, flow.Facts{From: "third"}))
	r.refused(merge("third"), "flow.into_merged")
	r.must(merge("first"))
	if r.state.Outcome != "closed" || r.state.Into != "first" {
		t.Fatalf("ended %s into %q", r.state.Outcome, r.state.Into)
	}
	for _, d := range r.state.Deadlines {
		if d.State == fold.Running || d.State == fold.Paused {
			t.Errorf("%s is %s", d.ID, d.State)
		}
	}
	other := dispatched(t, "dlh", nil)
	before := other.state
	other.must(other.do(flow.Command{Do: flow.DoTookIn, By: system}, flow.Facts{From: "second"}))
	if other.state.Step != before.Step || len(other.state.Deadlines) != len(before.Deadlines) || !slices.Equal(other.state.Merged, []string{"second"}) {
		t.Errorf("at %s with %v", other.state.Step, other.state.Merged)
	}
	other.refused(other.do(flow.Command{Do: flow.DoTookIn, By: system}, flow.Facts{From: "second"}), "flow.no_such_action")
}

func TestARejectedReportMayBeObjectedTo(t *testing.T) {
	r := reported(t, wib("2026-03-02 09:00"), nil)
	r.must(r.at("verify", "reject", func(c *flow.Command) { c.Reason = "not_government" }))
	r.must(r.tell(r.now))
	r.must(r.says("object"))
	if r.state.Holder != at("setda", "atasan_pengaduan") {
		t.Fatalf("the turn of %+v", r.state.Holder)
	}
	r.must(r.dispatch("kel-sekararum", nil))
	if d, ok := r.state.Deadline(fold.CaseDeadline); !ok || d.State != fold.Running || r.state.Complete.IsZero() {
		t.Errorf("after an objection that was upheld the promise is %+v", d)
	}
}

// TestTheIdentityEntersNoEvent: it comes out of the decision by itself, and who
// sends the report again may leave it as it is.
func TestTheIdentityEntersNoEvent(t *testing.T) {
	r := newTown(t).begin("pengaduan", wib("2026-03-02 09:00"))
	in := flow.Input{Service: r.b.Service, Form: r.b.form, Rules: r.b.rules, Clock: r.clock, Now: r.now,
		Command: flow.Command{Do: flow.DoSubmit, By: applicant, Answers: r.answers},
		Facts:   flow.Facts{Stream: "s", Channel: "portal", Lang: "id", Unit: "setda", Received: r.now, Vault: "v"}}
	res, err := flow.Decide(in)
	r.must(err)
	if res.Vault["name"] != "Sekar Ayu Pelapor" || res.Vault["phone"] != "+6281200000077" || len(res.Vault) != 2 {
		t.Errorf("kept apart: %v", res.Vault)
	}
	raw, err := json.Marshal(res.Drafts)
	if err != nil || strings.Contains(string(raw), "Pelapor") || strings.Contains(string(raw), "81200000077") || !strings.Contains(string(raw), `"vault":"v"`) {
		t.Errorf("%v: %s", err, raw)
	}
	r.must(r.submit(r.now))
	r.must(r.at("verify", "return", func(c *flow.Command) { c.Defects = []flow.Defect{{ID: "what", Words: "Di mana?"}} }))
	delete(r.answers, "name")
	delete(r.answers, "phone")
	r.must(r.do(flow.Command{Do: flow.DoAct, Action: "submit", By: applicant, Answers: r.answers}, flow.Facts{}))
	if r.state.Vault != "v" {
		t.Errorf("the vault is %q", r.state.Vault)
	}
	r.answers["name"] = "Sekar Ayu Pelapor" // a new identity is whole or refused
	r.must(r.at("verify", "reject", func(c *flow.Command) { c.Reason = "flood" }))
}

// TestWhoIsNamedMustBeReachable at first, and who is anonymous need not be.
func TestWhoIsNamedMustBeReachable(t *testing.T) {
	r := newTown(t).begin("pengaduan", wib("2026-03-02 09:00"))
	delete(r.answers, "phone")
	r.refused(r.submit(r.now), "form.missing")
	r.answers["email"] = "sekar@contoh.id"
	r.must(r.submit(r.now))
	r = newTown(t).begin("pengaduan", wib("2026-03-02 09:00"))
	delete(r.answers, "phone")
	delete(r.answers, "name")
	r.answers["anonymous"] = "ya"
	r.must(r.submit(r.now))
}

func TestMessagesMoveNothing(t *testing.T) {
	r := dispatched(t, "dlh", nil)
	write := func(by fold.Holder, words string, files ...fold.File) error {
		return r.do(flow.Command{Do: flow.DoWrite, By: by, Note: words, Files: files}, flow.Facts{})
	}
	r.must(write(applicant, "Kapan dikerjakan?"))
	r.must(write(at("dlh", "pengelola_pengaduan"), "Besok."))
	r.refused(write(at("dpupr", "pengelola_pengaduan"), "Besok."), "flow.not_your_turn")
	r.refused(write(applicant, "  "), "flow.words_missing")
	r.refused(write(applicant, strings.Repeat("a", 2001)), "flow.message_long")
	r.refused(write(applicant, "Foto", proof[0], proof[0], proof[0], proof[0]), "flow.message_files")
	r.must(write(applicant, "", proof[0]))
	if r.state.Step != "answer" || len(r.state.Evidence) != 1 {
		t.Errorf("at %s with %v", r.state.Step, r.state.Evidence)
	}
	for range flow.MostUnanswered - 1 {
		r.must(write(applicant, "Halo?"))
	}
	r.refused(write(applicant, "Halo?"), "flow.messages_unanswered")
	r.must(write(at("dlh", "pengelola_pengaduan"), "Sedang dikerjakan."))
	r.must(write(applicant, "Terima kasih."))
	house := newTown(t).begin("surat-keterangan-domisili", wib("2026-03-16 09:00"))
	house.must(house.submit(house.now))
	house.refused(house.do(flow.Command{Do: flow.DoWrite, By: applicant, Note: "Halo"}, flow.Facts{}), "flow.no_messages")
}

func TestThePublicReadsWhatAnOfficerWrote(t *testing.T) {
	r := reported(t, wib("2026-03-02 09:00"), nil)
	coordinator := at("setda", "koordinator_pengaduan")
	words := flow.Words{Title: "Sampah menumpuk", Text: "Di belakang pasar."}
	publish := func(by fold.Holder, w *flow.Words, photos ...string) error {
		return r.do(flow.Command{Do: flow.DoPublish, By: by, Public: w, Photos: photos}, flow.Facts{})
	}
	hide := func(by fold.Holder, reason string) error {
		return r.do(flow.Command{Do: flow.DoHide, By: by, Reason: reason}, flow.Facts{})
	}
	r.refused(publish(applicant, &words), "flow.not_your_turn")
	r.refused(publish(at("dlh", "pengelola_pengaduan"), &words), "flow.not_your_turn")
	r.refused(publish(coordinator, nil), "flow.public_words")
	r.refused(publish(coordinator, &flow.Words{Title: "Dua\nbaris", Text: "x"}), "flow.public_words")
	r.refused(publish(coordinator, &words, "upload-nowhere"), "flow.public_photo")
	r.refused(hide(coordinator, "personal_data"), "flow.not_shown")
	r.must(publish(coordinator, &words))
	side := r.state.Public
	if side == nil || side.SHA256 != flow.Digest(words) || side.Category != "sampah" || side.Region != "33.60.01.1001" || side.Place != "-7.06000,110.93950" {
		t.Fatalf("shown: %+v", side)
	}
	r.refused(hide(coordinator, "dislike"), "flow.reason_not_listed")
	r.must(hide(coordinator, "personal_data"))
	r.must(r.at("verify", "dispatch", func(c *flow.Command) {
		c.Unit, c.Public, c.Given = "dlh", &words, form.Answers{"kind": "aspirasi", "category": "pohon"}
	}))
	if r.state.Public.Category != "pohon" || r.state.Public.Kind != "aspirasi" {
		t.Errorf("shown as it was, not as it was corrected: %+v", r.state.Public)
	}
	r.must(r.finishesAspiration())
	r.must(r.says("solved"))
	r.must(hide(coordinator, "harm")) // a slip is taken back after the end, too
}

func (r *run) finishesAspiration() error {
	return r.at("answer", "finish", func(c *flow.Command) { c.Given = form.Answers{"done": "Dicatat"} })
}

func TestWhatIsConfidentialIsNeverShown(t *testing.T) {
	r := reported(t, wib("2026-03-02 09:00"), form.Answers{"confidential": "ya"})
	words := &flow.Words{Title: "Sampah", Text: "Menumpuk."}
	r.refused(r.do(flow.Command{Do: flow.DoPublish, By: r.state.Holder, Public: words}, flow.Facts{}), "flow.confidential")
	r.refused(r.at("verify", "dispatch", func(c *flow.Command) {
		c.Unit, c.Public, c.Given = "dlh", words, form.Answers{"kind": "pengaduan", "category": "sampah"}
	}), "flow.confidential")
	house := newTown(t).begin("surat-keterangan-domisili", wib("2026-03-16 09:00"))
	house.must(house.submit(house.now))
	house.refused(house.do(flow.Command{Do: flow.DoPublish, By: house.state.Holder, Public: words}, flow.Facts{}), "flow.no_such_action")
}

// TestWhatBecomesConfidentialIsShownNoMore: an officer has shown a report and asks
// for more, and the reporter sends it again as a confidential one.
func TestWhatBecomesConfidentialIsShownNoMore(t *testing.T) {
	for confidential, shown := range map[string]bool{"ya": false, "tidak": true} {
		r := reported(t, wib("2026-03-02 09:00"), nil)
		r.must(r.do(flow.Command{Do: flow.DoPublish, By: r.state.Holder, Public: &flow.Words{Title: "Sampah", Text: "Menumpuk."}}, flow.Facts{}))
		r.must(r.at("verify", "return", func(c *flow.Command) { c.Defects = []flow.Defect{{ID: "what", Words: "Di mana?"}} }))
		r.answers["confidential"] = confidential
		r.must(r.do(flow.Command{Do: flow.DoAct, Action: "submit", By: applicant, Answers: r.answers}, flow.Facts{}))
		if (r.state.Public != nil) != shown || r.state.Step != "verify" {
			t.Errorf("confidential %s: at %s, shown %+v", confidential, r.state.Step, r.state.Public)
		}
	}
}

// TestADispatchLeavesASuspendedUnit: its standing still does not hold the case
// where it no longer is.
func TestADispatchLeavesASuspendedUnit(t *testing.T) {
	r := reported(t, wib("2026-03-02 09:00"), nil)
	r.must(r.do(flow.Command{Do: flow.DoSuspend, By: system, Evidence: "SK/1"}, flow.Facts{}))
	r.must(r.dispatch("dlh", nil))
	if _, stands := r.state.Standing(); stands || r.stateOf("answer") != fold.Running || r.stateOf(fold.CaseDeadline) != fold.Running {
		t.Errorf("still standing: %v; the answer is %s", r.state.Stops, r.stateOf("answer"))
	}
}

// TestAboutAnOfficialStaysWithTheInspectorate.
func TestAboutAnOfficialStaysWithTheInspectorate(t *testing.T) {
	r := newTown(t).begin("pengaduan-pengawasan", wib("2026-03-02 09:00"))
	r.must(r.submit(r.now))
	r.refused(r.at("verify", "dispatch", func(c *flow.Command) { c.Unit = "dlh" }), "flow.no_such_action")
	r.must(r.act("approve"))
	if d, _ := r.state.Deadline(fold.CaseDeadline); d.Within != "60 working days" || r.state.Unit != "inspektorat" {
		t.Errorf("promised %s, with %s", d.Within, r.state.Unit)
	}
	r.refused(r.do(flow.Command{Do: flow.DoPublish, By: r.state.Holder, Public: &flow.Words{Title: "a", Text: "b"}}, flow.Facts{}), "flow.no_such_action")
	if err := r.at("answer", "finish", nil); !fault.Is(err, fault.Conflict) {
		t.Errorf("finished without an inquiry: %v", err)
	}
}

// TestAnswersOfOfficersOutliveANewForm: what an officer answered stands beside what
// the reporter sends again.
func TestAnswersOfOfficersOutliveANewForm(t *testing.T) {
	w := newTown(t)
	r := w.begin("cek-lapangan", wib("2026-03-02 09:00"))
	r.must(r.submit(r.now))
	r.must(r.at("work", "done", func(c *flow.Command) {
		c.Given = form.Answers{"state": "partly", "seen_photo": []string{"upload-seen"}, "seen_words": "Sebagian"}
		c.Files = []fold.File{{ID: "upload-seen", Hash: "h"}}
	}))
	if r.state.Answers["state"] != "partly" || r.state.Outcome != "granted" || len(r.state.Evidence) != 1 {
		t.Errorf("%v, ended %s with %v", r.state.Answers, r.state.Outcome, r.state.Evidence)
	}
}
