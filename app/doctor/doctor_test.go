package doctor_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/app/doctor"
	"pendopo/engine/identity"
	"pendopo/engine/notify"
	"pendopo/government"
	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
	"pendopo/kernel/page"
	"pendopo/test/testkit"
	"pendopo/web"
)

// patient is an instance that lived and was stopped.
type patient struct {
	conf.Place
	t   *testing.T
	now time.Time
}

// newPatient makes an instance that has nothing wrong with it: an administrator,
// sealed events in the log, a backup that was rehearsed.
func newPatient(t *testing.T, p conf.Place) *patient {
	t.Helper()
	top := t.TempDir()
	p.Data, p.KeysDir, p.Node = filepath.Join(top, "data"), filepath.Join(top, "keys"), "test"
	x := &patient{p, t, time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)}
	x.open(func(in *app.Instance) error {
		if _, err := in.Publish(t.Context(), government.FS); err != nil {
			return err
		}
		id, err := in.Identity.Create(t.Context(), identity.NewOfficer{Login: "admin", Name: identity.Name{Full: "Ratih Contoh"}, Password: identity.NewPassword(), Own: true, Drawn: true})
		if err != nil {
			return err
		}
		_, err = in.Identity.Assign(t.Context(), id, identity.Assignment{Unit: "kel-sekararum", Role: "administrator", From: "2026-01-01", Kind: identity.Definitive}, "", "")
		return err
	})
	x.must(os.WriteFile(filepath.Join(p.Data, "lock"), nil, 0o600))
	x.must(backup.Report{At: x.now.Add(-time.Hour), OK: true}.Keep(p.Data))
	x.must(os.WriteFile(filepath.Join(p.Data, "backup.json"), []byte(`{"written":"2026-03-16T08:59:00Z","success":"2026-03-16T08:59:00Z"}`), 0o600))
	return x
}

// twin is another instance that is the same.
func (x *patient) twin(t *testing.T) *patient {
	t.Helper()
	y := *x
	y.t, y.Data, y.KeysDir = t, filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "keys")
	for from, to := range map[string]string{x.Data: y.Data, x.KeysDir: y.KeysDir} {
		y.must(os.CopyFS(to, os.DirFS(from)))
		y.must(filepath.WalkDir(to, func(path string, d os.DirEntry, err error) error {
			mode := os.FileMode(0o600)
			if err == nil && d.IsDir() {
				mode = 0o700
			}
			return errors.Join(err, os.Chmod(path, mode))
		}))
	}
	return &y
}

// open runs something in the instance, sequences the log and closes it.
func (x *patient) open(do func(in *app.Instance) error) {
	x.t.Helper()
	in, err := app.Open(context.Background(), app.Options{Place: x.Place, Base: "https://layanan.example.go.id", Create: true, Origin: "layanan.example.go.id/log", Now: func() time.Time { return x.now }})
	x.must(err)
	err = do(in)
	_, sequenced := in.Ledger.Sequence(context.Background())
	x.must(errors.Join(err, sequenced, in.Close()))
}

func (x *patient) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

var healthy = doctor.Face{Base: "https://layanan.example.go.id", Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Notices: notify.FileSetup("unused")}

// found is what the doctor finds, without what depends on this machine's disks
// and clock.
func (x *patient) found(f doctor.Face) (keys []string) {
	x.t.Helper()
	l := app.Look(x.t.Context(), x.Place, func() time.Time { return x.now })
	list, made := doctor.Examine(x.t.Context(), l, f)
	x.must(l.Close())
	if len(made) != 12 {
		x.t.Errorf("only %v were checked", made)
	}
	for _, f := range list {
		if (f.Check == "disk" || f.Check == "clock") && !strings.HasPrefix(f.Key, "clock_behind") && f.Key != "disk_missing" && f.Key != "disk_read_only" {
			continue
		}
		keys = append(keys, f.Key)
	}
	return keys
}

func TestAHealthyInstanceHasNothingWrong(t *testing.T) {
	if found := newPatient(t, conf.Place{}).found(healthy); len(found) != 0 {
		t.Errorf("found %v", found)
	}
	t.Run("postgres", func(t *testing.T) {
		x := newPatient(t, conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)})
		found := x.found(healthy)
		found = slices.DeleteFunc(found, func(k string) bool { return k == "postgres_unsafe" }) // the tests' server takes its ease
		if !slices.Equal(found, []string{"keys_same_server", "postgres_alone"}) {
			t.Errorf("found %v", found)
		}
	})
}

