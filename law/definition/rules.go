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
		for _, f := range p.Fields {
			if seen[f.ID] || !identifier.MatchString(f.ID) || reserved(f.ID) {
				continue
			}
			seen[f.ID] = true
			vars = append(vars, f.input(p.Show != ""))
		}
	}
	return vars
}

// input is a field as rules see it.
func (f Field) input(mayHide bool) expr.Var {
	v := expr.Var{Name: f.ID, Optional: mayHide || f.Optional || f.Show != ""}
	switch f.Kind {
	case KindNumber, KindMoney:
		v.Type = expr.Int
	case KindDate:
		v.Type = expr.Date
	case KindDeclaration:
		v.Type = expr.Bool
	case KindFile:
		v.Type = expr.List
	case KindChoice:
		for _, c := range f.Choices {
			v.Choices = append(v.Choices, c.ID)
		}
	}
	return v
}

// Rules are all conditions of the service with their paths: what law/rule
// compiles once and asks by path.
func (s *Service) Rules() []expr.Rule {
	var out []expr.Rule
	add := func(text, self, path string, at ...any) {
		if text != "" {
			out = append(out, expr.Rule{Path: fmt.Sprintf(path, at...), Text: text, Self: self})
		}
	}
	for i, r := range s.Standard.Requirements {
		add(r.When, "", "standard.requirements[%d].when", i)
	}
	for i, p := range s.Form.Pages {
		add(p.Show, "", "form.pages[%d].show", i)
		for j, f := range p.Fields {
			add(f.Show, "", "form.pages[%d].fields[%d].show", i, j)
			add(f.Require, "", "form.pages[%d].fields[%d].require", i, j)
			for k, v := range f.Valid {
				add(v.Rule, f.ID, "form.pages[%d].fields[%d].valid[%d].rule", i, j, k)
			}
		}
	}
	for i, step := range s.Flow.Steps {
		for j, c := range step.Checklist {
			add(c.When, "", "flow.steps[%d].checklist[%d].when", i, j)
		}
		for j, a := range step.Actions {
			add(a.When, "", "flow.steps[%d].actions[%d].when", i, j)
		}
	}
	return out
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
