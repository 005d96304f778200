package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/conf"
	"pendopo/kernel/ledger"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/test/testkit"
)

// TestAPastIsWhole makes some weeks of a town on both databases and wants
// everything that holds of a record made by people: verify finds nothing, before
// and after a rebuild, every ending has been reached, and people are found.
func TestAPastIsWhole(t *testing.T) {
	for name, place := range map[string]func(*testing.T) conf.Place{"sqlite": inFolder, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			at := place(t)
			town := small(t, at, 160, 20)
			whole(t, town)
			lived(t, town)
			if n, err := town.Rebuild(t.Context()); err != nil || n != 160 {
				t.Fatalf("rebuilt %d, %v", n, err)
			}
			whole(t, town)
		})
	}
}

// TestAPausedPastGoesOn stops the making at its sixth day and lets another
// process, so to say, go on.
func TestAPausedPastGoesOn(t *testing.T) {
	place := inFolder(t)
	until := begins().AddDate(0, 0, 12)
	ctx, stop := context.WithCancel(t.Context())
	town, err := openTown(ctx, place, until)
	if err != nil {
		t.Fatal(err)
	}
	if err := town.settle(ctx); err != nil {
		t.Fatal(err)
	}
	days := 0
	p, err := seed(ctx, town, progress{Cases: 60, Until: until}, 0, watch(func() {
		if days++; days == 6 {
			stop()
		}
	}))
	if err != nil || p.State != paused || p.Made == 0 || p.Made == 60 {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := town.Close(); err != nil {
		t.Fatal(err)
	}
	if town, err = openTown(t.Context(), place, until); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { town.Close() })
	if err := town.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p, err = seed(t.Context(), town, p, 0, io.Discard); err != nil || p.State != finished || p.Made != 60 {
		t.Fatalf("%+v, %v", p, err)
	}
	whole(t, town)
}

// watch is a writer that tells of every line of progress.
type watch func()

func (w watch) Write(b []byte) (int, error) { w(); return len(b), nil }

func inFolder(t *testing.T) conf.Place {
	return conf.Place{Data: filepath.Join(t.TempDir(), "data"), Node: "growth"}
}

func onPostgres(t *testing.T) conf.Place {
	p := inFolder(t)
	p.Database, p.Keys = testkit.Postgres(t), testkit.Postgres(t)
	return p
}

// small is a town with a short past.
func small(t *testing.T, place conf.Place, cases, days int) *town {
	t.Helper()
	until := begins().AddDate(0, 0, days)
	town, err := openTown(t.Context(), place, until)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := town.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := town.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := seed(t.Context(), town, progress{Cases: cases, Until: until}, 100, io.Discard)
	if err != nil || p.State != finished || p.Made != cases {
		t.Fatalf("%+v, %v", p, err)
	}
	return town
}

// whole wants no finding of anyone.
func whole(t *testing.T, town *town) {
	t.Helper()
	if err := town.Ledger.Verify(t.Context(), func(f ledger.Finding) { t.Error(f) }); err != nil {
		t.Fatal(err)
	}
	if err := town.VerifyRows(t.Context(), func(words string) { t.Error(words) }); err != nil {
		t.Fatal(err)
	}
	if n, err := town.Ledger.Waiting(t.Context()); err != nil || n != 0 {
		t.Errorf("%d events wait for the log, %v", n, err)
	}
}

// lived wants a past with all that happens in life, and its people found.
func lived(t *testing.T, town *town) {
	t.Helper()
	var kinds, outcomes []string
	for _, s := range streamsOf(t, town) {
		c, err := town.Cases.State(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := town.Cases.Track(t.Context(), town.Cases.Code(s)); err != nil || got.Stream != s {
			t.Fatalf("not found by its code: %v", err)
		}
		outcomes = append(outcomes, c.Outcome)
		for _, m := range c.Marks {
			kinds = append(kinds, m.Kind)
		}
	}
	for _, want := range []string{fold.Returned, fold.Resubmitted, fold.Rejected, fold.Forwarded, fold.Lapsed, fold.Issued, fold.Delivered} {
		if !slices.Contains(kinds, want) {
			t.Errorf("nothing was ever %s", want)
		}
	}
	for _, want := range []string{definition.Granted, definition.Rejected} {
		if !slices.Contains(outcomes, want) {
			t.Errorf("nothing ended %s", want)
		}
	}
	found := 0
	for i := range 500 {
		streams, err := town.Keys.FindIndex(town.Instance.Instance.IndexMAC("nik", personOf(i, begins()).nik()))
		if err != nil {
			t.Fatal(err)
		}
		found += len(streams)
	}
	counts(t, town, found)
}

// counts compares the counts of open work with a count of the rows one by one.
func counts(t *testing.T, town *town, found int) {
	t.Helper()
	open := map[string]int64{}
	for _, s := range streamsOf(t, town) {
		if c, err := town.Cases.State(t.Context(), s); err == nil && c.Open() {
			open[c.Unit+" "+c.Service]++
		}
	}
	got, err := town.Cases.Counts(t.Context(), 24*time.Hour)
	if err != nil || len(got) != len(open) {
		t.Errorf("%d counts, %v, instead of %d", len(got), err, len(open))
	}
	for _, c := range got {
		if open[c.Unit+" "+c.Service] != c.Open {
			t.Errorf("%+v, and there are %d", c, open[c.Unit+" "+c.Service])
		}
	}
	times := casework.NewTimes(town.Cases)
	if err := times.Renew(t.Context(), listService); err != nil {
		t.Fatal(err)
	}
	if n, half, most, err := times.Times(t.Context(), listService); err != nil || n == 0 || half <= 0 || most < half {
		t.Errorf("%d matters took %v and %v, %v", n, half, most, err)
	}
	if found == 0 {
		t.Error("nobody is found by NIK")
	}
}

func streamsOf(t *testing.T, town *town) []string {
	t.Helper()
	all, err := town.streams(t.Context())
	if err != nil || len(all) == 0 {
		t.Fatal(fmt.Errorf("%d cases: %w", len(all), err))
	}
	return all
}
