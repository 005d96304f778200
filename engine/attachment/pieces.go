package attachment

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"io"
	"sync"

	"pendopo/kernel/blob"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
)

// Bounds of what one draft or case may hold that no event names yet.
const (
	mostFiles = 60
	mostTotal = 100 << 20
)

// Sent is a file as a program hands it in.
type Sent struct {
	Stream  string
	Field   definition.Field // the zero Field takes pictures and PDF up to MostBytes
	Name    string           // as the device calls it
	Key     string           // idempotency key; empty = none
	Request []byte           // what beside the bytes makes the request the same
	Size    int64            // Begin: bytes that will come
}

// Upload is a file that came or is coming. ID stays the same from the first
// piece on and is what answers name; Blob is what was kept, once it is whole.
type Upload struct {
	ID     string
	Offset int64 // bytes received
	Length int64 // bytes in all
	Whole  bool
	Blob   blob.Blob
	Again  bool // the same key and request came before
}

// Put keeps a file that comes in one piece.
func (s *Store) Put(n Sent, r io.Reader) (Upload, error) {
	data, err := readAll(n.Field, r)
	if err != nil {
		return Upload{}, err
	}
	sum := sumOf(n.Request, data)
	kept, kind, err := s.clean(n.Field, data)
	if err != nil {
		return Upload{}, err
	}
	defer s.locks.lock(n.Stream)()
	key, before, err := s.admit(n, sum, int64(len(kept)))
	if err != nil || before.ID != "" {
		return before, err
	}
	b, err := s.keep(n.Stream, key, blob.Info{Name: plainName(n.Name, kind), Type: kind, Size: int64(len(kept)),
		Draft: note{Field: n.Field.ID, Mark: markOf(n.Key), Sum: sum, Size: int64(len(data))}.text()}, kept)
	return Upload{ID: b.ID, Offset: int64(len(data)), Length: int64(len(data)), Whole: true, Blob: b}, err
}

// Begin opens a file that comes in pieces: Continue adds them.
func (s *Store) Begin(n Sent) (Upload, error) {
	switch {
	case n.Size <= 0:
		return Upload{}, fault.New(fault.Invalid, "attachment.empty").At(n.Field.ID)
	case n.Size > Limit(n.Field):
		return Upload{}, fault.New(fault.TooLarge, "attachment.too_large").At(n.Field.ID).With("most", Limit(n.Field)>>20)
	}
	sum := sumOf(n.Request, nil)
	defer s.locks.lock(n.Stream)()
	key, before, err := s.admit(n, sum, n.Size)
	if err != nil || before.ID != "" {
		return before, err
	}
	id, err := s.blobs.Create(n.Stream, key, blob.Info{Name: n.Name, Type: "application/octet-stream", Size: n.Size,
		Draft: note{Field: n.Field.ID, Mark: markOf(n.Key), Sum: sum, Raw: true, Size: n.Size}.text()})
	return Upload{ID: id, Length: n.Size}, err
}

// admit looks at what the stream holds: a repeated key is answered with what it
// made, one with another request is refused, and so is more than there is room for.
func (s *Store) admit(n Sent, sum string, bytes int64) (seal.StreamKey, Upload, error) {
	key, err := s.keys.Get(n.Stream)
	if err != nil {
		return key, Upload{}, err
	}
	list, err := s.blobs.List(n.Stream, key)
	if err != nil {
		return key, Upload{}, err
	}
	held, mark := 0, markOf(n.Key)
	for _, b := range list {
		if came := noteOf(b); mark != "" && came.Mark == mark && (came.Raw || b.Finished) {
			if came.Sum != sum {
				return key, Upload{}, fault.New(fault.Invalid, "attachment.key_reused")
			}
			up := stateOf(b)
			up.Again = true
			return key, up, nil
		}
		if !b.Claimed {
			held, bytes = held+1, bytes+max(b.Size, b.Received)
		}
	}
	if held >= mostFiles || bytes > mostTotal {
		return key, Upload{}, fault.New(fault.TooLarge, "attachment.too_many").At(n.Field.ID)
	}
	return key, Upload{}, nil
}

// Continue adds a piece at offset. With the last one the file is looked at and
// kept, or refused and forgotten. What a cut connection had brought stays.
func (s *Store) Continue(stream, id string, f definition.Field, offset int64, r io.Reader) (Upload, error) {
	up, err := s.Status(stream, id, f)
	if err != nil || up.Whole {
		return up, err
	}
	key, err := s.keys.Get(stream)
	if err != nil {
		return up, err
	}
	if up.Offset, err = s.blobs.Append(id, key, offset, r); err != nil {
		return up, err
	}
	return s.Status(stream, id, f)
}

