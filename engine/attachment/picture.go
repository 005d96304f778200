package attachment

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

const (
	mostPixels  = 40_000_000 // a telephone's camera; more is an attack or a mistake
	mostMemory  = 120 << 20  // bytes that decoding one picture may take
	longestSide = 2000       // enough to read an identity card or a page of A4
	quality     = 80
)

var (
	errPixels = errors.New("attachment: the picture states too many pixels")
	errCut    = errors.New("attachment: the picture ends before its end")
)

// cut says of a decoder's error that the picture lacks its end: it broke off on
// the way here, or on the telephone.
func cut(err error) bool {
	var inJPEG jpeg.FormatError
	var inPNG png.FormatError
	switch {
	case errors.As(err, &inJPEG):
		return inJPEG == "short Huffman data"
	case errors.As(err, &inPNG):
		return inPNG == "not enough pixel data" || inPNG == "unexpected EOF"
	}
	return errors.Is(err, errCut) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// ended says that a JPEG has its end after the beginning of its picture. Some
// decoders show what came and leave the rest grey: a half of an identity card
// is not taken for one. Other formats state their length, which is checked.
func ended(data []byte) bool {
	start := -1
	segments(data, func(kind byte, part []byte) bool {
		start = len(data) - cap(part) + len(part)
		return true
	})
	return start < 0 || bytes.Contains(data[min(start, len(data)):], []byte{0xff, 0xd9})
}

// picture decodes a picture and makes it anew: upright, not larger than needed,
// as JPEG, with nothing but its pixels.
func picture(data []byte) ([]byte, error) {
	stated, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if stated.Width <= 0 || stated.Height <= 0 || stated.Width > mostPixels/stated.Height ||
		stated.Width*stated.Height > mostMemory/weight(stated.ColorModel, data) {
		return nil, errPixels
	}
	if !ended(data) {
		return nil, errCut
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	img = upright(shrink(img), orientation(data))
	var out bytes.Buffer
	err = jpeg.Encode(&out, img, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

// weight is how many bytes the decoders hold for one pixel. A progressive JPEG
// is kept as coefficients, four bytes each, until its last scan.
func weight(m color.Model, data []byte) int {
	switch {
	case progressive(data):
		return 15
	case m == color.NRGBA64Model || m == color.RGBA64Model:
		return 8
	case m == color.YCbCrModel:
		return 3
	}
	return 4
}

// progressive looks for the frame header of a progressive JPEG.
func progressive(data []byte) bool {
	found := false
	segments(data, func(kind byte, _ []byte) bool {
		found = kind == 0xc2
		return !found
	})
	return found
}

// shrink draws onto white, which also settles transparency.
func shrink(img image.Image) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > longestSide {
		w, h = max(1, w*longestSide/long), max(1, h*longestSide/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, b, draw.Over, nil)
	return out
}

// upright applies the EXIF orientation (1 to 8), which is lost with the rest.
func upright(img *image.RGBA, o int) image.Image {
	if o < 2 || o > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if o >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := turned(o, x, y, w, h)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}

// turned is where a pixel of an image of w by h belongs.
func turned(o, x, y, w, h int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	}
	return y, w - 1 - x // 8
}

// orientation reads the tag out of a JPEG's EXIF part; 1 when there is none.
func orientation(data []byte) int {
	o := 1
	segments(data, func(kind byte, part []byte) bool {
		exif := kind == 0xe1 && bytes.HasPrefix(part, []byte("Exif\x00\x00"))
		if exif {
			o = tiffOrientation(part[6:])
		}
		return !exif
	})
	return o
}

// segments walks through the parts of a JPEG that stand before its picture, as
// long as each wants more.
func segments(data []byte, each func(kind byte, part []byte) bool) {
	if !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		return
	}
	for p := 2; p+4 <= len(data) && data[p] == 0xff; {
		size := int(binary.BigEndian.Uint16(data[p+2:]))
		if data[p+1] == 0xda || size < 2 || p+2+size > len(data) || !each(data[p+1], data[p+4:p+2+size]) {
			return
		}
		p += 2 + size
	}
}

// tiffOrientation looks through the first directory of a TIFF header.
func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if t[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(t[4:]))
	if at < 8 || at+2 > len(t) {
		return 1
	}
	entries := int(order.Uint16(t[at:]))
	for i := range entries {
		e := at + 2 + 12*i
		if e+12 > len(t) {
			break
		}
		if order.Uint16(t[e:]) == 0x0112 {
			return int(order.Uint16(t[e+8:]))
		}
	}
	return 1
}
