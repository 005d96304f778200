package edit

import (
	"bytes"

	"go.yaml.in/yaml/v4"
)

// splice puts other bytes in the place of some and takes the outcome only when
// it is the tree that was meant.
func (f *File) splice(from, to int, with string, meant *yaml.Node) (*File, error) {
	text := make([]byte, 0, len(f.text)+len(with))
	text = append(text, f.text[:from]...)
	text = append(text, with...)
	text = append(text, f.text[to:]...)
	out, err := Parse(text)
	if err != nil || !same(meant, out.root.yaml) {
		return nil, ErrCannot
	}
	return out, nil
}

// same compares two trees by what they say. A node without a tag may be of any.
func same(meant, got *yaml.Node) bool {
	if meant.Kind != got.Kind || meant.Value != got.Value || len(meant.Content) != len(got.Content) {
		return false
	}
	if meant.Kind == yaml.ScalarNode && meant.Tag != "" && meant.Tag != got.Tag {
		return false
	}
	for i := range meant.Content {
		if !same(meant.Content[i], got.Content[i]) {
			return false
		}
	}
	return true
}

// with is the tree of the file with one node replaced; nil takes it away, with
// its key.
func (f *File) with(gone *Node, by *yaml.Node) *yaml.Node {
	return replaced(f.root.yaml, gone.yaml, by)
}

func replaced(tree, gone, by *yaml.Node) *yaml.Node {
	if tree == gone {
		return by
	}
	out := &yaml.Node{Kind: tree.Kind, Tag: tree.Tag, Value: tree.Value}
	for i, child := range tree.Content {
		next := replaced(child, gone, by)
		if next != nil {
			out.Content = append(out.Content, next)
		} else if tree.Kind == yaml.MappingNode && i%2 == 1 {
			out.Content = out.Content[:len(out.Content)-1]
		}
	}
	return out
}

// grown is the tree of the file with nodes put into a list or map.
func (f *File) grown(into *Node, at int, added ...*yaml.Node) *yaml.Node {
	n := into.yaml
	more := &yaml.Node{Kind: n.Kind, Tag: n.Tag}
	more.Content = append(more.Content, n.Content[:at]...)
	more.Content = append(more.Content, added...)
	more.Content = append(more.Content, n.Content[at:]...)
	return f.with(into, more)
}

// newline is how the file ends its lines.
func (f *File) newline() string {
	if bytes.Contains(f.text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}
