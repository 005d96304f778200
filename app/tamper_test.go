package app_test

import (
	"bytes"
	"context"
	"io/fs"
	"strings"
	"testing"

	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/law/form"
)

// TestWhatTheRecordRestsOnCannotBeChangedUnseen changes definitions,
// publications, numbers and files: the database refuses it, and where somebody
// with full rights takes its guard away, verify names the table.
func TestWhatTheRecordRestsOnCannotBeChangedUnseen(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.finished()
		w.whole()
		for _, x := range []struct{ table, change string }{
			{"definition", `body = replace(body, 'Lengkap dan cocok', 'Cocok')`},
			{"publication", `hash = 'x' || hash`},
			{"number", `printed = 'x' || printed`},
			{"number", `n = n + 1`},
		} {
			update := `UPDATE ` + x.table + ` SET ` + x.change
			if err := w.exec(update); !db.IsRefused(err) {
				t.Errorf("the database let %q pass: %v", update, err)
			}
			w.unguarded(x.table, func() {
				w.must(w.exec(update))
				if !w.finds(x.table, "") {
					t.Errorf("after %q verify found nothing", update)
				}
			})
		}
	})
}

// TestTheSamePublishedTwiceAtOneMomentIsWhole: there and back again while the
// clock stands, so that two rows and two events of one name are alike.
func TestTheSamePublishedTwiceAtOneMomentIsWhole(t *testing.T) {
	w := newTown(t, conf.Place{})
	other := changed(t, "services/surat-keterangan-domisili.yaml", "id: Surat keterangan domisili", "id: Surat Keterangan Kediaman")
	for _, folder := range []fs.FS{other, government.FS, other} {
		_, err := w.Publish(context.Background(), folder)
		w.must(err)
	}
	w.whole()
}

// TestAChangedFileIsNamed flips one byte of a stored attachment.
func TestAChangedFileIsNamed(t *testing.T) {
	w := newTown(t, conf.Place{})
	ctx := context.Background()
	d, _, _, err := w.Cases.Begin("surat-keterangan-domisili", "portal", "id")
	w.must(err)
	d.Answers = domicile()
	id := w.upload(d.Stream, bytes.Repeat([]byte("x"), 300_000))
	d.Answers["ktp"] = []string{id}
	_, err = w.Cases.Submit(ctx, casework.Submission{Service: d.Service, Channel: "portal", Draft: d.Stream, Answers: d.Answers})
	w.must(err)
	w.whole()
	w.must(w.Blobs.Remove(id))
	found := false
	w.must(w.VerifyRows(ctx, func(words string) { found = found || strings.Contains(words, id) }))
	if !found {
		t.Error("a file that is gone was not named")
	}
}

// finished is a certificate that took a number and became a document.
func (w *town) finished() casework.Accepted {
	w.t.Helper()
	ctx := context.Background()
	clerk := w.officer("sari", "Sari Rahmawati", "kel-sekararum", "petugas_layanan")
	head := w.officer("joko", "Joko Prasetyo", "kel-sekararum", "lurah")
	got, err := w.Cases.Submit(ctx, casework.Submission{
		Service: "surat-keterangan-domisili", Channel: "portal", Lang: "id", Answers: form.Answers(domicile()),
	})
	w.must(err)
	for _, who := range []struct{ id, role string }{{clerk, "petugas_layanan"}, {head, "lurah"}} {
		c, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		_, err = w.Cases.Act(ctx, casework.Deed{
			Stream: got.Stream, Seen: c.Version, Action: "approve", Actor: who.id, By: c.Holder,
			Checks: map[string]bool{"identity": true, "letter": true, "address": true},
		})
		w.must(err)
	}
	w.must(w.Jobs.Drain(ctx))
	_, err = w.Ledger.Sequence(ctx)
	w.must(err)
	return got
}

func (w *town) exec(query string) error {
	return w.DB.Write(func(tx db.Tx) error {
		_, err := tx.Exec(query)
		return err
	})
}

// unguarded runs something with the guard of a table taken away, and puts rows
// and guard back as they were.
func (w *town) unguarded(table string, do func()) {
	w.t.Helper()
	copyOf := table + "_before"
	w.must(w.exec(`CREATE TABLE ` + copyOf + ` AS SELECT * FROM ` + table))
	guards := w.dropGuards(table)
	do()
	w.must(w.exec(`DELETE FROM ` + table))
	w.must(w.exec(`INSERT INTO ` + table + w.overriding() + ` SELECT * FROM ` + copyOf))
	w.must(w.exec(`DROP TABLE ` + copyOf))
	for _, g := range guards {
		w.must(w.exec(g))
	}
}

// overriding lets PostgreSQL take serial numbers as they were.
func (w *town) overriding() string {
	if w.DB.Dialect() == db.Postgres {
		return " OVERRIDING SYSTEM VALUE"
	}
	return ""
}

// dropGuards takes the triggers away and gives the statements that bring them back.
func (w *town) dropGuards(table string) (restore []string) {
	if w.DB.Dialect() == db.Postgres {
		w.must(w.exec(`ALTER TABLE ` + table + ` DISABLE TRIGGER ALL`))
		return []string{`ALTER TABLE ` + table + ` ENABLE TRIGGER ALL`}
	}
	var names []string
	w.must(w.DB.Read(context.Background(), func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?`, table)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, sql string
			if err := rows.Scan(&name, &sql); err != nil {
				return err
			}
			names, restore = append(names, name), append(restore, sql)
		}
		return rows.Err()
	}))
	for _, n := range names {
		w.must(w.exec(`DROP TRIGGER ` + n))
	}
	return restore
}
