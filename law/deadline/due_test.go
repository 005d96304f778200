package deadline_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/deadline"
)

// demo is the set of the demo government's own calendar files.
func demo(t testing.TB) *deadline.Set {
	t.Helper()
	files := map[string][]byte{}
	entries, err := os.ReadDir("../../government/calendars")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		f, err := os.ReadFile("../../government/calendars/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = f
	}
	set, err := deadline.ParseCalendar(files)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func clockOf(t testing.TB, u deadline.UnitSpec) deadline.Clock {
	t.Helper()
	set := demo(t)
	if u.Zone == "" {
		u.Zone = "Asia/Jakarta"
	}
	if u.Calendar == "" {
		u.Calendar = "five_day"
	}
	o, err := set.Office(u)
	if err != nil {
		t.Fatal(err)
	}
	return deadline.Clock{Set: set, Office: o}
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	if !strings.ContainsAny(s, "+Z") {
		s += "+07:00"
	}
	m, err := time.Parse("2006-01-02T15:04Z07:00", s)
	if err != nil {
		m, err = time.Parse(time.RFC3339Nano, s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// stops reads "FROM..TO FROM.." into stops.
func stops(t testing.TB, s string) []deadline.Stop {
	t.Helper()
	var out []deadline.Stop
	for _, f := range strings.Fields(s) {
		from, to, _ := strings.Cut(f, "..")
		st := deadline.Stop{From: at(t, from), Reason: "papers"}
		if to != "" {
			st.To = at(t, to)
		}
		out = append(out, st)
	}
	return out
}

func due(t testing.TB, c deadline.Clock, within, start, held string) deadline.Proof {
	t.Helper()
	span, err := deadline.ParseSpan(within)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Due(span, at(t, start), stops(t, held))
	if err != nil {
		t.Fatalf("%s from %s: %v", within, start, err)
	}
	return p
}

func TestGoldenWorkingDaysOf2025To2026(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	n := 0
	for _, row := range rows(t, "testdata/due.csv") {
		n++
		p := due(t, c, row[1]+" working days", row[0]+"T09:00", "")
		if got := deadline.DayOf(p.Due).String(); got != row[2] {
			t.Errorf("%s working days from %s: due %s, want %s", row[1], row[0], got, row[2])
		}
	}
	if n != 14 {
		t.Errorf("%d rows of check values, want 14", n)
	}
}

// rows reads a simple list: comma-separated, # for remarks.
func rows(t testing.TB, path string) [][]string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		if !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, ","))
		}
	}
	return out
}

