package desk

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"pendopo/engine/attachment"
	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/actions"
	"pendopo/web/component/choice"
	"pendopo/web/component/date"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/upload"
)

// receive reads the form part by part. The first file that comes opens a draft,
// whose key seals it; nothing of it is written in plain.
func (e *entry) receive(r *http.Request) error {
	parts := page.PartsOf(r)
	if parts == nil {
		e.values = r.PostForm
		return e.resume()
	}
	for {
		p, err := parts.Next()
		if err != nil || p == nil {
			return err
		}
		f := e.fileField(p.Name)
		if f == nil {
			err = e.plain(p)
		} else if p.File != "" {
			err = e.take(*f, p)
		}
		if err != nil {
			return err
		}
	}
}

func (e *entry) plain(p *page.Part) error {
	v, err := p.Value()
	if err != nil {
		return err
	}
	e.values.Add(p.Name, v)
	if p.Name == "draft" {
		return e.resume()
	}
	return nil
}

// resume goes on with the draft of an earlier sending of the same form; its code
// and secret travel in the form.
func (e *entry) resume() error {
	e.draft = e.values.Get("draft")
	if e.draft == "" {
		return nil
	}
	code, secret, _ := strings.Cut(e.draft, " ")
	found, err := e.d.Cases.Unlock(e.ctx, code, secret, e.from)
	e.stream = found.Stream
	return err
}

// take keeps one file. What the field does not take is said at the field.
func (e *entry) take(f definition.Field, p *page.Part) error {
	if e.stream == "" {
		d, code, secret, err := e.d.Cases.Begin(e.b.Service.ID, counterChannel, e.lang())
		if err != nil {
			return err
		}
		e.stream, e.draft = d.Stream, code+" "+secret
	}
	b, err := e.d.Attachments.Take(e.stream, f, p.File, p)
	if flt := fault.Of(err); flt != nil {
		if flt.Field != f.ID {
			return err
		}
		e.faults = append(e.faults, flt)
		return nil
	}
	e.taken[f.ID] = append(e.taken[f.ID], b.ID)
	return nil
}

// gather puts the files of every field together: those that came before, those
// that came now, or the word that the paper is brought to the counter.
func (e *entry) gather() {
	for name := range e.taken { // an item of a group may hold nothing but a file
		e.values[name] = e.taken[name]
	}
	for _, f := range e.papersOf() {
		ids := append(slices.Clone(e.values[f.ID+"-had"]), e.taken[f.ID]...)
		if came := e.values.Get(f.ID + "-counter"); len(ids) == 0 && f.Counter && (came == paperLater || came == paperLooked) {
			ids = []string{form.AtCounter}
			if came == paperLooked {
				e.looked = append(e.looked, f.ID)
			}
		}
		e.values[f.ID] = ids
		if len(ids) > 0 && !strings.Contains(f.ID, ".") {
			e.answers[f.ID] = ids
		}
	}
}

// remove takes a file back.
func (e *entry) remove(which string) {
	name, id, _ := strings.Cut(which, ":")
	ids := slices.DeleteFunc(slices.Clone(e.values[name]), func(x string) bool { return x == id })
	e.values[name], e.values[name+"-had"] = ids, ids
	delete(e.answers, name)
	if len(ids) > 0 && !strings.Contains(name, ".") {
		e.answers[name] = ids
	}
	if e.stream != "" {
		if err := e.d.Attachments.Remove(e.stream, id); err != nil {
			e.d.Log.DebugContext(e.ctx, "a file that was taken back stays until it is swept")
		}
	}
}

func (e *entry) env() form.Env {
	return form.Env{Answers: e.answers, Today: e.now.In(e.zone), Received: e.now.In(e.zone), Channel: counterChannel}
}

