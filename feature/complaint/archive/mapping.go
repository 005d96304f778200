package archive

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Map says what the columns of a file mean.
type Map struct {
	Source     string            `yaml:"source"`     // name of the other system: small letters, digits, dashes
	Service    string            `yaml:"service"`    // ours, with a public side
	Columns    Columns           `yaml:"columns"`    // names of columns
	Times      string            `yaml:"times"`      // how times are written, as of Mon Jan 2 15:04:05 2006: 01/02/2006 03:04:05 PM
	Zone       string            `yaml:"zone"`       // of its times; the government's
	Closed     []string          `yaml:"closed"`     // values of the column status that mean ended
	Categories map[string]string `yaml:"categories"` // its kinds of matter → our categories
	Category   string            `yaml:"category"`   // for every other kind
	Units      map[string]string `yaml:"units"`      // its offices → our units
	Unit       string            `yaml:"unit"`       // for every other office
	Region     string            `yaml:"region"`     // code of the place of a line that lies in no boundary
	Answers    map[string]string `yaml:"answers"`    // of open ones: what else the form wants
}

// Columns are the names of columns in the first line of the file. Key, received,
// status, kind and text have to be there.
type Columns struct {
	Key      string `yaml:"key"` // unique in the source
	Received string `yaml:"received"`
	Ended    string `yaml:"ended"`
	Due      string `yaml:"due"`
	Status   string `yaml:"status"`
	Kind     string `yaml:"kind"`
	Text     string `yaml:"text"` // what it is about, in a few words
	Office   string `yaml:"office"`
	Lat      string `yaml:"lat"`
	Lon      string `yaml:"lon"`
}

// mostMap bounds a map, in bytes.
const mostMap = 256 << 10

var sourceName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,29}$`)

// ParseMap reads a map.
func ParseMap(raw []byte) (Map, error) {
	var m Map
	if len(raw) > mostMap {
		return m, errors.New("the file is too large")
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&m); err != nil {
		return m, err
	}
	c := m.Columns
	for _, x := range [][2]string{{"key", c.Key}, {"received", c.Received}, {"status", c.Status}, {"kind", c.Kind}, {"text", c.Text}} {
		if x[1] == "" {
			return m, fmt.Errorf("columns: %s is missing", x[0])
		}
	}
	switch {
	case !sourceName.MatchString(m.Source):
		return m, errors.New("source: small letters, digits and dashes, beginning with a letter")
	case m.Service == "" || m.Times == "" || len(m.Closed) == 0 || m.Category == "" || m.Unit == "":
		return m, errors.New("service, times, closed, category and unit have to be there")
	case (c.Lat == "") != (c.Lon == ""):
		return m, errors.New("columns: lat and lon go together")
	}
	return m, nil
}

// zone is that of the file's times.
func (m *Map) zone(usual *time.Location) (*time.Location, error) {
	if m.Zone == "" {
		return usual, nil
	}
	return time.LoadLocation(m.Zone)
}

// ended reports whether a status means that a report has ended.
func (m *Map) ended(status string) bool {
	return slices.ContainsFunc(m.Closed, func(s string) bool { return strings.EqualFold(s, status) })
}
