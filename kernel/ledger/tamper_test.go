package ledger

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

// table is a whole table in memory: what somebody who owns the database holds.
type table struct {
	name    string
	columns []string
	rows    [][]any
}

// tablesOf reads every table of the record from the schema itself, so that one
// that is added later is tampered with too.
func tablesOf(t *testing.T, d *db.DB) (list []table) {
	t.Helper()
	names, columns := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
		`SELECT name FROM pragma_table_info(?) ORDER BY cid`
	if d.Dialect() == db.Postgres {
		names = `SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()`
		columns = `SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema()
			AND table_name = ? ORDER BY ordinal_position`
	}
	err := d.Read(context.Background(), func(tx db.Tx) error {
		for _, name := range query(t, tx, 1, names) {
			if name := name[0].(string); !strings.HasPrefix(name, "schema_") {
				tab := table{name: name}
				for _, column := range query(t, tx, 1, columns, name) {
					tab.columns = append(tab.columns, column[0].(string))
				}
				order := strings.Join(tab.columns[:min(3, len(tab.columns))], ", ")
				tab.rows = query(t, tx, len(tab.columns), "SELECT "+strings.Join(tab.columns, ", ")+" FROM "+name+" ORDER BY "+order)
				list = append(list, tab)
			}
		}
		return nil
	})
	if err != nil || len(list) != 5 {
		t.Fatalf("%d tables, %v", len(list), err)
	}
	slices.SortFunc(list, func(a, b table) int { return strings.Compare(a.name, b.name) })
	return list
}

