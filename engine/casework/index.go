package casework

import (
	"context"
	"encoding/json"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
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

// tokensOf opens the answers as an event gave them.
func (e *Engine) tokensOf(ctx context.Context, ev event.Event) ([][]byte, error) {
	b, err := e.cat.At(ctx, ev.Definition)
	if err != nil {
		return nil, err
	}
	key, err := e.keys.Get(ev.Stream)
	if err != nil {
		return nil, err
	}
	p, err := open(ev, key)
	if err != nil {
		return nil, err
	}
	var clear struct { // of a fold.Change
		Answers form.Answers `json:"answers"`
	}
	if err := json.Unmarshal(ev.Clear, &clear); err != nil {
		return nil, err
	}
	return append(e.tokens(b, clear.Answers), e.tokens(b, p.Answers)...), nil
}

// tokens are what a person may be found by: exact NIK and phone, and the words
// of the name in old and new spelling. They stand in the key store alone.
func (e *Engine) tokens(b *Bound, a form.Answers) [][]byte {
	var out [][]byte
	for _, p := range b.Service.Form.Pages {
		for _, f := range p.Fields {
			v, ok := a[f.ID].(string)
			switch {
			case !ok:
			case f.Kind == definition.KindNIK || f.Kind == definition.KindPhone:
				out = append(out, e.codes.in.IndexMAC(string(f.Kind), v))
			case f.Name:
				out = append(out, e.codes.in.NameIndex(v)...)
			}
		}
	}
	return out
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
