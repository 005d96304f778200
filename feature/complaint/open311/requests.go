package open311

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pendopo/engine/casework"
	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/page"
)

// requests answers with the reports that are shown, or with those of some ids.
// Whoever asks with a key gets, instead, what was filed under it when filed=true.
func (s *Server) requests(w http.ResponseWriter, r *http.Request) (any, error) {
	a, err := s.asked(r)
	if err != nil {
		return nil, err
	}
	ids := a.list("service_request_id", mostIDs)
	extended := a.text("extensions") == "true"
	if len(ids) > 0 || a.faults != nil {
		if err := a.wrong(); err != nil {
			return nil, err
		}
		rows, err := s.coded(r.Context(), codes(ids))
		return s.written(r.Context(), rows, extended), err
	}
	q, err := s.question(a)
	if err != nil {
		return nil, err
	}
	if a.text("filed") == "true" {
		return s.own(r, a, q)
	}
	if len(a.list("service_code", mostIDs)) > 0 && len(q.categories) == 0 {
		return georeport.Requests{}, nil
	}
	rows, err := s.list(r.Context(), q)
	return s.written(r.Context(), rows, extended), err
}

// own is the list of what was filed under a key, which only its holder may ask.
func (s *Server) own(r *http.Request, a *args, q question) (any, error) {
	k, err := s.keys.Holder(r.Context(), a.text("api_key"))
	if err != nil {
		return nil, err
	}
	rows, err := s.filed(r.Context(), k, q.from, q.to, q.limit, q.offset)
	out := s.written(r.Context(), rows, false)
	_, byCode := s.offered.of(s.Cases.Catalogue())
	for i := range out { // its holder has said what it is about
		code, o, ok := named(byCode, rows[i].service, rows[i].category)
		if out[i].ServiceCode = georeport.Text(code); ok {
			out[i].ServiceName = georeport.Text(page.Words(r.Context()).Of(o.choice.Text))
		}
	}
	return out, err
}

// question reads the parameters of a list.
func (s *Server) question(a *args) (question, error) {
	var q question
	q.from, q.to = a.window(s.Now())
	_, byCode := s.offered.of(s.Cases.Catalogue())
	for _, code := range a.list("service_code", mostIDs) {
		if o, ok := byCode[code]; ok {
			q.categories = append(q.categories, o.choice.ID)
			if o.code != o.choice.ID {
				q.services = append(q.services, o.bound.Service.ID)
			}
			continue
		}
		q.categories = append(q.categories, code) // offered no more, or of an archive
	}
	for _, status := range a.list("status", mostIDs) {
		switch strings.ToLower(status) {
		case georeport.Open:
			q.active = append(q.active, true)
		case georeport.Closed:
			q.active = append(q.active, false)
		default:
			a.refuse("status", "open311.status")
		}
	}
	q.limit = a.whole("page_size", georeport.MostRequests, 1, georeport.MostRequests)
	q.offset = (a.whole("page", 1, 1, mostPage) - 1) * q.limit
	return q, a.wrong()
}

// codes are ids as they are kept: the codes of cases may be written in any way.
func codes(ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if p, ok := casework.ParseCode(id); ok {
			id = p[:5] + "-" + p[5:10] + "-" + p[10:]
		}
		out = append(out, id)
	}
	return out
}

// request answers with one report.
func (s *Server) request(w http.ResponseWriter, r *http.Request) (any, error) {
	a, err := s.asked(r)
	if err != nil {
		return nil, err
	}
	rows, err := s.coded(r.Context(), codes([]string{name(r)}))
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, unknown("open311.request").At("service_request_id")
	}
	return s.written(r.Context(), rows, a.text("extensions") == "true"), nil
}

// token answers with the id that a token became: every id is given at once, so a
// token is the id.
func (s *Server) token(w http.ResponseWriter, r *http.Request) (any, error) {
	if _, err := s.asked(r); err != nil {
		return nil, err
	}
	rows, err := s.coded(r.Context(), codes([]string{name(r)}))
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, unknown("open311.token").At("token")
	}
	return georeport.Tickets{{ID: rows[0].code, Token: rows[0].code}}, nil
}

// writer turns rows into requests in one language.
type writer struct {
	*Server
	words  *page.Printer
	zone   *time.Location
	byCode map[string]offer
	names  interface{ Name(code string) string }
}

func (s *Server) written(ctx context.Context, rows []row, extended bool) georeport.Requests {
	c := s.Cases.Catalogue()
	_, byCode := s.offered.of(c)
	w := &writer{s, page.Words(ctx), c.Zone(), byCode, c.Regions()}
	out := make(georeport.Requests, 0, len(rows))
	for i := range rows {
		out = append(out, w.request(&rows[i], extended))
	}
	return out
}

// request is a report as far as it is public: of one that is not shown its
// state and its times.
func (w *writer) request(r *row, extended bool) georeport.Request {
	out := georeport.Request{ID: r.code, Status: georeport.Closed, Notes: georeport.Text(w.state(r)),
		Requested: w.moment(r.received), Updated: w.moment(r.updated), Expected: w.moment(r.due)}
	if r.active {
		out.Status = georeport.Open
	} else if !r.ended.IsZero() {
		out.Updated = w.moment(r.ended)
	}
	if !r.shown {
		return out
	}
	code, o, ok := named(w.byCode, r.service, r.category)
	out.ServiceCode, out.ServiceName = georeport.Text(code), georeport.Text(code)
	if ok {
		out.ServiceName = georeport.Text(w.words.Of(o.choice.Text))
	}
	out.Description = georeport.Text(r.text)
	if u := w.Cases.Government().Unit(r.unit); u != nil {
		out.Agency = georeport.Text(w.words.Of(u.Name))
	}
	if r.region != "" {
		out.Address, out.AddressID = georeport.Text(w.names.Name(r.region)), georeport.Text(r.region)
	}
	if r.lat != nil && r.lon != nil {
		out.Lat, out.Long = georeport.At(float64(*r.lat)/1e5), georeport.At(float64(*r.lon)/1e5)
	}
	photos := w.photos(r)
	if len(photos) > 0 {
		out.Media = georeport.Text(photos[0])
	}
	if extended {
		out.Extended = w.extended(r, photos)
	}
	return out
}

// state is where a report stands, in words.
func (w *writer) state(r *row) string {
	if r.into != nil && r.shown {
		return w.words.T("open311.state_merged_into", "code", *r.into)
	}
	return w.words.T("open311.state_" + r.state)
}

func (w *writer) moment(t time.Time) georeport.Moment {
	if t.IsZero() {
		return georeport.Moment{}
	}
	return georeport.Moment{Time: t.In(w.zone)}
}

// photos are the addresses of the pictures that are shown.
func (w *writer) photos(r *row) []string {
	var ids []string
	if r.photos == "" || w.Base == "" || json.Unmarshal([]byte(r.photos), &ids) != nil {
		return nil
	}
	out := make([]string, 0, len(ids))
	for i := range ids {
		out = append(out, w.Base+"/reports/"+r.code+"/photos/"+strconv.Itoa(i+1))
	}
	return out
}

func (w *writer) extended(r *row, photos []string) *georeport.Extended {
	e := &georeport.Extended{Title: georeport.Text(r.title), State: r.state, Kind: georeport.Text(r.kind),
		Supports: r.supports, Reopened: r.reopened, Photos: append([]string{}, photos...)}
	if w.Base != "" {
		e.URL = georeport.Text(w.Base + "/reports/" + r.code)
	}
	if r.into != nil {
		e.Into = georeport.Text(*r.into)
	}
	return e
}
