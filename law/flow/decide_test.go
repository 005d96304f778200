package flow_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

func (r *run) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatalf("at step %s: %v", r.state.Step, err)
	}
}

func (r *run) refused(err error, key string) {
	r.t.Helper()
	if err == nil || !has(fault.Of(err), key) {
		r.t.Fatalf("at step %s: got %v, want %s", r.state.Step, err, key)
	}
}

func has(f *fault.Fault, key string) bool {
	return f.Key == key || slices.ContainsFunc(f.More, func(m *fault.Fault) bool { return has(m, key) })
}

func (r *run) due(id string) time.Time {
	r.t.Helper()
	d, ok := r.state.Deadline(id)
	if !ok {
		r.t.Fatalf("no deadline %s", id)
	}
	return d.Due
}

func (r *run) stateOf(id string) string {
	d, _ := r.state.Deadline(id)
	return d.State
}

// lapse lets time come to a deadline and pass it.
func (r *run) lapse(id string) {
	r.t.Helper()
	r.now = r.due(id).Add(time.Microsecond)
	r.must(r.do(flow.Command{Do: flow.DoLapse, Deadline: id, By: system}, flow.Facts{}))
}

func TestNobodyActsOutOfTurn(t *testing.T) {
	r := newTown(t).begin("surat-keterangan-domisili", wib("2026-03-16 09:00"))
	r.must(r.submit(r.now))
	for name, by := range map[string]fold.Holder{
		"the applicant":              applicant,
		"the system":                 system,
		"another role":               {Who: "role", Role: "lurah", Unit: "kel-sekararum"},
		"the same role of elsewhere": {Who: "role", Role: "petugas_layanan", Unit: "kel-tegalwangi"},
	} {
		err := r.do(flow.Command{Do: flow.DoAct, Action: "approve", By: by, Checks: r.checks(true)}, flow.Facts{})
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.refused(r.do(flow.Command{Do: flow.DoAct, Action: "approve", By: r.state.Holder, Seen: r.state.Version + 1}, flow.Facts{}), "fault.acted_first")
	r.refused(r.act("issued"), "flow.no_such_action")
}

func TestReviewIsWholeOrNothing(t *testing.T) {
	r := newTown(t).begin("surat-keterangan-domisili", wib("2026-03-16 09:00"))
	r.must(r.submit(r.now))
	by := r.state.Holder
	open := r.checks(true)
	open["letter"] = false
	r.refused(r.do(flow.Command{Do: flow.DoAct, Action: "approve", By: by, Checks: open}, flow.Facts{}), "flow.check_open")
	back := flow.Command{Do: flow.DoAct, Action: "return", By: by, Checks: open}
	r.refused(r.do(back, flow.Facts{}), "flow.no_defect_named")
	back.Defects = []flow.Defect{{ID: "identity", Words: "NIK tidak cocok"}}
	r.refused(r.do(back, flow.Facts{}), "flow.defect_unexplained")
	back.Checks = map[string]bool{"letter": false}
	back.Defects = []flow.Defect{{ID: "letter", Words: "Belum bertanggal"}}
	r.refused(r.do(back, flow.Facts{}), "flow.check_unjudged")
	back.Checks = open
	back.Defects = append(back.Defects, flow.Defect{ID: "Sekar Ayu 3360011703950001", Words: "Perbaiki"})
	r.refused(r.do(back, flow.Facts{}), "flow.defect_unknown")
	back.Defects[1].ID = "street"
	back.Checks["anybody's own words"] = true
	r.must(r.do(back, flow.Facts{}))
	if bytes.Contains(r.events[len(r.events)-1].Clear, []byte("own words")) {
		t.Error("a judgement of a line that the checklist does not have stands in the record")
	}
	if r.state.Step != "fill" || r.stateOf(fold.CaseDeadline) != fold.Paused {
		t.Errorf("after a return: step %s, clock %s", r.state.Step, r.stateOf(fold.CaseDeadline))
	}
}

func TestSecondReturnNeedsTheSupervisor(t *testing.T) {
	r := newTown(t).begin("surat-keterangan-domisili", wib("2026-03-16 09:00"))
	r.must(r.submit(r.now))
	back := func(role string) error {
		by := r.state.Holder
		by.Role = role
		return r.do(flow.Command{Do: flow.DoAct, Action: "return", By: by, Checks: r.checks(true),
			Defects: []flow.Defect{{ID: "letter", Words: "Belum bertanggal"}}}, flow.Facts{})
	}
	again := func() error {
		return r.do(flow.Command{Do: flow.DoAct, Action: "submit", By: applicant, Answers: r.answers}, flow.Facts{})
	}
	r.must(back("petugas_layanan"))
	r.must(again())
	r.refused(back("petugas_layanan"), "flow.return_needs_supervisor")
	r.must(back("lurah"))
	r.must(again())
}

// TestAReturnStopsTheClockAndResumesWhereItStood counts working minutes: two of
// ten have run when the file goes back, so eight are left when it returns.
func TestAReturnStopsTheClockAndResumesWhereItStood(t *testing.T) {
	r := newTown(t).begin("surat-keterangan-domisili", wib("2026-03-16 09:00"))
	r.must(r.submit(r.now))
	r.now = wib("2026-03-16 09:02")
	r.must(r.do(flow.Command{Do: flow.DoAct, Action: "return", By: r.state.Holder, Checks: r.checks(true),
		Defects: []flow.Defect{{ID: "letter", Words: "Belum bertanggal"}}}, flow.Facts{}))
	r.now = wib("2026-03-17 08:30")
	r.must(r.do(flow.Command{Do: flow.DoAct, Action: "submit", By: applicant, Answers: r.answers}, flow.Facts{}))
	if want := wib("2026-03-17 08:38"); !r.due(fold.CaseDeadline).Equal(want) {
		t.Errorf("due %v, want %v", r.due(fold.CaseDeadline), want)
	}
}

func TestPaperReceivedEarlierIsCountedFromThen(t *testing.T) {
	r := newTown(t).begin("surat-keterangan-domisili", wib("2026-03-16 14:00"))
	r.refused(r.submit(r.now.Add(time.Minute)), "flow.received_in_future")
	r.refused(r.submit(r.now.AddDate(-1, 0, -3)), "flow.received_too_long_ago")
	r.must(r.submit(wib("2026-03-16 08:30")))
	if want := wib("2026-03-16 08:40"); !r.due(fold.CaseDeadline).Equal(want) {
		t.Errorf("due %v, want %v: typing late must not win time", r.due(fold.CaseDeadline), want)
	}
}

// TestSilenceGrants follows a licence that nobody touches: completeness not
// judged in time counts as complete, and the promised time not kept grants.
func TestSilenceGrants(t *testing.T) {
	r := newTown(t).begin("sip-bidan", wib("2026-03-02 09:00"))
	r.must(r.submit(r.now))
	if _, ok := r.state.Deadline(fold.CaseDeadline); ok {
		t.Fatal("the promised clock runs before the file is complete")
	}
	complete := r.due("completeness")
	r.lapse("completeness")
	if !r.state.Complete.Equal(complete) || r.state.Step != "recommendation" {
		t.Fatalf("complete %v at step %s", r.state.Complete, r.state.Step)
	}
	for r.state.Outcome == "" && r.state.Number == "" {
		next := fold.CaseDeadline
		for _, d := range r.state.Deadlines {
			if d.State == fold.Running && d.Due.Before(r.due(next)) {
				next = d.ID
			}
		}
		r.lapse(next)
	}
	if r.state.Basis != "UU 30/2014 pasal 53" || r.state.Step != "issue" || r.stateOf(fold.CaseDeadline) != fold.Missed {
		t.Errorf("granted on %q at step %s, clock %s", r.state.Basis, r.state.Step, r.stateOf(fold.CaseDeadline))
	}
	if r.refusedLapse(fold.CaseDeadline) == nil {
		t.Error("a deadline fired twice")
	}
}

func (r *run) refusedLapse(id string) error {
	return r.do(flow.Command{Do: flow.DoLapse, Deadline: id, By: system}, flow.Facts{})
}

// TestStopIsListedBoundedAndEndsByItself stops a licence's clock for a visit.
func TestStopIsListedBoundedAndEndsByItself(t *testing.T) {
	r := newTown(t).begin("sip-bidan", wib("2026-04-06 09:00"))
	r.must(r.submit(r.now))
	r.refused(r.stop("site_visit"), "flow.stop_not_listed") // not at this step
	r.must(r.act("approve"))
	r.refused(r.stop("holiday_mood"), "flow.stop_not_listed")
	before := r.due(fold.CaseDeadline)
	r.now = wib("2026-04-08 10:00")
	r.must(r.stop("site_visit"))
	if r.stateOf(fold.CaseDeadline) != fold.Paused {
		t.Fatalf("the clock is %s", r.stateOf(fold.CaseDeadline))
	}
	r.refused(r.act("recommend"), "flow.resume_first")
	r.refused(r.stop("confirmation"), "flow.clock_not_running")
	r.lapse(fold.StopDeadline) // its five working days are over: the clock runs on by itself
	if r.stateOf(fold.CaseDeadline) != fold.Running || !r.due(fold.CaseDeadline).After(before) {
		t.Errorf("after the stop: %s, due %v", r.stateOf(fold.CaseDeadline), r.due(fold.CaseDeadline))
	}
	r.refused(r.stop("site_visit"), "flow.stop_used_up")
}

func (r *run) stop(reason string) error {
	return r.do(flow.Command{Do: flow.DoStop, Reason: reason, By: r.state.Holder}, flow.Facts{})
}

func TestASuspendedUnitStandsStillOnce(t *testing.T) {
	r := newTown(t).begin("sip-bidan", wib("2026-04-06 09:00"))
	r.must(r.submit(r.now))
	r.must(r.do(flow.Command{Do: flow.DoSuspend, By: system, Evidence: "800/1/2026"}, flow.Facts{}))
	if r.stateOf("completeness") != fold.Paused {
		t.Errorf("the step's clock is %s", r.stateOf("completeness"))
	}
	r.now = wib("2026-04-13 09:00")
	r.must(r.do(flow.Command{Do: flow.DoUnsuspend, By: system}, flow.Facts{}))
	if want := wib("2026-04-16 16:00"); !r.due("completeness").Equal(want) {
		t.Errorf("due %v, want %v", r.due("completeness"), want)
	}
	r.refused(r.do(flow.Command{Do: flow.DoSuspend, By: system, Evidence: "800/2/2026"}, flow.Facts{}), "flow.suspended_before")
}

func TestARejectionMayBeObjectedTo(t *testing.T) {
	r := newTown(t).begin("sip-bidan", wib("2026-04-06 09:00"))
	r.must(r.submit(r.now))
	r.must(r.act("approve"))
	r.must(r.act("recommend"))
	no := flow.Command{Do: flow.DoAct, Action: "reject", By: r.state.Holder}
	r.refused(r.do(no, flow.Facts{}), "flow.reason_not_listed")
	no.Reason = "facility_unfit"
	r.must(r.do(no, flow.Facts{}))
	if r.stateOf(fold.CaseDeadline) != fold.Met || r.state.Reason != "facility_unfit" {
		t.Errorf("clock %s, reason %q", r.stateOf(fold.CaseDeadline), r.state.Reason)
	}
	r.must(r.do(flow.Command{Do: flow.DoAct, Action: "object", By: applicant}, flow.Facts{}))
	if r.state.Step != "reconsider" || r.stateOf("reconsider") != fold.Running {
		t.Errorf("step %s, clock %s", r.state.Step, r.stateOf("reconsider"))
	}
}
