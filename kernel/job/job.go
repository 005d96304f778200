package job

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"pendopo/kernel/db"
)

// Job is one piece of work.
type Job struct {
	ID       int64     // given by the database
	Kind     string    // which handler
	Key      string    // optional; while a job with it waits, another is not queued
	Payload  []byte    // what the handler needs; nothing personal in the clear
	RunAt    time.Time // not before; zero means at once
	Attempt  int       // how many times it was claimed, this one included
	Failures int       // how often the work failed, but for a store that was away
	Cause    string    // why the last attempt failed
}

// Handler does the work of one kind. An error means again later. Its context
// ends with the lease.
type Handler func(ctx context.Context, j Job) error

// Topic is touched by every Enqueue and Revive (see db.Watch).
const Topic = "job"

// maxFailures is after how many failures a job is dead.
const maxFailures = 10

//go:embed schema/*.sql
var schema embed.FS

// Schema is the migrations of the job table; its module name is "job".
func Schema() fs.FS {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		return schema // not reached: the folder is embedded
	}
	return sub
}

// Enqueue queues a job in the transaction of what wants it. The runner of this
// process wakes after the commit. A job whose key waits already is left alone,
// even a dead one.
func Enqueue(tx db.Tx, j Job) error {
	if j.Kind == "" {
		return fmt.Errorf("job: no kind")
	}
	payload := j.Payload
	if payload == nil {
		payload = []byte{}
	}
	key := &j.Key
	if j.Key == "" {
		key = nil
	}
	due := int64(0)
	if !j.RunAt.IsZero() {
		due = j.RunAt.UnixMicro()
	}
	_, err := tx.Exec("INSERT INTO job (kind, key, payload, run_at) VALUES (?, ?, ?, ?) ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING", j.Kind, key, payload, due)
	if err != nil {
		return fmt.Errorf("job: enqueue %s: %w", j.Kind, err)
	}
	db.Touch(tx, Topic)
	return nil
}

const columns = "id, kind, COALESCE(key, ''), payload, run_at, attempt, failures, cause"

// Dead lists the jobs that were given up, oldest first, at most a thousand.
func Dead(tx db.Tx) ([]Job, error) {
	return list(tx.Query("SELECT " + columns + " FROM job WHERE dead = 1 ORDER BY id LIMIT 1000"))
}

// Revive gives a dead job ten new tries, from now on. db.ErrNone: there is none.
func Revive(tx db.Tx, id int64) error {
	n, err := tx.Exec("UPDATE job SET dead = 0, failures = 0, run_at = 0 WHERE id = ? AND dead = 1", id)
	if err == nil && n == 0 {
		return db.ErrNone
	}
	db.Touch(tx, Topic)
	return err
}

// Drop gives a dead job up for good. db.ErrNone: there is none.
func Drop(tx db.Tx, id int64) error {
	n, err := tx.Exec("DELETE FROM job WHERE id = ? AND dead = 1", id)
	if err == nil && n == 0 {
		return db.ErrNone
	}
	return err
}

func list(rows *db.Rows, err error) ([]Job, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var jobs []Job
	for rows.Next() {
		var j Job
		if err := rows.Scan(&j.ID, &j.Kind, &j.Key, &j.Payload, &j.RunAt, &j.Attempt, &j.Failures, &j.Cause); err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}
