package pace

import (
	"context"

	"pendopo/kernel/db"
)

// Try is a throttle and the key of a caller.
type Try struct {
	Throttle *Throttle
	Key      string
}

// Attempt is one try by several keys that has been let through.
type Attempt struct {
	tries []Try
	backs []func()
	book  *Book
}

// Begin counts an attempt on this node and looks at the book before it is
// judged; ok is false when the caller must wait. End it with Right or Wrong.
func Begin(ctx context.Context, tries ...Try) (a *Attempt, ok bool, err error) {
	a = &Attempt{tries: tries}
	for _, t := range tries {
		a.book = t.Throttle.book
		back, ok := t.Throttle.here(t.Key)
		if !ok {
			return nil, false, nil // as far as it came it counts
		}
		a.backs = append(a.backs, back)
	}
	if a.book == nil {
		return a, true, nil
	}
	ok = true
	err = a.book.db.Read(ctx, func(tx db.Tx) error {
		for _, r := range a.rows() {
			room, err := a.book.room(tx, r.key, r.pace)
			if err != nil {
				return err
			}
			ok = ok && room
		}
		return nil
	})
	if err != nil {
		a.Right() // nothing was judged
	}
	return a, ok, err
}

// Right takes the count of this node back: the caller was right, or was not
// judged at all.
func (a *Attempt) Right() {
	for _, back := range a.backs {
		back()
	}
}

// Wrong counts the attempt in the book. When that fails, the caller is not to
// be told that it was wrong: an answer that is not counted is not given.
func (a *Attempt) Wrong() error {
	if a.book == nil {
		return nil
	}
	return a.book.db.Write(func(tx db.Tx) error {
		for _, r := range a.rows() {
			if _, err := a.book.count(tx, r.key, r.pace); err != nil {
				return err
			}
		}
		return nil
	})
}

// Take counts one try of something that is paced whenever it is done; ok is false
// when the caller must wait.
func (t *Throttle) Take(key string) (ok bool, err error) {
	back, ok := t.here(key)
	if !ok || t.book == nil {
		return ok, nil
	}
	ok = false
	err = t.book.db.Write(func(tx db.Tx) (err error) {
		ok, err = t.book.count(tx, t.book.mac("pace", t.name, key), t.pace)
		return err
	})
	if err != nil || !ok {
		back()
	}
	return ok, err
}
