package app_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// widened publishes the services of law/flow's tests beside those of the demo.
func (w *town) widened() {
	w.t.Helper()
	files := map[string]string{}
	root := filepath.Join("..", "law", "flow", "testdata")
	for _, dir := range []string{"services", "documents"} {
		all, err := os.ReadDir(filepath.Join(root, dir))
		w.must(err)
		for _, f := range all {
			data, err := os.ReadFile(filepath.Join(root, dir, f.Name()))
			w.must(err)
			files[dir+"/"+f.Name()] = string(data)
		}
	}
	_, err := w.Publish(context.Background(), overlay(w.t, files))
	w.must(err)
}

// send submits an application of one of those services.
func (w *town) send(service string, answers form.Answers) casework.Accepted {
	w.t.Helper()
	all := form.Answers{"name": "Sekar Wulandari", "nik": "3360015104960001", "ktp": []string{form.AtCounter}}
	for id, v := range answers {
		all[id] = v
	}
	got, err := w.Cases.Submit(context.Background(), casework.Submission{Service: service, Channel: "portal", Lang: "id", Answers: all})
	w.must(err)
	return got
}

// at is what whoever holds a step of a case does there.
func (w *town) at(stream, step, action string, with func(*casework.Deed)) (fold.Case, error) {
	w.t.Helper()
	ctx := context.Background()
	c, err := w.Cases.State(ctx, stream)
	w.must(err)
	b, err := w.Cases.Catalogue().At(ctx, c.Definition)
	w.must(err)
	d := casework.Deed{Stream: stream, Seen: c.Version, Action: action, Step: step, By: c.In(step).Holder, Actor: "officer", Checks: map[string]bool{}}
	for _, line := range b.Service.Step(step).Checklist {
		d.Checks[line.ID] = true
	}
	if with != nil {
		with(&d)
	}
	return w.Cases.Act(ctx, d)
}

func (w *town) listed(unit, role string) (streams []string) {
	w.t.Helper()
	got, err := w.Cases.List(context.Background(), casework.Worklist{Posts: []fold.Holder{{Who: "role", Unit: unit, Role: role}}})
	w.must(err)
	for _, c := range got.Cases {
		streams = append(streams, c.Stream)
	}
	return streams
}

// TestACaseWaitsAtEveryDeskOfItsBranches follows one on both databases: in the
// lists of those who hold a branch, in the counts, in the rows, until it is joined.
func TestACaseWaitsAtEveryDeskOfItsBranches(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.widened()
		ctx := context.Background()
		got := w.send("uji-izin", form.Answers{"scale": "besar", "area": int64(60)})
		_, err := w.at(got.Stream, "review", "approve", nil)
		w.must(err)
		desks := [][2]string{{"dpupr", "tim_tata_ruang"}, {"dpupr", "tim_bangunan"}, {"dishub", "petugas_lalu_lintas"}}
		for _, d := range desks {
			if !slices.Equal(w.listed(d[0], d[1]), []string{got.Stream}) {
				t.Errorf("the case does not wait at %v", d)
			}
		}
		counts, err := w.Cases.Counts(ctx, time.Hour)
		w.must(err)
		for unit, n := range map[string]int64{"dpmptsp": 1, "dpupr": 2, "dishub": 1} {
			if !slices.ContainsFunc(counts, func(c casework.Count) bool { return c.Unit == unit && c.Service == "uji-izin" && c.Open == n }) {
				t.Errorf("%s has no %d open: %+v", unit, n, counts)
			}
		}
		w.tampered()
		if _, err = w.at(got.Stream, "traffic", "approve", nil); err != nil || len(w.listed("dishub", "petugas_lalu_lintas")) != 0 {
			t.Errorf("after its branch has arrived: %v", err)
		}
		_, err = w.at(got.Stream, "building", "approve", nil)
		w.must(err)
		w.escalates(got.Stream)
		for _, step := range []string{"opinion", "spatial"} {
			_, err = w.at(got.Stream, step, "approve", nil)
			w.must(err)
		}
		if len(w.listed("dpupr", "tim_tata_ruang")) != 0 || !slices.Equal(w.listed("dpmptsp", "kepala_dpmptsp"), []string{got.Stream}) {
			t.Error("the joined case does not wait for its decision alone")
		}
		_, err = w.Ledger.Sequence(ctx)
		w.must(err)
		w.whole()
	})
}

