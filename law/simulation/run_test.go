package simulation_test

import (
	"encoding/json"
	"testing"
	"time"

	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/simulation"
)

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	w := newTown(t)
	bytes := func(seed uint64) string {
		s := w.setup(t, "sip-bidan", "dpmptsp", 8)
		s.Seed = seed
		b, err := json.Marshal(run(t, s))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if bytes(7) != bytes(7) {
		t.Error("the same seed gives another result")
	}
	if bytes(7) == bytes(8) {
		t.Error("another seed gives the same result")
	}
}

// TestCasesAreConserved wants every case to have ended or to stand at a step.
func TestCasesAreConserved(t *testing.T) {
	w := newTown(t)
	for _, s := range []simulation.Setup{w.setup(t, "sip-bidan", "dpmptsp", 30), w.setup(t, "surat-keterangan-domisili", "kel-sekararum", 60)} {
		r := run(t, s)
		ended, standing := 0, 0
		for _, n := range r.Outcomes {
			ended += n
		}
		for _, step := range r.Steps {
			standing += step.Backlog
			if step.Begun > step.Entered || step.Left > step.Entered {
				t.Errorf("%s %s: %+v", s.Service.ID, step.ID, step)
			}
		}
		if r.Arrived == 0 || ended != r.Ended || standing != r.Open || r.Ended+r.Open != r.Arrived {
			t.Errorf("%s: %d arrived, %d ended (%d by outcome), %d open, %d at a step", s.Service.ID, r.Arrived, r.Ended, ended, r.Open, standing)
		}
		if last := r.OpenAt[len(r.OpenAt)-1]; last != r.Open {
			t.Errorf("%s: %d open on the last day, %d at the end", s.Service.ID, last, r.Open)
		}
	}
}

// TestLatenessActsAsTheDefinitionSays lets nobody work in time: the file counts
// as complete after three working days, and the licence is granted by law five
// working days after that, both at the moments the legal clock gives.
func TestLatenessActsAsTheDefinitionSays(t *testing.T) {
	w := newTown(t)
	s := w.setup(t, "sip-bidan", "dpmptsp", 0)
	day, _ := deadline.ParseDate("2026-03-09")
	s.From, s.Days, s.Counts = day, 21, map[deadline.Date]int{day: 1}
	s.Work = map[string]float64{"completeness": 1e5}
	r := run(t, s)
	steps := map[string]simulation.Step{}
	for _, step := range r.Steps {
		steps[step.ID] = step
	}
	if c := steps["completeness"]; c.Late != 1 || c.Escalated != 1 || c.Left != 1 {
		t.Errorf("completeness: %+v", c)
	}
	if r.Granted != 0 || r.Late != 1 {
		t.Errorf("%d granted by lateness, %d late", r.Granted, r.Late)
	}
	s.Work["recommendation"] = 1e5
	r = run(t, s)
	if r.Granted != 1 || r.Promise.Missed != 1 {
		t.Errorf("%d granted by lateness, the promise was missed %d times", r.Granted, r.Promise.Missed)
	}
	clock := w.clocks["dpmptsp"]
	complete := due(t, clock, "3 working days", day.Time().Add(3*time.Hour)) // received on Monday in office hours
	granted := due(t, clock, "5 working days", complete)
	minutes, err := clock.Elapsed(deadline.WorkingMinute, day.Time(), granted)
	if err != nil || r.Decided.N != 1 {
		t.Fatal(err, r.Decided)
	}
	if whole := float64(minutes); r.Decided.Max > whole || r.Decided.Max < whole-r.DayLong-30 {
		t.Errorf("granted after %v working minutes; the day of receipt began %v before the grant", r.Decided.Max, whole)
	}
}

func due(t *testing.T, clock deadline.Clock, within string, from time.Time) time.Time {
	t.Helper()
	span, err := deadline.ParseSpan(within)
	if err != nil {
		t.Fatal(err)
	}
	p, err := clock.Due(span, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Due
}

// TestCountsOfDaysAreTakenAsTheyAre wants as many arrivals as there were, on a
// closed day too.
func TestCountsOfDaysAreTakenAsTheyAre(t *testing.T) {
	w := newTown(t)
	s := w.setup(t, "surat-keterangan-domisili", "kel-sekararum", 99)
	monday, sunday := s.From, s.From+6
	s.Counts = map[deadline.Date]int{monday: 5, sunday: 2, s.From + 500: 9}
	if r := run(t, s); r.Arrived != 7 {
		t.Errorf("%d arrived", r.Arrived)
	}
}

// TestEnoughOfficersAreEnough looks for the fewest, and wants one fewer anywhere
// to be late more often.
func TestEnoughOfficersAreEnough(t *testing.T) {
	w := newTown(t)
	s := w.setup(t, "surat-keterangan-domisili", "kel-sekararum", 60)
	s.Days, s.Work = 30, map[string]float64{"review": 2, "sign": 1}
	need, err := simulation.Needed(s, 0.05)
	if err != nil || !need.Reached || need.Late > 0.05 {
		t.Fatalf("%+v %v", need, err)
	}
	s.Officers = need.Officers
	if r := run(t, s); r.LateShare() > 0.05 {
		t.Errorf("%.3f are late", r.LateShare())
	}
	for role, n := range need.Officers {
		if n == 1 {
			continue
		}
		s.Officers = map[string]int{}
		for k, v := range need.Officers {
			s.Officers[k] = v
		}
		s.Officers[role]--
		if r := run(t, s); r.LateShare() <= 0.05 {
			t.Errorf("one fewer of %s is enough too: %.3f", role, r.LateShare())
		}
	}
}

func TestWorkThatIsLongerThanItsLimitIsNeverInTime(t *testing.T) {
	w := newTown(t)
	s := w.setup(t, "surat-keterangan-domisili", "kel-sekararum", 5)
	s.Days, s.Work = 10, map[string]float64{"review": 60}
	if need, err := simulation.Needed(s, 0.05); err != nil || need.Reached {
		t.Errorf("%+v %v", need, err)
	}
}

func TestEveryDemoServiceRuns(t *testing.T) {
	w := newTown(t)
	for _, s := range w.g.Services {
		unit := s.Unit.Unit
		if unit == "" {
			unit = "kel-sekararum"
		}
		setup := w.setup(t, s.ID, unit, 5)
		setup.Days = 60
		if r := run(t, setup); r.Arrived == 0 || r.Ended == 0 {
			t.Errorf("%s: %d arrived, %d ended", s.ID, r.Arrived, r.Ended)
		} else if r.Outcomes[definition.Granted]*2 < r.Arrived {
			t.Errorf("%s: of %d cases only %v", s.ID, r.Arrived, r.Outcomes)
		}
	}
}
