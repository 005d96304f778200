package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/test/testkit"
)

const stream = "01932a5e-0000-7000-8000-000000000001"

func openStore(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// onBoth gives each kind of store and a key.
func onBoth(t *testing.T, run func(t *testing.T, s *Store, key seal.StreamKey)) {
	t.Helper()
	testkit.OnBothURL(t, func(t *testing.T, url string) { run(t, openStore(t, url), seal.NewStreamKey()) })
}

// content is size bytes that differ from place to place.
func content(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	return b
}

func create(t *testing.T, s *Store, key seal.StreamKey, size int64) string {
	t.Helper()
	id, err := s.Create(stream, key, Info{Name: "ktp Siti.jpg", Type: "image/jpeg", Size: size, Draft: "d1"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// put stores content as a finished blob.
func put(t *testing.T, s *Store, key seal.StreamKey, plain []byte) Blob {
	t.Helper()
	id := create(t, s, key, int64(len(plain)))
	if at, err := s.Append(id, key, 0, bytes.NewReader(plain)); err != nil || at != int64(len(plain)) {
		t.Fatalf("append reached %d, %v", at, err)
	}
	b, err := s.Finish(id, key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readAll(s *Store, id string, key seal.StreamKey) ([]byte, error) {
	r, _, err := s.Open(context.Background(), id, key)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(r)
	return plain, errors.Join(err, r.Close())
}

func wantFault(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if f := fault.Of(err); err == nil || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestWhatIsStoredComesBackAtEverySize(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store, key seal.StreamKey) {
		for _, size := range []int{1, ChunkSize - 1, ChunkSize, ChunkSize + 1, 2 * ChunkSize, 2*ChunkSize + 77} {
			plain := content(size)
			b := put(t, s, key, plain)
			if b.SHA256 != sha256.Sum256(plain) || b.Size != int64(size) || b.Name != "ktp Siti.jpg" || b.Draft != "d1" || !b.Finished {
				t.Errorf("size %d: %+v", size, b)
			}
			if got, err := readAll(s, b.ID, key); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("size %d: read %d bytes, %v", size, len(got), err)
			}
			if err := s.Check(context.Background(), b.ID, b.SealedHash); err != nil {
				t.Errorf("size %d: %v", size, err)
			}
			if again, err := s.Finish(b.ID, key); err != nil || again != b {
				t.Errorf("finished again: %+v, %v", again, err)
			}
		}
	})
}

// A connection that is cut every few bytes, and goes on from what was kept.
func TestAnUploadSurvivesCuts(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store, key seal.StreamKey) {
		plain, cut := content(2*ChunkSize+1000), errors.New("cut")
		id, at := create(t, s, key, int64(len(plain))), int64(0)
		for piece := 0; at < int64(len(plain)); piece++ {
			end := min(at+int64(30_000+piece*7_919), int64(len(plain)))
			r := io.MultiReader(bytes.NewReader(plain[at:end]), iotest.ErrReader(cut))
			got, err := s.Append(id, key, at, r)
			if !errors.Is(err, cut) || got != end {
				t.Fatalf("piece %d reached %d of %d, %v", piece, got, end, err)
			}
			if b, err := s.Stat(id, key); err != nil || b.Received != end || b.Finished {
				t.Fatalf("after piece %d: %+v, %v", piece, b, err)
			}
			at = end
		}
		if _, err := s.Finish(id, key); err != nil {
			t.Fatal(err)
		}
		if got, err := readAll(s, id, key); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("read %d bytes, %v", len(got), err)
		}
	})
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store, key seal.StreamKey) {
		id := create(t, s, key, 10)
		_, err := s.Finish(id, key)
		wantFault(t, err, fault.Invalid, "blob.empty")
		if _, err := s.Append(id, key, 0, strings.NewReader("12345")); err != nil {
			t.Fatal(err)
		}
		_, err = s.Append(id, key, 0, strings.NewReader("12345"))
		wantFault(t, err, fault.Conflict, "blob.offset")
		_, err = s.Append(id, key, 7, strings.NewReader("12345"))
		wantFault(t, err, fault.Conflict, "blob.offset")
		_, err = s.Finish(id, key)
		wantFault(t, err, fault.Invalid, "blob.incomplete")
		_, err = readAll(s, id, key)
		wantFault(t, err, fault.Conflict, "blob.unfinished")
		at, err := s.Append(id, key, 5, strings.NewReader("678901"))
		wantFault(t, err, fault.TooLarge, "blob.longer_than_declared")
		if at != 5 {
			t.Errorf("kept %d bytes", at)
		}
		if _, err := s.Append(id, key, 5, strings.NewReader("67890")); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Finish(id, key); err != nil {
			t.Fatal(err)
		}
		_, err = s.Append(id, key, 10, strings.NewReader("1"))
		wantFault(t, err, fault.Conflict, "blob.finished")
		_, err = s.Stat("nothing", key)
		wantFault(t, err, fault.Unknown, "blob.unknown")
		_, err = s.Create(stream, key, Info{Size: -1})
		wantFault(t, err, fault.Invalid, "blob.size")
		_, err = s.Stat(id, seal.NewStreamKey())
		wantFault(t, err, fault.Internal, "blob.damaged")
	})
}

