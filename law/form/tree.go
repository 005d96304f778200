package form

import (
	"net/url"
	"slices"
	"strconv"

	"pendopo/law/definition"
)

// Node is one question as it is asked: a field with its place in the form. Every
// door walks the same tree, whatever it makes of it.
type Node struct {
	*definition.Field
	Name     string // what its inputs and faults are called: birth_date, children.0.birth_date
	Value    any    // the answer, nil when there is none
	Required bool
	Items    []Item       // of a group
	Subs     []Substitute // of a file: what counts in its place
}

// Named is the field under the name that it has in the page.
func (n Node) Named() definition.Field {
	d := *n.Field
	d.ID = n.Name
	return d
}

// Item is one of the items of a group.
type Item struct {
	Name   string          // children.0
	Number int             // from 1
	Title  definition.Text // Anak 1
	Nodes  []Node
}

// Substitute are the questions about papers that count in the place of a file.
type Substitute struct {
	*definition.Instead
	Nodes []Node
	Begun bool // something of it is answered or typed
}

// Tree is what a page asks with the answers of env, in order. With typed, the
// items of a group are as many as were typed; a group that must be answered shows
// at least those it needs.
func (f *Form) Tree(page string, env Env, typed url.Values) []Node {
	i := f.pageIndex(page)
	if i < 0 || !f.pageShown(i, env) {
		return nil
	}
	return f.nodes(f.pages[i].fields, env, "", typed)
}

// Answered is what a page asks with the answers of env, with no more items than
// there are answers: a page to read, and not to fill in.
func (f *Form) Answered(page string, env Env) []Node {
	nodes := f.Tree(page, env, nil)
	for i := range nodes {
		n := len(itemsOf(nodes[i].Value))
		nodes[i].Items = nodes[i].Items[:min(n, len(nodes[i].Items))]
		nodes[i].Subs = slices.DeleteFunc(nodes[i].Subs, func(s Substitute) bool { return !s.Begun })
	}
	return nodes
}

func (f *Form) nodes(fields []*field, env Env, prefix string, typed url.Values) []Node {
	answers := env.Answers
	if prefix != "" {
		answers = env.Item
	}
	var out []Node
	for _, fl := range fields {
		if fl.of != nil || !f.fieldShown(fl, env) {
			continue
		}
		n := Node{Field: fl.Field, Name: prefix + fl.ID, Value: answers[fl.ID], Required: f.required(fl, env)}
		if fl.Kind == definition.KindGroup {
			n.Items = f.items(fl, env, typed)
		}
		for k, sub := range fl.subs {
			n.Subs = append(n.Subs, f.substitute(&fl.Instead[k], sub, env, prefix, typed))
		}
		out = append(out, n)
	}
	return out
}

// substitute are the questions of one substitute. Each that it needs is shown as
// needed, because the substitute only counts when it is whole.
func (f *Form) substitute(of *definition.Instead, fields []*field, env Env, prefix string, typed url.Values) Substitute {
	out := Substitute{Instead: of}
	answers := env.Answers
	if prefix != "" {
		answers = env.Item
	}
	for _, fl := range fields {
		if !f.fieldShown(fl, env) {
			continue
		}
		n := Node{Field: fl.Field, Name: prefix + fl.ID, Value: answers[fl.ID], Required: !fl.Optional}
		out.Begun = out.Begun || n.Value != nil || typedAny(fl.Field, n.Name, typed)
		out.Nodes = append(out.Nodes, n)
	}
	return out
}

func typedAny(d *definition.Field, name string, values url.Values) bool {
	return values != nil && typed(d, name, values) != nil
}

func (f *Form) items(fl *field, env Env, typed url.Values) []Item {
	answers := itemsOf(env.Answers[fl.ID])
	least, most := fl.Bounds()
	count := max(len(answers), least)
	if typed != nil {
		count = max(Items(typed, fl.ID), least)
	}
	var out []Item
	for i := range min(count, most) {
		env.Item = map[string]any{}
		if i < len(answers) {
			env.Item = answers[i]
		}
		name := fl.ID + "." + strconv.Itoa(i)
		title := definition.Text{}
		for lang, words := range fl.Item {
			title[lang] = words + " " + strconv.Itoa(i+1)
		}
		out = append(out, Item{Name: name, Number: i + 1, Title: title, Nodes: f.nodes(fl.inner, env, name+".", typed)})
	}
	return out
}
