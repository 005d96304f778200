package definition

import (
	"slices"
	"strings"

	"pendopo/kernel/fault"
)

// Through reports whether a service can be asked for by a channel.
func (s *Service) Through(channel string) bool { return slices.Contains(s.Channels, channel) }

// Open reports whether people may ask for a service at all; an internal one is
// asked by other services only.
func (s *Service) Open() bool {
	return s.Through("portal") || s.Through("counter") || s.Through("api")
}

// Step finds a step by its id; nil when there is none.
func (s *Service) Step(id string) *Step {
	for i := range s.Flow.Steps {
		if s.Flow.Steps[i].ID == id {
			return &s.Flow.Steps[i]
		}
	}
	return nil
}

// Asked are the questions of a list one by one: each field, followed by those
// of the papers that count in its place. What is asked of each item of a group
// stays in the group.
func Asked(fields []Field) []*Field {
	var out []*Field
	for i := range fields {
		out = append(out, &fields[i])
		for j := range fields[i].Instead {
			out = append(out, Asked(fields[i].Instead[j].Fields)...)
		}
	}
	return out
}

// Field finds a field by its id, also among substitutes; nil when there is
// none. What is asked of each item of a group is found in the group.
func (s *Service) Field(id string) *Field {
	for i := range s.Form.Pages {
		for _, f := range Asked(s.Form.Pages[i].Fields) {
			if f.ID == id {
				return f
			}
		}
	}
	return nil
}

// Page finds the page that asks a field; nil when there is none.
func (s *Service) Page(field string) *Page {
	for i := range s.Form.Pages {
		p := &s.Form.Pages[i]
		if slices.ContainsFunc(Asked(p.Fields), func(f *Field) bool { return f.ID == field }) {
			return p
		}
	}
	return nil
}

// Always reports whether a field is asked of everyone and always answered: it
// is not under a condition, of one variant, optional, a substitute, or a file
// that a substitute can replace.
func (s *Service) Always(field string) bool {
	for _, p := range s.Form.Pages {
		for _, f := range p.Fields {
			if f.ID == field {
				return p.Show == "" && len(p.For) == 0 && f.Show == "" && !f.Optional && len(f.Instead) == 0
			}
		}
	}
	return false
}

// Bounds are the least and the most items of a group; the least of one that may
// be left out is none.
func (f *Field) Bounds() (least, most int) {
	least, most = f.Least(), 10
	if f.Optional {
		least = 0
	}
	if f.Max != nil {
		most = int(*f.Max)
	}
	return least, min(most, MostItems)
}

// Least is how many items a group has that is answered at all.
func (f *Field) Least() int {
	if f.Min != nil {
		return int(*f.Min)
	}
	return 1
}

// MostItems is how many items a group may have at most.
const MostItems = 30

// Stop finds a listed stop by its id; nil when there is none.
func (s *Service) Stop(id string) *Stop {
	for i := range s.Stops {
		if s.Stops[i].ID == id {
			return &s.Stops[i]
		}
	}
	return nil
}

// Action finds an action of the step by its id; nil when there is none.
func (s *Step) Action(id string) *Action {
	for i := range s.Actions {
		if s.Actions[i].ID == id {
			return &s.Actions[i]
		}
	}
	return nil
}

// Asks are the questions to other units of a step: its own, and those of its actions.
func (s *Step) Asks() (all []*Consult) {
	if s.Consult != nil {
		all = append(all, s.Consult)
	}
	for i := range s.Actions {
		if q := s.Actions[i].Consult; q != nil {
			all = append(all, q)
		}
	}
	return all
}

// Most is how often an action with a bound may be done in one case.
func (a *Action) Most() int {
	if a.Kind == ActReopen && a.Max == 0 {
		return 2
	}
	return max(1, a.Max)
}

