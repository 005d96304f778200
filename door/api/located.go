package api

import (
	"errors"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
)

// located puts the fields of a fault where they stand in the request: an answer
// below /answers, a header nowhere. The fault itself is not changed.
func located(err error, s *definition.Service) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	return moved(f, s)
}

func moved(f *fault.Fault, s *definition.Service) *fault.Fault {
	out := *f
	name := strings.TrimPrefix(f.Field, "/")
	switch {
	case strings.HasPrefix(f.Field, "/answers/"), strings.HasPrefix(f.Field, "/given/"), f.Field == "":
	case s != nil && inForm(s, name):
		out.Field = "/answers/" + strings.ReplaceAll(name, ".", "/")
	case f.Field == "Idempotency-Key":
		out.Field = ""
	case strings.HasPrefix(f.Key, "form."):
		out.Field = "/answers/" + escapePointer(name)
	}
	out.More = nil
	for _, m := range f.More {
		out.More = append(out.More, moved(m, s))
	}
	return &out
}

// inForm says whether a name is that of a field, or of one in an item of a group:
// children.0.birth_date, or the same with slashes.
func inForm(s *definition.Service, name string) bool {
	head, _, _ := strings.Cut(strings.ReplaceAll(name, "/", "."), ".")
	return s.Field(head) != nil
}

// gather makes one fault of the faults of a body and those of its answers.
func gather(faults []*fault.Fault, answers error) error {
	var f *fault.Fault
	switch {
	case answers == nil:
	case !errors.As(answers, &f) || f.Kind != fault.Invalid:
		if len(faults) == 0 {
			return answers
		}
	case f.Field != "":
		faults = append(faults, f)
	case len(f.More) > 0:
		faults = append(faults, f.More...)
	default:
		return answers
	}
	return fault.Join(faults)
}
