package chart

import (
	"slices"

	"pendopo/law/deadline"
	"pendopo/law/definition"
)

// Words gives the text of a locale key in the language of the chart.
type Words = deadline.Text

// plan is a flow in rows and lanes, before it is drawn.
type plan struct {
	title, owner, promise string
	heads                 []string // number, activity, time, remarks
	lanes                 []string
	rows                  []row
}

// row is one activity.
type row struct {
	id, name, time, note string
	lane                 int
	box, diamond         bool
	exits                []exit
	next                 bool // the way on leads to the row below
	nextLabel            string
}

// exit is a way out of a row that does not lead to the row below: to another
// activity by its number, or to an end.
type exit struct {
	label string
	to    int    // number of the activity; 0 for an end
	end   string // words of the end
}

// SOP draws a service of a government as SVG in a language.
func SOP(g *definition.Government, s *definition.Service, lang string, words Words) []byte {
	return draw(makePlan(g, s, lang, words))
}

func makePlan(g *definition.Government, s *definition.Service, lang string, words Words) plan {
	p := plan{title: s.Name.In(lang), owner: g.Profile.Name.In(lang)}
	promise := "definition.chart.promise"
	if s.Limit.Starts == "complete" {
		promise += "_complete"
	}
	p.promise = words(promise, "time", span(s.Limit.Within, words))
	for _, head := range []string{"number", "activity", "time", "remarks"} {
		p.heads = append(p.heads, words("definition.chart."+head))
	}
	for i := range s.Flow.Steps {
		step := &s.Flow.Steps[i]
		name := actorName(g, s, step.Actor, lang, words)
		lane := slices.Index(p.lanes, name)
		if lane < 0 {
			lane = len(p.lanes)
			p.lanes = append(p.lanes, name)
		}
		r := row{id: step.ID, name: step.Name.In(lang), lane: lane}
		if step.Limit != nil {
			r.time = span(step.Limit.Within, words)
			r.note = lateness(g, s, step.Limit, lang, words)
		}
		exits(&r, s, i, lang, words)
		p.rows = append(p.rows, r)
	}
	return p
}

// exits sorts the ways out of a step into the one that leads to the row below
// and the others. Withdrawing is open to the applicant all along and is not drawn.
func exits(r *row, s *definition.Service, i int, lang string, words Words) {
	step := s.Flow.Steps[i]
	ways := 0
	for _, a := range step.Actions {
		if a.Kind == definition.ActWithdraw {
			continue
		}
		ways++
		if !r.next && i+1 < len(s.Flow.Steps) && a.To == s.Flow.Steps[i+1].ID {
			r.next, r.nextLabel = true, a.Label.In(lang)
			continue
		}
		r.exits = append(r.exits, way(s, a.Label.In(lang), a.To, words))
	}
	if step.Kind == definition.StepWait && step.Limit != nil {
		for _, l := range step.Limit.Late {
			if l.To != "" {
				ways++
				r.exits = append(r.exits, way(s, words("definition.chart.passed"), l.To, words))
			}
		}
	}
	r.diamond = ways > 1
	r.box = !r.diamond || step.Kind != definition.StepDecide
	if !r.diamond {
		r.nextLabel = ""
	}
}

// way is an exit to a target.
func way(s *definition.Service, label, to string, words Words) exit {
	if definition.IsOutcome(to) {
		return exit{label: label, end: words("definition.chart.end_" + to)}
	}
	at := slices.IndexFunc(s.Flow.Steps, func(x definition.Step) bool { return x.ID == to })
	return exit{label: label, to: at + 1}
}

// actorName heads a lane.
func actorName(g *definition.Government, s *definition.Service, a definition.Actor, lang string, words Words) string {
	if a.Who != "role" {
		return words("definition.chart." + a.Who)
	}
	name := a.Role
	if r := g.Role(a.Role); r != nil {
		name = r.Name.In(lang)
	}
	unit := a.Unit
	if unit == "" {
		unit = s.Unit.Unit
	}
	if u := g.Unit(unit); u != nil && u.Code != "" {
		name += " (" + u.Code + ")"
	}
	return name
}

// span is a time in words; what cannot be read is shown as it stands.
func span(s string, words Words) string {
	parsed, err := deadline.ParseSpan(s)
	if err != nil {
		return s
	}
	return parsed.In(words)
}

// lateness says what happens when a limit passes.
func lateness(g *definition.Government, s *definition.Service, l *definition.Limit, lang string, words Words) string {
	text := ""
	for _, late := range l.Late {
		who := late.Role
		if r := g.Role(late.Role); r != nil {
			who = r.Name.In(lang)
		}
		if text != "" {
			text += "; "
		}
		text += words("definition.chart.late_"+late.Do, "who", who)
	}
	if text == "" {
		return ""
	}
	return words("definition.chart.late", "what", text)
}
