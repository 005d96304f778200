package api

import (
	"context"
	"net/http"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// state shows a case: with its code alone how it stands, with the secret too
// what is in it and what may be done next.
func (d *Door) state(w http.ResponseWriter, r *http.Request) error {
	if _, given := bearer(r); !given {
		return d.publicState(w, r)
	}
	stream, err := d.owned(w, r)
	if err != nil {
		return err
	}
	return d.whole(w, r, stream)
}

func (d *Door) publicState(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Cases.TrackFrom(r.Context(), r.PathValue("code"), d.Address(r))
	if fault.Is(err, fault.Unknown) {
		err = errUnknown()
	}
	if err != nil {
		return err
	}
	b, err := d.Cases.Catalogue().At(r.Context(), c.Definition)
	if err != nil {
		return err
	}
	t := d.tellerOf(r.Context(), b, c.Unit)
	v := t.tell(d.Cases.Code(c.Stream), caseview.Openly(c))
	if v.Into, err = d.into(r.Context(), t, c); err != nil {
		return err
	}
	return send(w, r, answer{body: v, cache: askOn})
}

// whole answers with everything the applicant may see.
func (d *Door) whole(w http.ResponseWriter, r *http.Request, stream string) error {
	ctx := r.Context()
	c, err := d.Cases.State(ctx, stream)
	if err != nil {
		return err
	}
	b, err := d.Cases.Catalogue().At(ctx, c.Definition)
	if err != nil {
		return err
	}
	t := d.tellerOf(ctx, b, c.Unit)
	v := t.tell(d.Cases.Code(stream), c)
	if v.Into, err = d.into(ctx, t, c); err != nil {
		return err
	}
	if !c.Shredded {
		if v.private, err = d.private(ctx, t, b, c); err != nil {
			return err
		}
	}
	return send(w, r, answer{body: v})
}

func (d *Door) private(ctx context.Context, t teller, b *casework.Bound, c fold.Case) (*private, error) {
	answers, defects, err := d.Cases.Own(ctx, c.Stream)
	if err != nil {
		return nil, err
	}
	p := &private{Answers: answers, Reason: t.reason(c.Reason), Next: []next{}, Documents: []paper{}, Openings: []opening{}}
	if len(c.Defects) > 0 {
		for _, x := range defects {
			p.Defects = append(p.Defects, defect{x.ID, x.Words})
		}
	}
	if p.Next, err = d.next(ctx, t, b, c); err != nil {
		return nil, err
	}
	spoken, err := d.dialogue(ctx, t, b, c)
	if err != nil {
		return nil, err
	}
	p.Said, p.Messages = spoken.said, spoken.messages
	if b.Service.Messages {
		p.Write = casePath(d.Cases.Code(c.Stream)) + "/messages"
	}
	if p.Reporter, err = d.reporter(ctx, c); err != nil {
		return nil, err
	}
	if p.Documents, err = d.papers(t, c, append(spoken.files, b.Form.Uploads(answers)...)); err != nil {
		return nil, err
	}
	if p.Made, err = d.made(ctx, t, c); err != nil {
		return nil, err
	}
	seen, err := d.Cases.Openings(ctx, c.Stream)
	for _, s := range seen {
		p.Openings = append(p.Openings, opening{t.local(s.At), t.role(s.Role), t.unit(s.Unit), s.Purpose, s.Reason})
	}
	return p, err
}

// next is what the applicant may do now.
func (d *Door) next(ctx context.Context, t teller, b *casework.Bound, c fold.Case) ([]next, error) {
	offers, err := d.Cases.Offers(ctx, c, applicant())
	out := []next{}
	for _, a := range offers {
		out = append(out, next{
			Action: a.ID, Kind: string(a.Kind), Label: t.words.Of(a.Label),
			Href: casePath(d.Cases.Code(c.Stream)) + "/actions/" + a.ID, Body: actionSchema(c.Step, a, b, c.Version, t.words.Lang()),
		})
	}
	return out, err
}

func applicant() fold.Holder { return fold.Holder{Who: "applicant"} }

// actionSchema is the JSON Schema of an action's request.
func actionSchema(step string, a definition.Action, b *casework.Bound, version int64, lang string) map[string]any {
	properties := map[string]any{
		"version": map[string]any{"type": "integer", "const": version},
		"note":    map[string]any{"type": "string", "maxLength": longestNote},
	}
	required := []string{"version"}
	if a.Kind == definition.ActSubmit {
		answers := b.Form.JSONSchema(lang)
		delete(answers, "$schema")
		properties["answers"], required = answers, append(required, "answers")
	}
	if a.Kind == definition.ActReopen || a.Kind == definition.ActObject {
		required = append(required, "note")
	}
	if asked := b.Form.Action(step, a.ID); asked != nil {
		given := asked.JSONSchema(lang)
		delete(given, "$schema")
		properties["given"] = given
		if wanted, _ := given["required"].([]string); len(wanted) > 0 {
			required = append(required, "given")
		}
	}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
		"properties": properties, "required": required, "additionalProperties": false,
	}
}
