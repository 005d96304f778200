package desk

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/policy"
	"pendopo/web/component/actions"
	"pendopo/web/component/choice"
	"pendopo/web/component/document"
	"pendopo/web/component/field"
	"pendopo/web/component/upload"
)

// mostName is the longest name of a receiver, and the longest number of another
// system, in characters.
const mostName = 100

// madeFile is the field that a file of another system is taken in by.
func fileOfMade() definition.Field {
	return definition.Field{ID: "file", Kind: definition.KindFile, Accept: []string{"pdf", "image"}, MaxBytes: 10 << 20}
}

// madeView takes in a product that was made in another system.
type madeView struct {
	Action string
	Token  token
	Help   string
	Number field.View
	File   *upload.View
	Note   field.View
	Bar    []actions.Action
}

// making is the form for the number and the file of another system.
func (x *matter) making(button actions.Action, t typed) *madeView {
	p, product := x.me.words, x.b.Service.Product
	button.Quiet = false
	v := &madeView{Action: x.at("/made"), Token: newToken(x.c.Version), Bar: []actions.Action{button}, Note: x.note(t, "made-note"),
		Help: p.T("desk.made_help", "system", x.words.System())}
	v.Number = field.View{ID: "number", Label: p.T("desk.made_number", "system", x.words.System()), Max: mostName,
		Optional: product.Number == "", Value: t.values.Get("number"), Error: x.wordsAt(t.fault, "number")}
	if product.Number != "" {
		v.Number.Hint = p.T("desk.made_shape", "shape", product.Number)
	}
	if product.File {
		f := fileOfMade()
		v.File = &upload.View{View: field.View{ID: "file", Label: p.T("desk.made_file", "system", x.words.System()), Hint: takes(p, f),
			Error: x.wordsAt(t.fault, "file")}, Accept: ".pdf,image/*"}
	}
	return v
}

// made takes a product in: its number, and its file as it comes.
func (d *Door) made(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	if err := d.mayAct(m, x.what, string(definition.ActMake)); err != nil {
		return err
	}
	in, err := d.receiveParts(r, func(in *brought, part io.Reader, name string) error {
		b, err := d.Attachments.Take(x.c.Stream, fileOfMade(), name, part)
		if err == nil {
			in.files = append(in.files, b.ID)
		}
		return err
	})
	var deed casework.Deed
	if err == nil {
		deed, err = d.madeOf(x, in)
	}
	if err == nil {
		if done, was := d.repeated(r.Context(), deed.Once); was != nil || done {
			d.giveBack(r.Context(), x, in.files)
			return orDone(w, r, was)
		}
		_, err = d.Cases.Act(r.Context(), deed)
	}
	if err != nil {
		d.giveBack(r.Context(), x, in.files)
	}
	return d.conclude(w, r, x, in.values, err)
}

// madeOf is the deed that the form asks for. The request under its key is what was
// typed and not the id of a file: sent a second time it is the same.
func (d *Door) madeOf(x *matter, in brought) (casework.Deed, error) {
	v := in.values
	once, err := onceOf(x.me, "made", v.Get("once"), []string{x.code, v.Get("action"), v.Get("number")})
	if err != nil {
		return casework.Deed{}, err
	}
	seen, err := strconv.ParseInt(v.Get("seen"), 10, 64)
	if err != nil || seen < 1 {
		return casework.Deed{}, fault.New(fault.Malformed, "fault.body_malformed")
	}
	deed := casework.Deed{Stream: x.c.Stream, Seen: seen, Action: v.Get("action"), Step: x.onBranch(), Actor: x.ID, By: capacity(x.me, x.what), Once: once,
		Number: clean(v.Get("number"), mostName), Note: clean(v.Get("note"), mostNote)}
	if in.fault != nil {
		return deed, in.fault
	}
	if len(in.files) > 0 {
		deed.Upload = in.files[0]
	}
	return deed, nil
}

// taken is the product that was made elsewhere, as the officer sees it.
func (x *matter) taken() *document.View {
	p := x.me.words
	v := document.View{Name: p.Of(x.b.Service.Product.Name), Facts: x.words.Made(x.c, x.signers), Number: x.number}
	if f := x.c.Made.File; f != nil && x.file != nil {
		v.Href, v.Get = x.base()+"/made/"+f.ID, p.T("desk.document_get")
	}
	return &v
}

