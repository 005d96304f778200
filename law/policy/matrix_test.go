package policy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pendopo/law/policy"
)

// cell is one cell of testdata/matrix.txt.
type cell struct {
	column, row string
	request     policy.Request
	want        string
}

var (
	reviewer  = policy.Post{Unit: "clinic", Role: "reviewer"}
	clerk     = policy.Post{Unit: "clinic", Role: "front_office"}
	chief     = policy.Post{Unit: "clinic", Role: "section_chief"}
	head      = policy.Post{Unit: "clinic", Role: "head"}
	elsewhere = policy.Post{Unit: "town", Role: "reviewer"}
	above     = policy.Post{Unit: "secretariat", Role: "supervisor"}
	admin     = policy.Post{Unit: "secretariat", Role: "administrator"}
)

func columns() map[string]policy.Principal {
	return map[string]policy.Principal{
		"reviewer":  policy.Officer{ID: "reviewer", Posts: []policy.Post{reviewer}},
		"clerk":     policy.Officer{ID: "clerk", Posts: []policy.Post{clerk}},
		"chief":     policy.Officer{ID: "chief", Posts: []policy.Post{chief}},
		"head":      policy.Officer{ID: "head", Posts: []policy.Post{head}, Heads: []string{"clinic"}},
		"outsider":  policy.Officer{ID: "outsider", Posts: []policy.Post{elsewhere}, Heads: []string{"town"}},
		"lapsed":    policy.Officer{ID: "lapsed"},
		"escalated": policy.Officer{ID: "escalated", Posts: []policy.Post{above}},
		"admin":     policy.Officer{ID: "admin", Posts: []policy.Post{admin}},
		"both":      policy.Officer{ID: "both", Posts: []policy.Post{admin, head, chief, reviewer}, Heads: []string{"clinic"}},
		"applicant": policy.Applicant{Case: "c1"},
		"follower":  policy.Follower{Case: "c1"},
		"stranger":  policy.Applicant{Case: "c2"},
	}
}

func resources(column string) map[string]policy.Resource {
	return map[string]policy.Resource{
		"clinic":          policy.Office{Unit: "clinic"},
		"town":            policy.Office{Unit: "town"},
		"waiting":         policy.Case{ID: "c1", Unit: "clinic", Turn: &reviewer, Over: &chief, Escalated: []policy.Post{above}},
		"citizen's":       policy.Case{ID: "c1", Unit: "clinic", Escalated: []policy.Post{above}, Signs: &head},
		"elsewhere":       policy.Case{ID: "c2", Unit: "clinic", Turn: &elsewhere},
		"shown":           policy.Case{ID: "c1", Unit: "clinic", Shows: []policy.Post{elsewhere}},
		"vault":           policy.Vault{Case: "c1", Units: []string{"clinic"}, Guard: above},
		"own_vault":       policy.Vault{Case: "c1", Units: []string{"clinic", "secretariat"}, Guard: above},
		"opening":         policy.Access{Case: "c1", Unit: "clinic", Officer: "reviewer"},
		"head's_opening":  policy.Access{Case: "c1", Unit: "clinic", Officer: "head"},
		"own":             policy.Person{ID: column},
		"another":         policy.Person{ID: "somebody"},
		"government":      policy.Government{},
		"proposal":        policy.Proposal{ID: "p1", By: "somebody"},
		"own_proposal":    policy.Proposal{ID: "p2", By: column},
		"reviewer's":      policy.Duty{Role: "reviewer"},
		"administrator's": policy.Duty{Role: "administrator"},
	}
}

func TestMatrixOfWhoMayDoWhat(t *testing.T) {
	set := demo(t)
	for _, c := range matrix(t) {
		if got := answer(set, c.request); got != c.want {
			t.Errorf("%s, %s: %s, the table says %s (%s)", c.column, c.row, got, c.want, set.Allow(c.request).Policy)
		}
	}
}

