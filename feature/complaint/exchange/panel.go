package exchange

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/web/component/actions"
	"pendopo/web/component/choice"
	"pendopo/web/component/field"
	"pendopo/web/component/tag"
)

// panelView is what peers said of one report, the last first.
type panelView struct{ Items []saidView }

// saidView is one update.
type saidView struct {
	Peer  string
	When  string
	State tag.View
	Words string
	Fate  string // what became of it; empty = nobody has looked at it
	Pass  *formView
	Aside *formView
}

// formView decides about one update.
type formView struct {
	Action string
	ID     string
	Once   string
	Title  string
	Open   bool
	Words  field.View
	As     choice.View // none where there is nothing to choose
	Bar    []actions.Action
}

// Panel is what peers said of a case, and the form by which an officer decides
// what becomes of it; nil where none has said anything.
func (b *Inbox) Panel(ctx context.Context, p caseview.Panel) (templ.Component, error) {
	list, err := b.Of(ctx, p.Case.Stream)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var v panelView
	for i, u := range slices.Backward(list) {
		v.Items = append(v.Items, said(p, u, strconv.Itoa(i+1)))
	}
	return panel(v), nil
}

// said puts one update into words; n tells its form from the others.
func said(p caseview.Panel, u Update, n string) saidView {
	t := p.Printer.T
	v := saidView{Peer: u.Peer, When: p.Printer.MomentShort(u.At.In(p.Zone)), State: stateTag(p.Printer, u.Status), Words: u.Words}
	if !u.Looked.IsZero() {
		v.Fate = t("complaint.said_"+u.Became, "moment", p.Printer.MomentShort(u.Looked.In(p.Zone)))
		return v
	}
	if !p.Shows {
		v.Fate = t("complaint.said_unread")
		return v
	}
	pass := newForm(p, u, n, "pass")
	pass.Title = t("complaint.said_pass")
	pass.Words.Label, pass.Words.Hint = t("complaint.said_words"), t("complaint.said_words_hint")
	if pass.Words.Value == "" && !pass.Open {
		pass.Words.Value = proposed(p.Printer, u)
	}
	pass.As = ways(p, n, pass.Open)
	pass.Bar = []actions.Action{{Name: "do", Value: "pass", Text: t("complaint.said_pass_do")}}
	aside := newForm(p, u, n, "aside")
	aside.Title = t("complaint.said_put_aside")
	aside.Words.Label, aside.Words.Hint = t("complaint.said_why"), t("complaint.said_why_hint")
	aside.Bar = []actions.Action{{Name: "do", Value: "aside", Text: t("complaint.said_put_aside"), Quiet: true}}
	v.Pass, v.Aside = &pass, &aside
	return v
}

// newForm is a form for one update, as it was typed if it has to be shown again.
func newForm(p caseview.Panel, u Update, n, do string) formView {
	f := formView{Action: "/desk/reports/" + p.Code + "/said", ID: u.ID, Once: p.Once,
		Words: field.View{ID: do + "-words-" + n, Name: "words", Rows: 3, Max: flow.MostMessage}}
	if p.Typed.Get("update") == u.ID && p.Typed.Get("do") == do {
		f.Open, f.Words.Value = true, p.Typed.Get("words")
		if p.Failed != nil && p.Failed.Field == "words" {
			f.Words.Error = p.Printer.TMap(p.Failed.Key, p.Failed.Args)
		}
	}
	return f
}

// ways are to whom a word may go: to everybody only where everybody may read the
// report.
func ways(p caseview.Panel, n string, typed bool) choice.View {
	v := choice.View{View: field.View{ID: "as-" + n, Name: "as", Label: p.Printer.T("complaint.said_to")}}
	all := []string{fold.WordMessage, fold.WordPublic, fold.WordBoth}
	if !p.Service.Messages {
		all = []string{fold.WordPublic}
	}
	if p.Case.Public == nil {
		all = slices.DeleteFunc(all, func(as string) bool { return as != fold.WordMessage })
	}
	for _, as := range all {
		chosen := as == fold.WordMessage
		if typed {
			chosen = p.Typed.Get("as") == as
		}
		v.Options = append(v.Options, choice.Option{ID: as, Text: p.Printer.T("complaint.said_to_" + as), Chosen: chosen})
	}
	return v
}

// proposed are words to begin with: the peer's own, or what its state means.
func proposed(words *page.Printer, u Update) string {
	if u.Words != "" {
		return words.T("complaint.said_quote", "peer", u.Peer, "words", u.Words)
	}
	return words.T("complaint.said_quote", "peer", u.Peer, "words", stateTag(words, u.Status).Text)
}

// stateTag is a state of the specification.
func stateTag(words *page.Printer, status string) tag.View {
	if strings.EqualFold(status, "closed") {
		return tag.View{Kind: tag.Done, Text: words.T("complaint.said_closed")}
	}
	return tag.View{Kind: tag.Work, Text: words.T("complaint.said_open")}
}

// Routes are the addresses of the panel's forms.
func (b *Inbox) Routes(d Desk, officer func(func(http.ResponseWriter, *http.Request, identity.Signed) error) func(http.ResponseWriter, *http.Request) error) []page.Route {
	return []page.Route{{Pattern: "POST /desk/reports/{code}/said", Do: officer(func(w http.ResponseWriter, r *http.Request, who identity.Signed) error {
		return d.Aside(w, r, who, flow.DoPublish, func(c fold.Case, v url.Values) (casework.Deed, error) { return b.deed(r.Context(), c, v) })
	})}}
}

// deed reads what an officer has decided about one update of a case.
func (b *Inbox) deed(ctx context.Context, c fold.Case, v url.Values) (casework.Deed, error) {
	list, err := b.Of(ctx, c.Stream)
	if err != nil {
		return casework.Deed{}, err
	}
	i := slices.IndexFunc(list, func(u Update) bool { return u.ID == v.Get("update") })
	if i < 0 {
		return casework.Deed{}, fault.New(fault.Conflict, "complaint.said_gone")
	}
	word := fold.Word{From: list[i].Peer, ID: list[i].ID, As: fold.WordAside}
	if v.Get("do") == "pass" {
		if word.As = v.Get("as"); word.As == "" || word.As == fold.WordAside {
			return casework.Deed{}, fault.New(fault.Invalid, "complaint.said_to_missing").At("as")
		}
	}
	return casework.Deed{Do: flow.DoRelay, Word: &word, Note: v.Get("words")}, nil
}
