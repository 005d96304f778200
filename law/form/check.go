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
	clean := make(Answers, len(a))
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
	return clean, joined(faults)
}

// checkPage takes over the answers of one page that is asked, and checks them
// together, so that a rule may compare fields of the same page.
func (f *Form) checkPage(i int, a, clean Answers, env Env) []*fault.Fault {
	if f.pages[i].Show != "" {
		show, err := f.program.Bool(f.pages[i].show, env)
		switch {
		case err != nil && f.lacks(f.pages[i].show, clean):
			return nil
		case err != nil:
			return []*fault.Fault{broken(f.pages[i].fields[0], err)}
		case !show:
			return nil
		}
	}
	var faults []*fault.Fault
	var shown []*field
	for _, fl := range f.pages[i].fields {
		show, flt := f.askShow(fl, env)
		if flt != nil {
			faults = append(faults, flt)
		}
		if show {
			shown = append(shown, fl)
			if flt := f.take(fl, a, clean, env); flt != nil {
				faults = append(faults, flt)
			}
		}
	}
	bad := located(faults)
	for _, fl := range shown {
		if !bad[fl.ID] {
			faults = append(faults, f.checkRules(fl, clean, env, len(bad) > 0)...)
		}
	}
	return faults
}

// askShow asks whether a field is shown. When an answer that the rule reads is
// missing, that one is reported and this field is not.
func (f *Form) askShow(fl *field, env Env) (bool, *fault.Fault) {
	if fl.Show == "" {
		return true, nil
	}
	show, err := f.program.Bool(fl.show, env)
	if err != nil && !f.lacks(fl.show, env.Answers) {
		return false, broken(fl, err)
	}
	return show, nil
}

// take brings one answer into canonical form.
func (f *Form) take(fl *field, a, clean Answers, env Env) *fault.Fault {
	v, given := a[fl.ID]
	if !given || v == nil {
		return nil
	}
	value, flt := f.canonical(fl.Field, v, env)
	if flt != nil {
		return flt
	}
	if value != nil {
		clean[fl.ID] = value
	}
	return nil
}

// checkRules asks what is required and valid of one field that is shown.
func (f *Form) checkRules(fl *field, clean Answers, env Env, shaky bool) []*fault.Fault {
	if _, given := clean[fl.ID]; !given {
		return f.checkMissing(fl, env)
	}
	for k, path := range fl.valid {
		ok, err := f.program.Bool(path, env)
		switch {
		case err != nil && (shaky || f.lacks(path, clean)):
			// the field it compares with is itself missing or refused
		case err != nil:
			return []*fault.Fault{broken(fl, err)}
		case !ok:
			return []*fault.Fault{invalid(fl.Field, "form.rule").With("words", fl.Valid[k].Text)}
		}
	}
	return nil
}

func (f *Form) checkMissing(fl *field, env Env) []*fault.Fault {
	if !fl.Optional {
		return []*fault.Fault{missing(fl)}
	}
	if fl.Require == "" {
		return nil
	}
	must, err := f.program.Bool(fl.require, env)
	switch {
	case err != nil && f.lacks(fl.require, env.Answers):
		return nil
	case err != nil:
		return []*fault.Fault{broken(fl, err)}
	case must:
		return []*fault.Fault{missing(fl)}
	}
	return nil
}

// lacks reports whether a rule reads a field that is always asked and has no
// answer: then the rule cannot be answered, and the missing answer is the fault.
func (f *Form) lacks(path string, a Answers) bool {
	for _, name := range f.program.Reads(path) {
		fl := f.fields[name]
		if _, answered := a[name]; fl != nil && !answered && f.always(fl) {
			return true
		}
	}
	return false
}

// always reports whether a field is asked and required of everyone.
func (f *Form) always(fl *field) bool {
	return !fl.Optional && fl.Show == "" && f.pages[fl.page].Show == ""
}

func missing(fl *field) *fault.Fault {
	switch fl.Kind {
	case "file":
		return invalid(fl.Field, "form.file_missing")
	case "declaration":
		return invalid(fl.Field, "form.declaration")
	case "choice", "region":
		return invalid(fl.Field, "form.choice_missing")
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
