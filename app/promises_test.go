package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// once is a key with its request.
func once(key, request string) casework.Once {
	return casework.Once{Scope: "test", Key: strings.Repeat(key, 24), Request: []byte(request)}
}

func (w *town) apply(o casework.Once) casework.Accepted {
	w.t.Helper()
	got, err := w.Cases.Submit(context.Background(), casework.Submission{
		Service: "surat-keterangan-domisili", Channel: "portal", Lang: "id", Answers: domicile(), Once: o,
	})
	w.must(err)
	return got
}

func (w *town) count(table string) (n int) {
	w.t.Helper()
	w.must(w.DB.Read(context.Background(), func(tx db.Tx) error {
		return tx.Row(`SELECT count(*) FROM ` + table).Scan(&n)
	}))
	return n
}

func TestOneKeyHasOneEffectAndOneAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		var all sync.WaitGroup
		answers := make([]casework.Accepted, 16)
		for i := range answers {
			all.Go(func() {
				got, err := w.Cases.Submit(context.Background(), casework.Submission{
					Service: "surat-keterangan-domisili", Channel: "portal", Lang: "id", Answers: domicile(), Once: once("a", "same"),
				})
				if err != nil {
					t.Error(err)
				}
				answers[i] = got
			})
		}
		all.Wait()
		for _, a := range answers {
			if a.Code != answers[0].Code || a.Secret != answers[0].Secret {
				t.Errorf("answers differ: %s and %s", a.Code, answers[0].Code)
			}
		}
		if n := w.count("cases"); n != 1 {
			t.Errorf("%d cases", n)
		}
		_, err := w.Cases.Submit(context.Background(), casework.Submission{
			Service: "surat-keterangan-domisili", Channel: "portal", Answers: domicile(), Once: once("a", "another"),
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("the same key with another request: %v", err)
		}
	})
}

func TestARepeatedActionIsAnsweredNotRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got := w.apply(once("b", "one"))
		deed := casework.Deed{
			Stream: got.Stream, Seen: got.Version, Action: "withdraw", By: fold.Holder{Who: "applicant"}, Once: once("c", "withdraw"),
		}
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if c, err := w.Cases.Act(ctx, deed); err != nil || c.Outcome != "withdrawn" {
					t.Errorf("%v, outcome %q", err, c.Outcome)
				}
			})
		}
		all.Wait()
		c, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		if c.Version != got.Version+1 {
			t.Errorf("version %d: it happened more than once", c.Version)
		}
		deed.Once = once("d", "again")
		if _, err := w.Cases.Act(ctx, deed); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale action: %v", err)
		}
	})
}

func TestADraftBecomesTheCaseWithItsCodeAndFiles(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		d, code, secret, err := w.Cases.Begin("surat-keterangan-domisili", "portal", "id")
		w.must(err)
		d.Answers = domicile()
		d.Answers["ktp"] = []string{w.upload(d.Stream, bytes.Repeat([]byte("x"), 300_000))}
		w.must(w.Cases.SaveDraft(d))
		found, err := w.Cases.Unlock(ctx, " "+strings.ToLower(code)+" ", secret, "192.0.2.1")
		if err != nil || !found.Draft || found.Stream != d.Stream {
			t.Fatalf("%+v, %v", found, err)
		}
		back, err := w.Cases.LoadDraft(ctx, d.Stream)
		w.must(err)
		if rt, ok := back.Answers["rt"].(int64); !ok || rt != 2 {
			t.Errorf("rt came back as %T", back.Answers["rt"])
		}
		if _, err := w.Cases.Track(ctx, code); !fault.Is(err, fault.Unknown) {
			t.Errorf("a draft is shown to whoever has its code: %v", err)
		}
		got, err := w.Cases.Submit(ctx, casework.Submission{
			Service: d.Service, Definition: d.Definition, Channel: "portal", Draft: d.Stream, Answers: back.Answers, Once: once("e", "draft"),
		})
		w.must(err)
		if got.Code != code || got.Secret != secret {
			t.Error("code or secret changed when the draft was sent")
		}
		if _, err := w.Cases.LoadDraft(ctx, d.Stream); !fault.Is(err, fault.Gone) {
			t.Errorf("the draft is still there: %v", err)
		}
		if _, err := w.Cases.Unlock(ctx, code, "AAAA-AAAA", "192.0.2.1"); !fault.Is(err, fault.Unknown) {
			t.Errorf("a wrong secret: %v", err)
		}
		w.whole()
	})
}

