package near

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"pendopo/law/search"
)

// Half of a sketch compares which words there are, half which words follow one
// another: the first is alike when two people tell of the same thing, the second
// when one copied from the other.
const half = 32

// SketchBytes is the length of a sketch as it is stored.
const SketchBytes = 2 * half * 4

// Limits of what is read of a text.
const (
	mostText  = 8_000 // bytes
	mostWords = 600
	follow    = 3 // words in a row
)

// Sketch is what is kept of a text. The zero Sketch is of a text without words.
type Sketch struct {
	words [half]uint32
	runs  [half]uint32
	has   bool
}

// Sketcher makes sketches under a key. Without the key nobody can try which
// words lead to a sketch.
type Sketcher struct {
	key  []byte
	stem *search.Stemmer
}

// NewSketcher takes the key: any secret of the instance.
func NewSketcher(key []byte) *Sketcher {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("pendopo/near/1"))
	return &Sketcher{key: h.Sum(nil), stem: search.NewStemmer()}
}

// Sketch makes the sketch of a text (MinHash, Broder 1997).
func (s *Sketcher) Sketch(text string) Sketch {
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "")
	}
	words := s.stem.Terms(text)
	words = words[:min(len(words), mostWords)]
	if len(words) == 0 {
		return Sketch{}
	}
	out := Sketch{has: true}
	for i := range half {
		out.words[i], out.runs[i] = math.MaxUint32, math.MaxUint32
	}
	for i, w := range words {
		least(&out.words, s.hash(w))
		if i+follow <= len(words) {
			least(&out.runs, s.hash(strings.Join(words[i:i+follow], " ")))
		}
	}
	return out
}

func (s *Sketcher) hash(w string) uint64 {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(w))
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// mix is the finaliser of splitmix64: an order of all hashes for each number.
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// least keeps the least value under each of the orders.
func least(into *[half]uint32, h uint64) {
	for i := range into {
		into[i] = min(into[i], uint32(mix(h+uint64(i)*0x9e3779b97f4a7c15)>>32))
	}
}

// alike is the share of orders that begin with the same: how much two sets have
// in common.
func alike(a, b *[half]uint32) float64 {
	same := 0
	for i := range a {
		if a[i] == b[i] && a[i] != math.MaxUint32 {
			same++
		}
	}
	return float64(same) / half
}

// Words is how many of their words two texts share, between 0 and 1.
func (a Sketch) Words(b Sketch) float64 {
	if !a.has || !b.has {
		return 0
	}
	return alike(&a.words, &b.words)
}

// Copied is how much of two texts is the same word for word, between 0 and 1.
func (a Sketch) Copied(b Sketch) float64 {
	if !a.has || !b.has {
		return 0
	}
	return alike(&a.runs, &b.runs)
}

var errSketch = errors.New("near: no sketch")

// Bytes is the sketch as it is stored; none of a text without words.
func (a Sketch) Bytes() []byte {
	if !a.has {
		return []byte{}
	}
	out := make([]byte, 0, SketchBytes)
	for _, list := range [][half]uint32{a.words, a.runs} {
		for _, v := range list {
			out = binary.BigEndian.AppendUint32(out, v)
		}
	}
	return out
}

// ParseSketch reads what Bytes wrote.
func ParseSketch(b []byte) (Sketch, error) {
	var out Sketch
	if len(b) == 0 {
		return out, nil
	}
	if len(b) != SketchBytes {
		return out, errSketch
	}
	out.has = true
	for i := range half {
		out.words[i] = binary.BigEndian.Uint32(b[4*i:])
		out.runs[i] = binary.BigEndian.Uint32(b[4*(half+i):])
	}
	return out, nil
}
