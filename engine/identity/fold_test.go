package identity_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"pendopo/engine/identity"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
)

// lived is a world in which every kind of event has happened.
func lived(w *world) string {
	w.t.Helper()
	ctx := context.Background()
	id := w.officer()
	a := w.assign(id, reviewerAt("clinic"))
	w.assign(id, identity.Assignment{Unit: "harbour", Role: "head", Kind: identity.Plt, From: "2026-03-01", Until: "2026-05-31"})
	w.pass(time.Minute)
	must(w.t, w.Rename(ctx, id, identity.Name{Full: "Nama Baru"}, actor))
	must(w.t, w.SetEmail(ctx, id, "nama@example.test", actor))
	must(w.t, w.Unassign(ctx, id, a, actor))
	must(w.t, w.Disable(ctx, id, actor))
	must(w.t, w.Enable(ctx, id, actor))
	must(w.t, w.SetPassword(ctx, id, "sandi-baru-dari-operator", actor))
	return id
}

func differences(w *world) []string {
	w.t.Helper()
	var out []string
	must(w.t, w.Verify(context.Background(), func(words string) { out = append(out, words) }))
	return out
}

func TestRowsAreWhatTheEventsSay(t *testing.T) {
	onBoth(t, func(w *world) {
		lived(w)
		if d := differences(w); len(d) != 0 {
			w.t.Errorf("differences: %v", d)
		}
	})
}

// Alter each column of each row, and verify must name table and column.
func TestAlteredRowIsNamed(t *testing.T) {
	onBoth(t, func(w *world) {
		id := lived(w)
		for table, columns := range map[string][]string{
			"officer":      {"version = version + 1", "created = created + 1", "disabled = 1 - disabled", "temporary = 1 - temporary", "epoch = epoch + 1", "login_check = 'x'", "password_check = 'x'"},
			"officer_post": {"officer = 'x'", "unit = 'x'", "role = 'x'", "kind = 'x'", "from_day = 'x'", "until_day = 'x'", "ended = 7"},
		} {
			for _, set := range columns {
				w.exec("UPDATE " + table + " SET " + set)
				column, _, _ := strings.Cut(set, " ")
				d := differences(w)
				if len(d) == 0 || !strings.HasPrefix(d[0], table+" ") || !strings.Contains(d[0], ": "+column+" is ") {
					w.t.Errorf("%s: verify says %v", set, d)
				}
				w.rebuild()
			}
		}
		for _, c := range [][2]string{
			{"DELETE FROM officer_post", "officer_post"}, {"DELETE FROM officer", "officer"},
			{"INSERT INTO officer VALUES ('new', 1, 1, 0, 0, 1, '', '')", "officer new: row"},
			{"INSERT INTO officer_post VALUES ('new', '" + id + "', 'clinic', 'head', 'definitive', '2026-01-01', '', NULL)", "officer_post new: row"},
		} {
			w.exec(c[0])
			if d := differences(w); len(d) == 0 || !strings.HasPrefix(d[0], c[1]) {
				w.t.Errorf("%s: verify says %v", c[0], d)
			}
			w.rebuild()
		}
		for _, c := range [][2]string{
			{"UPDATE officer_password SET hash = '$argon2id$planted'", "officer_password " + id},
			{"UPDATE officer_login SET officer = 'somebody else'", "officer_login somebody else"},
		} {
			w.exec(c[0])
			if d := differences(w); len(d) == 0 || !strings.HasPrefix(d[0], c[1]) {
				w.t.Errorf("%s: verify says %v", c[0], d)
			}
		}
	})
}

func (w *world) exec(query string) {
	w.t.Helper()
	must(w.t, w.db.Write(func(tx db.Tx) error { _, err := tx.Exec(query); return err }))
}

func (w *world) rebuild() {
	w.t.Helper()
	must(w.t, w.Rebuild(context.Background()))
	if d := differences(w); len(d) != 0 {
		w.t.Fatalf("after rebuild: %v", d)
	}
}

func TestRebuildKeepsLogInsWorking(t *testing.T) {
	onBoth(t, func(w *world) {
		id := lived(w)
		w.exec("DELETE FROM officer")
		w.exec("DELETE FROM officer_post")
		w.rebuild()
		in, err := w.enter(login, "sandi-baru-dari-operator")
		must(w.t, err)
		if in.Officer != id || !in.Temporary {
			w.t.Errorf("entered as %+v", in)
		}
	})
}

// Events of every kind and schema number ever written must fold for ever.
func TestOldEventsStillFold(t *testing.T) {
	raw, err := os.ReadFile("testdata/events-1.json")
	must(t, err)
	var events []struct {
		Kind  string
		Clear json.RawMessage
	}
	must(t, json.Unmarshal(raw, &events))
	var o identity.Officer
	seen := map[string]bool{}
	for i, e := range events {
		seen[e.Kind] = true
		must(t, o.Apply(event.Event{
			Stream: "s", Version: int64(i) + 1, Kind: e.Kind, Schema: 1, Clear: e.Clear,
			Entered: time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC),
		}))
	}
	for _, kind := range identity.Kinds() {
		if !seen[kind] {
			t.Errorf("no example of %s in testdata", kind)
		}
	}
	if o.Version != 11 || o.Epoch != 9 || o.Disabled || !o.Temporary || len(o.Assignments) != 2 || o.Assignments[0].Ended.Minute() != 5 || o.Assignments[1].Kind != identity.Plt {
		t.Errorf("folds to %+v", o)
	}
	if err := o.Apply(event.Event{Kind: "officer_promoted", Version: 12, Clear: []byte("{}")}); err == nil {
		t.Error("an unknown kind was folded")
	}
	if err := o.Apply(event.Event{Kind: "officer_named", Version: 14, Clear: []byte("{}")}); err == nil {
		t.Error("a gap was folded")
	}
}
