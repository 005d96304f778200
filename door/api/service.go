package api

import (
	"context"
	"encoding/base64"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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
	Summary    string   `json:"summary,omitempty" doc:"One sentence on what it is for."`
	Definition string   `json:"definition" doc:"Hash of the live definition, which an application names."`
	Channels   []string `json:"channels" doc:"How it may be asked for: portal, counter, api."`
	Need       string   `json:"need,omitempty" doc:"Id of the need it belongs to."`
	Events     []string `json:"events,omitempty" doc:"Ids of the events of life that lead to it."`
	Href       string   `json:"href"`
}

type serviceList struct {
	Services []serviceLine `json:"services"`
	Next     string        `json:"next,omitempty" doc:"Cursor of the next page; absent on the last."`
}

// internal is the channel of services that one unit asks of another.
const internal = "internal"

// live is a service that is offered to people.
func (d *Door) live(id string) (*casework.Bound, error) {
	b, err := d.Cases.Catalogue().Live(id)
	if err == nil && slices.Contains(b.Service.Channels, internal) {
		return nil, fault.New(fault.Unknown, "casework.unknown_service")
	}
	return b, err
}

// offered is the services for people in the order of their ids, so that a
// cursor stays good when services come and go.
func (d *Door) offered() []*casework.Bound {
	return slices.SortedFunc(slices.Values(d.Cases.Catalogue().Offered()), func(a, b *casework.Bound) int { return strings.Compare(a.Service.ID, b.Service.ID) })
}

// services lists what can be asked for, a page at a time, or with q what fits a
// question, the best first.
func (d *Door) services(w http.ResponseWriter, r *http.Request) error {
	limit, err := limitOf(r, usualPage, longestPage)
	if err != nil {
		return err
	}
	words := page.Words(r.Context())
	out := serviceList{Services: []serviceLine{}}
	if q := strings.TrimSpace(r.URL.Query().Get("q")); q != "" {
		if len(q) > longestSearch || !utf8.ValidString(q) {
			return fault.New(fault.Invalid, "api.query_long").With("most", longestSearch)
		}
		for _, b := range d.Finder.Find(words.Lang(), q, limit) {
			out.Services = append(out.Services, lineOf(b, words))
		}
		return send(w, r, answer{body: out, cache: briefly})
	}
	after, err := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("cursor"))
	if err != nil {
		return fault.New(fault.Invalid, "api.cursor")
	}
	for _, b := range d.offered() {
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

// limitOf reads how long a list may be.
func limitOf(r *http.Request, usual, most int) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fault.New(fault.Invalid, "api.limit").With("most", most)
	}
	return n, nil
}

func lineOf(b *casework.Bound, words *page.Printer) serviceLine {
	s := b.Service
	return serviceLine{named: named{ID: s.ID, Name: words.Of(s.Name)}, Summary: words.Of(s.Summary), Definition: b.Hash,
		Channels: s.Channels, Need: s.Need, Events: s.Events, Href: servicePath(s.ID)}
}

func servicePath(id string) string { return "/api/v1/services/" + id }

type serviceView struct {
	serviceLine
	Unit         string         `json:"unit,omitempty" doc:"Id of the office that handles it; absent when that follows from an answer."`
	Fee          fee            `json:"fee"`
	Limit        limit          `json:"limit"`
	Took         *took          `json:"took,omitempty" doc:"How long answers took lately; absent while there are too few."`
	Variants     *variants      `json:"variants,omitempty" doc:"The answer that requirements differ by."`
	Proxy        bool           `json:"proxy,omitempty" doc:"Whether somebody else may apply with a mandate."`
	Requirements []requirement  `json:"requirements"`
	Procedure    []string       `json:"procedure" doc:"What happens, in plain words."`
	Product      string         `json:"product,omitempty" doc:"What the applicant gets."`
	System       string         `json:"system,omitempty" doc:"The national system that makes the product, where one does."`
	Basis        []basis        `json:"legal_basis" doc:"The norms it rests on."`
	Cases        string         `json:"cases" doc:"Where an application is posted."`
	Answers      map[string]any `json:"answers" doc:"JSON Schema (2020-12) of the answers, in the caller's language."`
}

type fee struct {
	Rupiah int64     `json:"rupiah" doc:"Whole rupiah; 0 is free."`
	Text   string    `json:"text,omitempty"`
	Cases  []feeCase `json:"cases,omitempty" doc:"What it is under a condition; the first that holds."`
}

type feeCase struct {
	Text   string `json:"text" doc:"The condition in words."`
	Rupiah int64  `json:"rupiah,omitempty" doc:"Whole rupiah; absent when it is computed from the answers."`
}

