package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// wal is a write-ahead log of SQLite as it lies on disk.
type wal struct {
	path   string
	bytes  []byte
	frame  int // bytes of one: a header and a page
	frames int // that were written since the log began anew
}

const (
	walHeader   = 32
	frameHeader = 24
)

// readWAL finds the frames: those that carry the salt of the log's header.
func readWAL(t *testing.T, path string) wal {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil || len(raw) < walHeader {
		t.Fatalf("no write-ahead log: %v", err)
	}
	w := wal{path: path, bytes: raw, frame: frameHeader + int(binary.BigEndian.Uint32(raw[8:]))}
	for at := walHeader; at+w.frame <= len(raw) && string(raw[at+8:at+16]) == string(raw[16:24]); at += w.frame {
		w.frames++
	}
	return w
}

// at is where the n-th frame begins.
func (w wal) at(n int) int { return walHeader + n*w.frame }

// dirty writes bytes over what stands at a place.
func (w wal) dirty(t *testing.T, at int, with []byte) {
	t.Helper()
	f, err := os.OpenFile(w.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(with, int64(at)); err != nil {
		t.Fatal(err)
	}
}

// A frame that was being written when the power went was never synced, so
// nothing of it was acknowledged.
func TestATornEndOfTheLogOfWritesCostsNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t, ofSQLite, nil)
	w.opens()
	for _, part := range []int{1, frameHeader, frameHeader + 100, -1} {
		w.applies(5)
		w.server.kill()
		log := readWAL(t, filepath.Join(w.place.Data, "pendopo.db-wal"))
		if log.frames == 0 {
			t.Fatal("the log of writes is empty: nothing to tear")
		}
		if part < 0 {
			part = log.frame
		}
		torn := append([]byte(nil), log.bytes[log.at(log.frames-1):log.at(log.frames)]...)
		torn[len(torn)-1] ^= 1
		log.dirty(t, log.at(log.frames), torn[:part])
		w.must(w.begin(t.Context()))
	}
	w.whole()
}

// A synced frame that is damaged takes acknowledged effects with it. Nothing can
// bring them back, and nobody may pass over it: the heads that were signed
// outside the database say what is missing.
func TestADamagedLogOfWritesIsFoundAndNotSignedOver(t *testing.T) {
	t.Parallel()
	w := newTown(t, ofSQLite, nil)
	w.opens()
	w.applies(10)
	w.proved()
	w.server.kill()
	log := readWAL(t, filepath.Join(w.place.Data, "pendopo.db-wal"))
	log.dirty(t, log.at(log.frames/2), []byte("this was synced"))
	lost := 0
	w.must(w.begin(t.Context()))
	for _, a := range w.journal.matters {
		got, err := w.one.once(t.Context(), request{method: "GET", path: a.path(), header: a.secretHeader()})
		w.must(err)
		if got.status == 404 {
			lost++
		}
	}
	if lost == 0 {
		t.Fatal("nothing was lost: the damage is none")
	}
	w.unsigned()
	w.continued()
}

// unsigned wants the server not to sign, and verify to say why.
func (w *town) unsigned() {
	w.t.Helper()
	w.applies(1)
	newest := w.journal.matters[len(w.journal.matters)-1]
	for end := time.Now().Add(2500 * time.Millisecond); time.Now().Before(end); {
		w.must(w.looker.sleep(w.t.Context(), 250*time.Millisecond))
		got, err := w.looker.once(w.t.Context(), request{method: "GET", path: newest.path() + "/receipt", header: newest.secretHeader()})
		w.must(err)
		if got.status != 202 {
			w.t.Fatalf("signed over a loss: %d %s", got.status, got.body)
		}
	}
	out, err := w.command(w.t.Context(), "verify")
	if errStatus(err) != 1 || !strings.Contains(out, "ledger.head_missing") {
		w.t.Errorf("verify ended with %v: %s", err, out)
	}
	raw, err := os.ReadFile(filepath.Join(w.dir, "server.log"))
	w.must(err)
	if !strings.Contains(string(raw), "ledger.behind") {
		w.t.Error("the server's log does not say why")
	}
}

// continued says in public that something was lost: then the log goes on under
// another name, and what is there is whole again.
func (w *town) continued() {
	w.t.Helper()
	w.must(w.server.stop())
	if out, err := w.command(w.t.Context(), "log", "continue", "--lost"); err != nil {
		w.t.Fatalf("%v: %s", err, out)
	}
	w.log = nil // another log
	w.must(w.begin(w.t.Context()))
	w.journal = newJournal()
	w.one.journal, w.one.log = w.journal, w.log
	w.applies(3)
	w.proved()
	w.must(w.quick(w.t.Context()))
	w.must(w.verify(w.t.Context()))
	if list, _ := w.journal.wrong(); len(list) > 0 {
		w.t.Fatal(fmt.Sprint(list))
	}
}
