package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pendopo/law/definition"
	"pendopo/law/form"
)

// carried are the parts of a person that a second matter of the same visitor
// takes over. They travel in the page alone, from the slip to the next form: the
// server remembers nobody.
func carried() []string {
	return []string{"name", "nik", "birth_place", "birth_date", "sex", "religion", "marital", "occupation", "citizenship", "phone",
		"address", "region", "street", "rt", "rw"}
}

// applicant is the name before the parts of the person who applies: "" where
// the fields are called name and nik, "bride_" where bride_name is the name.
func applicant(s *definition.Service) string {
	for _, p := range s.Form.Pages {
		for _, f := range p.Fields {
			if f.Name {
				return strings.TrimSuffix(f.ID, "name")
			}
		}
	}
	return ""
}

// person is what the applicant of a matter said of themself, as it may be typed
// into another form.
func person(s *definition.Service, a form.Answers) url.Values {
	out := url.Values{}
	for _, part := range carried() {
		f := s.Field(applicant(s) + part)
		if f == nil {
			continue
		}
		switch v := a[f.ID].(type) {
		case string:
			out.Set(part, v)
		case int64:
			out.Set(part, strconv.FormatInt(v, 10))
		}
	}
	return out
}

// takeOver types the parts of a person into this form, as far as it asks for
// them and takes them: another kind of field, or a choice it does not have, is
// left for the clerk.
func (e *entry) takeOver(known url.Values) {
	typed := url.Values{}
	for _, part := range carried() {
		f, v := e.b.Service.Field(applicant(e.b.Service)+part), known.Get(part)
		switch {
		case f == nil || v == "":
		case f.Kind == definition.KindDate:
			if day := strings.Split(v, "-"); len(day) == 3 {
				typed.Set(f.ID+"-year", day[0])
				typed.Set(f.ID+"-month", day[1])
				typed.Set(f.ID+"-day", day[2])
			}
		case f.Kind == definition.KindChoice && !slices.ContainsFunc(f.Choices, func(c definition.Choice) bool { return c.ID == v }):
		default:
			typed.Set(f.ID, v)
		}
	}
	for _, p := range e.b.Service.Form.Pages {
		e.answers, _ = e.b.Form.ParsePage(p.ID, typed, e.answers, e.env())
	}
}

// another begins one more matter of the visitor whose slip has just been shown.
func (d *Door) another(w http.ResponseWriter, r *http.Request, m me) error {
	e, err := d.newEntry(r, m, r.PostForm.Get("service"))
	if err != nil {
		return err
	}
	known := url.Values{}
	for _, part := range carried() {
		known.Set(part, r.PostForm.Get("person-"+part))
	}
	e.takeOver(known)
	e.presume()
	return e.show(w, r, 0)
}

// anotherView offers the services for the same visitor.
type anotherView struct {
	Person   []carriedPart
	Services []counterService
}

type carriedPart struct{ Name, Value string }

// another is the form for the next matter of this visitor.
func (e *entry) another(k *keys) anotherView {
	var v anotherView
	known := person(e.b.Service, e.answers)
	for _, part := range carried() {
		if known.Has(part) {
			v.Person = append(v.Person, carriedPart{"person-" + part, known.Get(part)})
		}
	}
	v.Services = e.d.enterable(e.me, k)
	return v
}
