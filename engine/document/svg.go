package document

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A government's mark is an SVG file. Letters draw the part of SVG that marks
// need: <svg viewBox> with <path> elements, their fill, stroke and stroke-width,
// and every path command but the arc. Anything else that would be drawn is an
// error, and the letter falls back to the house's own mark, rather than show
// half an emblem.

// drawing is a mark ready to be drawn: shapes in the units of its view box.
type drawing struct {
	x, y, w, h float64
	shapes     []shape
}

type shape struct {
	segments     []segment
	fill, stroke *colour
	thick        float64
}

// segment is one step of a path with absolute points: move, line, curve, close.
type segment struct {
	kind byte // M, L, C, Z
	p    [6]float64
}

const maxMark = 64 << 10

func parseMark(svg []byte) (drawing, error) {
	var d drawing
	if len(svg) == 0 || len(svg) > maxMark {
		return d, errors.New("mark: empty or too large")
	}
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return d, err
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := d.element(start); err != nil {
				return d, err
			}
		}
	}
	if d.w <= 0 || d.h <= 0 || len(d.shapes) == 0 {
		return d, errors.New("mark: no view box or no path")
	}
	return d, nil
}

func (d *drawing) element(e xml.StartElement) error {
	a := map[string]string{}
	for _, attr := range e.Attr {
		a[attr.Name.Local] = attr.Value
	}
	switch e.Name.Local {
	case "svg":
		_, err := fmt.Sscanf(strings.ReplaceAll(a["viewBox"], ",", " "), "%g %g %g %g", &d.x, &d.y, &d.w, &d.h)
		return err
	case "title", "desc":
		return nil
	case "path":
		return d.path(a)
	}
	return fmt.Errorf("mark: <%s> is not drawn", e.Name.Local)
}

func (d *drawing) path(a map[string]string) error {
	for _, name := range []string{"transform", "style", "class", "fill-rule", "opacity"} {
		if a[name] != "" {
			return fmt.Errorf("mark: %s is not drawn", name)
		}
	}
	s := shape{thick: 1}
	var err error
	if s.fill, err = paint(a["fill"], &colour{}); err != nil {
		return err
	}
	if s.stroke, err = paint(a["stroke"], nil); err != nil {
		return err
	}
	if a["stroke-width"] != "" {
		if s.thick, err = strconv.ParseFloat(a["stroke-width"], 64); err != nil {
			return err
		}
	}
	if s.segments, err = readPath(a["d"]); err != nil {
		return err
	}
	d.shapes = append(d.shapes, s)
	return nil
}

// paint reads #rgb, #rrggbb or none; nothing said is what SVG says then.
func paint(s string, unsaid *colour) (*colour, error) {
	switch {
	case s == "":
		return unsaid, nil
	case s == "none":
		return nil, nil
	case len(s) == 4:
		s = "#" + strings.Repeat(s[1:2], 2) + strings.Repeat(s[2:3], 2) + strings.Repeat(s[3:4], 2)
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil || len(s) != 7 || s[0] != '#' {
		return nil, fmt.Errorf("mark: colour %.20q is not drawn", s)
	}
	return &colour{int(n >> 16), int(n >> 8 & 0xff), int(n & 0xff)}, nil
}

// draw puts the mark into a square, as large as it fits, in its middle.
func (p *pen) drawing(d drawing, a area) {
	k := min(a.w/d.w, a.h/d.h)
	x0, y0 := a.x+(a.w-d.w*k)/2-d.x*k, a.y+(a.h-d.h*k)/2-d.y*k
	at := func(x, y float64) (float64, float64) { return x0 + x*k, y0 + y*k }
	for _, s := range d.shapes {
		style := ""
		if s.stroke != nil {
			p.draw(*s.stroke)
			p.pdf.SetLineWidth(s.thick * k)
			style = "D"
		}
		if s.fill != nil {
			p.fill(*s.fill)
			style += "F"
		}
		if style == "" {
			continue
		}
		for _, g := range s.segments {
			x, y := at(g.p[0], g.p[1])
			switch g.kind {
			case 'M':
				p.pdf.MoveTo(x, y)
			case 'L':
				p.pdf.LineTo(x, y)
			case 'C':
				x2, y2 := at(g.p[2], g.p[3])
				x3, y3 := at(g.p[4], g.p[5])
				p.pdf.CurveBezierCubicTo(x, y, x2, y2, x3, y3)
			case 'Z':
				p.pdf.ClosePath()
			}
		}
		p.pdf.DrawPath(style)
	}
}
