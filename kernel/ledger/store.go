package ledger

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"pendopo/kernel/db"
)

// All SQL of the ledger. The tables are in event.Schema.

// rowsPerStatement keeps statements far under every limit on placeholders.
const rowsPerStatement = 100

// waiting is an event that has no leaf yet.
type waiting struct {
	id, stream string
	version    int64
	leaf       []byte
}

// pending reads the events that wait for their leaf, oldest ids first, and
// within a stream by version.
func pending(tx db.Tx, limit int) (list []waiting, err error) {
	rows, err := tx.Query(`SELECT u.id, e.stream, e.version, e.leaf FROM unsequenced u
		LEFT JOIN event e ON e.id = u.id ORDER BY u.id LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w waiting
		var stream *string
		var version *int64
		if err := rows.Scan(&w.id, &stream, &version, &w.leaf); err != nil {
			return nil, err
		}
		if stream == nil || len(w.leaf) != hashSize {
			return nil, damaged("ledger.queued_without_event", "unsequenced", w.id)
		}
		w.stream, w.version = *stream, *version
		list = append(list, w)
	}
	return inStreamOrder(list), rows.Err()
}

// inStreamOrder keeps the places that a stream's events have, and fills them
// by version: ids of two nodes do not sort by version.
func inStreamOrder(list []waiting) []waiting {
	places := map[string][]int{}
	for i, w := range list {
		places[w.stream] = append(places[w.stream], i)
	}
	ordered := slices.Clone(list)
	for _, at := range places {
		group := make([]waiting, len(at))
		for i, place := range at {
			group[i] = list[place]
		}
		slices.SortFunc(group, func(a, b waiting) int { return int(a.version - b.version) })
		for i, place := range at {
			ordered[place] = group[i]
		}
	}
	return ordered
}

// insertLeaves gives the events their places in log, from index first on, and
// takes them out of the queue.
func insertLeaves(tx db.Tx, log, first int64, list []waiting) error {
	for chunk := range slices.Chunk(list, rowsPerStatement) {
		args, ids := make([]any, 0, 4*len(chunk)), make([]any, 0, len(chunk))
		for _, w := range chunk {
			args = append(args, log, first, w.id, w.leaf)
			ids = append(ids, w.id)
			first++
		}
		if _, err := tx.Exec(`INSERT INTO leaf (log, idx, event, hash) VALUES `+many("(?, ?, ?, ?)", len(chunk)), args...); err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM unsequenced WHERE id IN (`+many("?", len(ids))+`)`, ids...)
		if err != nil {
			return err
		}
		if n != int64(len(ids)) {
			return damaged("ledger.queue_changed", "unsequenced", chunk[0].id)
		}
	}
	return nil
}

func many(group string, n int) string { return strings.TrimSuffix(strings.Repeat(group+",", n), ",") }

func saveTile(tx db.Tx, log int64, level int, number int64, hashes []byte) error {
	_, err := tx.Exec(`INSERT INTO tile (log, level, number, hashes) VALUES (?, ?, ?, ?)
		ON CONFLICT (log, level, number) DO UPDATE SET hashes = excluded.hashes`, log, level, number, hashes)
	return err
}

// loadTile reads a tile; nil when there is none.
func loadTile(tx db.Tx, log int64, level int, number int64) (hashes []byte, err error) {
	err = tx.Row(`SELECT hashes FROM tile WHERE log = ? AND level = ? AND number = ?`, log, level, number).Scan(&hashes)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	return hashes, err
}

// loadEdge reads the unfilled tiles of a tree of that size.
func loadEdge(tx db.Tx, log, size int64) (*edge, error) {
	e := &edge{size: size}
	for _, tile := range edgeTiles(size) {
		if tile.W == 0 {
			e.levels = append(e.levels, nil)
			continue
		}
		hashes, err := loadTile(tx, log, tile.L, tile.N)
		if err != nil {
			return nil, err
		}
		if len(hashes) != tile.W*hashSize {
			return nil, damaged("ledger.tile_differs", "tile", tileRow(log, tile.L, tile.N))
		}
		e.levels = append(e.levels, hashes)
	}
	return e, nil
}

const headColumns = `log, size, root, note, at`

func scanHead(scan func(dest ...any) error) (h Head, err error) {
	var root []byte
	var note string
	var at time.Time
	if err := scan(&h.Log, &h.Size, &root, &note, &at); err != nil {
		return Head{}, err
	}
	copy(h.Root[:], root) // of another length only when altered: then it differs from the note
	h.Note, h.At = []byte(note), at
	return h, nil
}

// newestHead is the last head of the last log; none is a Head without a log.
func newestHead(tx db.Tx) (Head, error) {
	return oneHead(tx.Row(`SELECT ` + headColumns + ` FROM head ORDER BY log DESC, size DESC LIMIT 1`))
}