// Field finds what an action asks by its id; nil when there is none.
func (a *Action) Field(id string) *Field {
	if a == nil {
		return nil
	}
	for _, f := range Asked(a.Fields) {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// Always reports whether whoever acts always answers a field of the action.
func (a *Action) Always(field string) bool {
	for _, f := range a.Fields {
		if f.ID == field {
			return f.Show == "" && !f.Optional && len(f.Instead) == 0
		}
	}
	return false
}

// ByApplicant reports whether an action is the applicant's even while the step
// is an officer's turn.
func (a Action) ByApplicant() bool { return a.Kind == ActWithdraw || a.Kind == ActObject }

// IsOutcome reports whether a target ends the case.
func IsOutcome(target string) bool {
	return target == Granted || target == Rejected || target == Withdrawn || target == Closed
}

// Unit finds a unit by its id; nil when there is none.
func (g *Government) Unit(id string) *Unit {
	for i := range g.Units {
		if g.Units[i].ID == id {
			return &g.Units[i]
		}
	}
	return nil
}

// Role finds a role by its id; nil when there is none.
func (g *Government) Role(id string) *Role {
	for i := range g.Roles {
		if g.Roles[i].ID == id {
			return &g.Roles[i]
		}
	}
	return nil
}

// Service finds a service by its id; nil when there is none.
func (g *Government) Service(id string) *Service {
	for _, s := range g.Services {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Numbering finds a number register by its id; nil when there is none.
func (g *Government) Numbering(id string) *NumberRegister {
	for i := range g.Numbers {
		if g.Numbers[i].ID == id {
			return &g.Numbers[i]
		}
	}
	return nil
}

// UnitFor is the unit that handles a case with these answers: the one that At
// names, or the one that serves exactly the region answered in its field.
// fault.Invalid at that field when no unit serves it.
func (g *Government) UnitFor(at At, answers map[string]any) (string, error) {
	if at.Region == "" {
		return at.Unit, nil
	}
	code, _ := answers[at.Region].(string)
	for _, u := range g.Units {
		if code != "" && u.Region == code {
			return u.ID, nil
		}
	}
	return "", fault.New(fault.Invalid, "definition.no_unit_for_region").At(at.Region)
}

// RegionSet is the places of a government by code; law/form asks it.
type RegionSet map[string]string

// RegionSet makes the places quick to ask.
func (g *Government) RegionSet() RegionSet {
	set := make(RegionSet, len(g.Regions))
	for _, r := range g.Regions {
		set[r.Code] = r.Name
	}
	return set
}

// Has reports whether a code is a place of the government.
func (r RegionSet) Has(code string) bool { _, ok := r[code]; return ok }

// Name is the place in full: the village first, then what it lies in.
func (r RegionSet) Name(code string) string {
	var parts []string
	for c := code; c != ""; c = c[:max(0, strings.LastIndex(c, "."))] {
		if name := r[c]; name != "" {
			parts = append(parts, name)
		}
	}
	return strings.Join(parts, ", ")
}

// LevelOf is the level of a region code: province, regency, district, village.
func LevelOf(code string) string {
	return [...]string{"province", "regency", "district", "village"}[min(3, strings.Count(code, "."))]
}

// Below are the regions directly below a code, in order of code; those of the
// highest level present when the code is empty.
func (g *Government) Below(code string) []Region {
	var out []Region
	depth := strings.Count(code, ".") + 1
	if code == "" {
		depth = g.topLevel()
	}
	for _, r := range g.Regions {
		if strings.Count(r.Code, ".") == depth && (code == "" || strings.HasPrefix(r.Code, code+".")) {
			out = append(out, r)
		}
	}
	return out
}

func (g *Government) topLevel() int {
	top := 3
	for _, r := range g.Regions {
		top = min(top, strings.Count(r.Code, "."))
	}
	return top
}

// NameField is the field whose answer is the applicant's name; nil when none is.
func (s *Service) NameField() *Field {
	for i := range s.Form.Pages {
		for _, f := range Asked(s.Form.Pages[i].Fields) {
			if f.Name {
				return f
			}
		}
	}
	return nil
}
