package app

import (
	"context"
	"errors"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/engine/identity"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/policy"
)

// offices tells identity what it must know of the definition files.
type offices struct{ cases *casework.Engine }

func (o offices) Unit(id string) (*time.Location, bool) {
	clock, err := o.cases.Catalogue().Clock(id)
	if err != nil {
		return nil, false
	}
	return clock.Office.Zone, true
}

func (o offices) Role(id string) (head, known bool) {
	g := o.cases.Government()
	if g == nil {
		return false, false
	}
	r := g.Role(id)
	if r == nil {
		return false, false
	}
	return r.Head, true
}

// policies proves the Cedar text that was published.
func policies(g *definition.Government) (*policy.Set, error) {
	return policy.Parse(policy.File{Name: "policy", Text: []byte(g.Policies)})
}

// papers tells documents what a case's product is made of, and takes the
// finished product back.
type papers struct{ in *Instance }

func (p papers) Product(ctx context.Context, stream string) (document.Product, error) {
	f, err := p.in.Cases.Product(ctx, stream, p.in.Texts)
	if err != nil {
		return document.Product{}, err
	}
	out := document.Product{
		Template: *f.Bound.Template, Government: f.Government.Profile, Unit: *f.Government.Unit(f.Signs.Unit),
		Lang: "id", Values: f.Values, Number: f.Case.Number, Date: f.Date, ValidUntil: f.Until,
	}
	if out.Signatory, err = p.signatory(ctx, f); err != nil {
		return out, err
	}
	out.Deemed, err = p.deemed(ctx, f)
	return out, err
}

// signatory is who signs: the officer who decided, or, where the law granted,
// the one who holds the signing role now.
func (p papers) signatory(ctx context.Context, f casework.ProductFacts) (document.Signatory, error) {
	title := f.Government.Role(f.Signs.Role).Name.In("id")
	officer, post, err := p.holder(ctx, f)
	if err != nil {
		return document.Signatory{}, err
	}
	name, err := p.in.Identity.Name(ctx, officer)
	if err != nil {
		return document.Signatory{}, err
	}
	return document.Signatory{Name: name.Full, Number: name.NIP, Title: title, Mandate: string(post.Kind)}, nil
}

// holder finds who holds the signing role; the officer who decided comes first.
func (p papers) holder(ctx context.Context, f casework.ProductFacts) (string, identity.Assignment, error) {
	all, err := p.in.Identity.Officers(ctx)
	if err != nil {
		return "", identity.Assignment{}, err
	}
	var found string
	var post identity.Assignment
	for _, o := range all {
		for _, a := range o.Held(p.in.Now(), offices{p.in.Cases}) {
			if a.Unit != f.Signs.Unit || a.Role != f.Signs.Role {
				continue
			}
			if o.ID == f.DecidedBy {
				return o.ID, a, nil
			}
			if found == "" {
				found, post = o.ID, a
			}
		}
	}
	if found == "" {
		return "", post, fault.New(fault.Conflict, "document.no_signatory").
			Because(errors.New("nobody holds " + f.Signs.Role + " at " + f.Signs.Unit))
	}
	return found, post, nil
}

// deemed is what a letter says when a missed limit granted it.
func (p papers) deemed(ctx context.Context, f casework.ProductFacts) (*document.Deemed, error) {
	if f.Case.Basis == "" {
		return nil, nil
	}
	proof, err := p.in.Cases.Proof(ctx, f.Case, fold.CaseDeadline)
	if err != nil {
		return nil, err
	}
	words := p.in.Texts.Printer("id")
	return &document.Deemed{
		Basis: f.Case.Basis, Within: proof.Span.In(words.T), From: proof.Start, Due: proof.Due,
		Days: document.DaysOf(proof, "id", func(id string) string { return stopWords(f.Bound.Service, id, "id") }),
	}, nil
}

// stopWords is a stop's reason in words; the two that no definition lists have
// texts of their own in the pages.
func stopWords(s *definition.Service, id, lang string) string {
	if stop := s.Stop(id); stop != nil {
		return stop.Text.In(lang)
	}
	return id
}

func (p papers) Issued(ctx context.Context, stream string, f document.Issued) error {
	return p.in.Cases.Issued(ctx, stream, flow.Facts{
		Document: &fold.Document{
			ID: f.ID.String(), Hash: f.SealedHash, Template: f.Template, Blob: f.Blob,
			Date: f.Date.UTC(), Until: utc(f.ValidUntil),
		},
		Statement: f.Statement,
	})
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}
