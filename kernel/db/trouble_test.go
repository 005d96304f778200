package db_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
	"pendopo/test/testkit/pgserver"
)

// isUnavailable fails the test unless err is what a lost store answers.
func isUnavailable(t testing.TB, what string, err error) {
	t.Helper()
	if !fault.Is(err, fault.Unavailable) || fault.Of(err).Key != "fault.store_unavailable" {
		t.Errorf("%s: got %v", what, err)
	}
}

// together makes the SQLite writer run all commands as one group: the first
// holds it until the others have queued.
func together(t *testing.T, d *db.DB, commands []func(db.Tx) error) []error {
	t.Helper()
	errs := make([]error, len(commands))
	held, release := make(chan struct{}), make(chan struct{})
	hold := sync.OnceFunc(func() { close(held); <-release }) // the first may run again
	var all sync.WaitGroup
	all.Go(func() {
		errs[0] = d.Write(func(tx db.Tx) error { hold(); return commands[0](tx) })
	})
	<-held
	for i := 1; i < len(commands); i++ {
		all.Go(func() { errs[i] = d.Write(commands[i]) })
		testkit.Eventually(t, "the command is queued", func() bool { return d.Queued() == i })
	}
	close(release)
	all.Wait()
	return errs
}

func insert(name string) func(db.Tx) error {
	return func(tx db.Tx) error {
		_, err := tx.Exec("INSERT INTO thing (name) VALUES (?)", name)
		return err
	}
}

// fill writes until the file may not grow any more, and swallows what it is told.
func fill(tx db.Tx) error {
	var pages int
	if err := tx.Row("PRAGMA page_count").Scan(&pages); err != nil {
		return err
	}
	var limit int
	if err := tx.Row(fmt.Sprintf("PRAGMA max_page_count = %d", pages+3)).Scan(&limit); err != nil {
		return err
	}
	for i := range 50 {
		tx.Exec("INSERT INTO thing (name, raw) VALUES (?, ?)", fmt.Sprintf("fill %d", i), make([]byte, 4096))
	}
	return nil
}

func TestAFullDiskFailsTheWholeGroupAndNothingAfterIt(t *testing.T) {
	d := testkit.Open(t, testkit.SQLite(t), db.Options{})
	migrate(t, d)
	if err := add(d, "before"); err != nil {
		t.Fatal(err)
	}
	refusal := errors.New("own refusal")
	errs := together(t, d, []func(db.Tx) error{
		insert("first"), insert("second"),
		func(db.Tx) error { return refusal }, // decided on a state that is lost with the group
		fill, insert("never run"),
	})
	for i, err := range errs[:4] {
		isUnavailable(t, fmt.Sprint("member ", i), err)
	}
	if errs[4] != nil { // it came after the group had ended: a group of its own
		t.Errorf("the next group: %v", errs[4])
	}
	if n := count(t, d, "thing"); n != 2 {
		t.Errorf("%d rows are there", n)
	}
	if err := add(d, "after"); err != nil {
		t.Errorf("not reopened: %v", err)
	}
}

func TestACommandThatRunsAgainHappensOnce(t *testing.T) {
	d := testkit.Open(t, testkit.SQLite(t), db.Options{})
	migrate(t, d)
	woken, stop := d.Watch("thing")
	defer stop()
	runs := make([]int, 5)
	counted := func(i int, fn func(db.Tx) error) func(db.Tx) error {
		return func(tx db.Tx) error { runs[i]++; db.Touch(tx, "thing"); return fn(tx) }
	}
	errs := together(t, d, []func(db.Tx) error{
		counted(0, insert("a")), counted(1, insert("b")), counted(2, insert("a")), counted(3, insert("c")), counted(4, insert("b")),
	})
	for i, err := range errs {
		if refused := i == 2 || i == 4; db.IsConflict(err) != refused || !refused && err != nil {
			t.Errorf("member %d: %v", i, err)
		}
	}
	if runs[0] != 2 || runs[1] != 2 || runs[2] != 1 || runs[3] != 1 || runs[4] != 1 {
		t.Errorf("ran %v times: who succeeded before a refusal runs again, once", runs)
	}
	if n := count(t, d, "thing"); n != 3 {
		t.Errorf("%d rows", n)
	}
	select {
	case <-woken:
	default:
		t.Error("who watches was not woken")
	}
}

