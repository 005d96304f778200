package db_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

// tables is the migration that most tests stand on.
const tables = `
CREATE TABLE thing (
    id   {{serial}},
    name TEXT NOT NULL UNIQUE,
    n    BIGINT,
    raw  {{bytes}},
    at   BIGINT,
    yes  BIGINT,
    f    DOUBLE PRECISION
);
CREATE TABLE fixed (
    id   TEXT PRIMARY KEY,
    a    TEXT NOT NULL, -- half of a key, with a comma in the comment
    b    BIGINT NOT NULL CHECK (b IN (1, 2, 3)),
    UNIQUE (a, b)
);
{{append_only fixed}}
CREATE TABLE small (k TEXT PRIMARY KEY, v TEXT) {{compact}};
{{append_only small}}
{{only sqlite}}CREATE TABLE only_lite (x BIGINT);{{end}}
{{only postgres}}CREATE TABLE only_pg (x BIGINT);{{end}}
`

func migrate(t testing.TB, d *db.DB) {
	t.Helper()
	err := d.Migrate(context.Background(), "things", fstest.MapFS{"0001_things.sql": {Data: []byte(tables)}})
	if err != nil {
		t.Fatal(err)
	}
}

// onBoth is OnBoth with the tables made.
func onBoth(t *testing.T, run func(t *testing.T, d *db.DB)) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) { migrate(t, d); run(t, d) })
}

func add(d *db.DB, name string) error {
	return d.Write(func(tx db.Tx) error {
		_, err := tx.Exec("INSERT INTO thing (name) VALUES (?)", name)
		return err
	})
}

func count(t testing.TB, d *db.DB, table string) (n int) {
	t.Helper()
	err := d.Read(context.Background(), func(tx db.Tx) error { return tx.Row("SELECT COUNT(*) FROM " + table).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestValuesComeBackAsTheyWent(t *testing.T) {
	type code string
	at := time.Date(2026, 3, 17, 9, 0, 0, 123456000, time.FixedZone("WIB", 7*3600))
	onBoth(t, func(t *testing.T, d *db.DB) {
		err := d.Write(func(tx db.Tx) error {
			n, err := tx.Exec("INSERT INTO thing (name, n, raw, at, yes, f) VALUES (?, ?, ?, ?, ?, ?), ('empty ?', NULL, ?, ?, ?, 2)",
				code("a'?\"é"), 1<<40, []byte{0, 1, 255}, at, true, 1.5, []byte{}, time.Time{}, false)
			if n != 2 {
				t.Errorf("affected %d", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var name, second code
		var n int64
		var none *int64
		var raw, empty []byte
		var when, never time.Time
		var yes, no, exists bool
		var f float64
		var sum sql.NullInt64
		err = d.Read(context.Background(), func(tx db.Tx) error {
			return errors.Join(
				tx.Row("SELECT name, n, raw, at, yes, f FROM thing WHERE id = ?", 1).Scan(&name, &n, &raw, &when, &yes, &f),
				tx.Row("SELECT name, n, raw, at, yes FROM thing WHERE name = ?", "empty ?").Scan(&second, &none, &empty, &never, &no),
				tx.Row("SELECT EXISTS (SELECT 1 FROM thing), SUM(n) FROM thing").Scan(&exists, &sum))
		})
		if err != nil {
			t.Fatal(err)
		}
		if name != `a'?"é` || n != 1<<40 || !bytes.Equal(raw, []byte{0, 1, 255}) || !when.Equal(at.Truncate(time.Microsecond)) || when.Location() != time.UTC || !yes || f != 1.5 {
			t.Errorf("came back as %q %d %v %v %v %v", name, n, raw, when, yes, f)
		}
		if second != "empty ?" || none != nil || empty == nil || len(empty) != 0 || !never.IsZero() || no || !exists || sum.Int64 != 1<<40 {
			t.Errorf("came back as %q %v %v %v %v %v %v", second, none, empty, never, no, exists, sum)
		}
	})
}

func TestNilBytesAreNull(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		err := d.Write(func(tx db.Tx) error {
			_, err := tx.Exec("INSERT INTO thing (name, raw) VALUES (?, ?)", "x", []byte(nil))
			return err
		})
		var raw []byte
		var null bool
		err = errors.Join(err, d.Read(context.Background(), func(tx db.Tx) error {
			return tx.Row("SELECT raw, raw IS NULL FROM thing").Scan(&raw, &null)
		}))
		if err != nil || raw != nil || !null {
			t.Error(err, raw, null)
		}
	})
}

func TestNoRowIsErrNone(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		err := d.Write(func(tx db.Tx) error {
			var n int
			if err := tx.Row("SELECT n FROM thing WHERE id = 7").Scan(&n); !errors.Is(err, db.ErrNone) {
				t.Errorf("got %v", err)
			}
			_, err := tx.Exec("INSERT INTO thing (name) VALUES ('after')") // none is no failure
			return err
		})
		if err != nil || count(t, d, "thing") != 1 {
			t.Error(err)
		}
	})
}

func TestARefusedCommandUndoesItselfAndNotItsNeighbours(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		refusal := errors.New("not today")
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				err := d.Write(func(tx db.Tx) error {
					if _, err := tx.Exec("INSERT INTO thing (name) VALUES (?)", fmt.Sprint(i)); err != nil {
						return err
					}
					if i%3 == 0 {
						return refusal
					}
					return nil
				})
				if (i%3 == 0) != errors.Is(err, refusal) {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		all.Wait()
		if n := count(t, d, "thing"); n != 40 {
			t.Errorf("%d kept", n)
		}
	})
}

func TestAFailedStatementEndsItsTransactionEvenIfSwallowed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		if err := add(d, "a"); err != nil {
			t.Fatal(err)
		}
		err := d.Write(func(tx db.Tx) error {
			tx.Exec("INSERT INTO thing (name) VALUES ('b')")
			_, first := tx.Exec("INSERT INTO thing (name) VALUES ('a')")
			_, then := tx.Exec("INSERT INTO thing (name) VALUES ('c')")
			if !db.IsConflict(first) || !db.IsConflict(then) {
				t.Errorf("first %v, then %v", first, then)
			}
			return nil
		})
		if !db.IsConflict(err) || count(t, d, "thing") != 1 {
			t.Errorf("%v", err)
		}
		if err := add(d, "d"); err != nil {
			t.Error(err)
		}
	})
}

func TestAStatementWhileRowsAreOpenIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		add(d, "a")
		add(d, "b")
		err := d.Read(context.Background(), func(tx db.Tx) error {
			rows, err := tx.Query("SELECT name FROM thing")
			if err != nil {
				return err
			}
			rows.Next()
			var n int
			return tx.Row("SELECT 1").Scan(&n)
		})
		if err == nil || !strings.Contains(err.Error(), "close the rows") {
			t.Errorf("got %v", err)
		}
		if n := count(t, d, "thing"); n != 2 { // and the connection is well again
			t.Error(n)
		}
	})
}

func TestATxIsOfNoUseAfterItsFunction(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		var kept db.Tx
		d.Write(func(tx db.Tx) error { kept = tx; return nil })
		if _, err := kept.Exec("INSERT INTO thing (name) VALUES ('late')"); err == nil {
			t.Error("taken")
		}
		if count(t, d, "thing") != 0 {
			t.Error("written")
		}
	})
}

func TestReadSeesOneStateAndChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		add(d, "a")
		err := d.Read(context.Background(), func(tx db.Tx) error {
			var before, after int
			if err := tx.Row("SELECT COUNT(*) FROM thing").Scan(&before); err != nil {
				return err
			}
			written := make(chan error)
			go func() { written <- add(d, "b") }()
			if err := <-written; err != nil {
				return err
			}
			if err := tx.Row("SELECT COUNT(*) FROM thing").Scan(&after); err != nil {
				return err
			}
			if before != 1 || after != 1 {
				t.Errorf("before %d, after %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(context.Background(), func(tx db.Tx) error {
			_, err := tx.Exec("INSERT INTO thing (name) VALUES ('sly')")
			return err
		})
		if err == nil || count(t, d, "thing") != 2 {
			t.Errorf("a reader wrote: %v", err)
		}
	})
}

