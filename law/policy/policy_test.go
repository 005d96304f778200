package policy_test

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pendopo/law/definition"
	"pendopo/law/policy"
)

const good = `@id("a")
permit (principal is Officer, action == Action::"list", resource is Unit)
when { principal.units.contains(resource) };
`

func TestCheckLocatesEveryFault(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string // line:column code
	}{
		{"good", good, nil},
		{"nothing but a comment", "// soon\n", []string{"1:1 policy_nothing"}},
		{"missing semicolon at the end", strings.TrimSuffix(good, ";\n"), []string{"3:43 policy_syntax"}},
		{"wrong effect", "\n  allow (principal, action, resource);\n", []string{"2:3 policy_syntax"}},
		{"missing comma", "@id(\"a\")\npermit (principal action, resource);\n", []string{"2:19 policy_syntax"}},
		{"open string", "@id(\"a\")\npermit (principal, action == Action::\"list, resource);\n", []string{"2:38 policy_syntax"}},
		{"no id", "permit (principal is Officer, action == Action::\"list\", resource is Unit);\n", []string{"1:1 policy_no_id"}},
		{"two of one id", good + good, []string{"4:1 policy_same_id"}},
		{"unknown action", "// é\n@id(\"a\")\npermit (principal, action == Action::\"lst\", resource);\n", []string{"3:38 policy_type"}},
		{"unknown attribute", "@id(\"a\")\npermit (principal is Officer, action == Action::\"list\", resource is Unit)\nwhen { principal.units.contains(resource) && principal.rank == 3 };\n", []string{"3:56 policy_type"}},
		{"optional attribute without has", "@id(\"a\")\npermit (principal is Officer, action == Action::\"act\", resource is Case)\nwhen { principal.posts.contains(resource.turn) };\n", []string{"3:42 policy_type"}},
		{"wrong type", "@id(\"a\")\npermit (principal is Officer, action == Action::\"list\", resource is Unit)\nwhen { principal.units };\n", []string{"1:1 policy_type"}},
		{"a purpose that is none", "@id(\"a\")\npermit (principal is Officer, action == Action::\"open\", resource is Case)\nwhen { context has purpose && context.purpose == Purpose::\"curious\" };\n", []string{"3:50 policy_type"}},
		{"unknown role", "@id(\"a\")\npermit (principal is Officer, action == Action::\"list\", resource is Unit)\nwhen { principal.roles.contains(Role::\"king\") };\n", []string{"3:33 policy_unknown_role"}},
		{"unknown unit", "@id(\"a\")\npermit (principal is Officer, action == Action::\"list\", resource == Unit::\"moon\");\n", []string{"2:69 policy_unknown_unit"}},
		{"faults of two policies at once", "allow;\n" + good + "@id(\"b\")\npermit (principal, action, resource)\nwhen { principal.nose };\n", []string{"1:1 policy_syntax", "7:18 policy_type"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			faults := policy.Check([]policy.File{{Name: "p.cedar", Text: []byte(c.text)}}, policy.Known{Roles: []string{"head"}, Units: []string{"clinic"}})
			var got []string
			for _, f := range faults {
				got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v\n%v", got, c.want, faults)
			}
		})
	}
}

func TestParseRefusesWhatCheckFinds(t *testing.T) {
	_, err := policy.Parse(policy.File{Name: "p.cedar", Text: []byte("allow;\n")})
	if err == nil || !strings.HasPrefix(err.Error(), "p.cedar:1:1: ") {
		t.Errorf("got %v", err)
	}
	if _, err := policy.Parse(); err == nil {
		t.Error("no file at all was taken")
	}
}

// A forbid that cannot be evaluated must not turn into a permit: here the
// arithmetic of the forbid overflows, which no type check can see.
func TestPolicyThatFailsRefusesTheWholeRequest(t *testing.T) {
	set, err := policy.Parse(policy.File{Name: "p.cedar", Text: []byte(good + `@id("b")
forbid (principal is Officer, action == Action::"list", resource is Unit)
when { 9223372036854775807 + 1 == 0 };
`)})
	if err != nil {
		t.Fatal(err)
	}
	who := policy.Officer{ID: "o", Posts: []policy.Post{{Unit: "u", Role: "r"}}}
	d := set.Allow(policy.Request{Principal: who, Action: policy.List, Resource: policy.Office{Unit: "u"}})
	if d.Allowed || d.Policy != "b" || d.Err == nil {
		t.Errorf("got %+v", d)
	}
}

