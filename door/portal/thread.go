package portal

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/papers"
	"pendopo/web/component/thread"
	"pendopo/web/component/timeline"
	"pendopo/web/component/upload"
)

// spoken are the events of a case with their words, for its applicant. Of one
// whose key is gone there are none.
func (p *Portal) spoken(ctx context.Context, f found) ([]caseview.Spoken, error) {
	all, err := p.Cases.OwnHistory(ctx, f.Case.Stream)
	if fault.Is(err, fault.Gone) {
		return nil, nil
	}
	out := make([]caseview.Spoken, len(all))
	for i, h := range all {
		out[i] = caseview.Spoken{Version: h.Event.Version, Kind: h.Event.Kind, At: h.Event.Entered, Change: h.Change, Private: h.Private}
	}
	return out, err
}

func (p *Portal) reader(f found) caseview.Reader {
	return caseview.Reader{Form: f.Bound.Form, Other: p.serviceOf, File: func(label, id string) papers.File { return p.kept(f, label, id) }}
}

// serviceOf is one by which another unit may be asked; nil when it is gone.
func (p *Portal) serviceOf(id string) *definition.Service {
	b, err := p.Cases.Catalogue().Live(id)
	if err != nil {
		return nil
	}
	return b.Service
}

// said adds to the timeline what was said to the applicant, and by them.
func (p *Portal) said(f found, events []timeline.Event) []timeline.Event {
	for i, m := range caseview.Told(f.Case) {
		for _, s := range f.Spoken {
			if s.Version != m.Version {
				continue
			}
			events[i].Said, events[i].Files = f.Words.Said(p.reader(f), s)
			if by := s.Change.By; s.Private.Note != "" && (by == nil || by.Who == "applicant") {
				events[i].Detail = append(events[i].Detail, s.Private.Note)
			}
		}
	}
	return events
}

// threadView is what applicant and officers wrote to each other, and the box for
// one more message.
type threadView struct {
	Thread thread.View
	Action string
	Key    string
	Errors []errorsummary.Item
	Text   field.View
	File   upload.View
	Open   bool
}

// photo is what comes with a message.
func photo() definition.Field {
	most := int64(flow.MostWith)
	return definition.Field{ID: "photo", Kind: definition.KindFile, Accept: []string{"image", "pdf"}, Max: &most}
}

// thread is nil where the service has no messages.
func (p *Portal) thread(f found, typed url.Values, wrong *fault.Fault) *threadView {
	if !f.Bound.Service.Messages || f.Case.Shredded {
		return nil
	}
	words := f.Words.Printer
	v := &threadView{Thread: f.Words.Thread(p.reader(f), f.Spoken, func(s caseview.Spoken) string { return f.Words.Holder(*s.Change.By) }),
		Action: f.path("/messages"), Key: rand.Text(), Open: wrong != nil,
		Text: field.View{ID: "note", Label: words.T("portal.message"), Hint: words.T("portal.message_hint"), Rows: 3, Max: flow.MostMessage, Value: typed.Get("note")},
		File: upload.View{View: field.View{ID: "photo", Label: words.T("portal.message_photo"), Optional: true}, Many: true, Accept: caseview.Accept(photo())}}
	for _, m := range each(wrong) {
		text := words.TMap(m.Key, m.Args)
		at := "note"
		if m.Field == "photo" || m.Field == "files" {
			at, v.File.Error = "photo", text
		} else {
			v.Text.Error = text
		}
		v.Errors = append(v.Errors, errorsummary.Item{Field: at, Text: text})
	}
	return v
}

// write sends a message to whoever handles the case.
func (p *Portal) write(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.ownCase(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	if !f.Bound.Service.Messages {
		return fault.New(fault.Conflict, "flow.no_messages")
	}
	take := photo()
	in, err := p.readFor(r, f.Case.Stream, func(name string) *definition.Field {
		if name == take.ID {
			return &take
		}
		return nil
	})
	if err != nil {
		return err
	}
	note := strings.TrimSpace(in.Get("note"))
	request, err := json.Marshal([]string{"write", note})
	if err != nil {
		return err
	}
	d := casework.Deed{Stream: f.Case.Stream, Seen: f.Case.Version, Do: flow.DoWrite, Note: note, Uploads: slices.Clone(in.Values["photo"]), By: fold.Holder{Who: "applicant"},
		Once: casework.Once{Scope: "portal/" + f.Case.Stream + "/write", Key: in.Get("key"), Request: request}}
	if err := d.Once.Check(); err != nil {
		return err
	}
	if err = fault.Join(in.faults); err == nil {
		_, err = p.Cases.Act(r.Context(), d)
	}
	if wrong := fault.Of(err); wrong != nil && wrong.Kind == fault.Invalid {
		if f.Spoken, err = p.spoken(r.Context(), f); err != nil {
			return err
		}
		v := p.thread(f, in.Values, wrong)
		return p.wrong(w, r, f.Words.Printer.T("portal.messages"), messagePage(f.Code, *v))
	}
	if err != nil {
		return err
	}
	return redirect(w, r, f.path("")+"#messages")
}
