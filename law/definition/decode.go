package definition

import (
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// decoder fills the structs of the language from a tree. The struct tags say
// what a key may hold: json names it and makes it required unless omitempty,
// enum lists its words, form names its shape (id, name, rule,
// date, span, source, place).
type decoder struct {
	*source
	langs []string // languages that every text must have
}

// shape is what the tags of a struct field ask of its scalar.
type shape struct {
	enum []string
	form string
}

var (
	idShape   = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,59}$`)
	nameShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

// decode fills v from a node that stands at path.
func (d *decoder) decode(n *yaml.Node, path string, v reflect.Value, s shape) {
	if n.Kind == yaml.AliasNode {
		return // already refused
	}
	if d.compact(n, path, v) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		before, to := len(d.report.findings), reflect.New(v.Type().Elem())
		d.decode(n, path, to.Elem(), s)
		if v.Type().Elem().Kind() == reflect.Struct || len(d.report.findings) == before {
			v.Set(to) // a number that cannot be read is no number, not nought
		}
	case reflect.Struct:
		d.object(n, path, v)
	case reflect.Slice:
		d.list(n, path, v, s)
	case reflect.String:
		d.text(n, v, s)
	case reflect.Int, reflect.Int64:
		d.number(n, v)
	case reflect.Bool:
		d.truth(n, v)
	}
}

// object fills a struct from a map, and reports unknown and missing keys.
func (d *decoder) object(n *yaml.Node, path string, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, "map")
		return
	}
	given := map[string]bool{}
	var strange []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field, ok := fieldOf(v.Type(), key.Value)
		if !ok && n.Style&yaml.FlowStyle != 0 && value.Tag == "!!null" && value.Value == "" && i > 0 {
			d.node(key, "comma_in_braces") // {when: days(a, b) > 3}
			continue
		}
		if !ok {
			strange = append(strange, d.unknown(key, v.Type()))
			continue
		}
		if given[key.Value] {
			continue
		}
		given[key.Value] = true
		d.member(key, value, join(path, key.Value), v.FieldByIndex(field.Index), shapeOf(field))
	}
	for _, meant := range strange {
		given[meant] = true // a slip in the key is one fault, not two
	}
	d.missing(n, v.Type(), given)
}

// member fills one key of an object.
func (d *decoder) member(key, value *yaml.Node, path string, v reflect.Value, s shape) {
	d.places[path] = place{key: key, value: value}
	if value.Kind == yaml.ScalarNode && value.Tag == "!!null" {
		d.node(key, "empty_value", "key", key.Value)
		return
	}
	d.decode(value, path, v, s)
}

// missing reports the required keys that an object lacks.
func (d *decoder) missing(n *yaml.Node, t reflect.Type, given map[string]bool) {
	for i := range t.NumField() {
		name, required := keyOf(t.Field(i))
		if name != "" && required && !given[name] {
			d.node(n, "missing_key", "key", name)
		}
	}
}

// keyOf is the key of a struct field and whether a file must give it. Booleans
// have a default and are never required.
func keyOf(f reflect.StructField) (name string, required bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" {
		return "", false
	}
	return name, options != "omitempty" && f.Type.Kind() != reflect.Bool
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if name, _ := keyOf(t.Field(i)); name != "" && name == key {
			return t.Field(i), true
		}
	}
	return reflect.StructField{}, false
}

func shapeOf(f reflect.StructField) shape {
	s := shape{form: f.Tag.Get("form")}
	if e := f.Tag.Get("enum"); e != "" {
		s.enum = strings.Split(e, "|")
	}
	return s
}

// unknown reports a key that an object does not have. It gives the key that was
// probably meant, or "".
func (d *decoder) unknown(key *yaml.Node, t reflect.Type) (meant string) {
	if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
		return "" // already refused
	}
	var known []string
	for i := range t.NumField() {
		if name, _ := keyOf(t.Field(i)); name != "" {
			known = append(known, name)
		}
	}
	slices.Sort(known)
	d.node(key, "unknown_key", "key", key.Value, "known", nearestFirst(key.Value, known))
	for _, k := range known {
		if distance(key.Value, k) <= 2 {
			return k
		}
	}
	return ""
}

// list fills a slice; one scalar stands for a list of one, and so does one post.
func (d *decoder) list(n *yaml.Node, path string, v reflect.Value, s shape) {
	items := n.Content
	if n.Kind == yaml.ScalarNode && v.Type().Elem().Kind() == reflect.String || n.Kind != yaml.SequenceNode && v.Type() == reflect.TypeFor[Posts]() {
		items = []*yaml.Node{n}
	} else if n.Kind != yaml.SequenceNode {
		d.wrong(n, "list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		p := path + "[" + itoa(i) + "]"
		d.places[p] = place{value: item}
		if item.Kind == yaml.ScalarNode && item.Tag == "!!null" {
			d.node(item, "empty_item")
			continue
		}
		d.decode(item, p, v.Index(i), s)
	}
}

// text fills a string: a word of a list, an id, a rule, a date or free words.
func (d *decoder) text(n *yaml.Node, v reflect.Value, s shape) {
	if !d.isText(n, s.form == "date") {
		return
	}
	switch {
	case s.form != "rule" && strings.TrimSpace(n.Value) == "":
		d.node(n, "empty_text")
		return
	case s.enum != nil && !slices.Contains(s.enum, n.Value):
		d.node(n, "unknown_word", "word", n.Value, "known", nearestFirst(n.Value, s.enum))
		return
	}
	v.SetString(n.Value)
	switch {
	case s.form == "id" && !idShape.MatchString(n.Value):
		d.node(n, "id_shape", "id", n.Value)
	case s.form == "name" && !nameShape.MatchString(n.Value):
		d.node(n, "name_shape", "id", n.Value)
	case s.form == "source" && n.Value != "demo" && !strings.HasPrefix(n.Value, "https://"):
		d.node(n, "source_shape")
	case s.form == "place" && !placeShape(n.Value):
		d.node(n, "place_shape", "place", n.Value)
	case s.form == "span":
		d.span(n)
	case s.form == "rule":
		d.ruleStyle(n)
	}
}

// placeShape is latitude and longitude in degrees, with a comma between.
func placeShape(s string) bool {
	lat, long, both := strings.Cut(s, ",")
	north, err := strconv.ParseFloat(lat, 64)
	east, err2 := strconv.ParseFloat(strings.TrimSpace(long), 64)
	return both && err == nil && err2 == nil && math.Abs(north) <= 90 && math.Abs(east) <= 180
}

// isText reports whether a scalar is a string; a number or date that was meant
// as a code must stand in quotes, or 0123 would be read as 83.
func (d *decoder) isText(n *yaml.Node, date bool) bool {
	switch {
	case n.Kind != yaml.ScalarNode:
		d.wrong(n, "words")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		return false // already refused
	case n.Tag == "!!str":
		return true
	case date && n.Tag == "!!timestamp":
		return true
	}
	d.node(n, "quote", "value", n.Value)
	return false
}

// number fills a whole number, written with decimal digits only.
func (d *decoder) number(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" {
		d.wrong(n, "number")
		return
	}
	i, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil || (len(strings.TrimLeft(n.Value, "-")) > 1 && strings.TrimLeft(n.Value, "-")[0] == '0') {
		d.wrong(n, "digits")
		return
	}
	v.SetInt(i)
}

// truth fills a boolean: true, false, yes or no.
func (d *decoder) truth(n *yaml.Node, v reflect.Value) {
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0 {
		switch n.Value {
		case "yes", "true":
			v.SetBool(true)
			return
		case "no", "false":
			v.SetBool(false)
			return
		}
	}
	d.wrong(n, "yes_no")
}

// wrong reports a value of another type than the language wants there; want is
// a key of kinds.
func (d *decoder) wrong(n *yaml.Node, want string) {
	d.node(n, "wrong_type", "want", want, "got", kindOf(n))
}

// kindOf names what a node is, as a key of kinds.
func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "map"
	case n.Kind == yaml.SequenceNode:
		return "list"
	}
	switch n.Tag {
	case "!!int", "!!float":
		return "any_number"
	case "!!bool":
		return "yes_no"
	case "!!timestamp":
		return "date"
	case "!!null":
		return "nothing"
	}
	return "words"
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func itoa(i int) string { return strconv.Itoa(i) }
