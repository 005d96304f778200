package deadline_test

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"

	"pendopo/law/deadline"
)

// This file counts deadlines a second time, by a slow and simple way that
// shares nothing with the package: it holds its own list of closed days and
// steps minute by minute, day by day. Moments here are minutes since 2025-01-01
// 00:00 on the unit's wall clock.

// world is a random office with its calendar and one clock to be followed.
type world struct {
	closed map[int]bool   // day number → closed by decree
	week   [7][][2]int    // weekday (0 = Sunday) → [from, to) in minutes
	zone   string         // WIB, WITA, WIT
	hours  int            // offset of the zone
	skip   bool           // the pattern skips closed days
	unit   string         // of the span
	n      int            // of the span
	start  int            // minute
	stops  [][2]int       // [from, to) in minutes; to = -1: still stands
	names  map[int]string // what the calendar file calls a closed day
}

const bruteDays = 3 * 365 // 2025, 2026, 2027 have no leap day

// weekdayOfDay: 2025-01-01 was a Wednesday.
func weekdayOfDay(d int) int { return (d + 3) % 7 }

func (w *world) running(minute int) bool {
	if minute < w.start {
		return false
	}
	for _, s := range w.stops {
		if minute >= s[0] && (s[1] < 0 || minute < s[1]) {
			return false
		}
	}
	return true
}

func (w *world) works(d int) bool {
	return len(w.week[weekdayOfDay(d)]) > 0 && !(w.skip && w.closed[d])
}

func (w *world) openAt(minute int) bool {
	d, m := minute/1440, minute%1440
	if !w.works(d) {
		return false
	}
	for _, v := range w.week[weekdayOfDay(d)] {
		if m >= v[0] && m < v[1] {
			return true
		}
	}
	return false
}

// answer: due in seconds since 2025-01-01 on the wall clock, or stopped with
// what is left, or beyond the years that the calendar covers.
type answer struct {
	due     int
	stopped bool
	left    int
	beyond  bool
}

func (w *world) brute() answer {
	switch w.unit {
	case "minute", "hour", "working minute", "working hour":
		return w.bruteMinutes()
	}
	return w.bruteDays()
}

func (w *world) bruteMinutes() answer {
	left := w.n
	if strings.HasSuffix(w.unit, "hour") {
		left *= 60
	}
	working := strings.HasPrefix(w.unit, "working")
	for m := w.start; m < bruteDays*1440; m++ {
		if w.over(m) {
			return answer{stopped: true, left: left}
		}
		if w.running(m) && (!working || w.openAt(m)) {
			if left--; left == 0 {
				return answer{due: (m + 1) * 60}
			}
		}
	}
	return answer{beyond: true}
}

// over: from this minute on the clock stands for ever.
func (w *world) over(minute int) bool {
	n := len(w.stops)
	return n > 0 && w.stops[n-1][1] < 0 && minute >= w.stops[n-1][0]
}

func (w *world) bruteDays() answer {
	left := w.n
	for d := w.start/1440 + 1; d < bruteDays; d++ {
		first := d * 1440
		if w.over(first - 1) {
			return answer{stopped: true, left: left}
		}
		if !w.running(first-1) || w.unit == "working day" && !w.works(d) {
			continue
		}
		end := 1440
		if w.unit == "working day" {
			list := w.week[weekdayOfDay(d)]
			end = list[len(list)-1][1]
		}
		if left == 1 {
			whole := true
			for m := first; m < first+end; m++ {
				whole = whole && w.running(m)
			}
			if !whole {
				continue
			}
			if end == 1440 {
				return answer{due: (first+end)*60 - 1}
			}
			return answer{due: (first + end) * 60}
		}
		left--
	}
	return answer{beyond: true}
}

// files writes the world as calendar files.
func (w *world) files() map[string][]byte {
	var days, week strings.Builder
	for d := range bruteDays {
		if w.closed[d] {
			fmt.Fprintf(&days, "  - {date: %s, kind: %s, name: {id: %q}}\n", dateOfDay(d), []string{"holiday", "leave"}[d%2], w.names[d])
		}
	}
	if days.Len() == 0 {
		days.WriteString("  []\n")
	}
	for i, list := range w.week {
		for j, v := range list {
			if j == 0 {
				fmt.Fprintf(&week, "      %s:\n", []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[i])
			}
			fmt.Fprintf(&week, "        - \"%02d:%02d-%02d:%02d\"\n", v[0]/60, v[0]%60, v[1]/60, v[1]%60)
		}
	}
	skips := "[]"
	if w.skip {
		skips = "[holiday, leave]"
	}
	return map[string][]byte{
		"days.yaml": []byte("calendar: days\nversion: 1\nscope: national\ncovers: [2025, 2026, 2027]\ndecree: {number: X, date: 2024-01-01}\ndays:\n" + days.String()),
		"week.yaml": []byte("calendar: week\nversion: 1\npatterns:\n  - id: own\n    name: {id: Own}\n    skips: " + skips + "\n    hours:\n" + week.String()),
	}
}

