package app_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/law/fold"
	"pendopo/test/testkit"
)

// copies makes copies of a town at once and gives where they lie.
func (w *town) copies() conf.Copies {
	w.t.Helper()
	c := conf.Copies{Data: filepath.Join(w.t.TempDir(), "data"), Keys: filepath.Join(w.t.TempDir(), "keys")}
	_, err := w.Backup(context.Background(), c.Data, c.Keys)
	w.must(err)
	return c
}

func (w *town) rehearse(c conf.Copies) backup.Report {
	w.t.Helper()
	scratch := filepath.Join(w.t.TempDir(), "scratch")
	r := app.Rehearse(context.Background(), app.Rehearsal{Copies: c, Scratch: scratch, Live: w.Place.Data, Now: w.Now})
	if _, err := os.Stat(scratch); err == nil {
		w.t.Error("the scratch folder, with keys in it, was left")
	}
	return r
}

// sequenced brings everything into the log.
func (w *town) sequenced() {
	w.t.Helper()
	_, err := w.Ledger.Sequence(context.Background())
	w.must(err)
}

// withdrawn is a case that has ended.
func (w *town) withdrawn() casework.Accepted {
	w.t.Helper()
	ctx := context.Background()
	got, err := w.Cases.Submit(ctx, casework.Submission{Service: "surat-keterangan-domisili", Channel: "portal", Answers: domicile()})
	w.must(err)
	_, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Action: "withdraw", By: fold.Holder{Who: "applicant"}})
	w.must(err)
	w.must(w.Jobs.Drain(ctx))
	w.sequenced()
	return got
}

func TestARehearsalOpensEverySealedValue(t *testing.T) {
	w := newTown(t, conf.Place{})
	w.finished()
	a := w.withdrawn()
	whole := w.rehearse(w.copies())
	if !whole.OK || whole.Opened == 0 || whole.Shredded != 0 || whole.Trouble != "" {
		t.Fatalf("%+v", whole)
	}
	// Each kind of sealed value, altered by somebody with full rights, is found:
	// nothing else notices a draft or a statement.
	w.must(w.exec(`CREATE TABLE kept AS SELECT id, sealed FROM event WHERE sealed IS NOT NULL UNION ALL SELECT stream, statement FROM document_work`))
	for _, x := range []struct{ table, column, id, want string }{
		{"event", "sealed", "id", "sealed: event"},
		{"document_work", "statement", "stream", "sealed: statement"},
	} {
		w.unguarded(x.table, func() {
			one := x.id + ` = (SELECT MIN(` + x.id + `) FROM ` + x.table + ` WHERE length(` + x.column + `) > 0)`
			w.must(w.exec(`UPDATE ` + x.table + ` SET ` + x.column + ` = zeroblob(length(` + x.column + `)) WHERE ` + one))
			r := w.rehearse(w.copies())
			if r.OK || !slices.ContainsFunc(r.Findings, func(f string) bool { return strings.HasPrefix(f, x.want) }) {
				t.Errorf("%s: %+v", x.table, r)
			}
			w.must(w.exec(`UPDATE ` + x.table + ` SET ` + x.column + ` = (SELECT sealed FROM kept WHERE kept.id = ` + x.table + `.` + x.id + `) WHERE ` + one))
		})
	}
	// A destroyed case is counted and is no fault.
	w.must(w.Shred(context.Background(), a.Stream, "retention", "test"))
	w.sequenced()
	if r := w.rehearse(w.copies()); !r.OK || r.Shredded == 0 || r.Opened >= whole.Opened {
		t.Errorf("after shredding: %+v", r)
	}
	// Copies of keys older than a case do not open it, and that is said.
	c := w.copies()
	for range 300 { // more than were made ahead and copied
		_, _, err := w.Keys.Take()
		w.must(err)
	}
	b := w.withdrawn()
	newer := w.copies()
	c.Data = newer.Data
	if r := w.rehearse(c); r.OK || !slices.ContainsFunc(r.Findings, func(f string) bool { return strings.Contains(f, b.Stream) && strings.Contains(f, "does not open") }) {
		t.Errorf("old keys: %+v", r)
	}
	c.Keys = c.Data
	if r := w.rehearse(c); r.OK || r.Trouble == "" {
		t.Errorf("one place for both: %+v", r)
	}
}

// dump copies a database by pg_dump.
func dump(t *testing.T, address, format string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "dump")
	path, err := app.PgProgram("pg_dump")
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.Command(path, "--format="+format, "--file="+to, address)
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("pg_dump: %v: %s", err, said.String())
	}
	return to
}

func TestDumpsOfPostgresAreRehearsed(t *testing.T) {
	w := newTown(t, conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)})
	w.finished()
	a := w.withdrawn()
	scratch := filepath.Join(t.TempDir(), "scratch")
	try := func(d app.Dumps) backup.Report {
		d.Folder, d.Heads, d.Server = w.Place.InstanceKeys(), w.Place.Heads(), w.Place.Database
		return app.RehearseDumps(t.Context(), app.Rehearsal{Scratch: scratch, Now: w.Now}, d)
	}
	for _, format := range []string{"custom", "plain"} {
		r := try(app.Dumps{Record: dump(t, w.Place.Database, format), Keys: dump(t, w.Place.Keys, format)})
		if !r.OK || r.Opened == 0 || r.Events == 0 || r.State.Before(time.Now().Add(-time.Hour)) {
			t.Errorf("%s: %+v", format, r)
		}
	}
	// The keys of before, the list of now: what was destroyed since stays destroyed.
	old := dump(t, w.Place.Keys, "custom")
	w.must(w.Shred(context.Background(), a.Stream, "retention", "test"))
	w.sequenced()
	if r := try(app.Dumps{Record: dump(t, w.Place.Database, "custom"), Keys: old}); !r.OK || r.Shredded == 0 {
		t.Errorf("an older dump of the keys: %+v", r)
	}
	w.must(w.DB.Write(func(tx db.Tx) error { _, err := tx.Exec("UPDATE officer SET disabled = 1 - disabled"); return err }))
	if r := try(app.Dumps{Record: dump(t, w.Place.Database, "custom"), Keys: old}); r.OK || len(r.Findings) == 0 {
		t.Errorf("changed rows: %+v", r)
	}
	if r := try(app.Dumps{Record: old + ".missing", Keys: old}); r.OK || r.Trouble == "" {
		t.Errorf("no dump: %+v", r)
	}
	nothingLeft(t, w.Place.Database)
}

// nothingLeft finds no database of a rehearsal on the server.
func nothingLeft(t *testing.T, address string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var n int
	if err := conn.QueryRow(t.Context(), "SELECT COUNT(*) FROM pg_database WHERE datname LIKE 'pendopo_rehearsal%'").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d databases left, %v", n, err)
	}
}