func TestDueMoments(t *testing.T) {
	six := deadline.UnitSpec{Calendar: "six_day"}
	round := deadline.UnitSpec{Calendar: "round_the_clock"}
	region := deadline.UnitSpec{Region: "33.60.01.2001"}
	eleven := deadline.UnitSpec{Hours: map[string][]string{"mon-fri": {"08:00-11:00"}}}
	for _, c := range []struct {
		name   string
		unit   deadline.UnitSpec
		within string
		start  string
		stops  string
		want   string
	}{
		{"the long gap of 2025", deadline.UnitSpec{}, "1 working day", "2025-03-27T09:00", "", "2025-04-08T16:00:00+07:00"},
		{"the long gap of 2026", deadline.UnitSpec{}, "1 working day", "2026-03-17T09:00", "", "2026-03-25T16:00:00+07:00"},
		{"the long gap of 2027", deadline.UnitSpec{}, "1 working day", "2027-03-05T09:00", "", "2027-03-16T16:00:00+07:00"},
		{"before opening is the day of receipt", deadline.UnitSpec{}, "1 working day", "2026-01-05T03:00", "", "2026-01-06T16:00:00+07:00"},
		{"after closing is the day of receipt", deadline.UnitSpec{}, "1 working day", "2026-01-05T22:00", "", "2026-01-06T16:00:00+07:00"},
		{"at midnight is the day of receipt", deadline.UnitSpec{}, "1 working day", "2026-01-05T00:00", "", "2026-01-06T16:00:00+07:00"},
		{"the last second before midnight", deadline.UnitSpec{}, "1 working day", "2026-01-04T23:59:59+07:00", "", "2026-01-05T16:00:00+07:00"},
		{"on a holiday", deadline.UnitSpec{}, "1 working day", "2026-01-16T10:00", "", "2026-01-19T16:00:00+07:00"},
		{"Friday closes later", deadline.UnitSpec{}, "1 working day", "2026-01-08T10:00", "", "2026-01-09T16:30:00+07:00"},
		{"Saturday counts in a week of six days", six, "1 working day", "2026-01-09T10:00", "", "2026-01-10T14:00:00+07:00"},
		{"a unit's own hours", eleven, "2 working days", "2026-01-05T10:00", "", "2026-01-07T11:00:00+07:00"},
		{"round the clock counts Idulfitri", round, "2 working days", "2026-03-20T10:00", "", "2026-03-22T23:59:59+07:00"},
		{"regional holiday", region, "1 working day", "2026-10-13T10:00", "", "2026-10-15T16:00:00+07:00"},
		{"another region works on it", deadline.UnitSpec{Region: "33.6"}, "1 working day", "2026-10-13T10:00", "", "2026-10-14T16:00:00+07:00"},
		{"calendar days pass over all", deadline.UnitSpec{}, "3 calendar days", "2026-03-19T10:00", "", "2026-03-22T23:59:59+07:00"},
		{"receipt seen from another zone", deadline.UnitSpec{Zone: "WIT"}, "1 working day", "2026-01-05T22:30+07:00", "", "2026-01-07T16:00:00+09:00"},
		{"WITA", deadline.UnitSpec{Zone: "Asia/Makassar"}, "1 calendar day", "2026-01-05T22:30+07:00", "", "2026-01-06T23:59:59+08:00"},

		{"hours run through the night", deadline.UnitSpec{}, "72 hours", "2026-03-20T10:15", "", "2026-03-23T10:15:00+07:00"},
		{"ten working minutes within the morning", deadline.UnitSpec{}, "10 working minutes", "2026-01-05T09:00", "", "2026-01-05T09:10:00+07:00"},
		{"over the lunch break", deadline.UnitSpec{}, "10 working minutes", "2026-01-05T11:55", "", "2026-01-05T13:05:00+07:00"},
		{"over the prayer break of Friday", deadline.UnitSpec{}, "10 working minutes", "2026-01-09T11:25", "", "2026-01-09T13:05:00+07:00"},
		{"before opening begins at opening", deadline.UnitSpec{}, "10 working minutes", "2026-01-05T03:00", "", "2026-01-05T07:40:00+07:00"},
		{"after closing begins on the next working day", deadline.UnitSpec{}, "10 working minutes", "2026-01-09T18:00", "", "2026-01-12T07:40:00+07:00"},
		{"to the very end of office hours", deadline.UnitSpec{}, "30 working minutes", "2026-01-05T15:30", "", "2026-01-05T16:00:00+07:00"},
		{"working hours over a weekend", deadline.UnitSpec{}, "2 working hours", "2026-01-09T15:30", "", "2026-01-12T08:30:00+07:00"},
		{"seconds are kept", deadline.UnitSpec{}, "10 working minutes", "2026-01-05T09:00:12.5+07:00", "", "2026-01-05T09:10:12.5+07:00"},

		{"the day of a stop counts, that of resumption does not", deadline.UnitSpec{}, "3 working days", "2026-01-05T10:00", "2026-01-06T10:00..2026-01-08T10:00", "2026-01-12T16:00:00+07:00"},
		{"stopped and resumed on the same day", deadline.UnitSpec{}, "3 working days", "2026-01-05T10:00", "2026-01-06T10:00..2026-01-06T14:00", "2026-01-08T16:00:00+07:00"},
		{"a stop on the last day leaves one day", deadline.UnitSpec{}, "2 working days", "2026-01-05T10:00", "2026-01-07T10:00..2026-01-09T10:00", "2026-01-12T16:00:00+07:00"},
		{"also when it ends on the same day", deadline.UnitSpec{}, "2 working days", "2026-01-05T10:00", "2026-01-07T10:00..2026-01-07T11:00", "2026-01-08T16:00:00+07:00"},
		{"a stop after office hours of the last day is too late", deadline.UnitSpec{}, "2 working days", "2026-01-05T10:00", "2026-01-07T16:00..", "2026-01-07T16:00:00+07:00"},
		{"a stop in the very last minute is not", deadline.UnitSpec{}, "2 working days", "2026-01-05T10:00", "2026-01-07T15:59..2026-01-08T09:00", "2026-01-09T16:30:00+07:00"},
		{"resumed at midnight: the day does not count", deadline.UnitSpec{}, "1 working day", "2026-01-05T10:00", "2026-01-05T11:00..2026-01-06T00:00", "2026-01-07T16:00:00+07:00"},
		{"resumed just before midnight: it does", deadline.UnitSpec{}, "1 working day", "2026-01-05T10:00", "2026-01-05T11:00..2026-01-05T23:59", "2026-01-06T16:00:00+07:00"},
		{"stopped at midnight: the day counts", deadline.UnitSpec{}, "3 working days", "2026-01-05T10:00", "2026-01-07T00:00..2026-01-09T10:00", "2026-01-12T16:00:00+07:00"},
		{"a stop that ends as it begins is none", deadline.UnitSpec{}, "2 working days", "2026-01-05T10:00", "2026-01-07T10:00..2026-01-07T10:00", "2026-01-07T16:00:00+07:00"},
		{"a stop before the start has no effect", deadline.UnitSpec{}, "1 working day", "2026-01-05T10:00", "2026-01-02T10:00..2026-01-05T09:00", "2026-01-06T16:00:00+07:00"},
		{"a stop over the start holds the beginning", deadline.UnitSpec{}, "1 working day", "2026-01-05T10:00", "2026-01-02T10:00..2026-01-06T09:00", "2026-01-07T16:00:00+07:00"},
		{"minutes stand still with the clock", deadline.UnitSpec{}, "60 working minutes", "2026-01-05T10:00", "2026-01-05T10:20..2026-01-05T13:10", "2026-01-05T13:50:00+07:00"},
		{"two stops in the same hour", deadline.UnitSpec{}, "1 hour", "2026-01-05T10:00", "2026-01-05T10:10..2026-01-05T10:20 2026-01-05T10:30..2026-01-05T10:35", "2026-01-05T11:15:00+07:00"},
		{"done exactly when the stop begins", deadline.UnitSpec{}, "1 hour", "2026-01-05T10:00", "2026-01-05T11:00..", "2026-01-05T11:00:00+07:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := due(t, clockOf(t, c.unit), c.within, c.start, c.stops)
			if got := p.Due.Format(time.RFC3339Nano); got != c.want {
				t.Errorf("due %s, want %s\n%s", got, c.want, strip(p.Days))
			}
		})
	}
}