func dateOfDay(d int) string {
	return time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, d).Format("2006-01-02")
}

// real is the moment of a minute in the world's zone.
func (w *world) real(minute int) time.Time {
	return time.Date(2025, 1, 1, 0, minute, 0, 0, time.UTC).Add(-time.Duration(w.hours) * time.Hour)
}

// ask puts the same question to the package.
func (w *world) ask() (deadline.Proof, error) {
	set, err := deadline.ParseCalendar(w.files())
	if err != nil {
		return deadline.Proof{}, err
	}
	o, err := set.Office(deadline.UnitSpec{Calendar: "own", Zone: w.zone})
	if err != nil {
		return deadline.Proof{}, err
	}
	span, err := deadline.ParseSpan(fmt.Sprintf("%d %ss", w.n, w.unit))
	if err != nil {
		return deadline.Proof{}, err
	}
	var stops []deadline.Stop
	for _, s := range w.stops {
		st := deadline.Stop{From: w.real(s[0])}
		if s[1] >= 0 {
			st.To = w.real(s[1])
		}
		stops = append(stops, st)
	}
	return deadline.Clock{Set: set, Office: o}.Due(span, w.real(w.start), stops)
}

// random makes a world; moments fall often on the edges of days and hours.
func random(r *rand.Rand) *world {
	w := &world{closed: map[int]bool{}, names: map[int]string{}, skip: r.IntN(10) > 0}
	z := r.IntN(3)
	w.zone, w.hours = []string{"WIB", "WITA", "WIT"}[z], 7+z
	for range 1 + r.IntN(7) {
		w.week[r.IntN(7)] = hoursOf(r)
	}
	base := r.IntN(bruteDays - 200)
	for range r.IntN(25) {
		d := base + r.IntN(60)
		w.closed[d], w.names[d] = true, fmt.Sprint("day ", d)
	}
	w.unit = []string{"minute", "hour", "working minute", "working hour", "working day", "working day", "calendar day"}[r.IntN(7)]
	w.n = 1 + r.IntN(12)
	if strings.HasSuffix(w.unit, "minute") {
		w.n = 1 + r.IntN(900)
	}
	w.start = w.edge(r, base+r.IntN(10))
	w.addStops(r)
	return w
}

func hoursOf(r *rand.Rand) [][2]int {
	cuts := make([]int, 2+2*r.IntN(2))
	for i := range cuts {
		cuts[i] = r.IntN(97) * 15
	}
	if r.IntN(6) == 0 {
		cuts[0], cuts[1] = 0, 1440
	}
	sort.Ints(cuts)
	var out [][2]int
	for i := 0; i+1 < len(cuts); i += 2 {
		if cuts[i] < cuts[i+1] {
			out = append(out, [2]int{cuts[i], cuts[i+1]})
		}
	}
	if len(out) == 0 {
		return [][2]int{{480, 960}}
	}
	return out
}

// edge is a minute of a day: midnight, an edge of office hours, or any.
func (w *world) edge(r *rand.Rand, d int) int {
	m := r.IntN(1440)
	list := w.week[weekdayOfDay(d)]
	switch k := r.IntN(6); {
	case k == 0:
		m = 0
	case k <= 2 && len(list) > 0:
		v := list[r.IntN(len(list))]
		m = min(v[r.IntN(2)]+r.IntN(3)-1, 1439)
	case k == 3:
		m = 1439
	}
	return d*1440 + max(m, 0)
}

func (w *world) addStops(r *rand.Rand) {
	d := w.start/1440 - 1
	at := -1
	for range r.IntN(5) {
		d += r.IntN(4)
		from := w.edge(r, d)
		if from < at {
			continue
		}
		if r.IntN(12) == 0 {
			w.stops = append(w.stops, [2]int{from, -1})
			return
		}
		d += r.IntN(3)
		if at = w.edge(r, d); at < from {
			at = from + r.IntN(3)
		}
		w.stops = append(w.stops, [2]int{from, at})
	}
}

