package form

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pendopo/law/definition"
)

// nameIn is the name of a field of one item: children.0.birth_date.
func nameIn(group string, index int, field string) string {
	return group + "." + strconv.Itoa(index) + "." + field
}

// inItem parts such a name; ok is false for any other.
func inItem(name string) (group string, index int, field string, ok bool) {
	group, rest, ok := strings.Cut(name, ".")
	if !ok {
		return "", 0, "", false
	}
	number, field, _ := strings.Cut(rest, ".")
	index, ok = ordinal(number)
	return group, index, field, ok
}

// ordinal reads the number of an item: one or two digits as this program writes them.
func ordinal(s string) (int, bool) {
	if len(s) == 0 || len(s) > 2 || strings.Trim(s, "0123456789") != "" || (len(s) > 1 && s[0] == '0') {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// named finds a field by its name; one inside a group comes with the group, and
// the environment with the answers of its item.
func (f *Form) named(name string, env Env) (fl, group *field, in Env) {
	id, index, inner, ok := inItem(name)
	if !ok {
		return f.fields[name], nil, env
	}
	group = f.fields[id]
	if group == nil {
		return nil, nil, env
	}
	env.Item = map[string]any{}
	if items := itemsOf(env.Answers[id]); index < len(items) {
		env.Item = items[index]
	}
	for _, fl := range group.inner {
		if fl.ID == inner {
			return fl, group, env
		}
	}
	return nil, nil, env
}

// itemsOf are the items of a group's answer, also of one kept as plain JSON.
func itemsOf(v any) []Answers {
	switch x := v.(type) {
	case []Answers:
		return x
	case []any:
		var out []Answers
		for _, item := range x {
			m, _ := item.(map[string]any)
			out = append(out, m)
		}
		return out
	}
	return nil
}

// label puts the item before the words of a field: Anak 2: tanggal lahir.
func (i *itemScope) label(of definition.Text) definition.Text {
	out := definition.Text{}
	for lang, words := range of {
		out[lang] = i.group.Item.In(lang) + " " + strconv.Itoa(i.index+1) + ": " + words
	}
	return out
}

// rawItem is one item as it came: typed, or read from JSON.
type rawItem struct {
	values  map[string]any
	doubled []string // names that stood there twice
}

func (r rawItem) names() []string { return slices.Sorted(maps.Keys(r.values)) }

// rawItems are the items of a group as they came; false when they are no list
// of objects.
func rawItems(v any) ([]rawItem, bool) {
	switch x := v.(type) {
	case []rawItem:
		return x, true
	case []Answers:
		out := make([]rawItem, len(x))
		for i, a := range x {
			out[i] = rawItem{values: a}
		}
		return out, true
	case []any:
		out := make([]rawItem, len(x))
		for i, item := range x {
			m, ok := item.(map[string]any)
			if !ok || len(m) > mostMembers {
				return nil, false
			}
			out[i] = rawItem{values: m}
		}
		return out, true
	}
	return nil, false
}

// writtenItems reads the items of a group from JSON, keeping doubled names. What
// is no list of objects comes back as it is.
func writtenItems(raw json.RawMessage) any {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return string(raw)
	}
	out := make([]rawItem, 0, min(len(list), definition.MostItems+1))
	for _, one := range list {
		if len(out) > definition.MostItems {
			return out // one too many already
		}
		all, err := members(one)
		if err != nil {
			return string(raw)
		}
		item := rawItem{values: map[string]any{}}
		for _, m := range all {
			if _, twice := item.values[m.name]; twice {
				item.doubled = append(item.doubled, m.name)
			}
			item.values[m.name] = m.value
		}
		out = append(out, item)
	}
	return out
}

// countOf is the name of the hidden field that says how many items a page shows.
func countOf(group string) string { return group + ".count" }

// Count is the hidden field of a page that says how many items of a group it
// shows, so that an item of which nothing was typed is not lost.
func Count(group string) string { return countOf(group) }

// Items is how many items of a group a posted page holds, at most one more than
// a group may ever have.
func Items(values url.Values, group string) int {
	n, _ := ordinal(values.Get(countOf(group)))
	for name := range values {
		if g, index, _, ok := inItem(name); ok && g == group {
			n = max(n, index+1)
		}
	}
	return min(n, definition.MostItems+1)
}

// AddItem adds an empty item to a posted page: the answer to the button
// name=add value=children.
func AddItem(values url.Values, group string) {
	values.Set(countOf(group), strconv.Itoa(Items(values, group)+1))
}

// RemoveItem takes an item, named like children.0, out of a posted page; those
// after it move up. What is no item changes nothing.
func RemoveItem(values url.Values, item string) {
	group, index, _, ok := inItem(item)
	n := Items(values, group)
	if !ok || index >= n {
		return
	}
	moved := url.Values{}
	for name, v := range values {
		g, at, _, inside := inItem(name)
		if !inside || g != group || at < index {
			continue
		}
		delete(values, name)
		if at > index {
			moved[group+"."+strconv.Itoa(at-1)+strings.TrimPrefix(name, group+"."+strconv.Itoa(at))] = v
		}
	}
	maps.Copy(values, moved)
	values.Set(countOf(group), strconv.Itoa(n-1))
}

// typedItems are the items of a group as they were typed. Items at the end of
// which nothing was typed are left out, down to the least that the group needs;
// all of them where it may be left out.
func typedItems(fl *field, values url.Values) []rawItem {
	_, most := fl.Bounds()
	begun := false
	out := make([]rawItem, 0, most)
	for i := range min(Items(values, fl.ID), most+1) {
		item := rawItem{values: map[string]any{}}
		for _, inner := range fl.inner {
			if v := typed(inner.Field, nameIn(fl.ID, i, inner.ID), values); v != nil {
				item.values[inner.ID] = v
			}
		}
		begun = begun || len(item.values) > 0
		out = append(out, item)
	}
	if fl.Optional && !begun && len(out) <= most {
		return nil
	}
	for len(out) > fl.Least() && len(out) <= most && len(out[len(out)-1].values) == 0 {
		out = out[:len(out)-1]
	}
	return out
}

// Pointer is the JSON pointer (RFC 6901) of an answer by its name:
// children.0.birth_date is /children/0/birth_date.
func Pointer(name string) string {
	if group, index, field, ok := inItem(name); ok {
		return pointer(group) + pointer(strconv.Itoa(index)) + pointer(field)
	}
	return pointer(name)
}