func TestADraftEndsAfterThirtyDays(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		d, code, secret, err := w.Cases.Begin("surat-keterangan-domisili", "portal", "id")
		w.must(err)
		w.clock.now = w.clock.now.AddDate(0, 0, 31)
		if _, err := w.Cases.LoadDraft(context.Background(), d.Stream); !fault.Is(err, fault.Gone) {
			t.Errorf("an expired draft opens: %v", err)
		}
		n, err := w.Cases.SweepDrafts(context.Background())
		if err != nil || n != 1 {
			t.Fatalf("swept %d, %v", n, err)
		}
		if _, err := w.Keys.Get(d.Stream); !fault.Is(err, fault.Gone) {
			t.Errorf("its key is still there: %v", err)
		}
		if _, err := w.Cases.Unlock(context.Background(), code, secret, "192.0.2.1"); !fault.Is(err, fault.Unknown) {
			t.Errorf("its code still finds something: %v", err)
		}
	})
}

func TestOpeningIsNotedFirstOrNotDone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got := w.apply(once("f", "one"))
		r := casework.Reader{Actor: "officer-1", Purpose: casework.PurposeHandle, By: fold.Holder{Who: "role", Role: "petugas_layanan"}}
		for range 3 {
			d, err := w.Cases.Open(ctx, got.Stream, r)
			w.must(err)
			if d.Answers["name"] != "Sekar Wulandari" {
				t.Errorf("opened %v", d.Answers)
			}
		}
		seen, err := w.Cases.Openings(ctx, got.Stream)
		w.must(err)
		if len(seen) != 1 || seen[0].Actor != "officer-1" {
			t.Errorf("openings of one hour: %+v", seen)
		}
		w.clock.now = w.clock.now.Add(time.Hour)
		_, err = w.Cases.Open(ctx, got.Stream, r)
		w.must(err)
		w.must(w.DB.Write(func(tx db.Tx) error {
			_, err := tx.Exec(`DROP TABLE access`)
			return err
		}))
		w.clock.now = w.clock.now.Add(time.Hour)
		if d, err := w.Cases.Open(ctx, got.Stream, r); err == nil || d.Answers != nil {
			t.Error("opened although the opening could not be noted")
		}
	})
}

func TestShreddingEndsReadingNotVerifying(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got := w.apply(once("g", "one"))
		if err := w.Shred(ctx, got.Stream, "retention", "officer-1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("shredding an open case: %v", err)
		}
		_, err := w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Action: "withdraw", By: fold.Holder{Who: "applicant"}})
		w.must(err)
		w.must(w.Jobs.Drain(ctx))
		w.must(w.Shred(ctx, got.Stream, "retention", "officer-1"))
		if _, _, err := w.Cases.Own(ctx, got.Stream); !fault.Is(err, fault.Gone) {
			t.Errorf("a shredded case opens: %v", err)
		}
		c, err := w.Cases.Track(ctx, got.Code)
		if err != nil || !c.Shredded || c.Outcome != "withdrawn" {
			t.Errorf("its state: %+v, %v", c, err)
		}
		_, err = w.Keys.Search(ctx, w.Instance.Instance.Named("Sekar Wulandari"), func(found []string) (bool, error) {
			t.Errorf("its applicant is still found: %v", found)
			return true, nil
		})
		w.must(err)
		if _, err := w.Cases.Submit(ctx, casework.Submission{
			Service: "surat-keterangan-domisili", Channel: "portal", Answers: domicile(), Once: once("g", "one"),
		}); !fault.Is(err, fault.Gone) {
			t.Errorf("its key is replayed: %v", err)
		}
		_, err = w.Ledger.Sequence(ctx)
		w.must(err)
		w.whole()
		_, err = w.Rebuild(ctx)
		w.must(err)
		w.whole()
	})
}

const extraHoliday = `calendar: "region_33_60_extra"
version: 1
scope: "region"
region: "33.60"
decree: {number: "Keputusan Bupati 400/9/2026", date: "2026-03-12", source: "demo"}
days:
  - {date: "2026-03-17", kind: "holiday", name: {id: "Hari jadi kabupaten", en: "Regency day"}}
`

