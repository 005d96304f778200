package definition

import (
	"fmt"
	"regexp"

	"pendopo/law/rule/expr"
)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Inputs are the names that rules of this service may use: today, received,
// channel, and every field of the form. A field that may be hidden or left out
// is optional.
func (s *Service) Inputs() []expr.Var {
	vars := []expr.Var{
		{Name: expr.Today, Type: expr.Date},
		{Name: expr.Received, Type: expr.Date},
		{Name: expr.Channel, Type: expr.Text, Choices: s.Channels},
	}
	seen := map[string]bool{expr.Today: true, expr.Received: true, expr.Channel: true}
	for _, p := range s.Form.Pages {
		for _, f := range Asked(p.Fields) {
			if seen[f.ID] || !identifier.MatchString(f.ID) || reserved(f.ID) {
				continue
			}
			seen[f.ID] = true
			vars = append(vars, f.input(!s.Always(f.ID)))
		}
	}
	return vars
}

// input is a field as rules see it.
func (f *Field) input(optional bool) expr.Var {
	v := expr.Var{Name: f.ID, Optional: optional}
	switch f.Kind {
	case KindNumber, KindMoney:
		v.Type = expr.Int
	case KindDate:
		v.Type = expr.Date
	case KindDeclaration:
		v.Type = expr.Bool
	case KindFile:
		v.Type = expr.List
	case KindGroup:
		v.Type, v.Fields = expr.Group, f.items()
	case KindChoice:
		for _, c := range f.Choices {
			v.Choices = append(v.Choices, c.ID)
		}
	}
	return v
}

// items are what each item of a group holds, as rules see it.
func (f *Field) items() []expr.Var {
	var vars []expr.Var
	seen := map[string]bool{}
	for _, inner := range Asked(f.Fields) {
		if !seen[inner.ID] && identifier.MatchString(inner.ID) && !reserved(inner.ID) {
			seen[inner.ID] = true
			vars = append(vars, inner.input(!f.InEvery(inner.ID)))
		}
	}
	return vars
}

// InEvery reports whether a field of a group is answered in every item.
func (f *Field) InEvery(id string) bool {
	for _, inner := range f.Fields {
		if inner.ID == id {
			return inner.Show == "" && !inner.Optional && len(inner.Instead) == 0
		}
	}
	return false
}

// rules collects the conditions of a service.
type rules []expr.Rule

func (r *rules) add(text, self, path string) { r.inItem(text, self, path, "") }

// inItem adds a rule that is asked of each item of a group.
func (r *rules) inItem(text, self, path, group string) {
	if text != "" {
		*r = append(*r, expr.Rule{Path: path, Text: text, Self: self, Item: group})
	}
}

// Rules are all conditions of the service with their paths: what law/rule
// compiles once and asks by path.
func (s *Service) Rules() []expr.Rule {
	var r rules
	for i, q := range s.Standard.Requirements {
		r.add(q.When, "", fmt.Sprintf("standard.requirements[%d].when", i))
	}
	for i, c := range s.Standard.Fee.Cases {
		at := fmt.Sprintf("standard.fee.cases[%d]", i)
		r.add(c.When, "", at+".when")
		if c.Amount != "" {
			r = append(r, expr.Rule{Path: at + ".amount", Text: c.Amount, Int: true})
		}
	}
	for i, p := range s.Form.Pages {
		at := fmt.Sprintf("form.pages[%d]", i)
		r.add(p.Show, "", at+".show")
		r.fields(p.Fields, at, "")
	}
	r.limit(&s.Limit, "limit")
	if s.Public != nil {
		r.add(s.Public.Unless, "", "public.unless")
	}
	for i := range s.Flow.Steps {
		r.step(&s.Flow.Steps[i], fmt.Sprintf("flow.steps[%d]", i))
	}
	return r
}

// fields adds the rules of fields that stand at a path: on a page, or in the
// items of a group.
func (r *rules) fields(fields []Field, at, group string) {
	for i, f := range fields {
		at := fmt.Sprintf("%s.fields[%d]", at, i)
		r.inItem(f.Show, "", at+".show", group)
		r.inItem(f.Require, "", at+".require", group)
		for k, v := range f.Valid {
			r.inItem(v.Rule, f.ID, fmt.Sprintf("%s.valid[%d].rule", at, k), group)
		}
		for k, sub := range f.Instead {
			r.fields(sub.Fields, fmt.Sprintf("%s.instead[%d]", at, k), group)
		}
		if f.Kind == KindGroup && group == "" {
			r.fields(f.Fields, at, f.ID)
		}
	}
}

func (r *rules) limit(l *Limit, at string) {
	for i, c := range l.Cases {
		r.add(c.When, "", fmt.Sprintf("%s.cases[%d].when", at, i))
	}
}

func (r *rules) step(s *Step, at string) {
	if s.Limit != nil {
		r.limit(s.Limit, at+".limit")
	}
	for i, c := range s.Checklist {
		r.add(c.When, "", fmt.Sprintf("%s.checklist[%d].when", at, i))
	}
	for i, x := range s.Straight {
		r.add(x.When, "", fmt.Sprintf("%s.straight[%d].when", at, i))
	}
	for i := range s.Actions {
		at := fmt.Sprintf("%s.actions[%d]", at, i)
		r.add(s.Actions[i].When, "", at+".when")
		r.given(&s.Actions[i], at)
	}
}

// given adds the rules of what an action asks: they may use its other fields too.
func (r *rules) given(a *Action, at string) {
	var own rules
	own.fields(a.Fields, at, "")
	for i := range own {
		own[i].Beside, own[i].Place = a.inputs(), at
	}
	*r = append(*r, own...)
}

// inputs are what an action asks, as rules see it.
func (a *Action) inputs() []expr.Var {
	var vars []expr.Var
	for _, f := range Asked(a.Fields) {
		if identifier.MatchString(f.ID) && !reserved(f.ID) {
			vars = append(vars, f.input(!a.Always(f.ID)))
		}
	}
	return vars
}

// reserved reports whether a field may not bear this name: CEL gives it a
// meaning, or documents fill it in themselves.
func reserved(name string) bool {
	switch name {
	case expr.Today, expr.Received, expr.Channel,
		"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
		"null", "package", "namespace", "return", "true", "var", "void", "while", "optional", "math", "google",
		"bool", "bytes", "double", "duration", "dyn", "int", "list", "map", "string", "timestamp", "type", "uint",
		"size", "has", "all", "exists", "filter", "matches", "contains", "years", "days":
		return true
	}
	for _, p := range Placeholders() {
		if name == p {
			return true
		}
	}
	return false
}

// Placeholders are the values, beside the fields of the form, that every
// document can show: its number, its date, the end of its validity, the unit
// with its address and the office of its head, and the government.
func Placeholders() []string {
	return []string{"number", "date", "valid_until", "unit", "unit_address", "head", "government"}
}
