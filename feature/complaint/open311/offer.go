package open311

import (
	"net/http"
	"strings"
	"sync"

	"pendopo/engine/casework"
	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/place"
)

// offer is one category of a service with a public side.
type offer struct {
	code   string // service_code
	bound  *casework.Bound
	choice *definition.Choice
}

// offers are what may be reported and where, as it was last published.
type offers struct {
	mu      sync.Mutex
	edition int64
	all     []offer
	byCode  map[string]offer
	areas   *place.Areas // nil where no boundaries are drawn
}

// of gives the offers of what is live. A category that two services share is
// service.category in each.
func (o *offers) of(c *casework.Catalogue) ([]offer, map[string]offer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.take(c)
	return o.all, o.byCode
}

// take reads what is live when it is another edition than before.
func (o *offers) take(c *casework.Catalogue) {
	edition := c.Edition()
	if o.byCode != nil && o.edition == edition {
		return
	}
	o.edition = edition
	o.all, o.byCode = made(c)
	if o.areas = nil; len(c.Government().Areas) > 0 {
		o.areas = c.Government().Boundaries()
	}
}

// village is the code of the village in whose boundaries a point lies; "" when
// that is not known.
func (o *offers) village(c *casework.Catalogue, lat, long float64) string {
	o.mu.Lock()
	o.take(c)
	areas := o.areas
	o.mu.Unlock()
	if areas == nil {
		return ""
	}
	code := areas.At(place.Point{Lat: lat, Lon: long})
	if strings.Count(code, ".") != 3 {
		return ""
	}
	return code
}

func made(c *casework.Catalogue) ([]offer, map[string]offer) {
	var all []offer
	times := map[string]int{}
	for _, b := range c.Offered() {
		p := b.Service.Public
		if p == nil || !b.Service.Through("api") {
			continue
		}
		f := b.Service.Field(p.Category)
		if f == nil {
			continue
		}
		for i := range f.Choices {
			all = append(all, offer{f.Choices[i].ID, b, &f.Choices[i]})
			times[f.Choices[i].ID]++
		}
	}
	byCode := map[string]offer{}
	for i := range all {
		if times[all[i].code] > 1 {
			all[i].code = all[i].bound.Service.ID + "." + all[i].code
		}
		byCode[all[i].code] = all[i]
	}
	return all, byCode
}

// named is the service_code of a report's category; the category itself where
// it is offered no more.
func named(byCode map[string]offer, service, category string) (code string, o offer, ok bool) {
	for _, code := range []string{category, service + "." + category} {
		if o, ok := byCode[code]; ok && o.bound.Service.ID == service {
			return code, o, true
		}
	}
	return category, offer{}, false
}

// document is a question to the whole of services, requests or updates.
func (s *Server) document(w http.ResponseWriter, r *http.Request) (any, error) {
	switch name(r) {
	case "services":
		return s.services(w, r)
	case "requests":
		return s.requests(w, r)
	case "servicerequestupdates":
		return s.updates(w, r)
	case "discovery":
		return s.discovery(w, r)
	}
	return nil, unknown("open311.address")
}

