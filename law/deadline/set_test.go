package deadline_test

import (
	"errors"
	"strings"
	"testing"

	"pendopo/kernel/fault"
	"pendopo/law/deadline"
)

const (
	weekFile = `calendar: week
version: 1
patterns:
  - id: five_day
    name: {id: Lima hari}
    skips: [holiday, leave]
    hours:
      mon-fri: ["08:00-16:00"]
`
	daysFile = `calendar: days
version: 1
scope: national
covers: [2026]
decree: {number: SKB 1, date: 2025-09-19}
days:
  - {date: "2026-01-01", kind: holiday, name: {id: Tahun Baru}}
  - {date: 2026-01-16, kind: holiday, name: {id: Isra Mikraj}}
`
)

func parse(files ...string) (*deadline.Set, error) {
	in := map[string][]byte{}
	for i, f := range files {
		in[string(rune('a'+i))+".yaml"] = []byte(f)
	}
	return deadline.ParseCalendar(in)
}

func TestEveryFaultOfACalendarIsFoundAtItsPlace(t *testing.T) {
	edit := func(old, new string) string {
		if !strings.Contains(daysFile, old) {
			t.Fatalf("%q is not in the file", old)
		}
		return strings.Replace(daysFile, old, new, 1)
	}
	week := func(old, new string) string { return strings.Replace(weekFile, old, new, 1) }
	amend := func(days string) string {
		return "calendar: more\nversion: 1\nscope: national\namends: days\ndecree: {number: SKB 2, date: 2026-02-01}\ndays:\n" + days
	}
	for _, c := range []struct {
		name  string
		files []string
		want  string
	}{
		{"unknown key", []string{edit("version: 1", "version: 1\nvresion: 2"), weekFile}, "a.yaml:3:1: deadline.key_unknown key=vresion"},
		{"unknown key of a day", []string{edit("kind: holiday,", "kind: holiday, note: x,"), weekFile}, "a.yaml:7:41: deadline.key_unknown key=note"},
		{"repeated key", []string{edit("version: 1", "version: 1\nversion: 2"), weekFile}, "a.yaml:3:1: deadline.key_twice key=version"},
		{"missing key", []string{edit("version: 1\n", ""), weekFile}, "a.yaml:1:1: deadline.key_missing key=version"},
		{"missing decree date", []string{edit(", date: 2025-09-19", ""), weekFile}, "a.yaml:5:9: deadline.key_missing key=date"},
		{"date that does not exist", []string{edit("2026-01-16", "2026-02-30"), weekFile}, "a.yaml:8:12: deadline.date_unreadable"},
		{"date in another form", []string{edit("2026-01-16", "16/01/2026"), weekFile}, "a.yaml:8:12: deadline.date_unreadable"},
		{"date with a time", []string{edit("2026-01-16", "2026-01-16T00:00:00Z"), weekFile}, "a.yaml:8:12: deadline.date_unreadable"},
		{"date without zeros", []string{edit("2026-01-16", "2026-1-16"), weekFile}, "a.yaml:8:12: deadline.date_unreadable"},
		{"date twice", []string{edit("2026-01-16", "2026-01-01"), weekFile}, "a.yaml:8:5: deadline.date_twice date=2026-01-01"},
		{"date of another year", []string{edit("2026-01-16", "2062-01-16"), weekFile}, "a.yaml:8:5: deadline.date_not_covered year=2062"},
		{"unknown kind", []string{edit("kind: holiday", "kind: hollyday"), weekFile}, "a.yaml:7:32: deadline.kind_unknown"},
		{"working day without amendment", []string{edit("kind: holiday", "kind: working"), weekFile}, "a.yaml:7:32: deadline.working_without_amends"},
		{"no name", []string{edit(", name: {id: Isra Mikraj}", ""), weekFile}, "a.yaml:8:5: deadline.key_missing key=name"},
		{"no Indonesian name", []string{edit("{id: Isra", "{en: Isra"), weekFile}, "a.yaml:8:45: deadline.key_missing key=id"},
		{"unknown scope", []string{edit("scope: national", "scope: galactic"), weekFile}, "a.yaml:3:8: deadline.scope_unknown"},
		{"region not quoted", []string{"calendar: r\nversion: 1\nscope: region\nregion: 33.60\ndecree: {number: X, date: 2026-01-01}\ndays: []\n", weekFile}, "a.yaml:4:9: deadline.not_quoted"},
		{"region that claims a year", []string{"calendar: r\nversion: 1\nscope: region\nregion: '33'\ncovers: [2026]\ndecree: {number: X, date: 2026-01-01}\ndays: []\n", weekFile}, "a.yaml:5:9: deadline.key_not_with_scope key=covers scope=region"},
		{"year as words", []string{edit("[2026]", "[next]"), weekFile}, "a.yaml:4:10: deadline.number_unreadable least=1971 most=2199"},
		{"two calendars of a year", []string{daysFile, strings.Replace(daysFile, "calendar: days", "calendar: again", 1), weekFile}, "a.yaml:4:9: deadline.year_twice year=2026"},
		{"two calendars of a name", []string{daysFile, strings.Replace(daysFile, "2026", "2027", 1), weekFile}, "b.yaml:1:11: deadline.id_twice id=days"},
		{"amends nothing known", []string{weekFile, amend("  - {date: 2026-02-02, kind: leave, name: {id: X}}\n")}, "b.yaml:4:9: deadline.amends_unknown id=days"},
		{"takes back what is not there", []string{daysFile, weekFile, amend("  - {date: 2026-02-02, kind: working}\n")}, "c.yaml:7:5: deadline.working_not_there date=2026-02-02"},
		{"no patterns", []string{daysFile}, ":0:0: deadline.no_patterns"},
		{"hours reversed", []string{week("08:00-16:00", "16:00-08:00")}, "a.yaml:8:17: deadline.interval_reversed"},
		{"hours unreadable", []string{week("08:00-16:00", "8-16")}, "a.yaml:8:17: deadline.interval_unreadable"},
		{"hours over one another", []string{week(`"08:00-16:00"`, `"08:00-12:00", "11:00-16:00"`)}, "a.yaml:8:16: deadline.interval_overlap"},
		{"unknown weekday", []string{week("mon-fri", "mon-thu: ['08:00-16:00']\n      friday")}, "a.yaml:9:15: deadline.weekday_unknown"},
		{"weekday twice", []string{week("mon-fri", "fri: ['08:00-11:00']\n      mon-fri")}, "a.yaml:9:16: deadline.weekday_twice"},
		{"never open", []string{week(`["08:00-16:00"]`, "[]")}, "a.yaml:8:7: deadline.never_open"},
		{"skips something unknown", []string{week("leave]", "leaf]")}, "a.yaml:6:22: deadline.skips_unknown"},
		{"pattern twice", []string{weekFile, strings.Replace(weekFile, "calendar: week", "calendar: other", 1)}, "a.yaml:4:5: deadline.id_twice id=five_day"},
		{"patterns with days", []string{weekFile + "days: []\n"}, "a.yaml:9:7: deadline.key_not_with_patterns key=days"},
		{"anchor", []string{edit("{id: Tahun Baru}", "&n {id: Tahun Baru}"), weekFile}, "a.yaml:7:47: deadline.yaml_not_plain"},
		{"tag", []string{edit("version: 1", "version: !!int 1"), weekFile}, "a.yaml:2:10: deadline.yaml_not_plain"},
		{"two documents", []string{daysFile + "---\n" + weekFile, weekFile}, "a.yaml:9:1: deadline.file_one_document"},
		{"empty file", []string{"", weekFile}, "a.yaml:1:1: deadline.file_empty"},
		{"broken YAML", []string{edit("covers: [2026]", "covers: [2026"), weekFile}, "a.yaml:5:7: deadline.yaml_unreadable"},
		{"list for a mapping", []string{"- a\n", weekFile}, "a.yaml:1:1: deadline.not_mapping"},
		{"mapping for a list", []string{edit("[2026]", "{year: 2026}"), weekFile}, "a.yaml:4:9: deadline.not_list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(c.files...)
			var f deadline.Findings
			if !errors.As(err, &f) || len(f) == 0 {
				t.Fatalf("no fault: %v", err)
			}
			if f[0].String() != c.want || len(f) > 1 {
				t.Errorf("found\n%s\nwant only\n%s", f, c.want)
			}
		})
	}
}

