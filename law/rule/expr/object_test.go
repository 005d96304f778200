package expr

import (
	"fmt"
	"strings"
	"testing"
)

// groups are two lists of people: one that everyone is asked, one that may be
// left out.
var groups = append([]Var{
	{Name: "children", Type: Group, Fields: []Var{
		{Name: "birth_date", Type: Date}, {Name: "school", Type: Text, Optional: true},
		{Name: "sex", Type: Text, Choices: []string{"f", "m"}}, {Name: "photos", Type: List, Optional: true},
	}},
	{Name: "witnesses", Type: Group, Optional: true, Fields: []Var{{Name: "witness_name", Type: Text}}},
}, vars...)

func family() map[string]any {
	a := answers()
	a["children"] = []Answers{
		{"birth_date": "2020-05-01", "sex": "f", "school": "SD 1", "photos": []string{"upload-01"}},
		{"birth_date": "2024-02-29", "sex": "m"},
	}
	return a
}

func TestRulesOverGroupsAskTheirItems(t *testing.T) {
	for text, want := range map[string]bool{
		`children.all(c, c.birth_date <= today)`:                                             true,
		`size(children) > 1 && children[1].sex == "m"`:                                       true,
		`children.exists(c, years(c.birth_date, today) >= 5 && c.sex == "f")`:                true,
		`children.exists_one(c, c.school.hasValue())`:                                        true,
		`children.all(c, c.school.orValue("") != "")`:                                        false,
		`children.filter(c, c.sex == "m").size() == 1`:                                       true,
		`witnesses.orValue([]).size() == 0`:                                                  true,
		`!witnesses.hasValue()`:                                                              true,
		`children.all(a, children.exists(b, a.birth_date == b.birth_date))`:                  true,
		`size(children) == 0 || children[0].sex == "f"`:                                      true,
		`size(children) >= 2 ? children[1].birth_date > children[0].birth_date : true`:       true,
		`children[?5].optMap(c, c.sex == "f").orValue(true)`:                                 true,
		`children.map(c, c.birth_date).all(d, d <= today)`:                                   true,
		`children.all(c, c.photos.orValue([]).all(p, p.startsWith("upload")))`:               true,
		`2 <= size(children) && !(size(papers) < 1) && children[1].sex != papers[0]`:         true,
		`size(witnesses.orValue([])) > 0 && witnesses.orValue([])[0].witness_name == "Sari"`: false,
	} {
		set, problems := Compile(groups, []Rule{{Path: "r", Text: text}})
		if len(problems) > 0 {
			t.Errorf("%s: %v", text, problems)
			continue
		}
		got, err := set.Eval("r", func(name string) any { return family()[name] })
		if err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestProblemsInRulesOverGroups(t *testing.T) {
	for text, want := range map[string]string{
		`children.all(c, c.birth <= today)`:                              "1:18 rule_types",
		`children.all(c, c.sex == "x")`:                                  "1:26 rule_no_choice",
		`children.all(c, c.school == "SD")`:                              "1:26 rule_optional",
		`witnesses.all(w, w.witness_name != "")`:                         "1:1 rule_optional",
		`children[0].sex == "f"`:                                         "1:9 rule_index",
		`size(children) > 0 && children[1].sex == "f"`:                   "1:31 rule_index",
		`size(children) > 0 || children[0].sex == "f"`:                   "1:31 rule_index",
		`size(papers) > 0 && children[0].sex == "f"`:                     "1:29 rule_index",
		`children == "x"`:                                                "1:10 rule_types",
		`birth_date <= today`:                                            "1:1 rule_unknown_name",
		`children.all(c, dyn(c).sex == "x")`:                             "1:20 rule_function",
		`size(children) != 0 && children[count].sex == "f"`:              "1:32 rule_index",
		`children.exists(c, c == item.children{sex: "f"}) && count == 1`: "1:38 rule_function",
	} {
		_, problems := Compile(groups, []Rule{{Path: "r", Text: text}})
		var got []string
		for _, p := range problems {
			got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Code))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: got %v, want %s", text, got, want)
		}
	}
}

func TestARuleOfAnItemNamesItsFieldsAndThoseOfTheForm(t *testing.T) {
	set, problems := Compile(groups, []Rule{
		{Path: "valid", Text: `birth_date >= born && size(children) > 0`, Item: "children", Self: "birth_date"},
		{Path: "self", Text: `school != "none"`, Item: "children", Self: "school"},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	in := func(name string) any {
		switch name {
		case "birth_date":
			return "2024-02-29"
		case "school":
			return "SD 1"
		}
		return family()[name]
	}
	for _, path := range []string{"valid", "self"} {
		if got, err := set.Eval(path, in); err != nil || !got {
			t.Error(path, got, err)
		}
	}
	if got := fmt.Sprint(set.Reads("valid")); got != "[{birth_date 1 1} {born 1 15} {children 1 28}]" {
		t.Error(got)
	}
}

func TestWhatIsNoListOfItemsFails(t *testing.T) {
	set, _ := Compile(groups, []Rule{{Path: "r", Text: `children.all(c, c.birth_date <= today)`}})
	for _, bad := range []any{nil, "x", []any{"x"}, []any{map[string]any{"birth_date": 7}}, []Answers{{}}, map[string]any{}} {
		if got, err := set.Eval("r", func(name string) any {
			if name == "children" {
				return bad
			}
			return answers()[name]
		}); err == nil || got {
			t.Errorf("%v: %v, %v", bad, got, err)
		}
	}
	kept := []any{map[string]any{"birth_date": "2020-01-01", "sex": "f"}}
	if got, err := set.Eval("r", func(name string) any {
		if name == "children" {
			return kept
		}
		return answers()[name]
	}); err != nil || !got {
		t.Error("a list kept as JSON", got, err)
	}
}

func TestANumberIsComputed(t *testing.T) {
	set, problems := Compile(groups, []Rule{{Path: "fee", Text: `count * 25000 + size(children) * 10000`, Int: true}, {Path: "zero", Text: `10 / (count - 3)`, Int: true}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	in := func(name string) any { return family()[name] }
	if n, err := set.EvalInt("fee", in); err != nil || n != 95000 {
		t.Error(n, err)
	}
	if n, err := set.EvalInt("zero", in); err == nil || n != 0 {
		t.Error(n, err)
	}
	_, problems = Compile(groups, []Rule{{Path: "fee", Text: `count > 1`, Int: true}})
	if len(problems) != 1 || problems[0].Code != "rule_not_int" {
		t.Error(problems)
	}
}
