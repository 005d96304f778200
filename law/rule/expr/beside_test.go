package expr

import "testing"

// TestRulesOfAnActionSeeWhatItAsks: its own names go before all others, and no rule
// elsewhere sees them.
func TestRulesOfAnActionSeeWhatItAsks(t *testing.T) {
	all := []Var{{Name: "kind", Choices: []string{"a", "b"}}, {Name: "when", Type: Date, Optional: true}}
	first := []Var{{Name: "done", Type: Text}, {Name: "kind", Choices: []string{"a", "b"}}}
	second := []Var{{Name: "done", Type: Int, Optional: true}}
	set, problems := Compile(all, []Rule{
		{Path: "one", Text: `done == "x" && kind == "b"`, Beside: first, Place: "1"},
		{Path: "two", Text: `done > 3`, Self: "done", Beside: second, Place: "2"},
		{Path: "three", Text: `done.orValue(0) > 3`, Beside: second, Place: "2"},
		{Path: "wrong word", Text: `kind == "c"`, Beside: first, Place: "1"},
		{Path: "elsewhere", Text: `done == "x"`},
		{Path: "the other's", Text: `done == "x"`, Beside: second, Place: "2"},
	})
	codes := map[string]string{}
	for _, p := range problems {
		codes[p.Path] = p.Code
	}
	for path, code := range map[string]string{"wrong word": "rule_no_choice", "elsewhere": "rule_unknown_name", "the other's": "rule_types"} {
		if codes[path] != code && !(code == "rule_types" && codes[path] == "rule_optional") {
			t.Errorf("%s: %q, want %s", path, codes[path], code)
		}
	}
	if len(problems) != 3 {
		t.Errorf("problems: %v", problems)
	}
	given := map[string]any{"done": "x", "kind": "b"}
	if ok, err := set.Eval("one", func(name string) any { return given[name] }); err != nil || !ok {
		t.Errorf("%v %v", ok, err)
	}
	given = map[string]any{"done": int64(4)}
	for _, path := range []string{"two", "three"} {
		if ok, err := set.Eval(path, func(name string) any { return given[name] }); err != nil || !ok {
			t.Errorf("%s: %v %v", path, ok, err)
		}
	}
}
