package blob

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"hash"

	"pendopo/kernel/seal"
)

// infoAAD binds the sealed info to its blob and stream.
func infoAAD(id, stream string) []byte {
	return []byte("pendopo/blob-info/1\x00" + id + "\x00" + stream)
}

// chunkAAD binds a sealed chunk to its blob, its place and whether it ends it.
func chunkAAD(id string, n int64, last bool) []byte {
	aad := append([]byte("pendopo/blob-chunk/1\x00"+id), 0)
	aad = binary.BigEndian.AppendUint64(aad, uint64(n))
	if last {
		return append(aad, 1)
	}
	return append(aad, 0)
}

// blob opens the sealed info of a row.
func (r row) blob(key seal.StreamKey) (Blob, error) {
	b := Blob{
		ID: r.id, Stream: r.stream, Received: r.received,
		Finished: len(r.sealedHash) == sha256.Size, Claimed: r.claimed,
	}
	if b.Finished {
		b.SealedHash = [32]byte(r.sealedHash)
	}
	info, err := key.Open(r.info, infoAAD(r.id, r.stream))
	if err != nil {
		return Blob{}, damaged(r.id).Because(err)
	}
	if err := json.Unmarshal(info, &b.Info); err != nil {
		return Blob{}, damaged(r.id).Because(err)
	}
	if b.Finished {
		b.Size = b.Received
	}
	return b, nil
}

// sealedHash is SHA-256 over the blob's id and every sealed chunk, each with
// its length before it.
type sealedHash struct{ h hash.Hash }

func newSealedHash(id string) sealedHash {
	h := sha256.New()
	h.Write([]byte("pendopo/blob/1\x00" + id + "\x00"))
	return sealedHash{h}
}

func (s sealedHash) add(chunk []byte) {
	var size [4]byte
	binary.BigEndian.PutUint32(size[:], uint32(len(chunk)))
	s.h.Write(size[:])
	s.h.Write(chunk)
}

func (s sealedHash) sum() [32]byte { return [32]byte(s.h.Sum(nil)) }
