package app_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/blob"
	"pendopo/kernel/conf"
	"pendopo/kernel/ledger"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/test/testkit"
)

// clock is a clock that a test sets.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// town is a running instance with the demo government, on either database.
type town struct {
	*app.Instance
	t     *testing.T
	clock *clock
}

func onBoth(t *testing.T, run func(t *testing.T, w *town)) {
	t.Run("sqlite", func(t *testing.T) { run(t, newTown(t, conf.Place{})) })
	t.Run("postgres", func(t *testing.T) {
		run(t, newTown(t, conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)}))
	})
}

func newTown(t *testing.T, p conf.Place) *town {
	t.Helper()
	p.Data, p.Node = t.TempDir()+"/data", "test"
	c := &clock{time.Date(2026, 3, 16, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))} // a Monday
	in, err := app.Open(context.Background(), app.Options{
		Place: p, Base: "http://localhost:8080", Create: true, Origin: "localhost/log", Now: c.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	if p, err := in.Publish(context.Background(), government.FS); err != nil {
		t.Fatalf("publish: %v %v", err, p.Findings)
	}
	return &town{in, t, c}
}

// officer makes an officer with one post and gives the id.
func (w *town) officer(login, name, unit, role string) string {
	w.t.Helper()
	id, err := w.Identity.Create(context.Background(), identity.NewOfficer{
		Login: login, Name: identity.Name{Full: name}, Password: identity.NewPassword(), Drawn: true,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.Identity.Assign(context.Background(), id, identity.Assignment{
		Unit: unit, Role: role, From: "2026-01-01", Kind: identity.Definitive,
	}, "", "")
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *town) upload(stream string, content []byte) string {
	w.t.Helper()
	key, err := w.Keys.Get(stream)
	if err != nil {
		w.t.Fatal(err)
	}
	id, err := w.Blobs.Create(stream, key, blob.Info{Name: "surat.pdf", Type: "application/pdf"})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Blobs.Append(id, key, 0, bytes.NewReader(content)); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Blobs.Finish(id, key); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func domicile() form.Answers {
	return form.Answers{
		"name": "Sekar Wulandari", "nik": "3360015704950001", "birth_place": "Kawungraya", "birth_date": "1995-04-17",
		"sex": "perempuan", "phone": "+6281200000001", "region": "33.60.01.1001", "street": "Jalan Melati 4", "rt": int64(2),
		"rw": int64(5), "lives_since": "2020-01-01", "occupation": "bekerja", "purpose": "bank",
		"surat_pengantar": []string{form.AtCounter}, "ktp": []string{form.AtCounter}, "declaration": true,
	}
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) whole() {
	w.t.Helper()
	ctx := context.Background()
	w.must(w.Ledger.Verify(ctx, func(f ledger.Finding) { w.t.Errorf("ledger: %v", f) }))
	w.must(w.VerifyRows(ctx, func(words string) { w.t.Error(words) }))
}

func TestACertificateFromApplicationToDocument(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		unit := "kelurahan-kawung"
		for _, u := range w.Cases.Government().Units {
			if u.Region == "33.60.01.1001" {
				unit = u.ID
			}
		}
		clerk := w.officer("sari", "Sari Rahmawati", unit, "petugas_layanan")
		head := w.officer("joko", "Joko Prasetyo", unit, "lurah")
		got, err := w.Cases.Submit(ctx, casework.Submission{
			Service: "surat-keterangan-domisili", Channel: "portal", Lang: "id", Answers: domicile(),
			Once: casework.Once{Scope: "test", Key: strings.Repeat("k", 22), Request: []byte("one")},
		})
		w.must(err)
		c, err := w.Cases.Track(ctx, strings.ToLower(got.Code))
		w.must(err)
		if c.Step != "review" || c.Holder.Role != "petugas_layanan" || c.Unit != unit {
			t.Fatalf("after submitting: %+v", c)
		}
		if d, _ := c.Deadline(fold.CaseDeadline); !d.Due.Equal(w.clock.now.Add(10 * time.Minute)) {
			t.Errorf("promised for %v", d.Due)
		}
		by := func(role string) fold.Holder { return fold.Holder{Who: "role", Role: role, Unit: unit} }
		c, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Seen: c.Version, Action: "approve", Actor: clerk, By: by("petugas_layanan"),
			Checks: map[string]bool{"identity": true, "letter": true, "address": true}})
		w.must(err)
		c, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Seen: c.Version, Action: "approve", Actor: head, By: by("lurah")})
		w.must(err)
		if c.Number == "" || c.Step != "issue" {
			t.Fatalf("after approval: %+v", c)
		}
		w.must(w.Jobs.Drain(ctx))
		c, err = w.Cases.State(ctx, got.Stream)
		w.must(err)
		if c.Document == nil || c.Step != "deliver" {
			t.Fatalf("after rendering: %+v", c)
		}
		if _, err := w.Ledger.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		w.whole()
	})
}
