package report_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/feature/complaint/report"
	"pendopo/kernel/db"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/place"
	"pendopo/test/testkit"
)

// cases stands for the engine: one definition with a public side, one without.
type cases struct{}

func (cases) Code(stream string) string { return "CODE-" + stream }

func (cases) Public(definitionHash string) (*definition.Public, error) {
	if definitionHash == "plain" {
		return nil, nil
	}
	return &definition.Public{Text: "isi", Category: "kategori", Kind: "jenis", Region: "wilayah", Place: "titik"}, nil
}

// world is the table in a database of its own.
type world struct {
	*report.Table
	t  *testing.T
	db *db.DB
}

func onBoth(t *testing.T, run func(w world)) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		if err := d.Migrate(context.Background(), "complaint", report.Schema()); err != nil {
			t.Fatal(err)
		}
		run(world{report.New(d, cases{}), t, d})
	})
}

func (w world) write(c fold.Case, words *flow.Words) {
	w.t.Helper()
	if err := w.db.Write(func(tx db.Tx) error { return w.Write(tx, c, words) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w world) row(stream string) report.Report {
	w.t.Helper()
	r, err := w.Stream(context.Background(), stream)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w world) list(f report.Filter) []string {
	w.t.Helper()
	p, err := w.List(context.Background(), f, "", 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return streams(p.Reports)
}

func streams(list []report.Report) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.Stream)
	}
	return out
}

var monday = time.Date(2026, 3, 16, 8, 0, 0, 0, time.UTC)

// told is a case as it was submitted on a day: a lamp, at a place in a village.
func told(stream string, day int) fold.Case {
	at := monday.AddDate(0, 0, day)
	return fold.Case{
		Stream: stream, Service: "pengaduan", Definition: "hash", Channel: "portal", Unit: "setda", Step: "verifikasi", Version: 1,
		Received: at, Entered: at, Changed: at,
		Answers: map[string]any{"kategori": "lampu", "jenis": "pengaduan", "wilayah": "33.60.01.2001", "titik": "-7.05123,110.91234"},
		Marks:   []fold.Mark{{Version: 1, Kind: fold.Submitted, At: at}},
	}
}

// and adds a mark to a case.
func and(c fold.Case, kind string, by string) fold.Case {
	m := fold.Mark{Version: c.Version + 1, Kind: kind, At: c.Changed.Add(time.Hour)}
	if by != "" {
		m.By = &fold.Holder{Who: by, Role: "r", Unit: c.Unit}
	}
	c.Version, c.Changed, c.Marks = m.Version, m.At, append(slices.Clip(c.Marks), m)
	return c
}

func published(c fold.Case, words flow.Words) (fold.Case, *flow.Words) {
	c = and(c, fold.Published, "role")
	c.Public = &fold.Public{SHA256: report.Sum(words), Category: "jalan", Kind: "pengaduan", Region: "33.60.01.2002", Place: "-7.06000,110.92000", Photos: []string{"p1"}}
	return c, &words
}

func ends(c fold.Case, kind, by, outcome string) fold.Case {
	c = and(c, kind, by)
	c.Outcome = outcome
	c.Marks[len(c.Marks)-1].Outcome = outcome
	return c
}

