package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// disk is a small file system of memory that the instance alone lives on.
func disk(t *testing.T) (w *town, at string) {
	t.Helper()
	at = filepath.Join(t.TempDir(), "disk")
	w = newTown(t, ofSQLite, func(r *round) {
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		do(t, "mount", "-t", "tmpfs", "-o", "size=48m,mode=700", "tmpfs", at)
		r.place.Data, r.place.KeysDir = filepath.Join(at, "data"), filepath.Join(at, "keys")
	})
	t.Cleanup(func() {
		w.server.kill()
		do(t, "umount", "--lazy", at)
	})
	w.opens()
	return w, at
}

// fill takes all room there is.
func fill(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	for block := make([]byte, 1<<16); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
	return f
}

func TestAFullDiskRefusesWholeAndIsForgottenWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	w, at := disk(t)
	w.applies(5)
	w.proved()
	rest := fill(t, filepath.Join(at, "rest"))
	first := w.refused(500)
	w.must(w.quick(t.Context()))
	before := w.events()
	for range 5 {
		got, err := w.one.once(t.Context(), first)
		w.must(err)
		w.later(got)
	}
	w.reads()
	if after := w.events(); after != before {
		t.Errorf("%d events before, %d after refusals", before, after)
	}
	w.must(rest.Truncate(0))
	w.again(first)
	w.applies(5)
	w.whole()
}

// What a kernel does with a disk that fails is to let nobody write: here the
// folder is mounted read-only over itself, and the writer, which a full disk has
// made let go of its file, finds it so.
func TestAReadOnlyDiskRefusesWholeAndIsForgottenWhenItCanBeWritten(t *testing.T) {
	t.Parallel()
	w, at := disk(t)
	w.applies(5)
	w.proved()
	rest := fill(t, filepath.Join(at, "rest"))
	w.refused(500)
	do(t, "mount", "--bind", at, at)
	do(t, "mount", "-o", "remount,bind,ro", at)
	w.refused(500)
	w.must(rest.Truncate(0))
	first := w.refused(1) // there is room, and still it cannot be written
	w.reads()
	do(t, "umount", "--lazy", at)
	w.again(first)
	w.applies(5)
	w.whole()
}

// A server does not begin on a disk that it cannot write to, and says so.
func TestAServerDoesNotBeginOnAReadOnlyDisk(t *testing.T) {
	t.Parallel()
	w, at := disk(t)
	w.applies(3)
	w.server.kill()
	do(t, "mount", "-o", "remount,ro", at)
	var err error
	w.server, err = w.serve(w.addr)
	w.must(err)
	w.exits(2)
	log, err := os.ReadFile(filepath.Join(w.dir, "server.log"))
	w.must(err)
	if !strings.Contains(string(log), "read-only") {
		t.Errorf("the last words do not say why: %s", log[max(0, len(log)-500):])
	}
	do(t, "mount", "-o", "remount,rw", at)
	w.must(w.begin(t.Context()))
	w.applies(3)
	w.whole()
}
