package document

import (
	"context"

	"pendopo/kernel/db"
	"pendopo/kernel/seal"
)

// EachStatement names the stream of every signed statement and how to open it,
// for a rehearsal. Statements are short, a case has one at most, and they die
// with it, so they are read in pages of streams.
func (e *Engine) EachStatement(ctx context.Context, each func(stream string, open func(seal.StreamKey) error) error) error {
	for last := ""; ; {
		var page []work
		err := e.db.Read(ctx, func(tx db.Tx) (err error) {
			page, err = statementsAfter(tx, last)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, w := range page {
			last = w.stream
			err := each(w.stream, func(key seal.StreamKey) error {
				_, err := key.Open(w.statement, statementAAD(w))
				return err
			})
			if err != nil {
				return err
			}
		}
	}
}