// TestWhatIsWrongIsFoundAndNothingElse plants one fault at a time.
func TestWhatIsWrongIsFoundAndNothingElse(t *testing.T) {
	whole := newPatient(t, conf.Place{})
	for _, c := range []struct {
		name  string
		plant func(x *patient)
		want  []string
	}{
		{"a key that others may read", func(x *patient) { x.must(os.Chmod(x.KeysDir+"/track.key", 0o644)) }, []string{"keys_mode", "keys_missing"}},
		{"a key folder that others may enter", func(x *patient) { x.must(os.Chmod(x.KeysDir, 0o755)) }, []string{"keys_folder_mode"}},
		{"no keys", func(x *patient) { x.must(os.RemoveAll(x.KeysDir)) }, []string{"disk_missing", "keys_missing", "database_missing"}},
		{"keys of another instance", func(x *patient) {
			x.must(os.RemoveAll(x.KeysDir))
			x.must(os.Rename(newPatient(x.t, conf.Place{}).KeysDir, x.KeysDir))
		}, []string{"keys_foreign", "log_behind"}},
		{"a damaged database", func(x *patient) { x.scribble("pendopo.db") }, nil},
		{"an older database than the heads know", func(x *patient) {
			before, err := os.ReadFile(x.Data + "/pendopo.db")
			x.must(err)
			x.open(func(in *app.Instance) error {
				return in.Identity.Rename(context.Background(), x.officer(in), identity.Name{Full: "Ratih Lain"}, "")
			})
			x.must(os.WriteFile(x.Data+"/pendopo.db", before, 0o600))
		}, []string{"log_behind"}},
		{"a clock that went back", func(x *patient) { x.now = x.now.Add(-time.Hour) }, []string{"clock_behind"}},
		{"events that the log did not take in", func(x *patient) {
			x.write(func(tx db.Tx) error {
				_, err := tx.Exec("INSERT INTO unsequenced (id) SELECT id FROM event ORDER BY id LIMIT 1")
				return err
			})
			x.now = x.now.Add(5 * time.Minute)
		}, []string{"log_lags"}},
		{"work that failed for good", func(x *patient) {
			x.write(func(tx db.Tx) error {
				if err := job.Enqueue(tx, job.Job{Kind: "render"}); err != nil {
					return err
				}
				_, err := tx.Exec("UPDATE job SET dead = 1")
				return err
			})
		}, []string{"work_dead"}},
		{"a deadline that nobody carried out", func(x *patient) {
			x.write(func(tx db.Tx) error {
				_, err := tx.Exec("INSERT INTO deadline (stream, id, due, state) VALUES ('s', 'case', ?, 'running')", x.now.Add(-time.Hour))
				return err
			})
		}, []string{"work_overdue"}},
		{"people whom nothing of ours reached", (*patient).unreached, []string{"notices_lost"}},
		{"a year without a decree", func(x *patient) { x.now = x.now.AddDate(1, 0, 0); x.fresh() }, []string{"calendar_missing"}},
		{"no administrator", func(x *patient) {
			x.open(func(in *app.Instance) error { return in.Identity.Disable(context.Background(), x.officer(in), "") })
		}, []string{"officers_no_administrator"}},
		{"no backup, never rehearsed", func(x *patient) {
			x.must(os.Remove(x.Data + "/backup.json"))
			x.must(os.Remove(x.Data + "/rehearsal.json"))
		}, []string{"backup_never", "rehearsal_never"}},
		{"a rehearsal that found something", func(x *patient) { x.must(backup.Report{At: x.now, Findings: []string{"x"}}.Keep(x.Data)) }, []string{"rehearsal_bad"}},
		{"tables of a newer program", func(x *patient) {
			x.write(func(tx db.Tx) error {
				_, err := tx.Exec("INSERT INTO schema_job (version_id, is_applied) VALUES (99, 1)")
				return err
			})
		}, []string{"database_newer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := whole.twin(t)
			c.plant(x)
			found := x.found(healthy)
			if c.want == nil {
				if !slices.Contains(found, "database_damaged") && !slices.Contains(found, "database_closed") {
					t.Errorf("found %v", found)
				}
			} else if !slices.Equal(found, c.want) {
				t.Errorf("found %v, want %v", found, c.want)
			}
		})
	}
}