// Status finds a file of a stream by the id it was begun with. One whose last
// piece has come is made whole first, so a crash in between costs nothing. F is
// the field it was begun for, which FieldOf names.
func (s *Store) Status(stream, id string, f definition.Field) (Upload, error) {
	defer s.locks.lock(stream)()
	b, key, err := s.find(stream, id)
	if err != nil {
		return Upload{}, err
	}
	up := stateOf(b)
	if up.Whole || up.Offset < up.Length {
		return up, nil
	}
	return s.settle(b, key, f)
}

// FieldOf is the id of the field that a file was handed in for, "" for none.
func (s *Store) FieldOf(stream, id string) (string, error) {
	b, _, err := s.find(stream, id)
	return noteOf(b).Field, err
}

// find gives the blob that stands for an upload: the one made of its pieces,
// else itself.
func (s *Store) find(stream, id string) (blob.Blob, seal.StreamKey, error) {
	key, err := s.keys.Get(stream)
	if err != nil {
		return blob.Blob{}, key, err
	}
	list, err := s.blobs.List(stream, key)
	if err != nil {
		return blob.Blob{}, key, err
	}
	var found blob.Blob
	for _, b := range list {
		if b.Finished && noteOf(b).Of == id {
			return b, key, nil
		}
		if b.ID == id {
			found = b
		}
	}
	if found.ID == "" || !found.Finished && !noteOf(found).Raw {
		return blob.Blob{}, key, unknown()
	}
	return found, key, nil
}

// settle makes the pieces of a file into the file that is kept. A file that is
// not what its field takes leaves nothing behind.
func (s *Store) settle(raw blob.Blob, key seal.StreamKey, f definition.Field) (Upload, error) {
	data, err := s.sent(raw, key)
	if err != nil {
		return Upload{}, err
	}
	kept, kind, err := s.clean(f, data)
	if err != nil {
		if gone := s.blobs.Remove(raw.ID); gone != nil {
			return Upload{}, gone
		}
		return Upload{}, err
	}
	came := noteOf(raw)
	came.Raw, came.Of = false, raw.ID
	b, err := s.keep(raw.Stream, key, blob.Info{Name: plainName(raw.Name, kind), Type: kind, Size: int64(len(kept)), Draft: came.text()}, kept)
	if err != nil {
		return Upload{}, err
	}
	return stateOf(b), s.blobs.Remove(raw.ID)
}

// sent reads back what came in pieces.
func (s *Store) sent(raw blob.Blob, key seal.StreamKey) ([]byte, error) {
	if _, err := s.blobs.Finish(raw.ID, key); err != nil {
		return nil, err
	}
	r, _, err := s.blobs.Open(context.Background(), raw.ID, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// keep stores a file that was looked at.
func (s *Store) keep(stream string, key seal.StreamKey, info blob.Info, data []byte) (blob.Blob, error) {
	id, err := s.blobs.Create(stream, key, info)
	if err != nil {
		return blob.Blob{}, err
	}
	if _, err := s.blobs.Append(id, key, 0, bytes.NewReader(data)); err != nil {
		return blob.Blob{}, err
	}
	return s.blobs.Finish(id, key)
}

// stateOf is how far a file has come.
func stateOf(b blob.Blob) Upload {
	came := noteOf(b)
	up := Upload{ID: b.ID, Length: came.Size, Offset: came.Size, Whole: b.Finished && !came.Raw, Blob: b}
	switch {
	case came.Raw:
		up.Offset, up.Blob = b.Received, blob.Blob{}
	case came.Of != "":
		up.ID = came.Of
	}
	if up.Length == 0 {
		up.Offset, up.Length = b.Received, b.Size
	}
	return up
}

func markOf(key string) string {
	if key == "" {
		return ""
	}
	return sumOf([]byte(key), nil)
}

func sumOf(request, data []byte) string {
	h := sha256.New()
	h.Write(request)
	h.Write([]byte{0})
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// locks keeps two requests for one stream from making the same file twice.
// Streams share a lock by chance; that costs time only.
type locks [32]sync.Mutex

func (l *locks) lock(stream string) (unlock func()) {
	h := fnv.New32a()
	h.Write([]byte(stream))
	m := &l[h.Sum32()%uint32(len(l))]
	m.Lock()
	return m.Unlock
}
