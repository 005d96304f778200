package expr

import (
	"cmp"
	"slices"

	"cel.dev/cel-go/cel"
)

// Type of a variable.
type Type int

// The types, with the Go value that evaluation expects of each.
const (
	Text  Type = iota // string
	Int               // int64
	Bool              // bool
	Date              // string 2006-01-02
	List              // []string
	Group             // []Answers
)

// Var is a name that rules may use.
type Var struct {
	Name     string
	Type     Type
	Optional bool     // may be missing: optional(T) in rules
	Choices  []string // the only values, when there are such
	Fields   []Var    // of a Group: what each item holds
}

// The inputs that every rule may use besides the fields.
const (
	Today    = "today"    // date on which the rule is asked
	Received = "received" // date on which the matter was received
	Channel  = "channel"  // door by which it came
)

// Rule is one condition and the path at which it stands in the definition.
type Rule struct {
	Path string
	Text string
	Int  bool   // computes a whole number, rather than yes or no
	Self string // variable that is surely there when this rule is asked
	Item string // group of whose items the rule is asked: it may use their fields by name

	Beside []Var  // more names that the rule may use, before all others: what an action asks
	Place  string // rules with the same place have the same names beside
}

// Problem says why a rule is refused: at a line and column (from 1, in
// characters) of its text, by a code, with the values that its words need.
type Problem struct {
	Path         string
	Line, Column int
	Code         string
	Args         []string // pairs of name and value
}

// Read is a variable that a rule uses, and where in its text.
type Read struct {
	Name         string
	Line, Column int
}

// Set is the compiled rules of one definition, by path. It is read-only and
// safe for use by many goroutines.
type Set struct {
	vars  map[string]Var
	rules map[string]compiled
}

type compiled struct {
	program cel.Program
	reads   []Read
	self    string
	scope   map[string]Var
}

// Compile compiles rules over variables. Problems are in the order of the
// rules; a rule with a problem is not in the set.
func Compile(vars []Var, rules []Rule) (*Set, []Problem) {
	c := &compiler{set: &Set{vars: map[string]Var{}, rules: map[string]compiled{}}, scopes: map[string]map[string]Var{}, envs: map[string]*cel.Env{}}
	for _, v := range vars {
		c.set.vars[v.Name] = v
	}
	for _, r := range rules {
		c.rule(r)
	}
	return c.set, c.problems
}

// Has reports whether a rule stands at a path.
func (s *Set) Has(path string) bool { _, ok := s.rules[path]; return ok }

// Reads are the variables that the rule at a path uses, in order of place.
func (s *Set) Reads(path string) []Read { return s.rules[path].reads }

// sortReads puts reads in order of place, each name once at its first.
func sortReads(reads []Read) []Read {
	slices.SortFunc(reads, func(a, b Read) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(reads, func(r Read) bool {
		twice := seen[r.Name]
		seen[r.Name] = true
		return twice
	})
}
