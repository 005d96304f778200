package fold

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"pendopo/kernel/event"
)

// Case is the present state of one case. It is what its row stores.
type Case struct {
	Stream     string         `json:"stream"`
	Service    string         `json:"service"`
	Definition string         `json:"definition"` // hash it is bound to
	Channel    string         `json:"channel"`
	Lang       string         `json:"lang"`
	Unit       string         `json:"unit"`
	Step       string         `json:"step,omitempty"`
	Outcome    string         `json:"outcome,omitempty"`
	Holder     Holder         `json:"holder"`
	Escalated  string         `json:"escalated,omitempty"` // post that lateness called in last; see Post
	Called     []string       `json:"called,omitempty"`    // posts that it called in at this step before: they keep their right
	Version    int64          `json:"version"`
	Received   time.Time      `json:"received"`
	Entered    time.Time      `json:"entered"`
	Changed    time.Time      `json:"changed"`
	Complete   time.Time      `json:"complete,omitzero"`
	Returns    map[string]int `json:"returns,omitempty"` // by step
	Stops      []Stop         `json:"stops,omitempty"`
	Deadlines  []Deadline     `json:"deadlines,omitempty"`
	Answers    map[string]any `json:"answers,omitempty"`
	Pending    []string       `json:"pending,omitempty"`
	Files      []File         `json:"files,omitempty"`
	Evidence   []File         `json:"evidence,omitempty"` // those of them that came with an action, an answer or a message
	Seen       []string       `json:"seen,omitempty"`     // papers looked at at the counter, of which none is kept
	Defects    []string       `json:"defects,omitempty"`  // of the last return, until answered
	Reason     string         `json:"reason,omitempty"`   // of the rejection
	Basis      string         `json:"basis,omitempty"`    // of a grant by lateness
	Series     string         `json:"series,omitempty"`
	Number     string         `json:"number,omitempty"`
	Document   *Document      `json:"document,omitempty"`
	Fee        *int64         `json:"fee,omitempty"`      // whole rupiah; nil = the service has none, or had it on no case before it was kept
	Branches   []Branch       `json:"branches,omitempty"` // ways that the case goes at once; Step is then the step that joins them
	Made       *Made          `json:"made,omitempty"`     // the product, made elsewhere
	Revoked    string         `json:"revoked,omitempty"`  // why the document was taken back: a code
	Asked      []Asked        `json:"asked,omitempty"`    // units that were asked, in the order of asking
	Parent     string         `json:"parent,omitempty"`   // the case that asks by this one
	Vault      string         `json:"vault,omitempty"`    // stream of the reporter's identity
	Flags      []string       `json:"flags,omitempty"`    // why an officer should look twice
	Into       string         `json:"into,omitempty"`     // merged: the case that goes on for both
	Merged     []string       `json:"merged,omitempty"`   // cases that were merged into this one
	Reopened   int            `json:"reopened,omitempty"` // how often the applicant said that it is not solved
	Public     *Public        `json:"public,omitempty"`   // its public side, while it is shown
	Shredded   bool           `json:"shredded,omitempty"`
	Marks      []Mark         `json:"marks"`
}

