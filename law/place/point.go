package place

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Point is a place on the earth: degrees of latitude and longitude, WGS84.
type Point struct {
	Lat, Lon float64
}

var errPoint = errors.New("place: no latitude and longitude")

var pointShape = regexp.MustCompile(`^-?\d{1,2}(\.\d{1,12})?,\s?-?\d{1,3}(\.\d{1,12})?$`)

// ParsePoint reads "-7.05123,110.91234": latitude, comma, longitude.
func ParsePoint(s string) (Point, error) {
	if len(s) > 60 || !pointShape.MatchString(s) {
		return Point{}, errPoint
	}
	a, b, _ := strings.Cut(s, ",")
	lat, err := strconv.ParseFloat(a, 64)
	lon, err2 := strconv.ParseFloat(strings.TrimSpace(b), 64)
	if p := (Point{lat, lon}); err == nil && err2 == nil && p.Valid() {
		return p, nil
	}
	return Point{}, errPoint
}

// Valid reports whether there is such a place.
func (p Point) Valid() bool { return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 }

// String is the point with five decimals, which is a metre.
func (p Point) String() string {
	return strconv.FormatFloat(p.Lat, 'f', 5, 64) + "," + strconv.FormatFloat(p.Lon, 'f', 5, 64)
}

// metresADegree is the length of a degree of latitude.
const metresADegree = math.Pi * earth / 180

// earth is the mean radius of the earth in metres (IUGG).
const earth = 6_371_008.8

// Distance is how far two points lie apart, in metres along the ground.
func Distance(a, b Point) float64 {
	rad := math.Pi / 180
	dLat, dLon := (b.Lat-a.Lat)*rad/2, (b.Lon-a.Lon)*rad/2
	h := math.Pow(math.Sin(dLat), 2) + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Pow(math.Sin(dLon), 2)
	return 2 * earth * math.Asin(math.Sqrt(min(1, h)))
}

// Box is the frame of parallels and meridians around something.
type Box struct {
	South, West, North, East float64
}

// Has reports whether a point lies in the box or on its edge.
func (b Box) Has(p Point) bool {
	return p.Lat >= b.South && p.Lat <= b.North && p.Lon >= b.West && p.Lon <= b.East
}

// Centre is the middle of the box.
func (b Box) Centre() Point { return Point{(b.South + b.North) / 2, (b.West + b.East) / 2} }

// Grown is the box with so many metres more on each side.
func (b Box) Grown(metres float64) Box {
	lat := metres / metresADegree
	lon := lat / max(0.01, math.Cos(b.Centre().Lat*math.Pi/180))
	return Box{b.South - lat, b.West - lon, b.North + lat, b.East + lon}
}

// boxOf is the box around points; no points have the box of nothing.
func boxOf(ring []Point) Box {
	b := nowhere()
	for _, p := range ring {
		b = b.with(Box{p.Lat, p.Lon, p.Lat, p.Lon})
	}
	return b
}

func nowhere() Box {
	return Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
}

func (b Box) with(o Box) Box {
	return Box{min(b.South, o.South), min(b.West, o.West), max(b.North, o.North), max(b.East, o.East)}
}

// Cell is a field of a grid laid over the earth, some 550 metres high. It can be
// a column of a table: near things lie in the same cell or in the next.
type Cell int64

// cellDegrees is the height and width of a cell.
const cellDegrees = 0.005

// rowOfCells is more than the cells of one row of the grid.
const rowOfCells = 100_000

// CellOf is the cell in which a point lies.
func CellOf(p Point) Cell {
	return Cell(math.Floor(p.Lat/cellDegrees))*rowOfCells + Cell(math.Floor(p.Lon/cellDegrees))
}

// mostAround bounds how many cells are looked into.
const mostAround = 100

// Around are the cells that may hold something at most so many metres from a
// point, at most 100 of them: it is meant for what is near.
func Around(p Point, metres float64) []Cell {
	b := Box{p.Lat, p.Lon, p.Lat, p.Lon}.Grown(metres)
	var out []Cell
	for y := math.Floor(b.South / cellDegrees); y <= math.Floor(b.North/cellDegrees); y++ {
		for x := math.Floor(b.West / cellDegrees); x <= math.Floor(b.East/cellDegrees); x++ {
			if len(out) == mostAround {
				return out
			}
			out = append(out, Cell(y)*rowOfCells+Cell(x))
		}
	}
	return out
}
