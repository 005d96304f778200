package page

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"
	"strings"

	"github.com/klauspost/compress/flate"
)

// Two thirds of a page are its style, and that is the same in every page of its
// kind. So it is packed once, and put between the packed rest: blocks of deflate
// that end at the border of a byte may follow one another (RFC 1951), and gzip
// only adds a head, a checksum and a length (RFC 1952). Such a page is as small
// as one packed whole and costs a third of it.

// packer packs one page at a time.
type packer struct{ out bytes.Buffer }

func newPacker() any { return new(packer) }

// packStyle packs what every page of a kind has, ended at the border of a byte.
func packStyle(tag string) []byte {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err == nil {
		_, err = w.Write([]byte(tag))
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return nil // not reached: a buffer takes everything
	}
	return out.Bytes()
}

// pack is the page as gzip; nil when it cannot be cut at its style. The result
// is the packer's own until the next page.
func (p *packer) pack(page []byte, sheet *sheet) []byte {
	at := bytes.Index(page, []byte("<style>"))
	if at < 0 || at > math.MaxUint16 || len(sheet.packed) == 0 || !bytes.HasPrefix(page[at:], []byte(sheet.tag)) {
		return nil
	}
	p.out.Reset()
	p.out.WriteString("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff") // gzip, deflate, no name, no time
	p.store(page[:at])
	p.out.Write(sheet.packed)
	// without a dictionary: nothing may refer back over the style
	if err := flate.StatelessDeflate(&p.out, page[at+len(sheet.tag):], true, nil); err != nil {
		return nil
	}
	var end [8]byte
	binary.LittleEndian.PutUint32(end[:4], crc32.ChecksumIEEE(page))
	binary.LittleEndian.PutUint32(end[4:], uint32(len(page)))
	p.out.Write(end[:])
	return p.out.Bytes()
}

// store writes a short text as it is: a block of its own codes would cost more
// time than it saves bytes.
func (p *packer) store(text []byte) {
	n := uint16(len(text))
	p.out.WriteByte(0)
	p.out.Write([]byte{byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)})
	p.out.Write(text)
}

// takesGzip reads an Accept-Encoding header.
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			value, given := strings.CutPrefix(strings.TrimSpace(quality), "q=")
			return !given || strings.Trim(value, "0.") != ""
		}
	}
	return false
}
