package follow

import (
	"net/http"
	"strings"
	"time"

	"pendopo/engine/notify"
	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/law/form"
	"pendopo/web/component/breadcrumb"
	"pendopo/web/component/field"
	"pendopo/web/component/notice"
	"pendopo/web/scope"
)

// Pages are the book's pages.
type Pages struct {
	Book *Book
	// Shown finds the report of an address that everybody may read.
	Shown func(r *http.Request) (code string, err error)
	// Show shows a page in the citizens' frame.
	Show    func(http.ResponseWriter, *http.Request, page.View) error
	Address func(*http.Request) string // where a request comes from

	by *pace.Throttle
}

// byAddress is how often one address may ask, or type a code: a village may share one.
var byAddress = pace.Pace{Burst: 20, Every: 2 * time.Minute}

// Routes are the addresses of these pages.
func (p *Pages) Routes() []page.Route {
	p.by = p.Book.Pace.Throttle("follow by address", byAddress, p.Book.Now)
	return []page.Route{
		{Pattern: "POST /reports/{code}/follow", Do: p.ask},
		{Pattern: "GET /follow/{id}", Do: p.asked},
		{Pattern: "POST /follow/{id}", Do: p.confirm},
		{Pattern: "GET /follow/{id}/stop", Do: p.leaving},
		{Pattern: "POST /follow/{id}/stop", Do: p.leave},
	}
}

// sheet is the style of the form.
var sheet = scope.Sheet{Name: "follow", CSS: ".follow{margin:0 0 1.75rem;max-width:30rem}"}

// view is one of the pages.
type view struct {
	Crumbs []breadcrumb.Step
	Title  string
	Notice *notice.View
	Lead   string
	Action string // "" = there is nothing to do
	Field  *field.View
	Button string
	Aside  string // address of the page that ends it; "" = none
}

// Ask is the form on the page of a report.
type Ask struct {
	Action string
	Field  field.View
}

// NewAsk is the form for a report, with what was typed and what is wrong with it.
func NewAsk(words *page.Printer, code, typed, wrong string) Ask {
	return Ask{Action: "/reports/" + code + "/follow", Field: field.View{
		ID: "contact", Label: words.T("complaint.follow_contact"), Hint: words.T("complaint.follow_contact_hint"), Value: typed, Error: wrong, Max: 254,
	}}
}

// contactOf reads what somebody typed: a telephone number or an e-mail address.
func contactOf(typed, lang string) (to notify.Contact, err error) {
	phone, email, ok := form.Contact(typed)
	if !ok {
		return to, fault.New(fault.Invalid, "complaint.follow_unreadable").At("contact")
	}
	return notify.Contact{Phone: phone, Email: email, Lang: lang}, nil
}

// paced lets a request through, or not so soon.
func (p *Pages) paced(r *http.Request) error {
	ok, err := p.by.Take(pace.Network(p.Address(r)))
	if err == nil && !ok {
		err = fault.New(fault.TooMany, "complaint.too_many").After(byAddress.Every)
	}
	return err
}

// ask sends the code.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	code, err := p.Shown(r)
	if err != nil {
		return err
	}
	x, err := p.Book.Reports.Code(r.Context(), code)
	if err != nil {
		return err
	}
	if !x.Active {
		return fault.New(fault.Conflict, "complaint.support_ended")
	}
	if err := p.paced(r); err != nil {
		return err
	}
	words, typed, id := page.Words(r.Context()), strings.TrimSpace(r.PostFormValue("contact")), ""
	to, err := contactOf(typed, words.Lang())
	if err == nil {
		id, err = p.Book.Ask(x, to)
	}
	if fault.Is(err, fault.Invalid) {
		a := NewAsk(words, code, typed, words.T(fault.Of(err).Key))
		return p.show(w, r, view{Crumbs: crumbs(words, code), Title: words.T("complaint.follow_title"), Lead: words.T("complaint.follow_lead"), Action: a.Action, Field: &a.Field,
			Button: words.T("complaint.follow_button")}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/follow/"+id, http.StatusSeeOther)
	return nil
}

func crumbs(words *page.Printer, code string) []breadcrumb.Step {
	list := []breadcrumb.Step{{Href: "/reports", Text: words.T("complaint.title")}}
	if code != "" {
		list = append(list, breadcrumb.Step{Href: "/reports/" + code, Text: code})
	}
	return list
}

// typing is the page on which the code is typed: the same for every id.
func typing(r *http.Request, typed, wrong string) view {
	words := page.Words(r.Context())
	return view{Crumbs: crumbs(words, ""), Title: words.T("complaint.follow_type_title"), Lead: words.T("complaint.follow_type_lead"), Action: "/follow/" + r.PathValue("id"),
		Field:  &field.View{ID: "code", Label: words.T("complaint.follow_code"), Value: typed, Error: wrong, Width: "s", Max: 10, Complete: "one-time-code", Mode: "numeric"},
		Button: words.T("complaint.follow_confirm")}
}

func (p *Pages) asked(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, typing(r, "", ""), 0)
}

// confirm takes the code.
func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	if err := p.paced(r); err != nil {
		return err
	}
	words, typed := page.Words(r.Context()), strings.TrimSpace(r.PostFormValue("code"))
	code, err := p.Book.Confirm(r.Context(), r.PathValue("id"), strings.NewReplacer(" ", "", "-", "").Replace(typed))
	if fault.Is(err, fault.Invalid) {
		return p.show(w, r, typing(r, typed, words.T(fault.Of(err).Key)), http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return p.show(w, r, view{Crumbs: crumbs(words, code), Title: words.T("complaint.follow_done_title"),
		Notice: &notice.View{Kind: notice.Good, Title: words.T("complaint.follow_done"), Text: words.T("complaint.follow_done_text")}, Aside: "/follow/" + r.PathValue("id") + "/stop"}, 0)
}

// leaving shows the button that ends it: programs that fetch links end nothing.
func (p *Pages) leaving(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r.Context())
	return p.show(w, r, view{Crumbs: crumbs(words, ""), Title: words.T("complaint.follow_stop_title"), Lead: words.T("complaint.follow_stop_lead"),
		Action: "/follow/" + r.PathValue("id") + "/stop", Button: words.T("complaint.follow_stop")}, 0)
}

// leave ends it, and says so whether there was anything to end or not.
func (p *Pages) leave(w http.ResponseWriter, r *http.Request) error {
	if err := p.paced(r); err != nil {
		return err
	}
	if err := p.Book.End(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	words := page.Words(r.Context())
	return p.show(w, r, view{Crumbs: crumbs(words, ""), Title: words.T("complaint.follow_stop_title"),
		Notice: &notice.View{Kind: notice.Good, Title: words.T("complaint.follow_stopped"), Text: words.T("complaint.follow_stopped_text")}}, 0)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, v view, status int) error {
	return p.Show(w, r, page.View{Title: v.Title, Body: followPage(v), Private: true, Status: status})
}
