package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// house is a small instance: a record of notes, files, keys.
type house struct {
	t      *testing.T
	at     conf.Place
	in     *seal.Instance
	record *db.DB
	blobs  *db.DB
	keys   *seal.Keys
	clock  time.Time
}

var notes = fstest.MapFS{"0001_notes.sql": {Data: []byte(`CREATE TABLE note (id {{serial}}, body {{bytes}} NOT NULL);`)}}

func open(t *testing.T, at conf.Place, create bool) *house {
	t.Helper()
	h := &house{t: t, at: at, clock: time.Date(2026, 3, 17, 2, 0, 0, 0, time.UTC)}
	var err error
	if create {
		h.must(os.MkdirAll(at.Heads(), 0o700))
		h.must(os.WriteFile(at.Heads()+"/000001-2026-03.heads", []byte("@ 4\nhead"), 0o600))
		h.in, err = seal.CreateInstance(at.InstanceKeys(), "house.example/log")
	} else {
		h.in, err = seal.LoadInstance(at.InstanceKeys())
	}
	h.must(err)
	h.record, err = db.Open(t.Context(), at.RecordURL(), db.Options{})
	h.must(err)
	h.blobs, err = db.Open(t.Context(), at.BlobURL(), db.Options{})
	h.must(err)
	h.must(h.record.Migrate(t.Context(), "notes", notes))
	h.must(h.blobs.Migrate(t.Context(), "notes", notes))
	h.keys, err = seal.OpenKeys(t.Context(), at.KeyStoreURL(), h.in)
	h.must(err)
	t.Cleanup(func() { h.keys.Close(); h.record.Close(); h.blobs.Close() })
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) now() time.Time {
	h.clock = h.clock.Add(time.Second + 123*time.Nanosecond) // clocks are finer than names of pieces
	return h.clock
}

// note writes n notes of size bytes.
func (h *house) note(n, size int) {
	h.t.Helper()
	for range n {
		h.must(h.record.Write(func(tx db.Tx) error {
			_, err := tx.Exec("INSERT INTO note (body) VALUES (?)", bytes.Repeat([]byte{7}, size))
			return err
		}))
	}
}

func (h *house) count() (n int) {
	h.t.Helper()
	h.must(h.record.Read(context.Background(), func(tx db.Tx) error {
		var ok string
		if err := tx.Row("PRAGMA integrity_check").Scan(&ok); err != nil || ok != "ok" {
			return errors.Join(err, errors.New(ok))
		}
		return tx.Row("SELECT COUNT(*) FROM note").Scan(&n)
	}))
	return n
}

func (h *house) shipper(data, keys *backup.Place) *backup.Shipper {
	h.t.Helper()
	s, err := backup.NewShipper(h.t.Context(), backup.Options{
		Data: data, Keys: keys, From: h.at, Instance: h.in, Record: h.record, Blobs: h.blobs, KeyStore: h.keys.Database(),
		Every: time.Second, KeepData: 1000 * time.Hour, KeepKeys: 100 * time.Hour, Log: slog.New(slog.DiscardHandler), Now: h.now,
	})
	h.must(err)
	return s
}

func (h *house) round(s *backup.Shipper) time.Time {
	h.t.Helper()
	at, err := s.Round(h.t.Context())
	h.must(err)
	return at
}

func (h *house) restore(data, keys *backup.Place, at time.Time) (*house, backup.Restored) {
	h.t.Helper()
	into := conf.Place{Data: filepath.Join(h.t.TempDir(), "back"), Node: "n"}
	r, err := backup.Restore(h.t.Context(), backup.Wanted{Data: data, Keys: keys, At: at, Into: into})
	h.must(err)
	return open(h.t, into, false), r
}

// places runs a test with copies in folders and in buckets.
func places(t *testing.T, run func(t *testing.T, h *house, data, keys *backup.Place)) {
	for name, address := range map[string]func(t *testing.T, part string) string{
		"folders": func(t *testing.T, part string) string { return filepath.Join(t.TempDir(), part) },
		"buckets": bucketAddress(t),
	} {
		t.Run(name, func(t *testing.T) {
			var p [2]*backup.Place
			for i, part := range []string{"data", "keys"} {
				var err error
				if p[i], err = backup.OpenPlace(address(t, part)); err != nil {
					t.Fatal(err)
				}
			}
			run(t, open(t, conf.Place{Data: filepath.Join(t.TempDir(), "house"), Node: "n"}, true), p[0], p[1])
		})
	}
}

