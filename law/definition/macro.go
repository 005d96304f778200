package definition

import (
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"
)

// expanded is the tree of a service with its persons and its proxy written out
// as the fields and pages that they stand for. Each new node stands where the
// person or the proxy does. The tree itself is left as it is.
func (d *decoder) expanded(root *yaml.Node) *yaml.Node {
	pages := valueOf(valueOf(root, "form"), "pages")
	if pages == nil || pages.Kind != yaml.SequenceNode {
		return root
	}
	own := d.copyOf(pages, slices.Clone(pages.Content))
	for i, p := range own.Content {
		own.Content[i] = d.withFields(p)
	}
	if proxy := valueOf(root, "proxy"); proxy != nil && (proxy.Value == "yes" || proxy.Value == "true") {
		own.Content = append(d.written(proxyPages(), proxy).Content, own.Content...)
	}
	return d.replaced(root, d.replaced(valueOf(root, "form"), own, "pages"), "form")
}

// copyOf is a node with other contents, at the same place of the same file.
func (d *decoder) copyOf(n *yaml.Node, content []*yaml.Node) *yaml.Node {
	own := *n
	own.Content = content
	d.standsAt(&own, n)
	return &own
}

// standsAt says that a new node stands in the file of another.
func (d *decoder) standsAt(own, n *yaml.Node) {
	if o := d.origins[n]; o != nil {
		d.origins[own] = o
	}
}

// replaced is a map with another value of a key.
func (d *decoder) replaced(n, value *yaml.Node, key string) *yaml.Node {
	own := d.copyOf(n, slices.Clone(n.Content))
	own.Content[keyIndex(own.Content, key)+1] = value
	return own
}

// withFields is a page, group or substitute whose persons are written out.
func (d *decoder) withFields(n *yaml.Node) *yaml.Node {
	for _, key := range []string{"fields", "instead"} {
		list := valueOf(n, key)
		if list == nil || list.Kind != yaml.SequenceNode {
			continue
		}
		own := d.copyOf(list, nil)
		for _, item := range list.Content {
			if kind := valueOf(item, "kind"); key == "fields" && kind != nil && kind.Value == string(KindPerson) {
				own.Content = append(own.Content, d.person(item)...)
			} else {
				own.Content = append(own.Content, d.withFields(item))
			}
		}
		n = d.replaced(n, own, key)
	}
	return n
}

// person is the fields that a person stands for. What cannot be read of it is
// reported here, once, and nothing then follows from it.
func (d *decoder) person(n *yaml.Node) []*yaml.Node {
	before := len(d.report.findings)
	scratch := &decoder{source: &source{file: d.file, lines: d.lines, report: d.report, origins: d.origins, places: map[string]place{}}, langs: d.langs}
	var p Field
	scratch.decode(n, "", reflect.ValueOf(&p).Elem(), shape{})
	known := []string{"id", "kind", "label", "hint", "optional", "show", "require", "name", "parts"}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if _, isKey := fieldOf(reflect.TypeFor[Field](), key); isKey && !slices.Contains(known, key) {
			d.node(n.Content[i+1], "person_key", "key", key)
		}
	}
	switch {
	case p.ID == "":
		return nil // reported as a missing key
	case len(p.Parts) == 0 && len(d.report.findings) == before:
		d.node(n, "person_without_parts")
	case p.Name && !slices.Contains(p.Parts, "name"):
		d.node(valueOf(n, "name"), "name_without_part")
	}
	if len(d.report.findings) > before {
		p.Parts = personParts()
	}
	seen := map[string]bool{}
	var fields []*yaml.Node
	for i, part := range p.Parts {
		switch {
		case part == "":
		case seen[part]:
			d.node(item(valueOf(n, "parts"), i), "duplicate_id", "id", part, "line", itoa(n.Line))
		default:
			fields = append(fields, d.part(n, &p, part, len(fields) == 0))
		}
		seen[part] = true
	}
	return fields
}

// part is one field of a person.
func (d *decoder) part(n *yaml.Node, p *Field, part string, first bool) *yaml.Node {
	f := d.written(personPart(part), n)
	id := d.scalar(p.ID+"_"+part, valueOf(n, "id"))
	label := d.copyOf(n, nil)
	label.Style = 0
	words := personLabel(part)
	for _, lang := range d.langs {
		if words[lang] == "" {
			continue // no words in this language: reported where the person is
		}
		label.Content = append(label.Content, d.scalar(lang, n), d.scalar(p.Label.in(lang)+": "+words[lang], n))
	}
	f.Content = append([]*yaml.Node{d.scalar("id", n), id, d.scalar("label", n), label}, f.Content...)
	for _, key := range []string{"optional", "show", "require", "hint", "name"} {
		value := valueOf(n, key)
		if value == nil || (key == "hint" && !first) || (key == "name" && part != "name") {
			continue
		}
		f.Content = append(f.Content, d.scalar(key, n), value)
	}
	return f
}

// in is the words of a language, or a mark where they are missing and reported.
func (t Text) in(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	return "–"
}

// scalar is a word at the place of a node.
func (d *decoder) scalar(word string, at *yaml.Node) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: word, Style: yaml.LiteralStyle, Line: at.Line, Column: at.Column}
	d.standsAt(n, at)
	return n
}

// written is a piece of the language that this program itself wrote, at the
// place of a node. Its rules are blocks, which need not stand in the file.
func (d *decoder) written(text string, at *yaml.Node) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.SequenceNode} // a test reads every piece
	}
	visit(doc.Content[0], func(n *yaml.Node) {
		n.Line, n.Column = at.Line, at.Column
		if n.Kind == yaml.ScalarNode && n.Tag == "!!str" {
			n.Style = yaml.LiteralStyle
		}
		d.standsAt(n, at)
	})
	return doc.Content[0]
}