func TestRequestOutsideTheSchemaIsRefused(t *testing.T) {
	set := demo(t)
	who := policy.Officer{ID: "o", Posts: []policy.Post{reviewer}}
	mine := policy.Case{ID: "c", Unit: "clinic", Turn: &reviewer}
	for name, r := range map[string]policy.Request{
		"nobody asks":             {Action: policy.List, Resource: policy.Office{Unit: "clinic"}},
		"about nothing":           {Principal: who, Action: policy.List},
		"unknown action":          {Principal: who, Action: "sell", Resource: mine},
		"unknown deed":            {Principal: who, Action: policy.Act, Resource: mine, Deed: "bless"},
		"no deed":                 {Principal: who, Action: policy.Act, Resource: mine},
		"unknown purpose":         {Principal: who, Action: policy.Open, Resource: mine, Purpose: "curious"},
		"action on a wrong thing": {Principal: who, Action: policy.Act, Resource: policy.Office{Unit: "clinic"}, Deed: "approve"},
	} {
		if d := set.Allow(r); d.Allowed || d.Err == nil {
			t.Errorf("%s: %+v", name, d)
		}
	}
	if d := set.Allow(policy.Request{Principal: who, Action: policy.Act, Resource: mine, Deed: "approve"}); !d.Allowed {
		t.Errorf("the right request: %+v", d)
	}
}

// The closed lists stand twice, in the schema for Cedar and in Go for what
// Cedar does not check; neither may have more.
func TestClosedListsAreThoseOfTheSchema(t *testing.T) {
	if got := policy.Listed("Purpose"); !slices.Equal(got, policy.Purposes) {
		t.Errorf("purposes %v", got)
	}
	if got := policy.Listed("Deed"); !slices.Equal(got, policy.Deeds) {
		t.Errorf("deeds %v", got)
	}
}

// What service files may say and policies may decide is the same list, but for
// what the system does itself, what officers do to a clock, and what moves nothing.
func TestDeedsAreTheActionsOfServiceFiles(t *testing.T) {
	field, _ := reflect.TypeFor[definition.Action]().FieldByName("Kind")
	want := strings.Split(field.Tag.Get("enum"), "|")
	want = slices.DeleteFunc(want, func(k string) bool { return k == "issue" || k == "join" || k == "answered" })
	want = append(want, "stop", "resume", "write", "publish", "hide", "recall_asked", "post")
	got := slices.Clone(policy.Deeds)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("deeds %v, service files have %v", got, want)
	}
}

// Whatever a request can carry is in the schema with that type: the schema's
// validator passes the entities of every column and resource of the matrix.
func TestRequestsFillTheSchema(t *testing.T) {
	for column := range columns() {
		for name, r := range resources(column) {
			if err := policy.Conforms(policy.Request{Principal: columns()[column], Resource: r}); err != nil {
				t.Errorf("%s, %s: %v", column, name, err)
			}
		}
	}
}

func FuzzCheckNeverPanics(f *testing.F) {
	f.Add(good)
	f.Add("@id(\"é\")\npermit (principal, action == Action::\"list, resource);")
	f.Add("permit(principal,action,resource)when{1+\"\"};")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, fault := range policy.Check([]policy.File{{Name: "f", Text: []byte(text)}}, policy.Known{}) {
			if fault.Line < 1 || fault.Line > lines || fault.Column < 1 {
				t.Errorf("%q: a fault outside the file: %v", text, fault)
			}
		}
	})
}

func BenchmarkAllow(b *testing.B) {
	set, err := policy.Parse(policy.File{Name: "p", Text: []byte(good)})
	if err != nil {
		b.Fatal(err)
	}
	r := policy.Request{
		Principal: policy.Officer{ID: "o", Posts: []policy.Post{reviewer, head}},
		Action:    policy.List, Resource: policy.Office{Unit: "clinic"},
	}
	for b.Loop() {
		set.Allow(r)
	}
}

func TestDocumentationShowsTheSchema(t *testing.T) {
	page, err := os.ReadFile("../../docs/policies.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```\n"+policy.Schema+"```\n") {
		t.Error("docs/policies.md does not show policy.Schema")
	}
	for _, a := range policy.Actions() {
		if !strings.Contains(string(page), "| `"+string(a)+"` |") {
			t.Errorf("docs/policies.md does not explain %s", a)
		}
	}
}