// openMade opens number and signers of a product made elsewhere, with the rest.
func (d *Door) openMade(ctx context.Context, x *matter) error {
	if x.c.Made == nil || x.c.Shredded {
		return nil
	}
	taken, err := d.Cases.MadeElsewhere(ctx, x.c.Stream)
	x.number = taken.Number
	for _, s := range taken.Signers {
		x.signers = append(x.signers, s.Name)
	}
	return err
}

// madeFile serves the file of another system, after its opening was recorded.
func (d *Door) madeFile(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	if err := d.opened(r.Context(), x, d.purpose(m, x.what)); err != nil {
		return err
	}
	if f := x.c.Made; f == nil || f.File == nil || f.File.ID != r.PathValue("file") {
		return fault.New(fault.Unknown, "attachment.unknown")
	}
	body, b, err := d.Attachments.Open(r.Context(), x.c.Stream, x.c.Made.File.ID)
	if err != nil {
		return err
	}
	defer body.Close()
	return send(w, r, body, b)
}

// takerView says who takes the product.
type takerView struct {
	Name     field.View
	Relation choice.View
}

func (x *matter) taker(t typed) *takerView {
	p := x.me.words
	v := &takerView{Name: field.View{ID: "receiver", Label: p.T("desk.receiver"), Max: mostName, Value: t.values.Get("receiver"), Error: x.wordsAt(t.fault, "receiver")}}
	v.Relation = choice.View{View: field.View{ID: "relation", Label: p.T("desk.relation"), Error: x.wordsAt(t.fault, "relation")}}
	for _, id := range flow.Relations() {
		v.Relation.Options = append(v.Relation.Options, choice.Option{ID: id, Text: p.T("desk.relation_" + id), Chosen: t.values.Get("relation") == id})
	}
	return v
}

// revokeView takes a document back.
type revokeView struct {
	Action   string
	Open     bool
	Token    token
	Reasons  choice.View
	Decision field.View
	Note     field.View
	Bar      []actions.Action
}

// revoking is the form of whoever signs the document; nil for anybody else.
func (d *Door) revoking(x *matter, t typed) *revokeView {
	if x.what.Signs == nil || !d.may(x.me, policy.Revoke, x.what) {
		return nil
	}
	p := x.me.words
	v := &revokeView{Action: x.base() + "/revoke", Token: newToken(x.c.Version), Open: t.values.Has("decision"), Note: x.note(t, "revoke-note"),
		Bar: []actions.Action{{Name: "do", Value: "revoke", Text: p.T("desk.revoke"), Grave: true}}}
	v.Decision = field.View{ID: "decision", Label: p.T("desk.revoke_decision"), Max: mostName, Value: t.values.Get("decision"), Error: x.wordsAt(t.fault, "evidence")}
	v.Reasons = choice.View{View: field.View{ID: "ground", Label: p.T("desk.revoke_reason"), Error: x.wordsAt(t.fault, "reason")}}
	for _, id := range flow.Grounds() {
		v.Reasons.Options = append(v.Reasons.Options, choice.Option{ID: id, Text: x.words.Ground(id), Chosen: t.values.Get("ground") == id})
	}
	return v
}

// revoke takes the document of a case back.
func (d *Door) revoke(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	if err := d.require(m, policy.Revoke, x.what); err != nil {
		return err
	}
	v := r.PostForm
	_, err = d.Cases.Revoke(r.Context(), casework.Revocation{Stream: x.c.Stream, Reason: v.Get("ground"), Decision: clean(v.Get("decision"), mostName),
		Note: clean(v.Get("note"), mostNote), Actor: m.ID, By: flow.Signs(x.b.Service, x.c)})
	f := fault.Of(err)
	switch {
	case f == nil || f.Key == "flow.revoked_before": // sent a second time
		return redirect(w, r, x.base())
	case f.Kind != fault.Invalid && f.Kind != fault.Conflict:
		return err
	}
	return d.showCase(w, r, x, typed{v, f})
}
