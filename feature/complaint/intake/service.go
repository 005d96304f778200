package intake

import (
	"slices"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// reportable says that citizens tell something by this service: it has a public
// side, or keeps apart who tells.
func reportable(s *definition.Service) bool { return s.Public != nil || s.Vault != nil }

// offered are the services by which something can be told through a channel, those
// with a public side first.
func (in *Intake) offered(channel string) (out []*casework.Bound) {
	for _, b := range in.Cases.Catalogue().Services() {
		if reportable(b.Service) && b.Service.Through(channel) {
			out = append(out, b)
		}
	}
	slices.SortStableFunc(out, func(a, b *casework.Bound) int { return rank(a.Service) - rank(b.Service) })
	return out
}

func rank(s *definition.Service) int {
	if s.Public != nil {
		return 0
	}
	return 1
}

// service finds a service by which something can be told here.
func (in *Intake) service(id, channel string) (*casework.Bound, error) {
	b, err := in.Cases.Catalogue().Live(id)
	if err != nil || !reportable(b.Service) || !b.Service.Through(channel) {
		return nil, fault.New(fault.Unknown, "intake.service_unknown")
	}
	return b, nil
}

// roles are the questions of a service that stand for something here.
type roles struct {
	Text, Title, Category, Kind, Region, Place, Photos *definition.Field
	Phone, Anonymous, Confidential                     *definition.Field
}

func rolesOf(s *definition.Service) roles {
	var r roles
	if p := s.Public; p != nil {
		r.Text, r.Title, r.Category, r.Kind = s.Field(p.Text), s.Field(p.Title), s.Field(p.Category), s.Field(p.Kind)
		r.Region, r.Place, r.Photos = s.Field(p.Region), s.Field(p.Place), s.Field(p.Photos)
	}
	for _, f := range fieldsOf(s) {
		r.take(s, f)
	}
	if s.Vault != nil {
		r.Anonymous = s.Field(s.Vault.Anonymous)
	}
	return r
}

// take gives a question its part, where the service does not name it.
func (r *roles) take(s *definition.Service, f *definition.Field) {
	first := func(at **definition.Field) {
		if *at == nil {
			*at = f
		}
	}
	switch {
	case f.Kind == definition.KindPhone:
		first(&r.Phone)
	case f.Kind == definition.KindPoint:
		first(&r.Place)
	case f.Kind == definition.KindRegion:
		first(&r.Region)
	case f.Kind == definition.KindText && f.Long:
		first(&r.Text)
	case f.Kind == definition.KindFile && takesOnly(f, "image"):
		first(&r.Photos)
	case yesNo(f) && (s.Vault == nil || f.ID != s.Vault.Anonymous):
		first(&r.Confidential)
	}
}

// yes and no of the switches of a form.
const (
	yes = "ya"
	no  = "tidak"
)

// yesNo says that a question is a switch: a choice of yes and no.
func yesNo(f *definition.Field) bool {
	return f.Kind == definition.KindChoice && len(f.Choices) == 2 && hasChoice(f, yes) && hasChoice(f, no)
}

func hasChoice(f *definition.Field, id string) bool {
	return f != nil && slices.ContainsFunc(f.Choices, func(c definition.Choice) bool { return c.ID == id })
}

// fieldsOf are the questions of a form, page by page.
func fieldsOf(s *definition.Service) (out []*definition.Field) {
	for i := range s.Form.Pages {
		for j := range s.Form.Pages[i].Fields {
			out = append(out, &s.Form.Pages[i].Fields[j])
		}
	}
	return out
}

func takesOnly(f *definition.Field, kind string) bool {
	return len(f.Accept) == 1 && f.Accept[0] == kind
}

// written is the answer to a question that is a text of any kind; "" without one.
func written(a form.Answers, f *definition.Field) string {
	if f == nil {
		return ""
	}
	s, _ := a[f.ID].(string)
	return s
}
