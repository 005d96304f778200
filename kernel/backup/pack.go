package backup

import (
	"github.com/klauspost/compress/zstd"
)

// pack compresses with a checksum, quickly: most of it is ciphertext.
func pack(content []byte) []byte {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic("backup: zstd: " + err.Error()) // cannot happen: fixed options
	}
	defer e.Close()
	return e.EncodeAll(content, make([]byte, 0, len(content)/2))
}

// unpack is the reverse; what was altered is an error.
func unpack(packed []byte) ([]byte, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.DecodeAll(packed, nil)
}
