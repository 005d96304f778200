package flow_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// TestRandomCommandsKeepTheLaw walks thousands of cases through commands drawn
// from what may happen next, mixed with ones that may not, and holds the
// invariants after each. It also fails when the walk is too timid: most
// commands must be accepted, and every step, action and lateness visited.
func TestRandomCommandsKeepTheLaw(t *testing.T) {
	w := newTown(t)
	seen := visits{}
	tried, accepted := 0, 0
	for seed := range uint64(700) {
		for i, service := range walked() {
			if seed >= walks(service) {
				continue
			}
			a, b := w.walk(rand.New(rand.NewPCG(seed, uint64(i))), service, seen)
			tried, accepted = tried+a, accepted+b
		}
	}
	t.Logf("%d of %d commands were accepted", accepted, tried)
	if accepted*100 < tried*60 {
		t.Errorf("only %d of %d commands were accepted", accepted, tried)
	}
	for _, want := range w.everything() {
		if !seen[want] {
			t.Errorf("never visited: %s", want)
		}
	}
}

// walks is how many cases go through a service: fewer where there is less to see.
func walks(service string) uint64 {
	switch service {
	case "pengaduan":
		return 500
	case "pengaduan-pengawasan":
		return 420
	case "perintah-kerja", "bantuan-unit", "cek-lapangan":
		return 40
	}
	return 700
}

type visits map[string]bool

// everything is each step, action and lateness of the definitions.
func (w *town) everything() []string {
	var out []string
	for id, s := range w.services {
		for _, l := range s.Limit.Late {
			out = append(out, id+" late case "+l.Do)
		}
		for _, step := range s.Flow.Steps {
			out = append(out, id+" step "+step.ID)
			for _, a := range step.Actions {
				out = append(out, id+" action "+step.ID+" "+a.ID)
			}
			if step.Limit == nil {
				continue
			}
			for _, l := range step.Limit.Late {
				out = append(out, id+" late "+step.ID+" "+l.Do)
			}
		}
		for _, stop := range s.Stops {
			out = append(out, id+" stop "+stop.ID)
		}
		for i, step := range s.Flow.Steps {
			for j := range step.Straight {
				out = append(out, fmt.Sprintf("%s rule flow.steps[%d].straight[%d].when", id, i, j))
			}
			for _, order := range orders(step.Branches) {
				out = append(out, id+" arrived"+order)
			}
		}
		if byCounter(s.Service) {
			out = append(out, id+" papers kept", id+" papers looked at")
		}
		out = append(out, beside(s.Service)...)
	}
	return out
}

// byCounter reports whether some paper may be brought to the counter.
func byCounter(s *definition.Service) bool {
	return slices.ContainsFunc(s.Form.Pages, func(p definition.Page) bool {
		return slices.ContainsFunc(p.Fields, func(f definition.Field) bool { return f.Counter })
	})
}

// orders are all orders in which branches can arrive.
func orders(branches []string) (out []string) {
	for i, b := range branches {
		rest := orders(slices.Delete(slices.Clone(branches), i, i+1))
		if len(rest) == 0 {
			rest = []string{""}
		}
		for _, r := range rest {
			out = append(out, " "+b+r)
		}
	}
	return out
}

// walk runs one case until it ends or forty commands were tried.
func (w *town) walk(rnd *rand.Rand, service string, seen visits) (tried, accepted int) {
	r := w.begin(service, wib("2026-01-05 08:00").Add(time.Duration(rnd.IntN(300*24))*time.Hour))
	received := r.now.Add(-time.Duration(rnd.IntN(48)) * time.Hour)
	r.vary(rnd)
	for range 40 {
		tried++
		c, what := r.next(rnd)
		before := r.state
		var err error
		if c.Do == flow.DoSubmit {
			err = r.submit(received)
		} else {
			err = r.do(c, r.facts(c))
		}
		if err != nil {
			if diff := differs(before, r.state); diff != "" {
				w.t.Fatalf("a refused %s changed the case: %s", what, diff)
			}
			continue
		}
		accepted++
		r.note(seen, what)
		seen[r.b.ID+" published with an act"] = seen[r.b.ID+" published with an act"] || c.Do == flow.DoAct && c.Public != nil
		r.hold(before, what)
		if !r.state.Open() {
			r.afterwards(rnd, seen)
			break
		}
		r.now = r.now.Add(time.Duration(rnd.IntN(200)) * time.Minute)
	}
	return tried, accepted
}

