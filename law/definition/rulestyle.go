package definition

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// ruleStyle refuses a rule in a form of YAML in which the places inside it
// cannot be told exactly: quoted, folded, or a plain one over several lines.
func (d *decoder) ruleStyle(n *yaml.Node) {
	switch {
	case strings.TrimSpace(n.Value) == "":
		d.node(n, "empty_text")
	case n.Style&yaml.LiteralStyle != 0:
	case n.Style&(yaml.FoldedStyle|yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0, !d.onOneLine(n):
		d.node(n, "rule_style")
	}
}

// onOneLine reports whether a plain scalar stands in the file as it is read.
func (s *source) onOneLine(n *yaml.Node) bool {
	return strings.HasPrefix(s.of(n).from(n.Line, n.Column), n.Value)
}

// from is the rest of a line from a column on.
func (s *source) from(line, column int) string {
	if line < 1 || line > len(s.lines) {
		return ""
	}
	text := s.lines[line-1]
	for i := 1; i < column && text != ""; i++ {
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	return text
}

// inside is the place in the file of a line and column (from 1) inside a scalar.
func (s *source) inside(n *yaml.Node, line, column int) (int, int) {
	if n.Style&yaml.LiteralStyle == 0 {
		return n.Line, n.Column + column - 1
	}
	s = s.of(n)
	row := n.Line + line
	content := strings.Split(n.Value, "\n")
	if line > len(content) || row > len(s.lines) {
		return n.Line, n.Column
	}
	raw := strings.TrimRight(s.lines[row-1], "\r")
	indent := utf8.RuneCountInString(raw) - utf8.RuneCountInString(content[line-1])
	return row, max(0, indent) + column
}
