package archive

import (
	"io"
	"time"
)

// Faults reads a file to its end and gives what is wrong with its lines.
func Faults(in io.Reader, m *Map) (out []Fault) {
	r, err := newReader(in, m, time.UTC)
	if err != nil {
		return nil
	}
	for {
		_, f, err := r.next()
		if f != nil {
			out = append(out, *f)
		}
		if err != nil {
			return out
		}
	}
}
