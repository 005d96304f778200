package definition

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// mostBytes of one uploaded file that a definition may allow.
const mostBytes = 20 << 20

// attributes are the keys that only some kinds of field have.
var attributes = []struct {
	key   string
	kinds []Kind
}{
	{"choices", []Kind{KindChoice}},
	{"long", []Kind{KindText}},
	{"name", []Kind{KindText}},
	{"min", []Kind{KindText, KindNumber, KindMoney, KindFile, KindGroup}},
	{"max", []Kind{KindText, KindNumber, KindMoney, KindFile, KindGroup}},
	{"after", []Kind{KindDate}},
	{"before", []Kind{KindDate}},
	{"accept", []Kind{KindFile}},
	{"max_bytes", []Kind{KindFile}},
	{"counter", []Kind{KindFile}},
	{"level", []Kind{KindRegion}},
	{"instead", []Kind{KindFile}},
	{"item", []Kind{KindGroup}},
	{"fields", []Kind{KindGroup}},
	{"parts", nil},
	{"scope", []Kind{KindRegion}},
	{"vault", []Kind{KindText, KindNIK, KindPhone, KindEmail}},
}

// form checks pages and fields.
func (c *checks) form() {
	pages := c.service.Form.Pages
	c.distinct(len(pages), "form.pages[%d].id", func(i int) string { return pages[i].ID })
	if len(pages) == 0 && c.has("form.pages") && c.clean("form.pages") {
		c.at("form.pages", "empty_list")
	}
	n := &names{checks: c, seen: map[string]int{}}
	for i, p := range pages {
		at := fmt.Sprintf("form.pages[%d]", i)
		if at := at + ".fields"; len(p.Fields) == 0 && c.has(at) && c.clean(at) {
			c.at(at, "empty_list")
		}
		n.fields(at, p.Fields, nil)
	}
}

// names walks the fields of a form, each with its own name.
type names struct {
	*checks
	seen      map[string]int // field id → line
	applicant bool           // some field is the applicant's name
	action    *Action        // that asks the fields; nil: the form does
}

// fields checks the fields of a page, a substitute or a group.
func (n *names) fields(at string, fields []Field, group *Field) {
	for i := range fields {
		f, at := &fields[i], fmt.Sprintf("%s.fields[%d]", at, i)
		n.field(at, f)
		n.distinctName(at, f)
		if f.Internal && n.action == nil && n.clean(at+".internal") {
			n.at(at+".internal", "internal_of_form")
		}
		if f.Name {
			switch {
			case group != nil:
				n.at(at+".name", "name_in_group")
			case n.applicant:
				n.at(at+".name", "two_names")
			}
			n.applicant = true
		}
		if group != nil {
			n.inGroup(at, f)
		}
		n.distinct(len(f.Instead), at+".instead[%d].id", func(j int) string { return f.Instead[j].ID })
		for j := range f.Instead {
			n.substitute(fmt.Sprintf("%s.instead[%d]", at, j), &f.Instead[j], group)
		}
		if f.Kind == KindGroup && group == nil {
			n.group(at, f)
		}
	}
}

// distinctName: no two fields have one name, inside a group or outside.
func (n *names) distinctName(at string, f *Field) {
	if f.ID == "" || !n.has(at+".id") {
		return
	}
	if line, twice := n.seen[f.ID]; twice {
		n.at(at+".id", "duplicate_id", "id", f.ID, "line", itoa(line))
		return
	}
	n.seen[f.ID] = n.places[at+".id"].value.Line
}

// inGroup: what is asked of each of several is wholly personal, and not itself
// several.
func (n *names) inGroup(at string, f *Field) {
	switch {
	case f.Kind == KindGroup:
		n.at(at+".kind", "group_in_group")
	case !f.Personal && n.clean(at+".personal"):
		n.at(at+".personal", "group_personal")
	}
}

// group checks a list of items.
func (n *names) group(at string, f *Field) {
	for _, key := range []string{"item", "fields"} {
		if !n.has(at + "." + key) {
			n.at(at, "group_needs", "key", key)
			return
		}
	}
	if !f.Personal {
		n.at(at+".personal", "group_personal")
	}
	if len(f.Fields) == 0 && n.clean(at+".fields") {
		n.at(at+".fields", "empty_list")
	}
	n.groupBounds(at, f)
	n.fields(at, f.Fields, f)
}

