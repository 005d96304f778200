package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/feature/complaint/archive"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/test/testkit"
)

// town is the demo government by a clock that stands still.
type town struct {
	*app.Instance
	t *testing.T
}

func onBoth(t *testing.T, run func(t *testing.T, w *town)) {
	t.Helper()
	for name, p := range map[string]func() conf.Place{
		"sqlite":   func() conf.Place { return conf.Place{} },
		"postgres": func() conf.Place { return conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			place := p()
			place.Data, place.Node = t.TempDir()+"/data", "test"
			now := time.Date(2026, 3, 16, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))
			in, err := app.Open(context.Background(), app.Options{Place: place, Create: true, Origin: "localhost/log", Now: func() time.Time { return now }})
			must(t, err)
			t.Cleanup(func() { must(t, in.Close()) })
			_, err = in.Publish(context.Background(), government.FS)
			must(t, err)
			run(t, &town{in, t})
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *town) mapping() archive.Map {
	w.t.Helper()
	raw, err := os.ReadFile("testdata/map.yaml")
	must(w.t, err)
	m, err := archive.ParseMap(raw)
	must(w.t, err)
	return m
}

func (w *town) take(text []byte) archive.Result {
	w.t.Helper()
	got, err := w.ImportReports(context.Background(), w.mapping(), bytes.NewReader(text))
	must(w.t, err)
	return got
}

// count is how many rows a question gives.
func (w *town) count(query string, args ...any) (n int) {
	w.t.Helper()
	must(w.t, w.DB.Read(context.Background(), func(tx db.Tx) error { return tx.Row(query, args...).Scan(&n) }))
	return n
}

func fixture(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/reports.csv")
	must(t, err)
	return raw
}

func TestAFileBecomesAnArchiveAndCases(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		got := w.take(fixture(t))
		if got.Lines != 9 || got.Archived != 3 || got.Opened != 1 || got.Wrong != 5 || got.Before != 0 {
			t.Errorf("%+v", got)
		}
		var said []string
		for _, f := range got.Faults {
			said = append(said, f.String())
		}
		want := []string{
			`line 5, column "Created Date": not a time written like 01/02/2006 03:04:05 PM`,
			`line 6, column "Closed Date": is before Created Date`,
			`line 7, column "Latitude": not a latitude in degrees`,
			`line 8, column "Unique Key": a key has 1 to 40 letters, digits, dots and dashes`,
			`line 9: wrong number of fields`,
		}
		if strings.Join(said, "\n") != strings.Join(want, "\n") {
			t.Errorf("faults\n%s", strings.Join(said, "\n"))
		}
		ctx := context.Background()
		if r, err := w.report("KOTA-LAMA-1002"); err != nil || r.category != "sampah" || r.unit != "dlh" || !r.late || strings.Contains(r.text, "81234567890") || r.region != "33.60.01.1001" {
			t.Errorf("%+v, %v", r, err)
		}
		if r, err := w.report("KOTA-LAMA-1001"); err != nil || r.late || r.lat != -706000 || r.received != "2026-03-02T08:15:00+07:00" {
			t.Errorf("%+v, %v", r, err)
		}
		if n := w.count(`SELECT count(*) FROM cases WHERE service = 'pengaduan'`); n != 1 {
			t.Errorf("%d cases", n)
		}
		if n := w.count(`SELECT count(*) FROM event WHERE kind = 'reports_imported'`); n != 1 {
			t.Errorf("%d events say which file it was", n)
		}
		var strays []string
		must(t, w.VerifyRows(ctx, func(words string) {
			if !strings.HasPrefix(words, "deadline ") { // no timer runs here: the case was received days ago
				strays = append(strays, words)
			}
		}))
		if len(strays) > 0 {
			t.Errorf("verify: %v", strays)
		}
		_, err := w.Rebuild(ctx)
		must(t, err)
		if n := w.count(`SELECT count(*) FROM report WHERE source = 'archive'`); n != 3 {
			t.Errorf("after a rebuild %d rows are left", n)
		}
	})
}

