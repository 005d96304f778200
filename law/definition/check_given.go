package definition

import (
	"fmt"
	"slices"
	"strings"

	"pendopo/law/rule/expr"
)

// corrections gives the fields of actions that correct an answer of the form its
// choices: they stand once, in the form.
func (s *Service) corrections() {
	for i := range s.Flow.Steps {
		for j := range s.Flow.Steps[i].Actions {
			for k := range s.Flow.Steps[i].Actions[j].Fields {
				f := &s.Flow.Steps[i].Actions[j].Fields[k]
				if own := s.Field(f.ID); own != nil && own.correctable() && f.Kind == KindChoice && len(f.Choices) == 0 {
					f.Choices, f.Personal = own.Choices, false
				}
			}
		}
	}
}

// correctable: an officer corrects only what is no secret and has a closed list.
func (f *Field) correctable() bool { return f.Kind == KindChoice && !f.Personal }

// givenKeys make no sense in what an action asks.
var givenKeys = []string{"name", "vault", "counter", "instead", "scope", "parts"}

// given checks what an action asks of whoever acts.
func (c *checks) given(at string, s *Step, a *Action) {
	if a.Fields == nil {
		return
	}
	switch a.Kind {
	case ActSubmit, ActIssue, ActJoin, ActAnswered:
		c.at(at+".fields", "action_attribute", "key", "fields", "action", string(a.Kind))
		return
	}
	if len(a.Fields) == 0 && c.clean(at+".fields") {
		c.at(at+".fields", "empty_list")
	}
	for i := range a.Fields {
		if !c.givenField(fmt.Sprintf("%s.fields[%d]", at, i), s, a, &a.Fields[i]) {
			return
		}
	}
	(&names{checks: c, seen: map[string]int{}, action: a}).fields(at, a.Fields, nil)
}

// givenField checks one of them beyond what is asked of every field.
func (c *checks) givenField(at string, s *Step, a *Action, f *Field) bool {
	for _, key := range givenKeys {
		if c.has(at + "." + key) {
			c.at(at+"."+key, "given_key", "key", key)
			return false
		}
	}
	if f.Kind == KindGroup || f.Kind == KindPerson {
		c.at(at+".kind", "given_kind", "kind", string(f.Kind))
		return false
	}
	if own := c.service.Field(f.ID); own != nil && f.ID != "" && f.Kind != "" && own.Kind != "" {
		switch {
		case !own.correctable() || f.Kind != KindChoice:
			c.at(at+".id", "given_name", "field", f.ID)
			return false
		case c.has(at + ".choices"):
			c.at(at+".choices", "given_choices", "field", f.ID)
			return false
		}
	}
	if f.Internal && (s.Actor.Who == "applicant" || a.ByApplicant()) {
		c.at(at+".internal", "internal_of_applicant")
	}
	return true
}

// readBeside checks the use of what an action asks itself: whether it is shown
// hangs on what is asked before it.
func (c *checks) readBeside(r expr.Rule, read expr.Read) {
	if !strings.HasSuffix(r.Path, ".show") {
		return
	}
	self := c.places[strings.TrimSuffix(r.Path, "show")+"id"].value
	order := func(name string) int {
		return slices.IndexFunc(r.Beside, func(v expr.Var) bool { return v.Name == name })
	}
	if self != nil && order(read.Name) >= order(self.Value) {
		c.inRule(r.Path, read.Line, read.Column, "asked_later_in_item", "field", read.Name)
	}
}