func TestAllFaultsOfAllFilesAtOnce(t *testing.T) {
	_, err := parse(strings.Replace(daysFile, "2026-01-16", "x", 1), strings.Replace(weekFile, "08:00-16:00", "x", 1))
	var f deadline.Findings
	if !errors.As(err, &f) || len(f) < 2 || f[0].File != "a.yaml" || f[len(f)-1].File != "b.yaml" {
		t.Errorf("faults: %v", err)
	}
}

func TestHashIsOfTheLawNotOfTheFiles(t *testing.T) {
	base, err := parse(daysFile, weekFile)
	if err != nil {
		t.Fatal(err)
	}
	same, err := parse("# a remark\n"+weekFile, strings.Replace(daysFile, "date: 2026-01-16", `date: "2026-01-16"`, 1))
	if err != nil || same.Hash != base.Hash || len(base.Hash) != 64 {
		t.Errorf("other files of the same law: %v %s %s", err, same.Hash, base.Hash)
	}
	for _, edit := range [][2]string{{"01-16", "01-15"}, {"version: 1", "version: 2"}, {"kind: holiday", "kind: leave"}, {"SKB 1", "SKB 2"}} {
		other, err := parse(strings.Replace(daysFile, edit[0], edit[1], 1), weekFile)
		if err != nil || other.Hash == base.Hash {
			t.Errorf("changed %v, hash did not: %v", edit, err)
		}
	}
	again, err := deadline.LoadSet(base.Canonical())
	if err != nil || again.Hash != base.Hash {
		t.Fatalf("stored and loaded: %v", err)
	}
	if !again.Covers(deadline.DayOf(at(t, "2026-12-31T12:00"))) || again.Covers(deadline.DayOf(at(t, "2027-01-01T12:00"))) {
		t.Error("the loaded set covers other years")
	}
	if _, err := deadline.LoadSet([]byte(`{"language":2}`)); err == nil {
		t.Error("an unknown language was loaded")
	}
	if h := demo(t).Hash; h == base.Hash {
		t.Error("two laws, one hash")
	}
}