func TestEveryChangedRowIsNamedAndMadeAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got := w.apply(once("h", "one"))
		_, err := w.Cases.Open(ctx, got.Stream, casework.Reader{Actor: "o", Purpose: casework.PurposeHandle})
		w.must(err)
		w.officer("sari", "Sari", "kel-sekararum", "petugas_layanan")
		w.whole()
		for table, columns := range map[string][]string{
			"cases": {"service", "definition", "unit", "step", "outcome", "holder_who", "holder_role", "holder_unit", "escalated",
				"due", "received", "changed", "version", "state"},
			"deadline": {"due", "state"}, "access": {"actor", "purpose", "hour"},
		} {
			for _, column := range columns {
				w.mutate(table, column)
				if !w.finds(table, column) {
					t.Errorf("%s.%s was changed and not found", table, column)
				}
				_, err := w.Rebuild(ctx)
				w.must(err)
				w.whole()
			}
			w.must(w.DB.Write(func(tx db.Tx) error {
				_, err := tx.Exec(`DELETE FROM ` + table)
				return err
			}))
			if !w.finds(table, "") {
				t.Errorf("a missing row of %s was not found", table)
			}
			_, err := w.Rebuild(ctx)
			w.must(err)
		}
		if c, err := w.Cases.Track(ctx, got.Code); err != nil || c.Step != "review" {
			t.Errorf("after rebuilding, the code finds %q, %v", c.Step, err)
		}
	})
}

// mutate changes one column of every row of a table.
func (w *town) mutate(table, column string) {
	w.t.Helper()
	w.must(w.DB.Write(func(tx db.Tx) error {
		numbers := map[string]bool{"due": true, "received": true, "changed": true, "version": true, "hour": true}
		change := `'x' || ` + column
		if numbers[column] {
			change = column + ` + 1`
		}
		if column == "state" && table == "cases" {
			change = `replace(state, '"review"', '"sign"')`
		}
		_, err := tx.Exec(`UPDATE ` + table + ` SET ` + column + ` = ` + change)
		return err
	}))
}

func (w *town) finds(table, column string) bool {
	w.t.Helper()
	found := false
	w.must(w.VerifyRows(context.Background(), func(words string) {
		found = found || strings.HasPrefix(words, table+" ") && (table != "cases" || strings.Contains(words, column))
	}))
	return found
}

// TestAnAmendedCalendarMovesWhatIsNotYetDue publishes a calendar in which one
// more day is a holiday.
func TestAnAmendedCalendarMovesWhatIsNotYetDue(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got, err := w.Cases.Submit(ctx, casework.Submission{Service: "sip-bidan", Channel: "portal", Lang: "id", Answers: licence()})
		w.must(err)
		before, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		files := overlay(t, map[string]string{"calendars/region-33.60-extra.yaml": extraHoliday})
		p, err := w.Publish(ctx, files)
		if err != nil || !p.Calendar {
			t.Fatalf("%v %v", err, p)
		}
		w.must(w.Jobs.Drain(ctx))
		after, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		old, _ := before.Deadline("completeness")
		now, _ := after.Deadline("completeness")
		if !now.Due.After(old.Due) || !now.Was.Equal(old.Due) || after.Marks[len(after.Marks)-1].Kind != fold.Amended {
			t.Errorf("due %v, was %v; last %s", now.Due, now.Was, after.Marks[len(after.Marks)-1].Kind)
		}
		proof, err := w.Cases.Proof(ctx, before, "completeness")
		if err != nil || !proof.Due.Equal(old.Due) {
			t.Errorf("the old proof cannot be shown any more: %v %v", proof.Due, err)
		}
		w.whole()
	})
}

