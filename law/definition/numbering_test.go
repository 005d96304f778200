package definition

import (
	"testing"
	"time"
)

func TestNumberFillsThePattern(t *testing.T) {
	date := time.Date(2026, 12, 31, 23, 30, 0, 0, time.FixedZone("WIB", 7*3600))
	for _, c := range []struct {
		pattern string
		n       int64
		want    string
	}{
		{"474/{n:3}/{unit}/{month_roman}/{year}", 7, "474/007/DS-SUKAMAJU/XII/2026"},
		{"{n}", 1234, "1234"},
		{"{n:3}", 1234, "1234"},
		{"SIP {n:1}", 1, "SIP 1"},
		{"", 1, ""},
	} {
		if got, err := PrintNumber(c.pattern, c.n, "ds-sukamaju", date); err != nil || got != c.want {
			t.Errorf("%q with %d gives %q, %v; want %q", c.pattern, c.n, got, err, c.want)
		}
	}
}

func TestNumberRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, pattern := range []string{"{n:}", "{n:0}", "{n:10}", "{n:-3}", "{N}", "{", "{n", "{}", "{year }"} {
		if got, err := PrintNumber(pattern, 1, "u", time.Now()); err == nil {
			t.Errorf("%q was taken and gives %q", pattern, got)
		}
	}
	if _, err := PrintNumber("{n}", 0, "u", time.Now()); err == nil {
		t.Error("number 0 was taken")
	}
}

func TestRomanMonthsComeFromTheDatesOwnZone(t *testing.T) {
	// 1 March in Jakarta is still February in UTC.
	at := time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("WIB", 7*3600))
	if got, err := PrintNumber("{month_roman}", 1, "u", at); err != nil || got != "III" {
		t.Errorf("got %q, %v", got, err)
	}
}