// Mark is one line of the timeline: what happened, when, by whom in which capacity.
type Mark struct {
	Version  int64     `json:"version"`
	Kind     string    `json:"kind"`
	At       time.Time `json:"at"`
	Received time.Time `json:"received,omitzero"` // only where it differs from At
	Step     string    `json:"step,omitempty"`
	To       string    `json:"to,omitempty"`
	Outcome  string    `json:"outcome,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Deadline string    `json:"deadline,omitempty"`
	Late     []string  `json:"late,omitempty"`
	Called   []string  `json:"called,omitempty"` // lapsed: the posts that were called in, where there were several
	Papers   []string  `json:"papers,omitempty"`
	By       *Holder   `json:"by,omitempty"`
	Basis    string    `json:"basis,omitempty"`    // the norm, where the system did it by rule
	Relation string    `json:"relation,omitempty"` // of who took the product
	Unit     string    `json:"unit,omitempty"`     // that was asked, or answered, or took the case over
	Asked    string    `json:"asked,omitempty"`    // id of the question, where it has one
	Notice   string    `json:"notice,omitempty"`   // told, posted, came_back: id of the notice
	Day      string    `json:"day,omitempty"`      // posted: on which date
	Means    string    `json:"means,omitempty"`    // told: by which way
	Word     *Word     `json:"word,omitempty"`     // relayed: whose word, and what became of it
}

// Open reports whether the case has not ended.
func (c Case) Open() bool { return c.Outcome == "" }

// Deadline finds a deadline by its id.
func (c Case) Deadline(id string) (Deadline, bool) {
	for _, d := range c.Deadlines {
		if d.ID == id {
			return d, true
		}
	}
	return Deadline{}, false
}

// At reports whether the case, or one of its branches, is at a step.
func (c Case) At(step string) bool {
	return step != "" && (c.Step == step || slices.ContainsFunc(c.Branches, func(b Branch) bool { return b.Step == step }))
}

// In is the case as those see it who hold the branch at a step: its step, its
// holder, its escalation. Of a case that has no branch there it is the case itself.
func (c Case) In(step string) Case {
	for _, b := range c.Branches {
		if b.Step == step && !b.Arrived {
			c.Step, c.Holder, c.Escalated, c.Called = b.Step, b.Holder, b.Escalated, b.Called
		}
	}
	return c
}

// CalledIn are the posts that lateness has called in at the present step, the
// last first. Each may act there until the step is left. Post splits them.
func (c Case) CalledIn() []string { return calledIn(c.Escalated, c.Called) }

// Ready reports whether there is a product: issued here, or taken in.
func (c Case) Ready() bool { return c.Document != nil || c.Made != nil }

// Granted is the mark of the decision that a product rests on: the last approval
// or passing on before it took its number. False when there is none.
func Granted(c Case) (m Mark, ok bool) {
	for _, x := range c.Marks {
		switch x.Kind {
		case Approved, Forwarded:
			m, ok = x, true
		case Numbered, Taken:
			return m, ok
		}
	}
	return m, ok
}

// Standing is the stop that has not ended, if any.
func (c Case) Standing() (Stop, bool) {
	for _, s := range c.Stops {
		if s.To.IsZero() {
			return s, true
		}
	}
	return Stop{}, false
}

// Fold applies events to a state; the zero Case is the state before the first.
// It fails only on an event that is no case event or cannot be read.
func Fold(c Case, events ...event.Event) (Case, error) {
	for _, e := range events {
		ch, err := read(e)
		if err != nil {
			return c, fmt.Errorf("fold %s version %d (%s): %w", e.Stream, e.Version, e.Kind, err)
		}
		c = Apply(c, e, ch)
	}
	return c, nil
}

// Apply folds one event for whoever still holds its clear part as it was before
// it became JSON. The row of the result is that of Fold.
func Apply(c Case, e event.Event, ch Change) Case {
	c = c.clone()
	if e.Kind == Submitted {
		c.begin(e, ch)
	}
	c.Version, c.Changed = e.Version, e.Entered
	c.move(ch)
	c.count(e.Kind, ch)
	c.clocks(ch)
	c.facts(e.Kind, ch)
	c.Marks = append(c.Marks, mark(e, ch))
	return c
}

// read decodes the clear part by the event's own schema number.
func read(e event.Event) (Change, error) {
	var ch Change
	if e.Schema != Schema {
		return ch, fmt.Errorf("schema %d of kind %s is not known", e.Schema, e.Kind)
	}
	err := json.Unmarshal(e.Clear, &ch)
	return ch, err
}

// clone keeps Fold from writing into a state that the caller still holds.
func (c Case) clone() Case {
	c.Returns = maps.Clone(c.Returns)
	c.Stops = slices.Clone(c.Stops)
	c.Deadlines = slices.Clone(c.Deadlines)
	c.Branches = slices.Clone(c.Branches)
	c.Marks = slices.Clip(c.Marks)
	return c
}

func (c *Case) begin(e event.Event, ch Change) {
	*c = Case{
		Stream: e.Stream, Definition: e.Definition, Received: e.Received, Entered: e.Entered,
		Service: ch.Service, Channel: ch.Channel, Lang: ch.Lang, Unit: ch.Unit, Parent: ch.Parent,
		Vault: ch.Vault, Flags: ch.Flags,
	}
}

// move follows the step, the outcome, the unit, the holder and the branches:
// whatever leads elsewhere ends those that were.
func (c *Case) move(ch Change) {
	if ch.Unit != "" {
		c.Unit = ch.Unit
	}
	if ch.To != "" {
		c.Step, c.Outcome, c.Escalated, c.Called, c.Branches = ch.To, "", "", nil, nil
	}
	if ch.Outcome != "" {
		c.Step, c.Outcome, c.Escalated, c.Called, c.Branches = "", ch.Outcome, "", nil, nil
	}
	for _, b := range ch.Branches {
		if i := slices.IndexFunc(c.Branches, func(o Branch) bool { return o.ID == b.ID }); i >= 0 {
			c.Branches[i] = b
		} else {
			c.Branches = append(c.Branches, b)
		}
	}
	if ch.Holder != nil {
		c.Holder = *ch.Holder
	}
	c.gaveUp()
}

// gaveUp ends the questions at steps that the case has left without an answer:
// who comes to the step once more asks anew.
func (c *Case) gaveUp() {
	for _, a := range c.Asked {
		if a.Outcome == "" && !c.At(a.Step) {
			a.Outcome = Withdrawn
			c.asks(a)
		}
	}
}

// count keeps what bounds look at: returns by step, and stops.
func (c *Case) count(kind string, ch Change) {
	if kind == Returned || kind == SentBack {
		if c.Returns == nil {
			c.Returns = map[string]int{}
		}
		c.Returns[ch.Step]++
	}
	if kind == Reopened {
		c.Reopened++
	}
	if ch.Stop == nil {
		return
	}
	for i := range c.Stops {
		if c.Stops[i].To.IsZero() && c.Stops[i].Reason == ch.Stop.Reason {
			c.Stops[i].To = ch.Stop.To
			return
		}
	}
	c.Stops = append(c.Stops, *ch.Stop)
}

// clocks sets and ends deadlines. A deadline that is set again stands where
// the old one stood, so the order of the list is the order of beginnings.
func (c *Case) clocks(ch Change) {
	for _, e := range ch.End {
		for i := range c.Deadlines {
			if c.Deadlines[i].ID == e.ID {
				c.Deadlines[i].State = e.State
			}
		}
	}
	for _, d := range ch.Set {
		i := slices.IndexFunc(c.Deadlines, func(o Deadline) bool { return o.ID == d.ID })
		if i < 0 {
			c.Deadlines = append(c.Deadlines, d)
			continue
		}
		c.Deadlines[i] = d
	}
	if ch.Complete != nil {
		c.Complete = *ch.Complete
	}
}

// facts takes over what the event says about the matter itself.
func (c *Case) facts(kind string, ch Change) {
	switch kind {
	case Submitted, Resubmitted:
		c.filed(ch)
	case Papers:
		c.brought(ch)
	case Returned:
		c.Defects = ch.Defects
	case Rejected:
		c.Reason = ch.Reason
	case Lapsed:
		c.lapsed(ch)
	case Numbered:
		c.Series, c.Number = ch.Series, ch.Number
	case Issued:
		c.Document = ch.Document
	case Taken:
		c.Made = ch.Made
	case Revoked:
		c.Revoked = ch.Reason
	case Shredded:
		c.Shredded, c.Public = true, nil
	case Merged:
		c.Into = ch.Into
	case TookIn:
		c.Merged = append(slices.Clip(c.Merged), ch.From)
	case Published, Hidden:
		c.Public = ch.Public
	}
	if ch.Asked != nil {
		c.asks(*ch.Asked)
	}
	if kind != Submitted && kind != Resubmitted && kind != Papers {
		c.added(ch)
	}
}

// filed takes over the form as the applicant sent it.
func (c *Case) filed(ch Change) {
	c.Answers, c.Pending, c.Files, c.Seen, c.Defects = ch.Answers, ch.Pending, ch.Files, ch.Seen, nil
	if ch.Fee != nil {
		c.Fee = ch.Fee
	}
	if ch.Vault != "" {
		c.Vault = ch.Vault
	}
	if len(c.Evidence) > 0 {
		c.Files = append(slices.Clip(c.Files), c.Evidence...)
	}
}

// lapsed takes over whom lateness called in, and on what basis it granted.
func (c *Case) lapsed(ch Change) {
	for _, post := range slices.Concat(ch.Called, []string{ch.Escalated}) {
		if post != "" {
			c.Called = before(c.Called, c.Escalated, post)
			c.Escalated = post
		}
	}
	if ch.Basis != "" {
		c.Basis = ch.Basis
	}
}

// added takes over what came beside the form: what whoever acted answered and
// corrected, evidence, pictures of a message.
func (c *Case) added(ch Change) {
	if len(ch.Files) > 0 {
		c.Files = append(slices.Clip(c.Files), ch.Files...)
		c.Evidence = append(slices.Clip(c.Evidence), ch.Files...)
	}
	c.answered(ch.Answers)
}

// answered lays answers over those that there are.
func (c *Case) answered(more map[string]any) {
	if len(more) == 0 {
		return
	}
	all := maps.Clone(c.Answers)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, more)
	c.Answers = all
}

// asks takes over a question, or the answer to it.
func (c *Case) asks(a Asked) {
	c.Asked = slices.Clone(c.Asked)
	i := slices.IndexFunc(c.Asked, a.same)
	if i < 0 {
		c.Asked = append(c.Asked, a)
		return
	}
	c.Asked[i] = a
}

// same reports whether two are the same question: help that was asked for has
// an id, and the question of a step the case by which it was asked.
func (a Asked) same(o Asked) bool {
	if a.ID != "" || o.ID != "" {
		return a.ID == o.ID
	}
	return a.Case == o.Case
}

// Awaits is the question of a consult step that has no answer yet.
func (c Case) Awaits(step string) (Asked, bool) {
	for _, a := range c.Asked {
		if a.ID == "" && a.Step == step && a.Outcome == "" {
			return a, true
		}
	}
	return Asked{}, false
}

// Helping are the questions for help, asked at a step, that have no answer yet;
// of every step when it is "".
func (c Case) Helping(step string) (open []Asked) {
	for _, a := range c.Asked {
		if a.ID != "" && a.Outcome == "" && (step == "" || a.Step == step) {
			open = append(open, a)
		}
	}
	return open
}

// Question finds a question for help by its id.
func (c Case) Question(id string) (Asked, bool) {
	for _, a := range c.Asked {
		if id != "" && a.ID == id {
			return a, true
		}
	}
	return Asked{}, false
}

// brought takes over what came to the counter, beside what was there.
func (c *Case) brought(ch Change) {
	c.Pending = ch.Pending
	c.Files = append(slices.Clip(c.Files), ch.Files...)
	c.Seen = append(slices.Clip(c.Seen), ch.Seen...)
	c.answered(ch.Answers)
}

func mark(e event.Event, ch Change) Mark {
	m := Mark{
		Version: e.Version, Kind: e.Kind, At: e.Entered, Step: ch.Step, To: ch.To, Outcome: ch.Outcome,
		Reason: ch.Reason, Deadline: ch.Deadline, Late: ch.Late, Papers: ch.Papers, By: ch.By,
		Notice: ch.Notice, Means: ch.Means, Day: ch.Day, Word: ch.Word,
	}
	switch {
	case ch.Asked != nil:
		m.Unit, m.Asked = ch.Asked.Unit, ch.Asked.ID
	case e.Kind != Submitted:
		m.Unit = ch.Unit
	}
	if len(ch.Called) > 0 {
		m.Called = append(slices.Clone(ch.Called), ch.Escalated)
	}
	if m.Relation = ch.Relation; ch.Rule != "" && e.Kind != RuleFailed {
		m.Basis = ch.Basis
	}
	if m.To == "" && len(ch.Branches) == 1 && ch.Branches[0].Step != ch.Step {
		m.To = ch.Branches[0].Step // on its own branch
	}
	if !e.Received.Equal(e.Entered) {
		m.Received = e.Received
	}
	return m
}