// TestAStateForEachPlaceInALife walks through the lives of a report.
func TestAStateForEachPlaceInALife(t *testing.T) {
	public, _ := cases{}.Public("hash")
	sent := and(told("s", 0), fold.Dispatched, "role")
	handled := and(sent, fold.Asking, "role")
	done := and(handled, fold.Finished, "role")
	merged := ends(told("s", 0), fold.Merged, "role", definition.Closed)
	merged.Into = "other"
	for _, c := range []struct {
		name string
		c    fold.Case
		want report.State
	}{
		{"just told", told("s", 0), report.Waiting},
		{"a question to the reporter", and(told("s", 0), fold.Returned, "role"), report.Waiting},
		{"a message before it is verified", and(told("s", 0), fold.Wrote, "role"), report.Waiting},
		{"shown and not sent on", and(told("s", 0), fold.Published, "role"), report.Waiting},
		{"sent", sent, report.Sent},
		{"the reporter writes", and(sent, fold.Wrote, "applicant"), report.Sent},
		{"not ours", and(sent, fold.SentBack, "role"), report.Waiting},
		{"others help", handled, report.Handled},
		{"done", done, report.Answered},
		{"a message after it is done", and(done, fold.Wrote, "role"), report.Answered},
		{"not solved", and(done, fold.Reopened, "applicant"), report.Handled},
		{"solved", ends(done, fold.Confirmed, "applicant", definition.Granted), report.Solved},
		{"nobody said anything", ends(done, fold.Lapsed, "", definition.Closed), report.Silence},
		{"not for us", ends(told("s", 0), fold.Rejected, "role", definition.Rejected), report.Rejected},
		{"refused, and the reporter may still object", and(told("s", 0), fold.Rejected, "role"), report.Rejected},
		{"and does", and(and(told("s", 0), fold.Rejected, "role"), fold.Objected, "applicant"), report.Waiting},
		{"the first answer", and(sent, fold.Forwarded, "role"), report.Handled},
		{"taken back", ends(sent, fold.Withdrawn, "applicant", definition.Withdrawn), report.Withdrawn},
		{"the same as another", merged, report.Merged},
	} {
		if got := report.Of(c.c, *public).State; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestMomentsAreThoseOfTheDeeds(t *testing.T) {
	public, _ := cases{}.Public("hash")
	c := and(and(told("s", 0), fold.Wrote, "role"), fold.Dispatched, "role")
	c = and(and(c, fold.Wrote, "role"), fold.Finished, "role")
	r := report.Of(c, *public)
	hour := func(n int) time.Time { return monday.Add(time.Duration(n) * time.Hour) }
	if r.Verified != hour(2) || r.Answered != hour(3) || r.Finished != hour(4) || !r.Ended.IsZero() {
		t.Errorf("verified %v, answered %v, finished %v, ended %v", r.Verified, r.Answered, r.Finished, r.Ended)
	}
	if r = report.Of(and(and(c, fold.Told, ""), fold.Wrote, "applicant"), *public); r.Updated != hour(4) {
		t.Errorf("when the reporter wrote and was written to shows: updated %v", r.Updated)
	}
	r = report.Of(and(c, fold.Reopened, "applicant"), *public)
	if !r.Finished.IsZero() || r.Answered != hour(3) {
		t.Errorf("reopened: finished %v, answered %v", r.Finished, r.Answered)
	}
	r = report.Of(and(ends(and(c, fold.Reopened, "applicant"), fold.Lapsed, "", definition.Closed), fold.TookIn, ""), *public)
	if r.Ended != hour(6) {
		t.Errorf("ended %v, want when it ended and not what came after", r.Ended)
	}
}

func TestARowFollowsItsCase(t *testing.T) {
	onBoth(t, func(w world) {
		words := flow.Words{Title: "Lampu padam", Text: "Sudah seminggu gelap di tikungan."}
		w.write(told("a", 0), nil)
		r := w.row("a")
		if r.Shown || r.Title != "" || r.Category != "lampu" || r.Region != "33.60.01.2001" || r.Place == nil || r.Place.String() != "-7.05123,110.91234" || r.Code != "CODE-a" {
			w.t.Errorf("%+v", r)
		}
		c, said := published(told("a", 0), words)
		w.write(c, said)
		if r = w.row("a"); !r.Shown || r.Title != words.Title || r.Text != words.Text || r.Category != "jalan" || r.Region != "33.60.01.2002" || !slices.Equal(r.Photos, []string{"p1"}) {
			w.t.Errorf("published: %+v", r)
		}
		c = and(c, fold.Dispatched, "role")
		w.write(c, nil)
		if r = w.row("a"); r.Title != words.Title || r.State != report.Sent {
			w.t.Errorf("the words went with the next event: %+v", r)
		}
		c = and(c, fold.Hidden, "role")
		c.Public = nil
		w.write(c, nil)
		if r = w.row("a"); r.Shown || r.Title != "" || r.Text != "" || r.Photos != nil || len(w.list(report.Filter{Words: "lampu"})) != 0 {
			w.t.Errorf("hidden, and still there: %+v", r)
		}
		c = and(c, fold.Shredded, "")
		c.Shredded = true
		w.write(c, nil)
		if _, err := w.Stream(context.Background(), "a"); err == nil {
			w.t.Error("the key is destroyed, and the row stands")
		}
		plain := told("b", 0)
		plain.Definition = "plain"
		w.write(plain, nil)
		if _, err := w.Stream(context.Background(), "b"); err == nil {
			w.t.Error("a case without a public side has a row")
		}
	})
}

// TestOtherWordsThanTheEventNamesAreNotShown: what is handed in must be what the
// event's hash names.
func TestOtherWordsThanTheEventNamesAreNotShown(t *testing.T) {
	onBoth(t, func(w world) {
		c, _ := published(told("a", 0), flow.Words{Title: "one", Text: "text"})
		w.write(c, &flow.Words{Title: "another", Text: "text"})
		if r := w.row("a"); r.Title != "" || r.Text != "" {
			w.t.Errorf("%+v", r)
		}
	})
}

// many writes so many reports, each shown but every seventh, drawn by a seed.
func (w world) many(n int) (all []report.Report) {
	w.t.Helper()
	draw := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		c := told(fmt.Sprintf("s%03d", i), i%9)
		text := flow.Words{Title: "Laporan", Text: []string{"lampu jalan padam", "jalan berlubang", "sampah menumpuk"}[i%3]}
		c.Unit = []string{"dlh", "dpupr"}[i%2]
		if i%5 == 0 {
			c = and(c, fold.Dispatched, "role")
		}
		if i%7 != 0 {
			c = and(c, fold.Published, "role")
			c.Public = &fold.Public{SHA256: report.Sum(text), Category: []string{"lampu", "jalan", "sampah"}[i%3], Kind: "pengaduan",
				Region: []string{"33.60.01.2001", "33.60.01.2002", "33.60.02.2001"}[draw.IntN(3)],
				Place:  place.Point{Lat: -7 - draw.Float64()/5, Lon: 110.9 + draw.Float64()/5}.String()}
		}
		w.write(c, &text)
		all = append(all, w.row(c.Stream))
	}
	return all
}

// filters are many, each with what fulfils it said a second time, in Go.
func filters() map[string]struct {
	filter report.Filter
	fits   func(report.Report) bool
} {
	type pair = struct {
		filter report.Filter
		fits   func(report.Report) bool
	}
	yes := true
	box := place.Box{South: -7.15, West: 110.95, North: -7.05, East: 111.05}
	return map[string]pair{
		"all":      {report.Filter{}, func(report.Report) bool { return true }},
		"category": {report.Filter{Category: "jalan"}, func(r report.Report) bool { return r.Category == "jalan" }},
		"unit":     {report.Filter{Unit: "dlh"}, func(r report.Report) bool { return r.Unit == "dlh" }},
		"district": {report.Filter{Area: "33.60.01"}, func(r report.Report) bool { return strings.HasPrefix(r.Region, "33.60.01.") }},
		"village":  {report.Filter{Area: "33.60.01.2002"}, func(r report.Report) bool { return r.Region == "33.60.01.2002" }},
		"state":    {report.Filter{State: report.Sent}, func(r report.Report) bool { return r.State == report.Sent }},
		"active":   {report.Filter{Active: &yes}, func(r report.Report) bool { return r.Active }},
		"time": {report.Filter{Since: monday.AddDate(0, 0, 2), Until: monday.AddDate(0, 0, 4)}, func(r report.Report) bool {
			return !r.Received.Before(monday.AddDate(0, 0, 2)) && r.Received.Before(monday.AddDate(0, 0, 4))
		}},
		"words": {report.Filter{Words: "jalan lampunya"}, func(r report.Report) bool { return strings.Contains(r.Text, "lampu jalan") }},
		"words, time": {report.Filter{Words: "jalan", Since: monday.AddDate(0, 0, 3)}, func(r report.Report) bool {
			return strings.Contains(r.Text, "jalan") && !r.Received.Before(monday.AddDate(0, 0, 3))
		}},
		"unknown words": {report.Filter{Words: "zebra"}, func(report.Report) bool { return false }},
		"box":           {report.Filter{Box: &box}, func(r report.Report) bool { return r.Place != nil && box.Has(*r.Place) }},
		"box, words": {report.Filter{Box: &box, Words: "sampah"}, func(r report.Report) bool {
			return r.Place != nil && box.Has(*r.Place) && strings.Contains(r.Text, "sampah")
		}},
		"box, category": {report.Filter{Box: &box, Category: "lampu"}, func(r report.Report) bool { return r.Place != nil && box.Has(*r.Place) && r.Category == "lampu" }},
	}
}

// TestEveryFilterPagesThroughExactlyWhatFits: pages of any length say each
// fitting report once, the newest first, and nothing that is not shown.
func TestEveryFilterPagesThroughExactlyWhatFits(t *testing.T) {
	onBoth(t, func(w world) {
		all := w.many(90)
		slices.SortFunc(all, func(a, b report.Report) int {
			if c := b.Received.Compare(a.Received); c != 0 {
				return c
			}
			return strings.Compare(b.Stream, a.Stream)
		})
		for name, f := range filters() {
			var want []string
			for _, r := range all {
				if r.Shown && f.fits(r) {
					want = append(want, r.Stream)
				}
			}
			for _, size := range []int{1, 7, 1000} {
				var got []string
				after := ""
				for {
					p, err := w.List(context.Background(), f.filter, after, size)
					if err != nil || len(p.Reports) > size {
						w.t.Fatalf("%s: %d rows, %v", name, len(p.Reports), err)
					}
					got = append(got, streams(p.Reports)...)
					if after = p.Next; after == "" {
						break
					}
				}
				if !slices.Equal(got, want) {
					w.t.Errorf("%s by %d: %q, want %q", name, size, got, want)
				}
			}
		}
	})
}

func TestAPageThatNoPageNamedIsNotThere(t *testing.T) {
	onBoth(t, func(w world) {
		for _, after := range []string{"x", ".", "..", "zz", "1." + strings.Repeat("a", 65), "-"} {
			if _, err := w.List(context.Background(), report.Filter{}, after, 5); err == nil {
				w.t.Errorf("%q was taken", after)
			}
		}
	})
}

func TestNearFindsWhatIsShownAndWhatIsNot(t *testing.T) {
	onBoth(t, func(w world) {
		w.write(told("here", 1), nil)
		words := flow.Words{Title: "t", Text: "x"}
		c, said := published(told("shown", 2), words)
		c.Public.Place = "-7.05150,110.91234" // 30 m to the south
		w.write(c, said)
		far := told("far", 3)
		far.Answers["titik"] = "-7.05800,110.91234"
		w.write(far, nil)
		got, err := w.Near(context.Background(), place.Point{Lat: -7.05123, Lon: 110.91234}, 200, monday, 10)
		if err != nil || !slices.Equal(streams(got), []string{"shown", "here"}) {
			w.t.Errorf("%q, %v", streams(got), err)
		}
		got, err = w.Near(context.Background(), place.Point{Lat: -7.05123, Lon: 110.91234}, 200, monday.AddDate(0, 0, 2), 10)
		if err != nil || !slices.Equal(streams(got), []string{"shown"}) {
			w.t.Errorf("since: %q, %v", streams(got), err)
		}
	})
}

// TestCellsOfABoxHoldEveryPointOfIt, at every level.
func TestCellsOfABoxHoldEveryPointOfIt(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		a := place.Point{Lat: draw.Float64()*20 - 11, Lon: draw.Float64()*40 + 95}
		b := place.Box{South: a.Lat, West: a.Lon, North: a.Lat + draw.Float64()/3, East: a.Lon + draw.Float64()/3}
		level, cells, ok := report.LevelOf(b, 25)
		if !ok {
			t.Fatalf("%v has too many cells even of the coarsest grid", b)
		}
		p := place.Point{Lat: b.South + draw.Float64()*(b.North-b.South), Lon: b.West + draw.Float64()*(b.East-b.West)}
		if !slices.Contains(cells, level.Cell(p)) {
			t.Fatalf("%v lies in %v, and its cell %d at level %d is not among %v", p, b, level.Cell(p), level, cells)
		}
	}
}