func (x *patient) officer(in *app.Instance) string {
	all, err := in.Identity.Officers(context.Background())
	x.must(err)
	return all[0].ID
}

// write changes the record behind everybody's back.
func (x *patient) write(fn func(tx db.Tx) error) {
	x.t.Helper()
	d, err := db.Open(context.Background(), x.RecordURL(), db.Options{})
	x.must(err)
	x.must(errors.Join(d.Write(fn), d.Close()))
}

// unreached is a notice that a trouble of ours kept from arriving.
func (x *patient) unreached() {
	x.write(func(tx db.Tx) error {
		_, err := tx.Exec("INSERT INTO notice (id, stream, subject, kind, version, step, service, unit, state, channels, channel, reason, told, urgent, made, changed, sealed) VALUES ('n', 's', '', 'test', 0, '', '', '', 'page', '', 'page', 'login', 0, 0, ?, ?, ?)", x.now, x.now, []byte{})
		return err
	})
}

// scribble overwrites the second half of a file.
func (x *patient) scribble(name string) {
	file := filepath.Join(x.Data, name)
	data, err := os.ReadFile(file)
	x.must(err)
	for i := len(data) / 2; i < len(data)/2+20_000; i++ {
		data[i] ^= 0x5a
	}
	x.must(os.WriteFile(file, data, 0o600))
}

// fresh makes backup and rehearsal as old as the patient's clock wants them.
func (x *patient) fresh() {
	x.must(backup.Report{At: x.now, OK: true}.Keep(x.Data))
	x.must(os.WriteFile(filepath.Join(x.Data, "backup.json"), []byte(`{"success":"`+x.now.Format(time.RFC3339)+`"}`), 0o600))
}

func TestTheAddressIsJudged(t *testing.T) {
	x := newPatient(t, conf.Place{})
	for want, f := range map[string]doctor.Face{
		"face_untold": {}, "face_plain": {Base: "http://layanan.example.go.id"}, "face_local": {Base: "http://localhost:8080"},
		"face_no_proxy": {Base: "https://layanan.example.go.id"}, "face_no_address": {Base: "layanan"},
		"face_every_proxy": {Base: "https://layanan.example.go.id", Proxies: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}},
	} {
		f.Notices = healthy.Notices
		if found := x.found(f); !slices.Equal(found, []string{want}) {
			t.Errorf("found %v, want %s", found, want)
		}
	}
}

// TestLookingLeavesEverythingAsItWas: not a byte of data or keys changes, beside
// a server or without one.
func TestLookingLeavesEverythingAsItWas(t *testing.T) {
	x := newPatient(t, conf.Place{})
	before := x.files()
	x.found(healthy)
	if after := x.files(); !slices.Equal(before, after) {
		t.Errorf("before %v\nafter %v", before, after)
	}
	x.open(func(in *app.Instance) error {
		if found := x.found(healthy); len(found) != 0 {
			t.Errorf("beside a server: %v", found)
		}
		return in.Ledger.Agrees(context.Background())
	})
}

func (x *patient) files() (list []string) {
	for _, dir := range []string{x.Data, x.KeysDir} {
		x.must(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "-shm") || strings.HasSuffix(path, "-wal") {
				return err
			}
			content, err := os.ReadFile(path)
			list = append(list, path+string(content))
			return err
		}))
	}
	return list
}

// TestEveryFindingHasItsWords: what is wrong and what to do, in both languages,
// with every argument told.
func TestEveryFindingHasItsWords(t *testing.T) {
	texts, err := page.LoadCatalogue(web.Locale(), false)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	keys := 0
	for _, f := range source {
		if strings.HasSuffix(f.Name(), "_test.go") || !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(text), ".find(")[1:] {
			_, key, _ := strings.Cut(part, `, "`)
			key, _, _ = strings.Cut(key, `"`)
			keys++
			for _, lang := range []string{"id", "en"} {
				if p := texts.Printer(lang); !p.Has("doctor."+key) || !p.Has("doctor."+key+"_do") {
					t.Errorf("%s has no words in %s", key, lang)
				}
			}
		}
	}
	if keys < 40 {
		t.Errorf("only %d findings were seen", keys)
	}
}
