package edit

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v4"
)

const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle
const block = yaml.LiteralStyle | yaml.FoldedStyle

// endOf is the byte after a value. The parser says only where values begin.
func (f *File) endOf(n *Node) (int, bool) {
	switch {
	case !n.Scalar && n.flow():
		return f.closing(n)
	case !n.Scalar && len(n.children) == 0:
		return n.start, true
	case !n.Scalar:
		return n.children[len(n.children)-1].end, true
	case n.yaml.Style&quoted != 0:
		return f.endOfQuoted(n.start)
	case n.yaml.Style&block != 0:
		return f.endOfBlock(n), true
	}
	return f.endOfPlain(n.start, n.Value)
}

// flow reports whether a map or list is written in brackets.
func (n *Node) flow() bool { return n.yaml.Style&yaml.FlowStyle != 0 }

// closing finds the bracket that ends a map or list.
func (f *File) closing(n *Node) (int, bool) {
	at := n.start + 1
	if len(n.children) > 0 {
		at = n.children[len(n.children)-1].end
	}
	for ; at < len(f.text); at++ {
		switch c := f.text[at]; c {
		case ']', '}':
			return at + 1, true
		case '#':
			for at < len(f.text) && f.text[at] != '\n' {
				at++
			}
		case ' ', '\t', '\n', '\r', ',', ':':
		default:
			return 0, false
		}
	}
	return 0, false
}

func (f *File) endOfQuoted(start int) (int, bool) {
	if start >= len(f.text) || f.text[start] != '"' && f.text[start] != '\'' {
		return 0, false
	}
	quote := f.text[start]
	for at := start + 1; at < len(f.text); at++ {
		switch {
		case f.text[at] == '\\' && quote == '"':
			at++
		case f.text[at] == quote && quote == '\'' && at+1 < len(f.text) && f.text[at+1] == quote:
			at++
		case f.text[at] == quote:
			return at + 1, true
		}
	}
	return 0, false
}

// endOfPlain finds the end of words without quotes: on one line they are their
// own value, over several lines line breaks count as spaces.
func (f *File) endOfPlain(start int, value string) (int, bool) {
	if bytes.HasPrefix(f.text[start:], []byte(value)) {
		return start + len(value), true
	}
	at, read := start, ""
	for at < len(f.text) && len(read) <= len(value) {
		end := at + bytes.IndexByte(append(f.text[at:len(f.text):len(f.text)], '\n'), '\n')
		line := strings.TrimSpace(string(f.text[at:end]))
		last, ok := strings.CutPrefix(value, read)
		if last = strings.TrimLeft(last, " \n"); ok && last != "" && strings.HasPrefix(line, last) {
			indent := len(f.text[at:end]) - len(bytes.TrimLeft(f.text[at:end], " \t"))
			return at + indent + len(last), true
		}
		switch {
		case line == "":
			read += "\n"
		case read == "" || strings.HasSuffix(read, "\n"):
			read += line
		default:
			read += " " + line
		}
		at = end + 1
	}
	return 0, false
}

// endOfBlock finds the last line of a text after | or >: all lines further in
// than what it belongs to.
func (f *File) endOfBlock(n *Node) int {
	line := n.yaml.Line // the one after the header
	end := f.lineEnd(n.yaml.Line)
	for ; line < len(f.lines); line++ {
		text := f.text[f.lines[line]:f.lineEnd(line+1)]
		indent := len(text) - len(bytes.TrimLeft(text, " "))
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if indent <= n.outer() {
			break
		}
		end = f.lineEnd(line + 1)
	}
	return end
}

// outer is the column, from 0, of what a block text belongs to.
func (n *Node) outer() int {
	switch {
	case n.key != nil:
		return n.key.Column - 1
	case n.parent != nil:
		return n.parent.yaml.Column - 1
	}
	return -1
}

// lineEnd is the byte after the last character of a line, counted from 1,
// without its line break.
func (f *File) lineEnd(line int) int {
	end := len(f.text)
	if line < len(f.lines) {
		end = f.lines[line] - 1
	}
	if end > f.lines[line-1] && f.text[end-1] == '\n' {
		end--
	}
	if end > f.lines[line-1] && f.text[end-1] == '\r' {
		end--
	}
	return end
}

// lineOf is the number of the line on which a byte stands, from 1.
func (f *File) lineOf(at int) int {
	return 1 + bytes.Count(f.text[:at], []byte("\n"))
}