// row is what a test looks at.
type row struct {
	category, unit, region, text, received string
	late                                   bool
	lat                                    int64
}

func (w *town) report(code string) (r row, err error) {
	var at time.Time
	err = w.DB.Read(context.Background(), func(tx db.Tx) error {
		return tx.Row(`SELECT category, unit, region, text, late, coalesce(lat, 0), received FROM report WHERE code = ?`, code).
			Scan(&r.category, &r.unit, &r.region, &r.text, &r.late, &r.lat, &at)
	})
	r.received = at.In(w.Cases.Catalogue().Zone()).Format(time.RFC3339)
	return r, err
}

func TestAFileTakenInTwiceGivesNothingTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		whole := fixture(t)
		half := append(bytes.Join(bytes.SplitAfter(whole, []byte("\n"))[:3], nil), "1009,03/02/2026 09:0"...) // it was cut off
		first := w.take(half)
		if first.Archived != 2 || first.Wrong != 1 {
			t.Errorf("half a file: %+v", first)
		}
		second := w.take(whole)
		if second.Archived != 1 || second.Opened != 1 || second.Before != 2 {
			t.Errorf("the whole after it: %+v", second)
		}
		third := w.take(whole)
		if third.Archived != 0 || third.Opened != 0 || third.Before != 4 {
			t.Errorf("again: %+v", third)
		}
		if files, rows := w.count(`SELECT count(*) FROM event WHERE kind = 'reports_imported'`), w.count(`SELECT count(*) FROM report`); files != 2 || rows != 4 {
			t.Errorf("%d files, %d rows", files, rows)
		}
	})
}

// TestAFileThatCannotBeMeantIsRefused names each reason.
func TestAFileThatCannotBeMeantIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		for name, c := range map[string]struct {
			text   string
			change func(m *archive.Map)
			want   string
		}{
			"no such column":   {"a,b\n1,2\n", nil, `there is no column "`},
			"empty":            {"", nil, "no names of columns"},
			"an endless line":  {strings.Repeat("x", 300<<10), nil, "a line is longer"},
			"another category": {"", func(m *archive.Map) { m.Category = "bulan" }, "category bulan"},
			"another unit":     {"", func(m *archive.Map) { m.Units = map[string]string{"X": "bulan"} }, "unit bulan"},
			"another service":  {"", func(m *archive.Map) { m.Service = "sip-bidan" }, "no public side"},
			"another region":   {"", func(m *archive.Map) { m.Region = "99.99" }, "region 99.99"},
		} {
			m := w.mapping()
			if c.change != nil {
				c.change(&m)
			}
			if _, err := w.ImportReports(context.Background(), m, strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestMapsAreRead(t *testing.T) {
	good, err := os.ReadFile("testdata/map.yaml")
	must(t, err)
	for name, text := range map[string]string{
		"an unknown member": string(good) + "colour: red\n", "no key": strings.Replace(string(good), "key: Unique Key", "", 1),
		"no source": strings.Replace(string(good), "kota-lama", "Kota Lama", 1), "half a place": strings.Replace(string(good), "lon: Longitude", "", 1), "nothing": "",
	} {
		if _, err := archive.ParseMap([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// FuzzLines: whatever a file holds, reading it ends, and no fault repeats a word
// of it.
func FuzzLines(f *testing.F) {
	f.Add(fixture(f))
	f.Add([]byte("Unique Key,Created Date\n\"x\ny\",1\n"))
	raw, err := os.ReadFile("testdata/map.yaml")
	must(f, err)
	m, err := archive.ParseMap(raw)
	must(f, err)
	f.Fuzz(func(t *testing.T, text []byte) {
		head := "Unique Key,Created Date,Closed Date,Due Date,Agency,Complaint Type,Descriptor,Status,Latitude,Longitude\n"
		for _, line := range archive.Faults(io.MultiReader(strings.NewReader(head), bytes.NewReader(text)), &m) {
			if len(fmt.Sprint(line)) > 300 {
				t.Errorf("a fault of %d bytes", len(fmt.Sprint(line)))
			}
		}
	})
}
