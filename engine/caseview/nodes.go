package caseview

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/field"
	"pendopo/web/component/group"
	"pendopo/web/component/substitute"
)

// Node is the component of a question with all that belongs to it: the items of
// a group, the papers that may be sent in the place of a file.
func (f Fields) Node(n form.Node) templ.Component {
	if n.Kind == definition.KindGroup {
		return f.group(n)
	}
	return f.one(n)
}

// Nodes are the components of some questions, in order.
func (f Fields) Nodes(list []form.Node) []templ.Component {
	var out []templ.Component
	for _, n := range list {
		out = append(out, f.Node(n))
		for _, s := range n.Subs {
			out = append(out, f.substitute(s))
		}
	}
	return out
}

// one is a plain question; its answer is the node's, which may stand in an item.
func (f Fields) one(n form.Node) templ.Component {
	f.Answers = form.Answers{n.Name: n.Value}
	if strings.Contains(n.Name, ".") {
		f.Pieces = "" // files of items come with the page
	}
	return f.show(n.Named(), n.Required)
}

func (f Fields) substitute(s form.Substitute) templ.Component {
	v := substitute.View{Text: f.Printer.Of(s.Text), Open: s.Begun, Body: f.Nodes(s.Nodes)}
	for _, n := range s.Nodes {
		v.Open = v.Open || f.Faults[n.Name] != ""
	}
	return substitute.Substitute(v)
}

func (f Fields) group(n form.Node) templ.Component {
	t, kind := f.Printer.T, f.Printer.Of(n.Field.Item)
	least, most := n.Bounds()
	v := group.View{View: field.View{ID: n.Name, Label: f.Printer.Of(n.Label), Hint: f.Printer.Of(n.Hint), Error: f.Faults[n.Name], Optional: !n.Required},
		Count: form.Count(n.Name), Focus: f.Focus}
	for _, i := range n.Items {
		item := group.Item{Name: i.Name, Title: f.Printer.Of(i.Title), Body: f.Nodes(i.Nodes)}
		if len(n.Items) > least {
			item.Remove = t("caseview.group_remove", "item", item.Title)
		}
		v.Items = append(v.Items, item)
	}
	if len(n.Items) < most {
		v.Add = t("caseview.group_add", "item", kind)
	}
	return group.Group(v)
}

// named is the question that a name on a page asks, under that name; nil when
// there is none. An item has no question of its own: it is its group's.
func named(s *definition.Service, name string) *definition.Field {
	id, rest, inside := strings.Cut(name, ".")
	d := s.Field(id)
	if d == nil || !inside {
		return d
	}
	number, inner, _ := strings.Cut(rest, ".")
	if _, err := strconv.Atoi(number); err != nil {
		return nil
	}
	for _, f := range definition.Asked(d.Fields) {
		if f.ID == inner {
			found := *f
			found.ID = name
			return &found
		}
	}
	return d
}