// tampered changes every column of every branch row, and takes the rows away:
// verify names it, and rebuild makes it anew. The columns come from the schema.
func (w *town) tampered() {
	w.t.Helper()
	_, err := w.Ledger.Sequence(context.Background())
	w.must(err)
	w.whole()
	for _, column := range w.columns("branch") {
		change := column + ` || 'x'`
		if column == "due" {
			change = column + ` + 1`
		}
		w.must(w.exec(`UPDATE branch SET ` + column + ` = ` + change))
		if !w.finds("branch", "") {
			w.t.Errorf("branch.%s was changed and not found", column)
		}
		_, err := w.Rebuild(context.Background())
		w.must(err)
		w.whole()
	}
	w.must(w.exec(`DELETE FROM branch`))
	if !w.finds("branch", "") {
		w.t.Error("missing branches were not found")
	}
	_, err = w.Rebuild(context.Background())
	w.must(err)
	w.whole()
}

// columns are those of a table, as the database has them.
func (w *town) columns(table string) (names []string) {
	w.t.Helper()
	query := `SELECT name FROM pragma_table_info('` + table + `')`
	if w.DB.Dialect() == db.Postgres {
		query = `SELECT column_name FROM information_schema.columns WHERE table_name = '` + table + `'`
	}
	w.must(w.DB.Read(context.Background(), func(tx db.Tx) error {
		rows, err := tx.Query(query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			names = append(names, name)
		}
		return rows.Err()
	}))
	if len(names) < 5 {
		w.t.Fatalf("the table %s has the columns %v", table, names)
	}
	return names
}

// escalates lets the branches' deadlines pass: each calls its own superior in, to
// whose list it comes.
func (w *town) escalates(stream string) {
	w.t.Helper()
	c, err := w.Cases.State(context.Background(), stream)
	w.must(err)
	d, _ := c.Deadline("opinion")
	w.clock.now = d.Due.Add(time.Second)
	_, err = w.Cases.Lapse(context.Background())
	w.must(err)
	if !slices.Equal(w.listed("dpupr", "pengawas"), []string{stream}) {
		w.t.Error("whom lateness called in to a branch does not find it")
	}
}

// TestWhatIsMadeElsewhereIsTakenInWithItsFile, on both databases: a file that is
// not what was signed stays outside; the number stands nowhere in the clear.
func TestWhatIsMadeElsewhereIsTakenInWithItsFile(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.widened()
		ctx := context.Background()
		got := w.send("uji-kartu", nil)
		_, err := w.at(got.Stream, "review", "approve", nil)
		w.must(err)
		altered := []byte("%PDF-1.7\n/ByteRange [0 40 60 10] and something else that nobody signed %%EOF\n")
		take := func(content []byte) (fold.Case, error) {
			return w.at(got.Stream, "make", "made", func(d *casework.Deed) {
				d.Number, d.Upload = "1234-AB", w.upload(got.Stream, content)
			})
		}
		if _, err = take(altered); !fault.Is(err, fault.Invalid) {
			t.Errorf("an altered file: %v", err)
		}
		c, err := take([]byte("%PDF-1.7\n%%EOF\n"))
		w.must(err)
		if c.Made == nil || c.Made.Signature != fold.SignatureNone || c.Step != "deliver" || c.Made.File.Hash == "" {
			t.Errorf("taken in: %+v at %s", c.Made, c.Step)
		}
		made, err := w.Cases.MadeElsewhere(ctx, got.Stream)
		if err != nil || made.Number != "1234-AB" {
			t.Errorf("the number is %q, %v", made.Number, err)
		}
		if _, err := w.Blobs.Sweep(w.clock.now.AddDate(1, 0, 0)); err != nil {
			t.Error(err)
		}
		c, err = w.at(got.Stream, "deliver", "handed", func(d *casework.Deed) {
			d.By = fold.Holder{Who: "role", Role: "petugas_dukcapil", Unit: "disdukcapil"}
			d.Receiver = flow.Receiver{Name: "Sekar Wulandari", Relation: "self"}
		})
		if err != nil || c.Outcome != definition.Granted {
			t.Errorf("handed over: %s, %v", c.Outcome, err)
		}
		_, err = w.Ledger.Sequence(ctx)
		w.must(err)
		w.whole()
		w.must(w.Blobs.Remove(c.Made.File.ID))
		if !w.names(c.Made.File.ID) {
			t.Error("a file that is gone was not named")
		}
	})
}

