package form

import (
	"fmt"
	"slices"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/region"
	"pendopo/law/rule"
)

// Answers are values by field id, each in the canonical Go type of its kind:
// string (text, date 2006-01-02, choice, nik, phone, region), int64 (number,
// money), bool (declaration, always true), []string (file: upload ids, or
// AtCounter alone), []Answers (group: one for each item).
type Answers = rule.Answers

// AtCounter is the one entry of a file answer whose paper will be brought to
// the counter. It is never an upload id.
const AtCounter = "counter"

// Env is what the rules are asked with: Today, Received, Channel, and for Pages,
// Shown and Required the Answers so far. Check and ParsePage set the Answers
// themselves.
type Env = rule.Env

// Regions are the places that a region field may name.
type Regions interface {
	Has(code string) bool
	Name(code string) string
}

// Form is the form of one definition. It is read-only and safe for many goroutines.
type Form struct {
	service *definition.Service
	program *rule.Program
	regions Regions
	nation  *region.Table
	prints  func(rune) bool // nil: whatever is typed
	pages   []page
	fields  map[string]*field
	always  func(field string) bool // asked of everyone, and always answered
	acts    map[string]*Form        // by step and action: what whoever acts is asked
	beside  bool                    // its rules also see the answers of the case: the form of an action
	kept    bool                    // the vault is left as it is
}

// page is a page with the path of its rule; field likewise. The fields are
// those of definition.Asked: each, followed by those of its substitutes.
type page struct {
	*definition.Page
	show   string
	fields []*field
}

type field struct {
	*definition.Field
	page          int
	show, require string
	valid         []string
	of            *field     // the file in whose place it counts
	subs          [][]*field // file: the fields of each substitute
	inner         []*field   // group: what is asked of each item
}

// New makes the form of a service from its compiled rules. Until With says
// which places there are, every well-formed region code is taken; a field of
// scope nation takes those of the national list.
func New(s *definition.Service, p *rule.Program) *Form {
	f := &Form{service: s, program: p, nation: region.National(), fields: map[string]*field{}, always: s.Always}
	f.acts = newActs(f)
	for i := range s.Form.Pages {
		at := fmt.Sprintf("form.pages[%d]", i)
		pg := page{Page: &s.Form.Pages[i], show: at + ".show", fields: newFields(s.Form.Pages[i].Fields, i, at)}
		for _, fl := range pg.fields {
			f.fields[fl.ID] = fl
		}
		f.pages = append(f.pages, pg)
	}
	return f
}

// newFields are fields that stand at a path, each followed by its substitutes.
func newFields(list []definition.Field, page int, at string) []*field {
	var out []*field
	for j := range list {
		at := fmt.Sprintf("%s.fields[%d]", at, j)
		fl := newField(&list[j], page, at)
		fl.inner = newFields(fl.Fields, page, at)
		out = append(out, fl)
		for k := range fl.Instead {
			sub := newFields(fl.Instead[k].Fields, page, fmt.Sprintf("%s.instead[%d]", at, k))
			for _, s := range sub {
				s.of = fl
			}
			fl.subs = append(fl.subs, sub)
			out = append(out, sub...)
		}
	}
	return out
}

func newField(d *definition.Field, page int, at string) *field {
	fl := &field{Field: d, page: page, show: at + ".show", require: at + ".require"}
	for k := range d.Valid {
		fl.valid = append(fl.valid, fmt.Sprintf("%s.valid[%d].rule", at, k))
	}
	return fl
}

// With is the form over these places.
func (f *Form) With(r Regions) *Form {
	other := *f
	other.regions = r
	return &other
}

// Printing is the form of a service whose answers stand on a letter: text with
// a character that the letter cannot print is refused while the one who typed
// it can still mend it.
func (f *Form) Printing(prints func(rune) bool) *Form {
	other := *f
	other.prints = prints
	return &other
}

// Service is the definition of the form.
func (f *Form) Service() *definition.Service { return f.service }

// Pages are the ids of the pages that are asked, in order.
func (f *Form) Pages(env Env) []string {
	var ids []string
	for i := range f.pages {
		if f.pageShown(i, env) {
			ids = append(ids, f.pages[i].ID)
		}
	}
	return ids
}

// Shown reports whether a field is asked; one inside a group is named like
// children.0.birth_date. A rule that cannot be answered shows the field: asking
// too much can be seen and mended, asking too little cannot.
func (f *Form) Shown(name string, env Env) bool {
	fl, group, env := f.named(name, env)
	if fl == nil || (group != nil && !f.fieldShown(group, env)) {
		return false
	}
	return f.pageShown(fl.page, env) && f.fieldShown(fl, env)
}

// Required reports whether a field that is asked must be answered. A file that
// is wholly replaced by a substitute need not be.
func (f *Form) Required(name string, env Env) bool {
	fl, _, env := f.named(name, env)
	return fl != nil && f.required(fl, env)
}

