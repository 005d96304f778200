package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
)

// most fields in a posted page or JSON document that are looked at.
const mostMembers = 500

// ParsePage reads one page as a browser posts it: dates in three parts
// <id>-day, <id>-month, <id>-year, money with dots, telephone numbers as people
// write them, a NIK with spaces, several values for files. It yields the
// answers of had with this page's answers put in, and every located fault of
// the page. Answers of pages that are no longer asked stay in the result until
// Check drops them, so that going back loses nothing.
func (f *Form) ParsePage(page string, values url.Values, had Answers, env Env) (Answers, error) {
	i := f.pageIndex(page)
	if i < 0 {
		return had, fault.New(fault.Unknown, "form.unknown_page")
	}
	got := f.around(env.Answers)
	maps.Copy(got, had)
	given := map[string]any{}
	for _, fl := range f.pages[i].fields {
		delete(got, fl.ID)
		if fl.Kind == definition.KindGroup {
			given[fl.ID] = typedItems(fl, values)
		} else if v := typed(fl.Field, fl.ID, values); v != nil {
			given[fl.ID] = v
		}
	}
	env.Answers, env.Item = got, nil
	s := &scope{form: f, fields: f.pages[i].fields, given: given, clean: got, env: env, lenient: true}
	s.take()
	return f.own(got), joined(s.judge())
}

func (f *Form) pageIndex(id string) int {
	for i := range f.pages {
		if f.pages[i].ID == id {
			return i
		}
	}
	return -1
}

// date parts as a browser posts them.
type dateParts struct{ day, month, year string }

// typed gathers what was typed for a field under its name on the page; nil when
// nothing was.
func typed(d *definition.Field, name string, values url.Values) any {
	switch d.Kind {
	case definition.KindDate:
		p := dateParts{
			strings.TrimSpace(values.Get(name + "-day")), strings.TrimSpace(values.Get(name + "-month")),
			strings.TrimSpace(values.Get(name + "-year")),
		}
		if p == (dateParts{}) {
			return nil
		}
		return p
	case definition.KindFile:
		var ids []string
		for _, id := range values[name] {
			if id = strings.TrimSpace(id); id != "" {
				ids = append(ids, id)
			}
		}
		if ids == nil {
			return nil
		}
		return ids
	case definition.KindDeclaration:
		if values.Get(name) == "" {
			return nil
		}
		return true
	case definition.KindRegion:
		return placeTyped(name, values)
	}
	if s := strings.TrimSpace(values.Get(name)); s != "" {
		return s
	}
	return nil
}

// placeTyped is the place chosen for a field. One that lies elsewhere than the
// province, regency or district chosen on the same page is none: the list it
// was chosen from is that of what was chosen before.
func placeTyped(name string, values url.Values) any {
	code := strings.TrimSpace(values.Get(name))
	for _, part := range []string{"-province", "-regency", "-district"} {
		if above := values.Get(name + part); above != "" && !strings.HasPrefix(code, above+".") {
			return nil
		}
	}
	if code == "" {
		return nil
	}
	return code
}

// Stored gives answers that were kept as JSON their Go types again, and judges
// nothing: what was accepted once stays readable when a region or a bound has
// changed since. Members that the form does not know are left out.
func (f *Form) Stored(kept map[string]any) Answers {
	out := stored(kept, func(id string) *field { return f.fields[id] })
	for _, name := range slices.Sorted(maps.Keys(kept)) { // papers that came later to items of a group
		group, index, inner, ok := inItem(name)
		items, _ := out[group].([]Answers)
		if fl, _, _ := f.named(name, Env{}); ok && fl != nil && index < len(items) {
			items[index][inner] = storedValue(fl, kept[name])
		}
	}
	return out
}

// stored are kept answers of the fields of a page, or of an item.
func stored(kept map[string]any, find func(id string) *field) Answers {
	out := make(Answers, len(kept))
	for id, v := range kept {
		if fl := find(id); fl != nil && v != nil {
			out[id] = storedValue(fl, v)
		}
	}
	return out
}

