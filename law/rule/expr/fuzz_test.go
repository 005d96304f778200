package expr

import "testing"

// FuzzRule: a rule that anybody writes is compiled or refused at a place in it,
// and one that compiles answers or fails; nothing runs for ever.
func FuzzRule(f *testing.F) {
	for _, s := range []string{`reason == "work" && count > 2`, `papers.exists(p, p == "two")`, `until.optMap(u, u > today).orValue(true)`,
		`papers.all(a, papers.all(b, papers.all(c, a == b && b == c)))`, `name.matches("(a+)+$")`, `((((((((((`, `count / 0 == 1`, `"` + "\x00", `years(born, today) >= 17`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, problems := Compile(vars, []Rule{{Path: "r", Text: text}})
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Code == "" {
				t.Errorf("a problem without a place: %+v", p)
			}
		}
		if len(problems) > 0 || !set.Has("r") {
			return
		}
		_, _ = set.Eval("r", func(name string) any { return answers()[name] }) // either is an answer
	})
}