func (f *Form) pageShown(i int, env Env) bool {
	if !f.variant(i, env.Answers) {
		return false
	}
	if f.pages[i].Show != "" && !f.yes(f.pages[i].show, env, true) {
		return false
	}
	for _, fl := range f.pages[i].fields {
		if f.fieldShown(fl, env) {
			return true // a page none of whose fields is asked is not asked either
		}
	}
	return false
}

// variant reports whether a page is asked of the variant that was chosen.
func (f *Form) variant(i int, a Answers) bool {
	if len(f.pages[i].For) == 0 {
		return true
	}
	chosen, _ := a[f.service.Variants].(string)
	return slices.Contains(f.pages[i].For, chosen)
}

func (f *Form) fieldShown(fl *field, env Env) bool {
	if fl.of != nil && !f.fieldShown(fl.of, env) || fl.Vault && f.kept {
		return false
	}
	return fl.Show == "" || f.yes(fl.show, env, true)
}

// required: what counts in the place of a file may always be left out.
func (f *Form) required(fl *field, env Env) bool {
	switch {
	case fl.of != nil || f.replaced(fl, env):
		return false
	case !fl.Optional:
		return true
	}
	return fl.Require != "" && f.yes(fl.require, env, false)
}

// replaced reports whether the papers of some substitute are all there.
func (f *Form) replaced(fl *field, env Env) bool {
	a := env.Answers
	if env.Item != nil {
		a = env.Item
	}
	return slices.ContainsFunc(fl.subs, func(sub []*field) bool {
		some := false
		for _, s := range sub {
			_, given := a[s.ID]
			if some = some || given; !given && !s.Optional && f.fieldShown(s, env) {
				return false
			}
		}
		return some
	})
}

// yes asks a rule; what counts when it cannot be answered is said by the caller.
func (f *Form) yes(path string, env Env, failed bool) bool {
	answer, err := f.program.Bool(path, env)
	if err != nil {
		return failed
	}
	return answer
}

// Clear are the answers to fields marked personal: no. Sealed are the others.
func (f *Form) Clear(a Answers) Answers {
	clear := Answers{}
	for id, v := range a {
		if f.clear(id) {
			clear[id] = v
		}
	}
	return clear
}

// Sealed are the answers that only the key of their case opens.
func (f *Form) Sealed(a Answers) Answers {
	sealed := make(Answers, len(a))
	for id, v := range a {
		if !f.clear(id) {
			sealed[id] = v
		}
	}
	return sealed
}

func (f *Form) clear(id string) bool { fl := f.fields[id]; return fl != nil && !fl.Personal }

// Pending are the names of file fields whose papers will be brought to the
// counter, in the order of the form; inside a group children.0.photo.
func (f *Form) Pending(a Answers) []string {
	var names []string
	f.files(a, func(name string, v any) {
		if atCounter(v) {
			names = append(names, name)
		}
	})
	return names
}

// Paper reads one answer of a file field by itself: the ids of its uploads, or
// onPaper for AtCounter. What the field does not take is a fault at it.
func (f *Form) Paper(name string, v any) (uploads []string, onPaper bool, err error) {
	fl, _, _ := f.named(name, Env{})
	if fl == nil || fl.Kind != definition.KindFile {
		return nil, false, fault.New(fault.Invalid, "form.unknown_answer").At(name)
	}
	got, flt := asFile(fl.Field, v)
	if flt != nil {
		return nil, false, flt.At(name)
	}
	if got == nil {
		return nil, false, missing(fl).At(name)
	}
	if atCounter(got) {
		return nil, true, nil
	}
	uploads, _ = stringList(got)
	return uploads, false, nil
}

// Uploads are the upload ids in the answers, in the order of the form.
func (f *Form) Uploads(a Answers) []string {
	var ids []string
	f.files(a, func(_ string, v any) {
		if !atCounter(v) {
			list, _ := stringList(v)
			ids = append(ids, list...)
		}
	})
	return ids
}

// files calls do with the name and answer of every file field.
func (f *Form) files(a Answers, do func(name string, v any)) {
	f.each(a, func(name string, fl *field, v any) {
		if fl.Kind == definition.KindFile {
			do(name, v)
		}
	})
}

// each calls do for every field of the form, also inside the items of groups.
func (f *Form) each(a Answers, do func(name string, fl *field, v any)) {
	for i := range f.pages {
		for _, fl := range f.pages[i].fields {
			do(fl.ID, fl, a[fl.ID])
			if fl.Kind != definition.KindGroup {
				continue
			}
			for j, item := range itemsOf(a[fl.ID]) {
				for _, inner := range fl.inner {
					do(nameIn(fl.ID, j, inner.ID), inner, item[inner.ID])
				}
			}
		}
	}
}

func atCounter(v any) bool {
	list, ok := stringList(v)
	return ok && len(list) == 1 && list[0] == AtCounter
}

// invalid makes the fault of one field; its words may name the field's label.
func invalid(d *definition.Field, key string) *fault.Fault {
	return fault.New(fault.Invalid, key).At(d.ID).With("label", d.Label)
}
