package app

import (
	"context"
	"encoding/hex"

	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/engine/identity"
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
	return in.DB.Write(func(tx db.Tx) error { return document.Forget(tx, stream) })
}

// folds are the folds of every engine that has rows to prove.
type folds struct {
	cases    *casework.Fold
	officers *identity.Fold
}

// fold walks over the whole record once.
func (in *Instance) fold(tx db.Tx) (folds, error) {
	f := folds{in.Cases.NewFold(), identity.NewFold()}
	err := event.Walk(tx, func(e event.Event) error {
		if err := f.cases.Add(e); err != nil {
			return err
		}
		return f.officers.Add(e)
	})
	return f, err
}

// VerifyRows folds the record anew and reports every row that is not what the
// events say, in one snapshot beside a running server. It opens nothing, so it
// works before and after shredding.
func (in *Instance) VerifyRows(ctx context.Context, report func(words string)) error {
	var f folds
	err := in.DB.Read(ctx, func(tx db.Tx) (err error) {
		if f, err = in.fold(tx); err != nil {
			return err
		}
		if err := f.cases.Compare(tx, func(d casework.Difference) { report(d.String()) }); err != nil {
			return err
		}
		return f.officers.Compare(tx, func(d identity.Difference) { report(d.String()) })
	})
	if err != nil {
		return err
	}
	return in.verifyFiles(ctx, f.cases, report)
}

// verifyFiles hashes the ciphertext of every attachment and document again and
// compares it with what the events name. It needs no key.
func (in *Instance) verifyFiles(ctx context.Context, f *casework.Fold, report func(words string)) error {
	return f.Attachments(func(stream string, file fold.File) error {
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
	})
}

// Rebuild makes every row anew from the record and says of how many cases.
func (in *Instance) Rebuild(ctx context.Context) (cases int, err error) {
	var f folds
	err = in.DB.Read(ctx, func(tx db.Tx) error {
		f, err = in.fold(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	err = in.DB.Write(func(tx db.Tx) error {
		if _, err := f.officers.Replace(tx); err != nil {
			return err
		}
		cases, err = f.cases.Replace(tx)
		return err
	})
	return cases, err
}
