package routing

import (
	"strings"

	"pendopo/law/definition"
)

// Start is what the definitions themselves say: the words of the choices of a
// service's public side and who usually handles them, the names of the units,
// and the words of the services that a unit has. It is all that a new instance
// knows.
type Start struct {
	Unit, Category, Kind []Example
}

// StartOf reads a government. service is the one that reports are made by.
func StartOf(g *definition.Government, service *definition.Service) Start {
	var s Start
	if service == nil || service.Public == nil {
		return s
	}
	for _, c := range choices(service, service.Public.Category) {
		s.Category = append(s.Category, sayings(c.ID, c.Text, c.Words)...)
		if c.Unit != nil && c.Unit.Unit != "" {
			s.Unit = append(s.Unit, sayings(c.Unit.Unit, c.Text, c.Words)...)
		}
	}
	for _, c := range choices(service, service.Public.Kind) {
		s.Kind = append(s.Kind, sayings(c.ID, c.Text, c.Words)...)
	}
	for _, u := range g.Units {
		if u.Region == "" { // a village is known by its place, not by its name
			s.Unit = append(s.Unit, Example{Text: words(u.Name), Label: u.ID})
		}
	}
	for _, other := range g.Services {
		if other.Unit.Unit != "" && other.ID != service.ID && other.Public == nil {
			s.Unit = append(s.Unit, Example{Text: words(other.Name) + " " + strings.Join(other.Words, " "), Label: other.Unit.Unit})
		}
	}
	return s
}

// sayings are the examples of one label: each of its words, and all together.
func sayings(label string, text definition.Text, said []string) []Example {
	out := []Example{{Text: words(text) + " " + strings.Join(said, " "), Label: label}}
	for _, w := range said {
		out = append(out, Example{Text: w, Label: label})
	}
	return out
}

func words(t definition.Text) string {
	var all []string
	for _, lang := range []string{"id", "en"} {
		if t[lang] != "" {
			all = append(all, t[lang])
		}
	}
	return strings.Join(all, " ")
}

// choices are those of a field of a service.
func choices(s *definition.Service, field string) []definition.Choice {
	if f := s.Field(field); f != nil {
		return f.Choices
	}
	return nil
}

// Weights of what the definitions and the place say, beside what was learned: a
// category names its unit; a place only says which office is near.
const (
	byCategory = 3.0
	byPlace    = 1.0
)

// Hints are what is known beside the text: the unit that usually handles the
// category, and the offices that serve the region in which it happened. What
// the reporter chose is a hint and no more: people choose wrongly.
func Hints(g *definition.Government, service *definition.Service, category, region string) []Hint {
	var out []Hint
	local := unitOf(g, region)
	for _, c := range choices(service, service.Public.Category) {
		switch {
		case c.ID != category || c.Unit == nil:
		case c.Unit.Unit != "":
			out = append(out, Hint{Label: c.Unit.Unit, Reason: FromCategory, Weight: byCategory})
		case local != "":
			out = append(out, Hint{Label: local, Reason: FromCategory, Weight: byCategory})
		}
	}
	if local != "" {
		out = append(out, Hint{Label: local, Reason: FromPlace, Weight: byPlace})
	}
	return out
}

// Reasons of hints.
const (
	FromCategory = "category"
	FromPlace    = "place"
)

// unitOf is the unit that serves a region, or the one around it.
func unitOf(g *definition.Government, region string) string {
	for ; region != ""; region = region[:max(0, strings.LastIndexByte(region, '.'))] {
		for _, u := range g.Units {
			if u.Region == region {
				return u.ID
			}
		}
	}
	return ""
}