// strip writes days as a golden one-liner each.
func strip(days []deadline.Day) string {
	var b strings.Builder
	for _, d := range days {
		b.WriteString(d.Date.String() + " " + string(d.Why))
		if d.Counted && d.N > 0 {
			b.WriteString(" #" + string(rune('0'+d.N%10)))
		}
		for _, x := range []string{d.Name, d.Reason} {
			if x != "" {
				b.WriteString(" (" + x + ")")
			}
		}
		for mark, on := range map[string]bool{" DUE": d.Due, " TODAY": d.Today} {
			if on {
				b.WriteString(mark)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestProofNamesEveryDay(t *testing.T) {
	p := due(t, clockOf(t, deadline.UnitSpec{}), "3 working days", "2026-03-16T09:00", "2026-03-25T10:00..2026-03-27T08:00")
	want := `2026-03-16 received
2026-03-17 counted #1
2026-03-18 leave (Hari Suci Nyepi)
2026-03-19 holiday (Hari Suci Nyepi, Tahun Baru Saka 1948)
2026-03-20 leave (Idulfitri)
2026-03-21 holiday (Idulfitri 1447 H)
2026-03-22 holiday (Idulfitri 1447 H)
2026-03-23 leave (Idulfitri)
2026-03-24 leave (Idulfitri)
2026-03-25 counted #2 (papers)
2026-03-26 stopped (papers)
2026-03-27 resumed (papers)
2026-03-28 weekend
2026-03-29 weekend
2026-03-30 counted #3 DUE
`
	if got := strip(p.Days); got != want {
		t.Errorf("days:\n%s\nwant:\n%s", got, want)
	}
	if n := p.Days[3].Called("en"); n != "Nyepi, Saka New Year 1948" {
		t.Errorf("English name %q", n)
	}
	if b := p.Days[3].Basis + " " + p.Days[3].BasisDate.String(); b != "SKB 1497/2/5 Tahun 2025 2025-09-19" {
		t.Errorf("basis %q", b)
	}
}

func TestAmendingDecreeIsTheBasisOfItsDay(t *testing.T) {
	p := due(t, clockOf(t, deadline.UnitSpec{}), "1 working day", "2025-08-15T09:00", "")
	d := p.Days[len(p.Days)-2]
	if d.Date.String() != "2025-08-18" || d.Why != deadline.OnLeave || d.Basis != "SKB 933/1/3 Tahun 2025" {
		t.Errorf("18 August 2025: %+v", d)
	}
}

func TestStandingClockSaysWhatIsLeft(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	for _, x := range []struct {
		within, stops string
		days          int
		left          time.Duration
	}{
		{"5 working days", "2026-01-07T10:00..", 3, 0},
		{"2 working days", "2026-01-07T10:00..", 1, 0},
		{"5 working days", "2026-01-05T10:00..", 5, 0},
		{"5 calendar days", "2026-01-06T10:00..2026-01-07T10:00 2026-01-08T10:00..", 3, 0},
		{"72 hours", "2026-01-06T10:00..", 0, 48 * time.Hour},
		{"8 working hours", "2026-01-06T08:00..", 0, 2*time.Hour + 30*time.Minute},
	} {
		p := due(t, c, x.within, "2026-01-05T10:00", x.stops)
		if !p.Stopped || !p.Due.IsZero() || p.LeftDays != x.days || p.LeftTime != x.left {
			t.Errorf("%s, stopped %s: %+v", x.within, x.stops, p)
		}
	}
}

func TestStripShowsTodayAndTheStandingDays(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	p := due(t, c, "5 working days", "2026-01-05T10:00", "2026-01-06T10:00..")
	days, err := c.Strip(p, at(t, "2026-01-08T09:00"))
	if err != nil {
		t.Fatal(err)
	}
	want := "2026-01-05 received\n2026-01-06 counted #1 (papers)\n2026-01-07 stopped (papers)\n2026-01-08 stopped (papers) TODAY\n"
	if got := strip(days); got != want {
		t.Errorf("strip:\n%s\nwant:\n%s", got, want)
	}
	if p.Days[len(p.Days)-1].Today {
		t.Error("the proof itself was changed")
	}
}

func TestWhatCannotBeCountedIsAFault(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	day5 := deadline.Span{N: 5, Unit: deadline.WorkingDay}
	start := at(t, "2026-01-05T10:00")
	for _, x := range []struct {
		name  string
		span  deadline.Span
		start time.Time
		stops string
		key   string
	}{
		{"zero span", deadline.Span{N: 0, Unit: deadline.WorkingDay}, start, "", "deadline.span_empty"},
		{"negative span", deadline.Span{N: -3, Unit: deadline.Hour}, start, "", "deadline.span_empty"},
		{"huge span", deadline.Span{N: 3661, Unit: deadline.CalendarDay}, start, "", "deadline.span_too_long"},
		{"no unit", deadline.Span{N: 3}, start, "", "deadline.span_unreadable"},
		{"reversed stop", day5, start, "2026-01-07T10:00..2026-01-06T10:00", "deadline.stop_reversed"},
		{"overlapping stops", day5, start, "2026-01-06T10:00..2026-01-08T10:00 2026-01-07T10:00..2026-01-09T10:00", "deadline.stops_overlap"},
		{"unsorted stops", day5, start, "2026-01-08T10:00..2026-01-09T10:00 2026-01-06T10:00..2026-01-07T10:00", "deadline.stops_overlap"},
		{"a stop after one that stands", day5, start, "2026-01-06T10:00.. 2026-01-07T10:00..2026-01-09T10:00", "deadline.stops_overlap"},
		{"no start", day5, time.Time{}, "", "deadline.moment_range"},
		{"far future", day5, at(t, "2299-01-01T00:00"), "", "deadline.moment_range"},
		{"year without calendar", day5, at(t, "2027-12-29T10:00"), "", "deadline.year_missing"},
		{"year before the calendar", day5, at(t, "2024-12-20T10:00"), "", "deadline.year_missing"},
		{"working minutes in a year without calendar", deadline.Span{N: 5, Unit: deadline.WorkingMinute}, at(t, "2028-01-03T10:00"), "", "deadline.year_missing"},
		{"a stop of a lifetime", deadline.Span{N: 5, Unit: deadline.CalendarDay}, start, "2026-01-06T10:00..2099-01-08T10:00", "deadline.too_far"},
	} {
		_, err := c.Due(x.span, x.start, stops(t, x.stops))
		if err == nil || fault.Of(err).Key != x.key {
			t.Errorf("%s: %v, want %s", x.name, err, x.key)
		}
	}
}

func TestMissingYearIsNamed(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	_, err := c.Due(deadline.Span{N: 5, Unit: deadline.WorkingDay}, at(t, "2027-12-29T10:00"), nil)
	if f := fault.Of(err); f.Kind != fault.Unavailable || f.Args["year"] != "2028" {
		t.Errorf("fault %v %v", f, f.Args)
	}
	if p := due(t, c, "2 working days", "2027-12-29T10:00", ""); deadline.DayOf(p.Due).String() != "2027-12-31" {
		t.Errorf("the last days of a covered year: %v", p.Due)
	}
	due(t, c, "30 calendar days", "2027-12-29T10:00", "") // needs no calendar
	due(t, clockOf(t, deadline.UnitSpec{Calendar: "round_the_clock"}), "30 working days", "2027-12-29T10:00", "")
}

func TestZonesHaveNoSummerTime(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	for name, hours := range map[string]int{"WIB": 7, "Asia/Pontianak": 7, "WITA": 8, "Asia/Makassar": 8, "WIT": 9, "Asia/Jayapura": 9} {
		z, err := deadline.Zone(name)
		if err != nil {
			t.Fatal(err)
		}
		for d := at(t, "2026-01-01T00:00"); d.Year() < 2027; d = d.AddDate(0, 0, 1) {
			if _, off := d.In(z).Zone(); off != hours*3600 {
				t.Fatalf("%s on %s: offset %d", name, d, off)
			}
		}
	}
	for _, name := range []string{"", "UTC", "Europe/Berlin", "wib", "Asia/Singapore"} {
		if _, err := deadline.Zone(name); err == nil {
			t.Errorf("zone %q was taken", name)
		}
	}
	c.Office.Zone = time.FixedZone("CEST", 7200)
	if _, err := c.Due(deadline.Span{N: 1, Unit: deadline.Hour}, at(t, "2026-01-05T10:00"), nil); fault.Of(err) == nil || fault.Of(err).Key != "deadline.zone_unknown" {
		t.Errorf("a zone of elsewhere: %v", err)
	}
}

func TestSuspensionOfAUnitStopsTheClockAndLiesOverOwnStops(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	own := deadline.Stop{From: at(t, "2026-01-06T10:00"), To: at(t, "2026-01-08T10:00"), Reason: "papers"}
	unit := deadline.Stop{From: at(t, "2026-01-07T10:00"), To: at(t, "2026-01-09T10:00"), Reason: "outage", Suspension: true}
	p, err := c.Due(deadline.Span{N: 3, Unit: deadline.WorkingDay}, at(t, "2026-01-05T10:00"), []deadline.Stop{unit, own})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Due.Format(time.RFC3339); got != "2026-01-13T16:00:00+07:00" {
		t.Errorf("due %s\n%s", got, strip(p.Days))
	}
	bound := deadline.Bound{Reason: "papers", Max: 2, Total: deadline.Span{N: 10, Unit: deadline.WorkingDay}}
	a, err := c.Allowance(bound, []deadline.Stop{unit, own}, at(t, "2026-01-12T10:00"))
	if err != nil || a.Times != 1 || a.Left.N != 8 {
		t.Errorf("allowance %+v, %v", a, err)
	}
	a, err = c.Allowance(bound, []deadline.Stop{own, {From: at(t, "2026-01-12T10:00"), Reason: "papers"}}, at(t, "2026-03-01T10:00"))
	if err != nil || a.Times != 0 || a.Left.N != 0 {
		t.Errorf("used up: %+v, %v", a, err)
	}
}

func TestElapsed(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	for _, x := range []struct {
		unit     deadline.Unit
		from, to string
		want     int
	}{
		{deadline.WorkingDay, "2026-01-05T10:00", "2026-01-05T16:00", 0},
		{deadline.WorkingDay, "2026-01-05T10:00", "2026-01-06T00:00", 1},
		{deadline.WorkingDay, "2026-01-09T10:00", "2026-01-12T10:00", 1},
		{deadline.CalendarDay, "2026-01-09T10:00", "2026-01-12T10:00", 3},
		{deadline.Hour, "2026-01-05T10:00", "2026-01-05T12:59", 2},
		{deadline.WorkingMinute, "2026-01-05T11:50", "2026-01-05T13:05", 15},
		{deadline.WorkingMinute, "2026-01-05T13:05", "2026-01-05T11:50", 0},
	} {
		if n, err := c.Elapsed(x.unit, at(t, x.from), at(t, x.to)); err != nil || n != x.want {
			t.Errorf("%s %s–%s: %d, %v, want %d", x.unit, x.from, x.to, n, err, x.want)
		}
	}
}

func TestWorkingDaysLeft(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	d := at(t, "2026-03-30T16:00")
	for now, want := range map[string]int{
		"2026-03-30T09:00": 0, "2026-03-30T17:00": 0, "2026-03-27T09:00": 1, "2026-03-17T09:00": 4,
		"2026-03-31T09:00": -1, "2026-04-07T09:00": -5,
	} {
		if n := c.WorkingDaysLeft(at(t, now), d); n != want {
			t.Errorf("left at %s: %d, want %d", now, n, want)
		}
	}
	if e := c.NextWorkingDayEnd(at(t, "2026-03-17T09:00")); !e.Equal(at(t, "2026-03-25T16:00")) {
		t.Errorf("next working day ends %s", e)
	}
	if e := c.NextWorkingDayEnd(at(t, "2027-12-31T09:00")); !e.IsZero() {
		t.Errorf("beyond the calendar: %s", e)
	}
}
