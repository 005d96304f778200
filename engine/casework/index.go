package casework

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// IndexJob is the kind of job that writes the blind-index entries of a case
// into the key store; its payload is the stream. It runs after the commit, so
// no transaction spans two databases, and may always run again.
const IndexJob = "casework.index"

// queueIndex asks for the index entries in the transaction of the answers.
func queueIndex(stream string) func(db.Tx) error {
	return func(tx db.Tx) error {
		return job.Enqueue(tx, job.Job{Kind: IndexJob, Payload: []byte(stream)})
	}
}

// indexTogether is how many cases one round of the job takes: they share a
// snapshot of the data and a commit of the key store, and the more there are the
// more of their tokens fall on one page. The whole is done in a part of a second.
const indexTogether = 512

func (e *Engine) index(ctx context.Context, jobs []job.Job) error {
	streams := make([]string, len(jobs))
	for i, j := range jobs {
		streams[i] = string(j.Payload)
	}
	return e.indexCases(ctx, streams)
}

// indexCases writes the entries of some cases. One that was shredded meanwhile
// is passed over: it must not be found.
func (e *Engine) indexCases(ctx context.Context, streams []string) error {
	given := make([]event.Event, len(streams))
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		for i := 0; i < len(streams) && err == nil; i++ {
			given[i], err = event.Last(tx, streams[i], fold.Submitted, fold.Resubmitted)
		}
		return err
	})
	if err != nil {
		return err
	}
	var entries []seal.Entry
	for _, ev := range given {
		tokens, err := e.tokensOf(ctx, ev)
		if fault.Is(err, fault.Gone) {
			continue
		}
		if err != nil {
			return err
		}
		entries = append(entries, seal.Entry{Stream: ev.Stream, Tokens: tokens})
	}
	return e.keys.PutIndexes(entries)
}

// journeyOf is the journey token of the answers that an event gave; nil when
// there is none.
func (e *Engine) journeyOf(ctx context.Context, ev event.Event) ([]byte, error) {
	b, p, err := e.heldBy(ctx, ev)
	if err != nil {
		return nil, err
	}
	return e.journeyToken(b, p.Answers), nil
}

// heldBy is what an event of a case holds, with the definition it follows.
func (e *Engine) heldBy(ctx context.Context, ev event.Event) (*Bound, flow.Private, error) {
	b, err := e.cat.At(ctx, ev.Definition)
	if err != nil {
		return nil, flow.Private{}, err
	}
	key, err := e.keys.Get(ev.Stream)
	if err != nil {
		return nil, flow.Private{}, err
	}
	p, err := open(ev, key)
	return b, p, err
}

// tokensOf opens the answers as an event gave them.
func (e *Engine) tokensOf(ctx context.Context, ev event.Event) ([][]byte, error) {
	b, p, err := e.heldBy(ctx, ev)
	if err != nil {
		return nil, err
	}
	var clear struct { // of a fold.Change
		Answers form.Answers `json:"answers"`
	}
	if err := json.Unmarshal(ev.Clear, &clear); err != nil {
		return nil, err
	}
	out := append(e.tokens(b, clear.Answers), e.tokens(b, p.Answers)...)
	if journey := e.journeyToken(b, p.Answers); journey != nil {
		out = append(out, journey)
	}
	return out, nil
}

// birthToken is the kind of token that a date of birth is found by.
const birthToken = "birth"

// tokens are what the persons of a case may be found by, whoever they are in it:
// exact NIK, phone and date of birth, and the words of names in old and new
// spelling. They stand in the key store alone. Cases from before dates of birth
// and further persons were indexed get them by `pendopo keys reindex`.
func (e *Engine) tokens(b *Bound, a form.Answers) [][]byte {
	var out [][]byte
	for _, p := range b.Service.Form.Pages {
		out = append(out, e.tokensIn(p.Fields, a)...)
	}
	return out
}

// tokensIn are those of some fields, of the papers in their place, and of every
// item of a group.
func (e *Engine) tokensIn(fields []definition.Field, a form.Answers) [][]byte {
	var out [][]byte
	for _, f := range fields {
		for _, i := range f.Instead {
			out = append(out, e.tokensIn(i.Fields, a)...)
		}
		if f.Kind == definition.KindGroup {
			for _, item := range items(a[f.ID]) {
				out = append(out, e.tokensIn(f.Fields, item)...)
			}
			continue
		}
		v, ok := a[f.ID].(string)
		switch {
		case !ok:
		case f.Kind == definition.KindNIK || f.Kind == definition.KindPhone:
			out = append(out, e.codes.in.IndexMAC(string(f.Kind), v))
		case f.Kind == definition.KindDate && named(f.ID, "birth_date"):
			out = append(out, e.codes.in.IndexMAC(birthToken, v))
		case f.Name || ofPerson(f, fields):
			out = append(out, e.codes.in.NameIndex(v)...)
		}
	}
	return out
}

// named says whether a field is that part of some person: birth_date, or
// bride_birth_date.
func named(id, part string) bool { return id == part || strings.HasSuffix(id, "_"+part) }

// ofPerson says whether a field is the name of a person: beside it the same
// person is asked for a NIK, or for a date or place of birth. The name of a
// building or a firm is not.
func ofPerson(f definition.Field, beside []definition.Field) bool {
	who, is := strings.CutSuffix(f.ID, "name")
	if !is || f.Kind != definition.KindText || who != "" && !strings.HasSuffix(who, "_") {
		return false
	}
	return slices.ContainsFunc(beside, func(o definition.Field) bool {
		return o.ID == who+"nik" || o.ID == who+"birth_date" || o.ID == who+"birth_place"
	})
}

// items are those of a group, as an event or the form gives them.
func items(v any) []form.Answers {
	switch v := v.(type) {
	case []form.Answers:
		return v
	case []any:
		var out []form.Answers
		for _, item := range v {
			if fields, ok := item.(map[string]any); ok {
				out = append(out, fields)
			}
		}
		return out
	}
	return nil
}

// Reindex makes the index entries of every case anew and says of how many.
func (e *Engine) Reindex(ctx context.Context) (int, error) {
	var streams []string
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		streams, err = texts(tx.Query(`SELECT stream FROM cases ORDER BY stream`))
		return err
	})
	n := 0
	for _, s := range streams {
		if err = e.keys.ClearIndex(s); err == nil {
			err = e.indexCases(ctx, []string{s})
		}
		if fault.Is(err, fault.Gone) {
			continue
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, err
}