func TestOneGroupIsOneCommitAndItsRefusalsStayApart(t *testing.T) {
	d := testkit.Open(t, testkit.SQLite(t), db.Options{})
	migrate(t, d)
	refusal := errors.New("own refusal")
	errs := together(t, d, []func(db.Tx) error{
		insert("a"), insert("a"), insert("b"),
		func(tx db.Tx) error { return errors.Join(insert("c")(tx), refusal) },
		func(tx db.Tx) error { // sees its neighbours' rows
			var n int
			err := tx.Row("SELECT COUNT(*) FROM thing").Scan(&n)
			if n != 2 {
				t.Errorf("sees %d", n)
			}
			return err
		},
	})
	if errs[0] != nil || !db.IsConflict(errs[1]) || errs[2] != nil || !errors.Is(errs[3], refusal) || errs[4] != nil {
		t.Error(errs)
	}
	if n := count(t, d, "thing"); n != 2 {
		t.Errorf("%d rows", n)
	}
}

func TestALockedDatabaseIsUnavailableAndThenWellAgain(t *testing.T) {
	url := testkit.SQLite(t)
	d := testkit.Open(t, url, db.Options{BusyTimeout: 20 * time.Millisecond})
	migrate(t, d)
	other := testkit.Open(t, url, db.Options{})
	err := other.Write(func(tx db.Tx) error {
		isUnavailable(t, "locked by another", add(d, "x"))
		return insert("theirs")(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := add(d, "y"); err != nil || count(t, d, "thing") != 2 {
		t.Error(err)
	}
}

func TestACorruptFileIsUnavailable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "broken.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := db.Open(context.Background(), "sqlite:"+path, db.Options{})
	isUnavailable(t, "open", err)
	_, err = db.Open(context.Background(), "sqlite:"+t.TempDir()+"/none/x.db", db.Options{})
	isUnavailable(t, "open in no folder", err)
}

func TestTheFileIsItsOwnersAloneAndSyncsInFull(t *testing.T) {
	url := testkit.SQLite(t)
	d := testkit.Open(t, url, db.Options{SecureDelete: true})
	info, err := os.Stat(strings.TrimPrefix(url, "sqlite:"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	d.Write(func(tx db.Tx) error {
		for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "temp_store": "2", "foreign_keys": "1", "secure_delete": "1"} {
			var got any
			if err := tx.Row("PRAGMA " + pragma).Scan(&got); err != nil || fmt.Sprint(got) != want {
				t.Errorf("%s is %v, %v", pragma, got, err)
			}
		}
		return nil
	})
}

func TestACheckpointLeavesNothingInTheLog(t *testing.T) {
	url := testkit.SQLite(t)
	d := testkit.Open(t, url, db.Options{SecureDelete: true})
	migrate(t, d)
	secret := "a key that is to be destroyed"
	add(d, secret)
	err := d.Write(func(tx db.Tx) error { _, err := tx.Exec("DELETE FROM thing"); return err })
	if err = errors.Join(err, d.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:") + suffix)
		if err != nil || strings.Contains(string(raw), secret) {
			t.Errorf("%s: still there, or %v", suffix, err)
		}
	}
}

func TestClosingWaitsForWhatIsUnderWayAndRefusesTheRest(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		d, err := db.Open(context.Background(), url, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		migrate(t, d)
		begun := make(chan struct{})
		written := make(chan error)
		go func() {
			written <- d.Write(func(tx db.Tx) error { close(begun); return insert("x")(tx) })
		}()
		<-begun
		if err := errors.Join(d.Close(), <-written, d.Close()); err != nil {
			t.Error(err)
		}
		isUnavailable(t, "write", add(d, "y"))
		isUnavailable(t, "read", d.Read(context.Background(), func(db.Tx) error { return nil }))
	})
}

func TestABadAddressIsRefusedWithoutItsPassword(t *testing.T) {
	for _, url := range []string{"", "mysql://x", "sqlite:", "sqlite::memory:", "sqlite:x?mode=ro", "postgres://u:hunter2@h:port/x"} {
		_, err := db.Open(context.Background(), url, db.Options{})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestAKilledPostgresConnectionIsUnavailableOnce(t *testing.T) {
	d := testkit.Open(t, testkit.Postgres(t), db.Options{MaxReaders: 1})
	migrate(t, d)
	err := d.Write(func(tx db.Tx) error {
		insert("lost")(tx)
		tx.Exec("SELECT pg_terminate_backend(pg_backend_pid())")
		return nil
	})
	isUnavailable(t, "write", err)
	err = d.Read(context.Background(), func(tx db.Tx) error {
		_, err := tx.Exec("SELECT pg_terminate_backend(pg_backend_pid())")
		return err
	})
	isUnavailable(t, "read", err)
	if err := add(d, "after"); err != nil || count(t, d, "thing") != 1 {
		t.Error(err)
	}
}

func TestAStoppedPostgresIsUnavailable(t *testing.T) {
	server, err := pgserver.Start()
	if err != nil {
		t.Fatal(err)
	}
	d := testkit.Open(t, server.URL, db.Options{})
	migrate(t, d)
	err = d.Write(func(tx db.Tx) error { server.Stop(); return insert("x")(tx) })
	isUnavailable(t, "in the middle", err)
	isUnavailable(t, "write", add(d, "y"))
	isUnavailable(t, "read", d.Read(context.Background(), func(db.Tx) error { return nil }))
	isUnavailable(t, "notify", d.Notify("x", "y"))
	isUnavailable(t, "migrate", d.Migrate(context.Background(), "more", os.DirFS("testdata/more")))
	isUnavailable(t, "lead", d.Lead(context.Background(), "x", func(context.Context, db.Leader) error { return nil }))
	_, err = db.Open(context.Background(), server.URL, db.Options{})
	isUnavailable(t, "open", err)
}

func TestADeadlockIsUnavailableToOneAndFineForTheOther(t *testing.T) {
	d := testkit.Open(t, testkit.Postgres(t), db.Options{})
	migrate(t, d)
	add(d, "a")
	add(d, "b")
	var met, all sync.WaitGroup
	met.Add(2)
	errs := make([]error, 2)
	for i, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		all.Go(func() {
			errs[i] = d.Write(func(tx db.Tx) error {
				_, err := tx.Exec("UPDATE thing SET n = 1 WHERE name = ?", order[0])
				met.Done()
				met.Wait()
				_, err2 := tx.Exec("UPDATE thing SET n = 1 WHERE name = ?", order[1])
				return errors.Join(err, err2)
			})
		})
	}
	all.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatal(errs)
	}
	isUnavailable(t, "the victim", errors.Join(errs...))
}

func TestTheServingRoleOwnsNothing(t *testing.T) {
	url := testkit.Postgres(t)
	owner, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	role := "serving_" + owner.Config().Database
	owner.Exec(context.Background(), "CREATE ROLE "+role)
	t.Cleanup(func() {
		owner.Exec(context.Background(), "DROP OWNED BY "+role)
		owner.Exec(context.Background(), "DROP ROLE "+role)
		owner.Close(context.Background())
	})
	d := testkit.Open(t, url, db.Options{Role: role})
	migrate(t, d)
	work := []string{"INSERT INTO thing (name) VALUES ('x')", "UPDATE thing SET n = 1", "DELETE FROM thing", "INSERT INTO fixed (id, a, b) VALUES ('1', 'x', 1)"}
	for _, statement := range work {
		if err := d.Write(func(tx db.Tx) error { _, err := tx.Exec(statement); return err }); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	mischief := []string{"DELETE FROM fixed", "UPDATE fixed SET a = 'y'", "TRUNCATE fixed", "ALTER TABLE fixed DISABLE TRIGGER ALL",
		"DROP TABLE fixed", "DROP TRIGGER append_only_fixed_row ON fixed", "CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"}
	for _, statement := range mischief {
		err := d.Write(func(tx db.Tx) error { _, err := tx.Exec(statement); return err })
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func TestOnlyOneLeadsAtATime(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		nodes := []*db.DB{testkit.Open(t, url, db.Options{})}
		nodes = append(nodes, nodes[0])
		if nodes[0].Dialect() == db.Postgres {
			nodes[1] = testkit.Open(t, url, db.Options{})
		}
		migrate(t, nodes[0])
		var mu sync.Mutex
		inside, terms := 0, 0
		var all sync.WaitGroup
		for i, d := range nodes {
			all.Go(func() {
				err := d.Lead(context.Background(), "log", func(_ context.Context, l db.Leader) error {
					mu.Lock()
					inside, terms = inside+1, terms+1
					if inside != 1 {
						t.Error("two lead")
					}
					mu.Unlock()
					err := l.Write(insert(fmt.Sprint("term ", i)))
					mu.Lock()
					inside--
					mu.Unlock()
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if terms != 2 || count(t, nodes[0], "thing") != 2 {
			t.Errorf("%d terms", terms)
		}
	})
}

func TestALeaderWhoWaitsCanLeave(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		err := d.Lead(context.Background(), "log", func(ctx context.Context, _ db.Leader) error {
			waiting, leave := context.WithCancel(ctx)
			leave()
			err := d.Lead(waiting, "log", func(context.Context, db.Leader) error { t.Error("two lead"); return nil })
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			return d.Lead(ctx, "other", func(context.Context, db.Leader) error { return nil })
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestALeaderWithoutItsConnectionStops(t *testing.T) {
	d := testkit.Open(t, testkit.Postgres(t), db.Options{})
	migrate(t, d)
	kill := "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
	err := d.Lead(context.Background(), "log", func(ctx context.Context, l db.Leader) error {
		if err := d.Write(func(tx db.Tx) error { _, err := tx.Exec(kill); return err }); err != nil {
			t.Fatal(err)
		}
		<-ctx.Done()
		isUnavailable(t, "a leader's write", l.Write(insert("too late")))
		return nil
	})
	isUnavailable(t, "lead", err)
	if count(t, d, "thing") != 0 {
		t.Error("who lost the lead wrote")
	}
}

func TestAListenerComesBackAndSaysThatItMissedSomething(t *testing.T) {
	d := testkit.Open(t, testkit.Postgres(t), db.Options{})
	notes, err := d.Listen(t.Context(), "log")
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(func(tx db.Tx) error {
		_, err := tx.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if note := <-notes; note != "" {
		t.Errorf("got %q", note)
	}
	if err := d.Notify("log", "18"); err != nil || <-notes != "18" {
		t.Error(err)
	}
}

func TestASlowListenerKeepsTheNewest(t *testing.T) {
	d := testkit.Open(t, testkit.SQLite(t), db.Options{})
	notes, err := d.Listen(t.Context(), "log")
	for i := range 100 {
		err = errors.Join(err, d.Notify("log", fmt.Sprint(i)))
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := 84; i < 100; i++ {
		if note := <-notes; note != fmt.Sprint(i) {
			t.Fatalf("got %s for %d", note, i)
		}
	}
}

func TestWhatCountsAsALostStore(t *testing.T) {
	lost := []error{&pgconn.PgError{Code: "53100"}, &pgconn.PgError{Code: "57P01"}, &pgconn.PgError{Code: "08006"}, &pgconn.PgError{Code: "58030"},
		&pgconn.PgError{Code: "40P01"}, &pgconn.PgError{Code: "55P03"}, &pgconn.PgError{Code: "XX001"}, io.ErrUnexpectedEOF, context.DeadlineExceeded}
	for _, err := range lost {
		if !db.PgLost(fmt.Errorf("wrapped: %w", err)) {
			t.Errorf("%v is not", err)
		}
	}
	for _, err := range []error{nil, &pgconn.PgError{Code: "23505"}, &pgconn.PgError{Code: "42P01"}, context.Canceled, db.ErrNone} {
		if db.PgLost(err) || db.LiteLost(err) {
			t.Errorf("%v is", err)
		}
	}
}

func TestPlaceholdersInQuotesStay(t *testing.T) {
	if got := db.Numbered(`SELECT '?', "?", ? WHERE x = ? AND y = 'it''s ?'`); got != `SELECT '?', "?", $1 WHERE x = $2 AND y = 'it''s ?'` {
		t.Error(got)
	}
}

func TestExpandedMigrationsAreAsRecorded(t *testing.T) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		text, err := db.Expand(tables, dialect)
		if err != nil {
			t.Fatal(err)
		}
		testkit.Golden(t, string(dialect)+".sql", []byte(text))
	}
}
