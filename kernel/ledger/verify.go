package ledger

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
)

// Finding is one difference that Verify met. Key names its public words;
// Table, Row and Column say exactly where.
type Finding struct {
	Key    string // locale key; its placeholders are table, row and column
	Table  string // event, unsequenced, leaf, tile, head, or the file of a heads folder
	Row    string // an event's id, log/index of a leaf, log/level/number of a tile, log/size of a head
	Column string // empty for the whole row
}

// String is for logs and tests: it has no public words.
func (f Finding) String() string {
	s := f.Key + " " + f.Table + " " + f.Row
	if f.Column != "" {
		s += " " + f.Column
	}
	return s
}

// Verify checks the whole record on one snapshot, beside a running server if
// need be: each event's leaf is computed again from its columns, versions have
// no gap, every event has exactly one leaf or waits for it, tiles and the roots
// of all heads are computed again from the leaves, every signature is checked,
// and the heads folder is compared. It reports each difference, those of the
// events first; of a tree only the first, for all that follows differs too. A
// record that was rewritten with the real keys, or cut together with the heads
// folder, is consistent in itself: only VerifyHead and VerifyReceipt find it.
// The error is for what could not be read.
func (l *Ledger) Verify(ctx context.Context, report func(Finding)) error {
	v := &verification{Ledger: l, report: report, logs: map[int64]*checkedLog{}}
	// The folder first: the database is always ahead of it.
	if err := v.readFolder(); err != nil {
		return err
	}
	return l.db.Read(ctx, func(tx db.Tx) error {
		for _, step := range []func(db.Tx) error{
			v.events, v.queue, v.roots, v.leaves, v.tiles, v.heads, v.folder,
		} {
			if err := step(tx); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	})
}

// verification is one run of Verify.
type verification struct {
	*Ledger
	report func(Finding)
	logs   map[int64]*checkedLog
	last   int64 // number of the newest log
	disk   []headsFile
}

// checkedLog is what the leaves of a log give when computed again.
type checkedLog struct {
	tree  *edge
	heads []sizeRoot // of the head rows, by size: there may be millions
	seen  int        // how many of them the tree has passed
	tiles map[tilePlace][32]byte
	lost  int64 // size up to which a later log's first leaf says that leaves are missing
	wrong bool  // a difference of the tree was reported
}

type sizeRoot struct {
	size int64
	root [32]byte
}

type tilePlace struct {
	level  int
	number int64
}

// headsFile is a file of the heads folder and how long it was before the
// database was looked at. Its heads are read when they are compared: they may be
// millions.
type headsFile struct {
	path string
	size int64
}

// rootAt is the root that a head row of this size names.
func (c *checkedLog) rootAt(size int64) (root [32]byte, held bool) {
	i, held := slices.BinarySearchFunc(c.heads, size, func(h sizeRoot, size int64) int { return cmp.Compare(h.size, size) })
	if held {
		root = c.heads[i].root
	}
	return root, held
}

func (v *verification) find(key, table, row, column string) {
	v.report(Finding{key, table, row, column})
}

func (v *verification) log(number int64) *checkedLog {
	if v.logs[number] == nil {
		v.logs[number] = &checkedLog{tree: &edge{}, tiles: map[tilePlace][32]byte{}}
	}
	v.last = max(v.last, number)
	return v.logs[number]
}

// events hashes every event again and counts versions.
func (v *verification) events(tx db.Tx) error {
	var before event.Event
	return event.Walk(tx, func(e event.Event) error {
		if e.Leaf != e.LeafHash() {
			v.find("ledger.event_differs", "event", e.ID, "leaf")
		}
		first := e.Stream != before.Stream
		if first && e.Version != 1 || !first && e.Version != before.Version+1 {
			v.find("ledger.event_gap", "event", e.ID, "version")
		}
		if !first && e.Entered.Before(before.Entered) {
			v.find("ledger.event_earlier", "event", e.ID, "entered")
		}
		if e.Kind == continuedKind {
			v.statement(e)
		}
		before = e
		return nil
	})
}

// statement notes what a log's first leaf says about the log before it.
func (v *verification) statement(e event.Event) {
	var c Continued
	if err := json.Unmarshal(e.Clear, &c); err != nil || e.Stream != continuedStream(c.Log+1) {
		v.find("ledger.statement_unreadable", "event", e.ID, "clear")
		return
	}
	v.log(c.Log).lost = c.Signed
}

// queue finds events that are neither in a log nor waiting, or both.
func (v *verification) queue(tx db.Tx) error {
	err := each(tx, func(scan func(...any) error) error {
		var id string
		var waits, placed bool
		if err := scan(&id, &waits, &placed); err != nil {
			return err
		}
		if waits && placed {
			v.find("ledger.queued_twice", "unsequenced", id, "")
		} else {
			v.find("ledger.event_unplaced", "event", id, "")
		}
		return nil
	}, `SELECT e.id, u.id IS NOT NULL, l.event IS NOT NULL FROM event e
		LEFT JOIN unsequenced u ON u.id = e.id LEFT JOIN leaf l ON l.event = e.id
		WHERE (u.id IS NULL) = (l.event IS NULL) ORDER BY e.id`)
	if err != nil {
		return err
	}
	return each(tx, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		v.find("ledger.queued_without_event", "unsequenced", id, "")
		return err
	}, `SELECT u.id FROM unsequenced u WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.id = u.id) ORDER BY u.id`)
}

