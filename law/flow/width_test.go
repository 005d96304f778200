package flow_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// apply begins a case of a service of testdata with some answers changed.
func apply(t *testing.T, service string, now time.Time, answers form.Answers) *run {
	t.Helper()
	r := newTown(t).begin(service, now)
	for id, v := range answers {
		r.answers[id] = v
	}
	if err := r.submit(now); err != nil {
		t.Fatal(err)
	}
	return r
}

func kindsOf(c fold.Case) (kinds []string) {
	for _, m := range c.Marks {
		kinds = append(kinds, m.Kind)
	}
	return kinds
}

func TestTimesAndFeesAreChosenByCase(t *testing.T) {
	now := wib("2026-01-05 09:00")
	for _, c := range []struct {
		scale          string
		area           int64
		promise, check string
		fee            int64
		failed         string
	}{
		{"sedang", 5, "5 working days", "1 working day", 50_000, ""},
		{"besar", 5, "9 working days", "2 working days", 50_000, ""},
		{"besar", 60, "9 working days", "2 working days", 60_000, ""},
		{"kecil", 60, "5 working days", "1 working day", 0, ""},
		// A rule that cannot be asked: the shortest time, the least amount, and it is told.
		{"besar", 7, "4 working days", "2 working days", 50_000, "limit.cases[0].when"},
		{"besar", 500, "9 working days", "2 working days", 0, "standard.fee.cases[1].amount"},
	} {
		r := apply(t, "uji-izin", now, form.Answers{"scale": c.scale, "area": c.area})
		promise, _ := r.state.Deadline(fold.CaseDeadline)
		step, _ := r.state.Deadline("review")
		if promise.Within != c.promise || step.Within != c.check || r.state.Fee == nil || *r.state.Fee != c.fee {
			t.Errorf("%s %d: promised %q, checked in %q, costs %v", c.scale, c.area, promise.Within, step.Within, r.state.Fee)
		}
		failed := ""
		for _, e := range r.events {
			var ch fold.Change
			if err := json.Unmarshal(e.Clear, &ch); err != nil {
				t.Fatal(err)
			}
			if e.Kind == fold.RuleFailed {
				failed += ch.Rule
			}
		}
		if failed != c.failed {
			t.Errorf("%s %d: failed %q", c.scale, c.area, failed)
		}
	}
}

func TestAPlainServiceWritesNoFee(t *testing.T) {
	r := apply(t, "uji-kartu", wib("2026-01-05 09:00"), nil)
	if r.state.Fee != nil || len(r.events) != 1 {
		t.Errorf("fee %v in %d events", r.state.Fee, len(r.events))
	}
}

// TestWhatARuleGrantsNoPersonHolds: straight from the form to the numbered licence.
func TestWhatARuleGrantsNoPersonHolds(t *testing.T) {
	r := apply(t, "uji-izin", wib("2026-01-05 09:00"), form.Answers{"scale": "kecil", "area": int64(20), "ktp": []string{"upload-0001"}})
	if got := kindsOf(r.state); !slices.Equal(got, []string{fold.Submitted, fold.Forwarded, fold.Numbered}) {
		t.Fatalf("happened: %v", got)
	}
	m := r.state.Marks[1]
	if m.By.Who != "system" || m.Basis != "Perbup 1/2026" || r.state.Step != "issue" || r.state.Number == "" {
		t.Errorf("by %+v on %q, at %s", m.By, m.Basis, r.state.Step)
	}
	if d, _ := r.state.Deadline("review"); d.State != fold.Met {
		t.Errorf("the step that no person touched is %s", d.State)
	}
}

func TestAPersonDecidesWhereARuleDoesNot(t *testing.T) {
	now := wib("2026-01-05 09:00")
	for name, answers := range map[string]form.Answers{
		"a paper is still to come":    {"scale": "kecil", "area": int64(20)},
		"no rule holds":               {"scale": "besar", "area": int64(20), "ktp": []string{"upload-0001"}},
		"the rule could not be asked": {"scale": "kecil", "area": int64(13), "ktp": []string{"upload-0001"}},
	} {
		r := apply(t, "uji-izin", now, answers)
		if r.state.Step != "review" || r.state.Holder.Role != "petugas_ptsp" {
			t.Errorf("%s: at %s", name, r.state.Step)
		}
	}
}

