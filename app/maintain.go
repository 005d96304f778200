package app

import (
	"context"
	"encoding/hex"

	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/engine/identity"
	"pendopo/engine/notify"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
)

// Shred ends the readability of a closed case, whatever engine keeps a part of
// it: the event, then key, index, files and the work on its document.
func (in *Instance) Shred(ctx context.Context, stream, reason, actor string) error {
	if err := in.Cases.Shred(ctx, stream, reason, actor); err != nil {
		return err
	}
	return in.DB.Write(func(tx db.Tx) error {
		if err := notify.Forget(tx, stream); err != nil {
			return err
		}
		return document.Forget(tx, stream)
	})
}

// folds are the folds of every engine that has rows to prove.
type folds struct {
	cases    *casework.Fold
	officers *identity.Fold
}

func (in *Instance) newFolds() folds { return folds{in.Cases.NewFold(), identity.NewFold()} }

// stretch is how many events verify and rebuild have in memory at a time.
const stretch = 2000

// next reads a stretch of the record and folds it.
func (f folds) next(tx db.Tx, from event.Place) (to event.Place, more bool, err error) {
	list, to, err := event.Page(tx, from, stretch)
	for _, e := range list {
		if err == nil {
			err = f.cases.Add(e)
		}
		if err == nil {
			err = f.officers.Add(e)
		}
	}
	return to, len(list) > 0, err
}

// VerifyRows folds the record anew and reports every row that is not what the
// events say, in one snapshot beside a running server. It opens nothing, so it
// works before and after shredding. Of files it hashes the ciphertext.
func (in *Instance) VerifyRows(ctx context.Context, report func(words string)) error {
	return in.verifyRows(ctx, report, func(stream string, file fold.File) error { return in.verifyFile(ctx, stream, file, report) })
}

func (in *Instance) verifyRows(ctx context.Context, report func(words string), file func(stream string, file fold.File) error) error {
	f := in.newFolds()
	checks := casework.Checks{Report: func(d casework.Difference) { report(d.String()) }, File: file, Revoked: document.IsRevoked}
	checks.Public = publicRows{in}.check // feature/complaint
	return in.DB.Read(ctx, func(tx db.Tx) error {
		for at, more := (event.Place{}), true; more; {
			var err error
			if at, more, err = f.next(tx, at); err != nil {
				return err
			}
			if err := f.cases.Compare(tx, !more, checks); err != nil {
				return err
			}
		}
		err := f.officers.Compare(tx, func(d identity.Difference) { report(d.String()) })
		err = strayReports(err, tx, report) // feature/complaint
		return err
	})
}

// verifyFile hashes the ciphertext of an attachment or document again and
// compares it with what the event names. It needs no key.
func (in *Instance) verifyFile(ctx context.Context, stream string, file fold.File, report func(words string)) error {
	want, err := hex.DecodeString(file.Hash)
	if err != nil || len(want) != 32 {
		report("file " + file.ID + " of " + stream + ": the event names no hash")
		return nil
	}
	err = in.Blobs.Check(ctx, file.ID, [32]byte(want))
	if fault.Is(err, fault.Unavailable) {
		return err
	}
	if err != nil {
		report("file " + file.ID + " of " + stream + ": is missing or not what the event says")
	}
	return nil
}

// Rebuild makes every row anew from the record, while nobody else writes, and
// says of how many cases. Cut off half-way, some rows are new and the others as
// they were: run again, it makes them all.
func (in *Instance) Rebuild(ctx context.Context) (cases int, err error) {
	f := in.newFolds()
	for at, more := (event.Place{}), true; more; {
		err := in.DB.Read(ctx, func(tx db.Tx) (err error) {
			at, more, err = f.next(tx, at)
			return err
		})
		if err != nil {
			return cases, err
		}
		n, err := f.cases.Replace(in.DB, !more)
		if cases += n; err != nil {
			return cases, err
		}
	}
	err = in.DB.Write(func(tx db.Tx) error {
		_, err := f.officers.Replace(tx)
		return err
	})
	err = restoreReports(ctx, in, err) // feature/complaint
	return cases, err
}
