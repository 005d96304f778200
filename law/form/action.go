package form

import (
	"fmt"
	"slices"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
)

// newActs are the forms of actions that ask something of whoever acts.
func newActs(f *Form) map[string]*Form {
	acts := map[string]*Form{}
	for i := range f.service.Flow.Steps {
		step := &f.service.Flow.Steps[i]
		for j := range step.Actions {
			if a := &step.Actions[j]; len(a.Fields) > 0 {
				acts[actKey(step.ID, a.ID)] = newAct(f, a, fmt.Sprintf("flow.steps[%d].actions[%d]", i, j))
			}
		}
	}
	return acts
}

// newAct is the form of one action: a single page with the action's id.
func newAct(f *Form, a *definition.Action, at string) *Form {
	act := *f
	act.fields, act.acts, act.beside, act.always = map[string]*field{}, nil, true, a.Always
	p := &definition.Page{ID: a.ID, Title: a.Label, Fields: a.Fields}
	act.pages = []page{{Page: p, show: at + ".show", fields: newFields(a.Fields, 0, at)}}
	for _, fl := range act.pages[0].fields {
		act.fields[fl.ID] = fl
	}
	return &act
}

func actKey(step, action string) string { return step + " " + action }

// Action is what an action asks of whoever acts, as a form of one page that has
// the action's id; nil when it asks nothing. Give its Env the answers of the case:
// rules see what the step sees, and what is answered here before it.
func (f *Form) Action(step, action string) *Form {
	act := f.acts[actKey(step, action)]
	if act == nil {
		return nil
	}
	other := *act
	other.regions = f.regions
	return &other
}

// Corrects reports whether a field of an action's form is an answer of the form
// itself, which it then corrects.
func Corrects(s *definition.Service, field string) bool { return s.Field(field) != nil }

// around are the answers that rules see before anything of this form is
// answered: none, or for the form of an action those of the case.
func (f *Form) around(known Answers) Answers {
	out := Answers{}
	if !f.beside {
		return out
	}
	for id, v := range known {
		if f.fields[id] == nil {
			out[id] = v
		}
	}
	return out
}

// own takes away what around put in.
func (f *Form) own(a Answers) Answers {
	if !f.beside {
		return a
	}
	out := Answers{}
	for id, v := range a {
		if f.fields[id] != nil {
			out[id] = v
		}
	}
	return out
}

// Vaulted parts answers into those of the case and those of the reporter's
// identity, which never enter it.
func (f *Form) Vaulted(a Answers) (kept, vaulted Answers) {
	kept, vaulted = Answers{}, Answers{}
	for id, v := range a {
		if fl := f.fields[id]; fl != nil && fl.Vault {
			vaulted[id] = v
		} else {
			kept[id] = v
		}
	}
	return kept, vaulted
}

// Kept is the form for somebody who sends it again and leaves the identity as it
// was: its fields are not asked.
func (f *Form) Kept() *Form {
	other := *f
	other.kept = true
	return &other
}

// sealedAway reports whether a rule reads a part of the identity that this form
// does not ask anew: it held when the identity was given.
func (f *Form) sealedAway(path string) bool {
	return f.kept && slices.ContainsFunc(f.program.Reads(path), func(name string) bool {
		fl := f.fields[name]
		return fl != nil && fl.Vault
	})
}

// Words are free words of a person as they are kept: NFC, trimmed, without
// control characters, at most so many characters; several lines when long. The
// fault is at the field. Nothing typed gives "".
func Words(field, typed string, long bool, most int64) (string, *fault.Fault) {
	label := definition.Text{}
	v, flt := asText(&definition.Field{ID: field, Label: label, Long: long, Max: &most}, typed)
	s, _ := v.(string)
	return strings.TrimSpace(s), flt
}
