package rule

import (
	"time"

	"pendopo/law/definition"
	"pendopo/law/rule/expr"
)

// Problem says why a rule does not compile: the path in the service file, the
// line and column in its text, and a code of the definition's findings.
type Problem = expr.Problem

// Answers are values by field id; see law/form.
type Answers = expr.Answers

// Env is what a rule is asked with. Answers are canonical (law/form). The dates
// of Today and Received are taken in the zone that the times carry: give them
// in the zone of the unit.
type Env struct {
	Answers  map[string]any
	Item     map[string]any // answers of the one item that a rule inside a group is asked of
	Today    time.Time
	Received time.Time // zero before the matter is received: today then
	Channel  string
}

// Program is every rule of one service, compiled. It is safe for many goroutines.
type Program struct {
	set *expr.Set
}

// Compile compiles all rules of a service. A published service has no problems:
// law/definition.Check compiled the same rules.
func Compile(s *definition.Service) (*Program, []Problem) {
	set, problems := expr.Compile(s.Inputs(), s.Rules())
	return &Program{set: set}, problems
}

// Has reports whether a rule stands at a path, such as "form.pages[1].show".
func (p *Program) Has(path string) bool { return p.set.Has(path) }

// Bool asks the rule at a path. The error names no answer; it must stop the
// step for a person, never count as false. A path without a rule is an error.
func (p *Program) Bool(path string, env Env) (bool, error) {
	return p.set.Eval(path, (&env).input)
}

// Int computes the whole number of the rule at a path, such as
// "standard.fee.cases[0].amount". The error is as that of Bool.
func (p *Program) Int(path string, env Env) (int64, error) {
	return p.set.EvalInt(path, (&env).input)
}

// Reads are the fields and inputs that the rule at a path uses.
func (p *Program) Reads(path string) []string {
	var names []string
	for _, r := range p.set.Reads(path) {
		names = append(names, r.Name)
	}
	return names
}

func (e *Env) input(name string) any {
	switch name {
	case expr.Today:
		return e.Today
	case expr.Received:
		if e.Received.IsZero() {
			return e.Today
		}
		return e.Received
	case expr.Channel:
		return e.Channel
	}
	if v, ok := e.Item[name]; ok {
		return v
	}
	return e.Answers[name] // no field of an item has the name of another field
}
