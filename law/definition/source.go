package definition

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Limits of one definition file: far above what a clerk writes, far below what
// hurts.
const (
	maxFileBytes = 256 << 10
	maxDepth     = 16
	maxNodes     = 20_000
)

// source is one file with its tree and the place of every part that was read.
type source struct {
	file   string
	lines  []string
	root   *yaml.Node
	places map[string]place // path in the file → where it stands
	report *report

	origins map[*yaml.Node]*source // where the nodes of a file below stand, when this one extends it
	beyond  string                 // the other file of a merged part
}

// with is the file with another tree.
func (s *source) with(root *yaml.Node) *source {
	return &source{file: s.file, lines: s.lines, root: root, places: map[string]place{}, report: s.report}
}

// beside is the file as a part of what it is merged with.
func (s *source) beside(other string) *source {
	return &source{file: s.file, lines: s.lines, report: s.report, beyond: other}
}

// of is the file in which a node stands.
func (s *source) of(n *yaml.Node) *source {
	if o := s.origins[n]; o != nil {
		return o
	}
	return s
}

// place is where a key and its value stand; key is nil for list items.
type place struct {
	key, value *yaml.Node
}

// report collects findings of all files.
type report struct {
	findings []Finding
}

// add reports a fault of a file at a line and column.
func (s *source) add(line, column int, code string, args map[string]string) {
	m, ours := messages[code]
	if !ours { // a calendar's or a policy's, which have their own words
		m.text = cmp.Or(args["why"], code)
	}
	f := Finding{File: s.file, Merged: s.beyond, Line: max(1, line), Column: max(1, column), Code: code, Severity: Error, Args: args,
		Message: fill(m.text, inEnglish(args)), Hint: fill(m.hint, args)}
	if m.warning {
		f.Severity = Warning
	}
	if f.Line <= len(s.lines) {
		f.Excerpt = excerpt(s.lines[f.Line-1], f.Line, f.Column)
	}
	s.report.findings = append(s.report.findings, f)
}

// inEnglish puts words for the kinds of value among the arguments.
func inEnglish(args map[string]string) map[string]string {
	if args["want"] == "" {
		return args
	}
	return map[string]string{"want": kinds[args["want"]], "got": kinds[args["got"]]}
}

// node reports a fault at a node.
func (s *source) node(n *yaml.Node, code string, pairs ...string) {
	s.of(n).add(n.Line, n.Column, code, args(pairs))
}

// at reports a fault at the value of a path, or at its nearest parent that
// stands in the file.
func (s *source) at(path, code string, pairs ...string) {
	for p := path; ; p = parent(p) {
		if w, ok := s.places[p]; ok {
			s.node(w.value, code, pairs...)
			return
		}
		if p == "" {
			s.add(1, 1, code, args(pairs))
			return
		}
	}
}

func args(pairs []string) map[string]string {
	if len(pairs) == 0 {
		return nil
	}
	m := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// parent is the path without its last part: a.b[1].c → a.b[1] → a.b → a → "".
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

// parse reads the bytes of a file into a tree, and refuses what the language
// does without: a second document, anchors, merge keys, tags, doubled keys.
// A nil root means that nothing can be read.
func parse(file string, data []byte, r *report) *source {
	s := &source{file: file, places: map[string]place{}, report: r}
	if len(data) > maxFileBytes {
		s.add(1, 1, "file_size", args([]string{"most", "256 kB"}))
		return s
	}
	s.lines = strings.Split(string(data), "\n")
	if !utf8.Valid(data) {
		line := 1 + bytes.Count(data[:invalidAt(data)], []byte("\n"))
		s.add(line, 1, "not_utf8", nil)
		return s
	}
	if depth := deepest(data); depth > 8*maxDepth {
		s.add(1, 1, "too_deep", args([]string{"most", "16"}))
		return s
	}
	s.load(data)
	if s.root != nil && !s.refuse() {
		s.root = nil
	}
	return s
}

// load runs the YAML parser.
func (s *source) load(data []byte) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); err != nil {
		s.syntax(err)
		return
	}
	if err := dec.Decode(&second); err == nil {
		s.node(&second, "documents")
		return
	} else if !errors.Is(err, io.EOF) {
		s.syntax(err)
		return
	}
	if len(doc.Content) == 0 {
		s.add(1, 1, "empty_file", nil)
		return
	}
	s.root = doc.Content[0]
}

// syntax reports where the YAML itself cannot be read.
func (s *source) syntax(err error) {
	var at *yaml.LoadError
	switch {
	case errors.Is(err, io.EOF):
		s.add(1, 1, "empty_file", nil)
	case errors.As(err, &at) && at.Mark.Line > 0:
		s.add(at.Mark.Line, at.Mark.Column, "syntax", args([]string{"why", at.Message}))
	default:
		line, column := s.controlCharacter()
		s.add(line, column, "syntax", args([]string{"why", strings.TrimPrefix(err.Error(), "yaml: ")}))
	}
}

// controlCharacter finds the first character that YAML does not take: the
// parser itself does not say where it stands.
func (s *source) controlCharacter() (line, column int) {
	for i, l := range s.lines {
		column := 0
		for _, r := range l {
			column++
			if (r < ' ' && r != '\t' && r != '\r') || (r >= 0x7f && r < 0xa0 && r != 0x85) || r == 0xfffe || r == 0xffff {
				return i + 1, column
			}
		}
	}
	return 1, 1
}

// refuse walks the tree for what may not stand in a definition; false when the
// tree is too deep or too large to be worked on.
func (s *source) refuse() bool {
	count := 0
	return s.refuseIn(s.root, 1, &count)
}

func (s *source) refuseIn(n *yaml.Node, depth int, count *int) bool {
	if *count++; *count > maxNodes {
		s.node(n, "too_large")
		return false
	}
	if depth > maxDepth {
		s.node(n, "too_deep", "most", "16")
		return false
	}
	switch {
	case n.Kind == yaml.AliasNode:
		s.node(n, "alias")
	case n.Anchor != "":
		s.node(n, "anchor")
	case n.Style&yaml.TaggedStyle != 0:
		s.node(n, "tag", "tag", n.Tag)
	}
	if n.Kind == yaml.MappingNode {
		s.keys(n)
	}
	for _, child := range n.Content {
		if !s.refuseIn(child, depth+1, count) {
			return false
		}
	}
	return true
}

// keys refuses doubled keys, merge keys and keys that are no plain words.
func (s *source) keys(n *yaml.Node) {
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch first := seen[key.Value]; {
		case key.Kind == yaml.AliasNode:
		case key.Kind != yaml.ScalarNode:
			s.node(key, "key_kind")
		case key.Tag == "!!merge":
			s.node(key, "merge")
		case first != nil:
			s.node(key, "duplicate_key", "key", key.Value, "line", itoa(first.Line))
		default:
			seen[key.Value] = key
		}
	}
}

// invalidAt is the offset of the first byte that is not UTF-8.
func invalidAt(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return 0
}

// deepest is an upper bound of the nesting of flow collections and lists in a
// file, counted without parsing, so that a bomb never reaches the parser.
func deepest(data []byte) int {
	most, open := 0, 0
	for _, c := range data {
		switch c {
		case '[', '{':
			open++
			most = max(most, open)
		case ']', '}':
			open = max(0, open-1)
		}
	}
	return most
}