func storedValue(fl *field, v any) any {
	if fl.Kind == definition.KindGroup {
		items := itemsOf(v)
		out := make([]Answers, len(items))
		for i, item := range items {
			out[i] = stored(item, func(id string) *field {
				for _, inner := range fl.inner {
					if inner.ID == id {
						return inner
					}
				}
				return nil
			})
		}
		return out
	}
	switch x := v.(type) {
	case float64:
		return int64(x)
	case json.Number:
		n, _ := x.Int64()
		return n
	case []any:
		list, _ := stringList(x)
		return list
	}
	return v
}

// ParseJSON reads answers as the API and the record hold them: an object by
// field id with canonical values. Unknown and doubled members are faults; so is
// a value of another type. Each fault's Field is a JSON pointer.
func (f *Form) ParseJSON(raw []byte) (Answers, error) {
	members, err := members(raw)
	if err != nil {
		return nil, err
	}
	return f.parse(members)
}

// ParseTree is ParseJSON for an object that somebody has read strictly already:
// no name twice, numbers as json.Number.
func (f *Form) ParseTree(tree map[string]any) (Answers, error) {
	if len(tree) > mostMembers {
		return nil, fault.New(fault.TooLarge, "form.too_many_answers")
	}
	list := make([]member, 0, len(tree))
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		list = append(list, member{name: name, value: tree[name]})
	}
	return f.parse(list)
}

func (f *Form) parse(members []member) (Answers, error) {
	answers := make(Answers, len(members))
	var faults []*fault.Fault
	seen := make(map[string]bool, len(members))
	for _, m := range members {
		fl := f.fields[m.name]
		switch {
		case fl == nil:
			faults = append(faults, fault.New(fault.Invalid, "form.unknown_answer").At(pointer(m.name)))
			continue
		case seen[m.name]:
			faults = append(faults, fault.New(fault.Invalid, "form.doubled_answer").At(pointer(m.name)))
			continue
		}
		seen[m.name] = true
		one := &scope{form: f, given: map[string]any{}, clean: answers, shapes: true, fields: []*field{fl}}
		one.given[m.name] = m.value
		if fl.Kind == definition.KindGroup && m.raw != nil {
			one.given[m.name] = writtenItems(m.raw)
		}
		one.take()
		for _, flt := range one.allFaults() {
			faults = append(faults, flt.At(Pointer(flt.Field)))
		}
	}
	return answers, joined(faults)
}

type member struct {
	name  string
	value any
	raw   json.RawMessage // as it stood, where it was read from text
}

// members reads one JSON object, keeping doubled names.
func members(raw []byte) ([]member, error) {
	notJSON := func(err error) error { return fault.New(fault.Malformed, "form.not_json").Because(plain(err)) }
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	start, err := dec.Token()
	if err != nil {
		return nil, notJSON(err)
	}
	if start != json.Delim('{') {
		return nil, fault.New(fault.Invalid, "form.not_object")
	}
	var out []member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, notJSON(err)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, notJSON(err)
		}
		value, err := plainValue(raw)
		if err != nil {
			return nil, notJSON(err)
		}
		if out = append(out, member{name.(string), value, raw}); len(out) > mostMembers {
			return nil, fault.New(fault.TooLarge, "form.too_many_answers")
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, notJSON(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, notJSON(errors.New("something follows the object"))
	}
	return out, nil
}

// plainValue reads a value with its numbers as they stand.
func plainValue(raw json.RawMessage) (value any, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	err = dec.Decode(&value)
	return value, err
}

// plain keeps what kind of failure it was: the decoder's words may quote the text.
func plain(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return errors.New("JSON syntax")
	}
	return errors.New("JSON cannot be read")
}

// pointer is the JSON pointer of a member (RFC 6901).
func pointer(name string) string {
	return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
