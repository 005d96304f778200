package app_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/engine/notify"
	"pendopo/engine/notify/sink"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
)

// TestOfficersAreToldOnceOnWorkingDays lets a working day and holidays begin on two
// nodes: who has a post, an address and work gets one mail a working day, with
// counts and the address of the desk. Who has no post any more gets none.
func TestOfficersAreToldOnceOnWorkingDays(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx, dir := context.Background(), t.TempDir()
		got, err := w.Cases.Submit(ctx, casework.Submission{Service: "surat-keterangan-domisili", Channel: "portal", Lang: "id", Answers: domicile()})
		w.must(err)
		c, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		for _, o := range [][2]string{{"sari", "sari@contoh.example"}, {"mantan", "mantan@contoh.example"}, {"lain", ""}, {"mati", "mati@contoh.example"}} {
			id := w.officer(o[0], "Nama Rahasia", c.Holder.Unit, c.Holder.Role)
			w.must(w.Identity.SetEmail(ctx, id, o[1], "admin"))
			switch at, err := w.Identity.Officer(ctx, id); {
			case err != nil:
				t.Fatal(err)
			case o[0] == "mantan":
				w.must(w.Identity.Unassign(ctx, id, at.Assignments[0].ID, "admin"))
			case o[0] == "mati":
				w.must(w.Identity.Disable(ctx, id, "admin"))
			}
		}
		w.must(w.Jobs.Drain(ctx))
		w.Notices.Use(notify.FileSetup(dir))
		nodes := append(w.beside(t), w.Instance)
		day := func(at string, want int) (last sink.Line) {
			t.Helper()
			w.clock.now, err = time.Parse(time.RFC3339, at)
			w.must(err)
			var all sync.WaitGroup
			for _, in := range nodes {
				in.Notices.Use(w.Notices.Setup())
				all.Go(func() {
					for range 3 {
						if err := in.Notices.Morning(); err != nil {
							t.Error(err)
						}
					}
				})
			}
			all.Wait()
			w.must(w.Jobs.Drain(ctx))
			list := sent(t, dir)
			if len(list) != want {
				t.Fatalf("%s: %d mails, want %d: %+v", at, len(list), want, list)
			}
			if want > 0 {
				last = list[want-1]
			}
			return last
		}
		day("2026-03-17T06:59:00+07:00", 0)
		m := day("2026-03-17T07:30:00+07:00", 1)
		w.must(w.DB.Write(func(tx db.Tx) error { // a job may run again
			return job.Enqueue(tx, job.Job{Kind: notify.DigestJob, Key: "again", Payload: []byte("2026-03-17")})
		}))
		if m.To != "sari@contoh.example" || m.Channel != "email" || !strings.Contains(m.Text, "/desk") || !strings.Contains(m.Text, "Baru sejak hari kerja terakhir: 1\n") {
			t.Errorf("%+v", m)
		}
		for _, never := range []string{"Sekar", "Rahasia", got.Code, got.Secret} {
			if strings.Contains(m.Text+m.Subject, never) {
				t.Errorf("the mail says %q", never)
			}
		}
		day("2026-03-17T15:00:00+07:00", 1)
		day("2026-03-18T07:00:00+07:00", 1) // Nyepi
		day("2026-03-21T12:00:00+07:00", 1) // Saturday, Idulfitri
		if late := day("2026-03-25T08:00:00+07:00", 2); !strings.HasPrefix(late.Text, "Terlambat: 1\n") {
			t.Errorf("%+v", late)
		}
	})
}

// beside opens a second node of an instance whose database takes more than one.
func (w *town) beside(t *testing.T) []*app.Instance {
	t.Helper()
	if !strings.HasPrefix(w.Place.Database, "postgres") {
		return nil
	}
	p := w.Place
	p.Node = "other"
	in, err := app.Open(context.Background(), app.Options{Place: p, Base: "http://localhost:8080", Now: w.clock.Now})
	w.must(err)
	t.Cleanup(func() { w.must(in.Close()) })
	return []*app.Instance{in}
}
