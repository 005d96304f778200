package expr

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var vars = []Var{
	{Name: Today, Type: Date}, {Name: Received, Type: Date},
	{Name: Channel, Type: Text, Choices: []string{"portal", "counter"}},
	{Name: "name", Type: Text},
	{Name: "note", Type: Text, Optional: true},
	{Name: "reason", Type: Text, Choices: []string{"work", "other"}},
	{Name: "pick", Type: Text, Optional: true, Choices: []string{"a", "b"}},
	{Name: "count", Type: Int}, {Name: "money", Type: Int, Optional: true},
	{Name: "born", Type: Date}, {Name: "until", Type: Date, Optional: true},
	{Name: "papers", Type: List}, {Name: "agreed", Type: Bool},
}

// answers are what the rules of these tests are asked with.
func answers() map[string]any {
	return map[string]any{
		Today: time.Date(2026, 3, 17, 23, 30, 0, 0, time.FixedZone("WIB", 7*3600)), Received: time.Date(2026, 3, 10, 8, 0, 0, 0, time.UTC),
		Channel: "portal", "name": "Sari", "reason": "work", "count": int64(3), "born": "2009-03-17",
		"papers": []string{"one", "two"}, "agreed": true,
	}
}

func TestRulesAnswerYesOrNo(t *testing.T) {
	for text, want := range map[string]bool{
		`reason == "work" && count > 2`:                     true,
		`years(born, today) >= 17`:                          true,
		`years(born, today) >= 18`:                          false,
		`days(received, today) == 7`:                        true,
		`note.orValue("") == ""`:                            true,
		`note.hasValue()`:                                   false,
		`pick.orValue("a") in ["a", "b"]`:                   true,
		`money.orValue(0) <= 100000`:                        true,
		`until.optMap(u, u > today).orValue(true)`:          true,
		`size(papers) == 2 && papers.exists(p, p == "two")`: true,
		`agreed && channel != "counter"`:                    true,
		`today == timestamp("2026-03-17T00:00:00Z")`:        true,
		`name.startsWith("S") || name.matches("^[a-z]+$")`:  true,
		`pick == optional.of("a")`:                          false,
	} {
		set, problems := Compile(vars, []Rule{{Path: "r", Text: text}})
		if len(problems) > 0 {
			t.Errorf("%s: %v", text, problems)
			continue
		}
		got, err := set.Eval("r", func(name string) any { return answers()[name] })
		if err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestProblemsStandAtTheirLineAndColumn(t *testing.T) {
	for text, want := range map[string]string{
		`nmae == "x"`:                      "1:1 rule_unknown_name",
		"name == \"x\" &&\n  cuont > 1":    "2:3 rule_unknown_name",
		`note == "x"`:                      "1:6 rule_optional",
		`until > today`:                    "1:7 rule_optional",
		`count + 1`:                        "1:7 rule_not_bool",
		`name`:                             "1:1 rule_not_bool",
		`count > "1"`:                      "1:7 rule_types",
		`note.value() == "x"`:              "1:11 rule_value",
		`papers[0] == "x"`:                 "1:7 rule_index",
		`dyn(name) == 1`:                   "1:4 rule_function",
		`reason == "wrok"`:                 "1:11 rule_no_choice",
		`"wrok" != reason`:                 "1:1 rule_no_choice",
		`reason in ["work", "wrok"]`:       "1:20 rule_no_choice",
		`pick.orValue("a") == "c"`:         "1:22 rule_no_choice",
		`pick == optional.of("c")`:         "1:21 rule_no_choice",
		`channel == "sms"`:                 "1:12 rule_no_choice",
		`name == `:                         "1:9 rule_syntax",
		`name == "x`:                       "1:9 rule_syntax",
		`today > timestamp("2026-13-40")`:  "1:19 rule_types",
		`name.matches("(")`:                "1:14 rule_types",
		`now() > today`:                    "1:4 rule_unknown_name",
		`["a", 1].exists(x, x == "a")`:     "1:7 rule_types",
		strings.Repeat("agreed && ", 200):  "1:1 rule_long",
		strings.Repeat("(", 60) + "agreed": "1:1 rule_syntax",
		`"é" == name && nmae == "x"`:       "1:16 rule_unknown_name",
	} {
		_, problems := Compile(vars, []Rule{{Path: "r", Text: text}})
		var got []string
		for _, p := range problems {
			got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Code))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%.40q: got %v, want %s", text, got, want)
		}
	}
}

func TestTheFieldOfAValidRuleIsThere(t *testing.T) {
	set, problems := Compile(vars, []Rule{{Path: "r", Text: `until > born`, Self: "until"}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got, err := set.Eval("r", func(name string) any {
		if name == "until" {
			return "2030-01-01"
		}
		return answers()[name]
	})
	if err != nil || !got {
		t.Error(got, err)
	}
}

func TestARuleThatFailsIsAnErrorAndSaysNoAnswer(t *testing.T) {
	deep := `papers.all(a, papers.all(b, papers.all(c, papers.all(d, papers.all(e, a + b + c + d + e != "x")))))`
	many := make([]string, 60)
	for i := range many {
		many[i] = "secret-value-of-a-person"
	}
	set, problems := Compile(vars, []Rule{{Path: "divide", Text: `10 / count > 1`}, {Path: "deep", Text: deep}, {Path: "wrong", Text: `name == "x"`}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for path, in := range map[string]map[string]any{
		"divide": {"count": int64(0)}, "deep": {"papers": many}, "wrong": {"name": 7}, "nowhere": {},
	} {
		got, err := set.Eval(path, func(name string) any { return in[name] })
		if err == nil || got || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, %v", path, got, err)
		}
	}
}

func TestReadsNameEveryVariableOnceAtItsFirstPlace(t *testing.T) {
	set, _ := Compile(vars, []Rule{{Path: "r", Text: "reason == \"work\" &&\n  count > 1 && count < 9"}})
	want := "[{reason 1 1} {count 2 3}]"
	if got := fmt.Sprint(set.Reads("r")); got != want {
		t.Errorf("got %s", got)
	}
}

// TestAgeCountsAsPeopleDo compares years with counting birthdays one by one.
func TestAgeCountsAsPeopleDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(label string) time.Time {
			return time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 40_000).Draw(t, label))
		}
		a, b := day("a"), day("b")
		if b.Before(a) {
			a, b = b, a
		}
		want := 0
		for y := a.Year() + 1; y <= b.Year(); y++ {
			birthday := time.Date(y, a.Month(), a.Day(), 0, 0, 0, 0, time.UTC) // 29 February becomes 1 March
			if !birthday.After(b) {
				want++
			}
		}
		if got := years(a, b); got != want || years(b, a) != -want {
			t.Fatalf("from %s to %s: %d, want %d", a, b, got, want)
		}
		if got := days(a, b); !a.AddDate(0, 0, got).Equal(b) {
			t.Fatalf("%d days from %s to %s", got, a, b)
		}
	})
}

func BenchmarkEval(b *testing.B) {
	set, _ := Compile(vars, []Rule{{Path: "r", Text: `years(born, today) < 17 && reason == "work"`}})
	in := answers()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := set.Eval("r", func(name string) any { return in[name] }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		Compile(vars, []Rule{{Path: "r", Text: `years(born, today) < 17`}, {Path: "s", Text: `reason == "work"`}})
	}
}
