package casework

import (
	"context"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/definition"
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

func (e *Engine) index(ctx context.Context, j job.Job) error {
	err := e.indexCase(ctx, string(j.Payload))
	if fault.Is(err, fault.Gone) {
		return nil // shredded meanwhile: it must not be found
	}
	return err
}

func (e *Engine) indexCase(ctx context.Context, stream string) error {
	c, err := e.state(ctx, stream)
	if err != nil {
		return err
	}
	b, err := e.cat.At(ctx, c.Definition)
	if err != nil {
		return err
	}
	answers, _, err := e.read(ctx, c)
	if err != nil {
		return err
	}
	return e.keys.PutIndex(stream, e.tokens(b, answers))
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
			err = e.indexCase(ctx, s)
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
