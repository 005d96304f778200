package bpmn

import (
	"strings"

	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/definition/chart"
)

// The elements that are written.
const (
	start    = "startEvent"
	end      = "endEvent"
	user     = "userTask"
	service  = "serviceTask"
	choice   = "exclusiveGateway"
	parallel = "parallelGateway"
	timer    = "boundaryEvent"
)

// node is one element of the process. Its place in the list is its rank.
type node struct {
	id, tag, name, doc string
	lane               int
}

// flow leads from one node to another. With a timer it leaves a boundary event
// of its node.
type flow struct {
	from, to int
	name     string
	timer    *limit
}

// limit is what a timer says: near in the standard's words, exact in ours.
type limit struct{ iso, words string }

// graph is the process as nodes and flows.
type graph struct {
	s     *definition.Service
	lang  string
	words chart.Words
	plan  chart.Plan
	nodes []node
	flows []flow
	at    map[string]int // steps, joins and outcomes
	gate  map[string]int // where the ways of a step part
}

func newGraph(s *definition.Service, lang string, words chart.Words, plan chart.Plan) *graph {
	g := &graph{s: s, lang: lang, words: words, plan: plan, at: map[string]int{}, gate: map[string]int{}}
	first := g.row(s.Flow.Start)
	g.add("", node{id: "begin", tag: start, name: words("chart.begin"), lane: first.Lane})
	for i := range s.Flow.Steps {
		g.step(&s.Flow.Steps[i])
	}
	g.flows = append(g.flows, flow{from: 0, to: g.at[s.Flow.Start]})
	for i := range s.Flow.Steps {
		g.ways(&s.Flow.Steps[i])
	}
	return g
}

// row is what the chart says of a step.
func (g *graph) row(step string) chart.Row {
	for _, r := range g.plan.Rows {
		if r.Step == step {
			return r
		}
	}
	return chart.Row{}
}

func (g *graph) add(key string, n node) int {
	g.nodes = append(g.nodes, n)
	if key != "" {
		g.at[key] = len(g.nodes) - 1
	}
	return len(g.nodes) - 1
}

// step adds the nodes of a step: its task, and where ways part a gateway.
func (g *graph) step(s *definition.Step) {
	r := g.row(s.ID)
	n := node{id: "step_" + s.ID, tag: user, name: g.says(r), doc: g.doc(s, r), lane: r.Lane}
	switch {
	case s.Kind == definition.StepParallel:
		n.tag, n.name = parallel, "" // its ways say what it does
	case s.Actor.Who == "system":
		n.tag = service
	}
	g.add(s.ID, n)
	if len(g.targets(s)) > 1 {
		g.gate[s.ID] = g.add("", node{id: "choice_" + s.ID, tag: choice, lane: r.Lane})
	}
	for i := range g.s.Flow.Steps {
		if par := &g.s.Flow.Steps[i]; par.Kind == definition.StepParallel && g.lastOf(par) == s.ID {
			g.add("join "+par.ID, node{id: "join_" + par.ID, tag: parallel, lane: g.row(par.ID).Lane})
		}
	}
}

// says is the activity; where two steps are the same one, with what tells them
// apart.
func (g *graph) says(r chart.Row) string {
	for _, other := range g.plan.Rows {
		if other.Does == r.Does && other.Step != r.Step {
			return r.Does + ": " + r.Status
		}
	}
	return r.Does
}

// lastOf is the step of a parallel's branches that stands last in the file: the
// join is drawn behind it.
func (g *graph) lastOf(par *definition.Step) string {
	last := par.ID
	for _, s := range g.s.Flow.Steps {
		for _, b := range par.Branches {
			for _, id := range g.s.Branch(par.ID, b) {
				if id == s.ID {
					last = s.ID
				}
			}
		}
	}
	return last
}

// doc is what no symbol says: the limit, the remarks.
func (g *graph) doc(s *definition.Step, r chart.Row) string {
	parts := []string{s.Name.In(g.lang)}
	if r.Time != "" {
		parts = append(parts, g.words("chart.time")+": "+r.Time)
	}
	if r.Note != "" {
		parts = append(parts, r.Note)
	}
	return strings.Join(parts, ". ")
}

// way is one target of a step with the words of the actions that lead there.
type way struct {
	to   string
	name string
}

// targets are where the actions of a step lead, each once. Withdrawing is open
// all along and not drawn; who asks for help stays where the case is.
func (g *graph) targets(s *definition.Step) []way {
	var out []way
	for _, a := range s.Actions {
		if a.Kind == definition.ActWithdraw || a.Kind == definition.ActJoin || a.Kind == definition.ActAsk {
			continue
		}
		to := a.To
		if par := g.s.Step(to); par != nil && par.Kind == definition.StepParallel && g.branchOf(par, s.ID) {
			to = "join " + par.ID
		}
		label := a.Label.In(g.lang)
		if i := find(out, to); i >= 0 {
			out[i].name += " / " + label
		} else {
			out = append(out, way{to, label})
		}
	}
	return out
}

func (g *graph) branchOf(par *definition.Step, step string) bool {
	for _, b := range par.Branches {
		for _, id := range g.s.Branch(par.ID, b) {
			if id == step {
				return true
			}
		}
	}
	return false
}

func find(ways []way, to string) int {
	for i, w := range ways {
		if w.to == to {
			return i
		}
	}
	return -1
}

// ways adds the flows out of a step.
func (g *graph) ways(s *definition.Step) {
	from := g.at[s.ID]
	if s.Kind == definition.StepParallel {
		for _, b := range s.Branches {
			g.flows = append(g.flows, flow{from: from, to: g.target(b)})
		}
		for _, a := range s.Actions {
			if a.Kind == definition.ActJoin {
				g.flows = append(g.flows, flow{from: g.at["join "+s.ID], to: g.target(a.To)})
			}
		}
		return
	}
	ways := g.targets(s)
	if gate, parts := g.gate[s.ID]; parts {
		g.flows = append(g.flows, flow{from: from, to: gate})
		from = gate
	} else {
		for i := range ways {
			ways[i].name = ""
		}
	}
	for _, w := range ways {
		g.flows = append(g.flows, flow{from: from, to: g.target(w.to), name: w.name})
	}
	g.lateness(s)
}

// lateness adds a timer for each thing that a limit leads to by itself.
func (g *graph) lateness(s *definition.Step) {
	if s.Limit == nil {
		return
	}
	span, err := deadline.ParseSpan(s.Limit.Within)
	for _, l := range s.Limit.Late {
		to := l.To
		if l.Do == "close" && to == "" {
			to = definition.Closed
		}
		if to == "" || err != nil {
			continue
		}
		t := &limit{iso: near(span), words: span.In(g.words)}
		g.flows = append(g.flows, flow{from: g.at[s.ID], to: g.target(to), timer: t})
	}
}

// near is a span as BPMN can say it: working time as if it were clock time.
func near(s deadline.Span) string {
	n := strings.TrimSpace(strings.Split(s.String(), " ")[0])
	switch s.Unit {
	case deadline.Minute, deadline.WorkingMinute:
		return "PT" + n + "M"
	case deadline.Hour, deadline.WorkingHour:
		return "PT" + n + "H"
	}
	return "P" + n + "D"
}

// target is the node of a step, a join or an outcome; an outcome gets its end
// when it is first led to.
func (g *graph) target(to string) int {
	if i, ok := g.at[to]; ok {
		return i
	}
	return g.add(to, node{id: "end_" + to, tag: end, name: g.words("chart.outcome_" + to), lane: g.row(g.s.Flow.Start).Lane})
}
