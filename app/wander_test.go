package app_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// wanderer does at random what may be done with reports and the cases by which
// units ask one another.
type wanderer struct {
	*town
	rng     *rand.Rand
	reports []string       // that are open, or have just ended
	did     map[string]int // deeds that were done, by kind
	refused int            // deeds that were not
}

// everything that may happen to a report and to nothing else is to happen.
func everything() []string {
	return []string{"dispatch", "send_back", "ask", "merge", "finish", "confirm", "reopen", "return", "submit", "recall_asked", "publish", "hide", "write", "told"}
}

func (r *wanderer) seenAll() bool {
	return !slices.ContainsFunc(everything(), func(kind string) bool { return r.did[kind] == 0 })
}

// TestWhateverHappensToReportsTheRowsAreWhatTheEventsSay: dispatched, sent back,
// helped with, merged, published and written about in any order, with deadlines
// passing between, jobs coming late and units standing still.
func TestWhateverHappensToReportsTheRowsAreWhatTheEventsSay(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		r := &wanderer{town: w, rng: rand.New(rand.NewPCG(62, 2020)), did: map[string]int{}}
		for range 6 {
			r.told()
		}
		for n := 0; n < 200 || n < 2000 && !r.seenAll(); n++ {
			r.step()
		}
		w.must(w.Jobs.Drain(context.Background()))
		done := 0
		for _, n := range r.did {
			done += n
		}
		for _, kind := range everything() {
			if r.did[kind] == 0 {
				t.Errorf("nothing of kind %s happened", kind)
			}
		}
		if done < r.refused {
			t.Errorf("%d deeds, %d refused: this proves little", done, r.refused)
		}
		w.sequenced()
		w.whole()
		_, err := w.Rebuild(context.Background())
		w.must(err)
		w.whole()
		r.nobodyIsLost()
	})
}

// nobodyIsLost wants every question to have its case or its end, and every
// merged report to lead to one that knows of it.
func (r *wanderer) nobodyIsLost() {
	r.t.Helper()
	ctx := context.Background()
	for _, stream := range r.reports {
		c := r.now(stream)
		for _, a := range c.Asked {
			if a.Outcome == "" && a.Case == "" {
				r.t.Errorf("%s was never asked", a.ID)
			}
			if a.Case != "" && (r.now(a.Case).Open() != (a.Outcome == "")) {
				r.t.Errorf("%s has the outcome %q, its case %q", a.ID, a.Outcome, r.now(a.Case).Outcome)
			}
		}
		into, err := r.Cases.Follows(ctx, c)
		r.must(err)
		joined, err := r.Cases.Joined(ctx, into.Stream)
		r.must(err)
		if into.Stream != stream && !slices.Contains(joined, stream) {
			r.t.Errorf("%s was merged, and the one that goes on does not know", stream)
		}
	}
}

// told is one more report.
func (r *wanderer) told() {
	r.reports = append(r.reports, r.tells(streetLamp([]string{"ya", "tidak"}[r.rng.IntN(2)], nil)).Stream)
}

// all are the reports that are open, and what was asked about any.
func (r *wanderer) all() (open []string) {
	for _, s := range r.reports {
		c := r.now(s)
		if c.Open() {
			open = append(open, s)
		}
		for _, a := range c.Asked {
			if a.Case != "" && r.now(a.Case).Open() {
				open = append(open, a.Case)
			}
		}
	}
	return open
}

func (r *wanderer) step() {
	ctx := context.Background()
	switch r.rng.IntN(12) {
	case 0:
		r.clock.now = r.clock.now.Add(time.Duration(r.rng.IntN(30)) * time.Hour)
		_, err := r.Cases.Lapse(ctx)
		r.must(err)
	case 1, 2:
		r.must(r.Jobs.Drain(ctx))
	case 3:
		_, err := r.Cases.Suspend(ctx, casework.Suspension{Unit: r.unit(), Evidence: "SE", By: [2]string{"a", "b"}, End: r.rng.IntN(2) == 0})
		r.count("suspend", err)
	case 4:
		r.told()
	default:
		open := r.all()
		if len(open) == 0 {
			return
		}
		r.somebodyActs(r.now(open[r.rng.IntN(len(open))]))
	}
}

