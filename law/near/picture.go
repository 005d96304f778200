package near

import (
	"image"
	"math/bits"
)

// Print is 64 bits of a picture: whether each of 8 × 8 parts is darker than the
// one to its right (dHash). Scaling, compressing and brightening leave nearly all
// of them as they are.
type Print uint64

const side = 8

// plain is the contrast below which a picture has nothing to tell it by: a night
// without light, a wall.
const plain = 6.0

// flat is how much brighter the next part must be: where two are alike, the noise
// of a camera decides nothing.
const flat = 3.0

// PrintOf is the print of a picture, and false when there is too little in it.
func PrintOf(img image.Image) (Print, bool) {
	b := img.Bounds()
	if b.Dx() < side+1 || b.Dy() < side {
		return 0, false
	}
	grey := parts(img)
	var p Print
	sum, least, most := 0.0, 255.0, 0.0
	for y := range side {
		for x := range side {
			left, right := grey[y*(side+1)+x], grey[y*(side+1)+x+1]
			if left+flat < right {
				p |= 1 << (y*side + x)
			}
			sum += abs(left - right)
			least, most = min(least, left, right), max(most, left, right)
		}
	}
	return p, most-least >= plain && sum/(side*side) >= plain/8
}

// parts is the mean brightness of 9 × 8 parts of a picture, of at most so many
// samples each.
func parts(img image.Image) [(side + 1) * side]float64 {
	const samples = 12
	var out [(side + 1) * side]float64
	b := img.Bounds()
	for y := range side {
		for x := range side + 1 {
			x0, x1 := b.Min.X+b.Dx()*x/(side+1), b.Min.X+b.Dx()*(x+1)/(side+1)
			y0, y1 := b.Min.Y+b.Dy()*y/side, b.Min.Y+b.Dy()*(y+1)/side
			sum, n := 0.0, 0.0
			for sy := range samples {
				for sx := range samples {
					r, g, bl, _ := img.At(x0+(x1-x0)*(2*sx+1)/(2*samples), y0+(y1-y0)*(2*sy+1)/(2*samples)).RGBA()
					sum += 0.299*float64(r>>8) + 0.587*float64(g>>8) + 0.114*float64(bl>>8)
					n++
				}
			}
			out[y*(side+1)+x] = sum / n
		}
	}
	return out
}

func abs(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}

// Off is in how many of the 64 parts two pictures differ.
func (p Print) Off(q Print) int { return bits.OnesCount64(uint64(p ^ q)) }

// SamePicture is in how many parts two prints may differ and still be of the
// same picture. Measured: the same picture differs in up to 7, pictures of
// different things in 13 and more; what is drawn or taken from the same spot may
// come nearer.
const SamePicture = 8
