package ledger

import (
	"context"
	"encoding/json"
	"strconv"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
)

// continuedKind is the kind of the event that opens a log after a loss. Its
// stream is log/<number>.
const continuedKind = "log.continued"

// Continued is what that event says in clear, for everyone to see that, and
// how much, was lost.
type Continued struct {
	Origin  string `json:"origin"`  // of the log that ended
	Log     int64  `json:"log"`     // its number
	Head    string `json:"head"`    // the newest head signed of it, as a signed note
	Signed  int64  `json:"signed"`  // the size of that head
	Held    int64  `json:"held"`    // how many of its leaves this record holds
	Root    []byte `json:"root"`    // the root of those
	Differs bool   `json:"differs"` // what is held is not the beginning of what was signed
}

// Continue opens a new log, under a new origin, when the database is behind
// the newest signed head or differs from it (it was restored from an older
// copy) and what is missing is lost for good. Its first leaf is an event that
// names the old head and the missing range. Leaves that are still held stay
// where they are. Without lost it only says what is missing; when nothing is,
// it is a Conflict.
func (l *Ledger) Continue(ctx context.Context, lost bool) (head Head, err error) {
	err = l.db.Lead(ctx, leadName, func(_ context.Context, leader db.Leader) error {
		head, err = l.reopen(leader, lost)
		return err
	})
	return head, err
}

func (l *Ledger) reopen(leader db.Leader, lost bool) (next Head, err error) {
	disk, err := l.heads.newest()
	if err != nil {
		return next, err
	}
	var grown *edge
	err = leader.Write(func(tx db.Tx) error {
		head, err := newestHead(tx)
		if err != nil {
			return err
		}
		reason := l.agree(tx, head)
		switch {
		case reason == nil:
			return fault.New(fault.Conflict, "ledger.nothing_lost")
		case !lost || fault.Of(reason).Key != "ledger.behind" && fault.Of(reason).Key != "ledger.forked":
			return reason
		}
		next, grown, err = l.openLog(tx, disk)
		return err
	})
	if err != nil {
		return Head{}, err
	}
	l.remember(next.Log, grown)
	if err := l.heads.add(next); err != nil {
		return next, err
	}
	return next, l.announce()
}

// openLog appends the event, gives it the first leaf of the next log, and signs.
func (l *Ledger) openLog(tx db.Tx, disk Head) (Head, *edge, error) {
	e, err := l.continued(tx, disk)
	if err != nil {
		return Head{}, nil, err
	}
	if err := event.Append(tx, e); err != nil {
		return Head{}, nil, err
	}
	log, tree := disk.Log+1, &edge{}
	first := []waiting{{id: e.ID, stream: e.Stream, version: e.Version, leaf: e.Leaf[:]}}
	if err := insertLeaves(tx, log, 0, first); err != nil {
		return Head{}, nil, err
	}
	tree.add(e.Leaf[:], nil)
	if err := saveTile(tx, log, 0, 0, tree.levels[0]); err != nil {
		return Head{}, nil, err
	}
	next, err := sign(l.in, log, tree, l.after(disk))
	if err != nil {
		return Head{}, nil, err
	}
	return next, tree, insertHead(tx, next)
}

// continued makes the event that says what was lost of the log that disk ends.
func (l *Ledger) continued(tx db.Tx, disk Head) (e event.Event, err error) {
	held, err := headOf(tx, disk.Log)
	if err != nil {
		return e, err
	}
	if held.Log == 0 { // nothing of that log is held
		held.Root = (&edge{}).root()
	}
	clear, err := json.Marshal(Continued{
		Origin: originOf(l.in, disk.Log), Log: disk.Log, Head: string(disk.Note), Signed: disk.Size,
		Held: held.Size, Root: held.Root[:], Differs: held.Size >= disk.Size,
	})
	if err != nil {
		return e, err
	}
	e = event.Event{
		ID: event.NewID(), Stream: continuedStream(disk.Log + 1), Version: 1, Kind: continuedKind, Schema: 1,
		Entered: l.after(disk), Node: "ledger", Actor: "system", Clear: clear,
	}
	e.Finish()
	return e, nil
}

func continuedStream(log int64) string { return "log/" + strconv.FormatInt(log, 10) }
