package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// paper draws a copied sheet that says what it stands for, as JPEG. Every one says
// CONTOH: it is nobody's paper. It is grey, as copies are: a demo draws hundreds.
func paper(title, holder string) ([]byte, error) {
	small := image.NewGray(image.Rect(0, 0, 210, 297))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.Gray{0xf7}), image.Point{}, draw.Src)
	line(small, 12, 40, 186, color.Gray{0x48})
	words(small, 14, 26, "CONTOH - bukan berkas asli")
	words(small, 14, 62, fit(title))
	words(small, 14, 84, fit(holder))
	for y := 110; y < 260; y += 14 {
		line(small, 14, y, 120+(y*37)%66, color.Gray{0xc3})
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, doubled(small), &jpeg.Options{Quality: 60})
	return out.Bytes(), err
}

// doubled makes four dots of each.
func doubled(small *image.Gray) *image.Gray {
	size := small.Bounds().Size()
	big := image.NewGray(image.Rect(0, 0, 2*size.X, 2*size.Y))
	for y := range 2 * size.Y {
		row, from := big.Pix[y*big.Stride:], small.Pix[y/2*small.Stride:]
		for x := range 2 * size.X {
			row[x] = from[x/2]
		}
	}
	return big
}

func words(dst draw.Image, x, y int, s string) {
	d := font.Drawer{Dst: dst, Src: image.NewUniform(color.Gray{0x1a}), Face: basicfont.Face7x13, Dot: fixed.P(x, y)}
	d.DrawString(s)
}

func line(dst draw.Image, x, y, width int, c color.Color) {
	draw.Draw(dst, image.Rect(x, y, x+width, y+2), image.NewUniform(c), image.Point{}, draw.Src)
}

// fit cuts a line to what the sheet holds.
func fit(s string) string { return s[:min(len(s), 26)] }

// siakFile stands for a file that is made when it is needed.
const siakFile = "from SIAK"

// fromSIAK is a page that stands for what the national system would have made:
// a whole PDF without a signature, and nobody's document.
func fromSIAK() []byte {
	var out bytes.Buffer
	var at []int
	object := func(body string) {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	out.WriteString("%PDF-1.4\n")
	text := "BT /F1 18 Tf 72 720 Td (CONTOH - bukan dokumen asli) Tj ET"
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return out.Bytes()
}