// What somebody with the database, and without the key, can do to chunks.
func TestEveryChangeOfChunksIsNoticed(t *testing.T) {
	changes := map[string]string{
		"swapped":            `UPDATE blob_chunk SET n = CASE n WHEN 0 THEN 1 ELSE 0 END + 100 WHERE n < 2 AND blob = $; UPDATE blob_chunk SET n = n - 100 WHERE n >= 100`,
		"last one dropped":   `DELETE FROM blob_chunk WHERE n = 2 AND blob = $; UPDATE blob SET received = 524288, chunks = 2 WHERE id = $`,
		"first one dropped":  `DELETE FROM blob_chunk WHERE n = 0 AND blob = $; UPDATE blob_chunk SET n = n - 1 WHERE blob = $; UPDATE blob SET received = received - 262144, chunks = 2 WHERE id = $`,
		"one missing":        `DELETE FROM blob_chunk WHERE n = 1 AND blob = $`,
		"length changed":     `UPDATE blob SET received = received - 1 WHERE id = $`,
		"another blob's":     `UPDATE blob_chunk SET data = (SELECT o.data FROM blob_chunk o WHERE o.blob <> blob_chunk.blob AND o.n = 1) WHERE blob = $ AND n = 1`,
		"the last, repeated": `UPDATE blob_chunk SET data = (SELECT o.data FROM blob_chunk o WHERE o.blob = $ AND o.n = 2) WHERE blob = $ AND n = 1`,
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			s, key := openStore(t, testkit.SQLite(t)), seal.NewStreamKey()
			b := put(t, s, key, content(2*ChunkSize+5))
			put(t, s, key, content(2*ChunkSize+5))
			alter(t, s, strings.ReplaceAll(change, "$", "'"+b.ID+"'"))
			plain, err := readAll(s, b.ID, key)
			wantFault(t, err, fault.Internal, "blob.damaged")
			if want := content(2*ChunkSize + 5); !bytes.HasPrefix(want, plain) {
				t.Error("unauthenticated bytes were given out")
			}
			if name == "length changed" {
				return // the stored ciphertext is the same
			}
			wantFault(t, s.Check(context.Background(), b.ID, b.SealedHash), fault.Internal, "blob.damaged")
		})
	}
}

func TestOneAlteredByteIsNoticed(t *testing.T) {
	s, key := openStore(t, testkit.SQLite(t)), seal.NewStreamKey()
	b := put(t, s, key, content(100))
	for i := range 100 + seal.Overhead {
		flip := fmt.Sprintf("UPDATE blob_chunk SET data = CAST(substr(data,1,%d) || ? || substr(data,%d) AS BLOB)", i, i+2)
		was, err := s.chunk(context.Background(), b.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		alter(t, s, flip, []byte{was[i] ^ 0x80})
		if _, err := readAll(s, b.ID, key); !fault.Is(err, fault.Internal) {
			t.Errorf("byte %d: %v", i, err)
		}
		alter(t, s, flip, []byte{was[i]})
	}
	if _, err := readAll(s, b.ID, key); err != nil {
		t.Errorf("put right again: %v", err)
	}
}

// alter runs statements against the store, as nobody should.
func alter(t *testing.T, s *Store, statements string, args ...any) {
	t.Helper()
	err := s.db.Write(func(tx db.Tx) error {
		for statement := range strings.SplitSeq(statements, ";") {
			if n, err := tx.Exec(statement, args...); err != nil || n == 0 {
				return fmt.Errorf("%s: %d rows, %w", statement, n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnlyUnclaimedOrphansAreSwept(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store, key seal.StreamKey) {
		claimed, orphan := put(t, s, key, content(5)), put(t, s, key, content(5))
		half := create(t, s, key, 9)
		if err := s.Claim(claimed.ID); err != nil {
			t.Fatal(err)
		}
		wantFault(t, s.Claim(orphan.ID, half), fault.Unknown, "blob.unknown")
		if n, err := s.Sweep(time.Now().Add(23 * time.Hour)); err != nil || n != 0 {
			t.Errorf("too early: swept %d, %v", n, err)
		}
		if n, err := s.Sweep(time.Now().Add(25 * time.Hour)); err != nil || n != 2 {
			t.Errorf("swept %d, %v", n, err)
		}
		if list, err := s.List(stream, key); err != nil || len(list) != 1 || list[0].ID != claimed.ID || !list[0].Claimed {
			t.Errorf("left: %+v, %v", list, err)
		}
	})
}

func TestDeleteEndsAllBlobsOfAStream(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store, key seal.StreamKey) {
		b := put(t, s, key, content(ChunkSize+5))
		other, err := s.Create("another", key, Info{})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Delete(stream); err != nil {
				t.Fatal(err)
			}
		}
		_, _, err = s.Open(context.Background(), b.ID, key)
		wantFault(t, err, fault.Unknown, "blob.unknown")
		if _, err := s.Stat(other, key); err != nil {
			t.Errorf("another stream's: %v", err)
		}
		if err := s.Remove(other); err != nil {
			t.Error(err)
		}
		_, err = s.Stat(other, key)
		wantFault(t, err, fault.Unknown, "blob.unknown")
	})
}

func TestNeitherNameNorContentLiesInTheFile(t *testing.T) {
	url := testkit.SQLite(t)
	s, key := openStore(t, url), seal.NewStreamKey()
	put(t, s, key, bytes.Repeat([]byte("alamat rumah Siti"), 100))
	if err := s.db.Checkpoint(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"alamat", "Siti", "image/jpeg"} {
		if bytes.Contains(file, []byte(secret)) {
			t.Errorf("%q lies in the file", secret)
		}
	}
	if !bytes.Contains(file, []byte(stream)) {
		t.Error("the scan finds nothing at all: it is wrong itself")
	}
}
