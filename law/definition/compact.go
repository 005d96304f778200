package definition

import (
	"reflect"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v4"

	"pendopo/law/deadline"
	nation "pendopo/law/region"
)

// compact reads the short forms that a clerk writes; false means that the node
// is in the long form, which decode reads.
func (d *decoder) compact(n *yaml.Node, path string, v reflect.Value) bool {
	if !v.CanAddr() {
		return false
	}
	scalar := n.Kind == yaml.ScalarNode
	switch t := v.Addr().Interface().(type) {
	case *Text:
		d.words(n, path, t)
	case *OfficeHours:
		d.hours(n, path, t)
	case *[]Region:
		d.regions(n, path, t)
	case *Block:
		d.block(n, path, t)
	case *Actor:
		d.actor(n, path, t)
	case *Limit:
		if scalar {
			d.text(n, reflect.ValueOf(&t.Within).Elem(), shape{form: "span"})
		}
		return scalar
	case *At:
		if scalar {
			d.text(n, reflect.ValueOf(&t.Unit).Elem(), shape{})
		}
		return scalar
	case *Fee:
		if scalar {
			d.number(n, reflect.ValueOf(&t.Rupiah).Elem())
		}
		return scalar
	case *Late:
		if scalar {
			field, _ := fieldOf(reflect.TypeFor[Late](), "do")
			d.text(n, reflect.ValueOf(&t.Do).Elem(), shapeOf(field))
		}
		return scalar
	case *Field:
		t.Personal = true // unless the file says no
		return false
	default:
		return false
	}
	return true
}

// words reads a text: one entry for each language of the government.
func (d *decoder) words(n *yaml.Node, path string, t *Text) {
	if n.Kind != yaml.MappingNode {
		d.node(n, "text_languages", "languages", strings.Join(d.langs, ", "))
		return
	}
	*t = Text{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
			continue // already refused
		}
		if !slices.Contains(d.langs, key.Value) {
			d.node(key, "undeclared_language", "lang", key.Value, "languages", strings.Join(d.langs, ", "))
			continue
		}
		d.places[join(path, key.Value)] = place{key: key, value: value}
		var words string
		d.phrase(key, value, reflect.ValueOf(&words).Elem())
		(*t)[key.Value] = strings.TrimSpace(words)
	}
	for _, lang := range d.langs {
		if _, ok := (*t)[lang]; !ok {
			d.node(n, "missing_text", "lang", lang)
		}
	}
}

// phrase reads the words of one language.
func (d *decoder) phrase(key, value *yaml.Node, v reflect.Value) {
	if value.Kind == yaml.ScalarNode && value.Tag == "!!null" {
		d.node(key, "missing_text", "lang", key.Value)
		return
	}
	d.decode(value, "", v, shape{})
}

// actor reads applicant, system, or a role with an optional unit.
func (d *decoder) actor(n *yaml.Node, path string, a *Actor) {
	if n.Kind == yaml.ScalarNode {
		if !d.isText(n, false) {
			return
		}
		if n.Value != "applicant" && n.Value != "system" {
			d.node(n, "unknown_actor", "actor", n.Value)
			return
		}
		a.Who = n.Value
		return
	}
	if n.Kind != yaml.MappingNode {
		d.wrong(n, "actor")
		return
	}
	var long struct {
		Role string `json:"role"`
		Unit string `json:"unit,omitempty"`
	}
	d.object(n, path, reflect.ValueOf(&long).Elem())
	*a = Actor{Who: "role", Role: long.Role, Unit: long.Unit}
}

// block reads title, number, space, or a paragraph or table.
func (d *decoder) block(n *yaml.Node, path string, b *Block) {
	if n.Kind == yaml.ScalarNode {
		d.text(n, reflect.ValueOf(&b.Kind).Elem(), shape{enum: []string{"title", "number", "space"}})
		return
	}
	var long struct {
		Paragraph Text       `json:"paragraph,omitempty"`
		Table     []TableRow `json:"table,omitempty"`
	}
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		d.wrong(n, "block")
		return
	}
	d.object(n, path, reflect.ValueOf(&long).Elem())
	b.Kind, b.Text, b.Rows = n.Content[0].Value, long.Paragraph, long.Table
}

// regions reads a map of codes and names, sorted by code. A name may be left out
// where the national list has the code.
func (d *decoder) regions(n *yaml.Node, path string, out *[]Region) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, "codes")
		return
	}
	list := nation.National()
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" || !d.isText(key, false) {
			continue // already refused
		}
		region := Region{Code: key.Value}
		d.regionName(key, value, join(path, key.Value), list, &region)
		if !regionShape.MatchString(region.Code) {
			d.node(key, "region_shape", "code", region.Code)
		}
		*out = append(*out, region)
	}
	sort.Slice(*out, func(i, j int) bool { return (*out)[i].Code < (*out)[j].Code })
}

// regionName reads the name of a place, or takes it from the national list.
func (d *decoder) regionName(key, value *yaml.Node, path string, list *nation.Table, out *Region) {
	if value.Kind != yaml.ScalarNode || value.Tag != "!!null" {
		d.member(key, value, path, reflect.ValueOf(&out.Name).Elem(), shape{})
		return
	}
	d.places[path] = place{key: key, value: value}
	out.Name = list.Name(out.Code)
	if out.Name == "" && regionShape.MatchString(out.Code) {
		d.node(key, "region_unnamed", "code", out.Code)
	}
}

// weekdays in order, as office hours name them.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// hours reads office hours by day or range of days: {mon-thu: ["08:00-16:00"]}.
func (d *decoder) hours(n *yaml.Node, path string, out *OfficeHours) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, "weekdays")
		return
	}
	*out = OfficeHours{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
			continue // already refused
		}
		days, ok := dayRange(key.Value)
		if !ok {
			d.node(key, "weekday", "day", key.Value)
			continue
		}
		var intervals []string
		d.member(key, value, join(path, key.Value), reflect.ValueOf(&intervals).Elem(), shape{})
		for j, interval := range intervals {
			if !validInterval(interval, intervals[:j]) {
				d.node(item(value, j), "interval", "interval", interval)
			}
		}
		for _, day := range days {
			if _, twice := (*out)[day]; twice {
				d.node(key, "duplicate_key", "key", day, "line", itoa(n.Line))
			}
			(*out)[day] = intervals
		}
	}
}

// item is the node of one list item, or the node itself where one scalar stands
// for a list of one.
func item(n *yaml.Node, i int) *yaml.Node {
	if n.Kind == yaml.SequenceNode && i < len(n.Content) {
		return n.Content[i]
	}
	return n
}

// dayRange resolves "mon" and "mon-fri".
func dayRange(key string) ([]string, bool) {
	first, last, ranged := strings.Cut(key, "-")
	if !ranged {
		last = first
	}
	from, to := slices.Index(weekdays, first), slices.Index(weekdays, last)
	if from < 0 || to < from {
		return nil, false
	}
	return weekdays[from : to+1], true
}

// validInterval checks "08:00-12:00": real times, in order, after the one before.
func validInterval(interval string, before []string) bool {
	if !intervalShape.MatchString(interval) {
		return false
	}
	from, to := interval[:5], interval[6:]
	if from >= to {
		return false
	}
	return len(before) == 0 || (len(before[len(before)-1]) == 11 && before[len(before)-1][6:] <= from)
}

// span checks that a time reads as one of the clock's spans.
func (d *decoder) span(n *yaml.Node) {
	if _, err := deadline.ParseSpan(n.Value); err != nil {
		d.node(n, "span", "span", n.Value)
	}
}