// vary draws the answers that rules look at.
func (r *run) vary(rnd *rand.Rand) {
	if slices.Contains(complaints(), r.b.ID) {
		r.varyTold(rnd)
	}
	if r.b.ID != "uji-izin" {
		return
	}
	r.answers["scale"] = []string{"kecil", "sedang", "besar", "besar"}[rnd.IntN(4)]
	r.answers["area"] = []int64{1, 3, 7, 13, 40, 60, 99, 200, 500, 900}[rnd.IntN(10)]
	if rnd.IntN(2) == 0 {
		r.answers["ktp"] = []string{"upload-0001"}
	}
}

func (r *run) facts(c flow.Command) flow.Facts {
	if c.File != nil {
		return flow.Facts{Signature: fold.SignatureIntact, Signers: []flow.Signer{{Name: "Pejabat"}}}
	}
	if c.Do != flow.DoIssued {
		return r.learned(c)
	}
	return flow.Facts{Document: &fold.Document{ID: "d", Hash: "h", Template: "t", Blob: "b", Date: r.now}}
}

// next draws a command: mostly one that may happen now.
func (r *run) next(rnd *rand.Rand) (flow.Command, string) {
	if r.state.Version == 0 {
		return flow.Command{Do: flow.DoSubmit}, "action fill submit"
	}
	if rnd.IntN(8) == 0 {
		return r.nonsense(rnd), "nonsense"
	}
	if rnd.IntN(3) == 0 {
		if c, what, ok := r.timePasses(rnd); ok {
			return c, what
		}
	}
	if c, what, ok := r.aside(rnd); ok {
		return c, what
	}
	if len(r.state.Pending) > 0 && rnd.IntN(6) == 0 {
		return r.paper(rnd)
	}
	if s, ok := r.state.Standing(); ok && s.Reason == fold.StopSuspended {
		return flow.Command{Do: flow.DoUnsuspend, By: system}, "unsuspend"
	} else if ok && s.Reason != fold.StopReturned && (s.Step == "" || rnd.IntN(3) > 0) {
		return flow.Command{Do: flow.DoResume, By: r.seen(rnd).Holder, Reason: s.Reason}, "resume"
	}
	seen := r.seen(rnd)
	step := r.b.Step(seen.Step)
	if rnd.IntN(4) == 0 && len(step.Stops) > 0 {
		reason := step.Stops[rnd.IntN(len(step.Stops))]
		return flow.Command{Do: flow.DoStop, Reason: reason, By: seen.Holder, Step: step.ID}, "stop " + reason
	}
	if rnd.IntN(20) == 0 {
		return flow.Command{Do: flow.DoSuspend, By: system, Evidence: "x"}, "suspend"
	}
	return r.someAction(rnd, step, seen.Holder)
}

// seen is the case as one of those see it who must act: of the whole, or of one
// of its branches.
func (r *run) seen(rnd *rand.Rand) fold.Case {
	var open []string
	for _, b := range r.state.Branches {
		if !b.Arrived {
			open = append(open, b.Step)
		}
	}
	if len(open) == 0 {
		return r.state
	}
	return r.state.In(open[rnd.IntN(len(open))])
}

// paper draws one of the papers that are awaited, and what becomes of it.
func (r *run) paper(rnd *rand.Rand) (flow.Command, string) {
	id := r.state.Pending[rnd.IntN(len(r.state.Pending))]
	c := flow.Command{Do: flow.DoPapers, By: at(r.state.Unit, "anybody"), Seen: r.state.Version}
	if rnd.IntN(2) == 0 {
		c.Answers = form.Answers{id: onPaper}
		return c, "papers looked at"
	}
	c.Answers, c.Files = form.Answers{id: []string{"upload-" + id}}, []fold.File{{ID: "upload-" + id, Hash: "h"}}
	return c, "papers kept"
}

// someAction draws an action of the step and fills in what it asks for.
func (r *run) someAction(rnd *rand.Rand, step *definition.Step, holder fold.Holder) (flow.Command, string) {
	a := step.Actions[rnd.IntN(len(step.Actions))]
	if a.Kind == definition.ActWithdraw && rnd.IntN(4) > 0 {
		a = step.Actions[0]
	}
	what := "action " + step.ID + " " + a.ID
	c := flow.Command{Do: flow.DoAct, Action: a.ID, By: holder, Step: step.ID, Seen: r.state.Version, Checks: r.checksOf(step.ID, true)}
	switch a.Kind {
	case definition.ActIssue:
		return flow.Command{Do: flow.DoIssued, By: system}, what
	case definition.ActWithdraw, definition.ActObject:
		c.By = applicant
	case definition.ActDeliver:
		if c.By = applicant; rnd.IntN(2) == 0 {
			c.By, c.Receiver = at(r.state.Unit, "anybody"), flow.Receiver{Name: "Sekar Ayu", Relation: flow.Relations()[rnd.IntN(3)]}
		}
	case definition.ActMake:
		c.Number, c.File = "1234-AB", &fold.File{ID: "upload-card", Hash: "h"}
	case definition.ActSubmit:
		c.By, c.Answers = applicant, r.answers
	case definition.ActReject:
		c.Reason = a.Reasons[rnd.IntN(len(a.Reasons))].ID
	case definition.ActReturn:
		c.Defects = []flow.Defect{{ID: "name", Words: "perbaiki"}}
		if r.state.Returns[step.ID] > 0 && a.Over != "" {
			c.By.Role = a.Over
		}
	}
	r.passOn(rnd, step, &a, &c)
	return c, what
}

