package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendopo/kernel/db"
)

// A machine whose clock is set by hours, forward and back, goes on: no moment of
// a case lies before the one before it, every deadline fires once, and whoever
// is at the desk is let in or asked to log in.
func TestAClockThatIsSetByHours(t *testing.T) {
	t.Parallel()
	w := newTown(t, ofSQLite, nil)
	shift := filepath.Join(w.folder, "shift")
	t.Logf("the clock is off by what %s says", shift)
	program, err := build(t.TempDir(), "pendopo/test/torture/shifted")
	w.must(err)
	real := w.instance.program
	w.within, w.instance.program = []string{"env", "SHIFT=" + shift}, program
	w.opens()
	w.instance.program = real // for verify, which reads by the machine's clock
	o := &officer{client: newClient("http://"+w.addr, 2, w.seed, &w.tried), journal: w.journal, login: w.officers[0]}
	w.must(o.logIn(t.Context()))
	for _, off := range []string{"0h", "3h", "-2h", "-5h", "0h"} {
		w.must(os.WriteFile(shift+".new", []byte(off), 0o600))
		w.must(os.Rename(shift+".new", shift))
		w.applies(3)
		for _, m := range w.one.matters[max(0, len(w.one.matters)-6):] {
			w.must(w.one.follow(t.Context(), m)) // and takes some back
		}
		w.atTheDesk(o, off)
	}
	w.firedOnce(15)
	w.must(w.read(t.Context(), func(tx db.Tx) error {
		var back int
		err := tx.Row(`SELECT count(*) FROM event a JOIN event b ON a.stream = b.stream AND b.version = a.version + 1 WHERE b.entered < a.entered`).Scan(&back)
		if back > 0 {
			t.Errorf("%d events lie before the one before them", back)
		}
		return err
	}))
	w.whole()
}

// atTheDesk wants the list, or the way to log in, which works.
func (w *town) atTheDesk(o *officer, off string) {
	w.t.Helper()
	got, err := o.get(w.t.Context(), "/desk")
	w.must(err)
	switch {
	case got.status == 200:
	case got.status == 303 && strings.HasPrefix(got.header.Get("Location"), "/desk/login"):
		w.must(o.logIn(w.t.Context()))
	default:
		w.t.Errorf("with the clock off by %s the desk answers %d: %s", off, got.status, got.body)
	}
}

// firedOnce waits until the deadlines of the cases that were entered in what is
// now the past have fired.
func (w *town) firedOnce(cases int) {
	w.t.Helper()
	ctx := w.t.Context()
	w.must(w.until(ctx, "timers are late", func(tx db.Tx) (late int64, err error) {
		err = tx.Row(`SELECT count(*) FROM deadline WHERE state = 'running' AND due < ?`, time.Now().UnixMicro()).Scan(&late)
		return late, err
	}))
	w.must(w.read(ctx, w.timers))
	if w.figures.fired == 0 || w.figures.fired > 2*cases {
		w.t.Errorf("%d timers fired of %d cases", w.figures.fired, cases)
	}
}
