package seal

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

const rewrapPage = 500

// RotateWrap makes a new wrap key and wraps every stream key anew, in one
// transaction of the key store; no event is touched. It returns how many keys
// it re-wrapped. The old wrap key stays in the folder until that transaction
// is durable, so a crash at any moment loses nothing: OpenKeys finishes what
// was decided, and a second call what was not.
func (k *Keys) RotateWrap(ctx context.Context) (n int, err error) {
	if err := k.in.drawNextWrap(); err != nil {
		return 0, err
	}
	wraps := k.in.wrapping()
	err = k.db.Write(func(tx db.Tx) error {
		n = 0
		mine, err := replaceWrap(tx, wraps.current, wraps.next)
		if err != nil {
			return err
		}
		if !mine {
			return fault.New(fault.Conflict, "seal.rotating")
		}
		n, err = rewrapAll(ctx, tx, wraps)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, errors.Join(k.in.promoteWrap(), k.in.renewEscrow(), k.db.Checkpoint())
}

// drawNextWrap writes the next wrap key; one that a broken-off rotation left is used.
func (in *Instance) drawNextWrap() error {
	_, err := os.Stat(in.path(nextWrapFile))
	if errors.Is(err, fs.ErrNotExist) {
		// Under its own name it is whole or not there: a power cut in the middle
		// must not leave a folder of keys that cannot be read.
		err = replace(in.path(nextWrapFile), keyLine())
	}
	if err != nil {
		return err
	}
	return in.readWraps()
}

func rewrapAll(ctx context.Context, tx db.Tx, wraps wrapping) (n int, err error) {
	for last := ""; ; {
		page, err := wrappedBy(tx, wraps.current, last, rewrapPage)
		if err != nil || len(page) == 0 {
			return n, err
		}
		for _, stored := range page {
			if err := rewrap(tx, wraps, stored); err != nil {
				return n, err
			}
			n, last = n+1, stored.stream
		}
		if err := ctx.Err(); err != nil {
			return n, err
		}
	}
}

func rewrap(tx db.Tx, wraps wrapping, stored storedKey) error {
	raw, err := wraps.unwrap(stored.wrap, stored.stream, stored.wrapped)
	if err != nil {
		return err
	}
	return rewrapKey(tx, storedKey{stored.stream, wraps.next, wraps.wrap(wraps.next, stored.stream, raw)})
}

// finishRotation compares the wrap key in use with the folder's.
func (k *Keys) finishRotation() error {
	wraps := k.in.wrapping()
	var inUse string
	err := k.db.Write(func(tx db.Tx) (err error) {
		inUse, err = wrapInUse(tx, wraps.current)
		return err
	})
	switch {
	case err != nil:
		return err
	case inUse == wraps.current:
		return nil
	case inUse == wraps.next: // cut off after the store had changed
		return k.in.promoteWrap()
	}
	return fault.New(fault.Internal, "seal.wrap_key_unknown").With("id", inUse).At(k.in.path(wrapFile))
}
