package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// looker asks the databases what is there.
type looker struct{ url string }

// one reads one row.
func (l looker) one(ctx context.Context, query string, args []any, dest ...any) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, l.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.QueryRow(ctx, query, args...).Scan(dest...)
}

// count reads a number; -1 when the database does not answer.
func (l looker) count(ctx context.Context, query string, args ...any) int {
	n := -1
	if err := l.one(ctx, query, args, &n); err != nil {
		return -1
	}
	return n
}

// leader is the name of the node that holds a lead; empty when none does.
func (l looker) leader(ctx context.Context, lead string) string {
	h := fnv.New64a()
	fmt.Fprint(h, "pendopo/lead/", lead)
	var name string
	err := l.one(ctx, `SELECT a.application_name FROM pg_locks k JOIN pg_stat_activity a ON a.pid = k.pid
		WHERE k.locktype = 'advisory' AND k.granted AND k.objsubid = 1 AND ((k.classid::bigint << 32) | k.objid::bigint) = $1`,
		[]any{int64(h.Sum64())}, &name)
	if err != nil {
		return ""
	}
	return name
}

// signed is the size of the newest head that was signed at or after a moment.
func (l looker) signed(ctx context.Context, since time.Time) int {
	return l.count(ctx, `SELECT coalesce(max(size), 0) FROM head WHERE at >= $1`, since.UnixMicro())
}

// leaderOf is the node that leads.
func (c *cluster) leaderOf(ctx context.Context, lead string) (leads *node, others []*node) {
	name := looker{c.record}.leader(ctx, lead)
	for _, n := range c.nodes {
		if n.name == name {
			leads = n
		} else {
			others = append(others, n)
		}
	}
	return leads, others
}

// takeover kills (or freezes, or cuts off) the leader by a deed, and measures until
// another node holds the lead, and until it has signed.
func (c *cluster) takeover(ctx context.Context, deed func(*node)) (old *node, lead, head time.Duration, err error) {
	l := looker{c.record}
	err = until(ctx, "somebody leads", func() bool { old, _ = c.leaderOf(ctx, "ledger"); return old != nil })
	if err != nil {
		return nil, 0, 0, err
	}
	began := time.Now()
	deed(old)
	err = until(ctx, "another node leads", func() bool {
		now := l.leader(ctx, "ledger")
		return now != "" && now != old.name
	})
	lead = time.Since(began)
	led := time.Now()
	err = errors.Join(err, until(ctx, "the new leader signs", func() bool { return l.signed(ctx, led) > 0 }))
	return old, lead, time.Since(began), err
}

// settle waits until nothing is left to do: every event in the log, every job
// done, every limit that has passed carried out.
func (c *cluster) settle(ctx context.Context) error {
	l := looker{c.record}
	err := until(ctx, "every limit of the cases made ahead has passed", func() bool {
		return l.count(ctx, `SELECT count(DISTINCT stream) FROM event WHERE kind = 'lapsed' AND stream = ANY($1)`, c.waiting) == len(c.waiting)
	})
	if err != nil {
		return err
	}
	for what, query := range map[string]string{
		"every event is in the log": `SELECT count(*) FROM unsequenced`,
		"every job is done":         `SELECT count(*) FROM job WHERE attempt > 0 OR run_at < (extract(epoch FROM now()) * 1000000)::bigint`,
		"every limit has fired":     `SELECT count(*) FROM deadline WHERE state = 'running' AND due < (extract(epoch FROM now()) * 1000000)::bigint - 2000000`,
	} {
		if err := until(ctx, what, func() bool { return l.count(ctx, query) == 0 }); err != nil {
			return fmt.Errorf("%w (%d left)%s", err, l.count(ctx, query), l.jobs(ctx))
		}
	}
	return nil
}

// jobs says what has been tried and is not done, and why not.
func (l looker) jobs(ctx context.Context) (words string) {
	err := l.one(ctx, `SELECT coalesce(string_agg(format(E'\n%s %s, %s: attempt %s, failures %s, dead %s, again in %s s: %s', kind, id, coalesce(key, '-'), attempt, failures, dead,
		round((run_at - extract(epoch FROM now()) * 1000000) / 1000000, 1), cause), '' ORDER BY id), '') FROM job
		WHERE attempt > 0 OR run_at < (extract(epoch FROM now()) * 1000000)::bigint`, nil, &words)
	if err != nil {
		return err.Error()
	}
	return words
}

