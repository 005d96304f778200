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
	m := maker{g, s, lang, words}
	return draw(m.plan())
}

// maker makes the plan of one service in one language.
type maker struct {
	g     *definition.Government
	s     *definition.Service
	lang  string
	words Words
}

func (m maker) plan() plan {
	g, s, lang, words := m.g, m.s, m.lang, m.words
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
		name := m.actor(step.Actor)
		lane := slices.Index(p.lanes, name)
		if lane < 0 {
			lane = len(p.lanes)
			p.lanes = append(p.lanes, name)
		}
		r := row{id: step.ID, name: step.Name.In(lang), lane: lane}
		if step.Limit != nil {
			r.time = span(step.Limit.Within, words)
			r.note = m.lateness(step.Limit)
		}
		m.exits(&r, i)
		p.rows = append(p.rows, r)
	}
	return p
}

// exits sorts the ways out of a step into the one that leads to the row below
// and the others. Withdrawing is open to the applicant all along and is not drawn.
func (m maker) exits(r *row, i int) {
	steps := m.s.Flow.Steps
	step := steps[i]
	ways := 0
	for _, a := range step.Actions {
		if a.Kind == definition.ActWithdraw {
			continue
		}
		ways++
		if !r.next && i+1 < len(steps) && a.To == steps[i+1].ID {
			r.next, r.nextLabel = true, a.Label.In(m.lang)
			continue
		}
		r.exits = append(r.exits, m.way(a.Label.In(m.lang), a.To))
	}
	if step.Kind == definition.StepWait && step.Limit != nil {
		for _, l := range step.Limit.Late {
			if l.To != "" {
				ways++
				r.exits = append(r.exits, m.way(m.words("definition.chart.passed"), l.To))
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
func (m maker) way(label, to string) exit {
	if definition.IsOutcome(to) {
		return exit{label: label, end: m.words("definition.chart.end_" + to)}
	}
	at := slices.IndexFunc(m.s.Flow.Steps, func(x definition.Step) bool { return x.ID == to })
	return exit{label: label, to: at + 1}
}

// actor heads a lane.
func (m maker) actor(a definition.Actor) string {
	if a.Who != "role" {
		return m.words("definition.chart." + a.Who)
	}
	name := a.Role
	if r := m.g.Role(a.Role); r != nil {
		name = r.Name.In(m.lang)
	}
	unit := a.Unit
	if unit == "" {
		unit = m.s.Unit.Unit
	}
	if u := m.g.Unit(unit); u != nil && u.Code != "" {
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
func (m maker) lateness(l *definition.Limit) string {
	text := ""
	for _, late := range l.Late {
		who := late.Role
		if r := m.g.Role(late.Role); r != nil {
			who = r.Name.In(m.lang)
		}
		if text != "" {
			text += "; "
		}
		text += m.words("definition.chart.late_"+late.Do, "who", who)
	}
	if text == "" {
		return ""
	}
	return m.words("definition.chart.late", "what", text)
}
