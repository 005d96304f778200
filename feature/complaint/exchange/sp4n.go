package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pendopo/feature/complaint/georeport"
)

// sp4n is the nation's SP4N-LAPOR! as far as its closed documentation lets one
// guess: docs/exchange.md says what is assumed, and everything assumed is in this
// file and in the simulator of the tests.
type sp4n struct {
	config PeerConfig
	client *http.Client
}

// lapor is a report as that side is assumed to write it.
type lapor struct {
	Tracking   string   `json:"tracking_id,omitempty"`
	Reference  string   `json:"reference"` // the sender's own
	Title      string   `json:"title"`
	Content    string   `json:"content"`
	Category   string   `json:"category_id"`
	Class      string   `json:"classification"` // pengaduan, aspirasi, informasi
	Latitude   string   `json:"latitude,omitempty"`
	Longitude  string   `json:"longitude,omitempty"`
	Location   string   `json:"location,omitempty"`
	Attachment string   `json:"attachment_url,omitempty"`
	Happened   string   `json:"incident_date"`
	State      string   `json:"status,omitempty"`
	Created    w3Time   `json:"created_at,omitzero"`
	Changed    w3Time   `json:"updated_at,omitzero"`
	Answers    []reply4 `json:"followups,omitempty"`
}

// reply4 is a follow-up of an agency.
type reply4 struct {
	ID       string `json:"id"`
	Tracking string `json:"tracking_id"`
	Content  string `json:"content"`
	State    string `json:"status"`
	At       w3Time `json:"created_at"`
}

type w3Time struct{ time.Time }

// UnmarshalJSON takes any date of the specification, and none for nothing.
func (t *w3Time) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	if at, err := georeport.ParseMoment(s, time.UTC); err == nil {
		t.Time = at
	}
	return nil
}

// ended reports whether a state over there is an end.
func ended(state string) string {
	switch strings.ToLower(state) {
	case "selesai", "diarsipkan", "ditutup":
		return georeport.Closed
	}
	return georeport.Open
}

// Send files a report under its reference, which that side is assumed to take
// once.
func (s *sp4n) Send(ctx context.Context, p Parcel) (georeport.Receipt, error) {
	body, err := json.Marshal(lapor{Reference: p.Mark, Title: p.Title, Content: p.Text, Category: p.Service, Class: class(p.Attribute),
		Latitude: p.Lat.String(), Longitude: p.Long.String(), Location: p.Address, Attachment: p.Media, Happened: p.Received.Format(time.DateOnly)})
	if err != nil {
		return georeport.Receipt{}, err
	}
	var got struct {
		Data lapor `json:"data"`
	}
	r, err := s.call(ctx, http.MethodPost, "/reports", nil, body, p.Key)
	if err != nil {
		return georeport.Receipt{}, err
	}
	if err := json.Unmarshal(r.body, &got); err != nil || got.Data.Tracking == "" {
		return georeport.Receipt{}, fmt.Errorf("status %d without a tracking id", r.status)
	}
	return georeport.Receipt{ID: got.Data.Tracking}, nil
}

func class(attributes map[string]string) string {
	if c := attributes["classification"]; c != "" {
		return c
	}
	return "pengaduan"
}

// call asks that side. A refusal is Refused; anything else that is no success
// may have arrived.
func (s *sp4n) call(ctx context.Context, method, path string, query url.Values, body []byte, key string) (reply, error) {
	address := s.config.URL + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Bearer "+s.config.key)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	r, err := ask(s.client, req)
	switch {
	case err != nil:
		return r, err
	case r.status >= 300:
		var said struct {
			Message string `json:"message"`
		}
		why := fmt.Sprintf("status %d", r.status)
		if json.Unmarshal(r.body, &said) == nil && said.Message != "" {
			why += ": " + brief(said.Message)
		}
		if final(r.status) && method == http.MethodPost {
			return r, &Refused{why}
		}
		return r, fmt.Errorf("%s", why)
	}
	return r, nil
}

// Look gives reports by their ids, or those of ours within a time.
func (s *sp4n) Look(ctx context.Context, q Question) ([]georeport.Request, error) {
	query := url.Values{}
	if len(q.IDs) > 0 {
		query.Set("tracking_id", strings.Join(q.IDs, ","))
	} else {
		query.Set("from", w3(q.From))
		query.Set("to", w3(q.To))
	}
	r, err := s.call(ctx, http.MethodGet, "/reports", query, nil, "")
	if err != nil {
		return nil, err
	}
	var got struct {
		Data []lapor `json:"data"`
	}
	if err := json.Unmarshal(r.body, &got); err != nil {
		return nil, georeport.ErrAnswer
	}
	var out []georeport.Request
	for _, l := range got.Data {
		out = append(out, georeport.Request{ID: l.Tracking, Status: ended(l.State), Notes: georeport.Text(l.State), ServiceCode: georeport.Text(l.Category),
			Description: georeport.Text(l.Content + "\n" + l.Reference), Requested: georeport.Moment{Time: l.Created.Time}, Updated: georeport.Moment{Time: l.Changed.Time}})
	}
	return out, nil
}

// News gives the follow-ups of agencies within a time.
func (s *sp4n) News(ctx context.Context, from, to time.Time) ([]georeport.Update, error) {
	r, err := s.call(ctx, http.MethodGet, "/followups", url.Values{"from": {w3(from)}, "to": {w3(to)}}, nil, "")
	if err != nil {
		return nil, err
	}
	var got struct {
		Data []reply4 `json:"data"`
	}
	if err := json.Unmarshal(r.body, &got); err != nil {
		return nil, georeport.ErrAnswer
	}
	var out []georeport.Update
	for _, f := range got.Data {
		out = append(out, georeport.Update{ID: f.ID, Request: f.Tracking, Status: ended(f.State), Description: georeport.Text(f.Content),
			Updated: georeport.Moment{Time: f.At.Time}})
	}
	return out, nil
}
