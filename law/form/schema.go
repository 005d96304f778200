package form

import "pendopo/law/definition"

// JSONSchema is the JSON Schema (2020-12) of the answers in a language's words.
// It says what can be said without the rules: a field that is only asked under
// a condition is not required there, and the server decides.
func (f *Form) JSONSchema(lang string) map[string]any {
	out := map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   f.service.Name.In(lang),
	}
	var fields []*field
	for i := range f.pages {
		fields = append(fields, f.pages[i].fields...)
	}
	objectSchema(out, fields, lang, f.always)
	return out
}

// objectSchema is the schema of answers by field id.
func objectSchema(s map[string]any, fields []*field, lang string, always func(id string) bool) {
	properties, required := map[string]any{}, []string{}
	for _, fl := range fields {
		one := schemaOf(fl.Field, lang)
		if fl.Kind == definition.KindGroup {
			groupSchema(one, fl, lang)
		}
		properties[fl.ID] = one
		if always(fl.ID) {
			required = append(required, fl.ID)
		}
	}
	s["type"], s["properties"], s["required"], s["additionalProperties"] = "object", properties, required, false
}

// groupSchema is a list of objects, each with the same fields.
func groupSchema(s map[string]any, fl *field, lang string) {
	_, most := fl.Bounds()
	items := map[string]any{"title": fl.Item.In(lang)}
	objectSchema(items, fl.inner, lang, fl.InEvery)
	s["type"], s["items"], s["minItems"], s["maxItems"] = "array", items, fl.Least(), most
}

// schemaOf is the schema of one answer.
func schemaOf(d *definition.Field, lang string) map[string]any {
	s := map[string]any{"title": d.Label.In(lang), "type": "string"}
	if hint := d.Hint.In(lang); hint != "" {
		s["description"] = hint
	}
	switch d.Kind {
	case definition.KindText:
		put(s, "minLength", d.Min, 1)
		put(s, "maxLength", d.Max, int64(map[bool]int{true: mostLong, false: mostShort}[d.Long]))
	case definition.KindNumber:
		s["type"] = "integer"
		put(s, "minimum", d.Min, -999_999_999_999_999)
		put(s, "maximum", d.Max, 999_999_999_999_999)
	case definition.KindMoney:
		s["type"] = "integer"
		put(s, "minimum", d.Min, 0)
		put(s, "maximum", d.Max, 999_999_999_999_999)
	case definition.KindDate:
		s["format"] = "date"
	case definition.KindNIK:
		s["pattern"] = `^\d{16}$`
	case definition.KindPhone:
		s["pattern"] = `^\+[1-9]\d{7,14}$`
	case definition.KindRegion:
		s["pattern"] = `^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$`
	case definition.KindPoint:
		s["pattern"] = `^-?\d{1,2}\.\d{1,15},-?\d{1,3}\.\d{1,15}$`
	case definition.KindEmail:
		s["format"], s["maxLength"] = "email", longestEmail
	case definition.KindDeclaration:
		s["type"], s["const"] = "boolean", true
	case definition.KindFile:
		fileSchema(s, d)
	case definition.KindChoice:
		choiceSchema(s, d, lang)
	}
	return s
}

func put(s map[string]any, key string, given *int64, fallback int64) {
	if given != nil {
		fallback = *given
	}
	s[key] = fallback
}

func fileSchema(s map[string]any, d *definition.Field) {
	least, most := fileBounds(d)
	s["type"] = "array"
	s["items"] = map[string]any{"type": "string"}
	s["minItems"], s["maxItems"], s["uniqueItems"] = least, most, true
}

// choiceSchema names each value with its words.
func choiceSchema(s map[string]any, d *definition.Field, lang string) {
	options := make([]any, len(d.Choices))
	for i, c := range d.Choices {
		options[i] = map[string]any{"const": c.ID, "title": c.Text.In(lang)}
	}
	s["oneOf"] = options
}
