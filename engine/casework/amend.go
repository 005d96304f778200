package casework

import (
	"context"

	"pendopo/kernel/job"
)

// Amend applies a changed calendar at once, unless a running server is at it.
func (e *Engine) Amend(ctx context.Context) error {
	r := job.NewRunner(e.db, e.now)
	r.Handle(AmendJob, e.amendAll)
	return r.Drain(ctx)
}
