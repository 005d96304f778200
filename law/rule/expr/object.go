package expr

import (
	"errors"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Answers are values by the id of their field. Those to a group are a list of
// Answers, one for each item.
type Answers map[string]any

// item is the name of the type of a group's items. No field has a dot in its
// name, so nothing else is called that.
func item(group string) string { return "item." + group }

// objects says what the items of groups hold.
type objects struct {
	types.Provider
	groups map[string][]Var // type name → fields
}

// withObjects makes the items of groups known to an environment.
func withObjects(vars []Var) cel.EnvOption {
	groups := map[string][]Var{}
	for _, v := range vars {
		if v.Type == Group {
			groups[item(v.Name)] = v.Fields
		}
	}
	return func(e *cel.Env) (*cel.Env, error) {
		if len(groups) == 0 {
			return e, nil
		}
		return cel.CustomTypeProvider(&objects{e.CELTypeProvider(), groups})(e)
	}
}

// FindStructType knows the type of items.
func (o *objects) FindStructType(name string) (*types.Type, bool) {
	if _, ok := o.groups[name]; ok {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return o.Provider.FindStructType(name)
}

// FindStructFieldNames are the fields of an item.
func (o *objects) FindStructFieldNames(name string) ([]string, bool) {
	fields, ok := o.groups[name]
	if !ok {
		return o.Provider.FindStructFieldNames(name)
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return names, true
}

// FindStructFieldType is the type of one field of an item, and how to take it.
func (o *objects) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	fields, ok := o.groups[name]
	if !ok {
		return o.Provider.FindStructFieldType(name, field)
	}
	for _, f := range fields {
		if f.Name == field {
			return &types.FieldType{
				Type: typeOf(f),
				IsSet: func(of any) bool {
					values, ok := of.(map[string]any)
					return ok && values[field] != nil && values[field] != types.OptionalNone
				},
				GetFrom: func(of any) (any, error) {
					values, ok := of.(map[string]any)
					if !ok || values[field] == nil {
						return nil, errors.New("no such attribute")
					}
					return values[field], nil
				},
			}, true
		}
	}
	return nil, false
}

// NewValue refuses to make items in a rule.
func (o *objects) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if _, ok := o.groups[name]; ok {
		return types.NewErr("items are not made in rules")
	}
	return o.Provider.NewValue(name, fields)
}

// items makes the CEL list of a group's answers; nil when they are of another type.
func items(v Var, answers any) ref.Val {
	var list []map[string]any
	switch x := answers.(type) {
	case []Answers:
		for _, a := range x {
			list = append(list, a)
		}
	case []any: // a list that came through plain JSON
		for _, a := range x {
			m, ok := a.(map[string]any)
			if !ok {
				return nil
			}
			list = append(list, m)
		}
	default:
		return nil
	}
	out := make([]ref.Val, len(list))
	for i, a := range list {
		values := make(map[string]any, len(v.Fields))
		for _, f := range v.Fields {
			if val := f.value(a[f.Name], false); val != nil {
				values[f.Name] = val
			}
		}
		out[i] = types.NewStringInterfaceMap(types.DefaultTypeAdapter, values)
	}
	return types.NewRefValList(types.DefaultTypeAdapter, out)
}

// value is the CEL value of a variable; nil when it must be there and is not.
func (v Var) value(answer any, sure bool) ref.Val {
	var val ref.Val
	if v.Type == Group {
		val = items(v, answer)
	} else {
		val = convert(v.Type, answer)
	}
	switch {
	case !v.Optional || sure:
		return val
	case val == nil:
		return types.OptionalNone
	}
	return types.OptionalOf(val)
}