type limit struct {
	Within string      `json:"within" doc:"The promised time: 3 working days."`
	Starts string      `json:"starts" doc:"received, or complete: when the file is found complete."`
	Basis  string      `json:"basis,omitempty" doc:"The norm that says so."`
	Cases  []limitCase `json:"cases,omitempty" doc:"The time under a condition; the first that holds."`
}

type limitCase struct {
	When   string `json:"when" doc:"The condition, as the definition writes it (CEL)."`
	Within string `json:"within"`
	Basis  string `json:"basis,omitempty"`
}

type took struct {
	Answers int     `json:"answers" doc:"How many matters were answered within a year, at most the newest 500."`
	Half    float64 `json:"median_hours" doc:"Hours from the first application to the answer: half of them took no longer."`
	Most    float64 `json:"p90_hours" doc:"Nine of ten took no longer."`
}

type variants struct {
	Field   string  `json:"field" doc:"Id of the choice."`
	Choices []named `json:"choices"`
}

type requirement struct {
	named
	For     []string `json:"for,omitempty" doc:"Variants that want it; absent: all."`
	Fields  []string `json:"fields,omitempty" doc:"Ids of the answers that ask for it."`
	Instead []named  `json:"instead,omitempty" doc:"What counts in its place."`
}

type basis struct {
	Norm string `json:"norm"`
	Date string `json:"date" doc:"Date of the norm: 2009-07-18."`
	Text string `json:"text,omitempty"`
}

// service shows one service with the schema of its answers.
func (d *Door) service(w http.ResponseWriter, r *http.Request) error {
	b, err := d.live(r.PathValue("id"))
	if err != nil {
		return err
	}
	words, s := page.Words(r.Context()), b.Service
	v := serviceView{
		serviceLine: lineOf(b, words), Unit: s.Unit.Unit, Fee: feeOf(s, words), Limit: limitOfService(s), Variants: variantsOf(s, words),
		Proxy: s.Proxy, Requirements: requirements(s, words), Procedure: []string{}, Basis: []basis{}, System: s.Product.System,
		Product: words.Of(s.Product.Name), Cases: servicePath(s.ID) + "/cases", Answers: b.Form.JSONSchema(words.Lang()),
	}
	if v.Took, err = d.took(r.Context(), s.ID); err != nil {
		return err
	}
	for _, t := range s.Standard.Procedure {
		v.Procedure = append(v.Procedure, words.Of(t))
	}
	for _, n := range s.Standard.LegalBasis {
		v.Basis = append(v.Basis, basis{n.Norm, n.Date, words.Of(n.Text)})
	}
	return send(w, r, answer{body: v, cache: briefly})
}

// fewest answers of which a time is told: fewer would tell of single people.
const fewest = 5

// took is how long a service really took; nil while that is known of few, and
// while it is first worked out.
func (d *Door) took(ctx context.Context, service string) (*took, error) {
	n, half, most, err := d.Times.Times(ctx, service)
	if err != nil || n < fewest {
		return nil, err
	}
	hours := func(t time.Duration) float64 { return math.Round(t.Hours()*10) / 10 }
	return &took{n, hours(half), hours(most)}, nil
}

func feeOf(s *definition.Service, words *page.Printer) fee {
	f := s.Standard.Fee
	out := fee{Rupiah: f.Rupiah, Text: words.Of(f.Text)}
	for _, c := range f.Cases {
		out.Cases = append(out.Cases, feeCase{words.Of(c.Text), c.Rupiah})
	}
	return out
}

func limitOfService(s *definition.Service) limit {
	out := limit{Within: s.Limit.Within, Starts: s.Limit.Starts, Basis: s.Limit.Basis}
	if out.Starts == "" {
		out.Starts = "received"
	}
	for _, c := range s.Limit.Cases {
		out.Cases = append(out.Cases, limitCase{c.When, c.Within, c.Basis})
	}
	return out
}

func variantsOf(s *definition.Service, words *page.Printer) *variants {
	f := s.Field(s.Variants)
	if s.Variants == "" || f == nil {
		return nil
	}
	out := &variants{Field: f.ID, Choices: []named{}}
	for _, c := range f.Choices {
		out.Choices = append(out.Choices, named{ID: c.ID, Name: words.Of(c.Text)})
	}
	return out
}

func requirements(s *definition.Service, words *page.Printer) []requirement {
	out := []requirement{}
	for _, q := range s.Standard.Requirements {
		one := requirement{named: named{ID: q.ID, Name: words.Of(q.Text)}, For: q.For, Fields: q.Field}
		for _, x := range q.Instead {
			one.Instead = append(one.Instead, named{ID: x.ID, Name: words.Of(x.Text)})
		}
		out = append(out, one)
	}
	return out
}
