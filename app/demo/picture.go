package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"

	"golang.org/x/image/vector"
)

// canvas is a picture while it is drawn: flat shapes, as for a children's book.
// Its chances come from a seed, so the same thing looks the same before and after.
type canvas struct {
	img  *image.RGBA
	seed uint64
}

// The size of the demo's pictures.
const (
	pictureWide = 480
	pictureHigh = 360
)

func newCanvas(seed uint64) *canvas {
	return &canvas{image.NewRGBA(image.Rect(0, 0, pictureWide, pictureHigh)), seed*2654435761 + 12345}
}

// chance is a number below 1 that follows from the seed.
func (c *canvas) chance() float64 {
	c.seed = c.seed*6364136223846793005 + 1442695040888963407
	return float64(c.seed>>40) / (1 << 24)
}

// between is a number between two.
func (c *canvas) between(a, b float64) float64 { return a + c.chance()*(b-a) }

// one is one of some colours.
func (c *canvas) one(of ...uint32) uint32 { return of[int(c.chance()*float64(len(of)))] }

func rgb(v uint32) color.RGBA {
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// shape fills a polygon: only the part of the picture that it covers is worked on.
func (c *canvas) shape(v uint32, points ...float64) {
	x0, y0, x1, y1 := points[0], points[1], points[0], points[1]
	for i := 0; i+1 < len(points); i += 2 {
		x0, x1 = min(x0, points[i]), max(x1, points[i])
		y0, y1 = min(y0, points[i+1]), max(y1, points[i+1])
	}
	part := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(x1)+1, int(y1)+1).Intersect(c.img.Bounds())
	if part.Empty() {
		return
	}
	r := vector.NewRasterizer(part.Dx(), part.Dy())
	for i := 0; i+1 < len(points); i += 2 {
		x, y := float32(points[i])-float32(part.Min.X), float32(points[i+1])-float32(part.Min.Y)
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(c.img, part, image.NewUniform(rgb(v)), image.Point{})
}

func (c *canvas) box(v uint32, x, y, w, h float64) {
	draw.Draw(c.img, image.Rect(int(x), int(y), int(x+w), int(y+h)), image.NewUniform(rgb(v)), image.Point{}, draw.Src)
}

// blob is a round thing with an uneven edge.
func (c *canvas) blob(v uint32, x, y, w, h, uneven float64) {
	const corners = 26
	points := make([]float64, 0, 2*corners)
	for i := range corners {
		a := 2 * math.Pi * float64(i) / corners
		far := 1 + uneven*(c.chance()-0.5)
		points = append(points, x+math.Cos(a)*w*far, y+math.Sin(a)*h*far)
	}
	c.shape(v, points...)
}

func (c *canvas) jpeg() ([]byte, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, c.img, &jpeg.Options{Quality: 70})
	return out.Bytes(), err
}

// The ground on which things happen.
const (
	asphalt  = 0x5d5f63
	edge     = 0x8f8a7f
	hole     = 0x2f2b28
	water    = 0x7d6f55
	leaf     = 0x3f7a46
	wood     = 0x6b4a2c
	concrete = 0xb7b1a5
	dark     = 0x23262d
	lamplit  = 0xffe9a0
)

// street is sky, houses, verge and a road that runs away from who looks.
func (c *canvas) street(night bool) {
	sky, wall := c.one(0xbfd9e8, 0xcfe0dd, 0xe3dccb, 0xa9c6d8), []uint32{0xd9c3a3, 0xc9b29b, 0xe3d6c2, 0xb8a58f, 0xcbd0c4}
	grass, road := c.one(0x86a560, 0x79985a, 0x9aa765), uint32(asphalt)
	if night {
		sky, wall, grass, road = 0x1c2433, []uint32{0x2e3440, 0x343036, 0x2b303a}, 0x26301f, 0x2c2e33
	}
	horizon := c.between(140, 185)
	c.box(sky, 0, 0, pictureWide, horizon)
	for x := -10.0; x < pictureWide; {
		w, h := c.between(50, 110), c.between(40, 100)
		if c.chance() < 0.75 {
			c.house(wall[int(c.chance()*float64(len(wall)))], x, horizon, w, h, night)
		} else {
			c.tree(x+w/2, horizon, h*1.1, night)
		}
		x += w + c.between(2, 30)
	}
	c.box(grass, 0, horizon, pictureWide, pictureHigh-horizon)
	mid := c.between(200, 290)
	c.shape(edge, mid-34, horizon, mid+34, horizon, pictureWide+40, pictureHigh, -40, pictureHigh)
	c.shape(road, mid-30, horizon, mid+30, horizon, pictureWide+10, pictureHigh, -10, pictureHigh)
	for i := range 4 {
		y := horizon + float64(i*i)*14 + 12
		c.shape(0xd8d4c8, mid-1-float64(i), y, mid+1+float64(i), y, mid+2+float64(i)*1.4, y+8+float64(i)*5, mid-2-float64(i)*1.4, y+8+float64(i)*5)
	}
}

func (c *canvas) house(wall uint32, x, ground, w, h float64, night bool) {
	roof := c.one(0x8c4a33, 0x7a3f2d, 0x6d5a4b)
	if night {
		roof = 0x1f1a1a
	}
	c.box(wall, x, ground-h, w, h)
	c.shape(roof, x-6, ground-h, x+w/2, ground-h-c.between(18, 34), x+w+6, ground-h)
	pane := uint32(0x6f8796)
	if night && c.chance() < 0.4 {
		pane = lamplit
	}
	c.box(pane, x+w*0.2, ground-h*0.7, w*0.2, h*0.3)
	c.box(0x5a4636, x+w*0.6, ground-h*0.55, w*0.2, h*0.55)
}

func (c *canvas) tree(x, ground, h float64, night bool) {
	green := c.one(leaf, 0x4f8a4a, 0x5d8c3f)
	if night {
		green = 0x1d2b20
	}
	c.box(wood, x-4, ground-h*0.5, 8, h*0.5)
	c.blob(green, x, ground-h*0.7, h*0.35, h*0.33, 0.3)
}

// scene draws what a report is about, as it was told or, done, after the work.
func scene(kind string, seed uint64, done bool) ([]byte, error) {
	c := newCanvas(seed)
	scenes := map[string]func(*canvas, bool){
		"jalan": hole1, "jembatan": bridge, "lampu": lamp, "sampah": rubbish, "banjir": flood, "pohon": fallen, "pasar": market,
		"pipa": leak, "parkir": parked, "loket": counter, "selokan": gutter, "gedung": building,
	}
	draw, ok := scenes[kind]
	if !ok {
		draw = building
	}
	draw(c, done)
	c.grain()
	return c.jpeg()
}

// grain makes a flat picture look taken: brighter to one side, a little uneven.
func (c *canvas) grain() {
	slope := c.between(-0.1, 0.1)
	for y := range pictureHigh {
		for x := range pictureWide {
			c.seed = c.seed*6364136223846793005 + 1442695040888963407
			by := 1 + slope*(float64(x)/pictureWide-0.5)
			noise := float64(c.seed>>61) - 3.5
			at := c.img.PixOffset(x, y)
			for i := range 3 {
				c.img.Pix[at+i] = uint8(max(0, min(255, float64(c.img.Pix[at+i])*by+noise)))
			}
		}
	}
}
