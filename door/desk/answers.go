package desk

import (
	"context"
	"slices"
	"strconv"

	"pendopo/engine/caseview"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/papers"
	"pendopo/web/component/timeline"
)

// answerPage is one page of the form as answered.
type answerPage struct {
	Title string
	Rows  []answer
}

// answer is one field: its words, or its papers.
type answer struct {
	Label   string
	Text    string
	Point   string // of a place on the ground: its address for a map of the device
	Papers  []papers.File
	Pending bool // will be brought to the counter
	Defect  bool // was sent back and is not answered yet
}

// answers are the pages that were asked, in their order.
func (d *Door) answers(x *matter) []answerPage {
	asked := x.b.Form.Pages(x.env)
	var out []answerPage
	for _, p := range x.b.Service.Form.Pages {
		if !slices.Contains(asked, p.ID) {
			continue
		}
		page := answerPage{Title: x.me.words.Of(p.Title)}
		for _, f := range definition.Asked(p.Fields) {
			if !f.Vault && x.b.Form.Shown(f.ID, x.env) {
				page.Rows = append(page.Rows, d.answersTo(x, *f)...)
			}
		}
		if len(page.Rows) > 0 {
			out = append(out, page)
		}
	}
	return out
}

// answersTo is the answer to a question, or for a group those of every item.
func (d *Door) answersTo(x *matter, f definition.Field) []answer {
	if f.Kind != definition.KindGroup {
		return []answer{d.answer(x, f)}
	}
	var out []answer
	for i, item := range itemsOf(x.file.Answers[f.ID]) {
		for _, inner := range f.Fields {
			named := inItem(f, i, inner)
			if !x.b.Form.Shown(named.ID, x.env) {
				continue
			}
			a := d.answerOf(x, named, item[inner.ID])
			a.Label = x.me.words.Of(f.Item) + " " + strconv.Itoa(i+1) + ": " + a.Label
			a.Defect = a.Defect || slices.Contains(x.c.Defects, f.ID)
			out = append(out, a)
		}
	}
	return out
}

func (d *Door) answer(x *matter, f definition.Field) answer {
	return d.answerOf(x, f, x.file.Answers[f.ID])
}

func (d *Door) answerOf(x *matter, f definition.Field, v any) answer {
	a := answer{Label: x.me.words.Of(f.Label), Defect: slices.Contains(x.c.Defects, f.ID), Pending: slices.Contains(x.c.Pending, f.ID)}
	if f.Kind == definition.KindDeclaration {
		a.Label = x.me.words.T("caseview.declaration")
	}
	if f.Kind == definition.KindFile {
		a.Papers = d.kept(x, f, v)
		if slices.Contains(x.c.Seen, f.ID) {
			a.Text = x.me.words.T("desk.paper_seen")
		}
		return a
	}
	a.Text = x.b.Form.Show(f, v, x.me.words.Lang(), x.me.words)
	if f.Kind == definition.KindPoint && a.Text != "" {
		a.Point = "geo:" + a.Text
	}
	for _, w := range x.b.Form.Warnings(x.file.Answers) {
		if w.Field == f.ID {
			a.Text += " — " + x.me.words.TMap(w.Key, w.Args)
		}
	}
	return a
}

// kept are the kept files of a field. One that cannot be found is named as
// missing by the file's own address, not here.
func (d *Door) kept(x *matter, f definition.Field, v any) []papers.File {
	ids, _ := v.([]string)
	var out []papers.File
	for _, id := range ids {
		if id != form.AtCounter {
			out = append(out, d.oneKept(x, x.me.words.Of(f.Label), id, len(x.c.Flags) > 0))
		}
	}
	return out
}

// oneKept is a file of the case. One that may hurt whoever looks waits for a press.
func (d *Door) oneKept(x *matter, name, id string, veiled bool) papers.File {
	p := papers.File{Href: x.base() + "/files/" + id, Name: name}
	if b, err := d.Attachments.File(x.c.Stream, id); err == nil {
		p.Name, p.Size, p.Kind = b.Name, x.me.words.Size(b.Size), papers.KindOf(b.Type)
	}
	p.Veiled = veiled && p.Kind == papers.Picture
	return p
}

// history adds to the timeline what only an opened case may show: the name of
// the officer, the note, and what was to be corrected.
func (d *Door) history(ctx context.Context, x *matter, events []timeline.Event) []timeline.Event {
	names := map[string]string{}
	for i, m := range caseview.Told(x.c) {
		e := &events[i]
		for _, h := range x.file.History {
			if h.Event.Version != m.Version {
				continue
			}
			if n := d.name(ctx, names, h.Event.Actor); n != "" {
				e.Who = n + ", " + e.Who
			}
			e.Said, e.Files = x.words.Said(d.reader(x), caseview.Spoken{Version: m.Version, Kind: m.Kind, At: m.At, Change: h.Change, Private: h.Private})
			for _, defect := range h.Private.Defects {
				e.Detail = append(e.Detail, x.defect(defect.ID)+": "+defect.Words)
			}
			if h.Private.Note != "" {
				e.Detail = append(e.Detail, x.me.words.T("desk.note_said", "note", h.Private.Note))
			}
			if h.Change.Evidence != "" && x.me.words.Has("desk.evidence_"+h.Change.Evidence) {
				e.Detail = append(e.Detail, x.me.words.T("desk.evidence_said", "evidence", x.me.words.T("desk.evidence_"+h.Change.Evidence)))
			}
		}
	}
	return events
}

// name is a colleague's name; whoever is no officer has none here.
func (d *Door) name(ctx context.Context, known map[string]string, actor string) string {
	if actor == "" || actor == "system" {
		return ""
	}
	if n, ok := known[actor]; ok {
		return n
	}
	n, err := d.Identity.Name(ctx, actor)
	if err != nil {
		n.Full = "" // gone, or the two of a suspension
	}
	known[actor] = n.Full
	return n.Full
}

// defect is what a returned line is about: a field, or a line of a checklist.
func (x *matter) defect(id string) string {
	if f := x.b.Service.Field(id); f != nil {
		return x.me.words.Of(f.Label)
	}
	for _, s := range x.b.Service.Flow.Steps {
		for _, c := range s.Checklist {
			if c.ID == id {
				return x.me.words.Of(c.Text)
			}
		}
	}
	return id
}
