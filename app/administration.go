package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"

	"pendopo/engine/administration"
	"pendopo/engine/casework"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/ledger"
)

// VerifyJob is the kind of job that proves the record because an administrator
// asked for it.
const VerifyJob = "administration.verify"

// sources are the government's files for administration.
type sources struct{ cases *casework.Engine }

func (s sources) Source(ctx context.Context) (string, map[string]string, error) {
	return s.cases.Source(ctx)
}

func (s sources) SourceAt(ctx context.Context, hash string) (map[string]string, error) {
	return s.cases.SourceAt(ctx, hash)
}

// Publish makes files live; what check finds or open cases still need is a fault
// that a person can do something about.
func (s sources) Publish(ctx context.Context, fsys fs.FS, p administration.Publication) error {
	_, err := s.cases.PublishBy(ctx, fsys, casework.Authority{By: p.By, Proposal: p.Proposal, Base: p.Base, Also: p.Also})
	switch {
	case errors.Is(err, casework.ErrFindings):
		return fault.New(fault.Invalid, "administration.faulty").Because(err)
	case errors.Is(err, casework.ErrStillNeeded):
		return fault.New(fault.Conflict, "administration.still_needed").Because(err)
	}
	return err
}

// AskVerify queues the proof of the record.
func (in *Instance) AskVerify(ctx context.Context, actor string) error {
	return in.Admin.Note(ctx, administration.Deed{Kind: administration.AskedVerify, Actor: actor}, func(tx db.Tx) error {
		return job.Enqueue(tx, job.Job{Kind: VerifyJob, Key: VerifyJob})
	})
}

// verify proves log and rows, and writes down what it found: how much into the
// record, what into the log.
func (in *Instance) verify(ctx context.Context, _ job.Job) error {
	n := 0
	err := in.Ledger.Verify(ctx, func(f ledger.Finding) {
		n++
		in.Log.Error("verify: the log", slog.String("finding", f.Key), slog.String("table", f.Table), slog.String("row", f.Row))
	})
	if err != nil {
		return err
	}
	err = in.VerifyRows(ctx, func(words string) {
		n++
		in.Log.Error("verify: a row", slog.String("finding", words))
	})
	if err != nil {
		return err
	}
	return in.Admin.Note(ctx, administration.Deed{Kind: administration.Verified, Actor: "system", Findings: n}, nil)
}
