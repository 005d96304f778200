package document

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// walker turns path data into absolute moves, lines and cubic curves.
type walker struct {
	x, y           float64 // where the pen is
	startX, startY float64 // where the present figure began
	cx, cy         float64 // the last control point, for the smooth curves
	last           byte    // kind of the last curve: C, Q or none
	out            []segment
}

// operands is how many numbers each command takes at a time.
var operands = map[byte]int{'M': 2, 'L': 2, 'H': 1, 'V': 1, 'C': 6, 'S': 4, 'Q': 4, 'T': 2, 'Z': 0}

const maxSegments = 4000

// readPath reads the d attribute of a path.
func readPath(data string) ([]segment, error) {
	var w walker
	for rest := strings.TrimSpace(data); rest != ""; {
		command := rest[0]
		upper := byte(unicode.ToUpper(rune(command)))
		n, known := operands[upper]
		if !known || len(w.out) == 0 && upper != 'M' {
			return nil, fmt.Errorf("mark: path command %q is not drawn", command)
		}
		values, tail, err := numbers(rest[1:])
		if err != nil {
			return nil, err
		}
		if n == 0 && len(values) > 0 || n > 0 && (len(values) == 0 || len(values)%n != 0) {
			return nil, fmt.Errorf("mark: path command %q has %d numbers", command, len(values))
		}
		w.command(command, n, values)
		if len(w.out) > maxSegments {
			return nil, errors.New("mark: too many path segments")
		}
		rest = tail
	}
	return w.out, nil
}

// command walks one command and its repetitions; what repeats a move is a line.
func (w *walker) command(command byte, n int, values []float64) {
	upper := byte(unicode.ToUpper(rune(command)))
	relative := command != upper
	if n == 0 {
		w.emit(segment{kind: 'Z'})
		w.x, w.y, w.last = w.startX, w.startY, 0
		return
	}
	for i := 0; i < len(values); i += n {
		dx, dy := 0.0, 0.0
		if relative {
			dx, dy = w.x, w.y
		}
		w.step(upper, values[i:i+n], dx, dy)
		if upper == 'M' {
			upper = 'L'
		}
	}
}

func (w *walker) step(kind byte, v []float64, dx, dy float64) {
	switch kind {
	case 'M':
		w.startX, w.startY = v[0]+dx, v[1]+dy
		w.straight('M', w.startX, w.startY)
	case 'L':
		w.straight('L', v[0]+dx, v[1]+dy)
	case 'H':
		w.straight('L', v[0]+dx, w.y)
	case 'V':
		w.straight('L', w.x, v[0]+dy)
	case 'C':
		w.cubic([6]float64{v[0] + dx, v[1] + dy, v[2] + dx, v[3] + dy, v[4] + dx, v[5] + dy})
	case 'S':
		x, y := w.mirror('C')
		w.cubic([6]float64{x, y, v[0] + dx, v[1] + dy, v[2] + dx, v[3] + dy})
	case 'Q':
		w.quadratic(v[0]+dx, v[1]+dy, v[2]+dx, v[3]+dy)
	case 'T':
		x, y := w.mirror('Q')
		w.quadratic(x, y, v[0]+dx, v[1]+dy)
	}
}

func (w *walker) straight(kind byte, x, y float64) {
	w.emit(segment{kind, [6]float64{x, y}})
	w.x, w.y, w.last = x, y, 0
}

func (w *walker) cubic(p [6]float64) {
	w.emit(segment{'C', p})
	w.cx, w.cy, w.x, w.y, w.last = p[2], p[3], p[4], p[5], 'C'
}

// quadratic is the same curve with two control points.
func (w *walker) quadratic(cx, cy, x, y float64) {
	const third = 2.0 / 3
	w.emit(segment{'C', [6]float64{w.x + third*(cx-w.x), w.y + third*(cy-w.y), x + third*(cx-x), y + third*(cy-y), x, y}})
	w.x, w.y, w.cx, w.cy, w.last = x, y, cx, cy, 'Q'
}

// mirror is the control point that a smooth curve takes over, if the one
// before was of its kind.
func (w *walker) mirror(kind byte) (x, y float64) {
	if w.last != kind {
		return w.x, w.y
	}
	return 2*w.x - w.cx, 2*w.y - w.cy
}

func (w *walker) emit(s segment) { w.out = append(w.out, s) }

// numbers reads the numbers before the next command; they may touch, as in
// "4-4.5.5".
func numbers(s string) (values []float64, rest string, err error) {
	for {
		s = strings.TrimLeft(s, " ,\t\r\n")
		n := numberLength(s)
		if n == 0 {
			return values, s, nil
		}
		v, err := strconv.ParseFloat(s[:n], 64)
		if err != nil {
			return nil, "", err
		}
		values, s = append(values, v), s[n:]
	}
}

func numberLength(s string) int {
	dots := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
		case c == '-' || c == '+':
			if i > 0 {
				return i
			}
		case c == '.':
			if dots++; dots > 1 {
				return i
			}
		default:
			return i
		}
	}
	return len(s)
}
