package api

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// Bounds of one page of services.
const (
	usualPage   = 20
	longestPage = 100
)

// named is something with an id and its words in the caller's language.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Help string `json:"help,omitempty"`
}

type serviceLine struct {
	named
	Summary    string   `json:"summary,omitempty"`
	Definition string   `json:"definition"` // hash that a case names
	Channels   []string `json:"channels"`
	Href       string   `json:"href"`
}

type serviceList struct {
	Services []serviceLine `json:"services"`
	Next     string        `json:"next,omitempty"` // cursor of the next page
}

// services lists what can be asked for, a page at a time.
func (d *Door) services(w http.ResponseWriter, r *http.Request) error {
	limit, err := limitOf(r)
	if err != nil {
		return err
	}
	after, err := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("cursor"))
	if err != nil {
		return fault.New(fault.Invalid, "api.cursor")
	}
	words := page.Words(r.Context())
	out := serviceList{Services: []serviceLine{}}
	for _, b := range d.byID() {
		switch {
		case b.Service.ID <= string(after):
		case len(out.Services) == limit:
			last := out.Services[limit-1].ID
			out.Next = base64.RawURLEncoding.EncodeToString([]byte(last))
			return send(w, r, answer{body: out, cache: briefly})
		default:
			out.Services = append(out.Services, lineOf(b, words))
		}
	}
	return send(w, r, answer{body: out, cache: briefly})
}

// byID is the services in the order of their ids, so that a cursor stays good
// when services come and go.
func (d *Door) byID() []*casework.Bound {
	all := slices.Clone(d.Cases.Catalogue().Services())
	slices.SortFunc(all, func(a, b *casework.Bound) int {
		if a.Service.ID < b.Service.ID {
			return -1
		}
		return 1
	})
	return all
}

func limitOf(r *http.Request) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return usualPage, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > longestPage {
		return 0, fault.New(fault.Invalid, "api.limit").With("most", longestPage)
	}
	return n, nil
}

func lineOf(b *casework.Bound, words *page.Printer) serviceLine {
	s := b.Service
	return serviceLine{named: named{ID: s.ID, Name: words.Of(s.Name)}, Summary: words.Of(s.Summary),
		Definition: b.Hash, Channels: s.Channels, Href: servicePath(s.ID)}
}

func servicePath(id string) string { return "/api/v1/services/" + id }

type serviceView struct {
	serviceLine
	Fee          fee            `json:"fee"`
	Limit        limit          `json:"limit"`
	Requirements []named        `json:"requirements"`
	Procedure    []string       `json:"procedure"`
	Product      string         `json:"product,omitempty"`
	Cases        string         `json:"cases"`   // where an application is posted
	Answers      map[string]any `json:"answers"` // JSON Schema 2020-12
}

type fee struct {
	Rupiah int64  `json:"rupiah"`
	Text   string `json:"text,omitempty"`
}

type limit struct {
	Within string `json:"within"`
	Starts string `json:"starts"`
	Basis  string `json:"basis,omitempty"`
}

// service shows one service with the schema of its answers.
func (d *Door) service(w http.ResponseWriter, r *http.Request) error {
	b, err := d.Cases.Catalogue().Live(r.PathValue("id"))
	if err != nil {
		return err
	}
	words, s := page.Words(r.Context()), b.Service
	v := serviceView{
		serviceLine: lineOf(b, words), Requirements: requirements(s, words), Procedure: []string{},
		Fee:     fee{s.Standard.Fee.Rupiah, words.Of(s.Standard.Fee.Text)},
		Limit:   limit{s.Limit.Within, s.Limit.Starts, s.Limit.Basis},
		Product: words.Of(s.Product.Name), Cases: servicePath(s.ID) + "/cases", Answers: b.Form.JSONSchema(words.Lang()),
	}
	if v.Limit.Starts == "" {
		v.Limit.Starts = "received"
	}
	for _, t := range s.Standard.Procedure {
		v.Procedure = append(v.Procedure, words.Of(t))
	}
	return send(w, r, answer{body: v, cache: briefly})
}

func requirements(s *definition.Service, words *page.Printer) []named {
	out := []named{}
	for _, q := range s.Standard.Requirements {
		out = append(out, named{ID: q.ID, Name: words.Of(q.Text)})
	}
	return out
}
