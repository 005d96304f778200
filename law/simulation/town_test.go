package simulation_test

import (
	"testing"

	"pendopo/government"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/simulation"
)

// town is the demo government with its clocks.
type town struct {
	g      *definition.Government
	clocks map[string]deadline.Clock
}

func newTown(t testing.TB) *town {
	t.Helper()
	g, findings := definition.Read(government.FS)
	if definition.Failed(findings) {
		t.Fatal(findings)
	}
	files := map[string][]byte{}
	for _, c := range g.Calendars {
		files[c.Path] = c.Data
	}
	set, err := deadline.ParseCalendar(files)
	if err != nil {
		t.Fatal(err)
	}
	w := &town{g, map[string]deadline.Clock{}}
	for _, u := range g.Units {
		office, err := set.Office(deadline.UnitSpec{Calendar: u.Calendar, Zone: g.Profile.Zone, Region: g.Profile.Code, Hours: u.Hours})
		if err != nil {
			t.Fatal(err)
		}
		w.clocks[u.ID] = deadline.Clock{Set: set, Office: office}
	}
	return w
}

// setup is a service of the town under the usual shares.
func (w *town) setup(t testing.TB, service, unit string, perDay float64) simulation.Setup {
	t.Helper()
	s := simulation.Defaults()
	s.Service, s.Unit, s.PerDay = w.g.Service(service), unit, perDay
	s.Asked = w.g.Service
	s.Clock = func(unit string) (deadline.Clock, error) { return w.clocks[unit], nil }
	from, err := deadline.ParseDate("2026-01-05")
	if err != nil || s.Service == nil {
		t.Fatal(err)
	}
	s.From = from
	return s
}

// counter is one desk that never closes: one step, and an end.
func (w *town) counter(t testing.TB, perDay float64, officers, days int) simulation.Setup {
	t.Helper()
	s := w.setup(t, "sip-bidan", "rsud", perDay)
	far := &definition.Limit{Within: "9 calendar days", Late: []definition.Late{{Do: "escalate", Role: "pengawas"}}}
	s.Service = &definition.Service{
		Language: 1, ID: "counter", Channels: []string{"counter"}, Unit: definition.At{Unit: "rsud"}, Limit: *far,
		Flow: definition.Flow{Start: "fill", Steps: []definition.Step{
			{ID: "fill", Kind: definition.StepFill, Actor: definition.Actor{Who: "applicant"},
				Actions: []definition.Action{{ID: "submit", Kind: definition.ActSubmit, To: "serve"}}},
			{ID: "serve", Kind: definition.StepReview, Actor: definition.Actor{Who: "role", Role: "petugas_layanan"}, Limit: far,
				Actions: []definition.Action{{ID: "approve", Kind: definition.ActApprove, To: definition.Granted}}},
		}},
	}
	s.Days, s.Each, s.Shape = days, officers, 1
	s.Return, s.Reject = 0, 0
	return s
}

func run(t testing.TB, s simulation.Setup) *simulation.Result {
	t.Helper()
	r, err := simulation.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
