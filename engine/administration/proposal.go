package administration

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/folder"
)

// State of a proposal.
type State string

// The states.
const (
	Draft   State = "draft"
	Waiting State = "proposed"
	Live    State = "published"
	GivenUp State = "dropped"
)

// Change is the new text of one file.
type Change struct {
	Path string
	Base string // Hash of the live text it was made from; "": there was none
	Gone bool   // the file is taken away
	Body string
}

// Proposal is a set of changes.
type Proposal struct {
	ID, Title                  string
	State                      State
	Author, Proposer, Approver string
	Version                    int64
	Created, Changed           time.Time
	Changes                    []Change // in the order of paths
}

// Open reports whether it can still be changed.
func (p Proposal) Open() bool { return p.State == Draft || p.State == Waiting }

// Change finds the change of a file; nil when it is as it is live.
func (p Proposal) Change(path string) *Change {
	i := slices.IndexFunc(p.Changes, func(c Change) bool { return c.Path == path })
	if i < 0 {
		return nil
	}
	return &p.Changes[i]
}

// Over are the files as they would be: live ones with the changes over them.
func (p Proposal) Over(live map[string]string) folder.Files {
	out := folder.Files(maps.Clone(live))
	if out == nil {
		out = folder.Files{}
	}
	for _, c := range p.Changes {
		if c.Gone {
			delete(out, c.Path)
			continue
		}
		out[c.Path] = c.Body
	}
	return out
}

// Conflicts are the changed files that are live in another text than the change
// was made from.
func (p Proposal) Conflicts(live map[string]string) (paths []string) {
	if !p.Open() {
		return nil
	}
	for _, c := range p.Changes {
		if c.Base != baseOf(live, c.Path) {
			paths = append(paths, c.Path)
		}
	}
	return paths
}

func baseOf(live map[string]string, path string) string {
	if text, ok := live[path]; ok {
		return Hash(text)
	}
	return ""
}

// mostTitle, mostOpen and mostBody bound what is kept: characters, proposals,
// bytes of a file.
const (
	mostTitle = 120
	mostOpen  = 50
	mostBody  = 256 << 10
)

// Begin makes an empty proposal.
func (e *Engine) Begin(ctx context.Context, title, actor string) (id string, err error) {
	title = strings.Join(strings.Fields(title), " ")
	if n := utf8.RuneCountInString(title); n < 3 || n > mostTitle {
		return "", fault.New(fault.Invalid, "administration.title").With("most", mostTitle).At("title")
	}
	id = event.NewID()
	now := e.now()
	err = e.db.Write(func(tx db.Tx) error {
		n, err := countOpen(tx)
		if err != nil {
			return err
		}
		if n >= mostOpen {
			return fault.New(fault.Conflict, "administration.too_many").With("n", mostOpen)
		}
		p := Proposal{ID: id, Title: title, State: Draft, Author: actor, Version: 1, Created: now, Changed: now}
		if err := insertProposal(tx, p); err != nil {
			return err
		}
		return e.note(tx, Deed{Kind: Begun, Actor: actor, Proposal: id})
	})
	return id, err
}

// Proposal reads one with its changes; fault.Unknown.
func (e *Engine) Proposal(ctx context.Context, id string) (p Proposal, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		p, err = proposalOf(tx, id)
		return err
	})
	return p, err
}

// Proposals lists those that are open and the newest others, without the texts
// of their changes, newest first.
func (e *Engine) Proposals(ctx context.Context) (list []Proposal, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		list, err = proposals(tx)
		return err
	})
	return list, err
}

// Touch is who changes a proposal, and which version they saw.
type Touch struct {
	ID      string
	Version int64
	Actor   string
}

// change runs one change of an open proposal on the version that was seen.
// What was proposed becomes a draft again: what another is to agree to stands still.
func (e *Engine) change(t Touch, d Deed, do func(tx db.Tx, p *Proposal) error) error {
	return e.db.Write(func(tx db.Tx) error {
		p, err := proposalOf(tx, t.ID)
		if err != nil {
			return err
		}
		if !p.Open() {
			return fault.New(fault.Conflict, "administration.ended")
		}
		if p.Version != t.Version {
			return fault.New(fault.Conflict, "administration.changed_meanwhile")
		}
		if err := do(tx, &p); err != nil {
			return err
		}
		p.Version, p.Changed = p.Version+1, e.now()
		if err := updateProposal(tx, p, t.Version); err != nil {
			return err
		}
		d.Actor, d.Proposal = t.Actor, t.ID
		return e.note(tx, d)
	})
}

// Save puts the new text of a file into a proposal. The text that is live takes
// the change back.
func (e *Engine) Save(ctx context.Context, t Touch, path, body string) error {
	return e.SaveAll(ctx, t, map[string]string{path: body}, nil)
}

// SaveAll is Save for several files, and takes some away.
func (e *Engine) SaveAll(ctx context.Context, t Touch, texts map[string]string, gone []string) error {
	_, live, err := e.government.Source(ctx)
	if err != nil {
		return err
	}
	changes, paths := map[string]Change{}, slices.Sorted(maps.Keys(texts))
	for path, body := range texts {
		if len(body) > mostBody || !utf8.ValidString(body) {
			return fault.New(fault.TooLarge, "administration.file_large").At("text")
		}
		changes[path] = Change{Path: path, Base: baseOf(live, path), Body: body}
	}
	for _, path := range gone {
		changes[path] = Change{Path: path, Base: baseOf(live, path), Gone: true}
		paths = append(paths, path)
	}
	if len(paths) == 0 {
		return nil
	}
	d := Deed{Kind: Edited, Path: paths[0], Hash: Hash(changes[paths[0]].Body)}
	return e.change(t, d, func(tx db.Tx, p *Proposal) error {
		p.State, p.Proposer = Draft, ""
		for _, path := range paths {
			c := changes[path]
			if before := p.Change(path); before != nil {
				c.Base = before.Base // a conflict stays one until somebody has looked at it
			}
			text, there := live[path]
			same := !c.Gone && there && text == c.Body || c.Gone && !there
			if err := putChange(tx, p.ID, c, same); err != nil {
				return err
			}
		}
		return nil
	})
}

// Keep says that a change is meant also over what is live now: the conflict ends.
func (e *Engine) Keep(ctx context.Context, t Touch, path string) error {
	_, live, err := e.government.Source(ctx)
	if err != nil {
		return err
	}
	return e.change(t, Deed{Kind: Edited, Path: path}, func(tx db.Tx, p *Proposal) error {
		c := p.Change(path)
		if c == nil {
			return fault.New(fault.Unknown, "administration.unknown_file")
		}
		p.State, p.Proposer, c.Base = Draft, "", baseOf(live, path)
		return putChange(tx, p.ID, *c, false)
	})
}

// Undo takes a change back: the file is as it is live.
func (e *Engine) Undo(_ context.Context, t Touch, path string) error {
	return e.change(t, Deed{Kind: Edited, Path: path}, func(tx db.Tx, p *Proposal) error {
		p.State, p.Proposer = Draft, ""
		return putChange(tx, p.ID, Change{Path: path}, true)
	})
}

// Drop gives a proposal up.
func (e *Engine) Drop(_ context.Context, t Touch) error {
	return e.change(t, Deed{Kind: Dropped}, func(_ db.Tx, p *Proposal) error {
		p.State = GivenUp
		return nil
	})
}
