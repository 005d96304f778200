package simulation

import (
	"cmp"
	"slices"
	"time"

	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// task is a case that waits for somebody at a step.
type task struct {
	m       *matter
	step    *definition.Step
	holder  fold.Holder
	visit   int // which time the case is here
	entered time.Time
	began   time.Time // zero while nobody works at it
	desk    *desk     // that works at it
	seen    bool      // somebody has begun with it before
	called  string    // post that lateness has called in
	gone    bool      // done, or taken away
}

// desk is the officers of one role at one unit.
type desk struct {
	who     fold.Holder
	office  *office
	n       int
	busy    int
	queue   []*task
	waking  bool    // it is planned that they look again when the office opens
	minutes float64 // of work done
}

// desk finds the desk of a role, or puts it up.
func (r *run) desk(who fold.Holder) (*desk, error) {
	if d := r.desks[who]; d != nil {
		return d, nil
	}
	o, err := r.office(who.Unit)
	if err != nil {
		return nil, err
	}
	d := &desk{who: who, office: o, n: r.officers(who.Role)}
	r.desks[who] = d
	r.order = append(r.order, d)
	return d, nil
}

// place is where a case waits for somebody.
type place struct {
	step      string
	holder    fold.Holder
	escalated string
}

func placesOf(c fold.Case) []place {
	if !c.Open() {
		return nil
	}
	if len(c.Branches) == 0 {
		return []place{{c.Step, c.Holder, c.Escalated}}
	}
	var out []place
	for _, b := range c.Branches {
		if !b.Arrived {
			out = append(out, place{b.Step, b.Holder, b.Escalated})
		}
	}
	return out
}

// turns makes the tasks of a case those of the places where it is now.
func (r *run) turns(m *matter, now time.Time) error {
	places := placesOf(m.state)
	for _, step := range r.bare.Flow.Steps {
		t := m.tasks[step.ID]
		if t != nil && !slices.ContainsFunc(places, func(p place) bool { return p.step == step.ID }) {
			if err := r.takeAway(t, now); err != nil {
				return err
			}
		}
	}
	for _, p := range places {
		t := m.tasks[p.step]
		if t == nil {
			if err := r.turn(m, p, now); err != nil {
				return err
			}
			continue
		}
		if p.holder.Who == "role" && p.escalated != "" && p.escalated != t.called && t.began.IsZero() {
			t.called = p.escalated
			role, unit := fold.Post(p.escalated)
			if err := r.enqueue(t, fold.Holder{Who: "role", Role: role, Unit: cmp.Or(unit, p.holder.Unit)}, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeAway ends a task: it is done, or the case went on without it.
func (r *run) takeAway(t *task, now time.Time) error {
	t.gone = true
	delete(t.m.tasks, t.step.ID)
	r.stats.left(t, now)
	if t.desk == nil {
		return nil
	}
	d := t.desk
	d.busy--
	d.minutes += d.office.worked(now) - d.office.worked(t.began)
	return r.look(d, now)
}

// turn begins a task, and plans what whoever holds it will do.
func (r *run) turn(m *matter, p place, now time.Time) error {
	step := r.bare.Step(p.step)
	t := &task{m: m, step: step, holder: p.holder, entered: now, visit: r.stats.entered(m, step, now)}
	m.tasks[step.ID] = t
	switch p.holder.Who {
	case "role":
		return r.enqueue(t, p.holder, now)
	case "applicant":
		r.notice(t, now)
		r.applicant(t, now)
	case "system":
		if step.Kind == definition.StepIssue {
			r.plan(now, func(now time.Time) error { return r.issued(t, now) })
		}
	}
	return nil
}

// notice is given at once where the applicant's time runs from it.
func (r *run) notice(t *task, now time.Time) {
	if t.step.Limit == nil || t.step.Limit.Starts != "told" {
		return
	}
	r.plan(now, func(now time.Time) error {
		if t.gone {
			return nil
		}
		told := &flow.Told{Notice: t.step.ID, Channel: "page", Step: t.step.ID, At: now}
		return r.decide(t.m, now, flow.Command{Do: flow.DoTold, By: fold.Holder{Who: "system"}}, flow.Facts{Told: told})
	})
}

// enqueue puts a task behind the others of a desk.
func (r *run) enqueue(t *task, who fold.Holder, now time.Time) error {
	d, err := r.desk(who)
	if err != nil {
		return err
	}
	d.queue = append(d.queue, t)
	return r.look(d, now)
}

// look lets every free officer of a desk take the task that has waited longest.
// When the office is closed they look again as it opens.
func (r *run) look(d *desk, now time.Time) error {
	for d.busy < d.n {
		for len(d.queue) > 0 && (d.queue[0].gone || !d.queue[0].began.IsZero()) {
			d.queue = d.queue[1:]
		}
		if len(d.queue) == 0 {
			return nil
		}
		open, known := d.office.from(now)
		if !known {
			return nil
		}
		if open.After(now) {
			if !d.waking {
				d.waking = true
				r.plan(open, func(now time.Time) error { d.waking = false; return r.look(d, now) })
			}
			return nil
		}
		t := d.queue[0]
		d.queue = d.queue[1:]
		r.begin(d, t, now)
	}
	return nil
}

// begin starts work at a task, and plans its end.
func (r *run) begin(d *desk, t *task, now time.Time) {
	t.began, t.desk = now, d
	d.busy++
	r.stats.began(t, now)
	mean, _ := r.WorkAt(t.step)
	takes := t.chance(r.Seed, "work").work(mean, r.Shape)
	if done, known := d.office.after(d.office.worked(now) + takes); known {
		r.plan(done, func(now time.Time) error { return r.finish(t, now) })
	}
}

// chance is that of one visit of one case at one step, for one purpose.
func (t *task) chance(seed uint64, what string) *chance {
	return chanceOf(seed, what+" "+t.step.ID, t.m.n*64+t.visit)
}

// finish lets the officer decide.
func (r *run) finish(t *task, now time.Time) error {
	if t.gone {
		return nil
	}
	c := r.choice(t)
	if c.Action == "" {
		return nil
	}
	c.Do, c.Step, c.By = flow.DoAct, t.step.ID, t.desk.who
	return r.decide(t.m, now, c, flow.Facts{})
}

// choice is what the officer does: mostly what carries the case on, by each way
// that leads on alike.
func (r *run) choice(t *task) flow.Command {
	chance := t.chance(r.Seed, "choice")
	returns, rejects := chance.yes(r.Return), chance.yes(r.Reject)
	var onward []definition.Action // one to each place that they lead to
	for _, a := range t.step.Actions {
		switch a.Kind {
		case definition.ActReturn:
			if returns && t.m.state.Returns[t.step.ID] < a.Most() {
				return flow.Command{Action: a.ID, Defects: []flow.Defect{{ID: defect, Words: defect}}}
			}
		case definition.ActReject:
			if rejects {
				return flow.Command{Action: a.ID, Reason: a.Reasons[0].ID}
			}
		case definition.ActApprove, definition.ActForward, definition.ActMake, definition.ActDeliver,
			definition.ActDispatch, definition.ActFinish:
			if !slices.ContainsFunc(onward, func(o definition.Action) bool { return o.To == a.To }) {
				onward = append(onward, a)
			}
		}
	}
	if len(onward) == 0 { // nothing but to return or reject: nobody acts, and the limit passes
		return flow.Command{}
	}
	taken := onward[min(len(onward)-1, int(chance.unit()*float64(len(onward))))]
	return flow.Command{Action: taken.ID, Number: shaped(r.bare.Product.Number), File: &fold.File{ID: "made", Hash: "made"},
		Receiver: flow.Receiver{Name: "applicant", Relation: "self"}, Unit: r.unitFor(taken)}
}

// unitFor is to which unit a case is dispatched: one that the action names, or
// the unit of the run, which stands for all.
func (r *run) unitFor(a definition.Action) string {
	switch {
	case a.Kind != definition.ActDispatch:
		return ""
	case len(a.Units) > 0:
		return a.Units[0]
	}
	return r.Unit
}

// shaped is a number of another system.
func shaped(shape string) string {
	out := []rune(shape)
	for i, c := range out {
		switch c {
		case '9':
			out[i] = '1'
		case 'A':
			out[i] = 'X'
		}
	}
	return string(out)
}

// applicant plans what the applicant does: answer a return, fetch the product,
// object or let it be.
func (r *run) applicant(t *task, now time.Time) {
	chance := t.chance(r.Seed, "applicant")
	objects, silent := chance.yes(r.Object), chance.yes(r.Abandon)
	for i := range t.step.Actions {
		a := &t.step.Actions[i]
		if r.does(t, a, objects, silent) {
			at := now.Add(time.Duration(chance.exponential(r.Answer*24*60) * float64(time.Minute)))
			r.plan(at, func(now time.Time) error {
				if t.gone {
					return nil
				}
				return r.decide(t.m, now, flow.Command{Do: flow.DoAct, Action: a.ID, Step: t.step.ID, By: fold.Holder{Who: "applicant"}, Note: a.ID}, flow.Facts{})
			})
			return
		}
	}
}

// does reports whether the applicant takes an action where nothing presses: who
// is silent waits until a deadline closes the case.
func (r *run) does(t *task, a *definition.Action, objects, silent bool) bool {
	switch a.Kind {
	case definition.ActDeliver:
		return true
	case definition.ActSubmit:
		return !silent
	case definition.ActObject:
		return objects
	case definition.ActReopen:
		return objects && !silent && t.m.state.Reopened < a.Most()
	case definition.ActConfirm:
		return !silent && (!objects || t.m.state.Reopened > 0)
	}
	return false
}

// issued takes the product in.
func (r *run) issued(t *task, now time.Time) error {
	if t.gone {
		return nil
	}
	doc := &fold.Document{ID: "made", Hash: "made", Template: "made", Blob: "made", Date: now}
	return r.decide(t.m, now, flow.Command{Do: flow.DoIssued, By: fold.Holder{Who: "system"}}, flow.Facts{Document: doc})
}
