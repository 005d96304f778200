package app

import (
	"context"

	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/engine/identity"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
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
	return in.DB.Read(ctx, func(tx db.Tx) error {
		f, err := in.fold(tx)
		if err != nil {
			return err
		}
		if err := f.cases.Compare(tx, func(d casework.Difference) { report(d.String()) }); err != nil {
			return err
		}
		return f.officers.Compare(tx, func(d identity.Difference) { report(d.String()) })
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
