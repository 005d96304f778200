package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Config is the file of --exchange: with whom reports are exchanged. It says
// where keys are and never what they are.
type Config struct {
	Peers []PeerConfig `yaml:"peers"`
}

// PeerConfig is one other server.
type PeerConfig struct {
	Name         string  `yaml:"name"`         // small letters, digits and dashes
	Kind         string  `yaml:"kind"`         // open311 or sp4n
	URL          string  `yaml:"url"`          // of its endpoint, without a slash at the end
	Format       string  `yaml:"format"`       // open311: json or xml; json
	Jurisdiction string  `yaml:"jurisdiction"` // open311: its jurisdiction_id, where it wants one
	KeyFile      string  `yaml:"key_file"`     // the file that holds our key, beside the configuration or absolute
	Idempotent   bool    `yaml:"idempotent"`   // the same Idempotency-Key has one effect over there, as with another Pendopo
	Lists        string  `yaml:"lists"`        // when its list of requests shows what was sent: at_once or after_review; at_once
	Updates      bool    `yaml:"updates"`      // it speaks servicerequestupdates
	Since        string  `yaml:"since"`        // only reports received from this day on: 2026-01-01
	Send         []Route `yaml:"send"`
	Insecure     bool    `yaml:"insecure"` // http instead of https, as in a test

	key string
}

// Route says under which of its codes a category is sent.
type Route struct {
	Category   string            `yaml:"category"`
	Code       string            `yaml:"service_code"`
	Attributes map[string]string `yaml:"attributes"` // answers that its definition of the code wants
}

// Bounds of a configuration.
const (
	mostConfig = 256 << 10 // bytes
	mostPeers  = 50
	longestKey = 4 << 10
)

// LoadConfig reads a configuration and the keys that it names. An error names
// the file, and the line where YAML has one.
func LoadConfig(path string) (Config, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	c, err := ParseConfig(raw)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	for i := range c.Peers {
		if err := c.Peers[i].readKey(filepath.Dir(path)); err != nil {
			return Config{}, fmt.Errorf("%s: peer %s: %w", path, c.Peers[i].Name, err)
		}
	}
	return c, nil
}

// ParseConfig reads a configuration without its keys.
func ParseConfig(raw []byte) (Config, error) {
	var c Config
	if len(raw) > mostConfig {
		return c, errors.New("the file is too large")
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, err
	}
	if len(c.Peers) > mostPeers {
		return c, fmt.Errorf("at most %d peers", mostPeers)
	}
	seen := map[string]bool{}
	for i := range c.Peers {
		p := &c.Peers[i]
		if err := p.check(); err != nil {
			return c, fmt.Errorf("peer %d (%s): %w", i+1, p.Name, err)
		}
		if seen[p.Name] {
			return c, fmt.Errorf("peer %s is there twice", p.Name)
		}
		seen[p.Name] = true
	}
	return c, nil
}

var peerName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// check refuses what cannot be meant, and fills in what was left out.
func (p *PeerConfig) check() error {
	if p.Kind == "" {
		p.Kind = kindOpen311
	}
	if p.Format == "" {
		p.Format = "json"
	}
	if p.Lists == "" {
		p.Lists = atOnce
	}
	u, err := url.Parse(p.URL)
	switch {
	case !peerName.MatchString(p.Name):
		return errors.New("name: small letters, digits and dashes, beginning with a letter")
	case !slices.Contains([]string{kindOpen311, kindSP4N}, p.Kind):
		return errors.New("kind: open311 or sp4n")
	case err != nil || u.Host == "" || u.RawQuery != "" || u.User != nil || u.Scheme != "https" && !(u.Scheme == "http" && p.Insecure):
		return errors.New("url: an https address without user, password or question mark")
	case p.Format != "json" && p.Format != "xml":
		return errors.New("format: json or xml")
	case p.Lists != atOnce && p.Lists != afterReview:
		return errors.New("lists: at_once or after_review")
	}
	p.URL = strings.TrimSuffix(p.URL, "/")
	if _, err := p.since(); err != nil {
		return errors.New("since: a day such as 2026-01-01")
	}
	seen := map[string]bool{}
	for _, r := range p.Send {
		if r.Category == "" || r.Code == "" {
			return errors.New("send: each has category and service_code")
		}
		if seen[r.Category] {
			return fmt.Errorf("send: category %s is there twice", r.Category)
		}
		seen[r.Category] = true
	}
	return nil
}

func (p *PeerConfig) since() (time.Time, error) {
	if p.Since == "" {
		return time.UnixMicro(0), nil
	}
	return time.Parse(time.DateOnly, p.Since)
}

// route is under which code a category is sent; false when it is not.
func (p *PeerConfig) route(category string) (Route, bool) {
	i := slices.IndexFunc(p.Send, func(r Route) bool { return r.Category == category })
	if i < 0 {
		return Route{}, false
	}
	return p.Send[i], true
}

func (p *PeerConfig) readKey(dir string) error {
	if p.KeyFile == "" {
		return nil
	}
	path := p.KeyFile
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("key_file: %w", err)
	}
	if p.key = strings.TrimSpace(string(raw)); p.key == "" || len(p.key) > longestKey {
		return errors.New("key_file: holds no key")
	}
	return nil
}

// Kinds of peer, and when a peer lists what was sent to it.
const (
	kindOpen311 = "open311"
	kindSP4N    = "sp4n"
	atOnce      = "at_once"
	afterReview = "after_review"
)
