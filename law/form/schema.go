package form

import "pendopo/law/definition"

// JSONSchema is the JSON Schema (2020-12) of the answers in a language's words.
// It says what can be said without the rules: a field that is only asked under
// a condition is not required there, and the server decides.
func (f *Form) JSONSchema(lang string) map[string]any {
	properties, required := map[string]any{}, []string{}
	for i := range f.pages {
		for _, fl := range f.pages[i].fields {
			properties[fl.ID] = schemaOf(fl.Field, lang)
			if f.always(fl) {
				required = append(required, fl.ID)
			}
		}
	}
	return map[string]any{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                f.service.Name.In(lang),
		"type":                 "object",
		"properties":           properties,
		"required":             required,
		"additionalProperties": false,
	}
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
