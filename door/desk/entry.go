package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/policy"
)

// counterChannel is how a matter came that is typed in here.
const counterChannel = "counter"

// entry is one matter being typed in: the service, who types, and what has come
// in so far.
type entry struct {
	me
	d       *Door
	ctx     context.Context // of the one request this lives in
	from    string          // address of that request
	b       *casework.Bound
	zone    *time.Location
	now     time.Time
	values  url.Values
	taken   map[string][]string // field → files that came with this request
	looked  []string            // papers that were looked at and given back
	draft   string              // code and secret of the draft that holds the files
	focus   string              // the item of a group that came or went
	stream  string              // of that draft; empty while no file has come
	answers form.Answers
	faults  []*fault.Fault
}

// newEntry begins an entry of a service that this officer may type in.
func (d *Door) newEntry(r *http.Request, m me, service string) (*entry, error) {
	b, err := d.Cases.Catalogue().Live(service)
	if err != nil {
		return nil, err
	}
	units := d.counters(m, b.Service)
	if len(units) == 0 || !slices.Contains(b.Service.Channels, counterChannel) {
		return nil, d.refused(m, b.Service)
	}
	return &entry{
		me: m.about(r, b.Service), d: d, ctx: r.Context(), from: d.Address(r), b: b, zone: d.zone(units[0]), now: d.Now(),
		values: url.Values{}, taken: map[string][]string{}, answers: form.Answers{},
	}, nil
}

// refused says why nothing may be typed in: the policy's no, or the service's.
func (d *Door) refused(m me, s *definition.Service) error {
	if !slices.Contains(s.Channels, counterChannel) {
		return fault.New(fault.Unknown, "flow.channel_not_open")
	}
	for _, u := range append(unitsOf(m), s.Unit.Unit) {
		if err := d.require(m, policy.Enter, policy.Office{Unit: u}); err != nil {
			return err
		}
	}
	return fault.New(fault.Forbidden, "identity.forbidden")
}

// counters are the units at which this officer may type in a service: the one
// that handles it, or of those that each serve a region, one's own. What somebody
// tells about anything at all is heard at every counter: none is the wrong one.
func (d *Door) counters(m me, s *definition.Service) []string {
	var out []string
	if s.Unit.Unit != "" && d.may(m, policy.Enter, policy.Office{Unit: s.Unit.Unit}) {
		out = append(out, s.Unit.Unit)
	}
	if s.Unit.Unit != "" && s.Vault == nil {
		return out
	}
	for _, u := range unitsOf(m) {
		if u == s.Unit.Unit || !d.may(m, policy.Enter, policy.Office{Unit: u}) {
			continue
		}
		if s.Unit.Unit != "" || len(d.served(s, []string{u})) > 0 {
			out = append(out, u)
		}
	}
	return out
}

// served are the regions whose matters of a service go to one of some units.
func (d *Door) served(s *definition.Service, units []string) []definition.Region {
	var out []definition.Region
	g := d.Cases.Government()
	for _, r := range g.Regions {
		u, err := g.UnitFor(s.Unit, map[string]any{s.Unit.Region: r.Code})
		if err == nil && slices.Contains(units, u) && s.Field(s.Unit.Region) != nil &&
			definition.LevelOf(r.Code) == s.Field(s.Unit.Region).Level {
			out = append(out, r)
		}
	}
	return out
}

// counterView lists what can be typed in.
type counterView struct{ Services []counterService }

type counterService struct{ ID, Href, Name, Text, Key string }

func (d *Door) counter(w http.ResponseWriter, r *http.Request, m me) error {
	v := counterView{d.enterable(m, newKeys())}
	if len(v.Services) == 0 && !d.anywhere(m, policy.Enter, unitsOf(m)) {
		return fault.New(fault.Forbidden, "identity.forbidden")
	}
	return d.page(w, r, m, view{Title: m.words.T("desk.counter_title"), Body: counterPage(v)})
}

// enterable are the services that this officer may type in, each with its key.
func (d *Door) enterable(m me, k *keys) []counterService {
	var out []counterService
	for _, b := range d.Cases.Catalogue().Services() {
		if !slices.Contains(b.Service.Channels, counterChannel) || len(d.counters(m, b.Service)) == 0 {
			continue
		}
		name := m.words.Of(b.Service.Name)
		out = append(out, counterService{b.Service.ID, "/desk/enter/" + b.Service.ID, name, m.words.Of(b.Service.Summary), k.take(name)})
	}
	return out
}

func (d *Door) entryForm(w http.ResponseWriter, r *http.Request, m me) error {
	e, err := d.newEntry(r, m, r.PathValue("service"))
	if err != nil {
		return err
	}
	e.presume()
	return e.show(w, r, 0)
}

// presume fills in what can only be one thing: the region, where this counter
// serves one alone.
func (e *entry) presume() {
	s := e.b.Service
	if places := e.d.served(s, e.d.counters(e.me, s)); s.Unit.Unit == "" && len(places) == 1 {
		e.answers[s.Unit.Region] = places[0].Code
	}
}

