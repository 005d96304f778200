package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/web/component/papers"
)

// saidView is what whoever acted answered, as far as it is meant for the
// applicant.
type saidView struct {
	Version int64    `json:"version" doc:"Of the line of the timeline that it belongs to."`
	Words   []spoken `json:"words" doc:"What was asked of whoever acted, and what they said."`
	Files   []string `json:"files,omitempty" doc:"Ids of the documents that came along."`
}

type spoken struct {
	Name string   `json:"name"`
	Text []string `json:"text"`
}

// message is one between applicant and officers.
type message struct {
	At    time.Time `json:"at"`
	By    holder    `json:"by"`
	Text  string    `json:"text,omitempty"`
	Files []string  `json:"files,omitempty" doc:"Ids of the documents that came along."`
}

// into is the case that goes on for one that was merged into it.
type into struct {
	Step    *named `json:"step,omitempty"`
	Outcome string `json:"outcome,omitempty"`
	Holder  holder `json:"holder"`
}

// dialogue is what was said to and by the applicant, and which files of the case
// are for them.
type dialogue struct {
	said     []saidView
	messages []message
	files    []string
}

func (d *Door) dialogue(ctx context.Context, t teller, b *casework.Bound, c fold.Case) (out dialogue, err error) {
	history, err := d.Cases.OwnHistory(ctx, c.Stream)
	if err != nil {
		return out, err
	}
	words := caseview.Words{Printer: t.words, Government: t.government, Service: t.service, Zone: t.zone}
	r := caseview.Reader{Form: b.Form, Other: d.serviceOf, File: func(_, id string) papers.File { return papers.File{Href: id} }}
	var all []caseview.Spoken
	for _, h := range history {
		s := caseview.Spoken{Version: h.Event.Version, Kind: h.Event.Kind, At: h.Event.Entered, Change: h.Change, Private: h.Private}
		all = append(all, s)
		if s.Kind == fold.Wrote {
			out.messages = append(out.messages, t.message(s))
			continue
		}
		rows, files := words.Said(r, s)
		if len(rows)+len(files) == 0 {
			continue
		}
		said := saidView{Version: s.Version, Words: []spoken{}}
		for _, row := range rows {
			said.Words = append(said.Words, spoken{row.Label, row.Values})
		}
		for _, f := range files {
			said.Files = append(said.Files, f.Href)
		}
		out.said = append(out.said, said)
	}
	out.files = words.Meant(r, all)
	return out, nil
}

func (t teller) message(s caseview.Spoken) message {
	m := message{At: t.local(s.At), By: holder{Who: "applicant"}, Text: s.Private.Note}
	if s.Change.By != nil {
		m.By = t.holder(*s.Change.By)
	}
	for _, f := range s.Change.Files {
		m.Files = append(m.Files, f.ID)
	}
	return m
}

// serviceOf is one by which another unit may be asked; nil when it is gone.
func (d *Door) serviceOf(id string) *definition.Service {
	b, err := d.Cases.Catalogue().Live(id)
	if err != nil {
		return nil
	}
	return b.Service
}

// reporter says how who told a case is kept, where that is apart from it.
func (d *Door) reporter(ctx context.Context, c fold.Case) (string, error) {
	if c.Vault == "" {
		return "", nil
	}
	anonymous, err := d.Cases.Anonymous(ctx, c)
	if anonymous {
		return "anonymous", err
	}
	return "apart", err
}

// into is nil for a case that was not merged.
func (d *Door) into(ctx context.Context, t teller, c fold.Case) (*into, error) {
	if c.Into == "" {
		return nil, nil
	}
	other, err := d.Cases.Follows(ctx, c)
	if err != nil {
		return nil, err
	}
	b, err := d.Cases.Catalogue().At(ctx, other.Definition)
	if err != nil {
		return nil, err
	}
	t.service = b.Service
	return &into{t.step(other.Step), other.Outcome, t.holder(other.Holder)}, nil
}

// messageField is what a file of a message is handed in for.
const messageField = "message"

// photo is what comes with a message.
func photo() definition.Field {
	return definition.Field{ID: messageField, Kind: definition.KindFile, Accept: []string{"image", "pdf"}}
}

// write is a message of the applicant. It moves nothing, so that no version is
// asked for.
func (d *Door) write(w http.ResponseWriter, r *http.Request) error {
	stream, err := d.owned(w, r)
	if err != nil {
		return err
	}
	key, err := keyOf(r)
	if err != nil {
		return err
	}
	in, err := bodyOf(r)
	if err != nil {
		return err
	}
	c, err := d.Cases.State(r.Context(), stream)
	if err != nil {
		return err
	}
	deed := casework.Deed{Stream: stream, Do: flow.DoWrite, Seen: c.Version, By: applicant(), Note: in.text("text", false, 4*flow.MostMessage), Uploads: in.list("files", flow.MostWith),
		Once: casework.Once{Scope: "api/write/" + stream, Key: key, Request: request(r.Method, casePath(d.Cases.Code(stream))+"/messages", in.tree)}}
	if err := gather(in.end(), nil); err != nil {
		return err
	}
	if deed.Uploads, err = d.kept(stream, photo(), deed.Uploads, "/files/"); err != nil {
		return fault.New(fault.Invalid, fault.Of(err).Key).At("/files")
	}
	if _, err := d.Cases.Act(r.Context(), deed); err != nil {
		return inMessage(err)
	}
	return d.whole(w, r, stream)
}

// inMessage puts the faults of a message where they stand in its request.
func inMessage(err error) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	out := *f
	out.Field = map[string]string{"note": "/text", "files": "/files"}[f.Field]
	return &out
}

// list asks for a list of at most so many strings.
func (b *body) list(name string, most int) (out []string) {
	v, ok := b.member(name, false)
	if !ok {
		return nil
	}
	list, isList := v.([]any)
	if !isList || len(list) > most {
		b.refuse(name, "api.not_list")
		return nil
	}
	for _, x := range list {
		s, isText := x.(string)
		if !isText {
			b.refuse(name, "api.not_list")
			return nil
		}
		out = append(out, s)
	}
	return slices.Compact(out)
}
