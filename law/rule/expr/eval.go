package expr

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// ErrNoRule means that no compiled rule stands at a path.
var ErrNoRule = errors.New("no rule at this path")

// Input gives the value of a variable as its Type says; nil when it is missing.
// Today and Received are times; their date in their own zone is what rules see.
type Input func(name string) any

// Eval asks the rule at a path. An error means that the rule could not be
// answered; it must never be taken for false. The error names no value.
func (s *Set) Eval(path string, in Input) (bool, error) {
	out, err := s.eval(path, in)
	if err != nil {
		return false, err
	}
	answer, ok := out.(types.Bool)
	if !ok {
		return false, fmt.Errorf("rule at %s gave no yes or no", path)
	}
	return bool(answer), nil
}

// EvalInt computes the whole number of the rule at a path, with errors as Eval.
func (s *Set) EvalInt(path string, in Input) (int64, error) {
	out, err := s.eval(path, in)
	if err != nil {
		return 0, err
	}
	n, ok := out.(types.Int)
	if !ok {
		return 0, fmt.Errorf("rule at %s gave no whole number", path)
	}
	return int64(n), nil
}

func (s *Set) eval(path string, in Input) (ref.Val, error) {
	c, ok := s.rules[path]
	if !ok {
		return nil, fmt.Errorf("%s: %w", path, ErrNoRule)
	}
	out, _, err := c.program.Eval(&values{scope: c.scope, in: in, self: c.self})
	if err != nil {
		return nil, fmt.Errorf("rule at %s failed: %w", path, reason(err))
	}
	return out, nil
}

// reason keeps only what CEL says of a kind of failure: its messages may quote
// an answer.
func reason(err error) error {
	for _, known := range []string{"cost limit", "no such attribute", "overflow", "divi", "optional.none", "out of range"} {
		if strings.Contains(err.Error(), known) {
			return errors.New(known)
		}
	}
	return errors.New("not computable")
}

// values resolves variables one by one, converting only those that are used.
type values struct {
	scope map[string]Var
	in    Input
	self  string
}

var _ cel.Activation = (*values)(nil)

// ResolveName gives the CEL value of a variable.
func (v *values) ResolveName(name string) (any, bool) {
	decl, ok := v.scope[name]
	if !ok {
		return nil, false
	}
	val := decl.value(v.in(name), name == v.self)
	return val, val != nil
}

// Parent is nil: there is nothing else to look in.
func (v *values) Parent() cel.Activation { return nil }

// convert makes a CEL value of a Go one; nil when it is missing or of another type.
func convert(t Type, v any) ref.Val {
	switch x := v.(type) {
	case string:
		switch t {
		case Text:
			return types.String(x)
		case Date:
			if d, err := time.Parse(time.DateOnly, x); err == nil {
				return types.Timestamp{Time: d}
			}
		}
	case int64:
		if t == Int {
			return types.Int(x)
		}
	case float64: // a number that came through plain JSON
		if t == Int && x == float64(int64(x)) {
			return types.Int(int64(x))
		}
	case bool:
		if t == Bool {
			return types.Bool(x)
		}
	case []string:
		if t == List {
			return types.NewStringList(types.DefaultTypeAdapter, x)
		}
	case []any: // a list that came through plain JSON
		if list, ok := texts(x); ok && t == List {
			return types.NewStringList(types.DefaultTypeAdapter, list)
		}
	case time.Time:
		if t == Date {
			return types.Timestamp{Time: Civil(x)}
		}
	}
	return nil
}

// texts is a list as texts; false when something else is among them.
func texts(list []any) ([]string, bool) {
	out := make([]string, len(list))
	for i, v := range list {
		s, ok := v.(string)
		if !ok {
			return nil, false
		}
		out[i] = s
	}
	return out, true
}
