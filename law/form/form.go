package form

import (
	"fmt"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/region"
	"pendopo/law/rule"
)

// Answers are values by field id, each in the canonical Go type of its kind:
// string (text, date 2006-01-02, choice, nik, phone, region), int64 (number,
// money), bool (declaration, always true), []string (file: upload ids, or
// AtCounter alone).
type Answers map[string]any

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
}

// page is a page with the path of its rule; field likewise.
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
}

// New makes the form of a service from its compiled rules. Until With says
// which places there are, every well-formed region code is taken; a field of
// scope nation takes those of the national list.
func New(s *definition.Service, p *rule.Program) *Form {
	f := &Form{service: s, program: p, nation: region.National(), fields: map[string]*field{}}
	for i := range s.Form.Pages {
		at := fmt.Sprintf("form.pages[%d]", i)
		pg := page{Page: &s.Form.Pages[i], show: at + ".show"}
		for j := range pg.Fields {
			pg.fields = append(pg.fields, newField(&pg.Fields[j], i, fmt.Sprintf("%s.fields[%d]", at, j)))
		}
		for _, fl := range pg.fields {
			f.fields[fl.ID] = fl
		}
		f.pages = append(f.pages, pg)
	}
	return f
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

// Shown reports whether a field is asked. A rule that cannot be answered shows
// the field: asking too much can be seen and mended, asking too little cannot.
func (f *Form) Shown(fieldID string, env Env) bool {
	fl := f.fields[fieldID]
	return fl != nil && f.pageShown(fl.page, env) && f.fieldShown(fl, env)
}

// Required reports whether a field that is asked must be answered.
func (f *Form) Required(fieldID string, env Env) bool {
	fl := f.fields[fieldID]
	return fl != nil && f.required(fl, env)
}

func (f *Form) pageShown(i int, env Env) bool {
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

func (f *Form) fieldShown(fl *field, env Env) bool {
	return fl.Show == "" || f.yes(fl.show, env, true)
}

func (f *Form) required(fl *field, env Env) bool {
	if !fl.Optional {
		return true
	}
	return fl.Require != "" && f.yes(fl.require, env, false)
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

// Pending are the ids of file fields whose papers will be brought to the
// counter, in the order of the form.
func (f *Form) Pending(a Answers) []string {
	var ids []string
	for i := range f.pages {
		for _, fl := range f.pages[i].fields {
			if atCounter(a[fl.ID]) {
				ids = append(ids, fl.ID)
			}
		}
	}
	return ids
}

// Paper reads one answer of a file field by itself: the ids of its uploads, or
// onPaper for AtCounter. What the field does not take is a fault at it.
func (f *Form) Paper(id string, v any) (uploads []string, onPaper bool, err error) {
	fl := f.fields[id]
	if fl == nil || fl.Kind != definition.KindFile {
		return nil, false, fault.New(fault.Invalid, "form.unknown_answer").At(id)
	}
	got, flt := asFile(fl.Field, v)
	if flt != nil {
		return nil, false, flt
	}
	if got == nil {
		return nil, false, missing(fl)
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
	for i := range f.pages {
		for _, fl := range f.pages[i].fields {
			if v := a[fl.ID]; fl.Kind == definition.KindFile && !atCounter(v) {
				list, _ := stringList(v)
				ids = append(ids, list...)
			}
		}
	}
	return ids
}

func atCounter(v any) bool {
	list, ok := stringList(v)
	return ok && len(list) == 1 && list[0] == AtCounter
}

// invalid makes the fault of one field; its words may name the field's label.
func invalid(d *definition.Field, key string) *fault.Fault {
	return fault.New(fault.Invalid, key).At(d.ID).With("label", d.Label)
}
