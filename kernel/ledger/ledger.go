package ledger

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

const (
	leadName = "ledger"
	// Channel is where a new number of leaves is announced to every node.
	Channel = "log"

	lookEvery = 500 * time.Millisecond // for events that other nodes appended
	restAfter = 100 * time.Millisecond // between two rounds under load
	roundSize = 5000                   // events in one transaction
	promised  = time.Minute            // what a receipt promises
)

// Ledger is the Merkle log of a record. It is safe for use by several goroutines.
type Ledger struct {
	db    *db.DB
	in    *seal.Instance
	heads *headsDir
	now   func() time.Time
	key   string // public verifier line of the first log

	mu   sync.Mutex
	edge *edge // of the newest head, when this process signed it
	log  int64 // its log

	refused atomic.Bool // the last round signed nothing although the store answered
	leading atomic.Bool
}

// New opens the ledger of the record in d, whose tables event.Schema made.
// headsDir is the folder of signed heads; it need not exist.
func New(d *db.DB, in *seal.Instance, headsFolder string) (*Ledger, error) {
	if headsFolder == "" {
		return nil, errors.New("ledger: no folder for heads")
	}
	l := &Ledger{db: d, in: in, now: time.Now, key: in.LogVerifierKey(in.Origin())}
	l.heads = &headsDir{path: headsFolder, open: func(signed []byte) (Head, error) { return openHead(in, signed) }}
	return l, nil
}

// Run sequences the record until ctx ends, whenever this node leads. It
// returns ctx's error, or at once the fault for which nothing may be signed:
// the database is behind the heads folder, or differs from it, or is damaged.
// A store that is lost or full is tried again every second.
func (l *Ledger) Run(ctx context.Context) error {
	for {
		err := l.db.Lead(ctx, leadName, l.lead)
		l.leading.Store(false)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !fault.Is(err, fault.Unavailable) {
			return err
		}
		if err := rest(ctx, time.Second); err != nil {
			return err
		}
	}
}

