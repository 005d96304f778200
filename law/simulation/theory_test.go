package simulation_test

import (
	"math"
	"testing"

	"pendopo/law/simulation"
)

// erlangC is the mean waiting time of M/M/c in units of the mean service time:
// the chance to wait, by Erlang, over c(1-ρ).
func erlangC(c int, load float64) float64 {
	offered := load * float64(c)
	term, sum := 1.0, 1.0
	for n := 1; n < c; n++ {
		term *= offered / float64(n)
		sum += term
	}
	last := term * offered / float64(c) / (1 - load)
	return last / (sum + last) / (float64(c) * (1 - load))
}

// TestAnExponentialCounterWaitsAsTheoryTells holds one step with exponential
// times and a round-the-clock office against the closed formulas. The mean of
// some 9,000 cases lies within 10 % of theory; the seeds are fixed.
func TestAnExponentialCounterWaitsAsTheoryTells(t *testing.T) {
	w := newTown(t)
	for _, c := range []struct {
		officers int
		load     float64
	}{{1, 0.5}, {1, 0.7}, {3, 0.7}, {8, 0.85}} {
		const minutes, days = 10.0, 60
		perDay := c.load * float64(c.officers) * 24 * 60 / minutes
		waits, served := 0.0, 0
		for seed := uint64(1); served < 9_000; seed++ {
			s := w.counter(t, perDay, c.officers, days)
			s.Seed, s.Work = seed, map[string]float64{"serve": minutes}
			r := run(t, s)
			served += r.Steps[1].Wait.N
			waits += r.Steps[1].Wait.Mean * float64(r.Steps[1].Wait.N)
			if load := r.Desks[0].Load; math.Abs(load-c.load) > 0.03 {
				t.Errorf("M/M/%d at %.2f: utilisation %.3f", c.officers, c.load, load)
			}
		}
		got, want := waits/float64(served), erlangC(c.officers, c.load)*minutes
		t.Logf("M/M/%d at %.2f: waits %.2f minutes, theory %.2f, %d cases", c.officers, c.load, got, want, served)
		if math.Abs(got-want) > 0.1*want {
			t.Errorf("M/M/%d at %.2f: waits %.2f minutes, theory %.2f", c.officers, c.load, got, want)
		}
	}
}

// TestLittlesLawHoldsOnCounts compares two ways to count the same: heads over
// time, and the stays of every case.
func TestLittlesLawHoldsOnCounts(t *testing.T) {
	w := newTown(t)
	for _, s := range []simulation.Setup{
		w.counter(t, 200, 2, 20), w.setup(t, "sip-bidan", "dpmptsp", 12), w.setup(t, "surat-keterangan-domisili", "kel-sekararum", 40),
	} {
		for _, step := range run(t, s).Steps {
			if step.Entered > 0 && math.Abs(step.Area-step.Stays) > 1e-6*step.Stays {
				t.Errorf("%s %s: %.3f heads × minutes, %.3f minutes of stays", s.Service.ID, step.ID, step.Area, step.Stays)
			}
		}
	}
}