// names reports whether verify speaks of something.
func (w *town) names(what string) (found bool) {
	w.t.Helper()
	w.must(w.VerifyRows(context.Background(), func(words string) { found = found || strings.Contains(words, what) }))
	return found
}

// TestARuleGrantsAndTheLetterSaysSo: nobody decided, the letter names the basis,
// and whoever signs may take it back; then everyone who checks it reads so.
func TestARuleGrantsAndTheLetterSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.widened()
		ctx := context.Background()
		head := w.officer("kepala", "Kepala Dinas", "dpmptsp", "kepala_dpmptsp")
		d, _, _, err := w.Cases.Begin("uji-izin", "portal", "id")
		w.must(err)
		got, err := w.Cases.Submit(ctx, casework.Submission{Service: "uji-izin", Channel: "portal", Lang: "id", Draft: d.Stream,
			Answers: form.Answers{"name": "Sekar Wulandari", "nik": "3360015104960001", "scale": "kecil", "area": int64(20),
				"ktp": []string{w.upload(d.Stream, []byte("kartu"))}}})
		w.must(err)
		w.must(w.Jobs.Drain(ctx))
		c, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		if c.Document == nil || c.Step != "deliver" {
			t.Fatalf("at %s without its document: %+v", c.Step, c.Marks)
		}
		facts, err := w.Cases.Product(ctx, got.Stream, w.Texts)
		if err != nil || facts.Rule != "Perbup 1/2026" || facts.DecidedBy != "" {
			t.Errorf("granted by rule %q, decided by %q, %v", facts.Rule, facts.DecidedBy, err)
		}
		order := casework.Revocation{Stream: got.Stream, Reason: "wrong_data", Decision: "503/9/2026", Actor: head,
			By: fold.Holder{Who: "role", Role: "petugas_ptsp", Unit: "dpmptsp"}}
		if _, err := w.Cases.Revoke(ctx, order); !fault.Is(err, fault.Forbidden) {
			t.Errorf("somebody who does not sign took it back: %v", err)
		}
		w.says(c.Number, document.Valid)
		order.By.Role = "kepala_dpmptsp"
		c, err = w.Cases.Revoke(ctx, order)
		if err != nil || c.Revoked != "wrong_data" {
			t.Errorf("revoked %q: %v", c.Revoked, err)
		}
		w.says(c.Number, document.Revoked)
		w.must(w.exec(`UPDATE document SET state = 'issued', reason = ''`))
		if !w.finds("document", "") {
			t.Error("a revocation that was undone in the rows was not found")
		}
		w.must(w.exec(`UPDATE document SET state = 'revoked', reason = 'wrong_data'`))
		if _, err := w.Cases.Revoke(ctx, order); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second time: %v", err)
		}
		_, err = w.Ledger.Sequence(ctx)
		w.must(err)
		w.whole()
	})
}

// says wants what anyone is told about a number.
func (w *town) says(number string, want document.State) {
	w.t.Helper()
	all, err := w.Docs.VerifyNumber(context.Background(), number)
	if err != nil || len(all) != 1 || all[0].State != want {
		w.t.Errorf("the number %s: %+v, %v; want %s", number, all, err, want)
	}
}
