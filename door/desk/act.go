package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/policy"
)

// clock lets the clock stand for a listed reason, or run on.
func (d *Door) clock(w http.ResponseWriter, r *http.Request, m me) error {
	return d.commit(w, r, m, &sent{values: r.PostForm}, func(x *matter, v url.Values) (casework.Deed, error) {
		do := v.Get("do")
		if do != flow.DoStop && do != flow.DoResume {
			return casework.Deed{}, fault.New(fault.Malformed, "flow.no_such_action")
		}
		return casework.Deed{Do: do, Reason: v.Get("reason"), Note: clean(v.Get("note"), mostNote)}, d.mayAct(m, x.what, do)
	})
}

// deedOf reads what was judged and written. Only what this kind of action takes
// goes along.
func deedOf(step *definition.Step, a definition.Action, v url.Values) casework.Deed {
	out := casework.Deed{Do: flow.DoAct, Action: a.ID, Note: clean(cmp.Or(v.Get("note-"+a.ID), v.Get("note")), mostNote), Checks: map[string]bool{}}
	for _, line := range step.Checklist {
		if judged := v.Get("check-" + line.ID); judged == "ok" || judged == "no" {
			out.Checks[line.ID] = judged == "ok"
		}
	}
	switch a.Kind {
	case definition.ActReject:
		out.Reason = v.Get("reason-" + a.ID)
	case definition.ActDeliver:
		out.Receiver = flow.Receiver{Name: clean(v.Get("receiver"), mostName), Relation: v.Get("relation")}
	case definition.ActReturn:
		out.Defects = defectsOf(step, v, out.Checks)
	}
	return out
}

// defectsOf are all things to correct: the lines judged not in order, and the
// further fields that were named.
func defectsOf(step *definition.Step, v url.Values, checks map[string]bool) []flow.Defect {
	var out []flow.Defect
	for _, line := range step.Checklist {
		if ok, judged := checks[line.ID]; judged && !ok {
			out = append(out, flow.Defect{ID: line.ID, Words: clean(v.Get("check-"+line.ID+"-why"), 500)})
		}
	}
	for i := 1; i <= others; i++ {
		n := strconv.Itoa(i)
		if id := v.Get("other-" + n); id != "" {
			out = append(out, flow.Defect{ID: id, Words: clean(v.Get("other-"+n+"-why"), 500)})
		}
	}
	return out
}

// commit is what every deed has in common: the version that was seen, the key
// of the form, the policies, and what follows.
func (d *Door) commit(w http.ResponseWriter, r *http.Request, m me, in *sent, read func(*matter, url.Values) (casework.Deed, error)) error {
	v := in.values
	once, err := onceOf(m, "act", v.Get("once"), struct {
		Code, Address string
		Values        url.Values
	}{r.PathValue("code"), r.URL.Path, typedKey(in)})
	if err != nil {
		return err
	}
	if done, err := d.repeated(r.Context(), once); err != nil || done {
		d.forget(r.Context(), in)
		return orDone(w, r, err)
	}
	x, err := in.x, in.lost
	if x == nil && err == nil {
		x, err = d.matter(r, m)
	}
	if err != nil {
		return err
	}
	seen, err := strconv.ParseInt(v.Get("seen"), 10, 64)
	if err != nil || seen < 1 {
		return fault.New(fault.Malformed, "fault.body_malformed")
	}
	if flow.Moved(x.c, seen) {
		d.forget(r.Context(), in)
		return d.stale(w, r, x)
	}
	deed, err := read(x, v)
	if err == nil {
		deed.Stream, deed.Seen, deed.Actor, deed.By, deed.Once = x.c.Stream, seen, m.ID, capacity(m, x.what), once
		deed.Step = x.onBranch()
		_, err = d.Cases.Act(r.Context(), deed)
	}
	return d.conclude(w, r, x, v, err)
}

// forget lets go of files that came with what was done before, or too late.
func (d *Door) forget(ctx context.Context, in *sent) {
	if in.x != nil {
		d.giveBack(ctx, in.x, in.fresh)
	}
}