// sums are what a look found.
type sums struct{ Acknowledged, Lost, Doubled, Fired int }

// look searches for every acknowledged effect, and for what happened twice.
func (c *cluster) look(ctx context.Context, b *book) (s sums, err error) {
	conn, err := pgx.Connect(ctx, c.record)
	if err != nil {
		return s, err
	}
	defer conn.Close(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	s.Acknowledged = len(b.accepted)
	for _, a := range b.accepted {
		if s.Lost += lost(ctx, conn, a); ctx.Err() != nil {
			return s, ctx.Err()
		}
	}
	var cases, marks, twice int
	err = conn.QueryRow(ctx, `SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM once WHERE scope = 'api/submit'),
		(SELECT count(*) FROM (SELECT stream FROM event WHERE kind IN ('submitted', 'withdrawn') GROUP BY stream, kind HAVING count(*) > 1) x)`).Scan(&cases, &marks, &twice)
	s.Doubled = twice + cases - len(c.waiting) - marks
	if err != nil {
		return s, err
	}
	s.Fired, err = c.fired(ctx, conn)
	return s, err
}

// lost is 1 when what was acknowledged is not there exactly once.
func lost(ctx context.Context, conn *pgx.Conn, a *accepted) int {
	mark := sha256.Sum256([]byte(a.Key))
	var stream string
	var submitted, withdrawn int
	err := conn.QueryRow(ctx, `SELECT coalesce((SELECT stream FROM once WHERE mark = $1 AND scope = 'api/submit'), ''),
		count(*) FILTER (WHERE kind = 'submitted'), count(*) FILTER (WHERE kind = 'withdrawn') FROM event WHERE stream = $2`, mark[:], a.Stream).
		Scan(&stream, &submitted, &withdrawn)
	if err == nil && stream == a.Stream && submitted == 1 && (!a.Withdrawn || withdrawn == 1) {
		return 0
	}
	return 1
}

// keyed checks that every acknowledged case has its key: the key store failed over
// like the record.
func (c *cluster) keyed(ctx context.Context, b *book) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var streams []string
	for _, a := range b.accepted {
		if !a.Shredded {
			streams = append(streams, a.Stream)
		}
	}
	if n := (looker{c.keys}).count(ctx, `SELECT count(*) FROM stream_key WHERE stream = ANY($1)`, streams); n != len(streams) {
		return fmt.Errorf("of %d cases %d have their key", len(streams), n)
	}
	return nil
}

// fired counts the limits of the cases made ahead that were carried out: each
// once, by one node or another.
func (c *cluster) fired(ctx context.Context, conn *pgx.Conn) (n int, err error) {
	for _, stream := range c.waiting {
		var lapsed, most int
		err := conn.QueryRow(ctx, `SELECT count(*), coalesce(max(n), 0) FROM
			(SELECT clear::jsonb ->> 'deadline' AS id, count(*) AS n FROM event WHERE stream = $1 AND kind = 'lapsed' GROUP BY 1) x`, stream).Scan(&lapsed, &most)
		if err != nil {
			return n, err
		}
		if lapsed == 0 || most > 1 {
			return n, fmt.Errorf("%s: %d limits fired, one of them %d times", stream, lapsed, most)
		}
		n += lapsed
	}
	return n, nil
}

// heads checks that every node that runs holds the newest head.
func (c *cluster) heads(ctx context.Context) error {
	for _, n := range c.nodes {
		err := until(ctx, n.name+" holds the newest head", func() bool {
			var note string
			if err := (looker{c.record}).one(ctx, `SELECT note FROM head ORDER BY log DESC, size DESC LIMIT 1`, nil, &note); err != nil {
				return false
			}
			return strings.Contains(files(filepath.Join(n.place.Data, "heads")), note)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// files is everything in a folder.
func files(dir string) string {
	var all strings.Builder
	names, _ := os.ReadDir(dir)
	for _, name := range names {
		text, _ := os.ReadFile(filepath.Join(dir, name.Name()))
		all.Write(text)
	}
	return all.String()
}
