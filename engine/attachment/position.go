package attachment

import (
	"bytes"
	"encoding/binary"
	"math"
)

// Position is where a photo says that it was taken, in degrees, WGS 84: the GPS
// part of its EXIF. Most telephones take it out before they send; what is kept here
// never has it.
func Position(data []byte) (lat, lon float64, ok bool) {
	segments(data, func(kind byte, part []byte) bool {
		if kind == 0xe1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")) {
			lat, lon, ok = tiff(part[6:]).position()
			return false
		}
		return true
	})
	return lat, lon, ok
}

// tiff is the EXIF part of a picture.
type tiff []byte

// The tags that lead to a position.
const (
	tagGPS       = 0x8825
	tagNorth     = 1
	tagLatitude  = 2
	tagEast      = 3
	tagLongitude = 4
)

func (t tiff) position() (lat, lon float64, ok bool) {
	if len(t) < 8 {
		return 0, 0, false
	}
	order := t.order()
	_, at, found := t.entry(order, order.Uint32(t[4:]), tagGPS)
	if !found {
		return 0, 0, false
	}
	gps := order.Uint32(at)
	lat, north := t.degrees(order, gps, tagLatitude, tagNorth, 'S')
	lon, east := t.degrees(order, gps, tagLongitude, tagEast, 'W')
	return lat, lon, north && east && math.Abs(lat) <= 90 && math.Abs(lon) <= 180 && (lat != 0 || lon != 0)
}

func (t tiff) order() binary.ByteOrder {
	if t[0] == 'M' {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// entry finds a tag in the directory at an offset: how many values it has, and the
// four bytes that are its value or say where that stands.
func (t tiff) entry(order binary.ByteOrder, dir uint32, tag uint16) (count uint32, value []byte, ok bool) {
	if dir < 8 || uint64(dir)+2 > uint64(len(t)) {
		return 0, nil, false
	}
	for i := range int(order.Uint16(t[dir:])) {
		e := int(dir) + 2 + 12*i
		if e+12 > len(t) {
			break
		}
		if order.Uint16(t[e:]) == tag {
			return order.Uint32(t[e+4:]), t[e+8 : e+12], true
		}
	}
	return 0, nil, false
}

// degrees reads three fractions: degrees, minutes, seconds; negative on the side
// that minus names.
func (t tiff) degrees(order binary.ByteOrder, dir uint32, tag, side uint16, minus byte) (float64, bool) {
	count, at, ok := t.entry(order, dir, tag)
	_, where, sided := t.entry(order, dir, side)
	if !ok || !sided || count != 3 {
		return 0, false
	}
	from := uint64(order.Uint32(at))
	if from+24 > uint64(len(t)) {
		return 0, false
	}
	sum := 0.0
	for i, part := range []float64{1, 60, 3600} {
		top, below := order.Uint32(t[from+uint64(8*i):]), order.Uint32(t[from+uint64(8*i)+4:])
		if below == 0 {
			return 0, false
		}
		sum += float64(top) / float64(below) / part
	}
	if where[0] == minus {
		sum = -sum
	}
	return sum, true
}
