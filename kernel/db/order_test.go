package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pendopo/kernel/db"
	"pendopo/test/testkit"
	"pendopo/test/testkit/pgserver"
)

// begin runs a Write that takes its hold, says so, and waits for the word to end.
func begin(d *db.DB, take func(db.Tx, string) error, work func(db.Tx) error) (held, end chan struct{}, done chan error) {
	held, end, done = make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- d.Write(func(tx db.Tx) error {
			if err := errors.Join(take(tx, "orders"), work(tx)); err != nil {
				return err
			}
			close(held)
			<-end
			return nil
		})
	}()
	return held, end, done
}

func nothing(db.Tx) error { return nil }

func TestWhoHoldsAloneSeesWhatThoseWhoSharedHaveCommitted(t *testing.T) {
	d := testkit.Open(t, testkit.Postgres(t), db.Options{})
	migrate(t, d)
	first, endFirst, doneFirst := begin(d, db.Shared, insert("shared"))
	<-first
	second, endSecond, doneSecond := begin(d, db.Shared, nothing) // sharing keeps nobody waiting
	<-second
	seen := 0
	alone, endAlone, doneAlone := begin(d, db.Alone, func(tx db.Tx) error {
		return tx.Row("SELECT count(*) FROM thing").Scan(&seen)
	})
	waits := func() (n int) {
		d.Read(context.Background(), func(tx db.Tx) error {
			return tx.Row(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&n)
		})
		return n
	}
	testkit.Eventually(t, "one waits to be alone", func() bool { return waits() == 1 })
	late, endLate, doneLate := begin(d, db.Shared, nothing)
	testkit.Eventually(t, "who comes later waits too", func() bool { return waits() == 2 })
	close(endFirst)
	close(endSecond)
	<-alone
	if seen != 1 {
		t.Errorf("who is alone saw %d", seen)
	}
	select {
	case <-late:
		t.Error("somebody shares while another is alone")
	default:
	}
	close(endAlone)
	<-late
	close(endLate)
	if err := errors.Join(<-doneFirst, <-doneSecond, <-doneAlone, <-doneLate); err != nil {
		t.Error(err)
	}
}

func TestAnAnnouncedNoteComesWithItsChangeAndNotWithoutIt(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		notes, err := d.Listen(t.Context(), "news")
		if err != nil {
			t.Fatal(err)
		}
		refusal := errors.New("refused")
		err = d.Write(func(tx db.Tx) error { return errors.Join(db.Announce(tx, "news", "never"), refusal) })
		if !errors.Is(err, refusal) {
			t.Fatal(err)
		}
		err = d.Write(func(tx db.Tx) error {
			return errors.Join(db.Announce(tx, "other", "not ours"), insert("there")(tx), db.Announce(tx, "news", "a\x1fb"))
		})
		if note := <-notes; err != nil || note != "a\x1fb" || count(t, d, "thing") != 1 {
			t.Errorf("%q, %v", note, err)
		}
	})
}

// A commit that gave up waiting for the replica is kept here and perhaps nowhere
// else. PostgreSQL calls that a success with a warning; here it is none.
func TestACommitThatTheReplicaDoesNotHaveIsNotAcknowledged(t *testing.T) {
	server, err := pgserver.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Stop() })
	d := testkit.Open(t, server.URL, db.Options{})
	migrate(t, d)
	admin, err := pgx.Connect(context.Background(), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.Background())
	for _, set := range []string{"ALTER DATABASE postgres SET synchronous_commit = on", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()"} {
		if _, err := admin.Exec(context.Background(), set); err != nil {
			t.Fatal(err)
		}
	}
	fresh := testkit.Open(t, server.URL, db.Options{}) // its sessions have the new setting
	cut := func(write func(db.Tx) error) (err error) {
		done := make(chan error, 1)
		go func() {
			var err error
			for err == nil { // until the server has taken its new setting up
				err = fresh.Write(write)
			}
			done <- err
		}()
		tick, late := time.NewTicker(20*time.Millisecond), time.After(time.Minute) // a busy server takes its time to read settings
		defer tick.Stop()
		for {
			select {
			case err = <-done:
				return err
			case <-late:
				t.Fatal("no commit waits for the replica")
			case <-tick.C: // tell whoever waits to stop
				admin.Exec(context.Background(), "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
			}
		}
	}
	before := 0
	isUnavailable(t, "a commit that nobody else has", cut(func(tx db.Tx) error {
		before++
		return insert(fmt.Sprint("here only ", before))(tx)
	}))
	if n := count(t, d, "thing"); n != before { // and yet everyone can read it
		t.Fatalf("%d rows of %d", n, before)
	}
	isUnavailable(t, "an answer that repeats it", cut(func(tx db.Tx) error {
		var n int
		return errors.Join(tx.Row("SELECT count(*) FROM thing").Scan(&n), db.Confirm(tx))
	}))
}
