package place

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Fault is one fault of a file of areas and where it stands. Why is what the
// fault's words take in; it never holds what the file says.
type Fault struct {
	Line, Column int // from 1; the column in characters
	Kind         FaultKind
	Why          string
}

// FaultKind is a class of faults.
type FaultKind string

// The classes of faults.
const (
	Large   FaultKind = "large"    // more than MostBytes, MostAreas or MostPoints
	Unread  FaultKind = "unread"   // no JSON; Why says what is wrong with it
	Shape   FaultKind = "shape"    // no GeoJSON of areas; Why says what belongs here
	NoCode  FaultKind = "no_code"  // an area without the code of its region
	Twice   FaultKind = "twice"    // a second area of a region; Why is the line of the first
	Open    FaultKind = "open"     // a ring that does not end where it began, or is no ring
	NoPoint FaultKind = "no_point" // no longitude and latitude
	Unknown FaultKind = "unknown"  // the code of no region; Why is the code

)

// Limits of a file of areas: far above what a regency needs.
const (
	MostBytes  = 1 << 20
	MostAreas  = 2_000
	MostPoints = 60_000
	mostFaults = 50
)

// codes of areas are as long as those of regions.
const longestCode = 13

// Parse reads a GeoJSON FeatureCollection of Polygons and MultiPolygons, each
// with properties.code. Areas are nil when there is any fault. known says which
// codes there are; nil takes all.
func Parse(data []byte, known func(code string) bool) (*Areas, []Fault) {
	p := &parser{data: data, known: known, lines: map[string]int{}}
	if len(data) > MostBytes || !utf8.Valid(data) {
		p.fault(0, Large, "")
		return nil, p.faults
	}
	root, at, err := tree(data)
	if err != nil {
		p.fault(at, Unread, reason(err))
		return nil, p.faults
	}
	p.collection(root)
	if len(p.faults) > 0 {
		return nil, p.faults
	}
	return newAreas(p.areas), nil
}

// reason is what the JSON reader says, without the bytes that it read.
func reason(err error) string {
	words, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "json: "), "'")
	return strings.TrimSpace(words)
}

// parser collects areas and faults.
type parser struct {
	data   []byte
	known  func(string) bool
	areas  []Area
	lines  map[string]int // of the area of each code
	points int
	faults []Fault
}

func (p *parser) fault(at int, kind FaultKind, why string) {
	if len(p.faults) == mostFaults {
		return
	}
	line, column := p.place(at)
	p.faults = append(p.faults, Fault{line, column, kind, why})
}

// place is the line and the column of an offset.
func (p *parser) place(at int) (line, column int) {
	before := p.data[:min(at, len(p.data))]
	begin := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[begin:])
}

// wants reports whether a node is of a kind, and says so if not.
func (p *parser) wants(n *node, in node, kind byte, what string) bool {
	if n != nil && n.kind == kind {
		return true
	}
	at := in.at
	if n != nil {
		at = n.at
	}
	p.fault(at, Shape, what)
	return false
}

func (p *parser) collection(root node) {
	if root.kind != isObject || !p.named(root, "FeatureCollection") {
		p.fault(root.at, Shape, "FeatureCollection")
		return
	}
	features := root.member("features")
	if !p.wants(features, root, isArray, "features") {
		return
	}
	if len(features.items) > MostAreas {
		p.fault(features.at, Large, "")
		return
	}
	for _, f := range features.items {
		p.feature(f)
		if p.points > MostPoints {
			p.fault(f.at, Large, "")
			return
		}
	}
}

// named reports whether an object is of a type of GeoJSON.
func (p *parser) named(n node, kind string) bool {
	t := n.member("type")
	return t != nil && t.kind == isText && t.text == kind
}

func (p *parser) feature(f node) {
	if f.kind != isObject || !p.named(f, "Feature") {
		p.fault(f.at, Shape, "Feature")
		return
	}
	code, ok := p.code(f)
	geometry := f.member("geometry")
	if !p.wants(geometry, f, isObject, "Polygon") {
		return
	}
	list := geometry.member("coordinates")
	area := Area{Code: code}
	switch {
	case !p.named(*geometry, "Polygon") && !p.named(*geometry, "MultiPolygon"):
		p.fault(geometry.at, Shape, "Polygon")
		return
	case !p.wants(list, *geometry, isArray, "coordinates"):
		return
	case p.named(*geometry, "Polygon"):
		area.Polygons = []Polygon{p.polygon(*list)}
	default:
		for _, n := range list.items {
			area.Polygons = append(area.Polygons, p.polygon(n))
		}
	}
	if len(area.Polygons) == 0 {
		p.fault(list.at, Shape, "Polygon")
		return
	}
	if ok {
		p.areas = append(p.areas, area)
	}
}

// code reads properties.code.
func (p *parser) code(f node) (string, bool) {
	properties := f.member("properties")
	if properties == nil || properties.kind != isObject {
		p.fault(f.at, NoCode, "")
		return "", false
	}
	n := properties.member("code")
	if n == nil || n.kind != isText || n.text == "" || len(n.text) > longestCode {
		p.fault(properties.at, NoCode, "")
		return "", false
	}
	if first, twice := p.lines[n.text]; twice {
		p.fault(n.at, Twice, strconv.Itoa(first))
		return "", false
	}
	p.lines[n.text], _ = p.place(n.at)
	if p.known != nil && !p.known(n.text) {
		p.fault(n.at, Unknown, n.text)
		return "", false
	}
	return n.text, true
}

func (p *parser) polygon(n node) Polygon {
	if n.kind != isArray || len(n.items) == 0 {
		p.fault(n.at, Shape, "Polygon")
		return nil
	}
	out := make(Polygon, 0, len(n.items))
	for _, r := range n.items {
		out = append(out, p.ring(r))
	}
	return out
}

func (p *parser) ring(n node) Ring {
	if n.kind != isArray {
		p.fault(n.at, Shape, "Polygon")
		return nil
	}
	p.points += len(n.items)
	out := make(Ring, 0, len(n.items))
	for _, item := range n.items {
		point, ok := pointOf(item)
		if !ok {
			p.fault(item.at, NoPoint, "")
			return nil
		}
		out = append(out, point)
	}
	if len(out) < 4 || out[0] != out[len(out)-1] {
		p.fault(n.at, Open, "")
		return nil
	}
	return out
}

// pointOf reads [longitude, latitude]; a height behind it says nothing here.
func pointOf(n node) (Point, bool) {
	if n.kind != isArray || len(n.items) < 2 || len(n.items) > 3 || n.items[0].kind != isNumber || n.items[1].kind != isNumber {
		return Point{}, false
	}
	p := Point{Lat: n.items[1].number, Lon: n.items[0].number}
	return p, p.Valid()
}