func (s *Server) services(w http.ResponseWriter, r *http.Request) (any, error) {
	if _, err := s.asked(r); err != nil {
		return nil, err
	}
	words := page.Words(r.Context())
	all, _ := s.offered.of(s.Cases.Catalogue())
	out := make(georeport.Services, 0, len(all))
	for _, o := range all {
		service := o.bound.Service
		out = append(out, georeport.Service{
			Code: o.code, Name: words.Of(o.choice.Text), Description: georeport.Text(words.Of(service.Summary)),
			Metadata: len(asks(service)) > 0, Type: georeport.Realtime,
			Keywords: georeport.Text(strings.Join(o.choice.Words, ", ")), Group: georeport.Text(words.Of(service.Name)),
		})
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	return out, nil
}

// definition answers with the further questions of a service_code.
func (s *Server) definition(w http.ResponseWriter, r *http.Request) (any, error) {
	if _, err := s.asked(r); err != nil {
		return nil, err
	}
	_, byCode := s.offered.of(s.Cases.Catalogue())
	o, ok := byCode[name(r)]
	if !ok {
		return nil, unknown("open311.service_code").At("service_code")
	}
	words := page.Words(r.Context())
	out := georeport.Definition{Code: o.code}
	for i, f := range asks(o.bound.Service) {
		a := georeport.Attribute{Variable: true, Code: f.ID, Datatype: datatype(f), Required: needed(o.bound.Service, f),
			DatatypeDescription: georeport.Text(words.Of(f.Hint)), Order: i + 1, Description: words.Of(f.Label)}
		for _, c := range f.Choices {
			a.Values = append(a.Values, georeport.Value{Key: c.ID, Name: words.Of(c.Text)})
		}
		out.Attributes = append(out.Attributes, a)
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	return out, nil
}

// asks are the questions of a service's form that have no parameter of the
// specification: what is not about the reporter and no file.
func asks(s *definition.Service) []*definition.Field {
	own := parameters(s)
	var out []*definition.Field
	for i := range s.Form.Pages {
		for _, f := range definition.Asked(s.Form.Pages[i].Fields) {
			if own[f.ID] != "" || f.Vault || datatype(f) == "" || s.Vault != nil && f.Personal && f.Optional {
				continue
			}
			out = append(out, f)
		}
	}
	return out
}

// parameters are the fields that a parameter of the specification answers.
func parameters(s *definition.Service) map[string]string {
	p := s.Public
	own := map[string]string{p.Text: "description", p.Category: "service_code"}
	if p.Place != "" {
		own[p.Place] = "lat"
	}
	if p.Region != "" {
		own[p.Region] = "address_id"
	}
	if p.Photos != "" {
		own[p.Photos] = "media_url"
	}
	if f := addressField(s); f != "" {
		own[f] = "address_string"
	}
	for i := range s.Form.Pages {
		for _, f := range definition.Asked(s.Form.Pages[i].Fields) {
			if name := identity(f); name != "" {
				own[f.ID] = name
			}
		}
	}
	return own
}

// identity is the parameter that tells a field of the vault; "" for any other.
func identity(f *definition.Field) string {
	switch {
	case !f.Vault:
		return ""
	case f.Name:
		return "first_name"
	case f.Kind == definition.KindPhone:
		return "phone"
	case f.Kind == definition.KindEmail:
		return "email"
	case f.Kind == definition.KindText && (f.ID == "device_id" || f.ID == "account_id"):
		return f.ID
	}
	return ""
}

// addressField is the text in which the form asks where something is: the first
// on the page of its place or region that is neither title nor text.
func addressField(s *definition.Service) string {
	p := s.Public
	for _, at := range []string{p.Place, p.Region} {
		if at == "" || s.Page(at) == nil {
			continue
		}
		for _, f := range definition.Asked(s.Page(at).Fields) {
			if f.Kind == definition.KindText && !f.Vault && f.ID != p.Title && f.ID != p.Text {
				return f.ID
			}
		}
	}
	return ""
}

// datatype is how the specification calls an answer; "" for what it cannot carry.
func datatype(f *definition.Field) string {
	switch f.Kind {
	case definition.KindText:
		if f.Long {
			return georeport.LongText
		}
		return georeport.String
	case definition.KindNumber, definition.KindMoney:
		return georeport.Number
	case definition.KindDate:
		return georeport.Datetime
	case definition.KindChoice:
		return georeport.SingleValueList
	case definition.KindRegion, definition.KindPoint, definition.KindPhone, definition.KindEmail:
		return georeport.String
	}
	return ""
}

// needed reports whether a report is refused without an answer: it is required,
// and settle does not answer it.
func needed(s *definition.Service, f *definition.Field) bool {
	return !f.Optional && f.Show == "" && f.ID != s.Public.Title && usual(s, f) == ""
}

// usual is the answer to a question that a report by this specification leaves
// open: its kind is the first one, and a question of yes or no that nobody
// answered is answered no. Whether somebody is anonymous follows from what was
// told of them.
func usual(s *definition.Service, f *definition.Field) string {
	switch {
	case f.Kind != definition.KindChoice || len(f.Choices) == 0:
		return ""
	case f.ID == s.Public.Kind:
		return f.Choices[0].ID
	case len(f.Choices) == 2 && no(f, 0) || len(f.Choices) == 2 && no(f, 1):
		return "tidak"
	}
	return ""
}

// no reports whether a choice is the no of a yes and a no.
func no(f *definition.Field, i int) bool {
	return f.Choices[i].ID == "tidak" && f.Choices[1-i].ID == "ya"
}
