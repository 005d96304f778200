package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"
)

// schema is a JSON Schema (2020-12), as OpenAPI 3.1 has them.
type schema = map[string]any

// schemas makes schemas of Go types as encoding/json writes their values. Each
// struct becomes a component that others point to; a tag doc says what a member
// means.
type schemas struct {
	components schema
}

// of is the schema of a type.
func (s schemas) of(t reflect.Type) schema {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return schema{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[json.RawMessage](), t.Kind() == reflect.Interface:
		return schema{}
	case t == reflect.TypeFor[[]byte]():
		return schema{"type": "string", "contentEncoding": "base64"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint32, reflect.Uint64:
		return schema{"type": "integer"}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.Slice:
		return schema{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		out := schema{"type": "object"}
		if more := s.of(t.Elem()); len(more) > 0 {
			out["additionalProperties"] = more
		}
		return out
	case reflect.Struct:
		return s.component(t)
	}
	return schema{"type": "string"}
}

// component is a reference to the schema of a struct, which is made once.
func (s schemas) component(t reflect.Type) schema {
	name := componentName(t)
	if s.components[name] == nil {
		own := schema{"type": "object", "additionalProperties": false}
		s.components[name] = own // before its members, which may be of the same type
		properties, required := schema{}, []any{}
		s.members(t, properties, &required)
		own["properties"] = properties
		if len(required) > 0 {
			own["required"] = required
		}
	}
	return schema{"$ref": "#/components/schemas/" + name}
}

// componentName is the name of a type in the description: caseView is Case.
func componentName(t reflect.Type) string {
	name := strings.TrimSuffix(strings.TrimSuffix(t.Name(), "View"), "Body")
	if name == "receipt" {
		name = "proven" // ledger.Receipt is the receipt itself
	}
	name = strings.ToUpper(name[:1]) + name[1:]
	if strings.HasSuffix(t.Name(), "Body") {
		name += "Request"
	}
	return name
}

// members adds the members of a struct, those of embedded ones as their own.
// What is embedded by a pointer may be absent, and so may all of its members.
func (s schemas) members(t reflect.Type, properties schema, required *[]any) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Pointer:
			s.members(f.Type.Elem(), properties, new([]any))
		case f.Anonymous && name == "":
			s.members(f.Type, properties, required)
		default:
			member := s.of(f.Type)
			if doc := f.Tag.Get("doc"); doc != "" {
				member["description"] = doc
			}
			properties[name] = member
			if !strings.Contains(options, "omit") {
				*required = append(*required, name)
			}
		}
	}
}
