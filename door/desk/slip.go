package desk

import (
	"net/http"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/web/component/slip"
)

// slipView is the page after a matter was accepted: the slip to print, and where
// to go on.
type slipView struct {
	Slip    slip.View
	Links   []slipLink
	Another anotherView
}

// slipLink is a way on, with its key.
type slipLink struct {
	Href, Text, Key string
	Quiet           bool
}

// bring names the papers that the applicant still has to bring.
func (x *matter) bring() []string {
	var out []string
	for _, f := range x.papers() {
		out = append(out, x.me.words.Of(f.Label))
	}
	return out
}

// showSlip shows code and secret to the one who has just typed the matter in. A
// second sending of the same form shows the same slip and accepts nothing anew.
func (e *entry) showSlip(w http.ResponseWriter, r *http.Request, got casework.Accepted) error {
	d, m := e.d, e.me
	c, err := d.Cases.State(r.Context(), got.Stream)
	if err != nil {
		return err
	}
	b, err := d.Cases.Catalogue().At(r.Context(), c.Definition)
	if err != nil {
		return err
	}
	x := &matter{me: m, c: c, b: b, code: got.Code, now: d.Now(), words: d.wordsFor(m, b.Service, c.Unit)}
	t := m.words.T
	facts := []string{m.words.Of(b.Service.Name), t("desk.slip_received", "moment", m.words.Moment(c.Received.In(x.words.Zone)))}
	if dl, ok := caseview.Clock(c); ok && !dl.Due.IsZero() {
		facts = append(facts, t("desk.slip_due", "within", x.words.Span(b.Service.Limit.Within), "moment", m.words.Moment(dl.Due.In(x.words.Zone))))
	}
	k := newKeys()
	link := func(href, text string, quiet bool) slipLink { return slipLink{href, text, k.take(text), quiet} }
	v := slipView{Links: []slipLink{
		link("/desk/enter/"+b.Service.ID, t("desk.slip_again"), false), link(x.base(), t("desk.slip_open"), true),
	}, Slip: slip.View{
		House: m.words.Of(d.Cases.Government().Profile.Name), Title: t("desk.slip_title"), Code: got.Code, Secret: got.Secret,
		Facts: facts, Bring: x.bring(),
	}}
	v.Another = e.another(k)
	if v.Slip.QR, v.Slip.Address, err = x.words.TrackCode(d.Base, got.Code); err != nil {
		return err
	}
	if u := d.Cases.Government().Unit(c.Unit); u != nil {
		v.Slip.Where = m.words.Of(u.Name) + ", " + u.Address + ", " + u.Phone
	}
	return d.page(w, r, m, view{Title: t("desk.slip_title"), Body: slipPage(v)})
}