func (r *wanderer) unit() string { return []string{"dishub", "dlh", "dpupr"}[r.rng.IntN(3)] }

func (r *wanderer) count(kind string, err error) {
	if err != nil {
		r.refused++
		return
	}
	r.did[kind]++
}

// somebodyActs lets the one whose turn it is do something that is offered.
func (r *wanderer) somebodyActs(c fold.Case) {
	ctx := context.Background()
	if c.Step == "reply" && r.rng.IntN(3) == 0 {
		r.count("told", r.Cases.Told(ctx, c.Stream, flow.Told{Notice: "n", Channel: "sms", Step: c.Step, At: r.clock.now}))
		return
	}
	by := c.Holder
	if r.rng.IntN(8) == 0 {
		by = applicant()
	}
	offers, err := r.Cases.Offers(ctx, c, by)
	r.must(err)
	offers = slices.DeleteFunc(offers, func(a definition.Action) bool {
		return (a.Kind == definition.ActWithdraw || a.Kind == definition.ActReject) && r.rng.IntN(5) > 0
	})
	d := casework.Deed{Stream: c.Stream, Seen: c.Version, By: by, Actor: "o", Note: "Kata-kata"}
	kind := ""
	if len(offers) > 0 && r.rng.IntN(4) > 0 {
		a := offers[r.rng.IntN(len(offers))]
		kind = string(a.Kind)
		r.acting(c, a, &d)
	} else {
		kind = r.beside(c, &d)
	}
	_, err = r.Cases.Act(ctx, d)
	r.count(kind, err)
}

// beside is something that moves no step.
func (r *wanderer) beside(c fold.Case, d *casework.Deed) string {
	switch open := c.Helping(""); {
	case len(open) > 0 && r.rng.IntN(2) == 0:
		d.Do, d.Asked = flow.DoRecallAsked, open[r.rng.IntN(len(open))].ID
	case c.Public != nil && r.rng.IntN(2) == 0:
		d.Do, d.Reason = flow.DoHide, "mistaken"
	case c.Service == "pengaduan" && d.By.Who == "role" && r.rng.IntN(2) == 0:
		d.Do, d.Public = flow.DoPublish, &flow.Words{Title: "Lampu", Text: "Lampu mati"}
	default:
		d.Do = flow.DoWrite
	}
	return d.Do
}

// acting fills in what an action wants.
func (r *wanderer) acting(c fold.Case, a definition.Action, d *casework.Deed) {
	d.Action, d.Given = a.ID, form.Answers{}
	d.Checks = all("clear", "ours", "decent")
	switch a.Kind {
	case definition.ActSubmit:
		d.Answers = streetLamp([]string{"ya", "tidak"}[r.rng.IntN(2)], nil)
	case definition.ActReturn:
		d.Checks["clear"] = false
		d.Defects = []flow.Defect{{ID: "clear", Words: "Lampu yang mana?"}}
	case definition.ActReject:
		d.Reason = a.Reasons[0].ID
	case definition.ActDispatch, definition.ActAsk:
		d.Unit = r.unit()
	case definition.ActMerge:
		d.Into = r.reports[r.rng.IntN(len(r.reports))]
	}
	for _, f := range a.Fields {
		switch {
		case f.ID == "kind":
			d.Given["kind"] = "pengaduan"
		case f.ID == "category":
			d.Given["category"] = []string{"lampu", "jalan", "sampah"}[r.rng.IntN(3)]
		case f.Kind == definition.KindFile:
			d.Given[f.ID] = []string{r.upload(c.Stream, []byte("foto"))}
		case f.Kind == definition.KindChoice:
			d.Given[f.ID] = f.Choices[r.rng.IntN(len(f.Choices))].ID
		default:
			d.Given[f.ID] = "Kata-kata"
		}
	}
}
