package app_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
	"pendopo/test/testkit/pgserver"
)

// archivedTown is a town on a PostgreSQL that archives its log.
func archivedTown(t *testing.T) (*town, *pgserver.Server) {
	t.Helper()
	server, err := pgserver.StartArchiving()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() }) // it is killed, which is what it says
	var at conf.Place
	for name, address := range map[string]*string{"pendopo": &at.Database, "pendopo_keys": &at.Keys} {
		if *address, _, err = pgserver.Database(t.Context(), server.URL, name); err != nil {
			t.Fatal(err)
		}
	}
	return newTown(t, at), server
}

// A base backup of the night and the log since bring an instance on PostgreSQL
// back to its last second, or to the second before a mishap.
func TestTheArchiveOfPostgresIsRehearsed(t *testing.T) {
	w, server := archivedTown(t)
	base, err := server.BaseBackup()
	w.must(err)
	w.finished()
	w.withdrawn()
	before := time.Now()
	head, err := w.Ledger.Head()
	w.must(err)
	w.withdrawn()
	w.must(server.Archived(t.Context()))

	open, err := os.MkdirTemp("", "pendopo-rehearsal-") // which the server's user may pass through
	w.must(err)
	t.Cleanup(func() { _ = os.RemoveAll(open) })
	w.must(os.Chmod(open, 0o711))
	scratch := filepath.Join(open, "scratch")
	try := func(change func(*app.Archives)) backup.Report {
		a := app.Archives{
			Record: app.Archive{Base: base, WAL: server.WAL(), Database: "pendopo"}, Keys: app.Archive{Database: "pendopo_keys"},
			Folder: w.Place.InstanceKeys(), Heads: w.Place.Heads(), Super: "postgres",
		}
		change(&a)
		r := app.RehearseArchives(t.Context(), app.Rehearsal{Scratch: scratch, Now: w.Now}, a)
		if _, err := os.Stat(scratch); err == nil {
			t.Error("the scratch folder, with keys in it, was left")
		}
		return r
	}
	whole := try(func(*app.Archives) {})
	if !whole.OK || whole.Opened == 0 || whole.Events <= head.Size || whole.State.IsZero() {
		t.Errorf("to the end of the log: %+v", whole)
	}
	then := try(func(a *app.Archives) { a.Until, a.Heads = before, "" })
	if !then.OK || then.Events != head.Size {
		t.Errorf("to the moment before: %+v, want %d events", then, head.Size)
	}
	// Against the heads that were published since, a shorter log is found out.
	short := try(func(a *app.Archives) { a.Until = before })
	if short.OK || !slices.ContainsFunc(short.Findings, func(f string) bool { return strings.HasPrefix(f, "log: ") }) {
		t.Errorf("shorter than a published head: %+v", short)
	}
	apart := try(func(a *app.Archives) { a.Keys.Base, a.Keys.WAL = base, server.WAL() })
	if !apart.OK || apart.Opened != whole.Opened {
		t.Errorf("the keys from an archive of their own: %+v", apart)
	}
	for what, change := range map[string]func(*app.Archives){
		"no base backup":            func(a *app.Archives) { a.Record.Base = t.TempDir() },
		"beyond the end of the log": func(a *app.Archives) { a.Until = time.Now().Add(time.Hour) },
		"a name for the shell":      func(a *app.Archives) { a.Record.WAL = "/tmp/$(id)" },
		"another database":          func(a *app.Archives) { a.Record.Database = "nothing" },
	} {
		if r := try(change); r.OK || r.Trouble == "" || len(r.Trouble) > 2000 {
			t.Errorf("%s: %+v", what, r)
		}
	}
	w.must(w.Jobs.Drain(context.Background()))
}
