package caseview

import (
	"maps"
	"time"

	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/web/component/papers"
	"pendopo/web/component/summary"
	"pendopo/web/component/thread"
)

// Spoken is an event of a case with the words that were sealed in it.
type Spoken struct {
	Version int64
	Kind    string
	At      time.Time
	Change  fold.Change
	Private flow.Private
}

// Reader is for whom words are put: an officer reads all that was said, an
// applicant what is meant for them.
type Reader struct {
	Officer bool
	Form    *form.Form
	File    func(label, id string) papers.File       // a file of the case, where this reader gets it
	Other   func(service string) *definition.Service // by which another unit was asked; nil when it is gone
}

// Said is what whoever acted answered, with the pictures that came along. Of an
// act that asked nothing there is none.
func (w Words) Said(r Reader, s Spoken) (rows []summary.Row, files []papers.File) {
	given := maps.Clone(s.Private.Given)
	if given == nil {
		given = form.Answers{}
	}
	for id, v := range s.Change.Answers {
		given[id] = v
	}
	for _, d := range w.asked(r, s) {
		v, answered := given[d.ID]
		switch {
		case !answered || d.Internal && !r.Officer:
		case d.Kind == definition.KindFile:
			for _, id := range IDs(v) {
				files = append(files, r.File(w.Printer.Of(d.Label), id))
			}
		default:
			if text := Answer(w.Printer, r.Form, *d, v); text != "" {
				rows = append(rows, summary.Row{Label: w.Printer.Of(d.Label), Values: []string{text}})
			}
		}
	}
	if p := s.Private.Public; p != nil {
		rows = append(rows, summary.Row{Label: w.Printer.T("caseview.public_words"), Values: []string{p.Title, p.Text}})
	}
	return rows, files
}

// asked are the questions that were put to whoever acted: those of the action,
// or, of an answer from another unit, those of the service by which it was asked.
func (w Words) asked(r Reader, s Spoken) (out []*definition.Field) {
	if s.Kind == fold.Submitted || s.Kind == fold.Resubmitted || s.Kind == fold.Papers {
		return nil
	}
	if s.Kind == fold.Answered && s.Change.Asked != nil {
		if other := r.Other(s.Change.Asked.Service); other != nil {
			return ofActions(other)
		}
		return nil
	}
	if step := w.Service.Step(s.Change.Step); step != nil {
		if a := step.Action(s.Change.Action); a != nil {
			return definition.Asked(a.Fields)
		}
	}
	return nil
}

// ofActions are the questions of every action of a service, each once.
func ofActions(s *definition.Service) (out []*definition.Field) {
	seen := map[string]bool{}
	for i := range s.Flow.Steps {
		for _, a := range s.Flow.Steps[i].Actions {
			for _, f := range definition.Asked(a.Fields) {
				if !seen[f.ID] {
					seen[f.ID] = true
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// IDs are the files that an answer names, also as it comes out of plain JSON.
func IDs(v any) (out []string) {
	switch list := v.(type) {
	case []string:
		return list
	case []any:
		for _, x := range list {
			if id, ok := x.(string); ok {
				out = append(out, id)
			}
		}
	}
	return out
}

// Meant are the files that came beside the form and are meant for the applicant:
// of messages, of answers that are not internal, and their own.
func (w Words) Meant(r Reader, all []Spoken) (ids []string) {
	r.File = func(_, id string) papers.File { return papers.File{Href: id} }
	for _, s := range all {
		if s.Kind == fold.Wrote {
			for _, f := range s.Change.Files {
				ids = append(ids, f.ID)
			}
		}
		_, files := w.Said(r, s)
		for _, f := range files {
			ids = append(ids, f.Href)
		}
	}
	return ids
}

// Thread is what applicant and officers wrote to each other. Who names whoever
// wrote on the officers' side.
func (w Words) Thread(r Reader, all []Spoken, who func(Spoken) string) thread.View {
	v := thread.View{Empty: w.Say("caseview.no_messages")}
	for _, s := range all {
		if s.Kind != fold.Wrote {
			continue
		}
		byApplicant := s.Change.By == nil || s.Change.By.Who != "role"
		m := thread.Message{When: w.Printer.MomentShort(s.At.In(w.Zone)), Stamp: s.At.UTC().Format(time.RFC3339),
			Text: s.Private.Note, Own: byApplicant != r.Officer}
		switch {
		case !byApplicant:
			m.Who = who(s)
		case r.Officer:
			m.Who = w.Say("caseview.applicant")
		default:
			m.Who = w.Printer.T("caseview.you")
		}
		for _, f := range s.Change.Files {
			m.Files = append(m.Files, r.File("", f.ID))
		}
		v.Messages = append(v.Messages, m)
	}
	return v
}
