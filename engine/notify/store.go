package notify

import (
	"strings"
	"time"

	"pendopo/kernel/db"
)

const noticeColumns = `id, stream, subject, kind, version, step, service, unit, state, channels, channel, reason, told, urgent, made, changed, sealed`

// insert stores a notice; one that is there already is left alone.
func insert(tx db.Tx, n Notice) (fresh bool, err error) {
	affected, err := tx.Exec(`INSERT INTO notice (`+noticeColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		n.ID, n.Stream, n.Subject, n.Kind, n.Version, n.Step, n.Service, n.Unit, string(n.State), strings.Join(n.Channels, ","), n.Channel,
		n.Reason, n.Told, n.Urgent, n.Made, n.Changed, n.sealed)
	return affected == 1, err
}

// update writes what changes in a notice's life.
func update(tx db.Tx, n Notice) error {
	_, err := tx.Exec(`UPDATE notice SET state = ?, channel = ?, reason = ?, told = ?, changed = ? WHERE id = ?`,
		string(n.State), n.Channel, n.Reason, n.Told, n.Changed, n.ID)
	return err
}

// read finds a notice; db.ErrNone when there is none.
func read(tx db.Tx, id string) (Notice, error) {
	list, err := notices(tx.Query(`SELECT `+noticeColumns+` FROM notice WHERE id = ?`, id))
	if err == nil && len(list) == 0 {
		err = db.ErrNone
	}
	if err != nil {
		return Notice{}, err
	}
	return list[0], nil
}

// hold is read for who will change the notice: nobody else does until the
// transaction ends. On PostgreSQL a report and the answer to the sending may come
// at the same moment.
func hold(tx db.Tx, id string) (Notice, error) {
	if _, err := tx.Exec(`UPDATE notice SET id = id WHERE id = ?`, id); err != nil {
		return Notice{}, err
	}
	return read(tx, id)
}

func notices(rows *db.Rows, err error) (list []Notice, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n Notice
		var state, channels string
		if err := rows.Scan(&n.ID, &n.Stream, &n.Subject, &n.Kind, &n.Version, &n.Step, &n.Service, &n.Unit, &state, &channels, &n.Channel,
			&n.Reason, &n.Told, &n.Urgent, &n.Made, &n.Changed, &n.sealed); err != nil {
			return nil, err
		}
		n.State = State(state)
		if channels != "" {
			n.Channels = strings.Split(channels, ",")
		}
		list = append(list, n)
	}
	return list, rows.Err()
}

const attemptColumns = `notice, n, channel, state, reason, ref, cost, begun, ended`