// A question that makes no sense for a principal (a citizen's worklist) is
// refused by the schema; any other failure would be a fault of the policies.
func answer(set *policy.Set, r policy.Request) string {
	switch d := set.Allow(r); {
	case d.Allowed:
		return "yes"
	case d.Policy != "":
		return "NO"
	case d.Err != nil && !strings.Contains(d.Err.Error(), "is not valid for"):
		return d.Err.Error()
	}
	return "-"
}

func TestMatrixLeavesOutNoAction(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range matrix(t) {
		kind := strings.Fields(c.row)
		seen[kind[0]+" on "+kind[2]] = true
	}
	on := map[policy.Action][]string{
		policy.List: {"clinic", "town"}, policy.Oversee: {"clinic", "town"}, policy.Enter: {"clinic", "town"},
		policy.ReadAccess: {"opening", "head's_opening"},
		policy.Manage:     {"own", "another", "government"}, policy.Operate: {"government"}, policy.Propose: {"government"},
		policy.Publish: {"proposal", "own_proposal"}, policy.AssignAlone: {"reviewer's", "administrator's"},
		policy.Identify: {"vault", "own_vault"},
	}
	for _, a := range policy.Actions() {
		things := on[a]
		if things == nil {
			things = []string{"waiting", "citizen's", "elsewhere"}
		}
		for _, thing := range things {
			if !seen[string(a)+" on "+thing] {
				t.Errorf("no row for %s on %s", a, thing)
			}
		}
	}
}

// Take any policy away and the table must notice: none is there for nothing,
// and none could be lost unseen.
func TestMatrixNoticesEveryMissingPolicy(t *testing.T) {
	cells := matrix(t)
	for _, gone := range ids(t) {
		var kept []policy.File
		for _, f := range files(t) {
			kept = append(kept, policy.File{Name: f.Name, Text: without(f.Text, gone)})
		}
		set, err := policy.Parse(kept...)
		if err != nil {
			t.Fatal(err)
		}
		noticed := false
		for _, c := range cells {
			noticed = noticed || answer(set, c.request) != c.want
		}
		if !noticed {
			t.Errorf("the table does not notice that %s is gone", gone)
		}
	}
}

func matrix(t *testing.T) []cell {
	t.Helper()
	text, err := os.ReadFile("testdata/matrix.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []cell
	var heads []string
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(line, "#"):
		case heads == nil:
			heads = words
		case len(words) != len(heads):
			t.Fatalf("a row with %d columns: %s", len(words), line)
		default:
			out = append(out, cells(heads, words)...)
		}
	}
	return out
}

func cells(heads, words []string) []cell {
	var out []cell
	who := columns()
	for i := 3; i < len(heads); i++ {
		r := policy.Request{Principal: who[heads[i]], Action: policy.Action(words[0]), Resource: resources(heads[i])[words[2]]}
		if words[1] != "-" && r.Action == policy.Open {
			r.Purpose = policy.Purpose(words[1])
		} else if words[1] != "-" {
			r.Deed = words[1]
		}
		out = append(out, cell{heads[i], strings.Join(words[:3], " "), r, words[i]})
	}
	return out
}

func files(t *testing.T) []policy.File {
	t.Helper()
	names, err := filepath.Glob("../../government/policy/*.cedar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no policies: %v", err)
	}
	var out []policy.File
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, policy.File{Name: filepath.Base(name), Text: text})
	}
	return out
}

func demo(t *testing.T) *policy.Set {
	t.Helper()
	set, err := policy.Parse(files(t)...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func ids(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, f := range files(t) {
		for part := range strings.SplitSeq(string(f.Text), `@id("`) {
			if id, _, ok := strings.Cut(part, `")`); ok && !strings.ContainsAny(id, " \n") {
				out = append(out, id)
			}
		}
	}
	if len(out) < 10 {
		t.Fatalf("found only %v", out)
	}
	return out
}

// without cuts the policy with that id out of a file.
func without(text []byte, id string) []byte {
	before, rest, found := strings.Cut(string(text), `@id("`+id+`")`)
	if !found {
		return text
	}
	_, after, _ := strings.Cut(rest, "};")
	return []byte(before + after)
}
