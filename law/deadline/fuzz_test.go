package deadline_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pendopo/kernel/fault"
	"pendopo/law/deadline"
)

func FuzzParseSpan(f *testing.F) {
	for _, s := range []string{"5 working days", "1 working day", "10 working minutes", "3 calendar days", "72 hours",
		"0 hours", "-1 hours", "+1 hours", "01 hours", "99999999999999999999 hours", "5  working days", "5 working_days", "5 dayss", "١ hour", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		span, err := deadline.ParseSpan(s)
		if err != nil {
			if k := fault.Of(err).Key; !strings.HasPrefix(k, "deadline.span_") || strings.Contains(err.Error(), s) && len(s) > 3 && !strings.Contains(k, s) {
				t.Fatalf("fault %v for %q", err, s)
			}
			return
		}
		again, err := deadline.ParseSpan(span.String())
		if err != nil || again != span || span.N < 1 {
			t.Fatalf("%q reads as %+v, written %q, read %+v %v", s, span, span.String(), again, err)
		}
	})
}

func FuzzParseCalendar(f *testing.F) {
	files, err := filepath.Glob("../../government/calendars/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("no calendars")
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(weekFile))
	f.Add([]byte("a: &x [*x]"))
	f.Add([]byte("? [a]\n: b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := deadline.ParseCalendar(map[string][]byte{"f.yaml": data, "week.yaml": []byte(weekFile)})
		if err != nil {
			for _, x := range err.(deadline.Findings) {
				if x.Line < 1 || x.Column < 1 || x.File == "" {
					t.Fatalf("a fault without place: %v", x)
				}
			}
			return
		}
		again, err := deadline.LoadSet(set.Canonical())
		if err != nil || again.Hash != set.Hash {
			t.Fatalf("stored and loaded: %v", err)
		}
		for _, id := range set.Patterns() {
			o, err := set.Office(deadline.UnitSpec{Calendar: id, Zone: "WIB"})
			if err != nil {
				t.Fatalf("a pattern that was taken and cannot be used: %v", err)
			}
			_, _ = deadline.Clock{Set: set, Office: o}.Due(deadline.Span{N: 3, Unit: deadline.WorkingDay}, at(t, "2026-01-05T10:00"), nil)
		}
	})
}

func TestSpansInWordsAndRefusals(t *testing.T) {
	for s, want := range map[string]deadline.Span{
		"5 working days":     {N: 5, Unit: deadline.WorkingDay},
		"1 working day":      {N: 1, Unit: deadline.WorkingDay},
		"10 working minutes": {N: 10, Unit: deadline.WorkingMinute},
		"2 working hours":    {N: 2, Unit: deadline.WorkingHour},
		"3 calendar days":    {N: 3, Unit: deadline.CalendarDay},
		"72 hours":           {N: 72, Unit: deadline.Hour},
		"30 minutes":         {N: 30, Unit: deadline.Minute},
	} {
		if got, err := deadline.ParseSpan(s); err != nil || got != want || got.String() != s {
			t.Errorf("%q: %+v %v, written %q", s, got, err, got.String())
		}
	}
	for s, key := range map[string]string{
		"": "unreadable", "5": "unreadable", "five working days": "unreadable", "5 days": "unreadable", "5 working": "unreadable",
		"5 working  days": "unreadable", " 5 working days": "unreadable", "5 Working Days": "unreadable", "05 working days": "unreadable",
		"5.5 hours": "unreadable", "5 working_days": "unreadable", "0 hours": "empty", "-2 hours": "empty",
		"3661 calendar days": "too_long", "100000000000000000000 hours": "too_long",
	} {
		if _, err := deadline.ParseSpan(s); fault.Of(err) == nil || fault.Of(err).Key != "deadline.span_"+key {
			t.Errorf("%q: %v, want %s", s, err, key)
		}
	}
}

func TestProofSurvivesJSON(t *testing.T) {
	c := clockOf(t, deadline.UnitSpec{Hours: map[string][]string{"mon-thu": {"08:00-12:00"}}})
	p := due(t, c, "4 working days", "2026-03-16T09:00", "2026-03-25T10:00..2026-03-27T08:00")
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back deadline.Proof
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(p, back); d != "" {
		t.Errorf("proof changed:\n%s", d)
	}
}

func BenchmarkDueFiveWorkingDays(b *testing.B) {
	c := clockOf(b, deadline.UnitSpec{})
	start := at(b, "2026-03-16T09:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Due(deadline.Span{N: 5, Unit: deadline.WorkingDay}, start, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDueTenWorkingMinutes(b *testing.B) {
	c := clockOf(b, deadline.UnitSpec{})
	start := at(b, "2026-01-05T09:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Due(deadline.Span{N: 10, Unit: deadline.WorkingMinute}, start, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDueSixtyWorkingDaysWithStops(b *testing.B) {
	c := clockOf(b, deadline.UnitSpec{})
	start := at(b, "2026-01-02T09:00")
	held := stops(b, "2026-01-08T10:00..2026-01-20T10:00 2026-02-08T10:00..2026-02-20T10:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Due(deadline.Span{N: 60, Unit: deadline.WorkingDay}, start, held); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseDemoCalendars(b *testing.B) {
	for b.Loop() {
		demo(b)
	}
}