// timePasses lets the earliest running deadline pass.
func (r *run) timePasses(*rand.Rand) (flow.Command, string, bool) {
	var first fold.Deadline
	for _, d := range r.state.Deadlines {
		if d.State == fold.Running && (first.ID == "" || d.Due.Before(first.Due)) {
			first = d
		}
	}
	if first.ID == "" {
		return flow.Command{}, "", false
	}
	if !r.now.After(first.Due) {
		r.now = first.Due.Add(time.Microsecond)
	}
	return flow.Command{Do: flow.DoLapse, Deadline: first.ID, By: system}, "lapse " + first.ID, true
}

// nonsense is what must be refused or do no harm.
func (r *run) nonsense(rnd *rand.Rand) flow.Command {
	all := []flow.Command{
		{}, {Do: "nothing"}, {Do: flow.DoAct, Action: "approve", By: system}, {Do: flow.DoAct, By: applicant},
		{Do: flow.DoLapse, Deadline: "nowhere", By: system}, {Do: flow.DoResume, By: applicant}, {Do: flow.DoIssued, By: system},
		{Do: flow.DoSubmit, By: applicant}, {Do: flow.DoShred, By: system}, {Do: flow.DoStop, Reason: "x", By: applicant},
		{Do: flow.DoAct, Action: "reject", By: system, Reason: "not_resident"}, {Do: flow.DoUnsuspend, By: system},
		{Do: flow.DoAct, Action: "approve", By: r.state.Holder, Seen: r.state.Version - 1},
		{Do: flow.DoAct, Action: "join", By: system}, {Do: flow.DoAct, Action: "approve", By: r.state.Holder, Step: "nowhere"},
		{Do: flow.DoRevoke, By: r.state.Holder, Reason: "wrong_data", Evidence: "1"},
		{Do: flow.DoPapers, By: applicant, Answers: r.answers}, {Do: flow.DoPapers, By: r.state.Holder}, {Do: flow.DoPapers, By: system},
	}
	return all[rnd.IntN(len(all))]
}

// note remembers what was visited.
func (r *run) note(seen visits, what string) {
	id := r.b.ID + " "
	seen[id+what] = true
	seen[id+"step "+r.state.Step] = true
	arrived := ""
	for _, e := range r.events {
		var ch fold.Change
		if err := json.Unmarshal(e.Clear, &ch); err != nil {
			r.t.Fatal(err)
		}
		if ch.Step != "" {
			seen[id+"step "+ch.Step] = true
		}
		if ch.Rule != "" {
			seen[id+"rule "+ch.Rule] = true
		}
		if ch.Action != "" {
			seen[id+"action "+ch.Step+" "+ch.Action] = true
		}
		for _, b := range ch.Branches {
			if len(ch.Branches) > 1 {
				arrived = ""
			} else if b.Arrived {
				arrived += " " + b.ID
			}
		}
		if e.Kind == fold.Joined {
			seen[id+"arrived"+arrived] = true
		}
		for _, l := range ch.Late {
			if ch.Deadline == fold.CaseDeadline {
				seen[id+"late case "+l] = true
			}
			seen[id+"late "+ch.Deadline+" "+l] = true
		}
	}
}

// hold checks every invariant after an accepted command.
func (r *run) hold(before fold.Case, what string) {
	r.t.Helper()
	again, err := fold.Fold(fold.Case{}, r.events...)
	if err != nil {
		r.t.Fatal(err)
	}
	if diff := differs(again, r.state); diff != "" {
		r.t.Fatalf("after %s, folding all differs from folding on: %s", what, diff)
	}
	if diff := reference(r.events).differs(r.state); diff != "" {
		r.t.Fatalf("after %s, the reference differs: %s", what, diff)
	}
	for _, broken := range []string{r.complaintHolds(before), r.deadlinesHold(before), r.stopsHold(), r.turnHolds(), r.papersHold(before), r.machineNeverRejects()} {
		if broken != "" {
			r.t.Fatalf("after %s at %s: %s", what, r.state.Step, broken)
		}
	}
}