// parse reads every page of the form and checks the whole. What could not be
// read is reported as that, and not as missing.
func (e *entry) parse() {
	files := e.faults
	unread := map[string]*fault.Fault{}
	for _, p := range e.b.Service.Form.Pages {
		got, err := e.b.Form.ParsePage(p.ID, e.values, e.answers, e.env())
		e.answers = got
		for _, f := range spreadOf(err) {
			if _, read := got[f.Field]; !read && e.wrote(f.Field) {
				unread[f.Field] = f
			}
		}
	}
	for _, f := range files {
		unread[f.Field] = f
	}
	clean, err := e.b.Form.Check(e.answers, e.env())
	e.faults = nil
	for _, f := range spreadOf(err) {
		if first := unread[f.Field]; first != nil {
			f = first
			delete(unread, f.Field)
		}
		e.faults = append(e.faults, f)
	}
	for _, p := range e.b.Service.Form.Pages {
		for _, fl := range definition.Asked(p.Fields) {
			if f := unread[fl.ID]; f != nil && e.b.Form.Shown(fl.ID, e.env()) {
				e.faults = append(e.faults, f)
			}
		}
	}
	if len(e.faults) == 0 {
		e.answers = clean
	}
}

func spreadOf(err error) []*fault.Fault {
	if err == nil {
		return nil
	}
	return spread(fault.Of(err))
}

// wrote says whether anything was typed for a field.
func (e *entry) wrote(id string) bool {
	return e.values.Get(id)+e.values.Get(id+"-day")+e.values.Get(id+"-month")+e.values.Get(id+"-year") != ""
}

// entryView is the whole form on one page.
type entryView struct {
	Title      string
	Service    string
	Action     string
	Definition string
	Once       string
	Draft      string
	Errors     []errorsummary.Item
	Received   receivedView
	Groups     []entryGroup
	Bar        []actions.Action
	Asked      string // address that says which fields are asked, by what is typed so far
	Focus      string // where to go on after an item came or went
	Decides    string // the fields that this depends on
}

// receivedView asks when the matter reached the counter, if not now.
type receivedView struct {
	Open     bool
	Date     date.View
	Time     field.View
	Evidence choice.View
}

// entryGroup is one page of the form; one that is asked of some applicants alone
// is folded away until it is needed.
type entryGroup struct {
	Title  string
	Maybe  bool
	Open   bool
	Fields []entryField
}

// entryField is one question. Off says that by what is known it is not asked: a
// script puts it out of sight, and without one its hint says so. Maybe says that
// this depends on other answers.
type entryField struct {
	ID    string
	Off   bool
	Maybe bool
	Show  templ.Component
}

func (e *entry) show(w http.ResponseWriter, r *http.Request, status int) error {
	m := e.me
	v := entryView{
		Title: m.words.T("desk.entry_title"), Service: m.words.Of(e.b.Service.Name), Action: "/desk/enter/" + e.b.Service.ID,
		Definition: e.b.Hash, Once: newKey(), Draft: e.draft, Received: e.received(), Asked: "/desk/enter/" + e.b.Service.ID + "/asked",
		Focus:   e.focus,
		Decides: strings.Join(deciding(e.b.Service), " "),
	}
	words, items, err := caseview.Faults(e.b.Service, m.words, fault.Join(e.faults))
	if err != nil {
		return err
	}
	v.Errors = e.linked(items)
	if v.Groups, err = e.groups(words); err != nil {
		return err
	}
	v.Bar = newKeys().button("submit", m.words.T("desk.entry_button"), false)
	return e.d.page(w, r, m, view{Title: v.Title + ": " + v.Service, Body: entryPage(v), Status: status})
}

// linked leads from the list at the top to the two questions that are not of the
// form itself.
func (e *entry) linked(items []errorsummary.Item) []errorsummary.Item {
	for i, f := range e.faults {
		if i < len(items) && (f.Field == "received" || f.Field == "evidence") {
			items[i].Field = map[string]string{"received": "received-day", "evidence": "evidence"}[f.Field]
		}
	}
	return items
}

func (e *entry) received() receivedView {
	t, v := e.me.words.T, e.values
	out := receivedView{
		Date:     date.View{View: field.View{ID: "received", Label: t("desk.received_date"), Error: e.wrong("received")}, Day: v.Get("received-day"), Month: v.Get("received-month"), Year: v.Get("received-year")},
		Time:     field.View{ID: "received-time", Label: t("desk.received_time"), Hint: t("desk.received_time_hint"), Value: v.Get("received-time"), Width: "s", Max: 8},
		Evidence: choice.View{View: field.View{ID: "evidence", Label: t("desk.evidence"), Error: e.wrong("evidence")}, Blank: t("component.choose")},
	}
	for _, code := range casework.Evidences() {
		out.Evidence.Options = append(out.Evidence.Options, choice.Option{ID: code, Text: t("desk.evidence_" + code), Chosen: v.Get("evidence") == code})
	}
	out.Open = v.Get("received-day")+v.Get("received-time")+v.Get("evidence") != ""
	return out
}

