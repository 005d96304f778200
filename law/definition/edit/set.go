package edit

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// Set puts another value in the place of a scalar. Words stay words and keep
// their quotes where the new ones allow it; where they need quotes they get
// them. A number, date or yes or no stays without quotes.
func (f *File) Set(path, value string) (*File, error) {
	n := f.at[path]
	if n == nil {
		return nil, ErrNoNode
	}
	value = strings.ReplaceAll(value, "\r\n", "\n")
	if !n.Scalar {
		return nil, ErrCannot
	}
	if value == n.Value {
		return f, nil
	}
	if n.yaml.Style&block != 0 {
		return f.setBlock(n, value)
	}
	want := &yaml.Node{Kind: yaml.ScalarNode, Tag: n.yaml.Tag, Value: value}
	if !n.Text {
		want.Tag = ""
	}
	lead := ""
	if n.start == n.end && n.key != nil && n.start > 0 && f.text[n.start-1] == ':' {
		lead = " " // nothing stood there
	}
	for _, written := range written(n, value) {
		if out, err := f.splice(n.start, n.end, lead+written, f.with(n, want)); err == nil {
			return out, nil
		}
	}
	return nil, ErrCannot
}

// written are the ways to write a scalar, the one it had first.
func written(n *Node, value string) []string {
	bare, single, double := value, "'"+strings.ReplaceAll(value, "'", "''")+"'", doubleQuoted(value)
	if strings.Contains(value, "\n") {
		return []string{double}
	}
	switch {
	case n.yaml.Style&yaml.DoubleQuotedStyle != 0:
		return []string{double}
	case n.yaml.Style&yaml.SingleQuotedStyle != 0:
		return []string{single, double}
	case value == "":
		return []string{double}
	}
	return []string{bare, double}
}

// setBlock writes a text after | or > anew, further in by as much as before. An
// end of line at its end is there or not as its header says.
func (f *File) setBlock(n *Node, value string) (*File, error) {
	header := n.yaml.Line
	from := f.lineEnd(header)
	indent := "  " + strings.Repeat(" ", max(0, n.outer()))
	if line := header + 1; line <= len(f.lines) && f.lines[line-1] < n.end {
		first := string(f.text[f.lines[line-1]:f.lineEnd(line)])
		indent = first[:len(first)-len(strings.TrimLeft(first, " "))]
	}
	body := strings.TrimRight(value, "\n")
	want := body
	if strings.HasSuffix(n.Value, "\n") {
		want += "\n"
	}
	folded := n.yaml.Style&yaml.FoldedStyle != 0
	newline := f.newline()
	var b strings.Builder
	for _, line := range strings.Split(body, "\n") {
		b.WriteString(newline)
		if folded && b.Len() > len(newline) {
			b.WriteString(newline)
		}
		if line != "" {
			b.WriteString(indent + line)
		}
	}
	return f.splice(from, n.end, b.String(), f.with(n, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: want}))
}

// Rename gives a key another name.
func (f *File) Rename(path, key string) (*File, error) {
	n := f.at[path]
	if n == nil || n.key == nil {
		return nil, ErrNoNode
	}
	end, ok := f.endOfPlain(n.keyStart, n.key.Value)
	if n.key.Style&quoted != 0 {
		end, ok = f.endOfQuoted(n.keyStart)
	}
	if !ok {
		return nil, ErrCannot
	}
	meant := replaced(f.root.yaml, n.key, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key})
	written := flowText(Text(key))
	if n.key.Style&quoted != 0 {
		written = doubleQuoted(key)
	}
	return f.splice(n.keyStart, end, written, meant)
}
