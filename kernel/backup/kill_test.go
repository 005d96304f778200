package backup_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
)

// TestMain lets this test program be the house that is killed.
func TestMain(m *testing.M) {
	if os.Getenv("PENDOPO_TEST_HOUSE") == "" {
		os.Exit(m.Run())
	}
	testing.Main(func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "house", F: beHouse}}, nil, nil)
}

// beHouse writes notes and ships them until it is killed. Each note names a
// stream and a file written just before, as a case does. It says how many were
// acknowledged before each round that ended.
func beHouse(t *testing.T) {
	at := conf.Place{Data: os.Getenv("PENDOPO_TEST_HOUSE"), Node: "n"}
	_, err := os.Stat(at.InstanceKeys())
	h := open(t, at, err != nil)
	data, err := backup.OpenPlace(at.Data + "-copies")
	h.must(err)
	keys, err := backup.OpenPlace(at.Data + "-key-copies")
	h.must(err)
	h.clock = time.Now()
	s := h.shipper(data, keys)
	acknowledged := atomic.Int64{}
	acknowledged.Store(int64(h.count()))
	go func() {
		for {
			h.must(writeNote(h))
			acknowledged.Add(1)
		}
	}()
	for {
		before := acknowledged.Load()
		h.clock = time.Now()
		h.round(s)
		fmt.Fprintf(os.Stderr, "shipped %d\n", before)
	}
}

// writeNote keeps a file under a fresh stream and then a note that names both.
func writeNote(h *house) error {
	stream, key, err := h.keys.Take()
	if err != nil {
		return err
	}
	var file int64
	err = h.blobs.Write(func(tx db.Tx) error {
		if _, err := tx.Exec("INSERT INTO note (body) VALUES (?)", key.Seal([]byte("file"), nil)); err != nil {
			return err
		}
		return tx.Row("SELECT MAX(id) FROM note").Scan(&file)
	})
	if err != nil {
		return err
	}
	return h.record.Write(func(tx db.Tx) error {
		_, err := tx.Exec("INSERT INTO note (body) VALUES (?)", fmt.Sprintf("%s %d", stream, file))
		return err
	})
}

func TestKilledWhileCopyingNothingShippedIsLostAndTheCopyIsAStateThatWas(t *testing.T) {
	at := conf.Place{Data: filepath.Join(t.TempDir(), "house"), Node: "n"}
	for range 5 {
		shipped := runUntilKilled(t, at)
		data, err := backup.OpenPlace(at.Data + "-copies")
		if err != nil {
			t.Fatal(err)
		}
		keys, err := backup.OpenPlace(at.Data + "-key-copies")
		if err != nil {
			t.Fatal(err)
		}
		into := conf.Place{Data: filepath.Join(t.TempDir(), "back"), Node: "n"}
		if _, err := backup.Restore(t.Context(), backup.Wanted{Data: data, Keys: keys, Into: into}); err != nil {
			t.Fatal(err)
		}
		back := open(t, into, false)
		if n := back.count(); int64(n) < shipped {
			t.Errorf("%d notes came back, and %d had been acknowledged before a round that ended", n, shipped)
		}
		consistent(t, back)
	}
}

// runUntilKilled runs the house until some rounds have ended, kills it at a
// random moment after, and says how many notes the last round had to hold.
func runUntilKilled(t *testing.T, at conf.Place) (shipped int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PENDOPO_TEST_HOUSE="+at.Data)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	rounds := 2 + rand.IntN(4)
	lines := bufio.NewScanner(said)
	var rest strings.Builder
	for lines.Scan() {
		var n int64
		if _, err := fmt.Sscanf(lines.Text(), "shipped %d", &n); err != nil {
			rest.WriteString(lines.Text() + "\n")
			continue
		}
		shipped = n
		if rounds--; rounds == 0 {
			time.AfterFunc(time.Duration(rand.IntN(60))*time.Millisecond, func() { cmd.Process.Kill() })
		}
	}
	io.Copy(io.Discard, said)
	cmd.Wait()
	if rounds > 0 {
		t.Fatalf("it ended by itself: %s", rest.String())
	}
	return shipped
}

// consistent finds for every note its key and its file.
func consistent(t *testing.T, h *house) {
	t.Helper()
	var notes []string
	h.must(h.record.Read(context.Background(), func(tx db.Tx) error {
		rows, err := tx.Query("SELECT id, body FROM note ORDER BY id")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			var body string
			if err := rows.Scan(&id, &body); err != nil {
				return err
			}
			if notes = append(notes, body); id != int64(len(notes)) {
				return fmt.Errorf("note %d is missing", len(notes))
			}
		}
		return rows.Err()
	}))
	for _, n := range notes {
		stream, file, _ := strings.Cut(n, " ")
		key, err := h.keys.Get(stream)
		h.must(err)
		h.must(h.blobs.Read(context.Background(), func(tx db.Tx) error {
			var sealed []byte
			if err := tx.Row("SELECT body FROM note WHERE id = ?", file).Scan(&sealed); err != nil {
				return fmt.Errorf("file %s: %w", file, err)
			}
			_, err := key.Open(sealed, nil)
			return err
		}))
	}
}
