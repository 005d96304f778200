package form

import (
	"strings"
	"testing"
	"time"

	"pendopo/government"
	"pendopo/law/definition"
)

// TestADateIsShownByOneThatTheFieldTakes: for every date of the demo's services, and
// in the time that it is about.
func TestADateIsShownByOneThatTheFieldTakes(t *testing.T) {
	g, findings := definition.Read(government.FS)
	if g == nil {
		t.Fatal(findings)
	}
	dates := 0
	for _, today := range []time.Time{on(2026, 11, 23), on(2028, 2, 29)} {
		for _, s := range g.Services {
			for _, p := range s.Form.Pages {
				for i := range p.Fields {
					f := &p.Fields[i]
					if f.Kind != definition.KindDate {
						continue
					}
					dates++
					day := Sample(f, today)
					if _, wrong := asDate(f, day.Format(time.DateOnly), Env{Today: today}); wrong != nil {
						t.Errorf("%s of %s: %s is not taken: %s", f.ID, s.ID, day.Format(time.DateOnly), wrong.Key)
					}
				}
			}
		}
	}
	if dates < 10 {
		t.Errorf("only %d dates were looked at", dates)
	}
}

func TestADateIsShownInItsTime(t *testing.T) {
	today := on(2026, 11, 23)
	for _, c := range []struct{ field, after, before, want string }{
		{"birth_date", "today-120y", "today", "1995-03-27"},
		{"lives_since", "", "today", "2015-03-27"},
		{"wedding_date", "today", "today+1y", "2027-02-22"},
		{"event_date", "today+14d", "today+1y", "2027-03-04"},
		{"when", "", "today", "2026-11-11"},
		{"opens", "today", "", "2026-12-23"},
		{"issued", "today-60y", "today", "2011-11-23"},
		{"day", "", "", "2026-11-23"},
		{"birth_of_the_firm", "2020-01-01", "today", "2025-03-03"},
	} {
		f := &definition.Field{ID: c.field, Kind: definition.KindDate, After: c.after, Before: c.before}
		if got := Sample(f, today).Format(time.DateOnly); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s from %q to %q: %s", c.field, c.after, c.before, got)
		}
	}
}
