package main

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// seed of the short form. What it draws is the same every time; the order in
// which the machine runs the load is not.
const seed = 20261122

func TestAPowerCutLosesNothingThatWasAcknowledged(t *testing.T) {
	work := t.TempDir()
	binary, err := buildGood(work)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSession(work, binary)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.play(plan{clients: 6, each: 5, large: 100 << 10, seed: seed, commands: true}); err != nil {
		t.Fatal(err)
	}
	c, err := s.faithful()
	if err != nil {
		t.Fatalf("the record is not what happened: %v", err)
	}
	if err := c.enough(); err != nil {
		t.Fatal(err)
	}
	cuts := s.choose(14, rand.New(rand.NewPCG(seed, 0)), func(i int) []kind {
		return [][]kind{{synced, mixed}, {mixed, written}, {synced, mixed}}[i%3]
	})
	w := &sweep{session: s, seed: seed, start: 14}
	found, err := w.run(cuts)
	if err != nil {
		t.Fatal(err)
	}
	if found.Red > 0 {
		t.Errorf("%d of %d disks are red\n%s", found.Red, found.States, words(found.red))
	}
	if found.States < 25 || found.Checked < 500 {
		t.Errorf("only %d disks and %d looks at effects", found.States, found.Checked)
	}
	t.Logf("%+v; %d cuts, %d disks, %d effects looked for %d times", c, found.Cuts, found.States, len(s.effects), found.Checked)
}

// The rig itself is on trial here: it must find each of the four faults, and
// by the check that is about it.
func TestEachPlantedFaultIsFoundForItsOwnReason(t *testing.T) {
	work := t.TempDir()
	binary, err := buildPlanted(work)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plants() {
		t.Run(p.name, func(t *testing.T) {
			found, err := p.try(filepath.Join(work, p.name), binary, seed, 16)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d of %d disks are red: %v", found.Red, found.States, found.checks())
		})
	}
}
