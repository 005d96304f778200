package definition

import (
	_ "embed" // the meanings of the keys
	"reflect"
	"strings"
)

// meanings.txt says what each key means, from docs/definition-language.md; a
// test keeps it so.
//
//go:embed meanings.txt
var meanings string

// Schemas are the JSON Schemas (2020-12) of the files of a government, by the
// name of the file or folder that each describes: service, base (a template that
// services extend), document, government, units, roles, regions, numbers, needs,
// words, notices. They say the shapes of what may be written, for an editor to help with;
// what it means is for check alone.
func Schemas() map[string]map[string]any {
	out := map[string]map[string]any{}
	add := func(name, title string, root func(*schemas) map[string]any) {
		s := &schemas{defs: map[string]any{}, words: keyMeanings()}
		schema := root(s)
		schema["$schema"], schema["title"], schema["$defs"] = "https://json-schema.org/draft/2020-12/schema", title, s.defs
		out[name] = schema
	}
	whole := func(v any) func(*schemas) map[string]any {
		return func(s *schemas) map[string]any { return s.of(reflect.TypeOf(v), shape{}) }
	}
	listed := func(key string, v any) func(*schemas) map[string]any {
		return func(s *schemas) map[string]any {
			return map[string]any{"type": "object", "required": []string{key}, "additionalProperties": false,
				"properties": map[string]any{key: s.of(reflect.TypeOf(v), shape{})}}
		}
	}
	add("government", "government.yaml", whole(Profile{}))
	add("units", "units.yaml", listed("units", []Unit{}))
	add("roles", "roles.yaml", listed("roles", []Role{}))
	add("regions", "regions.yaml", listed("regions", []Region{}))
	add("numbers", "numbers.yaml", listed("numbers", []NumberRegister{}))
	add("needs", "needs.yaml", whole(NeedList{}))
	add("words", "words.yaml", whole(WordList{}))
	add("notices", "notices.yaml", whole(Notices{}))
	add("document", "documents/*.yaml", whole(Template{}))
	add("base", "templates/*.yaml", func(s *schemas) map[string]any {
		s.over = true
		return s.of(reflect.TypeFor[Service](), shape{})
	})
	add("service", "services/*.yaml", func(s *schemas) map[string]any {
		strict := s.of(reflect.TypeFor[Service](), shape{})
		s.over = true
		return map[string]any{
			"type": "object",
			"if":   map[string]any{"required": []string{"extends"}},
			"then": s.of(reflect.TypeFor[Service](), shape{}),
			"else": strict,
		}
	})
	return out
}

// schemas collects the definitions of one schema. Over another file less is
// required, and items of lists with ids may say remove: and after:.
type schemas struct {
	defs  map[string]any
	words map[string]string // Type.key → meaning
	over  bool
}

// of is the schema of a type in a place that has this shape.
func (s *schemas) of(t reflect.Type, sh shape) map[string]any {
	switch {
	case t.Kind() == reflect.Pointer:
		return s.of(t.Elem(), sh)
	case t == reflect.TypeFor[Text]():
		return s.text()
	case t == reflect.TypeFor[OfficeHours]():
		return officeHours()
	case t == reflect.TypeFor[[]Region]():
		return map[string]any{"type": "object", "propertyNames": pattern(regionShape.String()), "additionalProperties": words()}
	}
	switch t.Kind() {
	case reflect.Struct:
		return s.structure(t)
	case reflect.Slice:
		return s.list(t, sh)
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Bool:
		return map[string]any{"enum": []any{true, false, "yes", "no"}}
	}
	return scalar(sh)
}

