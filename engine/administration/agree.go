package administration

import (
	"context"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// Propose brings a draft forward, for another person to agree to.
func (e *Engine) Propose(ctx context.Context, t Touch) error {
	_, live, err := e.government.Source(ctx)
	if err != nil {
		return err
	}
	return e.change(t, Deed{Kind: Proposed}, func(_ db.Tx, p *Proposal) error {
		switch {
		case p.State != Draft:
			return fault.New(fault.Conflict, "administration.proposed_already")
		case len(p.Changes) == 0:
			return fault.New(fault.Invalid, "administration.nothing_changed")
		case len(p.Conflicts(live)) > 0:
			return fault.New(fault.Conflict, "administration.conflict")
		}
		p.State, p.Proposer = Waiting, t.Actor
		return nil
	})
}

// Return gives what was proposed back, to be worked on.
func (e *Engine) Return(_ context.Context, t Touch) error {
	return e.change(t, Deed{Kind: Returned}, func(_ db.Tx, p *Proposal) error {
		if p.State != Waiting {
			return fault.New(fault.Conflict, "administration.not_proposed")
		}
		p.State, p.Proposer = Draft, ""
		return nil
	})
}

// Approve publishes a proposal that another brought forward. What is published
// is what stands in the version that was seen, over what is live now; whatever
// changes in between makes it a conflict.
func (e *Engine) Approve(ctx context.Context, t Touch) error {
	p, err := e.Proposal(ctx, t.ID)
	if err != nil {
		return err
	}
	switch {
	case p.State != Waiting:
		return fault.New(fault.Conflict, "administration.not_proposed")
	case p.Proposer == t.Actor:
		return fault.New(fault.Forbidden, "administration.two_persons")
	case p.Version != t.Version:
		return fault.New(fault.Conflict, "administration.changed_meanwhile")
	}
	base, live, err := e.government.Source(ctx)
	if err != nil {
		return err
	}
	if len(p.Conflicts(live)) > 0 {
		return fault.New(fault.Conflict, "administration.conflict")
	}
	return e.government.Publish(ctx, p.Over(live), Publication{
		By: []string{p.Proposer, t.Actor}, Proposal: p.ID, Base: base,
		Also: func(tx db.Tx) error { return e.published(tx, p, t.Actor) },
	})
}

// published writes down, with the publication, that a proposal has become live.
func (e *Engine) published(tx db.Tx, p Proposal, approver string) error {
	seen := p.Version
	p.State, p.Approver, p.Version, p.Changed = Live, approver, seen+1, e.now()
	if err := updateProposal(tx, p, seen); err != nil {
		return err
	}
	return e.note(tx, Deed{Kind: Published, Actor: approver, Proposal: p.ID})
}

// TakeBack begins a proposal that would make the files what they were under an
// earlier hash. It is brought forward and agreed to like any other.
func (e *Engine) TakeBack(ctx context.Context, hash, title, actor string) (id string, err error) {
	then, err := e.government.SourceAt(ctx, hash)
	if err != nil {
		return "", err
	}
	_, live, err := e.government.Source(ctx)
	if err != nil {
		return "", err
	}
	texts, gone := map[string]string{}, []string(nil)
	for path, text := range then {
		if now, ok := live[path]; !ok || now != text {
			texts[path] = text
		}
	}
	for path := range live {
		if _, ok := then[path]; !ok {
			gone = append(gone, path)
		}
	}
	if id, err = e.Begin(ctx, title, actor); err != nil {
		return "", err
	}
	return id, e.SaveAll(ctx, Touch{id, 1, actor}, texts, gone)
}