func (r *run) deadlinesHold(before fold.Case) string {
	standing := false
	for _, s := range r.state.Stops {
		standing = standing || s.To.IsZero()
	}
	for _, d := range r.state.Deadlines {
		old, had := before.Deadline(d.ID)
		switch {
		case !r.state.Open() && (d.State == fold.Running || d.State == fold.Paused):
			return d.ID + " still runs after the end"
		case had && d.ID == fold.CaseDeadline && !d.From.Equal(old.From):
			return "the promised clock was started again"
		case had && old.State == fold.Missed && d.ID == fold.CaseDeadline && d.State != fold.Missed:
			return "a missed promise was forgotten"
		case had && d.ID == fold.CaseDeadline && d.State == fold.Running && !old.Due.IsZero() && d.Due.Before(old.Due):
			return "a stop shortened the promise"
		case d.State == fold.Running && d.Due.IsZero(), d.State == fold.Paused && !d.Due.IsZero():
			return d.ID + " is " + d.State + " and due " + d.Due.String()
		case d.Pauses && d.State == fold.Running && standing && r.now.Before(d.Due):
			return d.ID + " runs while the clock stands"
		}
	}
	return ""
}

func (r *run) stopsHold() string {
	used, standing := map[string]int{}, 0
	for _, s := range r.state.Stops {
		used[s.Reason]++
		if s.To.IsZero() && s.Reason != fold.StopSuspended {
			standing++
		}
	}
	if standing > 1 {
		return "two stops stand at once"
	}
	for _, s := range r.b.Stops {
		if used[s.ID] > max(s.Max, 1) {
			return s.ID + " was used more often than allowed"
		}
	}
	return ""
}

// turnHolds wants a deadline at every step of an officer, and a turn that the
// definition names, at each branch; and no branch where none is.
func (r *run) turnHolds() string {
	if !r.state.Open() {
		if len(r.state.Branches) > 0 {
			return "a branch outlived the case"
		}
		return ""
	}
	step := r.b.Step(r.state.Step)
	if step != nil && len(step.Branches) != len(r.state.Branches) {
		return fmt.Sprintf("%d branches at %s", len(r.state.Branches), step.ID)
	}
	waiting := 0
	for _, b := range r.state.Branches {
		if b.Arrived {
			waiting++
			continue
		}
		if broken := r.turnAt(b.Step, b.Holder); broken != "" {
			return broken
		}
	}
	if waiting > 0 && waiting == len(r.state.Branches) {
		return "all branches wait for one another"
	}
	return r.turnAt(r.state.Step, r.state.Holder)
}

func (r *run) turnAt(id string, holder fold.Holder) string {
	step := r.b.Step(id)
	if step == nil || step.Actor.Who != holder.Who || step.Actor.Role != holder.Role {
		return fmt.Sprintf("it is the turn of %+v", holder)
	}
	d, ok := r.state.Deadline(step.ID)
	if step.Actor.Who == "role" && (!ok || !slices.Contains([]string{fold.Running, fold.Paused, fold.Missed}, d.State)) {
		return "the step has no deadline: " + d.State
	}
	return ""
}

// papersHold wants a paper to be awaited or looked at and not both, and one
// that came to have moved nothing else.
func (r *run) papersHold(before fold.Case) string {
	for _, id := range r.state.Pending {
		if slices.Contains(r.state.Seen, id) {
			return id + " is awaited and was looked at"
		}
	}
	if last := r.state.Marks[len(r.state.Marks)-1]; last.Kind != fold.Papers {
		return ""
	}
	after := r.state
	after.Version, after.Changed, after.Marks = before.Version, before.Changed, before.Marks
	after.Pending, after.Seen, after.Files, after.Answers = before.Pending, before.Seen, before.Files, before.Answers
	return differs(before, after)
}

// machineNeverRejects wants an officer behind every return and every rejection.
func (r *run) machineNeverRejects() string {
	spoken := false
	for _, m := range r.state.Marks {
		byOfficer := m.By != nil && m.By.Who == "role"
		spoken = spoken || m.Kind == fold.Rejected && byOfficer
		to := r.b.Step(m.To)
		switch {
		case (m.Kind == fold.Rejected || m.Kind == fold.Returned) && !byOfficer:
			return "a machine " + m.Kind
		case m.Outcome == definition.Rejected && !spoken && m.By != nil && m.By.Who == "system":
			return "a machine ended a case as rejected"
		case m.By != nil && m.By.Who == "system" && to != nil && to.Kind == definition.StepFill:
			return "a machine sent the applicant back"
		}
	}
	return ""
}

// differs says in what two values differ; most do not, and that is found quickly.
func differs(want, got any) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got)
}
