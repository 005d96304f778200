package definition

import (
	"path"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// mostBases is how many files a service may stand on, one above the other.
const mostBases = 4

// extended merges a service file over the one that it extends. A file that
// extends nothing comes back as it is; nil means that the base cannot be had,
// which is reported.
func (f *folder) extended(s *source, chain ...string) *source {
	name := valueOf(s.root, "extends")
	if name == nil || name.Kind != yaml.ScalarNode || name.Tag != "!!str" {
		return s
	}
	chain = append(chain, s.file)
	base := f.base(name.Value)
	switch {
	case base == nil:
		s.node(name, "unknown_base", "base", name.Value, "known", nearestFirst(name.Value, f.baseIDs(s.file)))
		return nil
	case slices.Contains(chain, base.file):
		f.ring(s, name, base.file, chain)
		return nil
	case len(chain) > mostBases:
		s.node(name, "extends_deep", "most", itoa(mostBases))
		return nil
	case base.root == nil || base.root.Kind != yaml.MappingNode:
		return nil // reported where it was read
	}
	if base = f.extended(base, chain...); base == nil {
		return nil
	}
	return merge(base, s)
}

// ring reports files that extend each other in a ring, once for all of them.
func (f *folder) ring(s *source, at *yaml.Node, base string, chain []string) {
	if !f.ringed[base] {
		s.node(at, "extends_ring", "file", base)
	}
	for _, file := range chain {
		f.ringed[file] = true
	}
}

// base finds the file that a service extends: a template, or another service.
func (f *folder) base(id string) *source {
	for _, dir := range []string{"templates", "services"} {
		if s := f.files[path.Join(dir, id+".yaml")]; s != nil {
			f.extendedBy[s.file] = true
			return s
		}
	}
	return nil
}

// unusedBases warns of templates that stand below no service: nothing in them is
// checked.
func (f *folder) unusedBases() {
	for name, s := range f.files {
		if path.Dir(name) == "templates" && !f.extendedBy[name] && s.root != nil && !f.unread {
			s.add(1, 1, "base_unused", args([]string{"base", path.Base(strings.TrimSuffix(name, ".yaml"))}))
		}
	}
}

func (f *folder) baseIDs(except string) (ids []string) {
	for name := range f.files {
		if name != except {
			ids = append(ids, path.Base(name[:len(name)-len(".yaml")]))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// merger puts one file over another.
type merger struct {
	over   *source
	out    *source
	merged *source // where a node of both stands: in the upper file
}

// merge is the upper file over the lower one: the tree of both, in which every
// node knows the file that it came from.
func merge(base, over *source) *source {
	m := &merger{over: over, out: over.with(over.root), merged: over.beside(base.file)}
	m.out.origins = map[*yaml.Node]*source{}
	from := map[string]*source{}
	visit(base.root, func(n *yaml.Node) {
		o := base.of(n)
		if from[o.file] == nil {
			from[o.file] = o.beside(over.file)
		}
		m.out.origins[n] = from[o.file]
	})
	own := *base.root
	own.Content = without(base.root.Content, "id", "extends")
	m.out.root = m.maps(&own, over.root, reflect.TypeFor[Service]())
	return m.out
}

// visit calls do for every node of a tree.
func visit(n *yaml.Node, do func(*yaml.Node)) {
	do(n)
	for _, child := range n.Content {
		visit(child, do)
	}
}

// values puts what the upper file says over what the lower one says. Maps merge
// and so do lists whose items have an id; everything else is replaced.
func (m *merger) values(base, over *yaml.Node, t reflect.Type) *yaml.Node {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == nil || base.Kind != over.Kind:
	case over.Kind == yaml.MappingNode && mergeable(t):
		return m.maps(base, over, t)
	case over.Kind == yaml.SequenceNode && hasID(t):
		return m.lists(base, over, t.Elem())
	}
	return over
}

// mergeable reports whether a map of this type merges: who acts and which unit
// handles a case are said whole.
func mergeable(t reflect.Type) bool {
	return t == reflect.TypeFor[Text]() || t.Kind() == reflect.Struct && t != reflect.TypeFor[Actor]() && t != reflect.TypeFor[At]()
}

// hasID reports whether a type is a list whose items have an id.
func hasID(t reflect.Type) bool {
	if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
		return false
	}
	_, ok := fieldOf(t.Elem(), "id")
	return ok
}

// maps merges key by key, in the order of the lower map.
func (m *merger) maps(base, over *yaml.Node, t reflect.Type) *yaml.Node {
	out := *over
	out.Content = slices.Clone(base.Content)
	for i := 0; i+1 < len(over.Content); i += 2 {
		key, value := over.Content[i], over.Content[i+1]
		at := keyIndex(out.Content, key.Value)
		if at < 0 || key.Kind != yaml.ScalarNode || keyIndex(over.Content, key.Value) != i {
			out.Content = append(out.Content, key, value)
			continue
		}
		var kind reflect.Type
		if t.Kind() == reflect.Struct {
			if field, ok := fieldOf(t, key.Value); ok {
				kind = field.Type
			}
		}
		out.Content[at], out.Content[at+1] = key, m.values(out.Content[at+1], value, kind)
	}
	m.out.origins[&out] = m.merged
	return &out
}

// lists merges item by item: what has the id of an item below changes it, the
// rest is new.
func (m *merger) lists(base, over *yaml.Node, t reflect.Type) *yaml.Node {
	out := *over
	out.Content = slices.Clone(base.Content)
	var done []string
	for _, item := range over.Content {
		id := idOf(item)
		at := indexOf(out.Content, id)
		if id == "" || slices.Contains(done, id) {
			out.Content = append(out.Content, item) // the check of ids says what is wrong with it
			continue
		}
		done = append(done, id)
		if remove := valueOf(item, "remove"); remove != nil {
			if m.removes(item, remove, at) {
				out.Content = slices.Delete(out.Content, at, at+1)
			}
			continue
		}
		after, item := placement(item, t)
		if at >= 0 {
			item = m.values(out.Content[at], item, t)
			out.Content[at] = item
		} else {
			out.Content = append(out.Content, item)
			at = len(out.Content) - 1
		}
		if after != nil {
			out.Content = m.place(out.Content, at, after)
		}
	}
	m.out.origins[&out] = m.merged
	return &out
}

// removes checks an item that takes away another.
func (m *merger) removes(item, remove *yaml.Node, at int) bool {
	switch {
	case remove.Value != "yes" && remove.Value != "true":
		m.over.node(remove, "wrong_type", "want", "yes", "got", kindOf(remove))
	case at < 0:
		m.over.node(valueOf(item, "id"), "remove_nothing", "id", idOf(item))
	case len(item.Content) > 4:
		m.over.node(item, "remove_more")
	default:
		return true
	}
	return false
}

// placement takes the place that an item asks for out of it. A date field may
// say after: too, and means its earliest day.
func placement(item *yaml.Node, t reflect.Type) (after, rest *yaml.Node) {
	after = valueOf(item, "after")
	if after == nil || after.Kind != yaml.ScalarNode || after.Tag != "!!str" || (t == reflect.TypeFor[Field]() && validBound(after.Value)) {
		return nil, item
	}
	own := *item
	own.Content = without(item.Content, "after")
	return after, &own
}

// place moves an item behind the one that it names; "" is the first place.
func (m *merger) place(items []*yaml.Node, at int, after *yaml.Node) []*yaml.Node {
	moved := items[at]
	items = slices.Delete(items, at, at+1)
	to := indexOf(items, after.Value)
	switch {
	case after.Value == "":
		return slices.Insert(items, 0, moved)
	case to < 0:
		m.over.node(after, "after_nothing", "id", after.Value)
		return append(items, moved)
	}
	return slices.Insert(items, to+1, moved)
}

// keyIndex is where a key stands among the contents of a map; -1 when it does not.
func keyIndex(content []*yaml.Node, key string) int {
	for i := 0; i+1 < len(content); i += 2 {
		if content[i].Value == key {
			return i
		}
	}
	return -1
}

// valueOf is the value of a key of a map; nil when there is none.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	if i := keyIndex(n.Content, key); i >= 0 {
		return n.Content[i+1]
	}
	return nil
}

// without is the content of a map without some keys.
func without(content []*yaml.Node, keys ...string) []*yaml.Node {
	var out []*yaml.Node
	for i := 0; i+1 < len(content); i += 2 {
		if !slices.Contains(keys, content[i].Value) {
			out = append(out, content[i], content[i+1])
		}
	}
	return out
}

// idOf is the id of a list item, "" when it has none.
func idOf(item *yaml.Node) string {
	if id := valueOf(item, "id"); id != nil && id.Kind == yaml.ScalarNode {
		return id.Value
	}
	return ""
}

// indexOf is the place of the item with an id; -1 when there is none.
func indexOf(items []*yaml.Node, id string) int {
	return slices.IndexFunc(items, func(n *yaml.Node) bool { return id != "" && idOf(n) == id })
}
