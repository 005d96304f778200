package edit

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Add puts an item into a list, before the one at an index or, from the number
// of items on, at the end. It is written as its neighbour is: on one line or
// over several.
func (f *File) Add(path string, at int, v Value) (*File, error) {
	n := f.at[path]
	switch {
	case n == nil:
		return nil, ErrNoNode
	case n.Scalar: // one word stands for a list of one
		items := List{Word(n.Value), v}
		if n.Text {
			items[0] = Text(n.Value)
		}
		if at == 0 {
			items[0], items[1] = items[1], items[0]
		}
		return f.Replace(path, items)
	case !n.List || at < 0:
		return nil, ErrCannot
	}
	at = min(at, len(n.children))
	meant := f.grown(n, at, v.expected())
	if n.flow() {
		return f.addInFlow(n, at, flowText(v), meant)
	}
	return f.addLines(n, at, v, meant)
}

func (f *File) addInFlow(n *Node, at int, text string, meant *yaml.Node) (*File, error) {
	switch {
	case len(n.children) == 0:
		return f.splice(n.start+1, n.start+1, text, meant)
	case at == 0:
		return f.splice(n.children[0].from(), n.children[0].from(), text+", ", meant)
	}
	end := n.children[at-1].end
	return f.splice(end, end, ", "+text, meant)
}

// from is where a value begins, its key included.
func (n *Node) from() int {
	if n.key != nil {
		return n.keyStart
	}
	return n.start
}

// addLines puts an item on lines of its own.
func (f *File) addLines(n *Node, at int, v Value, meant *yaml.Node) (*File, error) {
	if len(n.children) == 0 {
		return nil, ErrCannot
	}
	indent := strings.Repeat(" ", n.yaml.Column-1)
	newline := f.newline()
	like := n.children[max(0, at-1)]
	text := flowText(v)
	if like.Map && !like.flow() {
		text = blockText(v, indent+"  ", newline)
	}
	if at == 0 {
		dash := f.dash(like)
		if dash < 0 {
			return nil, ErrCannot
		}
		return f.splice(dash, dash, "- "+text+newline+indent, meant)
	}
	end := f.lineEnd(f.lineOf(like.end))
	return f.splice(end, end, newline+indent+"- "+text, meant)
}

// dash is the byte of the - before an item; -1 when it cannot be found.
func (f *File) dash(n *Node) int {
	return bytes.LastIndexByte(bytes.TrimRight(f.text[:n.start], " \t\r\n")[:], '-')
}

// Put gives a map a key that it does not have: after the key named, or at the end.
func (f *File) Put(path, after, key string, v Value) (*File, error) {
	n := f.at[path]
	if n == nil {
		return nil, ErrNoNode
	}
	if !n.Map || n.Child(key) != nil || len(n.children) == 0 {
		return nil, ErrCannot
	}
	last := n.children[len(n.children)-1]
	if c := n.Child(after); c != nil {
		last = c
	}
	meant := f.grown(n, 2*last.index+2, Word(key).expected(), v.expected())
	text := flowText(Text(key)) + ": " + flowText(v)
	if n.flow() {
		return f.splice(last.end, last.end, ", "+text, meant)
	}
	end := f.lineEnd(f.lineOf(last.end))
	return f.splice(end, end, f.newline()+strings.Repeat(" ", n.yaml.Column-1)+text, meant)
}

// Replace writes a value anew in the place of another. A list on lines of its
// own stays one.
func (f *File) Replace(path string, v Value) (*File, error) {
	n := f.at[path]
	if n == nil {
		return nil, ErrNoNode
	}
	meant := f.with(n, v.expected())
	list, ok := v.(List)
	switch {
	case n.Scalar && n.yaml.Style&block == 0, n.flow():
		return f.splice(n.start, n.end, flowText(v), meant)
	case n.List && ok && len(list) > 0 && f.dash(n.children[0]) >= 0:
		indent := strings.Repeat(" ", n.yaml.Column-1)
		var lines []string
		for _, item := range list {
			lines = append(lines, "- "+flowText(item))
		}
		return f.splice(f.dash(n.children[0]), n.end, strings.Join(lines, f.newline()+indent), meant)
	case n.List && ok && n.key != nil:
		return f.empty(n)
	}
	return nil, ErrCannot
}

// empty leaves [] of a list on lines of its own.
func (f *File) empty(n *Node) (*File, error) {
	colon := bytes.IndexByte(f.text[n.keyStart:n.start], ':')
	end, quoted := f.endOfQuoted(n.keyStart)
	if quoted {
		colon = end - n.keyStart
	}
	if colon < 0 {
		return nil, ErrCannot
	}
	return f.splice(n.keyStart+colon+1, n.end, " []", f.with(n, &yaml.Node{Kind: yaml.SequenceNode}))
}

// Remove takes an item out of a list, or a key with its value out of a map. A
// comment above it stays; one behind it goes with it. A map keeps one key.
func (f *File) Remove(path string) (*File, error) {
	n := f.at[path]
	if n == nil || n.parent == nil {
		return nil, ErrNoNode
	}
	p := n.parent
	if len(p.children) == 1 {
		if !p.List || p.key == nil {
			return nil, ErrCannot
		}
		if p.flow() {
			return f.splice(p.start, p.end, "[]", f.with(n, nil))
		}
		return f.empty(p)
	}
	if p.flow() {
		return f.removeInFlow(n)
	}
	return f.removeLines(n)
}

func (f *File) removeInFlow(n *Node) (*File, error) {
	siblings := n.parent.children
	if n.index+1 < len(siblings) {
		return f.splice(n.from(), siblings[n.index+1].from(), "", f.with(n, nil))
	}
	return f.splice(siblings[n.index-1].end, n.end, "", f.with(n, nil))
}

// removeLines takes away the lines of an item or key. What stands first on a
// line with a dash gives its place to the next.
func (f *File) removeLines(n *Node) (*File, error) {
	from := n.from()
	if n.parent.List {
		if from = f.dash(n); from < 0 {
			return nil, ErrCannot
		}
	}
	first := f.lines[f.lineOf(from)-1]
	if len(bytes.TrimSpace(f.text[first:from])) > 0 {
		if n.index+1 >= len(n.parent.children) || n.parent.List {
			return nil, ErrCannot
		}
		return f.splice(from, n.parent.children[n.index+1].from(), "", f.with(n, nil))
	}
	end := len(f.text)
	if line := f.lineOf(n.end); line < len(f.lines) {
		end = f.lines[line]
	}
	return f.splice(first, end, "", f.with(n, nil))
}