// structure refers to the definition of an object, in its short form as well.
func (s *schemas) structure(t reflect.Type) map[string]any {
	over := s.over && mergeable(t)
	name := t.Name()
	if over {
		name += "-over"
	}
	if _, done := s.defs[name]; !done {
		s.defs[name] = true // a group holds fields, which may be groups
		was := s.over
		s.over = over
		s.defs[name] = s.inShort(t, s.object(t))
		s.over = was
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

// inShort adds the short form of an object that has one.
func (s *schemas) inShort(t reflect.Type, long map[string]any) map[string]any {
	either := func(short map[string]any) map[string]any { return map[string]any{"anyOf": []any{short, long}} }
	switch t {
	case reflect.TypeFor[Limit]():
		return either(scalar(shape{form: "span"}))
	case reflect.TypeFor[At]():
		return either(words())
	case reflect.TypeFor[Fee]():
		return either(map[string]any{"type": "integer"})
	case reflect.TypeFor[Late]():
		field, _ := fieldOf(t, "do")
		return either(scalar(shapeOf(field)))
	case reflect.TypeFor[Actor]():
		role := map[string]any{"type": "object", "required": []string{"role"}, "additionalProperties": false,
			"properties": map[string]any{"role": words(), "unit": words()}}
		return map[string]any{"anyOf": []any{map[string]any{"enum": []string{"applicant", "system"}}, role}}
	case reflect.TypeFor[Block]():
		rows, paragraph := s.of(reflect.TypeFor[[]TableRow](), shape{}), s.text()
		return map[string]any{"anyOf": []any{map[string]any{"enum": []string{"title", "number", "space"}},
			map[string]any{"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
				"properties": map[string]any{"paragraph": paragraph, "table": rows}}}}
	}
	return long
}

// object is the schema of a map of keys.
func (s *schemas) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		key, needed := keyOf(f)
		if key == "" {
			continue
		}
		one := s.of(f.Type, shapeOf(f))
		if t == reflect.TypeFor[Action]() && key == "fields" {
			one = s.given()
		}
		if m := s.words[t.Name()+"."+key]; m != "" {
			one["description"] = m
		}
		properties[key] = one
		if needed && (!s.over || key == "id") {
			required = append(required, key)
		}
	}
	if _, hasID := properties["id"]; s.over && hasID && t != reflect.TypeFor[Service]() {
		properties["remove"] = map[string]any{"enum": []any{true, "yes"}, "description": "takes away the item with this id"}
		if _, has := properties["after"]; !has {
			properties["after"] = map[string]any{"type": "string", "description": "id of the item that this one comes after; empty is the first place"}
		}
	}
	if t == reflect.TypeFor[Service]() && s.over {
		required = nil
	}
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		out["required"] = required
	}
	if t == reflect.TypeFor[Field]() && !s.over {
		personField(out)
	}
	return out
}

// given is what an action asks: fields, of which a choice may leave its choices
// to the form.
func (s *schemas) given() map[string]any {
	name := "Given"
	if s.over {
		name += "-over"
	}
	if _, done := s.defs[name]; !done {
		s.defs[name] = true
		field := s.object(reflect.TypeFor[Field]())
		delete(field, "allOf")
		s.defs[name] = field
	}
	return map[string]any{"type": "array", "items": map[string]any{"$ref": "#/$defs/" + name}}
}

// personField: a person is written like a field, and needs no more than that.
func personField(field map[string]any) {
	kind := func(k Kind) map[string]any {
		return map[string]any{"required": []string{"kind"}, "properties": map[string]any{"kind": map[string]any{"const": string(k)}}}
	}
	needs := func(keys ...string) map[string]any { return map[string]any{"required": keys} }
	field["allOf"] = []any{
		map[string]any{"if": kind(KindPerson), "then": needs("parts")},
		map[string]any{"if": kind(KindGroup), "then": needs("item", "fields")},
		map[string]any{"if": kind(KindChoice), "then": needs("choices")},
	}
}

// list is a list; one word, or one post, stands for a list of one.
func (s *schemas) list(t reflect.Type, sh shape) map[string]any {
	items := s.of(t.Elem(), sh)
	many := map[string]any{"type": "array", "items": items}
	if t.Elem().Kind() == reflect.String || t == reflect.TypeFor[Posts]() {
		return map[string]any{"anyOf": []any{items, many}}
	}
	return many
}

// text is words in every language; which ones there are, government.yaml says.
func (s *schemas) text() map[string]any {
	out := map[string]any{"type": "object", "propertyNames": pattern("^[a-z]{2,3}$"), "additionalProperties": words(), "minProperties": 1}
	if !s.over {
		out["required"] = []string{"id"}
	}
	return out
}

func words() map[string]any { return map[string]any{"type": "string", "pattern": `\S`} }

func pattern(p string) map[string]any { return map[string]any{"pattern": p} }

func officeHours() map[string]any {
	day := "(" + strings.Join(weekdays, "|") + ")"
	interval := map[string]any{"type": "string", "pattern": intervalShape.String()}
	return map[string]any{"type": "object", "propertyNames": pattern("^" + day + "(-" + day + ")?$"),
		"additionalProperties": map[string]any{"anyOf": []any{interval, map[string]any{"type": "array", "items": interval}}}}
}

// scalar is one word of a certain shape.
func scalar(sh shape) map[string]any {
	if sh.enum != nil {
		return map[string]any{"enum": sh.enum}
	}
	out := words()
	switch sh.form {
	case "id":
		out["pattern"] = idShape.String()
	case "name":
		out["pattern"] = nameShape.String()
	case "source":
		out["pattern"] = `^(demo|https://.*)$`
	case "span":
		out["pattern"] = `^[1-9][0-9]* (minutes?|hours?|working minutes?|working hours?|working days?|calendar days?)$`
	case "rule":
		out["maxLength"] = 1000
	}
	return out
}

// keyMeanings are the meanings by type and key.
func keyMeanings() map[string]string {
	out := map[string]string{}
	for _, line := range strings.Split(meanings, "\n") {
		if key, words, ok := strings.Cut(line, "\t"); ok {
			out[key] = words
		}
	}
	return out
}
