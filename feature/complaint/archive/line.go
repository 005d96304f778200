package archive

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pendopo/law/place"
	"pendopo/law/redact"
)

// Bounds of a file.
const (
	mostColumns = 300
	longestLine = 256 << 10 // bytes
	longestKey  = 40
	longestText = 300 // characters that are kept of a text
)

// Fault is what is wrong with a line. It never says what stands there.
type Fault struct {
	Line   int    `json:"line"`
	Column string `json:"column,omitempty"`
	Why    string `json:"why"`
}

func (f Fault) String() string {
	if f.Column == "" {
		return fmt.Sprintf("line %d: %s", f.Line, f.Why)
	}
	return fmt.Sprintf("line %d, column %q: %s", f.Line, f.Column, f.Why)
}

// line is one report of the file.
type line struct {
	number   int
	key      string
	received time.Time
	ended    time.Time // zero while it is open
	due      time.Time
	category string
	unit     string
	text     string
	place    *place.Point
}

// reader reads lines one after another.
type reader struct {
	csv     *csv.Reader
	mapping *Map
	zone    *time.Location
	at      map[string]int // column → its number
}

// errEnd says that a file cannot be read any further.
var errEnd = errors.New("the rest of the file cannot be read")

func newReader(in io.Reader, m *Map, zone *time.Location) (*reader, error) {
	r := &reader{csv: csv.NewReader(&lines{in: in}), mapping: m, zone: zone, at: map[string]int{}}
	r.csv.ReuseRecord, r.csv.FieldsPerRecord = true, 0
	head, err := r.csv.Read()
	if err != nil {
		return nil, fmt.Errorf("the first line has no names of columns: %w", plain(err))
	}
	if len(head) > mostColumns {
		return nil, fmt.Errorf("more than %d columns", mostColumns)
	}
	for i, name := range head {
		r.at[strings.TrimPrefix(name, "\ufeff")] = i
	}
	c := m.Columns
	for _, name := range []string{c.Key, c.Received, c.Ended, c.Due, c.Status, c.Kind, c.Text, c.Office, c.Lat, c.Lon} {
		if _, ok := r.at[name]; !ok && name != "" {
			return nil, fmt.Errorf("there is no column %q", name)
		}
	}
	return r, nil
}

// plain is an error of the reader without a word of the file.
func plain(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return parse.Err
	}
	return err
}

// next reads a line. io.EOF is the end, a *Fault what is wrong with this one.
func (r *reader) next() (line, *Fault, error) {
	record, err := r.csv.Read()
	if err == io.EOF {
		return line{}, nil, io.EOF
	}
	if err != nil {
		f := &Fault{Why: plain(err).Error()}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			f.Line = parse.Line
		}
		if errors.Is(err, csv.ErrFieldCount) {
			return line{}, f, nil
		}
		return line{}, f, errEnd
	}
	number, _ := r.csv.FieldPos(0)
	l, f := r.read(record, number)
	return l, f, nil
}

// read turns a record into a line.
func (r *reader) read(record []string, number int) (line, *Fault) {
	c := r.mapping.Columns
	l := line{number: number, key: r.value(record, c.Key)}
	wrong := func(column, why string) (line, *Fault) { return line{}, &Fault{number, column, why} }
	for _, v := range record {
		if !utf8.ValidString(v) {
			return wrong("", "not UTF-8")
		}
	}
	if l.key == "" || len(l.key) > longestKey || strings.ContainsFunc(l.key, unfit) {
		return wrong(c.Key, fmt.Sprintf("a key has 1 to %d letters, digits, dots and dashes", longestKey))
	}
	for _, t := range []struct {
		column string
		to     *time.Time
		wanted bool
	}{{c.Received, &l.received, true}, {c.Ended, &l.ended, false}, {c.Due, &l.due, false}} {
		if v := r.value(record, t.column); v != "" {
			at, err := time.ParseInLocation(r.mapping.Times, v, r.zone)
			if err != nil || at.Year() < 1970 || at.Year() > 2200 {
				return wrong(t.column, "not a time written like "+r.mapping.Times)
			}
			*t.to = at.UTC()
		} else if t.wanted {
			return wrong(t.column, "is empty")
		}
	}
	if why := r.settle(&l, record); why != nil {
		return line{}, why
	}
	return l, r.where(&l, record)
}

// settle reads what a line is about and whether it has ended.
func (r *reader) settle(l *line, record []string) *Fault {
	c := r.mapping.Columns
	switch ended := r.mapping.ended(r.value(record, c.Status)); {
	case !ended:
		l.ended = time.Time{}
	case l.ended.IsZero():
		l.ended = l.received
	case l.ended.Before(l.received):
		return &Fault{l.number, c.Ended, "is before " + c.Received}
	}
	kind := r.value(record, c.Kind)
	if l.category = r.mapping.Categories[kind]; l.category == "" {
		l.category = r.mapping.Category
	}
	if l.unit = r.mapping.Units[r.value(record, c.Office)]; l.unit == "" {
		l.unit = r.mapping.Unit
	}
	l.text = strings.Join(strings.Fields(kind+": "+r.value(record, c.Text)), " ")
	if runes := []rune(redact.Mask(l.text)); len(runes) > longestText {
		l.text = string(runes[:longestText]) + "…"
	} else {
		l.text = string(runes)
	}
	return nil
}

// where reads the place of a line, which may be missing.
func (r *reader) where(l *line, record []string) *Fault {
	c := r.mapping.Columns
	lat, lon := r.value(record, c.Lat), r.value(record, c.Lon)
	if lat == "" && lon == "" {
		return nil
	}
	north, err := strconv.ParseFloat(lat, 64)
	if err != nil || !(north >= -90 && north <= 90) {
		return &Fault{l.number, c.Lat, "not a latitude in degrees"}
	}
	east, err := strconv.ParseFloat(lon, 64)
	if err != nil || !(east >= -180 && east <= 180) {
		return &Fault{l.number, c.Lon, "not a longitude in degrees"}
	}
	l.place = &place.Point{Lat: north, Lon: east}
	return nil
}

func (r *reader) value(record []string, column string) string {
	i, ok := r.at[column]
	if !ok || column == "" || i >= len(record) {
		return ""
	}
	return strings.TrimSpace(record[i])
}

func unfit(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '.'
}

// lines refuses a file whose lines are longer than memory is meant for.
type lines struct {
	in    io.Reader
	since int
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.in.Read(p[:min(len(p), longestLine)])
	for _, b := range p[:n] {
		if l.since++; b == '\n' {
			l.since = 0
		}
		if l.since > longestLine {
			return 0, fmt.Errorf("a line is longer than %d bytes", longestLine)
		}
	}
	return n, err
}
