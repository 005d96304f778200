package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"
)

// Fault is one thing wrong in a policy file, at its place.
type Fault struct {
	File         string
	Line, Column int // from 1; columns count characters
	Code         string
	Message      string
}

// The codes of faults.
const (
	Syntax      = "policy_syntax"       // the text is no Cedar
	Type        = "policy_type"         // speaks of something that the schema does not have, or of it in a wrong way
	NoID        = "policy_no_id"        // a policy without @id("…"): decisions name the policy
	SameID      = "policy_same_id"      // two policies with one id
	UnknownRole = "policy_unknown_role" // Role::"x" that the government does not have
	UnknownUnit = "policy_unknown_unit" // Unit::"x" likewise
	Nothing     = "policy_nothing"      // no policy at all: nobody may do anything
)

// Error is file:line:column and what is wrong.
func (f Fault) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}

// Known is what a government has; a nil list is not checked against.
type Known struct{ Roles, Units []string }

// Check proves policy files and returns every fault, in order of files and lines.
func Check(files []File, known Known) []Fault {
	v, err := validator()
	if err != nil {
		return []Fault{{File: "schema", Line: 1, Column: 1, Code: Type, Message: err.Error()}}
	}
	_, faults := read(files, v)
	for _, f := range files {
		faults = append(faults, strangers(f, known)...)
	}
	slices.SortStableFunc(faults, func(a, b Fault) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return faults
}

// named is one policy with the id that decisions show.
type named struct {
	id     string
	policy *cedar.Policy
}

// read parses and proves every policy of every file for itself.
func read(files []File, v *validate.Validator) ([]named, []Fault) {
	var found []named
	var faults []Fault
	for _, f := range files {
		for _, statement := range statements(tokens(string(f.Text))) {
			p, bad := readOne(f, statement, v)
			if p.policy != nil && slices.ContainsFunc(found, func(n named) bool { return n.id == p.id }) {
				bad = append(bad, at(f, statement[0], SameID, fmt.Sprintf("a second policy with @id(%q)", p.id)))
			}
			if faults = append(faults, bad...); p.policy != nil {
				found = append(found, p)
			}
		}
	}
	if len(found) == 0 && len(faults) == 0 {
		faults = append(faults, Fault{"policy", 1, 1, Nothing, "no policy at all: nobody could do anything"})
	}
	return found, faults
}

func readOne(f File, statement []token, v *validate.Validator) (named, []Fault) {
	var p cedar.Policy
	if err := p.UnmarshalCedar([]byte(alone(string(f.Text), statement))); err != nil {
		return named{}, []Fault{syntax(f, statement, err)}
	}
	id := string(p.Annotations()["id"])
	if id == "" {
		return named{}, []Fault{at(f, statement[0], NoID, `a policy needs a name: @id("…") before permit or forbid`)}
	}
	return named{id, &p}, untyped(f, statement, v.Policy("", (*ast.Policy)(p.AST())))
}

func at(f File, t token, code, message string) Fault {
	return Fault{f.Name, t.line, t.column, code, message}
}

var (
	place = regexp.MustCompile(`<input>:(\d+):(\d+)(?: ".*?")?:? ?`)
	exact = regexp.MustCompile(`^exact got .* want (.*)$`)
)

// syntax puts Cedar's parse fault where it stands. Its parser has mostly read
// past the bad token when it complains, so the place moves back by one.
func syntax(f File, statement []token, err error) Fault {
	message, parsing := strings.CutPrefix(err.Error(), "parse error at ")
	m := place.FindStringSubmatch(message)
	if m == nil {
		return at(f, statement[0], Syntax, message)
	}
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	said := exact.ReplaceAllString(place.ReplaceAllString(message, ""), "expected $1")
	i := slices.IndexFunc(statement, func(t token) bool {
		return t.line > line || t.line == line && t.column >= column
	})
	switch {
	case i < 0:
		return at(f, statement[len(statement)-1], Syntax, said)
	case i > 0 && parsing && !strings.HasPrefix(said, "got "):
		return at(f, statement[i-1], Syntax, said)
	}
	return at(f, statement[i], Syntax, said)
}

var quoted = regexp.MustCompile("`([^`]+)`")

// untyped puts the validator's faults, which name a thing but no place, at the
// first mention of that thing in the policy, or at the policy. It says one
// thing once: not again per kind of principal, nor what only follows from it.
func untyped(f File, statement []token, err error) []Fault {
	if err == nil {
		return nil
	}
	var out []Fault
	for _, e := range flatten(err) {
		fault := at(f, mention(statement, e.Error()), Type, e.Error())
		if !slices.ContainsFunc(out, func(o Fault) bool { return o.Line == fault.Line && o.Column == fault.Column }) {
			out = append(out, fault)
		}
	}
	if len(out) > 1 {
		out = slices.DeleteFunc(out, func(o Fault) bool { return strings.HasPrefix(o.Message, "unable to find an applicable action") })
	}
	return out
}

func flatten(err error) []error {
	many, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range many.Unwrap() {
		out = append(out, flatten(e)...)
	}
	return out
}

func mention(statement []token, message string) token {
	m := quoted.FindStringSubmatch(message)
	if m == nil {
		return statement[0]
	}
	words := tokens(m[1])
	for _, t := range statement {
		if len(words) > 0 && t.text == words[len(words)-1].text {
			return t
		}
	}
	return statement[0]
}

// strangers finds Role::"x" and Unit::"x" that the government does not have,
// and values that a closed list of the schema does not have: the validator
// looks at their types alone.
func strangers(f File, known Known) []Fault {
	lists := map[string]struct {
		ids  []string
		code string
	}{
		"Role": {known.Roles, UnknownRole}, "Unit": {known.Units, UnknownUnit},
		"Purpose": {purposes(), Type}, "Deed": {deeds(), Type},
	}
	var out []Fault
	all := tokens(string(f.Text))
	for i := 2; i < len(all); i++ {
		id, err := strconv.Unquote(all[i].text)
		if err != nil || all[i-1].text != "::" {
			continue
		}
		if list := lists[all[i-2].text]; list.ids != nil && !slices.Contains(list.ids, id) {
			out = append(out, at(f, all[i-2], list.code, fmt.Sprintf("no %s %q here", strings.ToLower(all[i-2].text), id)))
		}
	}
	return out
}