// overlay is the demo government with some files changed or added.
func overlay(t *testing.T, files map[string]string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(government.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(government.FS, path)
		out[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range files {
		out[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func licence() form.Answers {
	paper := []string{form.AtCounter}
	return form.Answers{
		"name": "Arum Melati", "nik": "3360015203940041", "birth_place": "Banyusekar", "birth_date": "1994-03-12",
		"phone": "+6281200000041", "home_address": "Jalan Cempaka 4", "str_number": "0000012345", "str_date": "2023-05-15",
		"str_validity": "seumur_hidup", "facility_kind": "klinik", "facility_name": "Klinik Sekar",
		"facility_region": "33.60.01.1001", "facility_address": "Jalan Seruni 8", "practice_order": "pertama",
		"permohonan": paper, "ktp": paper, "pasfoto": paper, "surat_sehat": paper, "ijazah": paper, "str": paper,
		"rekomendasi_ibi": paper, "surat_pimpinan": paper, "declaration": true,
	}
}

// TestACaseKeepsTheDefinitionItBeganWith publishes other words and a shorter
// list while a case is open.
func TestACaseKeepsTheDefinitionItBeganWith(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got := w.apply(once("i", "one"))
		old, err := w.Cases.Catalogue().Live("surat-keterangan-domisili")
		w.must(err)
		text, err := fs.ReadFile(government.FS, "services/surat-keterangan-domisili.yaml")
		w.must(err)
		changed := strings.Replace(string(text), "Lengkap dan cocok", "Sudah lengkap dan cocok", 1)
		p, err := w.Publish(ctx, overlay(t, map[string]string{"services/surat-keterangan-domisili.yaml": changed}))
		if err != nil || fmt.Sprint(p.Services) != "[surat-keterangan-domisili]" {
			t.Fatalf("%v %+v", err, p)
		}
		_, err = w.Cases.Submit(ctx, casework.Submission{
			Service: "surat-keterangan-domisili", Definition: old.Hash, Channel: "portal", Answers: domicile(),
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a form of yesterday's definition: %v", err)
		}
		c, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		b, err := w.Cases.Catalogue().At(ctx, c.Definition)
		w.must(err)
		if b.Hash != old.Hash || b.Service.Step("review").Action("approve").Label.In("id") != "Lengkap dan cocok" {
			t.Error("the open case changed its definition")
		}
	})
}

// TestASuspendedUnitStandsStillWithItsNewCases suspends an office while one
// case is open and another comes in.
func TestASuspendedUnitStandsStillWithItsNewCases(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		old := w.apply(once("j", "one"))
		order := casework.Suspension{Unit: "kel-sekararum", Evidence: "800/1/2026", By: [2]string{"a", "a"}}
		if _, err := w.Cases.Suspend(ctx, order); !fault.Is(err, fault.Invalid) {
			t.Errorf("one person alone: %v", err)
		}
		order.By[1] = "b"
		n, err := w.Cases.Suspend(ctx, order)
		if err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		late := w.apply(once("k", "two"))
		w.must(w.Jobs.Drain(ctx))
		w.clock.now = w.clock.now.Add(24 * time.Hour)
		_, err = w.Cases.Lapse(ctx)
		w.must(err)
		for _, c := range []casework.Accepted{old, late} {
			state, err := w.Cases.State(ctx, c.Stream)
			w.must(err)
			if d, _ := state.Deadline(fold.CaseDeadline); d.State != fold.Paused {
				t.Errorf("a clock is %s while its unit stands still", d.State)
			}
		}
		order.End, order.Evidence = true, ""
		if n, err = w.Cases.Suspend(ctx, order); err != nil || n != 2 {
			t.Fatalf("%d, %v", n, err)
		}
		state, err := w.Cases.State(ctx, late.Stream)
		w.must(err)
		if d, _ := state.Deadline(fold.CaseDeadline); d.State != fold.Running || !d.Due.After(w.clock.now) {
			t.Errorf("afterwards %s, due %v", d.State, d.Due)
		}
		w.whole()
	})
}

// TestANewNameStandsOnEveryPageAtOnce publishes another name while the doors
// are open.
func TestANewNameStandsOnEveryPageAtOnce(t *testing.T) {
	w := newTown(t, conf.Place{})
	s := w.serve()
	text, err := fs.ReadFile(government.FS, "government.yaml")
	w.must(err)
	changed := strings.Replace(string(text), "Pemerintah Kabupaten Banyusekar", "Pemerintah Kabupaten Banyubening", 1)
	_, err = w.Publish(context.Background(), overlay(t, map[string]string{"government.yaml": changed}))
	w.must(err)
	res, err := s.Client().Get(s.URL + "/?lang=id")
	w.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	w.must(err)
	if !strings.Contains(string(body), "Banyubening") {
		t.Error("the page has the old name")
	}
}