// plainValues is what was sent, without what differs between two sendings.
func plainValues(v url.Values) url.Values {
	out := url.Values{}
	for k, all := range v {
		if k != "_token" {
			out[k] = all
		}
	}
	return out
}

// onceOf binds the key of a form to the officer and to what the form says.
func onceOf(m me, kind, key string, request any) (casework.Once, error) {
	raw, err := json.Marshal(request)
	if err != nil {
		return casework.Once{}, err
	}
	o := casework.Once{Scope: "desk/" + m.ID + "/" + kind, Key: key, Request: raw}
	if o.Check() != nil {
		return o, fault.New(fault.Malformed, "fault.body_malformed")
	}
	return o, nil
}

// repeated recognises a form that was sent before, whoever's turn it is by now.
// The engine compares the two sendings: another request under the same key is
// refused.
func (d *Door) repeated(ctx context.Context, once casework.Once) (bool, error) {
	stream, err := d.Cases.StreamOf(ctx, once)
	if err != nil || stream == "" {
		return false, err
	}
	_, err = d.Cases.Act(ctx, casework.Deed{Stream: stream, Once: once})
	return true, err
}

// orDone answers a second sending of a form as the first.
func orDone(w http.ResponseWriter, r *http.Request, err error) error {
	if err != nil {
		return err
	}
	return redirect(w, r, "/desk?done="+url.QueryEscape(r.PathValue("code")))
}

// conclude leads on after a deed, or shows the form again with what to correct.
func (d *Door) conclude(w http.ResponseWriter, r *http.Request, x *matter, v url.Values, err error) error {
	if errors.As(err, &again{}) {
		return d.reopened(w, r, x, typed{values: v})
	}
	f := fault.Of(err)
	switch {
	case f == nil:
		return d.onward(w, r, x, v)
	case f.Key == "fault.acted_first":
		return d.stale(w, r, x)
	case f.Kind != fault.Invalid && f.Kind != fault.Conflict:
		return err
	}
	return d.reopened(w, r, x, typed{v, f})
}

// onward leads on: back to the list, or to the case where the officer goes on with it.
func (d *Door) onward(w http.ResponseWriter, r *http.Request, x *matter, v url.Values) error {
	step := x.b.Service.Step(x.c.Step)
	if a := stepAction(step, v.Get("action")); a != nil && a.Kind == definition.ActAsk {
		return redirect(w, r, x.at(""))
	}
	return redirect(w, r, "/desk?done="+url.QueryEscape(x.code))
}

func stepAction(step *definition.Step, id string) *definition.Action {
	if step == nil {
		return nil
	}
	return step.Action(id)
}

// reopened shows the case with a form as it was typed.
func (d *Door) reopened(w http.ResponseWriter, r *http.Request, x *matter, t typed) error {
	p := d.purpose(x.me, x.what)
	if step := x.b.Service.Step(x.c.Step); p == "" && (step == nil || step.Kind != definition.StepDeliver) {
		if t.fault == nil {
			return fault.New(fault.Forbidden, "flow.not_your_turn")
		}
		return t.fault
	}
	if p != "" { // who hands over opens nothing
		if err := d.opened(r.Context(), x, p); err != nil {
			return err
		}
	}
	return d.showCase(w, r, x, t)
}

// stale says that somebody else acted first, and leads to how things are now.
func (d *Door) stale(w http.ResponseWriter, r *http.Request, x *matter) error {
	v := staleView{Code: x.code, Base: x.base()}
	now, err := d.Cases.State(r.Context(), x.c.Stream)
	if err != nil {
		return err
	}
	if d.may(x.me, policy.State, resource(now, x.b.Service)) {
		v.Step, v.Holder = x.words.Where(now), x.words.Waits(now)
	}
	return d.page(w, r, x.me, view{Title: x.me.words.T("desk.stale_title"), Body: stalePage(v), Status: http.StatusConflict, Narrow: true})
}

// staleView is the page of whoever came second.
type staleView struct{ Code, Base, Step, Holder string }