func TestWhatWasAcknowledgedBeforeARoundComesBackAsOfThatMoment(t *testing.T) {
	places(t, func(t *testing.T, h *house, data, keys *backup.Place) {
		stream, key, err := h.keys.Take()
		h.must(err)
		sealed := key.Seal([]byte("a name"), nil)
		s := h.shipper(data, keys)
		h.note(3, 10)
		first := h.round(s)
		h.note(2, 100_000)
		second := h.round(s)
		h.note(4, 10)
		for _, c := range []struct {
			at   time.Time
			want int
		}{{time.Time{}, 5}, {second, 5}, {second.Add(-time.Millisecond), 3}, {first, 3}} {
			back, r := h.restore(data, keys, c.at)
			if n := back.count(); n != c.want || r.State.IsZero() {
				t.Errorf("as of %v came %d notes, not %d (%+v)", c.at, n, c.want, r)
			}
			k, err := back.keys.Get(stream)
			h.must(err)
			if plain, err := k.Open(sealed, nil); err != nil || string(plain) != "a name" {
				t.Errorf("the key came back as another: %v", err)
			}
		}
		heads, err := os.ReadFile(filepath.Join(h.restored(data, keys).Heads(), "000001-2026-03.heads"))
		if err != nil || string(heads) != "@ 4\nhead" {
			t.Errorf("heads %q, %v", heads, err)
		}
	})
}

func (h *house) restored(data, keys *backup.Place) *conf.Place {
	back, _ := h.restore(data, keys, time.Time{})
	return &back.at
}

func TestALongLogIsMovedAndTheChainGoesOn(t *testing.T) {
	places(t, func(t *testing.T, h *house, data, keys *backup.Place) {
		s := h.shipper(data, keys)
		want := 0
		for range 6 {
			h.note(90, 100_000) // 9 MB of log and more each: it is moved every fourth round
			h.round(s)
			want += 90
		}
		if end, err := h.record.LogEnd(); err != nil || end.Size > 40<<20 {
			t.Errorf("the log has %d bytes: nobody moved it; %v", end.Size, err)
		}
		back, _ := h.restore(data, keys, time.Time{})
		if n := back.count(); n != want {
			t.Errorf("%d of %d notes", n, want)
		}
	})
}

func TestShreddingWorksBesideACopyAndHoldsInWhatComesBack(t *testing.T) {
	places(t, func(t *testing.T, h *house, data, keys *backup.Place) {
		stream, _, err := h.keys.Take()
		h.must(err)
		s := h.shipper(data, keys)
		h.round(s)
		h.must(h.keys.Shred(stream)) // empties the log at once
		other, _, err := h.keys.Take()
		h.must(err)
		h.round(s)
		back, _ := h.restore(data, keys, time.Time{})
		if _, err := back.keys.Get(stream); !fault.Is(err, fault.Gone) {
			t.Errorf("a destroyed key came back: %v", err)
		}
		if _, err := back.keys.Get(other); err != nil {
			t.Errorf("a key made after is missing: %v", err)
		}
		// An older copy of the keys with the newest list, which went with the data alone.
		h.must(h.keys.Shred(other))
		h.must(backup.ShipLists(t.Context(), s))
		back, _ = h.restore(data, keys, time.Time{})
		if _, err := back.keys.Get(other); !fault.Is(err, fault.Gone) {
			t.Errorf("a key destroyed after the copy was given out: %v", err)
		}
	})
}

func TestALogThatSomebodyElseEmptiedBeginsANewGeneration(t *testing.T) {
	places(t, func(t *testing.T, h *house, data, keys *backup.Place) {
		s := h.shipper(data, keys)
		h.note(1, 10)
		h.round(s)
		h.must(h.record.KeepLog(nil)) // as a program that knows nothing of the copy
		h.must(h.record.Checkpoint())
		h.note(1, 10)
		if _, err := s.Round(t.Context()); err == nil {
			t.Error("a gap in the log passed unseen")
		}
		h.round(s)
		if back, _ := h.restore(data, keys, time.Time{}); back.count() != 2 {
			t.Error("notes are missing")
		}
	})
}

