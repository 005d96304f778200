package chart

import (
	"slices"
	"strings"

	"pendopo/law/deadline"
	"pendopo/law/definition"
)

// Words gives the text of a locale key in the language of the chart.
type Words = deadline.Text

// Plan is a flow in rows and lanes, before anything is measured.
type Plan struct {
	Title string
	Lanes []string // the actors, in the order in which they act first
	Rows  []Row
}

// Row is one activity, or one of the ends that several activities lead to.
type Row struct {
	Step   string // id of the step; empty for an end
	Does   string // the activity: an active verb without a subject
	Status string // what the applicant reads while the case is here
	Lane   int
	Needs  string // completeness
	Time   string
	Output string
	Note   string
	Begin  bool
	End    bool
	Exits  []Exit
}

// Decides reports whether ways part here.
func (r Row) Decides() bool { return len(r.Exits) > 1 }

// Exit is a way from a row to another.
type Exit struct {
	Label string // short, for the arrow; empty where there is one way only
	Full  string // as the definition calls it
	To    int    // row
}

// maker makes the plan of one service in one language.
type maker struct {
	g     *definition.Government
	s     *definition.Service
	lang  string
	words Words
	ends  []string // outcomes that have a row of their own
}

func (m *maker) t(key string, args ...any) string { return m.words("chart."+key, args...) }

// plan puts every step into a row, and behind them the ends.
func (m *maker) plan() Plan {
	p := Plan{Title: m.s.Name.In(m.lang)}
	for i := range m.s.Flow.Steps {
		step := &m.s.Flow.Steps[i]
		p.Rows = append(p.Rows, Row{
			Step: step.ID, Does: m.does(step), Status: step.Name.In(m.lang), Lane: p.lane(m.lane(step)),
			Needs: m.needs(step), Time: m.time(step), Output: m.output(step), Note: m.note(step), Begin: step.ID == m.s.Flow.Start,
		})
	}
	for i := range p.Rows {
		m.exits(&p.Rows[i], m.ways(&m.s.Flow.Steps[i]))
	}
	for _, outcome := range m.ends {
		said := m.end(outcome)
		p.Rows = append(p.Rows, Row{Does: m.t("end_" + said), Lane: p.lane(m.t("applicant")), Output: m.t("out_" + said), End: true})
	}
	return p
}

// end is the word for an outcome: where the answer is all there is, granted means
// solved.
func (m *maker) end(outcome string) string {
	if outcome == definition.Granted && m.s.Product.Kind == "answer" {
		return "solved"
	}
	return outcome
}

// lane finds the lane of an actor, or opens it.
func (p *Plan) lane(name string) int {
	at := slices.Index(p.Lanes, name)
	if at < 0 {
		at = len(p.Lanes)
		p.Lanes = append(p.Lanes, name)
	}
	return at
}

// way is one way out of a step: the action that takes it, or lateness.
type way struct {
	kind  definition.ActionKind // empty for lateness
	label string
	to    string
	no    bool // of answered: the other case did not end well
}

// ways are the ways out of a step that the chart draws. Withdrawing is open to
// the applicant all along and stands among the warnings; lateness is a way only
// where the step is nothing but waiting.
func (m *maker) ways(step *definition.Step) []way {
	var out []way
	for _, a := range step.Actions {
		if a.Kind == definition.ActWithdraw || a.Kind == definition.ActAsk {
			continue // the one is open all along, the other leads nowhere else
		}
		w := way{kind: a.Kind, label: a.Label.In(m.lang), to: m.target(step, a), no: a.Outcome != definition.Granted}
		out = append(out, w)
	}
	if step.Kind == definition.StepWait && step.Limit != nil {
		for _, l := range step.Limit.Late {
			if l.To != "" {
				out = append(out, way{label: m.t("passed"), to: l.To})
			}
		}
	}
	return out
}

// target is where an action leads to on the chart. The branches of a parallel
// step stand below one another: the first begins at the step, each leads to the
// next, and the last to what follows the join.
func (m *maker) target(step *definition.Step, a definition.Action) string {
	if a.Kind == definition.ActJoin && len(step.Branches) > 0 {
		return step.Branches[0]
	}
	par := m.s.Step(a.To)
	if par == nil || par.Kind != definition.StepParallel || a.Kind == definition.ActReturn {
		return a.To
	}
	for i, branch := range par.Branches {
		if !slices.Contains(m.s.Branch(par.ID, branch), step.ID) {
			continue
		}
		if i+1 < len(par.Branches) {
			return par.Branches[i+1]
		}
		for _, join := range par.Actions {
			if join.Kind == definition.ActJoin {
				return join.To
			}
		}
	}
	return a.To
}

