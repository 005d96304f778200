package deadline

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// fileLimit is the size of a calendar file that is still read: 1 MB.
const fileLimit = 1 << 20

// reader reads one calendar file out of YAML nodes and collects its faults.
// Nothing is converted by the library: a date is the text that stands there.
type reader struct {
	file   string
	faults Findings
}

func (r *reader) fault(at position, code string, args ...any) {
	r.faults = append(r.faults, Finding{File: r.file, Line: at.line, Column: at.column, Code: code, Args: args})
}

func place(n *yaml.Node) position { return position{n.Line, n.Column} }

// root reads the one document of a file; nil when it cannot be read at all.
func (r *reader) root(data []byte) *yaml.Node {
	if len(data) > fileLimit {
		r.fault(position{1, 1}, "deadline.file_too_large", "most", fileLimit)
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		r.syntax(err)
		return nil
	}
	var doc, more yaml.Node
	if err := loader.Load(&doc); err != nil && err != io.EOF {
		r.syntax(err)
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		r.fault(position{1, 1}, "deadline.file_empty")
		return nil
	}
	switch err := loader.Load(&more); {
	case err == nil:
		r.fault(position{max(more.Line, 1), max(more.Column, 1)}, "deadline.file_one_document")
		return nil
	case err != io.EOF:
		r.syntax(err)
		return nil
	}
	return doc.Content[0]
}

func (r *reader) syntax(err error) {
	at := position{1, 1}
	var one *yaml.LoadError
	var many *yaml.LoadErrors
	switch {
	case errors.As(err, &one):
		at = position{one.Mark.Line, one.Mark.Column}
	case errors.As(err, &many) && len(many.Errors) > 0:
		at = position{many.Errors[0].Mark.Line, many.Errors[0].Mark.Column}
	}
	r.fault(position{max(at.line, 1), max(at.column, 1)}, "deadline.yaml_unreadable")
}

// plain refuses what a reader of the file could not follow with the eye:
// anchors, aliases, merge keys and tags.
func (r *reader) plain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 || n.Tag == "!!merge" {
		r.fault(place(n), "deadline.yaml_not_plain")
		return false
	}
	ok := true
	for _, c := range n.Content {
		ok = r.plain(c) && ok
	}
	return ok
}

// fields reads a mapping with known keys; unknown and repeated ones are faults.
func (r *reader) fields(n *yaml.Node, known ...string) map[string]*yaml.Node {
	out := map[string]*yaml.Node{}
	if n.Kind != yaml.MappingNode {
		r.fault(place(n), "deadline.not_mapping")
		return out
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		switch {
		case k.Kind != yaml.ScalarNode || len(known) > 0 && !slices.Contains(known, k.Value):
			r.fault(place(k), "deadline.key_unknown", "key", clip(k.Value))
		case out[k.Value] != nil:
			r.fault(place(k), "deadline.key_twice", "key", clip(k.Value))
		default:
			out[k.Value] = n.Content[i+1]
		}
	}
	return out
}

// clip keeps a key that is shown from filling the screen.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// must gives a field that has to be there.
func (r *reader) must(in *yaml.Node, f map[string]*yaml.Node, key string) *yaml.Node {
	if f[key] == nil && in.Kind == yaml.MappingNode {
		r.fault(place(in), "deadline.key_missing", "key", key)
	}
	return f[key]
}

// items gives the items of a list.
func (r *reader) items(n *yaml.Node) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.fault(place(n), "deadline.not_list")
		return nil
	}
	return n.Content
}

// text reads a string. Codes and numbers of decrees must be quoted where YAML
// would make a number or a truth value of them.
func (r *reader) text(n *yaml.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind != yaml.ScalarNode:
		r.fault(place(n), "deadline.not_text")
	case n.Tag != "!!str":
		r.fault(place(n), "deadline.not_quoted")
	case n.Value == "" || len(n.Value) > 300:
		r.fault(place(n), "deadline.text_length")
	default:
		return n.Value
	}
	return ""
}

// date reads 2026-03-17, quoted or not: without quotes YAML calls it a
// timestamp, but the text is what counts, and both mean the same day. Other
// forms of a timestamp are refused.
func (r *reader) date(n *yaml.Node) Date {
	if n == nil {
		return 0
	}
	if n.Kind == yaml.ScalarNode && (n.Tag == "!!str" || n.Tag == "!!timestamp") {
		if d, err := ParseDate(n.Value); err == nil {
			return d
		}
	}
	r.fault(place(n), "deadline.date_unreadable")
	return 0
}

// number reads a whole number from least to most, written in digits alone.
func (r *reader) number(n *yaml.Node, least, most int) int {
	if n == nil {
		return 0
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || strconv.Itoa(v) != n.Value || v < least || v > most {
		r.fault(place(n), "deadline.number_unreadable", "least", strconv.Itoa(least), "most", strconv.Itoa(most))
		return 0
	}
	return v
}

// names reads a text in several languages; Indonesian must be among them.
func (r *reader) names(n *yaml.Node) map[string]string {
	if n == nil {
		return nil
	}
	out := map[string]string{}
	f := r.fields(n)
	for lang, v := range f {
		out[lang] = r.text(v)
	}
	if n.Kind == yaml.MappingNode && f["id"] == nil {
		r.fault(place(n), "deadline.key_missing", "key", "id")
	}
	return out
}