func attempts(rows *db.Rows, err error) (list []Attempt, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a Attempt
		var ended int64
		if err := rows.Scan(&a.Notice, &a.N, &a.Channel, &a.State, &a.Reason, &a.Ref, &a.Cost, &a.Begun, &ended); err != nil {
			return nil, err
		}
		if ended != 0 {
			a.Ended = time.UnixMicro(ended).UTC()
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// attemptsOf are the attempts of a notice in their order.
func attemptsOf(tx db.Tx, notice string) ([]Attempt, error) {
	return attempts(tx.Query(`SELECT `+attemptColumns+` FROM notice_attempt WHERE notice = ? ORDER BY n`, notice))
}

// putAttempt stores an attempt, or what became of it.
func putAttempt(tx db.Tx, a Attempt) error {
	ended := int64(0)
	if !a.Ended.IsZero() {
		ended = a.Ended.UnixMicro()
	}
	_, err := tx.Exec(`INSERT INTO notice_attempt (`+attemptColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (notice, n) DO UPDATE SET state = excluded.state, reason = excluded.reason, ref = excluded.ref, cost = excluded.cost, ended = excluded.ended`,
		a.Notice, a.N, a.Channel, a.State, a.Reason, a.Ref, a.Cost, a.Begun, ended)
	return err
}

// byRef is the newest attempt that a gateway knows by its own name.
func byRef(tx db.Tx, channel, ref string) (a Attempt, found bool, err error) {
	list, err := attempts(tx.Query(`SELECT `+attemptColumns+` FROM notice_attempt WHERE channel = ? AND ref = ? AND ref <> '' ORDER BY begun DESC LIMIT 1`, channel, ref))
	if err != nil || len(list) == 0 {
		return a, false, err
	}
	return list[0], true, nil
}

const (
	lettersWaiting = `WHERE channel = 'letter' AND unit = ? AND state = 'queued' ORDER BY changed, id LIMIT ?`
	lettersOfCase  = `WHERE subject = ? AND channel = 'letter' AND state = 'queued'`
	lettersPosted  = `WHERE channel = 'letter' AND unit = ? AND state IN ('sent', 'delivered') AND changed > ? AND changed < ? ORDER BY changed DESC, id LIMIT ?`
)

// letters are letters by one of the questions above, with what was done about them.
func letters(tx db.Tx, which string, args ...any) (list []Letter, err error) {
	found, err := notices(tx.Query(`SELECT `+noticeColumns+` FROM notice `+which, args...))
	for _, n := range found {
		l, err := letterOf(tx, n)
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, err
}

// letterOf adds what the newest attempt says. Of a letter that was posted, what the
// carrier calls it is the day.
func letterOf(tx db.Tx, n Notice) (Letter, error) {
	l := Letter{Notice: n}
	a, err := newest(tx, n.ID)
	if err != nil || a.Channel != "letter" || a.State == string(Failed) {
		return l, err
	}
	if l.Printed = a.Begun; a.State != Begun {
		l.Posted = a.Ref
	}
	return l, nil
}

// newest is the last attempt of a notice; the zero Attempt of none.
func newest(tx db.Tx, notice string) (a Attempt, err error) {
	list, err := attemptsOf(tx, notice)
	if n := len(list); n > 0 {
		a = list[n-1]
	}
	return a, err
}

// countLetters counts what waits at some units, and since when.
func countLetters(tx db.Tx, units []string) (n int, since time.Time, err error) {
	for _, unit := range units {
		var own int
		var first int64
		err := tx.Row(`SELECT count(*), coalesce(min(changed), 0) FROM notice WHERE channel = 'letter' AND unit = ? AND state = 'queued'`, unit).Scan(&own, &first)
		if err != nil {
			return 0, since, err
		}
		if at := time.UnixMicro(first).UTC(); own > 0 && (since.IsZero() || at.Before(since)) {
			since = at
		}
		n += own
	}
	return n, since, nil
}

// Stops: who wants no more.

func isStopped(tx db.Tx, mac []byte) (stopped bool, err error) {
	var n int
	err = tx.Row(`SELECT count(*) FROM notice_stop WHERE mac = ?`, mac).Scan(&n)
	return n > 0, err
}

func putStop(tx db.Tx, mac []byte, at time.Time) error {
	_, err := tx.Exec(`INSERT INTO notice_stop (mac, at) VALUES (?, ?) ON CONFLICT (mac) DO NOTHING`, mac, at)
	return err
}

func dropStop(tx db.Tx, mac []byte) error {
	_, err := tx.Exec(`DELETE FROM notice_stop WHERE mac = ?`, mac)
	return err
}

// Browsers that asked to be told.

type browser struct {
	id     string
	sealed []byte
}

func browsersOf(tx db.Tx, stream string) (list []browser, err error) {
	rows, err := tx.Query(`SELECT id, sealed FROM notice_browser WHERE stream = ? ORDER BY at, id LIMIT ?`, stream, mostBrowsers)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var b browser
		if err := rows.Scan(&b.id, &b.sealed); err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, rows.Err()
}

// otherBrowsers counts those of a case but for one.
func otherBrowsers(tx db.Tx, stream, id string) (n int, err error) {
	err = tx.Row(`SELECT count(*) FROM notice_browser WHERE stream = ? AND id <> ?`, stream, id).Scan(&n)
	return n, err
}

// putBrowser stores one, or what its browser says of it now.
func putBrowser(tx db.Tx, b browser, stream string, at time.Time) error {
	_, err := tx.Exec(`INSERT INTO notice_browser (id, stream, at, sealed) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed`, b.id, stream, at, b.sealed)
	return err
}

func dropBrowser(tx db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM notice_browser WHERE id = ?`, id)
	return err
}

func dropBrowsers(tx db.Tx, stream string) error {
	_, err := tx.Exec(`DELETE FROM notice_browser WHERE stream = ?`, stream)
	return err
}

// digested notes that an officer was told on a day, and says whether that is new.
func digested(tx db.Tx, officer, day string) (fresh bool, err error) {
	n, err := tx.Exec(`INSERT INTO notice_digest (officer, day) VALUES (?, ?) ON CONFLICT (officer, day) DO NOTHING`, officer, day)
	return n == 1, err
}

// Forget removes what notices hold of a stream that was shredded, in the
// transaction of whoever forgets it. The counts stay.
func Forget(tx db.Tx, stream string) error {
	if err := dropBrowsers(tx, stream); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE notice SET state = 'page', channel = 'page', reason = 'gone' WHERE subject = ? AND channel = 'letter' AND state = 'queued'`, stream)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE notice SET sealed = ? WHERE stream = ? OR subject = ?`, []byte{}, stream, stream)
	return err
}
