package desk

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// groupAsked is several of one kind: children, witnesses. Each is a fieldset of
// its own; buttons add one and take one away, and keep all that was typed.
type groupAsked struct {
	ID, Label, Hint, Error string
	Count                  string // name of the hidden field that counts them
	Items                  []groupItem
	Add                    string // words of the button; empty = no more may be added
}

type groupItem struct {
	Name, Title string // children.0, Anak 1
	Fields      []entryField
	Remove      string // words of the button; empty = it is needed
}

// substitute is a paper that counts in the place of another.
type substitute struct {
	Text   string
	Open   bool
	Fields []templ.Component
}

// papersOf are the questions for files of the form as it was sent: also those of
// the papers in place of others, and of every item of a group, by their names.
func (e *entry) papersOf() []definition.Field {
	var out []definition.Field
	for _, p := range e.b.Service.Form.Pages {
		for _, f := range definition.Asked(p.Fields) {
			switch f.Kind {
			case definition.KindFile:
				out = append(out, *f)
			case definition.KindGroup:
				for i := range form.Items(e.values, f.ID) {
					for _, inner := range definition.Asked(f.Fields) {
						if inner.Kind == definition.KindFile {
							out = append(out, inItem(*f, i, *inner))
						}
					}
				}
			}
		}
	}
	return out
}

// inItem is a field of an item by its name on the page.
func inItem(group definition.Field, i int, inner definition.Field) definition.Field {
	inner.ID = fmt.Sprintf("%s.%d.%s", group.ID, i, inner.ID)
	return inner
}

// fileField finds the question that a part with a file answers; nil when none.
func (e *entry) fileField(name string) *definition.Field {
	if f := e.b.Service.Field(name); f != nil {
		if f.Kind == definition.KindFile {
			return f
		}
		return nil
	}
	group, rest, _ := strings.Cut(name, ".")
	number, inner, ok := strings.Cut(rest, ".")
	i, err := strconv.Atoi(number)
	g := e.b.Service.Field(group)
	if !ok || err != nil || i < 0 || i >= definition.MostItems || g == nil || g.Kind != definition.KindGroup {
		return nil
	}
	for _, f := range definition.Asked(g.Fields) {
		if f.ID == inner && f.Kind == definition.KindFile {
			named := inItem(*g, i, *f)
			return &named
		}
	}
	return nil
}

// changesItems adds an item of a group or takes one away, when that is what was
// pressed.
func (e *entry) changesItems() bool {
	switch add, remove := e.values.Get("add"), e.values.Get("remove"); {
	case add != "":
		if g := e.b.Service.Field(add); g == nil || g.Kind != definition.KindGroup {
			return false
		}
		form.AddItem(e.values, add)
		e.focus = fmt.Sprintf("%s.%d", add, form.Items(e.values, add)-1)
	case remove != "":
		form.RemoveItem(e.values, remove)
		e.focus, _, _ = strings.Cut(remove, ".")
	default:
		return false
	}
	return true
}

// group is a group as it stands on the page.
func (e *entry) group(show caseview.Fields, g definition.Field) groupAsked {
	t, least, most := e.me.words.T, 1, 10
	if g.Optional {
		least = 0
	}
	if g.Min != nil {
		least = int(*g.Min)
	}
	if g.Max != nil {
		most = int(*g.Max)
	}
	item := e.me.words.Of(g.Item)
	v := groupAsked{ID: g.ID, Label: e.me.words.Of(g.Label), Error: show.Faults[g.ID], Count: form.Count(g.ID)}
	if len(g.Hint) > 0 {
		v.Hint = e.me.words.Of(g.Hint)
	}
	typed := show.Typed
	if typed == nil {
		typed = url.Values{}
	}
	show.Typed = typed
	n := max(form.Items(typed, g.ID), least)
	for i := range n {
		one := groupItem{Name: fmt.Sprintf("%s.%d", g.ID, i), Title: fmt.Sprintf("%s %d", item, i+1)}
		if i >= least {
			one.Remove = t("desk.group_remove", "item", one.Title)
		}
		for _, inner := range g.Fields {
			named := inItem(g, i, inner)
			one.Fields = append(one.Fields, entryField{named.ID, !e.b.Form.Shown(named.ID, e.env()), inner.Show != "", e.question(show, named)})
		}
		v.Items = append(v.Items, one)
	}
	if n < most {
		v.Add = t("desk.group_add", "item", item)
	}
	return v
}

// substitutes are the papers that may stand in the place of one, each folded
// away until something of it is answered.
func (e *entry) substitutes(show caseview.Fields, f definition.Field) []substitute {
	var out []substitute
	for _, i := range f.Instead {
		s := substitute{Text: e.me.words.T("desk.instead", "text", e.me.words.Of(i.Text))}
		for _, inner := range i.Fields {
			s.Fields = append(s.Fields, e.question(show, inner))
			_, answered := e.answers[inner.ID]
			s.Open = s.Open || answered || e.wrote(inner.ID) || show.Faults[inner.ID] != ""
		}
		out = append(out, s)
	}
	return out
}
