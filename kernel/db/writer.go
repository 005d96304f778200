package db

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

// maxGroup bounds how many commands share a commit.
const maxGroup = 256

// waryFor is for how many groups every command has a savepoint after one failed
// among others: failures come in swarms, and each would have its group run twice.
const waryFor = 16

// command is one Write on its way through the writer.
type command struct {
	fn         func(Tx) error
	checkpoint bool         // empty the write-ahead log instead
	aside      func() error // or run this between two groups
	err        error
	panicked   any
	touched    []string
	done       chan struct{}
}

// writer owns the one writing connection.
type writer struct {
	dial  func() (*liteConn, error)
	conn  *liteConn // nil after a failure, until the next group
	hub   *hub
	queue chan *command
	done  chan struct{}
	group []*command // reused
	tell  func(Commit)
	wary  int // groups still to go in which every command has a savepoint

	path   string
	keeper Keeper // who copies the database away; nil = nobody
	pages  int    // after how many pages of log a commit moves them into the file; 0 = never
}

// reopen dials when there is no connection.
func (w *writer) reopen() error {
	if w.conn != nil {
		return nil
	}
	conn, err := w.dial()
	if err != nil {
		return err
	}
	if _, err := conn.exec(fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", w.pages)); err != nil {
		conn.shut()
		return err
	}
	w.conn = conn
	return nil
}

// run takes groups until the queue is closed.
func (w *writer) run() {
	defer close(w.done)
	for c := range w.queue {
		if c.checkpoint {
			w.empty(c)
			continue
		}
		w.commit(c)
	}
}

// commit runs a group that starts with first, and answers all of it at once.
func (w *writer) commit(first *command) {
	began := time.Now()
	w.group = w.group[:0]
	checkpoint, err := w.transact(first)
	if err != nil {
		w.abandon()
	}
	if w.tell != nil {
		w.tell(Commit{Commands: len(w.group), Took: time.Since(began), Failed: err != nil})
	}
	for _, c := range w.group {
		if err != nil {
			c.err = unavailable(err)
		} else if c.err == nil && c.panicked == nil {
			w.hub.wake(c.touched)
		}
		close(c.done)
	}
	clear(w.group)
	if checkpoint != nil {
		w.empty(checkpoint)
	}
}

// transact runs first and whatever queued meanwhile in one transaction. Its
// error is the store's: then nothing of the group is kept. A checkpoint found
// in the queue ends the group and is handed back.
func (w *writer) transact(first *command) (checkpoint *command, err error) {
	w.wary = max(0, w.wary-1)
	if err := w.begin(); err != nil {
		w.group = append(w.group, first)
		return nil, err
	}
	for c := first; ; {
		w.group = append(w.group, c)
		if err := w.step(c); err != nil {
			return nil, err
		}
		if c = w.next(); c == nil || c.checkpoint {
			_, err := w.conn.exec("COMMIT")
			return c, err
		}
	}
}

// next is a command that is queued already, or nil. Before it says nil it lets
// those run who are ready to, and may have one: under load they share the sync,
// and without load nobody is ready and nothing is lost.
func (w *writer) next() *command {
	if len(w.group) >= maxGroup {
		return nil
	}
	if c, any := w.queued(); any {
		return c
	}
	runtime.Gosched()
	c, _ := w.queued()
	return c
}

// queued takes a command without waiting; nil and true when the queue is closed.
func (w *writer) queued() (c *command, any bool) {
	select {
	case c = <-w.queue:
		return c, true
	default:
		return nil, false
	}
}

// begin opens the connection if need be and takes the write lock.
func (w *writer) begin() error {
	if err := w.reopen(); err != nil {
		return err
	}
	_, err := w.conn.exec("BEGIN IMMEDIATE")
	return err
}

// step runs one command. Nearly all succeed, so it takes no savepoint, for which
// SQLite would copy every page that the command touches: when one fails, the
// group begins anew without it, and for a while each has a savepoint.
func (w *writer) step(c *command) error {
	if w.wary > 0 {
		return w.apart(c)
	}
	failed, err := w.try(c)
	if err != nil || !failed {
		return err
	}
	if _, err := w.conn.exec("ROLLBACK"); err != nil {
		return err
	}
	if err := w.begin(); err != nil {
		return err
	}
	return w.again(w.group[:len(w.group)-1])
}

// again runs commands that succeeded and were undone with one that did not.
func (w *writer) again(before []*command) error {
	if len(before) > 0 {
		w.wary = waryFor
	}
	for _, c := range before {
		if err := w.apart(c); err != nil {
			return err
		}
	}
	return nil
}

// apart runs one command under a savepoint.
func (w *writer) apart(c *command) error {
	if _, err := w.conn.exec("SAVEPOINT command"); err != nil {
		return err
	}
	failed, err := w.try(c)
	if err != nil {
		return err
	}
	if failed {
		if _, err := w.conn.exec("ROLLBACK TO command"); err != nil {
			return err
		}
	}
	_, err = w.conn.exec("RELEASE command")
	return err
}

// try runs the function of a command and says whether it is to be undone. The
// error is the store's; the command's own stays with the command.
func (w *writer) try(c *command) (failed bool, err error) {
	tx := &liteTx{conn: w.conn}
	err = guard(c, tx)
	c.err, c.touched = tx.end(err), tx.touched
	if tx.lost {
		return true, c.err
	}
	return c.err != nil || c.panicked != nil, nil
}

// guard runs the function; a panic is kept for the caller's goroutine, with
// the stack that only this one knows.
func guard(c *command, tx Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.panicked = fmt.Sprintf("%v\n\nin db.Write:\n%s", p, debug.Stack())
		}
	}()
	return c.fn(tx)
}

// abandon throws the connection away: after a failure of the store nothing
// that it remembers is believed.
func (w *writer) abandon() {
	if w.conn == nil {
		return
	}
	w.conn.exec("ROLLBACK") // may fail: the engine may have rolled back by itself
	w.conn.shut()
	w.conn = nil
}

// empty runs what a command wants done aside, or moves the log into the file and truncates it. Readers that still look
// at an old state delay that; then it is unavailable and can be asked again.
func (w *writer) empty(c *command) {
	defer close(c.done)
	err := w.reopen()
	if err == nil && c.aside != nil {
		c.err = c.aside()
		return
	}
	if err == nil {
		err = w.tellKeeper()
	}
	if err != nil {
		c.err = unavailable(err)
		return
	}
	cur, err := w.conn.query("PRAGMA wal_checkpoint(TRUNCATE)", nil)
	if err != nil {
		c.err = unavailable(err)
		return
	}
	defer cur.close()
	if ok, err := cur.next(); !ok {
		c.err = unavailable(errors.Join(errors.New("db: no checkpoint"), err))
		return
	}
	var busy, log, moved int64
	if err := cur.scan(&busy, &log, &moved); err != nil || busy != 0 {
		c.err = unavailable(errors.Join(errors.New("db: readers hold the log"), err))
	}
}
