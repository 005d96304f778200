package casework

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/job"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

func (e *Engine) askJob(ctx context.Context, j job.Job) error {
	stream, id, _ := strings.Cut(string(j.Payload), "\n")
	return e.Ask(ctx, stream, id)
}

// Ask makes the case by which another unit helps, when help was asked for and is
// still wanted. Again, it does nothing.
func (e *Engine) Ask(ctx context.Context, stream, id string) error {
	before, err := e.present(ctx, stream)
	if err != nil {
		return err
	}
	if asked, ok := before.Question(id); ok && asked.Outcome == "" && asked.Case == "" {
		if asked.Case, err = e.help(ctx, before, asked); err != nil {
			return err
		}
		if err = e.tell(ctx, stream, flow.DoConsulted, flow.Facts{Asked: &asked}); err != nil {
			return err
		}
	}
	return e.astray(ctx, stream, id)
}

// plea is the key of a question for help: one case for each.
func plea(stream, id string) Once {
	return Once{Scope: "ask/" + stream, Key: id, Request: []byte(id)}
}

// astray takes back a case that was made for a question which was recalled in the
// moment between.
func (e *Engine) astray(ctx context.Context, stream, id string) error {
	c, err := e.state(ctx, stream)
	if err != nil {
		return err
	}
	asked, ok := c.Question(id)
	if !ok || asked.Outcome == "" || asked.Case != "" {
		return nil
	}
	made, err := e.StreamOf(ctx, plea(stream, id))
	if err != nil || made == "" {
		return err
	}
	return e.takeBack(ctx, made)
}

// help makes the other case at the unit that was chosen.
func (e *Engine) help(ctx context.Context, c fold.Case, asked fold.Asked) (string, error) {
	b, err := e.cat.At(ctx, c.Definition)
	if err != nil {
		return "", err
	}
	if err := e.note(ctx, c.Stream, Reader{Actor: "system", By: system, Purpose: PurposeConsult}); err != nil {
		return "", err
	}
	answers, _, err := e.read(ctx, c)
	if err != nil {
		return "", err
	}
	key, err := e.keys.Get(c.Stream)
	if err != nil {
		return "", err
	}
	ch, p, err := e.find(ctx, c.Stream, key, func(ch fold.Change) bool {
		return ch.Asked != nil && ch.Asked.ID == asked.ID && ch.Asked.Case == ""
	})
	if err != nil {
		return "", err
	}
	a := flow.AskedBy(b.Service, asked)
	if a == nil {
		return "", errors.New("casework: nobody is asked by this action")
	}
	maps.Copy(answers, ch.Answers)
	maps.Copy(answers, p.Given)
	return e.inquire(ctx, c, Submission{
		Service: asked.Service, Channel: "internal", Lang: c.Lang, Actor: "system", By: system,
		Answers: passed(a.Consult, answers), parent: c.Stream, unit: asked.Unit, Once: plea(c.Stream, asked.ID),
	})
}

// passed is what one case hands on to another.
func passed(q *definition.Consult, answers form.Answers) form.Answers {
	out := form.Answers{}
	for _, p := range q.Pass {
		if v, given := answers[p.From]; given {
			out[p.Field] = v
		}
	}
	return out
}

// find opens the newest event of a case that fits; nothing when none does.
func (e *Engine) find(ctx context.Context, stream string, key seal.StreamKey, fits func(fold.Change) bool) (fold.Change, flow.Private, error) {
	var events []event.Event
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, stream)
		return err
	})
	for i := len(events) - 1; i >= 0 && err == nil; i-- {
		var ch fold.Change
		if err = json.Unmarshal(events[i].Clear, &ch); err == nil && fits(ch) {
			p, err := open(events[i], key)
			return ch, p, err
		}
	}
	return fold.Change{}, flow.Private{}, err
}

// report brings what the unit that was asked found into the case that asked: the
// words and pictures of its last action, sealed anew under this case's key.
func (e *Engine) report(ctx context.Context, c, other fold.Case, asked fold.Asked) error {
	facts := flow.Facts{Asked: &asked}
	found, copies, err := e.found(ctx, c, other)
	if err != nil {
		return err
	}
	key, err := e.keys.Get(c.Stream)
	if err != nil {
		return err
	}
	if facts.Files, err = e.attach(copies, c.Stream, key); err != nil {
		return err
	}
	facts.Report = found
	if err = e.tell(ctx, c.Stream, flow.DoAnswered, facts); err != nil {
		return err
	}
	after, err := e.state(ctx, c.Stream)
	if err != nil || len(copies) == 0 || holdsFile(after, copies[0]) {
		return err
	}
	return e.blobs.Release(copies...) // it had been said before, or nobody waits any more
}

func holdsFile(c fold.Case, id string) bool {
	for _, f := range c.Files {
		if f.ID == id {
			return true
		}
	}
	return false
}

// found is what the last action of a case that answered anything said, with its
// files copied under the key of the case that asked.
func (e *Engine) found(ctx context.Context, c, other fold.Case) (flow.Private, []string, error) {
	if other.Shredded {
		return flow.Private{}, nil, nil
	}
	b, err := e.cat.At(ctx, other.Definition)
	if err != nil {
		return flow.Private{}, nil, err
	}
	key, err := e.keys.Get(other.Stream)
	if err != nil {
		return flow.Private{}, nil, err
	}
	ch, p, err := e.find(ctx, other.Stream, key, func(ch fold.Change) bool { return b.Form.Action(ch.Step, ch.Action) != nil })
	asked := b.Form.Action(ch.Step, ch.Action)
	if err != nil || asked == nil {
		return flow.Private{}, nil, err
	}
	given := form.Answers(maps.Clone(ch.Answers))
	if given == nil {
		given = form.Answers{}
	}
	maps.Copy(given, p.Given)
	own, err := e.keys.Get(c.Stream)
	if err != nil {
		return flow.Private{}, nil, err
	}
	a := b.Service.Step(ch.Step).Action(ch.Action)
	given, err = e.reseal(ctx, definition.Asked(a.Fields), asked.Stored(given), other.Stream, c.Stream, own)
	return flow.Private{Given: given, Note: p.Note}, asked.Uploads(given), err
}
