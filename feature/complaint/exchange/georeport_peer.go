package exchange

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pendopo/feature/complaint/georeport"
)

// open311 is a peer that speaks GeoReport v2.
type open311 struct {
	config PeerConfig
	client *http.Client
}

func (o *open311) format() georeport.Format {
	if o.config.Format == "xml" {
		return georeport.XML
	}
	return georeport.JSON
}

// Send files a report.
func (o *open311) Send(ctx context.Context, p Parcel) (georeport.Receipt, error) {
	form := url.Values{"api_key": {o.config.key}, "service_code": {p.Service}, "description": {p.Text}}
	o.place(form, p)
	if p.Media != "" {
		form.Set("media_url", p.Media)
	}
	for name, v := range p.Attribute {
		form.Set("attribute["+name+"]", v)
	}
	r, err := o.post(ctx, "requests", form, p.Key)
	if err != nil {
		return georeport.Receipt{}, err
	}
	list, err := georeport.Records(georeport.FormatOf(r.kind, r.body), r.body, "request")
	if err != nil {
		return georeport.Receipt{}, err
	}
	for _, one := range list {
		if got := one.Receipt(); got.ID != "" || got.Token != "" {
			return got, nil
		}
	}
	return georeport.Receipt{}, fmt.Errorf("status %d without an id", r.status)
}

func (o *open311) place(form url.Values, p Parcel) {
	if p.Lat.Known && p.Long.Known {
		form.Set("lat", p.Lat.String())
		form.Set("long", p.Long.String())
	}
	if p.Address != "" {
		form.Set("address_string", p.Address)
	}
}

// post sends a form. What is refused is Refused; what a server has stumbled over
// may have arrived.
func (o *open311) post(ctx context.Context, resource string, form url.Values, key string) (reply, error) {
	if o.config.Jurisdiction != "" {
		form.Set("jurisdiction_id", o.config.Jurisdiction)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.config.URL+"/"+resource+o.format().Suffix(), strings.NewReader(form.Encode()))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	r, err := ask(o.client, req)
	switch {
	case err != nil:
		return r, err
	case final(r.status):
		return r, &Refused{refusal(georeport.FormatOf(r.kind, r.body), r)}
	case r.status >= 300:
		return r, fmt.Errorf("%s", refusal(georeport.FormatOf(r.kind, r.body), r))
	}
	return r, nil
}

// get asks one question.
func (o *open311) get(ctx context.Context, resource string, query url.Values, item string) ([]georeport.Record, error) {
	if o.config.Jurisdiction != "" {
		query.Set("jurisdiction_id", o.config.Jurisdiction)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.config.URL+"/"+resource+o.format().Suffix()+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	r, err := ask(o.client, req)
	switch {
	case err != nil:
		return nil, err
	case r.status == http.StatusNotFound:
		return nil, nil
	case r.status != http.StatusOK:
		return nil, fmt.Errorf("%s", refusal(georeport.FormatOf(r.kind, r.body), r))
	}
	return georeport.Records(georeport.FormatOf(r.kind, r.body), r.body, item)
}

// mostPages bounds how far a list is followed.
const mostPages = 100

// Look gives requests by ids, or page by page what there is of a time.
func (o *open311) Look(ctx context.Context, q Question) ([]georeport.Request, error) {
	query := url.Values{}
	if len(q.IDs) > 0 {
		query.Set("service_request_id", strings.Join(q.IDs, ","))
		return o.requests(ctx, query)
	}
	var out []georeport.Request
	seen := map[string]bool{}
	for from := q.From; from.Before(q.To); from = from.Add(georeport.MostSpan) {
		query.Set("start_date", w3(from))
		query.Set("end_date", w3(earlier(from.Add(georeport.MostSpan), q.To)))
		if len(q.Services) > 0 {
			query.Set("service_code", strings.Join(q.Services, ","))
		}
		for page := 1; page <= mostPages; page++ {
			query.Set("page", strconv.Itoa(page))
			list, err := o.requests(ctx, query)
			if err != nil {
				return nil, err
			}
			fresh := 0
			for _, one := range list {
				if !seen[one.ID] {
					seen[one.ID] = true
					out = append(out, one)
					fresh++
				}
			}
			if fresh == 0 { // the end, or a server that knows no pages
				break
			}
		}
	}
	return out, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func w3(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (o *open311) requests(ctx context.Context, query url.Values) ([]georeport.Request, error) {
	list, err := o.get(ctx, "requests", query, "request")
	out := make([]georeport.Request, 0, len(list))
	for _, one := range list {
		out = append(out, one.Request())
	}
	return out, err
}

// News asks for updates, where the peer has them.
func (o *open311) News(ctx context.Context, from, to time.Time) ([]georeport.Update, error) {
	if !o.config.Updates {
		return nil, nil
	}
	var out []georeport.Update
	for page := 1; page <= mostPages; page++ {
		list, err := o.get(ctx, "servicerequestupdates", url.Values{"start_date": {w3(from)}, "end_date": {w3(to)}, "page": {strconv.Itoa(page)}}, "request_update")
		if err != nil {
			return nil, err
		}
		before := len(out)
		for _, one := range list {
			if u := one.Update(); len(out) == 0 || u.ID != out[0].ID { // again from the beginning: it knows no pages
				out = append(out, u)
			} else {
				return out, nil
			}
		}
		if len(out) == before {
			break
		}
	}
	return out, nil
}

// Tell sends an update.
func (o *open311) Tell(ctx context.Context, u georeport.Update) error {
	if !o.config.Updates {
		return nil
	}
	_, err := o.post(ctx, "servicerequestupdates", url.Values{
		"api_key": {o.config.key}, "update_id": {u.ID}, "service_request_id": {u.Request}, "status": {strings.ToUpper(u.Status)},
		"updated_datetime": {u.Updated.String()}, "description": {string(u.Description)},
	}, "")
	return err
}

// Redeem asks what a token has become.
func (o *open311) Redeem(ctx context.Context, token string) (string, error) {
	list, err := o.get(ctx, "tokens/"+url.PathEscape(token), url.Values{}, "request")
	for _, one := range list {
		if one["service_request_id"] != "" {
			return one["service_request_id"], err
		}
	}
	return "", err
}
