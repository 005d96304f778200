package db_test

import (
	"errors"
	"os"
	"testing"

	"pendopo/kernel/db"
	"pendopo/test/testkit"
)

// keeper remembers what it heard, and refuses when told to.
type keeper struct {
	ends   []db.LogEnd
	refuse error
}

func (k *keeper) BeforeCheckpoint(end db.LogEnd) error {
	k.ends = append(k.ends, end)
	return k.refuse
}

func TestWhoKeepsTheLogHearsOfEveryCheckpointBefore(t *testing.T) {
	d := testkit.Open(t, testkit.SQLite(t), db.Options{})
	migrate(t, d)
	k := &keeper{}
	if err := d.KeepLog(k); err != nil {
		t.Fatal(err)
	}
	add(d, "a")
	before, err := d.LogEnd()
	if err != nil || before.Size == 0 {
		t.Fatalf("%+v, %v", before, err)
	}
	if info, err := os.Stat(d.Path() + "-wal"); err != nil || info.Size() < before.Size {
		t.Errorf("the log has %v bytes, %v", info, err)
	}
	if err := d.Checkpoint(); err != nil || len(k.ends) != 1 || k.ends[0] != before {
		t.Errorf("heard %+v, want %+v; %v", k.ends, before, err)
	}
	add(d, "b")
	after, err := d.LogEnd()
	if err != nil || after.Salt == before.Salt || after.Size == 0 {
		t.Errorf("a new run: %+v after %+v, %v", after, before, err)
	}
	k.refuse = errors.New("not yet")
	if err := d.Settle(); !errors.Is(err, k.refuse) {
		t.Errorf("settled all the same: %v", err)
	}
	isUnavailable(t, "a checkpoint that the keeper refuses", d.Checkpoint())
	if end, err := d.LogEnd(); err != nil || end != after {
		t.Errorf("the log moved: %+v, %v", end, err)
	}
	if err := d.KeepLog(nil); err != nil || d.Checkpoint() != nil {
		t.Error("checkpoints were not given back", err)
	}
}

func TestACopyIsWholeAndNeverOverwrites(t *testing.T) {
	d := testkit.Open(t, testkit.SQLite(t), db.Options{})
	migrate(t, d)
	add(d, "a")
	to := t.TempDir() + "/copy.db"
	if err := d.CopyTo(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if count(t, testkit.Open(t, "sqlite:"+to, db.Options{}), "thing") != 1 {
		t.Error("the copy lacks what was written")
	}
	if info, _ := os.Stat(to); info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v", info.Mode())
	}
	if err := d.CopyTo(t.Context(), to); err == nil {
		t.Error("an existing file was overwritten")
	}
}