// lead makes rounds: at once after an append in this process, and now and then
// for those of other nodes.
func (l *Ledger) lead(ctx context.Context, leader db.Leader) error {
	l.leading.Store(true)
	appended, stop := l.db.Watch(event.Topic)
	defer stop()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		n, err := l.round(leader)
		if err != nil {
			return err
		}
		if n > 0 {
			if err := rest(ctx, restAfter); err != nil {
				return err
			}
		}
		if n == roundSize {
			continue
		}
		select {
		case <-appended:
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Sequence makes one round and says how many events it gave their leaves. It
// waits while another goroutine or node leads.
func (l *Ledger) Sequence(ctx context.Context) (n int, err error) {
	err = l.db.Lead(ctx, leadName, func(_ context.Context, leader db.Leader) error {
		n, err = l.round(leader)
		return err
	})
	return n, err
}

// round gives waiting events their leaves, in one transaction, and announces
// the new head. The first round of a log also signs the empty one.
func (l *Ledger) round(leader db.Leader) (n int, err error) {
	var head Head
	var grown *edge
	err = leader.Write(func(tx db.Tx) error {
		n, grown = 0, nil
		if head, err = newestHead(tx); err != nil {
			return err
		}
		if err := l.agree(tx, head); err != nil {
			return err
		}
		list, err := pending(tx, roundSize)
		if err != nil || len(list) == 0 && head.Log > 0 {
			return err
		}
		n = len(list)
		head, grown, err = l.grow(tx, head, list)
		return err
	})
	l.refused.Store(err != nil && !fault.Is(err, fault.Unavailable))
	if err != nil {
		l.remember(0, nil)
		return 0, err
	}
	if grown != nil {
		l.remember(head.Log, grown)
	}
	if err := l.heads.add(head); err != nil || grown == nil {
		return n, err
	}
	return n, l.announce()
}

// grow adds the leaves after head and signs the next one.
func (l *Ledger) grow(tx db.Tx, head Head, list []waiting) (Head, *edge, error) {
	log := max(head.Log, 1)
	e, err := l.edgeOf(tx, log, head.Size)
	if err != nil {
		return Head{}, nil, err
	}
	if head.Log > 0 && e.root() != head.Root {
		return Head{}, nil, damaged("ledger.tile_differs", "tile", tileRow(log, 0, head.Size/tileWidth))
	}
	if err := insertLeaves(tx, log, e.size, list); err != nil {
		return Head{}, nil, err
	}
	var failed error
	put := func(level int, number int64, hashes []byte) {
		failed = errors.Join(failed, saveTile(tx, log, level, number, hashes))
	}
	for _, w := range list {
		e.add(w.leaf, put)
	}
	e.partial(put)
	if failed != nil {
		return Head{}, nil, failed
	}
	next, err := sign(l.in, log, e, l.after(head))
	if err != nil {
		return Head{}, nil, err
	}
	return next, e, insertHead(tx, next)
}

// after is now, or a microsecond after the head when the clock went back.
func (l *Ledger) after(head Head) time.Time {
	if now := l.now(); now.After(head.At) {
		return now
	}
	return head.At.Add(time.Microsecond)
}

// agree refuses to sign on what is not the continuation of the newest head
// that this node knows.
func (l *Ledger) agree(tx db.Tx, head Head) error {
	disk, err := l.heads.newest()
	if err != nil || disk.Log == 0 || disk.Log < head.Log {
		return err
	}
	if head.behind(disk) {
		return behind(head, disk)
	}
	held, err := headAt(tx, disk.Log, disk.Size)
	if err != nil {
		return err
	}
	if held.Root != disk.Root {
		return fault.New(fault.Internal, "ledger.forked").With("size", disk.Size).With("folder", l.heads.path)
	}
	return nil
}

func behind(head, disk Head) *fault.Fault {
	return fault.New(fault.Internal, "ledger.behind").With("size", head.Size).With("signed", disk.Size).With("log", disk.Log)
}

func (l *Ledger) edgeOf(tx db.Tx, log, size int64) (*edge, error) {
	l.mu.Lock()
	held, number := l.edge, l.log
	l.mu.Unlock()
	if held != nil && number == log && held.size == size {
		return held.clone(), nil
	}
	return loadEdge(tx, log, size)
}

func (l *Ledger) remember(log int64, e *edge) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log, l.edge = log, e
}

// Keep writes the heads that other nodes sign into this node's heads/ until ctx
// ends, so that whichever node leads next knows how far the log had come: after
// the database failed over to a replica that lacks the newest of it, none signs
// another history. It says so, again and again, as long as the database is behind
// what this node has seen, or differs from it.
func (l *Ledger) Keep(ctx context.Context) error {
	notes, err := l.db.Listen(ctx, Channel)
	if err != nil {
		return err
	}
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		if err := l.keep(ctx); err != nil && !fault.Is(err, fault.Unavailable) {
			return err
		}
		select {
		case <-notes:
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// keep looks once. Who leads has its own head already, and judges by itself.
func (l *Ledger) keep(ctx context.Context) error {
	if l.Leads() {
		return nil
	}
	var head Head
	err := l.db.Read(ctx, func(tx db.Tx) (err error) {
		if head, err = newestHead(tx); err != nil {
			return err
		}
		return l.agree(tx, head)
	})
	if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
		return err
	}
	l.refused.Store(err != nil)
	if err != nil {
		return err
	}
	return l.heads.add(head)
}

// Head is the newest signed head; one without a log when nothing was signed yet.
func (l *Ledger) Head() (head Head, err error) {
	err = l.db.Read(context.Background(), func(tx db.Tx) error {
		head, err = newestHead(tx)
		return err
	})
	return head, err
}

// Waiting is how many events the log has not taken in yet: none for long while
// a server runs.
func (l *Ledger) Waiting(ctx context.Context) (n int64, err error) {
	err = l.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT count(*) FROM unsequenced`).Scan(&n)
	})
	return n, err
}

// Refuses says that this node may not sign: the database is behind the heads it
// knows, or differs from them.
func (l *Ledger) Refuses() bool { return l.refused.Load() }

// Agrees says why this node may not sign on what the database holds: it is behind
// the newest head in the folder, or differs from it. Nil: it may.
func (l *Ledger) Agrees(ctx context.Context) error {
	return l.db.Read(ctx, func(tx db.Tx) error {
		head, err := newestHead(tx)
		if err != nil {
			return err
		}
		return l.agree(tx, head)
	})
}

// Leads says whether this node sequences the log now.
func (l *Ledger) Leads() bool { return l.leading.Load() }

// Oldest is when the oldest event that the log has not taken in yet was entered;
// zero when none waits.
func (l *Ledger) Oldest(ctx context.Context) (at time.Time, err error) {
	err = l.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT e.entered FROM unsequenced u JOIN event e ON e.id = u.id ORDER BY u.id LIMIT 1`).Scan(&at)
	})
	if errors.Is(err, db.ErrNone) {
		return time.Time{}, nil
	}
	return at, err
}

// Leaves is the number of leaves of all logs: the position at which Since
// finds nothing yet.
func (l *Ledger) Leaves(ctx context.Context) (n int64, err error) {
	err = l.db.Read(ctx, func(tx db.Tx) error {
		_, sizes, err := logSizes(tx)
		n = 0
		for _, size := range sizes {
			n += size
		}
		return err
	})
	return n, err
}

func (l *Ledger) announce() error {
	n, err := l.Leaves(context.Background())
	if err != nil {
		return err
	}
	return l.db.Notify(Channel, strconv.FormatInt(n, 10))
}

// Following gives the number of leaves now, and again whenever it has grown,
// until ctx ends. A slow reader gets the newest number only. It is the one
// thing that live pages, projections and webhooks wait for, on every node.
func (l *Ledger) Following(ctx context.Context) <-chan int64 {
	out := make(chan int64, 1)
	go func() {
		defer close(out)
		l.follow(ctx, out)
	}()
	return out
}

// follow looks after every note, and every second in case one was lost.
func (l *Ledger) follow(ctx context.Context, out chan int64) {
	notes, err := l.db.Listen(ctx, Channel)
	if err != nil {
		notes = nil // a nil channel never speaks; looking goes on
	}
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for told := int64(-1); ; {
		if n, err := l.Leaves(ctx); err == nil && n != told {
			told = n
			offer(out, n)
		}
		select {
		case _, open := <-notes:
			if !open {
				notes = nil
			}
		case <-look.C:
		case <-ctx.Done():
			return
		}
	}
}

// offer replaces what was not read yet.
func offer(out chan int64, n int64) {
	select {
	case <-out:
	default:
	}
	out <- n
}

func damaged(key, table, row string) *fault.Fault {
	return fault.New(fault.Internal, key).With("table", table).With("row", row)
}