// TestBranchesGoAtOnceAndTheLastOneCarriesOn walks three agencies in one order.
func TestBranchesGoAtOnceAndTheLastOneCarriesOn(t *testing.T) {
	r := apply(t, "uji-izin", wib("2026-01-05 09:00"), nil)
	r.must(r.at("review", "approve", nil))
	if r.state.Step != "agencies" || len(r.state.Branches) != 3 || r.state.Holder.Who != "system" {
		t.Fatalf("at %s with %+v", r.state.Step, r.state.Branches)
	}
	for _, step := range []string{"spatial", "building", "traffic"} {
		if d, _ := r.state.Deadline(step); d.State != fold.Running {
			t.Errorf("%s is %q", step, d.State)
		}
	}
	stranger := r.at("spatial", "approve", func(c *flow.Command) { c.By = at("dishub", "petugas_lalu_lintas") })
	r.refused(stranger, "flow.not_your_turn")
	r.must(r.at("traffic", "approve", nil))
	r.must(r.at("building", "approve", nil))
	if got := r.state.In("opinion"); got.Step != "opinion" || got.Holder.Role != "kepala_dpupr" {
		t.Errorf("the second step of a branch is %s of %+v", got.Step, got.Holder)
	}
	r.refused(r.at("traffic", "approve", func(c *flow.Command) { c.By = at("dishub", "petugas_lalu_lintas") }), "flow.no_such_action")
	r.must(r.at("opinion", "approve", nil))
	r.must(r.at("spatial", "approve", nil))
	if r.state.Step != "decide" || len(r.state.Branches) != 0 || r.state.Marks[len(r.state.Marks)-1].Kind != fold.Joined {
		t.Fatalf("at %s after %v", r.state.Step, kindsOf(r.state))
	}
	r.must(r.act("approve"))
}

func TestTheOnlyBranchOneHoldsNeedsNoName(t *testing.T) {
	r := apply(t, "uji-izin", wib("2026-01-05 09:00"), nil)
	r.must(r.at("review", "approve", nil))
	r.must(r.at("traffic", "approve", func(c *flow.Command) { c.Step = "" }))
	// The team of public works that holds two branches in one role must say which.
	r.state.Branches[1].Holder = r.state.Branches[0].Holder
	err := r.at("spatial", "approve", func(c *flow.Command) { c.Step = "" })
	r.refused(err, "flow.which_branch")
}

// TestLatenessAndStopsBelongToTheirBranch: one is late, and only there somebody
// is called in; one lets the clock stand, and the others may still arrive.
func TestLatenessAndStopsBelongToTheirBranch(t *testing.T) {
	r := apply(t, "uji-izin", wib("2026-01-05 09:00"), nil)
	r.must(r.at("review", "approve", nil))
	d, _ := r.state.Deadline("building")
	r.now = d.Due.Add(time.Second)
	r.must(r.do(flow.Command{Do: flow.DoLapse, Deadline: "building", By: system}, flow.Facts{}))
	if r.state.In("building").Escalated != "kepala_dpupr" || r.state.In("spatial").Escalated != "" || r.state.Escalated != "" {
		t.Errorf("called in: %+v", r.state.Branches)
	}
	chief := at("dpupr", "kepala_dpupr")
	r.must(r.do(flow.Command{Do: flow.DoStop, Reason: "inspection", Step: "spatial", By: r.state.In("spatial").Holder}, flow.Facts{}))
	r.must(r.at("building", "approve", func(c *flow.Command) { c.By = chief }))
	r.refused(r.at("spatial", "approve", nil), "flow.resume_first")
	r.must(r.at("traffic", "approve", nil))
	r.must(r.at("opinion", "approve", nil))
	r.must(r.do(flow.Command{Do: flow.DoResume, By: r.state.In("spatial").Holder}, flow.Facts{}))
	r.must(r.at("spatial", "approve", nil))
	if r.state.Step != "decide" {
		t.Errorf("at %s", r.state.Step)
	}
}