// headOf is the last head of one log.
func headOf(tx db.Tx, log int64) (Head, error) {
	return oneHead(tx.Row(`SELECT `+headColumns+` FROM head WHERE log = ? ORDER BY size DESC LIMIT 1`, log))
}

func headAt(tx db.Tx, log, size int64) (Head, error) {
	return oneHead(tx.Row(`SELECT `+headColumns+` FROM head WHERE log = ? AND size = ?`, log, size))
}

func oneHead(row *db.Row) (Head, error) {
	h, err := scanHead(row.Scan)
	if errors.Is(err, db.ErrNone) {
		return Head{}, nil
	}
	return h, err
}

func insertHead(tx db.Tx, h Head) error {
	_, err := tx.Exec(`INSERT INTO head (`+headColumns+`) VALUES (?, ?, ?, ?, ?)`,
		h.Log, h.Size, h.Root[:], string(h.Note), h.At)
	return err
}

// placeOf is where an event's leaf is; ok is false when it has none.
func placeOf(tx db.Tx, eventID string) (log, index int64, ok bool, err error) {
	err = tx.Row(`SELECT log, idx FROM leaf WHERE event = ?`, eventID).Scan(&log, &index)
	if errors.Is(err, db.ErrNone) {
		return 0, 0, false, nil
	}
	return log, index, err == nil, err
}

// leafOf reads the leaf that an event has as a column of its own.
func leafOf(tx db.Tx, eventID string) (leaf [32]byte, found bool, err error) {
	var column []byte
	err = tx.Row(`SELECT leaf FROM event WHERE id = ?`, eventID).Scan(&column)
	if errors.Is(err, db.ErrNone) {
		return leaf, false, nil
	}
	copy(leaf[:], column)
	return leaf, err == nil, err
}

// entries reads the entries of a log from index first on.
func entries(tx db.Tx, log, first, limit int64) (list [][]byte, err error) {
	err = each(tx, func(scan func(...any) error) error {
		var hash []byte
		err := scan(&hash)
		list = append(list, hash)
		return err
	}, `SELECT hash FROM leaf WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx`, log, first, first+limit)
	return list, err
}

// each gives every row of a query to fn.
func each(tx db.Tx, fn func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// logSizes are the sizes of all logs by their numbers. It steps through the
// index: there is a head for nearly every second in which something happened.
func logSizes(tx db.Tx) (logs, sizes []int64, err error) {
	for log, size := int64(0), int64(0); ; {
		err := tx.Row(nextLog, log).Scan(&log)
		if errors.Is(err, db.ErrNone) {
			return logs, sizes, nil
		}
		if err == nil {
			err = tx.Row(sizeOfLog, log).Scan(&size)
		}
		if err != nil {
			return nil, nil, err
		}
		logs, sizes = append(logs, log), append(sizes, size)
	}
}

const (
	nextLog   = `SELECT log FROM head WHERE log > ? ORDER BY log LIMIT 1`
	sizeOfLog = `SELECT max(size) FROM head WHERE log = ?`
)

// Placed is an event with its position in the leaf sequence of all logs.
type Placed struct {
	Position int64 // from 0; the first log's leaves, then the second's, …
	Event    string
	Stream   string
	Version  int64
}

// Since reads up to limit events from a position on: how projections, caches
// and webhooks follow the record. Within one node's round a stream's events
// come by version.
func Since(tx db.Tx, position int64, limit int) (list []Placed, err error) {
	logs, sizes, err := logSizes(tx)
	if err != nil {
		return nil, err
	}
	base := int64(0)
	for i, log := range logs {
		if first := position - base; first < sizes[i] && len(list) < limit {
			if list, err = placed(tx, list, log, base, max(first, 0), limit-len(list)); err != nil {
				return nil, err
			}
		}
		base += sizes[i]
	}
	return list, nil
}

func placed(tx db.Tx, list []Placed, log, base, first int64, limit int) ([]Placed, error) {
	err := each(tx, func(scan func(...any) error) error {
		var p Placed
		if err := scan(&p.Position, &p.Event, &p.Stream, &p.Version); err != nil {
			return err
		}
		p.Position += base
		list = append(list, p)
		return nil
	}, `SELECT l.idx, e.id, e.stream, e.version FROM leaf l JOIN event e ON e.id = l.event
		WHERE l.log = ? AND l.idx >= ? ORDER BY l.idx LIMIT ?`, log, first, limit)
	return list, err
}

// tiles reads tiles of one log inside tx.
func tiles(tx db.Tx, log int64) tlog.HashReader {
	return hashReader(func(level int, number int64) ([]byte, error) {
		hashes, err := loadTile(tx, log, level, number)
		if err == nil && hashes == nil {
			return nil, damaged("ledger.tile_missing", "tile", tileRow(log, level, number))
		}
		return hashes, err
	})
}

func tileRow(log int64, level int, number int64) string {
	return fmt.Sprintf("%d/%d/%d", log, level, number)
}
