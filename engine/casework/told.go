package casework

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// Told commits that an applicant was given notice. A second time with the same
// notice and means, after a crash of the caller, it does nothing.
func (e *Engine) Told(ctx context.Context, stream string, t flow.Told) error {
	return retry(func() error {
		before, err := e.present(ctx, stream)
		if err != nil {
			return err
		}
		said, err := e.said(ctx, before, func(kind string, ch fold.Change) bool {
			return kind == fold.Told && ch.Notice == t.Notice && ch.Means == t.Channel
		})
		if err != nil || said > 0 {
			return err
		}
		_, err = e.command(ctx, before, flow.Command{Do: flow.DoTold, By: system}, act{actor: "system", facts: flow.Facts{Told: &t}})
		return err
	})
}

// said counts the events of a case that are such.
func (e *Engine) said(ctx context.Context, c fold.Case, is func(kind string, ch fold.Change) bool) (n int, err error) {
	var events []event.Event
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, c.Stream)
		return err
	})
	for _, ev := range events {
		var ch fold.Change
		if err := json.Unmarshal(ev.Clear, &ch); err != nil {
			return 0, err
		}
		if is(ev.Kind, ch) {
			n++
		}
	}
	return n, err
}

// PublicWords reads again what a case says to the public, from the sealed event
// that said it last: for a projection that is made anew with keys at hand. Nil
// while the case is not shown.
func (e *Engine) PublicWords(ctx context.Context, c fold.Case) (*Said, error) {
	if c.Public == nil {
		return nil, nil
	}
	if c.Shredded {
		return nil, errShredded()
	}
	key, err := e.keys.Get(c.Stream)
	if err != nil {
		return nil, err
	}
	var last event.Event
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		last, err = event.Last(tx, c.Stream, fold.Published)
		return err
	})
	if err != nil {
		return nil, err
	}
	p, err := open(last, key)
	if err == nil && p.Public == nil {
		err = errors.New("casework: a published event without words")
	}
	if err != nil {
		return nil, err
	}
	return &Said{*p.Public, last.Version}, nil
}

// Relay is the word of another government as an officer let everybody read it.
type Relay struct {
	fold.Word
	Version int64 // of the event
	Words   string
}

// Relayed reads from the sealed events of a case what of other governments' words
// everybody may read, the oldest first. Without such a word no key is asked for.
func (e *Engine) Relayed(ctx context.Context, c fold.Case) (out []Relay, err error) {
	reads := func(m fold.Mark) bool { return fold.Reads(c.Marks, m) }
	if c.Shredded || c.Public == nil || !slices.ContainsFunc(c.Marks, reads) {
		return nil, nil
	}
	key, err := e.keys.Get(c.Stream)
	if err != nil {
		return nil, err
	}
	var events []event.Event
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, c.Stream)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, m := range c.Marks {
		if !reads(m) {
			continue
		}
		i := slices.IndexFunc(events, func(ev event.Event) bool { return ev.Version == m.Version })
		if i < 0 {
			return nil, errors.New("casework: a mark without its event")
		}
		p, err := open(events[i], key)
		if err != nil {
			return nil, err
		}
		out = append(out, Relay{*m.Word, m.Version, p.Note})
	}
	return out, nil
}
