package attachment_test

import (
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"math"
	"testing"

	"pendopo/engine/attachment"
)

// taken is a photo that says where it was taken: degrees, minutes and hundredths
// of a second, south and east.
func taken(t testing.TB) []byte {
	t.Helper()
	le := binary.LittleEndian
	var b []byte
	entry := func(tag, kind uint16, count, value uint32) {
		b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, tag), kind), count), value)
	}
	b = append(b, "II*\x00\x08\x00\x00\x00"...)
	b = le.AppendUint16(b, 1)
	entry(0x8825, 4, 1, 26) // the GPS directory
	b = le.AppendUint32(b, 0)
	b = le.AppendUint16(b, 4) // at 26
	entry(1, 2, 2, 'S')
	entry(2, 5, 3, 80)
	entry(3, 2, 2, 'E')
	entry(4, 5, 3, 104)
	b = le.AppendUint32(b, 0) // at 76
	for _, n := range []uint32{7, 1, 3, 1, 4428, 100, 110, 1, 54, 1, 4395, 100} {
		b = le.AppendUint32(b, n)
	}
	var photo bytes.Buffer
	fatal(t, jpeg.Encode(&photo, arrow(), nil))
	part := append([]byte("Exif\x00\x00"), b...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(part)+2))...)
	return append(append(out, part...), photo.Bytes()[2:]...)
}

func TestAPhotoThatSaysWhereItWasTaken(t *testing.T) {
	lat, lon, ok := attachment.Position(taken(t))
	if !ok || math.Abs(lat+7.0623) > 1e-6 || math.Abs(lon-110.912208) > 1e-5 {
		t.Errorf("%v %v %v", lat, lon, ok)
	}
	for _, data := range [][]byte{photo(t, 6), nil, taken(t)[:60], []byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00")} {
		if _, _, ok := attachment.Position(data); ok {
			t.Errorf("a position in %.20q", data)
		}
	}
}

// What is kept of a photo does not say where it was taken.
func TestAKeptPhotoHasNoPosition(t *testing.T) {
	s := newShelf(t)
	b, err := s.Take(s.stream, anything, "foto.jpg", bytes.NewReader(taken(t)))
	fatal(t, err)
	if _, _, ok := attachment.Position(s.bytes(b)); ok {
		t.Error("it does")
	}
}

// FuzzPosition: whatever a photo says, it is a place on earth or nothing.
func FuzzPosition(f *testing.F) {
	f.Add(taken(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		if lat, lon, ok := attachment.Position(data); ok && !(math.Abs(lat) <= 90 && math.Abs(lon) <= 180) {
			t.Fatal(lat, lon)
		}
	})
}