// TestEveryColumnIsProven changes each column of a row by itself: Check names it.
func TestEveryColumnIsProven(t *testing.T) {
	onBoth(t, func(w world) {
		c, words := published(told("a", 0), flow.Words{Title: "Lampu padam", Text: "Gelap."})
		c = and(and(c, fold.Dispatched, "role"), fold.Finished, "role")
		c.Deadlines = []fold.Deadline{{ID: fold.CaseDeadline, Due: monday.AddDate(0, 0, 9), State: fold.Running}}
		other := map[string]any{"lat": 1, "lon": 1, "cell1": 7, "cell2": 7, "cell3": 7, "active": 0, "received": 5, "verified": 5, "answered": nil, "finished": 5, "ended": 5,
			"due": nil, "late": 1, "reopened": 3, "joined": 2, "shown": 0, "supports": 4, "updated": 9, "version": 77, "photos": `["p2"]`, "flags": `["words"]`}
		check := func() (column string) {
			w.t.Helper()
			err := w.db.Read(context.Background(), func(tx db.Tx) (err error) { column, err = w.Check(tx, c); return err })
			if err != nil {
				w.t.Fatal(err)
			}
			return column
		}
		for _, name := range strings.Fields("code service unit source kind category region district lat lon cell1 cell2 cell3 state active received verified answered finished ended due late reopened joined merged flags shown sha256 title text photos supports updated version") {
			if err := w.db.Write(func(tx db.Tx) error { _, err := tx.Exec(`DELETE FROM report`); return err }); err != nil {
				w.t.Fatal(err)
			}
			w.write(c, words)
			if got := check(); got != "" {
				w.t.Fatalf("%s differs in a row just written", got)
			}
			value, ok := other[name]
			if !ok {
				value = "other"
			}
			if err := w.db.Write(func(tx db.Tx) error { _, err := tx.Exec(`UPDATE report SET `+name+` = ?`, value); return err }); err != nil {
				w.t.Fatal(err)
			}
			want := name
			if name == "title" {
				want = "text"
			}
			if got := check(); got != want {
				w.t.Errorf("%s was changed, and %q is named", name, got)
			}
		}
		c.Shredded = true
		if got := check(); got != "stream" {
			w.t.Errorf("a row of a shredded case: %q", got)
		}
	})
}