// exits joins the ways that lead to one place, and names each where ways part.
// A row whose only way is an end is that end itself.
func (m *maker) exits(r *Row, ways []way) {
	var targets []string
	by := map[string][]way{}
	for _, w := range ways {
		if by[w.to] == nil {
			targets = append(targets, w.to)
		}
		by[w.to] = append(by[w.to], w)
	}
	if len(targets) == 1 && definition.IsOutcome(targets[0]) {
		r.End = true
		return
	}
	for _, to := range targets {
		e := Exit{To: m.row(to), Full: joined(by[to], func(w way) string { return w.label })}
		if len(targets) > 1 {
			e.Label = joined(by[to], m.short)
		}
		r.Exits = append(r.Exits, e)
	}
	m.distinct(r, by, targets)
}

// distinct gives the ways of a decision the definition's own words where the
// short ones would be the same.
func (m *maker) distinct(r *Row, by map[string][]way, targets []string) {
	seen := map[string]int{}
	for _, e := range r.Exits {
		seen[e.Label]++
	}
	for i := range r.Exits {
		if len(targets) > 1 && seen[r.Exits[i].Label] > 1 {
			r.Exits[i].Label = r.Exits[i].Full
		}
	}
}

// row is the row of a step or an outcome; an outcome gets one when first asked for.
func (m *maker) row(to string) int {
	steps := m.s.Flow.Steps
	if i := slices.IndexFunc(steps, func(x definition.Step) bool { return x.ID == to }); i >= 0 {
		return i
	}
	at := slices.Index(m.ends, to)
	if at < 0 {
		at = len(m.ends)
		m.ends = append(m.ends, to)
	}
	return len(steps) + at
}

// short says a way in one word or two.
func (m *maker) short(w way) string {
	switch {
	case w.kind == "":
		return w.label
	case w.kind == definition.ActAnswered && w.no:
		return m.t("short_not_answered")
	}
	return m.t("short_" + string(w.kind))
}

func joined(ways []way, say func(way) string) string {
	var out []string
	for _, w := range ways {
		if words := say(w); !slices.Contains(out, words) {
			out = append(out, words)
		}
	}
	return strings.Join(out, " / ")
}

// lane heads the lane of a step: that of whichever unit a case is dispatched to
// has no unit's name.
func (m *maker) lane(s *definition.Step) string {
	if s.Actor.Who != "role" || s.Actor.Unit != "" || !m.dispatched(s.ID, nil) {
		return m.actor(s.Actor)
	}
	return m.role(s.Actor.Role) + " (" + m.t("dispatched_unit") + ")"
}

// dispatched reports whether a step comes after a dispatch, at the unit that was
// chosen then.
func (m *maker) dispatched(step string, seen []string) bool {
	if slices.Contains(seen, step) {
		return false
	}
	for i := range m.s.Flow.Steps {
		from := &m.s.Flow.Steps[i]
		for _, a := range from.Actions {
			if a.To == step && from.ID != step && (a.Kind == definition.ActDispatch || m.dispatched(from.ID, append(seen, step))) {
				return true
			}
		}
	}
	return false
}

func (m *maker) role(id string) string {
	if r := m.g.Role(id); r != nil {
		return r.Name.In(m.lang)
	}
	return id
}

// actor heads a lane.
func (m *maker) actor(a definition.Actor) string {
	if a.Who != "role" {
		return m.t(a.Who)
	}
	name := m.role(a.Role)
	unit := a.Unit
	if unit == "" {
		unit = m.s.Unit.Unit
	}
	if u := m.g.Unit(unit); u != nil && u.Code != "" && !strings.Contains(name, u.Code) {
		name += " (" + u.Code + ")"
	}
	return name
}

// span is a time in words; what cannot be read is shown as it stands.
func (m *maker) span(s string) string {
	parsed, err := deadline.ParseSpan(s)
	if err != nil {
		return s
	}
	return parsed.In(m.words)
}