// TestWhomLatenessCallsInKeepsTheRight: the step is late and calls one in, who may
// be at work when the promise is late too and calls in another. Either may act,
// until the step is left; so it is on a branch.
func TestWhomLatenessCallsInKeepsTheRight(t *testing.T) {
	r := apply(t, "uji-izin", wib("2026-01-05 09:00"), nil)
	r.b.Limit.Late = []definition.Late{{Do: "escalate", Role: "kepala_dpmptsp"}}
	lapse := func(id string) {
		d, _ := r.state.Deadline(id)
		r.now = d.Due.Add(time.Second)
		r.must(r.do(flow.Command{Do: flow.DoLapse, Deadline: id, By: system}, flow.Facts{}))
	}
	lapse("review")
	lapse(fold.CaseDeadline)
	if got := r.state.CalledIn(); r.state.Escalated != "kepala_dpmptsp" || !slices.Equal(got, []string{"kepala_dpmptsp", "koordinator_perizinan"}) {
		t.Errorf("called in: %v, last %s", got, r.state.Escalated)
	}
	both := r.state
	for _, role := range []string{"koordinator_perizinan", "kepala_dpmptsp"} {
		r.state = both
		r.must(r.at("review", "approve", func(c *flow.Command) { c.By = at("dpmptsp", role) }))
	}
	if got := r.state.CalledIn(); len(got) != 0 {
		t.Errorf("the step is left, and %v are still called in", got)
	}

	r = apply(t, "uji-izin", wib("2026-01-05 09:00"), form.Answers{"scale": "besar"})
	r.b.Limit.Late = []definition.Late{{Do: "escalate", Role: "pengawas"}}
	r.must(r.at("review", "approve", nil))
	for _, id := range []string{"building", "spatial", "traffic", fold.CaseDeadline} {
		lapse(id)
	}
	if got := r.state.In("building").CalledIn(); !slices.Equal(got, []string{"pengawas", "kepala_dpupr"}) {
		t.Errorf("called in to the branch: %v", got)
	}
	r.refused(r.at("traffic", "approve", func(c *flow.Command) { c.By = at("dishub", "kepala_dpupr") }), "flow.not_your_turn")
	r.must(r.at("building", "approve", func(c *flow.Command) { c.By = at("dpupr", "kepala_dpupr") }))
	if got := r.state.In("opinion").CalledIn(); len(got) != 0 {
		t.Errorf("the branch went on, and %v are still called in", got)
	}
}

// TestWhatLeadsElsewhereEndsAllBranches: a return, a rejection, a withdrawal, a
// grant by lateness.
func TestWhatLeadsElsewhereEndsAllBranches(t *testing.T) {
	for name, deed := range map[string]func(*run) error{
		"returned": func(r *run) error {
			return r.at("spatial", "return", func(c *flow.Command) { c.Defects = []flow.Defect{{ID: "name", Words: "perbaiki"}} })
		},
		"rejected": func(r *run) error { return r.at("building", "reject", func(c *flow.Command) { c.Reason = "unsafe" }) },
		"withdrawn": func(r *run) error {
			return r.do(flow.Command{Do: flow.DoAct, Action: "withdraw", By: applicant}, flow.Facts{})
		},
		"granted by lateness": func(r *run) error {
			for range 4 {
				c, _, _ := r.timePasses(nil)
				if err := r.do(c, flow.Facts{}); err != nil || c.Deadline == fold.CaseDeadline {
					return err
				}
			}
			return nil
		},
	} {
		r := apply(t, "uji-izin", wib("2026-01-05 09:00"), nil)
		r.must(r.at("review", "approve", nil))
		r.must(deed(r))
		if len(r.state.Branches) != 0 || r.state.Step == "agencies" {
			t.Errorf("%s: at %s with %+v", name, r.state.Step, r.state.Branches)
		}
		for _, step := range []string{"spatial", "building", "traffic"} {
			if d, _ := r.state.Deadline(step); d.State == fold.Running || d.State == fold.Paused {
				t.Errorf("%s: the clock of %s goes on", name, step)
			}
		}
	}
}

func TestAProductMadeElsewhereIsTakenInAndHandedOver(t *testing.T) {
	r := apply(t, "uji-kartu", wib("2026-01-05 09:00"), nil)
	r.must(r.at("review", "approve", nil))
	r.refused(r.at("make", "made", nil), "flow.number_missing")
	r.refused(r.at("make", "made", func(c *flow.Command) { c.Number = "12-XY" }), "flow.number_shape")
	r.refused(r.at("make", "made", func(c *flow.Command) { c.Number = "1234-AB" }), "flow.file_missing")
	r.must(r.at("make", "made", func(c *flow.Command) { c.Number, c.File = " 1234-AB ", &fold.File{ID: "f", Hash: "h"} }))
	if r.state.Made == nil || !r.state.Made.Numbered || r.state.Made.File.ID != "f" || !r.state.Ready() {
		t.Fatalf("taken in: %+v", r.state.Made)
	}
	if d, _ := r.state.Deadline(fold.CaseDeadline); d.State != fold.Met {
		t.Errorf("the promise is %s though the product is made", d.State)
	}
	counter := at("disdukcapil", "petugas_dukcapil")
	hand := func(receiver flow.Receiver) error {
		return r.at("deliver", "handed", func(c *flow.Command) { c.By, c.Receiver = counter, receiver })
	}
	r.refused(hand(flow.Receiver{}), "flow.receiver_missing")
	r.refused(hand(flow.Receiver{Name: "Sekar Ayu", Relation: "neighbour"}), "flow.relation_missing")
	r.must(hand(flow.Receiver{Name: "Sekar Ayu", Relation: "family"}))
	if m := r.state.Marks[len(r.state.Marks)-1]; m.Relation != "family" || r.state.Outcome != definition.Granted {
		t.Errorf("handed over: %+v", m)
	}
	for _, e := range r.events {
		if clear := string(e.Clear); slices.ContainsFunc([]string{"1234-AB", "Sekar"}, func(s string) bool { return strings.Contains(clear, s) }) {
			t.Errorf("the clear part of %s names the holder or the number", e.Kind)
		}
	}
}