func (n *names) groupBounds(at string, f *Field) {
	least := f.Least()
	_, most := f.Bounds()
	switch {
	case f.Max != nil && (*f.Max < 1 || *f.Max > MostItems):
		n.at(at+".max", "group_bounds", "most", itoa(MostItems))
	case f.Min != nil && *f.Min < 1:
		n.at(at+".min", "not_positive")
	case f.Min != nil && f.Max == nil && least > most:
		n.at(at+".min", "group_bounds", "most", itoa(most))
	}
}

// substitute checks the papers that count in the place of a file.
func (n *names) substitute(at string, sub *Instead, group *Field) {
	if len(sub.Fields) == 0 && n.has(at+".fields") && n.clean(at+".fields") {
		n.at(at+".fields", "empty_list")
	}
	for i := range sub.Fields {
		at := fmt.Sprintf("%s.fields[%d]", at, i)
		switch f := &sub.Fields[i]; {
		case f.Kind == KindGroup || f.Kind == KindDeclaration:
			n.at(at+".kind", "substitute_kind", "kind", string(f.Kind))
		case len(f.Instead) > 0:
			n.at(at+".instead", "substitute_of_substitute")
		}
	}
	n.fields(at, sub.Fields, group)
}

// field checks one question.
func (c *checks) field(at string, f *Field) {
	if reserved(f.ID) {
		c.at(at+".id", "reserved_name", "id", f.ID)
	}
	if f.Kind == "" {
		return
	}
	for _, a := range attributes {
		if c.has(at+"."+a.key) && !slices.Contains(a.kinds, f.Kind) {
			c.at(at+"."+a.key, "attribute_kind", "key", a.key, "kind", string(f.Kind))
		}
	}
	c.personal(at, f)
	c.bounds(at, f)
	if f.Kind == KindChoice {
		c.distinct(len(f.Choices), at+".choices[%d].id", func(i int) string { return f.Choices[i].ID })
		if len(f.Choices) == 0 && c.clean(at) {
			c.at(c.first(at+".choices", at), "no_choices")
		}
		for i := range f.Choices {
			if !c.has(at + ".choices") {
				break // those of the form, looked at there
			}
			c.usually(fmt.Sprintf("%s.choices[%d].unit", at, i), f.Choices[i].Unit)
		}
	}
	if f.Require != "" && !f.Optional {
		c.at(at+".require", "require_needs_optional")
	}
}

// personal refuses what can never be public: free words, identity, papers.
func (c *checks) personal(at string, f *Field) {
	if f.Personal {
		return
	}
	switch f.Kind {
	case KindText:
		c.at(at+".personal", "free_text_personal")
	case KindNIK, KindPhone, KindEmail, KindFile:
		c.at(at+".personal", "identity_personal", "kind", string(f.Kind))
	}
}

// bounds checks min against max and after against before.
func (c *checks) bounds(at string, f *Field) {
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		c.at(at+".max", "bounds", "least", itoa(int(*f.Min)))
	}
	if f.Kind == KindText || f.Kind == KindFile {
		for _, b := range []struct {
			key string
			n   *int64
		}{{"min", f.Min}, {"max", f.Max}} {
			if b.n != nil && *b.n < 1 {
				c.at(at+"."+b.key, "not_positive")
			}
		}
	}
	if c.has(at+".max_bytes") && f.Kind == KindFile && (f.MaxBytes < 1 || f.MaxBytes > mostBytes) && c.clean(at+".max_bytes") {
		c.at(at+".max_bytes", "max_bytes", "most", itoa(mostBytes))
	}
	for _, b := range []struct{ key, value string }{{"after", f.After}, {"before", f.Before}} {
		if b.value != "" && !validBound(b.value) {
			c.at(at+"."+b.key, "date_bound", "date", b.value)
		}
	}
	from, err := time.Parse(time.DateOnly, f.After)
	to, err2 := time.Parse(time.DateOnly, f.Before)
	if err == nil && err2 == nil && from.After(to) {
		c.at(at+".before", "bounds", "least", f.After)
	}
}

var relativeBound = regexp.MustCompile(`^today([+-]\d{1,4}[dmy])?$`)

func validBound(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil || relativeBound.MatchString(s)
}
