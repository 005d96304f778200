package form

import (
	"maps"

	"pendopo/kernel/fault"
)

// Check goes through the whole form: it drops the answers of fields that are
// not asked, and reports every located fault at once. The clean answers are
// given in either case. A rule that cannot be answered is fault.Internal at its
// field: nothing is accepted on a rule that failed.
func (f *Form) Check(a Answers, env Env) (Answers, error) {
	clean := f.around(env.Answers)
	env.Answers = clean
	var faults []*fault.Fault
	for i := range f.pages {
		faults = append(faults, f.checkPage(i, a, clean, env)...)
	}
	for id := range a {
		if f.fields[id] == nil {
			faults = append(faults, fault.New(fault.Invalid, "form.unknown_answer").At(id))
		}
	}
	return f.own(clean), joined(faults)
}

// checkPage takes over the answers of one page that is asked, and checks them
// together, so that a rule may compare fields of the same page.
func (f *Form) checkPage(i int, a, clean Answers, env Env) []*fault.Fault {
	if !f.variant(i, clean) {
		return nil
	}
	if f.pages[i].Show != "" {
		show, err := f.program.Bool(f.pages[i].show, env)
		switch {
		case err != nil && f.lacks(f.pages[i].show, env):
			return nil
		case err != nil:
			return []*fault.Fault{broken(f.pages[i].fields[0], err)}
		case !show:
			return nil
		}
	}
	s := &scope{form: f, fields: f.pages[i].fields, given: a, clean: clean, env: env}
	s.take()
	return s.judge()
}

// lacks reports whether a rule reads a field that is always asked and has no
// answer: then the rule cannot be answered, and the missing answer is the fault.
func (f *Form) lacks(path string, env Env) bool {
	for _, name := range f.program.Reads(path) {
		if _, answered := env.Item[name]; answered {
			continue
		}
		_, answered := env.Answers[name]
		fl := f.fields[name]
		if fl != nil && !answered && f.always(name) {
			return true
		}
		if fl == nil && env.Item != nil && !isInput(name) {
			return true // a field of the same item
		}
	}
	return false
}

func missing(fl *field) *fault.Fault {
	switch fl.Kind {
	case "file":
		if len(fl.subs) > 0 {
			return invalid(fl.Field, "form.file_or_instead")
		}
		return invalid(fl.Field, "form.file_missing")
	case "declaration":
		return invalid(fl.Field, "form.declaration")
	case "choice", "region":
		return invalid(fl.Field, "form.choice_missing")
	case "group":
		return invalid(fl.Field, "form.items_few").With("n", int64(fl.Least()))
	}
	return invalid(fl.Field, "form.missing")
}

// broken is a rule that could not be answered: our fault, and for a person.
func broken(fl *field, err error) *fault.Fault {
	return fault.New(fault.Internal, "form.rule_failed").At(fl.ID).Because(err)
}

func located(faults []*fault.Fault) map[string]bool {
	if len(faults) == 0 {
		return nil
	}
	at := map[string]bool{}
	for _, flt := range faults {
		at[flt.Field] = true
	}
	return at
}

// joined is one fault of many; Internal when a rule failed, because then it is
// not for the applicant to mend.
func joined(faults []*fault.Fault) error {
	for _, flt := range faults {
		if flt.Kind == fault.Internal {
			return flt
		}
	}
	return fault.Join(faults)
}

// clone copies answers so that a caller's map is never changed.
func clone(a Answers) Answers {
	if a == nil {
		return Answers{}
	}
	return maps.Clone(a)
}