func TestAReaderWhoLeavesGetsItsOwnError(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		ctx, leave := context.WithCancel(context.Background())
		err := d.Read(ctx, func(tx db.Tx) error {
			leave()
			var n int
			return tx.Row("SELECT 1").Scan(&n)
		})
		if !errors.Is(err, context.Canceled) || fault.Is(err, fault.Unavailable) {
			t.Errorf("got %v", err)
		}
		ctx, leave = context.WithCancel(context.Background())
		seen := 0
		err = d.Read(ctx, func(tx db.Tx) error {
			rows, err := tx.Query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i FROM n")
			if err != nil {
				return err
			}
			defer rows.Close()
			for ; rows.Next(); seen++ {
				leave()
			}
			return rows.Err()
		})
		if !errors.Is(err, context.Canceled) || seen == 200000 {
			t.Errorf("in the middle of %d rows: %v", seen, err)
		}
	})
}

func TestAPanicIsUndoneAndGoesOnInTheCaller(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		func() {
			defer func() {
				if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), "boom") {
					t.Errorf("recovered %v", p)
				}
			}()
			d.Write(func(tx db.Tx) error {
				tx.Exec("INSERT INTO thing (name) VALUES ('half')")
				panic("boom")
			})
		}()
		if err := add(d, "next"); err != nil || count(t, d, "thing") != 1 {
			t.Error(err)
		}
	})
}

