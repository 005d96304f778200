package form

import (
	"slices"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/rule/expr"
)

// scope is what is asked and checked together: the fields of a page, or those
// of one item of a group.
type scope struct {
	form    *Form
	fields  []*field
	given   map[string]any // as typed, or as in JSON
	clean   Answers        // what is kept
	env     Env            // its Answers, or its Item, are clean
	item    *itemScope     // nil on a page
	lenient bool           // a field whose rule fails is shown: a page while it is filled in
	shapes  bool           // only shapes count, and no rule is asked: answers as they come from outside

	shown  []*field
	open   map[string]bool // fields of which nobody can say yet whether they are asked
	faults []*fault.Fault
	items  map[string][]*scope // by group
}

// itemScope is which item of which group a scope is.
type itemScope struct {
	group *field
	index int
}

// take decides field by field what is asked, and brings the answers into
// canonical form.
func (s *scope) take() {
	s.shown = make([]*field, 0, len(s.fields))
	for _, fl := range s.fields {
		if !s.asks(fl) {
			continue
		}
		s.shown = append(s.shown, fl)
		v := s.given[fl.ID]
		switch {
		case v == nil:
		case fl.Kind == definition.KindGroup && s.item == nil:
			s.takeItems(fl, v)
		default:
			value, flt := s.form.canonical(fl.Field, v, s.env)
			if flt != nil {
				s.report(flt)
			} else if value != nil {
				s.clean[fl.ID] = value
			}
		}
	}
}

// asks reports whether a field is asked. When an answer that its rule reads is
// missing, that one is reported and this field is not.
func (s *scope) asks(fl *field) bool {
	if s.shapes {
		return true
	}
	if fl.of != nil && !slices.Contains(s.shown, fl.of) || fl.Vault && s.form.kept {
		return false
	}
	if fl.Show == "" {
		return true
	}
	show, err := s.form.program.Bool(fl.show, s.env)
	switch {
	case err == nil:
		return show
	case s.lenient:
		if s.open == nil {
			s.open = map[string]bool{}
		}
		s.open[fl.ID] = true
		return true
	case !s.form.lacks(fl.show, s.env):
		s.report(broken(fl, err))
	}
	return false
}

// takeItems takes the items of a group.
func (s *scope) takeItems(fl *field, v any) {
	items, ok := rawItems(v)
	_, most := fl.Bounds()
	switch {
	case !ok:
		s.report(invalid(fl.Field, "form.wrong_type"))
		return
	case len(items) > most:
		s.report(invalid(fl.Field, "form.items_many").With("n", int64(most)))
		return
	case len(items) == 0:
		return
	}
	clean := make([]Answers, len(items))
	for i, raw := range items {
		clean[i] = Answers{}
		inner := &scope{form: s.form, fields: fl.inner, given: raw.values, clean: clean[i], env: s.env, item: &itemScope{fl, i}, lenient: s.lenient, shapes: s.shapes}
		inner.env.Item = clean[i]
		inner.strangers(raw)
		inner.take()
		if s.items == nil {
			s.items = map[string][]*scope{}
		}
		s.items[fl.ID] = append(s.items[fl.ID], inner)
	}
	s.clean[fl.ID] = clean
}

// strangers reports answers of an item that the group does not ask, and those
// that are there twice.
func (s *scope) strangers(raw rawItem) {
	for _, name := range raw.names() {
		if !slices.ContainsFunc(s.fields, func(fl *field) bool { return fl.ID == name }) {
			s.report(fault.New(fault.Invalid, "form.unknown_answer").At(name))
		}
	}
	for _, name := range raw.doubled {
		s.report(fault.New(fault.Invalid, "form.doubled_answer").At(name))
	}
}

// report notes a fault; inside a group at children.0.birth_date, with the item
// in its words.
func (s *scope) report(f *fault.Fault) {
	if s.item != nil {
		label, _ := f.Args["label"].(definition.Text)
		if label != nil {
			f = f.With("label", s.item.label(label))
		}
		f = f.At(nameIn(s.item.group.ID, s.item.index, f.Field))
	}
	s.faults = append(s.faults, f)
}

// judge asks what is required and valid, after all answers are in, and gives
// every fault of the scope.
func (s *scope) judge() []*fault.Fault {
	bad := located(s.faults)
	for _, fl := range s.shown {
		name := fl.ID
		if s.item != nil {
			name = nameIn(s.item.group.ID, s.item.index, fl.ID)
		}
		if bad[name] {
			continue
		}
		s.rules(fl, len(bad) > 0)
		for _, inner := range s.items[fl.ID] {
			s.faults = append(s.faults, inner.judge()...)
		}
	}
	return s.faults
}

// allFaults are the faults of the scope and of its items, before any rule is asked.
func (s *scope) allFaults() []*fault.Fault {
	out := s.faults
	for _, items := range s.items {
		for _, inner := range items {
			out = append(out, inner.faults...)
		}
	}
	return out
}

// rules asks what is required and valid of one field that is shown. Where
// answers beside it were refused, a rule that cannot be asked is no news.
func (s *scope) rules(fl *field, shaky bool) {
	v, given := s.clean[fl.ID]
	if !given {
		s.missing(fl)
		return
	}
	if fl.Kind == definition.KindGroup {
		if least := fl.Least(); len(itemsOf(v)) < least {
			s.report(invalid(fl.Field, "form.items_few").With("n", int64(least)))
			return
		}
		shaky = shaky || slices.ContainsFunc(s.items[fl.ID], func(x *scope) bool { return len(x.faults) > 0 || x.incomplete() })
	}
	for k, path := range fl.valid {
		ok, err := s.form.program.Bool(path, s.env)
		switch {
		case err != nil && (shaky || s.form.lacks(path, s.env) || s.form.sealedAway(path)):
			// the field it compares with is itself missing or refused
		case err != nil:
			s.report(broken(fl, err))
			return
		case !ok:
			s.report(invalid(fl.Field, "form.rule").With("words", fl.Valid[k].Text))
			return
		}
	}
}

// incomplete reports whether an answer that every item has is missing here.
func (s *scope) incomplete() bool {
	return slices.ContainsFunc(s.shown, func(fl *field) bool { return s.clean[fl.ID] == nil && s.form.required(fl, s.env) })
}

func (s *scope) missing(fl *field) {
	switch {
	case fl.of != nil || s.open[fl.ID] || s.form.replaced(fl, s.env):
		return
	case !fl.Optional:
		s.report(missing(fl))
		return
	case fl.Require == "":
		return
	}
	must, err := s.form.program.Bool(fl.require, s.env)
	switch {
	case err != nil && (s.form.lacks(fl.require, s.env) || s.form.sealedAway(fl.require)):
	case err != nil:
		s.report(broken(fl, err))
	case must:
		s.report(missing(fl))
	}
}

func isInput(name string) bool {
	return name == expr.Today || name == expr.Received || name == expr.Channel
}