// roots notes what the head rows say of sizes and roots.
func (v *verification) roots(tx db.Tx) error {
	return each(tx, func(scan func(...any) error) error {
		var number, size int64
		var root []byte
		if err := scan(&number, &size, &root); err != nil {
			return err
		}
		want := sizeRoot{size: size}
		copy(want.root[:], root)
		c := v.log(number)
		c.heads = append(c.heads, want)
		return nil
	}, `SELECT log, size, root FROM head ORDER BY log, size`)
}

// leaves compares every leaf with its event and grows the trees again.
func (v *verification) leaves(tx db.Tx) error {
	err := each(tx, func(scan func(...any) error) error {
		var number, index int64
		var id *string
		var hash, column []byte
		if err := scan(&number, &index, &id, &hash, &column); err != nil {
			return err
		}
		c, row := v.log(number), leafRow(number, index)
		switch {
		case index != c.tree.size:
			v.treeFinding(c, Finding{"ledger.leaf_missing", "leaf", leafRow(number, c.tree.size), "idx"})
		case id == nil || column == nil:
			v.find("ledger.leaf_without_event", "leaf", row, "event")
		case string(hash) != string(column):
			v.find("ledger.leaf_differs", "leaf", row, "hash")
		}
		v.checkRoots(number, c)
		c.add(hash)
		return nil
	}, `SELECT l.log, l.idx, l.event, l.hash, e.leaf FROM leaf l LEFT JOIN event e ON e.id = l.event ORDER BY l.log, l.idx`)
	for number, c := range v.logs {
		v.checkRoots(number, c)
		c.tree.partial(c.note)
		if c.seen < len(c.heads) { // a head was signed of more leaves than there are
			v.treeFinding(c, Finding{"ledger.leaf_missing", "leaf", leafRow(number, c.tree.size), ""})
		}
	}
	return err
}

func (c *checkedLog) add(hash []byte) { c.tree.add(hash, c.note) }

// note keeps what a tile must be.
func (c *checkedLog) note(level int, number int64, hashes []byte) {
	c.tiles[tilePlace{level, number}] = sha256.Sum256(hashes)
}

// checkRoots compares the heads at the size that the tree has reached.
func (v *verification) checkRoots(number int64, c *checkedLog) {
	for ; c.seen < len(c.heads) && c.heads[c.seen].size <= c.tree.size; c.seen++ {
		want := c.heads[c.seen]
		if want.size != c.tree.size || want.root != c.tree.root() {
			v.treeFinding(c, Finding{"ledger.root_differs", "head", headRow(number, want.size), "root"})
		}
	}
}

func headRow(log, size int64) string { return fmt.Sprintf("%d/%d", log, size) }

// treeFinding reports the first difference of a tree.
func (v *verification) treeFinding(c *checkedLog, f Finding) {
	if !c.wrong {
		v.report(f)
	}
	c.wrong = true
}