// entry takes what was typed in: all of it is read, kept and checked, and either
// accepted as a whole or shown again with everything there is to correct.
func (d *Door) entry(w http.ResponseWriter, r *http.Request, m me) error {
	e, err := d.newEntry(r, m, r.PathValue("service"))
	if err != nil {
		return err
	}
	if err := e.receive(r); err != nil {
		return err
	}
	e.gather()
	if id := e.values.Get("_remove"); id != "" {
		e.remove(id)
		return e.show(w, r, 0)
	}
	if e.changesItems() {
		e.read()
		return e.show(w, r, 0)
	}
	if e.values.Get("_pick") != "" { // the next list of a place, or what a search found
		return e.show(w, r, 0)
	}
	s, err := e.submission()
	if err != nil {
		return err
	}
	if len(e.faults) > 0 {
		return e.show(w, r, http.StatusUnprocessableEntity)
	}
	got, err := d.Cases.Submit(r.Context(), s)
	if f := fault.Of(err); f != nil {
		if f.Kind != fault.Invalid && f.Key != "casework.definition_over" {
			return err
		}
		e.faults = spread(f)
		return e.show(w, r, f.Status())
	}
	if got.Again && e.stream != "" && e.stream != got.Stream {
		if err := d.Cases.DiscardDraft(e.stream); err != nil {
			return err
		}
	}
	e.lookedAt(s, got)
	return e.showSlip(w, r, got)
}

// lookedAt records which papers were looked at and given back. Should that fail,
// the matter is accepted all the same: the papers are awaited, and its page says so.
func (e *entry) lookedAt(s casework.Submission, got casework.Accepted) {
	if len(e.looked) == 0 {
		return
	}
	seen := form.Answers{}
	for _, id := range e.looked {
		seen[id] = []string{form.AtCounter}
	}
	c, err := e.d.Cases.State(e.ctx, got.Stream)
	if err == nil && slices.ContainsFunc(e.looked, func(id string) bool { return slices.Contains(c.Pending, id) }) {
		once := s.Once
		once.Scope += "/looked"
		_, err = e.d.Cases.Act(e.ctx, casework.Deed{Stream: got.Stream, Seen: c.Version, Do: flow.DoPapers, Actor: e.ID, By: s.By, Once: once, Answers: seen})
	}
	if err != nil {
		e.d.Log.WarnContext(e.ctx, "papers that were looked at are still awaited", "err", err)
	}
}

// spread is the located faults of one.
func spread(f *fault.Fault) []*fault.Fault {
	if len(f.More) == 0 {
		return []*fault.Fault{f}
	}
	return f.More
}

// submission checks the answers and makes of them what the engine takes. The
// request under the key is what was typed, not the ids of files: sent a second
// time it is the same, though its files come anew.
func (e *entry) submission() (casework.Submission, error) {
	e.parse()
	received, evidence := e.receivedAt()
	unit := e.unit()
	once, err := onceOf(e.me, "enter", e.values.Get("once"), e.typed())
	return casework.Submission{
		Service: e.b.Service.ID, Definition: e.values.Get("definition"), Channel: counterChannel, Lang: e.lang(),
		Draft: e.stream, Answers: e.answers, Received: received, Evidence: evidence, Actor: e.ID, By: e.post(unit), Once: once,
	}, err
}

// typed is what was typed, without tokens and without files.
func (e *entry) typed() url.Values {
	out := url.Values{}
	for k, all := range e.values {
		paper := e.fileField(k) != nil || strings.HasSuffix(k, "-had")
		if !paper && !strings.HasPrefix(k, "_") && k != "draft" && k != "once" {
			out[k] = all
		}
	}
	return out
}

// lang is the language in which the applicant will be spoken to: the page's,
// when the government speaks it.
func (e *entry) lang() string {
	if l := e.me.words.Lang(); slices.Contains(e.d.Cases.Government().Profile.Languages, l) {
		return l
	}
	return "id"
}

// post is the capacity in which this officer types: a post at the unit.
func (e *entry) post(unit string) fold.Holder {
	for _, p := range e.Posts {
		if p.Unit == unit {
			return fold.Holder{Who: "role", Role: p.Role, Unit: p.Unit}
		}
	}
	return fold.Holder{}
}

// unit is the one that will handle the matter; it must be one at which this
// officer may type in. What is told at any counter is typed in by this one.
func (e *entry) unit() string {
	if own := e.d.counters(e.me, e.b.Service); e.b.Service.Vault != nil && len(own) > 0 {
		return own[0]
	}
	unit, err := e.d.Cases.Catalogue().UnitFor(e.b.Service, e.answers)
	if err != nil {
		return "" // the region is missing or unknown, which is said at its field
	}
	if e.d.require(e.me, policy.Enter, policy.Office{Unit: unit}) != nil {
		words := e.d.wordsFor(e.me, e.b.Service, unit)
		e.faults = append(e.faults, fault.New(fault.Invalid, "desk.other_unit").At(e.b.Service.Unit.Region).With("unit", words.Unit(unit)))
	}
	return unit
}

// receivedAt reads when the matter reached the counter; nothing typed means now.
func (e *entry) receivedAt() (time.Time, string) {
	day, month, year := e.values.Get("received-day"), e.values.Get("received-month"), e.values.Get("received-year")
	clock := strings.NewReplacer(".", ":", " ", "").Replace(e.values.Get("received-time"))
	if day+month+year+clock == "" {
		return time.Time{}, ""
	}
	if clock == "" {
		clock = "0:00"
	}
	at, err := time.ParseInLocation("2006-1-2 15:4", strings.Join([]string{year, month, day}, "-")+" "+clock, e.zone)
	if err != nil || at.Year() < 2000 {
		e.faults = append(e.faults, fault.New(fault.Invalid, "desk.received_unreadable").At("received"))
		return time.Time{}, ""
	}
	evidence := e.values.Get("evidence")
	if !slices.Contains(casework.Evidences(), evidence) {
		e.faults = append(e.faults, fault.New(fault.Invalid, "casework.evidence_missing").At("evidence"))
	}
	return at, evidence
}
