package edit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Why a file or a change is refused.
var (
	ErrUnread = errors.New("edit: the file cannot be read as one plain YAML document")
	ErrNoNode = errors.New("edit: there is nothing at this path")
	ErrCannot = errors.New("edit: this cannot be changed without rewriting the file")
)

// mostBytes bounds a file that is edited: what the definition language takes.
const mostBytes = 256 << 10

// Node is a value of a file.
type Node struct {
	Path   string // of the value; "" is the whole document
	Key    string // its key in a map, "" for an item of a list
	Value  string // of a scalar
	Items  int    // of a list, or keys of a map
	Scalar bool
	List   bool
	Map    bool
	Text   bool // a scalar that is words, not a number or a yes or no

	yaml, key  *yaml.Node
	parent     *Node
	index      int // among the children of parent
	start, end int // bytes of the value
	keyStart   int
	children   []*Node
}

// File is a parsed file; a change gives another one.
type File struct {
	text  []byte
	lines []int // offset of each line
	root  *Node
	order []*Node
	at    map[string]*Node
}

// Parse reads a file. Anchors, tags and second documents are ErrUnread, as the
// definition language refuses them.
func Parse(text []byte) (*File, error) {
	if len(text) > mostBytes || !utf8.Valid(text) || nested(text) || strangeBreaks(text) {
		return nil, ErrUnread
	}
	var doc, second yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrUnread, err)
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) || len(doc.Content) != 1 {
		return nil, ErrUnread
	}
	f := &File{text: text, at: map[string]*Node{}}
	for i := range text {
		if i == 0 || text[i-1] == '\n' {
			f.lines = append(f.lines, i)
		}
	}
	root, err := f.node(doc.Content[0], nil, nil, 0, "", 0)
	f.root = root
	return f, err
}

// strangeBreaks reports ends of line that YAML counts and editors do not.
func strangeBreaks(text []byte) bool {
	return bytes.Count(text, []byte("\r")) != bytes.Count(text, []byte("\r\n")) || bytes.ContainsAny(text, "\u0085\u2028\u2029")
}

// nested reports more brackets within one another than any definition has:
// counted without parsing, so that a bomb never reaches the parser.
func nested(text []byte) bool {
	open := 0
	for _, c := range text {
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open--
		}
		if open > 100 {
			return true
		}
	}
	return false
}

// mostDepth is how deep values may be nested.
const mostDepth = 40

// node takes up one value with all below it.
func (f *File) node(n, key *yaml.Node, parent *Node, index int, path string, depth int) (*Node, error) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 || depth > mostDepth {
		return nil, ErrUnread
	}
	x := &Node{Path: path, Value: n.Value, yaml: n, key: key, parent: parent, index: index,
		Scalar: n.Kind == yaml.ScalarNode, List: n.Kind == yaml.SequenceNode, Map: n.Kind == yaml.MappingNode,
		Text: n.Kind == yaml.ScalarNode && n.Tag == "!!str"}
	x.start = f.offset(n)
	if key != nil {
		x.Key, x.keyStart = key.Value, f.offset(key)
	}
	f.order = append(f.order, x)
	if _, twice := f.at[path]; !twice {
		f.at[path] = x
	}
	if err := f.below(x, depth); err != nil {
		return nil, err
	}
	end, ok := f.endOf(x)
	if !ok {
		return nil, fmt.Errorf("%w: line %d", ErrUnread, n.Line)
	}
	x.end = end
	return x, nil
}

// below takes up what a map or a list holds.
func (f *File) below(x *Node, depth int) error {
	content := x.yaml.Content
	step := 1
	if x.Map {
		step = 2
	}
	for i := 0; i+step <= len(content); i += step {
		var key *yaml.Node
		path := fmt.Sprintf("%s[%d]", x.Path, i/step)
		if x.Map {
			if key = content[i]; key.Kind != yaml.ScalarNode || key.Tag == "!!merge" || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 {
				return ErrUnread
			}
			path = join(x.Path, key.Value)
		}
		child, err := f.node(content[i+step-1], key, x, i/step, path, depth+1)
		if err != nil {
			return err
		}
		x.children = append(x.children, child)
		x.Items++
	}
	return nil
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// offset is the byte at which a YAML node begins: lines and columns count from
// 1, and columns count characters.
func (f *File) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(f.lines) {
		return len(f.text)
	}
	at := f.lines[n.Line-1]
	if n.Line == 1 && bytes.HasPrefix(f.text, []byte("\ufeff")) {
		at += 3
	}
	for range n.Column - 1 {
		if at >= len(f.text) {
			break
		}
		_, size := utf8.DecodeRune(f.text[at:])
		at += size
	}
	return at
}

// Bytes is the file as it stands.
func (f *File) Bytes() []byte { return bytes.Clone(f.text) }

// At is the value at a path; nil when there is none.
func (f *File) At(path string) *Node { return f.at[path] }

// Nodes are all values, in the order of the file.
func (f *File) Nodes() []*Node { return f.order }

// Children are the values in a list or a map, in order.
func (n *Node) Children() []*Node { return n.children }

// Child is the value under a key; nil when there is none.
func (n *Node) Child(key string) *Node {
	for _, c := range n.children {
		if n.Map && c.Key == key {
			return c
		}
	}
	return nil
}

// Find is the path of the innermost value at a line and column, counted from 1
// in characters, as findings of check tell them; a place in a key is its value.
func (f *File) Find(line, column int) string {
	at := f.offset(&yaml.Node{Line: line, Column: column})
	best := f.root
	for _, n := range f.order {
		from := n.start
		if n.key != nil {
			from = n.keyStart
		}
		if from <= at && at < max(n.end, n.start+1) {
			best = n // children come after their parents
		}
	}
	return best.Path
}
