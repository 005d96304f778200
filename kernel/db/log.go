package db

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// The layout of SQLite's write-ahead log and of the index beside it, which says
// how far the log is committed (sqlite.org/walformat.html).
const (
	logHeader   = 32 // bytes before the first frame
	frameHeader = 24 // bytes before the page in each frame
	indexCopy   = 48 // the index begins with two copies of its header
)

// LogEnd is how far the write-ahead log of a SQLite database is committed and
// synced. What lies before Size never changes while the log has this Salt.
type LogEnd struct {
	Salt [8]byte // of the log's present run; another one says that it began anew
	Size int64   // bytes, the header included; 0 when the log is empty
}

// Keeper is who copies a database away. Each is called by the writer between two
// commits, so nothing is written meanwhile; it must be quick and must not call
// the database.
type Keeper interface {
	// BeforeCheckpoint hears that the log will be moved into the file and may
	// begin anew after end. An error keeps the checkpoint from happening.
	BeforeCheckpoint(end LogEnd) error
}

// Path is the file of a SQLite database; the log is the same with "-wal" after
// it. Empty on PostgreSQL.
func (d *DB) Path() string {
	if d.lite == nil {
		return ""
	}
	return d.lite.path
}

// KeepLog hands the checkpoints of a SQLite database to k: from now on the log
// is moved into the file only by Checkpoint and Settle, and k hears of it before.
// Nil gives them back.
func (d *DB) KeepLog(k Keeper) error {
	w := d.lite.writer
	return d.lite.aside(func() error {
		pages := automatic
		if k != nil {
			pages = 0
		}
		w.keeper, w.pages = k, pages
		_, err := w.conn.exec(fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", pages))
		return err
	})
}

// LogEnd is how far the log is committed now.
func (d *DB) LogEnd() (end LogEnd, err error) {
	err = d.lite.aside(func() (err error) {
		end, err = d.lite.writer.logEnd()
		return err
	})
	return end, err
}

// Settle moves as much of the log into the file as no reader needs, without
// waiting for any; the log begins anew at the next write when that was all.
func (d *DB) Settle() error {
	w := d.lite.writer
	return d.lite.aside(func() error {
		if err := w.tellKeeper(); err != nil {
			return err
		}
		_, err := w.conn.exec("PRAGMA wal_checkpoint(PASSIVE)")
		return err
	})
}

// aside runs a function on the writer between two groups.
func (l *lite) aside(fn func() error) error {
	c := &command{checkpoint: true, aside: fn, done: make(chan struct{})}
	if !l.enqueue(c) {
		return unavailable(errClosed)
	}
	<-c.done
	return c.err
}

// tellKeeper lets the keeper take what a checkpoint would move.
func (w *writer) tellKeeper() error {
	if w.keeper == nil {
		return nil
	}
	end, err := w.logEnd()
	if err != nil {
		return err
	}
	return w.keeper.BeforeCheckpoint(end)
}

// logEnd reads the index of the log. The writer is the only one who changes it,
// and it is not writing now.
func (w *writer) logEnd() (end LogEnd, err error) {
	if err := w.look(); err != nil { // a connection that has read nothing yet has no index
		return end, err
	}
	f, err := os.Open(w.path + "-shm")
	if err != nil {
		return end, err
	}
	defer f.Close()
	head := make([]byte, 2*indexCopy)
	if _, err := io.ReadFull(f, head); err != nil {
		return end, err
	}
	if !bytes.Equal(head[:indexCopy], head[indexCopy:]) || head[12] == 0 {
		return end, errors.New("db: the index of the log is being rebuilt")
	}
	page := int64(binary.NativeEndian.Uint16(head[14:]))
	if page == 1 {
		page = 1 << 16
	}
	copy(end.Salt[:], head[32:40])
	if frames := int64(binary.NativeEndian.Uint32(head[16:])); frames > 0 {
		end.Size = logHeader + frames*(frameHeader+page)
	}
	return end, nil
}

// look reads something, which opens the log.
func (w *writer) look() error {
	cur, err := w.conn.query("PRAGMA schema_version", nil)
	if err != nil {
		return err
	}
	defer cur.close()
	_, err = cur.next()
	return err
}
