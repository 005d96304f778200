package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pendopo/kernel/page"
	"pendopo/law/deadline"
	"pendopo/web"
)

// count runs the command and gives what it printed and what it complained of.
func count(t *testing.T, c DeadlineCmd) (out, complaint string) {
	t.Helper()
	texts, err := page.LoadCatalogue(web.Locale(), false)
	if err != nil {
		t.Fatal(err)
	}
	if c.Lang == "" {
		c.Lang = "en"
	}
	var b bytes.Buffer
	if err := c.Run(&Env{Out: &b, Texts: texts}); err != nil {
		complaint = err.Error()
	}
	return b.String(), complaint
}

func TestDeadlinePrintsWhatItsPageShows(t *testing.T) {
	doc, err := os.ReadFile("../../docs/deadline.md")
	if err != nil {
		t.Fatal(err)
	}
	out, complaint := count(t, DeadlineCmd{Received: "2026-03-17T09:00+07:00", Within: "3 working days", Unit: "dpmptsp",
		Stop: []string{"2026-03-26T10:00+07:00..2026-03-30T09:00+07:00"}})
	if complaint != "" || !strings.Contains(string(doc), "```\n"+out+"```") {
		t.Errorf("docs/deadline.md does not show this:\n%s%s", out, complaint)
	}
}

func TestDeadlineJSONIsTheProof(t *testing.T) {
	out, complaint := count(t, DeadlineCmd{Received: "2026-03-17T09:00+07:00", Within: "14 working days", JSON: true, Unit: "dpmptsp"})
	var got struct {
		Unit string
		deadline.Proof
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err, complaint)
	}
	if d := got.Due.Format("2006-01-02 15:04"); d != "2026-04-14 16:00" || got.Unit != "dpmptsp" || len(got.Days) != 29 || len(got.Calendar) != 64 {
		t.Errorf("due %s, unit %s, %d days, calendar %s", d, got.Unit, len(got.Days), got.Calendar)
	}
}

func TestDeadlineTellsAllThatIsWrongAtOnce(t *testing.T) {
	out, complaint := count(t, DeadlineCmd{Received: "2026-01-09T11:25", Within: "10 days", Unit: "nowhere",
		Stop: []string{"x", "2026-01-09T11:25+07:00..y", "2300-01-01T00:00Z.."}})
	lines := strings.Split(complaint, "\n")
	for i, start := range []string{"--received: Write the moment", "--within: Write the time limit", "--stop 1: Write a stop",
		"--stop 2: Write the moment", "--stop 3: The moment must lie", "--unit: The government folder has no unit nowhere. It has: setda,"} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], start) {
			t.Errorf("line %d of\n%s\nshould begin %q", i+1, complaint, start)
		}
	}
	if out != "" {
		t.Errorf("printed all the same: %s", out)
	}
}

func TestDeadlineRefusals(t *testing.T) {
	const at, span = "2026-01-09T10:00+07:00", "5 working days"
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "a.yaml"), []byte("calendar: x\nversion: one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		cmd  DeadlineCmd
		want []string
	}{
		{"reversed stop", DeadlineCmd{Received: at, Within: span, Stop: []string{"2026-01-12T10:00+07:00..2026-01-11T10:00+07:00"}}, []string{"--stop: Stop 1 ends before"}},
		{"overlapping stops", DeadlineCmd{Received: at, Within: span, Stop: []string{"2026-01-12T10:00+07:00..", "2026-01-13T10:00+07:00.."}}, []string{"--stop: Stop 2 begins before"}},
		{"no calendar of the year", DeadlineCmd{Received: "2027-12-30T10:00+07:00", Within: span}, []string{"no calendar for 2028 yet"}},
		{"no such folder of calendars", DeadlineCmd{Received: at, Within: span, Calendar: filepath.Join(broken, "none")}, []string{"--calendar: This calendar folder"}},
		{"empty folder of calendars", DeadlineCmd{Received: at, Within: span, Calendar: t.TempDir()}, []string{"--calendar: This calendar folder"}},
		{"no such government", DeadlineCmd{Received: at, Within: span, Government: filepath.Join(broken, "none")}, []string{"--government: This government folder"}},
		{"broken calendar", DeadlineCmd{Received: at, Within: span, Calendar: broken}, []string{"a.yaml:1:1: The key scope is needed", "a.yaml:2:10: A whole number from 1 to 1000000"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, complaint := count(t, c.cmd)
			for _, want := range c.want {
				if !strings.Contains(complaint, want) {
					t.Errorf("complains %q, want %q", complaint, want)
				}
			}
			if out != "" {
				t.Errorf("printed all the same: %s", out)
			}
		})
	}
}

func TestDeadlineUsesACalendarFolderInPlaceOfTheGovernments(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"week.yaml": "calendar: week\nversion: 1\npatterns:\n  - {id: five_day, name: {id: Lima}, skips: [holiday], hours: {mon-fri: ['08:00-12:00']}}\n",
		"2026.yaml": "calendar: y\nversion: 1\nscope: national\ncovers: [2026]\ndecree: {number: X, date: 2025-01-01}\ndays:\n  - {date: 2026-01-12, kind: holiday, name: {id: Hari X}}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, complaint := count(t, DeadlineCmd{Received: "2026-01-09T10:00+07:00", Within: "1 working day", Calendar: dir, Lang: "id"})
	if !strings.Contains(out, "Selasa, 13 Januari 2026 pukul 12.00 WIB") || !strings.Contains(out, "hari libur: Hari X (X)") {
		t.Errorf("%s%s", out, complaint)
	}
}

func TestDeadlineShowsWhatIsLeftAndMinutes(t *testing.T) {
	out, _ := count(t, DeadlineCmd{Received: "2026-01-09T10:00+07:00", Within: "3 working days", Stop: []string{"2026-01-12T10:00+07:00.."}})
	if !strings.Contains(out, "Time left   2 days, the clock stands still") {
		t.Error(out)
	}
	out, _ = count(t, DeadlineCmd{Received: "2026-01-09T11:25+07:00", Within: "70 working minutes"})
	if !strings.Contains(out, "counted 1 hour 10 minutes · due") || !strings.Contains(out, "at 14:05 WIB") {
		t.Error(out)
	}
}
