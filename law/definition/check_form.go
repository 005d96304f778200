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
	{"min", []Kind{KindText, KindNumber, KindMoney, KindFile}},
	{"max", []Kind{KindText, KindNumber, KindMoney, KindFile}},
	{"after", []Kind{KindDate}},
	{"before", []Kind{KindDate}},
	{"accept", []Kind{KindFile}},
	{"max_bytes", []Kind{KindFile}},
	{"counter", []Kind{KindFile}},
	{"level", []Kind{KindRegion}},
	{"scope", []Kind{KindRegion}},
}

// form checks pages and fields.
func (c *checks) form() {
	pages := c.service.Form.Pages
	c.distinct(len(pages), "form.pages[%d].id", func(i int) string { return pages[i].ID })
	if len(pages) == 0 && c.has("form.pages") && c.clean("form.pages") {
		c.at("form.pages", "empty_list")
	}
	names := 0
	seen := map[string]int{}
	for i, p := range pages {
		at := fmt.Sprintf("form.pages[%d].fields", i)
		if len(p.Fields) == 0 && c.has(at) && c.clean(at) {
			c.at(at, "empty_list")
		}
		for j := range p.Fields {
			f, at := &p.Fields[j], fmt.Sprintf("%s[%d]", at, j)
			c.field(at, f)
			if line, twice := seen[f.ID]; twice && f.ID != "" {
				c.at(at+".id", "duplicate_id", "id", f.ID, "line", itoa(line))
			} else if c.has(at + ".id") {
				seen[f.ID] = c.places[at+".id"].value.Line
			}
			if f.Name {
				if names++; names > 1 {
					c.at(at+".name", "two_names")
				}
			}
		}
	}
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
	case KindNIK, KindPhone, KindFile:
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