func TestADamagedCopyIsRefused(t *testing.T) {
	data, keys := folders(t)
	h := open(t, conf.Place{Data: filepath.Join(t.TempDir(), "house"), Node: "n"}, true)
	s := h.shipper(data, keys)
	h.round(s)
	for range 3 {
		h.note(1, 5000)
		h.round(s)
	}
	var pieces []string
	h.must(filepath.Walk(data.String(), func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && strings.Contains(path, "/pendopo/") && strings.HasSuffix(path, ".zst") {
			pieces = append(pieces, path)
		}
		return err
	}))
	if len(pieces) < 4 {
		t.Fatalf("only %q", pieces)
	}
	for i, p := range pieces {
		content, err := os.ReadFile(p)
		h.must(err)
		damages := map[string]func() error{
			"a changed bit": func() error {
				bad := bytes.Clone(content)
				bad[len(bad)/2] ^= 1
				return os.WriteFile(p, bad, 0o600)
			},
		}
		if i < len(pieces)-1 { // without its last piece it is only older
			damages["gone"] = func() error { return os.Remove(p) }
		}
		for name, damage := range damages {
			h.must(damage())
			into := conf.Place{Data: filepath.Join(t.TempDir(), "back"), Node: "n"}
			if _, err := backup.Restore(t.Context(), backup.Wanted{Data: data, Keys: keys, Into: into}); err == nil {
				t.Errorf("%s of %s: restored all the same", name, filepath.Base(p))
			}
			if _, err := os.Stat(into.Data); err == nil {
				t.Error("a refused restore left a folder")
			}
			h.must(os.WriteFile(p, content, 0o600))
		}
	}
}

func folders(t *testing.T) (data, keys *backup.Place) {
	t.Helper()
	var err [2]error
	data, err[0] = backup.OpenPlace(filepath.Join(t.TempDir(), "data"))
	keys, err[1] = backup.OpenPlace(filepath.Join(t.TempDir(), "keys"))
	if err := errors.Join(err[:]...); err != nil {
		t.Fatal(err)
	}
	return data, keys
}

