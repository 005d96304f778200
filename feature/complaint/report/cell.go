package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"pendopo/law/place"
)

// Level is how fine a grid is: the larger, the finer.
type Level int

// The grids of the map, in degrees: some 11 km, 2.8 km and 550 m.
const (
	Coarse Level = 1
	Middle Level = 2
	Fine   Level = 3 // that of place.CellOf
)

// size is the height and width of a cell, in degrees.
func (l Level) size() float64 {
	switch l {
	case Coarse:
		return 0.1
	case Middle:
		return 0.025
	}
	return 0.005
}

// column is the one that holds the cell of this level.
func (l Level) column() string {
	switch l {
	case Coarse:
		return "cell1"
	case Middle:
		return "cell2"
	}
	return "cell3"
}

// rowOfCells is more than the cells of one row of a grid.
const rowOfCells = 100_000

// Cell is the square in which a point lies.
func (l Level) Cell(p place.Point) int64 {
	if l == Fine {
		return int64(place.CellOf(p))
	}
	return int64(math.Floor(p.Lat/l.size()))*rowOfCells + int64(math.Floor(p.Lon/l.size()))
}

// Cells are the squares that a box touches, row by row; nil when they are more
// than most.
func (l Level) Cells(b place.Box, most int) []int64 {
	south, north := math.Floor(b.South/l.size()), math.Floor(b.North/l.size())
	west, east := math.Floor(b.West/l.size()), math.Floor(b.East/l.size())
	if !(north >= south && east >= west) || (north-south+1)*(east-west+1) > float64(most) {
		return nil
	}
	var out []int64
	for y := south; y <= north; y++ {
		for x := west; x <= east; x++ {
			out = append(out, int64(y)*rowOfCells+int64(x))
		}
	}
	return out
}

// LevelOf is the finest grid in which a box touches at most so many squares, and
// those; false when even the coarsest has more.
func LevelOf(b place.Box, most int) (Level, []int64, bool) {
	for _, l := range []Level{Fine, Middle, Coarse} {
		if cells := l.Cells(b, most); cells != nil {
			return l, cells, true
		}
	}
	return 0, nil, false
}

// Square is one cell of a grid, by which a map leads into itself.
type Square struct {
	Level    Level
	Row, Col int
}

// SquareOf is the cell in which a point lies.
func SquareOf(l Level, p place.Point) Square {
	return Square{l, int(math.Floor(p.Lat / l.size())), int(math.Floor(p.Lon / l.size()))}
}

// Box is its frame.
func (s Square) Box() place.Box {
	d := s.Level.size()
	return place.Box{South: float64(s.Row) * d, West: float64(s.Col) * d, North: float64(s.Row+1)*d - 1e-6, East: float64(s.Col+1)*d - 1e-6}
}

// String is the square as an address names it: 2,-283,4437.
func (s Square) String() string { return fmt.Sprintf("%d,%d,%d", s.Level, s.Row, s.Col) }

// ParseSquare reads what String wrote; false for anything else.
func ParseSquare(text string) (s Square, ok bool) {
	parts := strings.Split(text, ",")
	if len(parts) != 3 || len(text) > 24 {
		return s, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil {
			return s, false
		}
		n[i] = v
	}
	s = Square{Level(n[0]), n[1], n[2]}
	b := s.Box()
	return s, s.Level >= Coarse && s.Level <= Fine && b.South >= -90 && b.North <= 90 && b.West >= -180 && b.East <= 180 && s.String() == text
}