func TestADocumentIsTakenBackByWhoSignsIt(t *testing.T) {
	r := apply(t, "uji-izin", wib("2026-01-05 09:00"), form.Answers{"scale": "kecil", "area": int64(20), "ktp": []string{"upload-0001"}})
	back := flow.Command{Do: flow.DoRevoke, By: at("dpmptsp", "kepala_dpmptsp"), Reason: "wrong_data", Evidence: "503/12/2026"}
	r.refused(r.do(back, flow.Facts{}), "flow.nothing_to_revoke")
	issued := flow.Command{Do: flow.DoIssued, By: system}
	r.must(r.do(issued, r.facts(issued)))
	r.must(r.do(flow.Command{Do: flow.DoAct, Action: "received", By: applicant}, flow.Facts{}))
	for key, wrong := range map[string]flow.Command{
		"flow.signer_revokes":    {Do: flow.DoRevoke, By: at("dpmptsp", "petugas_ptsp"), Reason: "wrong_data", Evidence: "1"},
		"flow.reason_not_listed": {Do: flow.DoRevoke, By: back.By, Reason: "dislike", Evidence: "1"},
		"flow.decision_missing":  {Do: flow.DoRevoke, By: back.By, Reason: "wrong_data"},
	} {
		r.refused(r.do(wrong, flow.Facts{}), key)
	}
	r.must(r.do(back, flow.Facts{}))
	if r.state.Revoked != "wrong_data" || r.state.Outcome != definition.Granted {
		t.Errorf("revoked for %q, %s", r.state.Revoked, r.state.Outcome)
	}
	r.refused(r.do(back, flow.Facts{}), "flow.revoked_before")
}

// TestNoDefinitionMakesTheSystemReject rewrites definitions at random, past
// anything that check would let through, and holds every walk to it.
func TestNoDefinitionMakesTheSystemReject(t *testing.T) {
	w := newTown(t)
	good := w.services["uji-izin"]
	alone := 0
	for seed := range uint64(400) {
		rnd := rand.New(rand.NewPCG(seed, 11))
		w.services["uji-izin"] = &bound{spoilt(t, rnd, good.Service), good.form, good.rules}
		r := w.begin("uji-izin", wib("2026-01-05 08:00"))
		r.vary(rnd)
		for range 25 {
			c, _ := r.next(rnd)
			if c.Do == flow.DoSubmit {
				_ = r.submit(r.now)
			} else {
				_ = r.do(c, r.facts(c))
			}
			if broken := r.machineNeverRejects(); broken != "" {
				t.Fatalf("seed %d: %s: %+v", seed, broken, r.state.Marks)
			}
			if !r.state.Open() || r.state.Version == 0 {
				break
			}
		}
		for _, m := range r.state.Marks {
			if m.By != nil && m.By.Who == "system" {
				alone++
			}
		}
	}
	if alone < 400 {
		t.Errorf("the system did only %d things", alone)
	}
}

// spoilt is a definition whose actions, rules and lateness lead anywhere.
func spoilt(t *testing.T, rnd *rand.Rand, s *definition.Service) *definition.Service {
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var out definition.Service
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	targets := []string{definition.Granted, definition.Rejected, definition.Rejected, definition.Withdrawn, definition.Closed, "fill"}
	for _, step := range out.Flow.Steps {
		targets = append(targets, step.ID)
	}
	aim := func(to *string) {
		if rnd.IntN(3) == 0 {
			*to = targets[rnd.IntN(len(targets))]
		}
	}
	late := func(l *definition.Limit) {
		for i := range l.Late {
			aim(&l.Late[i].To)
			l.Late[i].Do = []string{"remind", "grant", "close", "complete", l.Late[i].Do}[rnd.IntN(5)]
		}
	}
	late(&out.Limit)
	for i := range out.Flow.Steps {
		step := &out.Flow.Steps[i]
		if step.Limit != nil {
			late(step.Limit)
		}
		for j := range step.Actions {
			aim(&step.Actions[j].To)
		}
		for j := range step.Straight {
			step.Straight[j].Action = step.Actions[rnd.IntN(len(step.Actions))].ID
		}
	}
	return &out
}