func TestAmendmentsApplyInTheOrderOfTheirDecrees(t *testing.T) {
	amend := func(id, date, day string) string {
		return "calendar: " + id + "\nversion: 1\nscope: national\namends: days\ndecree: {number: " + id + ", date: " + date + "}\ndays:\n  - " + day + "\n"
	}
	set, err := parse(daysFile, weekFile,
		amend("second", "2026-03-01", "{date: 2026-02-02, kind: working}"),
		amend("first", "2026-02-01", "{date: 2026-02-02, kind: leave, name: {id: X}}"),
		amend("third", "2026-04-01", "{date: 2026-01-16, kind: leave, name: {id: Y}}"))
	if err != nil {
		t.Fatal(err)
	}
	o, err := set.Office(deadline.UnitSpec{Calendar: "five_day", Zone: "WIB"})
	if err != nil {
		t.Fatal(err)
	}
	c := deadline.Clock{Set: set, Office: o}
	if p := due(t, c, "1 working day", "2026-01-30T10:00", ""); deadline.DayOf(p.Due).String() != "2026-02-02" {
		t.Errorf("a day taken back is a working day: %s", p.Due)
	}
	if p := due(t, c, "1 working day", "2026-01-15T10:00", ""); p.Days[1].Why != deadline.OnLeave || p.Days[1].Basis != "third" {
		t.Errorf("a day changed by amendment: %+v", p.Days[1])
	}
}

func TestOfficeThatCannotBe(t *testing.T) {
	set := demo(t)
	for _, c := range []struct {
		u     deadline.UnitSpec
		key   string
		field string
	}{
		{deadline.UnitSpec{Calendar: "four_day", Zone: "WIB"}, "deadline.pattern_unknown", "calendar"},
		{deadline.UnitSpec{Calendar: "five_day", Zone: "CET"}, "deadline.zone_unknown", "zone"},
		{deadline.UnitSpec{Calendar: "five_day", Zone: "WIB", Hours: map[string][]string{"sat": {"08:00-12:00"}}}, "deadline.hours_not_of_pattern", "hours.sat"},
		{deadline.UnitSpec{Calendar: "five_day", Zone: "WIB", Hours: map[string][]string{"mon": {"25:00-26:00"}}}, "fault.check_answers", "hours"},
	} {
		_, err := set.Office(c.u)
		if f := fault.Of(err); f == nil || f.Key != c.key || f.Field != c.field {
			t.Errorf("%+v: %v", c.u, err)
		}
	}
	if _, err := (deadline.Clock{}).Due(deadline.Span{N: 1, Unit: deadline.Hour}, at(t, "2026-01-05T10:00"), nil); !fault.Is(err, fault.Internal) {
		t.Errorf("an empty clock: %v", err)
	}
}

func TestDemoUnitsKeepTheWeekOf37AndAHalfHours(t *testing.T) {
	set := demo(t)
	for _, id := range []string{"five_day", "six_day"} {
		p, ok := set.Pattern(id)
		if !ok {
			t.Fatal(id)
		}
		sum := 0
		for _, list := range p.Hours {
			for _, v := range list {
				sum += v.To - v.From
			}
		}
		if sum != 37*60+30 {
			t.Errorf("%s: %d minutes a week", id, sum)
		}
	}
	if got := strings.Join(set.Patterns(), " "); got != "five_day round_the_clock six_day" {
		t.Errorf("patterns %s", got)
	}
}

func TestCalendarFilesAgreeWithThePlainList(t *testing.T) {
	kinds := map[string]string{}
	for _, c := range demo(t).Calendars {
		for _, d := range c.Days {
			if c.Scope == deadline.National {
				kinds[d.Date.String()] = string(d.Kind[:1])
				if d.Name["id"] == "" || d.Name["en"] == "" {
					t.Errorf("%s is not named in both languages", d.Date)
				}
			}
		}
	}
	list := rows(t, "testdata/closed.csv")
	for _, row := range list {
		if kinds[row[0]] != row[1] {
			t.Errorf("%s: %q in the files, %q in the list", row[0], kinds[row[0]], row[1])
		}
	}
	if len(kinds) != len(list) || len(list) != 79 {
		t.Errorf("%d days in the files, %d in the list", len(kinds), len(list))
	}
}
