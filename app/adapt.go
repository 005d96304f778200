package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/engine/identity"
	"pendopo/kernel/db"
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
		Mark: []byte(f.Government.Profile.Mark), Place: place(f), Lang: "id", Values: f.Values, Number: f.Case.Number, Date: f.Date, ValidUntil: f.Until,
	}
	if out.Signatory, err = p.signatory(ctx, f); err != nil {
		return out, err
	}
	out.Deemed, err = p.deemed(ctx, f)
	return out, err
}

// place is where the letter is signed: the village of the signing office. An
// office for the whole region signs in the name of the government.
func place(f casework.ProductFacts) string {
	region := f.Government.Unit(f.Signs.Unit).Region
	if region == "" {
		return ""
	}
	name, _, _ := strings.Cut(f.Government.RegionSet().Name(region), ",")
	return name
}

// signatory is who signs: the officer who decided, or, where the law granted,
// whoever holds the signing role now, acting officers first.
func (p papers) signatory(ctx context.Context, f casework.ProductFacts) (document.Signatory, error) {
	holders, err := p.in.Identity.Holders(ctx, f.Signs.Unit, f.Signs.Role, p.in.Now())
	if err != nil {
		return document.Signatory{}, err
	}
	if len(holders) == 0 {
		return document.Signatory{}, fault.New(fault.Conflict, "document.no_signatory").
			Because(errors.New("nobody holds " + f.Signs.Role + " at " + f.Signs.Unit))
	}
	h := holders[0]
	if i := slices.IndexFunc(holders, func(h identity.Holding) bool { return h.Officer == f.DecidedBy }); i >= 0 {
		h = holders[i]
	}
	s, err := p.in.Identity.Signatory(ctx, h)
	return document.Signatory{
		Name: s.Name.Full, Number: s.Name.NIP, Mandate: string(s.Kind), Title: signingTitle(f),
	}, err
}

// signingTitle is the office that stands above the name: the unit's own name
// for its head, or the name of the role.
func signingTitle(f casework.ProductFacts) string {
	role, unit := f.Government.Role(f.Signs.Role), f.Government.Unit(f.Signs.Unit)
	if role.Head && unit.Head.In("id") != "" {
		return unit.Head.In("id")
	}
	return role.Name.In("id")
}

// deemed is what a letter says when a missed limit or a rule granted it.
func (p papers) deemed(ctx context.Context, f casework.ProductFacts) (*document.Deemed, error) {
	if f.Rule != "" {
		return &document.Deemed{Basis: f.Rule, Rule: true}, nil
	}
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
			ID: f.ID.String(), Hash: f.SealedHash, SHA256: f.SHA256, Template: f.Template, Blob: f.Blob,
			Date: f.Date.UTC(), Until: utc(f.ValidUntil),
		},
		Statement: f.Statement,
	})
}

// products tells casework what is in files that were made elsewhere, and takes
// documents back.
type products struct{}

func (products) Inspect(file []byte) (string, []flow.Signer, error) {
	found, err := document.Inspect(file)
	var signers []flow.Signer
	for _, s := range found.Signers {
		signers = append(signers, flow.Signer{Name: s.Name, Issuer: s.Issuer, At: s.At})
	}
	return found.State, signers, err
}

func (products) Revoke(tx db.Tx, id, reason string, now time.Time) error {
	return document.RevokeCase(tx, id, reason, now)
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}

// posts tells casework what officers hold today.
type posts struct{ in *Instance }

func (p posts) Posts(ctx context.Context, officer string) ([]fold.Holder, error) {
	o, err := p.in.Identity.Principal(ctx, officer)
	var out []fold.Holder
	for _, h := range o.Posts {
		out = append(out, fold.Holder{Who: "role", Role: h.Role, Unit: h.Unit})
	}
	return out, err
}