// TestFiguresTellSilenceFromSolved, count what is not shown
// like the rest, and leave out what another system handled.
func TestFiguresTellSilenceFromSolved(t *testing.T) {
	onBoth(t, func(w world) {
		for i := range 12 {
			c := and(told(fmt.Sprintf("s%02d", i), 0), fold.Dispatched, "role")
			c.Unit = "dlh"
			c = and(c, fold.Forwarded, "role")
			for range i { // each takes an hour longer than the one before
				c = and(c, fold.Wrote, "applicant")
			}
			c = and(c, fold.Finished, "role")
			switch {
			case i < 5:
				c = ends(c, fold.Confirmed, "applicant", definition.Granted)
			case i < 8:
				c = ends(c, fold.Lapsed, "", definition.Closed)
			case i == 8:
				c = ends(c, fold.Withdrawn, "applicant", definition.Withdrawn)
			case i == 9:
				c.Reopened = 2
				c = and(c, fold.Reopened, "applicant")
			}
			w.write(c, nil)
		}
		archived := report.Report{Stream: report.ArchivePrefix + "kota/1", Code: "KOTA-1", Source: report.Archived, Unit: "dlh", State: report.Solved, Received: monday, Finished: monday, Ended: monday, Updated: monday, Shown: true}
		if err := w.db.Write(func(tx db.Tx) error { _, err := w.Archive(tx, []report.Report{archived}); return err }); err != nil {
			w.t.Fatal(err)
		}
		got, err := w.Figures(context.Background(), monday, monday.AddDate(0, 0, 1))
		if err != nil || len(got) != 2 || got[0].Unit != "dlh" || got[1].Unit != "" {
			w.t.Fatalf("%+v, %v", got, err)
		}
		want := report.Figures{Unit: "dlh", Received: 11, Active: 3, Reopened: 1, Solved: 5, Silence: 3,
			First: report.Spread{Count: 11, Median: 2 * time.Hour, P90: 2 * time.Hour}, Finish: report.Spread{Count: 10, Median: 7 * time.Hour, P90: 13 * time.Hour}}
		if got[0] != want {
			w.t.Errorf("%+v, want %+v", got[0], want)
		}
		if none, err := w.Figures(context.Background(), monday.AddDate(0, 0, 1), monday.AddDate(0, 0, 2)); err != nil || len(none) != 1 || none[0].Received != 0 {
			w.t.Errorf("another day: %+v, %v", none, err)
		}
	})
}
