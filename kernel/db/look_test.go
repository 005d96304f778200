package db_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

// seen reads the one number that the tests of looking put in.
func seen(t *testing.T, url string) (n int) {
	t.Helper()
	d, err := db.Look(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Get(t.Context(), "SELECT n FROM x", nil, &n); err != nil {
		t.Fatal(err)
	}
	refused := d.Write(func(tx db.Tx) error { _, err := tx.Exec("UPDATE x SET n = 9"); return err })
	if refused == nil {
		t.Error("whoever only looks changed something")
	}
	return n
}

func TestLookingChangesNothingBesideAServer(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		d := testkit.Open(t, url, db.Options{})
		if err := d.Write(func(tx db.Tx) error {
			if _, err := tx.Exec("CREATE TABLE x (n BIGINT)"); err != nil {
				return err
			}
			_, err := tx.Exec("INSERT INTO x VALUES (7)")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := seen(t, url); n != 7 {
			t.Errorf("%d", n)
		}
	})
}

// TestLookingNeedsNoWritableDisk: a stopped database on a disk mounted read-only.
func TestLookingNeedsNoWritableDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder with 100% & ?")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	url := "sqlite:" + filepath.Join(strings.ReplaceAll(dir, "?", "_"), "x.db")
	if err := os.Rename(dir, strings.ReplaceAll(dir, "?", "_")); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(func(tx db.Tx) error { _, err := tx.Exec("CREATE TABLE x (n BIGINT)"); return err }); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(func(tx db.Tx) error { _, err := tx.Exec("INSERT INTO x VALUES (7)"); return err }); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	file := strings.TrimPrefix(url, "sqlite:")
	folder := filepath.Dir(file)
	if os.Getuid() == 0 { // root writes through every mode: a read-only mount it is
		mount(t, folder)
	} else if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	if n := seen(t, url); n != 7 {
		t.Errorf("%d", n)
	}
	if names, err := os.ReadDir(folder); err != nil || len(names) != 1 {
		t.Errorf("looking left %v %v", names, err)
	}
}

// mount makes a folder read-only for everybody, until the test ends.
func mount(t *testing.T, folder string) {
	t.Helper()
	for _, args := range [][]string{{"--bind", folder, folder}, {"-o", "remount,bind,ro", folder}} {
		if out, err := exec.Command("mount", args...).CombinedOutput(); err != nil {
			t.Fatalf("mount %v: %v %s", args, err, out)
		}
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
}

func TestLookingMakesNoDatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none.db")
	if _, err := db.Look(t.Context(), "sqlite:"+file); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file was made")
	}
}