// wrong is what to correct at a question that is not of the form itself.
func (e *entry) wrong(id string) string {
	for _, f := range e.faults {
		if f.Field == id {
			return e.me.words.TMap(f.Key, f.Args)
		}
	}
	return ""
}

// groups are the pages of the form, those asked of everyone first in sight.
func (e *entry) groups(faults map[string]string) ([]entryGroup, error) {
	files, err := e.files()
	if err != nil {
		return nil, err
	}
	all := caseview.Fields{
		Words: e.d.wordsFor(e.me, e.b.Service, ""), Form: e.b.Form, Env: e.env(), Answers: e.withFiles(),
		Faults: faults, Files: files, Limit: e.takes, Carry: true, Promise: e.me.words.T("desk.entry_later"),
	}
	if len(e.values) > 0 {
		all.Typed = e.values
	}
	here := all
	here.Government = e.here()
	var out []entryGroup
	for i, p := range e.b.Service.Form.Pages {
		g := entryGroup{Title: e.me.words.Of(p.Title), Maybe: p.Show != "" || len(p.For) > 0}
		for j, f := range p.Fields {
			show := all
			if f.ID == e.b.Service.Unit.Region {
				show = here
			}
			off := e.off(i, j)
			if f.Show != "" && !g.Maybe {
				f = e.maybe(f)
			}
			g.Fields = append(g.Fields, entryField{f.ID, off, g.Maybe || f.Show != "", e.question(show, f)})
			g.Open = g.Open || all.Typed != nil && !off
		}
		out = append(out, g)
	}
	return out, nil
}

// question is one field as it stands at the counter: a paper that may be brought
// asks what became of it.
func (e *entry) question(show caseview.Fields, f definition.Field) templ.Component {
	if f.Kind == definition.KindGroup {
		return groupQuestion(e.group(show, f))
	}
	if len(f.Instead) > 0 {
		alone := f
		alone.Instead = nil
		return withSubstitutes(e.question(show, alone), e.substitutes(show, f))
	}
	if f.Kind != definition.KindFile || !f.Counter {
		return show.Show(f)
	}
	return paperQuestion(e.paper(show, f))
}

// maybe says at a field that it is not asked of everyone.
func (e *entry) maybe(f definition.Field) definition.Field {
	hint := e.me.words.T("desk.entry_if")
	if f.Kind == definition.KindFile {
		hint += " " + e.takes(f)
	}
	f.Hint = definition.Text{e.me.words.Lang(): hint}
	return f
}

// here is the government with the regions of this counter alone.
func (e *entry) here() *definition.Government {
	g := *e.d.Cases.Government()
	s := e.b.Service
	if s.Unit.Region == "" {
		return &g
	}
	keep := e.d.served(s, e.d.counters(e.me, s))
	g.Regions = slices.DeleteFunc(slices.Clone(g.Regions), func(r definition.Region) bool {
		return !slices.ContainsFunc(keep, func(k definition.Region) bool { return strings.HasPrefix(k.Code, r.Code) })
	})
	return &g
}

// files are the kept files that stand in the form.
func (e *entry) files() (map[string]upload.File, error) {
	out := map[string]upload.File{}
	for _, f := range e.papersOf() {
		for _, id := range e.values[f.ID] {
			if id == form.AtCounter {
				continue
			}
			b, err := e.d.Attachments.File(e.stream, id)
			if err != nil {
				return nil, err
			}
			out[id] = upload.File{ID: id, Name: b.Name, Size: e.me.words.Size(b.Size)}
		}
	}
	return out, nil
}

// withFiles are the answers with the files of every question by its name, as a
// page shows them.
func (e *entry) withFiles() form.Answers {
	out := maps.Clone(e.answers)
	for _, f := range e.papersOf() {
		if ids := e.values[f.ID]; len(ids) > 0 {
			out[f.ID] = []string(ids)
		}
	}
	return out
}

func (e *entry) takes(f definition.Field) string { return takes(e.me.words, f) }

// takes says what a file field takes.
func takes(words *page.Printer, f definition.Field) string {
	return words.T("desk.takes_"+attachment.Takes(f).Words(), "size", words.Number(attachment.Limit(f)>>20)+" MB")
}