func TestAppendOnlyTablesAreRefusedByTheDatabase(t *testing.T) {
	changes := map[string]string{
		"update":        "UPDATE fixed SET a = 'y'",
		"update of key": "UPDATE fixed SET id = '2'",
		"delete":        "DELETE FROM fixed",
		"delete small":  "DELETE FROM small",
		"upsert":        "INSERT INTO fixed (id, a, b) VALUES ('1', 'z', 2) ON CONFLICT (id) DO UPDATE SET a = 'z'",
	}
	own := map[db.Dialect]map[string]string{
		db.SQLite: {
			"replace by id":    "INSERT OR REPLACE INTO fixed (id, a, b) VALUES ('1', 'z', 2)",
			"replace by pair":  "INSERT OR REPLACE INTO fixed (id, a, b) VALUES ('9', 'x', 1)",
			"replace by rowid": "INSERT OR REPLACE INTO fixed (rowid, id, a, b) VALUES (1, '9', 'z', 2)",
			"replace":          "REPLACE INTO fixed (id, a, b) VALUES ('1', 'z', 2)",
			"replace small":    "REPLACE INTO small (k, v) VALUES ('1', 'z')",
			"update or":        "UPDATE OR REPLACE fixed SET id = '2'",
		},
		db.Postgres: {"truncate": "TRUNCATE fixed", "truncate small": "TRUNCATE small", "truncate all": "TRUNCATE thing, fixed CASCADE"},
	}
	onBoth(t, func(t *testing.T, d *db.DB) {
		err := d.Write(func(tx db.Tx) error {
			_, err := tx.Exec("INSERT INTO fixed (id, a, b) VALUES ('1', 'x', 1)")
			_, err2 := tx.Exec("INSERT INTO small (k, v) VALUES ('1', 'x')")
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, set := range []map[string]string{changes, own[d.Dialect()]} {
			for name, statement := range set {
				err := d.Write(func(tx db.Tx) error { _, err := tx.Exec(statement); return err })
				if !db.IsRefused(err) && !db.IsConflict(err) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		var id, a, v string
		var b int
		err = d.Read(context.Background(), func(tx db.Tx) error {
			return errors.Join(tx.Row("SELECT id, a, b FROM fixed").Scan(&id, &a, &b), tx.Row("SELECT v FROM small").Scan(&v))
		})
		if err != nil || id != "1" || a != "x" || b != 1 || v != "x" {
			t.Errorf("now %s %s %d %s, %v", id, a, b, v, err)
		}
		err = d.Write(func(tx db.Tx) error {
			_, err := tx.Exec("INSERT INTO fixed (id, a, b) VALUES ('2', 'x', 1)")
			return err
		})
		if !db.IsConflict(err) || db.IsRefused(err) {
			t.Errorf("the same pair again: %v", err)
		}
	})
}

func TestMigrationsRunOnceAndInOrder(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		files := fstest.MapFS{"0001_a.sql": {Data: []byte("CREATE TABLE a (x BIGINT);\nINSERT INTO a VALUES (1);")}}
		first, second := testkit.Open(t, url, db.Options{}), testkit.Open(t, url, db.Options{})
		var both sync.WaitGroup
		for _, d := range []*db.DB{first, second} {
			if d.Dialect() == db.SQLite && d == second {
				continue // one process per data folder; on PostgreSQL nodes may start together
			}
			both.Go(func() {
				if err := d.Migrate(context.Background(), "a", files); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		files["0002_b.sql"] = &fstest.MapFile{Data: []byte("ALTER TABLE a ADD COLUMN y BIGINT;")}
		if err := errors.Join(first.Migrate(context.Background(), "a", files), second.Migrate(context.Background(), "a", files)); err != nil {
			t.Fatal(err)
		}
		if err := first.Migrate(context.Background(), "other", files); err == nil {
			t.Error("another module made the same table again")
		}
		delete(files, "0002_b.sql")
		if err := first.Migrate(context.Background(), "a", files); !errors.Is(err, db.ErrNewer) {
			t.Errorf("a program that is older than the tables: %v", err)
		}
		if n := count(t, first, "a"); n != 1 {
			t.Errorf("the first file ran %d times", n)
		}
	})
}

func TestAWrongMigrationLeavesNothing(t *testing.T) {
	cases := map[string]string{
		"syntax":       "CREATE TABLE half (x BIGINT);\nCREATE NONSENSE;",
		"unknown word": "CREATE TABLE half (x {{blob}});",
		"no table":     "CREATE TABLE half (x BIGINT PRIMARY KEY);\n{{append_only other}}",
		"no key":       "CREATE TABLE half (x BIGINT);\n{{append_only half}}",
	}
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		for name, text := range cases {
			err := d.Migrate(context.Background(), "wrong", fstest.MapFS{"0001_x.sql": {Data: []byte(text)}})
			if err == nil {
				t.Errorf("%s: taken", name)
			}
			err = d.Read(context.Background(), func(tx db.Tx) error { _, err := tx.Query("SELECT x FROM half"); return err })
			if err == nil {
				t.Errorf("%s: half of it is there", name)
			}
		}
		if err := d.Migrate(context.Background(), "wrong; DROP TABLE x", fstest.MapFS{}); err == nil {
			t.Error("a module name with a semicolon was taken")
		}
	})
}

func TestTouchedTopicsWakeAfterTheCommitOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		signal, stop := d.Watch("things")
		defer stop()
		d.Write(func(tx db.Tx) error { db.Touch(tx, "things"); return errors.New("refused") })
		d.Write(func(tx db.Tx) error { db.Touch(tx, "others"); return nil })
		select {
		case <-signal:
			t.Fatal("woken by a refused command or by another topic")
		default:
		}
		err := d.Write(func(tx db.Tx) error {
			db.Touch(tx, "things")
			_, err := tx.Exec("INSERT INTO thing (name) VALUES ('x')")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-signal:
		default:
			t.Fatal("not woken when Write returned")
		}
	})
}

func TestNotesReachEveryListener(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(context.Background())
		a, err := d.Listen(ctx, "Log")
		b, err2 := d.Listen(ctx, "Log")
		other, err3 := d.Listen(ctx, "log")
		if err := errors.Join(err, err2, err3, d.Notify("Log", "17")); err != nil {
			t.Fatal(err)
		}
		if x, y := <-a, <-b; x != "17" || y != "17" {
			t.Errorf("%q %q", x, y)
		}
		if err := d.Notify("log", "last"); err != nil || <-other != "last" {
			t.Error("another channel's note came", err)
		}
		stop()
		for range a { // closed when the context ends
		}
	})
}

func TestGetReadsOneRowOfWhatIsCommitted(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		var name string
		get := func(want string) error {
			return d.Get(context.Background(), "SELECT name FROM thing WHERE name = ?", []any{want}, &name)
		}
		if err := get("a"); !errors.Is(err, db.ErrNone) {
			t.Fatalf("without a row: %v", err)
		}
		if err := add(d, "a"); err != nil {
			t.Fatal(err)
		}
		if err := get("a"); err != nil || name != "a" {
			t.Fatalf("%q, %v", name, err)
		}
		if err := d.Get(context.Background(), "SELECT nothing FROM nowhere", nil, &name); err == nil || fault.Is(err, fault.Unavailable) {
			t.Errorf("a wrong statement: %v", err)
		}
		ended, end := context.WithCancel(context.Background())
		end()
		if err := d.Get(ended, "SELECT name FROM thing", nil, &name); !errors.Is(err, context.Canceled) {
			t.Errorf("after its context ended: %v", err)
		}
		if err := get("a"); err != nil { // nothing above spoiled the connection
			t.Error(err)
		}
	})
}