func TestPlacesThatDefeatTheirPurposeAreRefused(t *testing.T) {
	dir := t.TempDir()
	h := open(t, conf.Place{Data: filepath.Join(dir, "house"), Node: "n"}, true)
	h.must(os.Symlink(dir, dir+"/link"))
	place := func(address string) *backup.Place {
		p, err := backup.OpenPlace(address)
		h.must(err)
		return p
	}
	o := backup.Options{From: h.at, Instance: h.in, Record: h.record, Blobs: h.blobs, KeyStore: h.keys.Database(), Log: slog.New(slog.DiscardHandler), Now: h.now}
	for name, p := range map[string][2]string{
		"one place":              {dir + "/a", dir + "/a"},
		"keys within data":       {dir + "/a", dir + "/a/keys"},
		"one place by a link":    {dir + "/a", dir + "/link/a"},
		"within the data folder": {dir + "/house/copy", dir + "/k"},
		"around the key folder":  {dir + "/b", dir},
		"one bucket":             {"s3://i:s@h/b/p", "s3://i:s@h/b/p"},
		"a bucket within":        {"s3://i:s@h/b", "s3://j:s@h/b/keys"},
	} {
		o.Data, o.Keys = place(p[0]), place(p[1])
		if _, err := backup.NewShipper(t.Context(), o); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	data, keys := folders(t)
	h.round(h.shipper(data, keys))
	o.Data, o.Keys = keys, data
	if _, err := backup.NewShipper(t.Context(), o); err == nil || !strings.Contains(err.Error(), "holds copies of keys") {
		t.Errorf("exchanged places: %v", err)
	}
	other := open(t, conf.Place{Data: filepath.Join(t.TempDir(), "other"), Node: "n"}, true)
	o.Instance, o.Data, o.Keys = other.in, data, keys
	if _, err := backup.NewShipper(t.Context(), o); err == nil || !strings.Contains(err.Error(), "another instance") {
		t.Errorf("another instance's place: %v", err)
	}
}

func TestRestoringNeverOverwrites(t *testing.T) {
	data, keys := folders(t)
	h := open(t, conf.Place{Data: filepath.Join(t.TempDir(), "house"), Node: "n"}, true)
	h.round(h.shipper(data, keys))
	if _, err := backup.Restore(t.Context(), backup.Wanted{Data: data, Keys: keys, Into: h.at}); !errors.Is(err, backup.ErrExists) {
		t.Errorf("got %v", err)
	}
	if _, err := backup.Restore(t.Context(), backup.Wanted{Data: keys, Keys: data, Into: conf.Place{Data: t.TempDir() + "/x"}}); err == nil {
		t.Error("exchanged places were restored")
	}
	early := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := backup.Restore(t.Context(), backup.Wanted{Data: data, Keys: keys, At: early, Into: conf.Place{Data: t.TempDir() + "/x"}}); !errors.Is(err, backup.ErrNothing) {
		t.Errorf("a moment before the first copy: %v", err)
	}
}

func TestACopyMadeAtOnceComesBackAndATouchedOneDoesNot(t *testing.T) {
	data, keys := folders(t)
	h := open(t, conf.Place{Data: filepath.Join(t.TempDir(), "house"), Node: "n"}, true)
	h.note(5, 1000)
	w, err := backup.Once(t.Context(), backup.Source{From: h.at, Instance: h.in, Record: h.record, Blobs: h.blobs, KeyStore: h.keys.Database(), Head: "head", Now: h.now}, data, keys)
	if err != nil || w.Bytes == 0 {
		t.Fatalf("%+v, %v", w, err)
	}
	if back, _ := h.restore(data, keys, time.Time{}); back.count() != 5 {
		t.Error("notes are missing")
	}
	f, err := os.OpenFile(filepath.Join(data.String(), "pendopo.db"), os.O_RDWR, 0)
	h.must(err)
	_, err = f.WriteAt([]byte{1}, 5000)
	h.must(errors.Join(err, f.Close()))
	_, err = backup.Restore(t.Context(), backup.Wanted{Data: data, Keys: keys, Into: conf.Place{Data: t.TempDir() + "/x"}})
	if err == nil || !strings.Contains(err.Error(), "manifest") {
		t.Errorf("a touched file was restored: %v", err)
	}
}

func TestAPlaceOutOfReachStopsNothingAndIsTold(t *testing.T) {
	h := open(t, conf.Place{Data: filepath.Join(t.TempDir(), "house"), Node: "n"}, true)
	data, keys := folders(t)
	s := h.shipper(data, keys)
	h.round(s)
	h.must(os.Rename(data.String(), data.String()+".away"))
	h.must(os.WriteFile(data.String(), nil, 0o600)) // as a disk that is gone: nothing can be made below
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	h.note(3, 10)
	h.until(func() bool { return s.Status().Trouble != "" })
	h.must(os.Remove(data.String()))
	h.must(os.Rename(data.String()+".away", data.String()))
	h.until(func() bool { return s.Status().Trouble == "" })
	stop()
	<-done
	if st, err := backup.LastStatus(h.at.Data); err != nil || st.Success.IsZero() || st.Trouble != "" || st.Bytes == 0 {
		t.Errorf("%+v, %v", st, err)
	}
	if back, _ := h.restore(data, keys, time.Time{}); back.count() != 3 {
		t.Error("notes are missing")
	}
}

func (h *house) until(ok func() bool) {
	h.t.Helper()
	for end := time.Now().Add(2 * time.Minute); !ok(); {
		if time.Now().After(end) {
			h.t.Fatal("it never came")
		}
		<-time.After(10 * time.Millisecond)
	}
}

func TestKeysAreKeptShortAndDataAreThinnedOut(t *testing.T) {
	data, keys := folders(t)
	h := open(t, conf.Place{Data: filepath.Join(t.TempDir(), "house"), Node: "n"}, true)
	s := h.shipper(data, keys)
	for turn := range 30 {
		h.clock = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(turn) * 50 * time.Hour)
		h.note(1, 10)
		h.round(s)
	}
	of := func(p *backup.Place, chain string) int {
		names, err := os.ReadDir(filepath.Join(p.String(), chain))
		h.must(err)
		return len(names)
	}
	// 100 hours of keys; of data 1000 hours, of which the last seven days are exact.
	if n := of(keys, "keys"); n < 2 || n > 4 {
		t.Errorf("%d generations of keys", n)
	}
	if n := of(data, "pendopo"); n < 19 || n > 23 {
		t.Errorf("%d generations of the record", n)
	}
	if back, _ := h.restore(data, keys, time.Time{}); back.count() != 30 {
		t.Error(fmt.Sprint("notes are missing: ", back.count()))
	}
}