// TestClockAgreesWithTheIndependentCounter asks both about 12,000 random
// offices; every kind of answer must really come up.
func TestClockAgreesWithTheIndependentCounter(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(12_000) {
		w := random(rand.New(rand.NewPCG(seed, 41)))
		want := w.brute()
		p, err := w.ask()
		got := answerOf(w, p, err)
		if got != want {
			t.Fatalf("seed %d\n%+v\ngot  %+v (%v)\nwant %+v\n%s", seed, *w, got, err, want, strip(p.Days))
		}
		if err == nil {
			w.checkProof(t, p)
		}
		seen[w.unit]++
		switch {
		case want.beyond:
			seen["beyond"]++
		case want.stopped:
			seen["stopped"]++
		case len(w.stops) > 0:
			seen["due after stops"]++
		}
	}
	for _, kind := range []string{"stopped", "due after stops", "minute", "working minute", "calendar day"} {
		if seen[kind] < 500 {
			t.Errorf("only %d of %q: the test looks away; %v", seen[kind], kind, seen)
		}
	}
}

func answerOf(w *world, p deadline.Proof, err error) answer {
	switch {
	case err != nil:
		return answer{beyond: strings.Contains(err.Error(), "year_missing")}
	case p.Stopped && p.Span.Unit.Days():
		return answer{stopped: true, left: p.LeftDays}
	case p.Stopped:
		return answer{stopped: true, left: int(p.LeftTime / time.Minute)}
	}
	return answer{due: int(p.Due.Sub(w.real(0)) / time.Second)}
}

// checkProof holds the invariants of the day strip.
func (w *world) checkProof(t *testing.T, p deadline.Proof) {
	t.Helper()
	if len(p.Days) == 0 {
		t.Fatal("a strip without the day of receipt")
	}
	n, ran := 0, time.Duration(0)
	for i, d := range p.Days {
		if d.Date.String() != dateOfDay(w.start/1440+i) {
			t.Fatalf("day %d of the strip is %s", i, d.Date)
		}
		if d.N > 0 {
			if n++; d.N != n || !d.Counted || d.Why != deadline.Counted {
				t.Fatalf("counted day %d: %+v", n, d)
			}
		}
		ran += d.Ran
		if (d.Why == deadline.OnHoliday || d.Why == deadline.OnLeave) && d.Name != w.names[w.start/1440+i] {
			t.Fatalf("closed day without its name: %+v", d)
		}
		if d.Due != (i == len(p.Days)-1 && !p.Stopped) {
			t.Fatalf("due mark on %+v", d)
		}
	}
	if p.Span.Unit.Days() && n+p.LeftDays != p.Span.N {
		t.Fatalf("%d counted, %d left of %s", n, p.LeftDays, p.Span)
	}
	if !p.Span.Unit.Days() && ran+p.LeftTime != time.Duration(p.Span.N)*map[bool]time.Duration{true: time.Minute, false: time.Hour}[strings.HasSuffix(w.unit, "minute")] {
		t.Fatalf("%s ran, %s left of %s", ran, p.LeftTime, p.Span)
	}
}

// TestCounterReadsTheDecreesItself follows the real calendar, read from a plain
// list, through every day of three years.
func TestCounterReadsTheDecreesItself(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{})
	w := &world{closed: map[int]bool{}, zone: "WIB", hours: 7, skip: true, unit: "working day"}
	for i := 1; i <= 4; i++ {
		w.week[i] = [][2]int{{450, 720}, {780, 960}}
	}
	w.week[5] = [][2]int{{450, 690}, {780, 990}}
	epoch := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, row := range rows(t, "testdata/closed.csv") {
		d, err := time.Parse("2006-01-02", row[0])
		if err != nil {
			t.Fatal(err)
		}
		w.closed[int(d.Sub(epoch).Hours())/24] = true
	}
	working := map[int]int{}
	for d := range bruteDays {
		if w.works(d) {
			working[2025+d/365]++
		}
		for _, n := range []int{1, 5, 14} {
			w.start, w.n = d*1440+600, n
			want := w.brute()
			p, err := c.Due(deadline.Span{N: n, Unit: deadline.WorkingDay}, w.real(w.start), nil)
			if got := answerOf(w, p, err); got != want {
				t.Fatalf("%d working days from %s: %v %v, want %v", n, dateOfDay(d), got, err, want)
			}
		}
	}
	if working[2025] != 237 || working[2026] != 240 || working[2027] != 242 {
		t.Errorf("working days of the years: %v, want 237, 240, 242", working)
	}
}
