package casework

import (
	"context"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/flow"
)

// ShredJob is the kind of job that destroys what a shredded case leaves: key,
// index entries and files. Its payload is the stream.
const ShredJob = "casework.shred"

// Shred ends the readability of a closed case: an event says so and who
// ordered it, then key, index entries and files go. The ciphertext and the
// log stay, and go on verifying.
func (e *Engine) Shred(ctx context.Context, stream, reason, actor string) error {
	err := retry(func() error {
		before, err := e.state(ctx, stream)
		if err != nil {
			return err
		}
		_, err = e.command(ctx, before, flow.Command{Do: flow.DoShred, Reason: reason, By: system}, act{
			actor: actor, extra: []func(db.Tx) error{queueShred(stream)},
		})
		return err
	})
	if err != nil {
		return err
	}
	return e.destroy(ctx, stream)
}

// queueShred makes sure that a crash between the event and the destruction
// only delays it.
func queueShred(stream string) func(db.Tx) error {
	return func(tx db.Tx) error {
		return job.Enqueue(tx, job.Job{Kind: ShredJob, Key: ShredJob + "/" + stream, Payload: []byte(stream)})
	}
}

func (e *Engine) finishShred(ctx context.Context, j job.Job) error {
	return e.destroy(ctx, string(j.Payload))
}

// destroy may run again: what is gone stays gone. The vault of who told the case
// goes with it; a draft has none.
func (e *Engine) destroy(ctx context.Context, stream string) error {
	c, err := e.state(ctx, stream)
	if err != nil && !fault.Is(err, fault.Unknown) {
		return err
	}
	if err := e.blobs.Delete(stream); err != nil {
		return err
	}
	if c.Vault != "" {
		if err := e.keys.Shred(c.Vault); err != nil {
			return err
		}
	}
	return e.keys.Shred(stream)
}