func query(t *testing.T, tx db.Tx, width int, text string, args ...any) (all [][]any) {
	t.Helper()
	rows, err := tx.Query(text, args...)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		row, dest := make([]any, width), make([]any, width)
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		for i := range row {
			if b, ok := row[i].([]byte); ok {
				row[i] = bytes.Clone(b)
			}
		}
		all = append(all, row)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

// disarm removes what protects the tables.
func disarm(t *testing.T, d *db.DB, tables []table) {
	t.Helper()
	err := d.Write(func(tx db.Tx) error {
		if d.Dialect() == db.SQLite {
			for _, name := range query(t, tx, 1, `SELECT name FROM sqlite_master WHERE type = 'trigger'`) {
				if _, err := tx.Exec(`DROP TRIGGER ` + name[0].(string)); err != nil {
					return err
				}
			}
			_, err := tx.Exec(`PRAGMA ignore_check_constraints = ON`)
			return err
		}
		for _, check := range query(t, tx, 2, `SELECT conrelid::regclass::text, conname::text FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0`) {
			if _, err := tx.Exec(`ALTER TABLE ` + check[0].(string) + ` DROP CONSTRAINT ` + check[1].(string)); err != nil {
				return err
			}
		}
		for _, tab := range tables {
			if _, err := tx.Exec(`ALTER TABLE ` + tab.name + ` DISABLE TRIGGER USER`); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// write puts a table in the place of the stored one.
func (tab table) write(d *db.DB) error {
	return d.Write(func(tx db.Tx) error {
		if _, err := tx.Exec(`DELETE FROM ` + tab.name); err != nil {
			return err
		}
		insert := `INSERT INTO ` + tab.name + ` (` + strings.Join(tab.columns, ", ") + `) VALUES (` + many("?", len(tab.columns)) + `)`
		for _, row := range tab.rows {
			if _, err := tx.Exec(insert, row...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (tab table) clone() table {
	c := table{name: tab.name, columns: tab.columns}
	for _, row := range tab.rows {
		c.rows = append(c.rows, slices.Clone(row))
	}
	return c
}

// altered gives values near v that are not v.
func altered(v any) []any {
	switch v := v.(type) {
	case string:
		return []any{v + " "}
	case int64:
		return []any{v + 1, v - 1, v + 1000}
	case []byte:
		b := bytes.Clone(v)
		b[len(b)/2] ^= 1
		return []any{b, v[:len(v)-1]}
	}
	return []any{"x", int64(1)}
}

// tampering is one change of one table. Of several variants some may be
// impossible, for a key or a check is in the way; one must be possible.
type tampering struct {
	name     string
	variants []table
}

// tamperings makes every change of one table: each column of a row in the
// middle altered, and exchanged with another row's; rows deleted, doubled.
func tamperings(tab table) (list []tampering) {
	middle := len(tab.rows) / 2
	for c, column := range tab.columns {
		change := tampering{name: column + " altered"}
		for _, value := range altered(tab.rows[middle][c]) {
			v := tab.clone()
			v.rows[middle][c] = value
			change.variants = append(change.variants, v)
		}
		list = append(list, change)
		if len(tab.rows) > 1 && len(tab.columns) > 1 && fmt.Sprint(tab.rows[0][c]) != fmt.Sprint(tab.rows[middle][c]) {
			v := tab.clone()
			v.rows[0][c], v.rows[middle][c] = v.rows[middle][c], v.rows[0][c]
			list = append(list, tampering{column + " swapped", []table{v}})
		}
	}
	for name, at := range map[string]int{"first": 0, "middle": middle, "last": len(tab.rows) - 1} {
		v := tab.clone()
		v.rows = slices.Delete(v.rows, at, at+1)
		list = append(list, tampering{name + " row deleted", []table{v}})
	}
	return append(list, tampering{"row inserted", insertions(tab, middle)})
}

// insertions doubles a row under every key near its own.
func insertions(tab table, at int) (variants []table) {
	for c := range tab.columns {
		for _, value := range altered(tab.rows[at][c]) {
			v := tab.clone()
			row := slices.Clone(v.rows[at])
			row[c] = value
			switch tab.name { // every key anew
			case "event":
				row[0], row[2] = event.NewID(), row[2].(int64)+1000
			case "leaf":
				row[1], row[2] = int64(len(v.rows)), event.NewID()
			}
			v.rows = append(v.rows, row)
			variants = append(variants, v)
		}
	}
	return variants
}

// tell says whether some finding names the table.
func tell(list []Finding, name string) bool {
	return slices.ContainsFunc(list, func(f Finding) bool { return f.Table == name })
}

func TestEveryChangeOfEveryTableIsFoundAndNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		for i := range 6 {
			r.append(fmt.Sprintf("case-%d", i%3), 2)
			r.sequence()
		}
		r.append("case-0", 2) // and two wait
		r.wantSound()
		tables := tablesOf(t, r.db)
		disarm(t, r.db, tables)
		for _, tab := range tables {
			for _, change := range tamperings(tab) {
				t.Run(tab.name+" "+change.name, func(t *testing.T) { wantFound(t, r, tab, change) })
			}
		}
		r.wantSound()
	})
}

func wantFound(t *testing.T, r *rig, tab table, change tampering) {
	possible := 0
	for _, v := range change.variants {
		if err := v.write(r.db); err != nil {
			continue // a key or a check is in the way
		}
		possible++
		list := r.findings()
		if len(list) == 0 {
			t.Errorf("variant %d was not found", possible)
		} else if !slices.ContainsFunc(named(tab.name), func(name string) bool { return tell(list, name) }) {
			t.Errorf("variant %d: findings name something else: %v", possible, list)
		}
	}
	if possible == 0 {
		t.Error("no variant is possible: the test tests nothing")
	}
	if err := tab.write(r.db); err != nil {
		t.Fatal(err)
	}
}

// named are the tables by which a change of one may show itself: what was
// taken from one side of a relation is missed on the other.
func named(name string) []string {
	return append([]string{name}, map[string][]string{
		"unsequenced": {"event"}, "event": {"unsequenced", "leaf"}, "leaf": {"event", "head"}, "head": {"leaf"},
	}[name]...)
}

func TestTheFirstDifferenceIsNamedExactly(t *testing.T) {
	r := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
	events := r.append("case", 5)
	r.sequence()
	disarm(t, r.db, nil)
	err := r.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`UPDATE event SET actor = 'somebody else' WHERE id = ?`, events[2].ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.findings(), "[ledger.event_differs event "+events[2].ID+" leaf]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// Cutting the tail of everything is consistent in itself: an older head finds
// it, and without one nothing does.
func TestACutTailIsFoundWithAnOldHeadOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.append("case", 3)
		r.sequence()
		before := r.head()
		folder := snapshot(t, r.folder)
		receipt := r.Receipt(r.append("late", 1)[0])
		r.sequence()
		old := r.head()
		cutTail(t, r)
		if list := r.findings(); len(list) != 1 || list[0].Key != "ledger.head_missing" || list[0].Row != "1/4" {
			t.Errorf("with the heads folder: %v", list)
		}
		folder.restore(t, r.folder)
		r.restart()
		r.wantSound() // asserted: not found without
		wantFault(t, r.VerifyHead(old.Note), fault.Internal, "ledger.shortened")
		if err := r.VerifyHead(before.Note); err != nil {
			t.Errorf("a head from before the cut: %v", err)
		}
		r.clock = r.clock.Add(promised * 2)
		wantFault(t, r.VerifyReceipt(encode(t, receipt)), fault.Internal, "ledger.receipt_broken")
	})
}

// cutTail removes the fourth leaf, of the stream late, from every table.
func cutTail(t *testing.T, r *rig) {
	t.Helper()
	disarm(t, r.db, tablesOf(t, r.db))
	for _, statement := range []string{
		`DELETE FROM event WHERE stream = 'late'`, `DELETE FROM leaf WHERE idx = 3`, `DELETE FROM head WHERE size = 4`,
	} {
		if err := r.db.Write(func(tx db.Tx) error { _, err := tx.Exec(statement); return err }); err != nil {
			t.Fatal(err)
		}
	}
	err := r.db.Write(func(tx db.Tx) error {
		hashes, err := loadTile(tx, 1, 0, 0)
		if err != nil {
			return err
		}
		return saveTile(tx, 1, 0, 0, hashes[:3*hashSize])
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A part that is lost for good: the next log says so, on both databases.
func TestALostTailIsContinuedInANewLog(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.append("case", 3)
		r.sequence()
		r.append("late", 1)
		r.sequence()
		cutTail(t, r)
		r.restart()
		_, err := r.Sequence(context.Background())
		wantFault(t, err, fault.Internal, "ledger.behind")
		if h, err := r.Continue(context.Background(), true); err != nil || h.Log != 2 || h.Size != 1 {
			t.Fatalf("continued as %+v, %v", h, err)
		}
		r.append("case", 2)
		r.sequence()
		r.wantSound()
		if n, err := r.Leaves(context.Background()); err != nil || n != 3+1+2 {
			t.Errorf("%d leaves, %v", n, err)
		}
	})
}

// Rewriting everything with the real keys is consistent in itself too.
func TestARewrittenRecordIsFoundWithAnOldHeadOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		first := r.append("case", 3)
		receipt := r.Receipt(first[1])
		r.sequence()
		old := r.head()
		r.append("case", 2)
		r.sequence()

		forger := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
		forger.in = r.in
		forger.restart()
		forger.rewrite(r, first[1].ID)
		forger.wantSound() // asserted: not found without
		if h := forger.head(); h.Size != r.head().Size || h.Root == r.head().Root {
			t.Fatalf("the rewriting is wrong: %+v", h)
		}
		wantFault(t, forger.VerifyHead(old.Note), fault.Internal, "ledger.rewritten")
		wantFault(t, forger.VerifyReceipt(encode(t, receipt)), fault.Internal, "ledger.receipt_broken")
		if err := r.VerifyHead(old.Note); err != nil {
			t.Errorf("the true record: %v", err)
		}
	})
}

// rewrite copies the record of r with one event altered, in the same rounds.
func (forger *rig) rewrite(r *rig, id string) {
	var events []event.Event
	err := r.db.Read(context.Background(), func(tx db.Tx) (err error) {
		events, err = event.Load(tx, "case")
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	for i, e := range events {
		if e.ID == id {
			e.Clear = []byte(`{"step":"approved"}`)
			e.Finish()
		}
		if err := forger.db.Write(func(tx db.Tx) error { return event.Append(tx, e) }); err != nil {
			r.t.Fatal(err)
		}
		if i == 2 || i == 4 {
			forger.sequence()
		}
	}
}

// files are the contents of a folder.
type files map[string][]byte

func snapshot(t *testing.T, folder string) files {
	t.Helper()
	f := files{}
	names, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if f[name.Name()], err = os.ReadFile(filepath.Join(folder, name.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func (f files) restore(t *testing.T, folder string) {
	t.Helper()
	for name, content := range f {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
