package app_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pendopo/app"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
)

// files are the digests of everything in both folders of an instance, and the
// names of what lies beside them.
func (w *town) files() map[string][32]byte {
	w.t.Helper()
	all := map[string][32]byte{}
	w.must(filepath.Walk(filepath.Dir(w.Place.Data), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || strings.HasSuffix(path, "-shm") || strings.HasSuffix(path, "/lock") {
			return err
		}
		content, err := os.ReadFile(path)
		all[path] = sha256.Sum256(content)
		return err
	}))
	return all
}

// upgraded opens the town as a program would whose module has one more migration.
func (w *town) upgraded(module, sql string) (*app.Instance, error) {
	w.t.Helper()
	o, err := app.Planted(app.Options{Place: w.Place, Base: w.Base, Lock: true, Now: w.Now}, module, sql)
	w.must(err)
	return app.Open(context.Background(), o)
}

func TestAnUpgradeThatFailsOnACopyTouchesNothing(t *testing.T) {
	w := newTown(t, conf.Place{})
	w.finished()
	w.must(w.Close())
	before := w.files()
	for name, c := range map[string]struct{ module, sql, want string }{
		"a migration that fails":               {"document", "CREATE TABLE planted (x BIGINT);\nINSERT INTO nowhere VALUES (1);", "nowhere"},
		"one that breaks a fold":               {"casework", "UPDATE cases SET step = 'elsewhere' WHERE stream = (SELECT min(stream) FROM cases);", "rows: "},
		"one that loses a row of a fold":       {"identity", "DELETE FROM officer_post;", "rows: "},
		"one that refers to what is not there": {"job", "CREATE TABLE planted (x BIGINT REFERENCES event (id));\nPRAGMA foreign_keys = OFF;\nINSERT INTO planted VALUES (7);", "FOREIGN KEY"},
	} {
		t.Run(name, func(t *testing.T) {
			in, err := w.upgraded(c.module, c.sql)
			if err == nil {
				err = in.Close()
			}
			if !errors.Is(err, app.ErrUpgrade) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
			after := w.files()
			for path, sum := range before {
				if after[path] != sum {
					t.Errorf("%s was changed", path)
				}
			}
			if len(after) != len(before) {
				t.Errorf("%d files, before %d: the copy was left", len(after), len(before))
			}
		})
	}
	in, err := app.Open(context.Background(), app.Options{Place: w.Place, Base: w.Base, Lock: true, Now: w.Now})
	w.must(err)
	again := &town{in, t, w.clock}
	again.whole()
	w.must(in.Close())
}

func TestAnUpgradeThatHoldsIsDoneAndAnOlderProgramRefused(t *testing.T) {
	w := newTown(t, conf.Place{})
	w.finished()
	w.must(w.Close())
	in, err := w.upgraded("document", "CREATE TABLE planted (x BIGINT);\nINSERT INTO planted VALUES (1);")
	w.must(err)
	newer := &town{in, t, w.clock}
	newer.whole()
	if n := newer.count("planted"); n != 1 {
		t.Errorf("the migration left %d rows", n)
	}
	w.must(in.Close())
	before := w.files()
	if _, err := app.Open(context.Background(), app.Options{Place: w.Place, Base: w.Base, Now: w.Now}); !errors.Is(err, db.ErrNewer) {
		t.Errorf("the older program opened it: %v", err)
	}
	for path, sum := range w.files() {
		if before[path] != sum {
			t.Errorf("%s was changed by the older program", path)
		}
	}
}

func TestTablesNeverChangeUnderARunningServer(t *testing.T) {
	w := newTown(t, conf.Place{})
	w.must(w.Close())
	server, err := app.Open(context.Background(), app.Options{Place: w.Place, Base: w.Base, Lock: true, Now: w.Now})
	w.must(err)
	defer server.Close()
	o, err := app.Planted(app.Options{Place: w.Place, Base: w.Base, Now: w.Now}, "document", "CREATE TABLE planted (x BIGINT);")
	w.must(err)
	if _, err := app.Open(context.Background(), o); !errors.Is(err, app.ErrUpgradeLocked) {
		t.Errorf("a command of a newer program beside the server: %v", err)
	}
}
