package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/law/rule"
)

// Kinds of publication.
const (
	kindService    = "service"
	kindGovernment = "government"
	kindCalendar   = "calendar"
)

// Bound is a published service, compiled: what a case is bound to.
type Bound struct {
	Hash     string
	Service  *definition.Service
	Template *definition.Template // nil unless the product is issued here
	Form     *form.Form
	Rules    *rule.Program
}

// Catalogue is what this government has published, as this node knows it. It
// is safe for use by many goroutines; a reload replaces it as a whole.
type Catalogue struct {
	db     *db.DB
	prints func(rune) bool // what a letter can print; nil: everything
	taken  func() error    // told after what is live was taken up; nil: nobody
	apart  bool            // of a preview: takes nothing up

	loading sync.Mutex // one load at a time

	mu     sync.RWMutex
	live   live
	bounds map[string]*Bound        // by hash, old ones too
	sets   map[string]*deadline.Set // by hash
}

// live is what holds now.
type live struct {
	seq        int64 // of the newest publication
	government *definition.Government
	hash       string
	services   map[string]*Bound // by id
	order      []string
	calendar   *deadline.Set
	clocks     map[string]deadline.Clock // by unit
	regions    definition.RegionSet
}

// Government is the live profile, units, roles and registers.
func (c *Catalogue) Government() *definition.Government { return c.now().government }

// Edition counts what was published: what a door derives from the live services
// holds as long as it stays the same.
func (c *Catalogue) Edition() int64 { return c.now().seq }

// Services lists the live services in the government's order.
func (c *Catalogue) Services() []*Bound {
	l := c.now()
	out := make([]*Bound, len(l.order))
	for i, id := range l.order {
		out[i] = l.services[id]
	}
	return out
}

// Offered lists the live services that people may ask for: not those that one
// unit asks of another.
func (c *Catalogue) Offered() []*Bound {
	return slices.DeleteFunc(c.Services(), func(b *Bound) bool { return !b.Service.Open() })
}

// Live finds a live service. Before it says that there is none it looks whether
// another node has published one.
func (c *Catalogue) Live(id string) (*Bound, error) {
	if b, ok := c.now().services[id]; ok {
		return b, nil
	}
	if err := c.Refresh(context.Background()); err != nil {
		return nil, err
	}
	if b, ok := c.now().services[id]; ok {
		return b, nil
	}
	return nil, fault.New(fault.Unknown, "casework.unknown_service")
}

// Register finds a number register.
func (c *Catalogue) Register(id string) (*definition.NumberRegister, error) {
	if r := c.now().government.Numbering(id); r != nil {
		return r, nil
	}
	return nil, fault.New(fault.Internal, "fault.internal").Because(errors.New("number register " + id + " is not defined"))
}

// UnitFor says which unit handles a case with these answers.
func (c *Catalogue) UnitFor(s *definition.Service, a form.Answers) (string, error) {
	return c.now().government.UnitFor(s.Unit, a)
}

// Regions is the set of region codes.
func (c *Catalogue) Regions() definition.RegionSet { return c.now().regions }

// Clock is the legal clock of a unit today.
func (c *Catalogue) Clock(unit string) (deadline.Clock, error) {
	if k, ok := c.now().clocks[unit]; ok {
		return k, nil
	}
	return deadline.Clock{}, fault.New(fault.Internal, "fault.internal").Because(errors.New("unit " + unit + " has no clock"))
}

// ClockAt is the legal clock of a unit under the calendar of that hash.
func (c *Catalogue) ClockAt(ctx context.Context, unit, calendar string) (deadline.Clock, error) {
	k, err := c.Clock(unit)
	if err != nil || k.Set.Hash == calendar {
		return k, err
	}
	set, err := c.set(ctx, calendar)
	k.Set = set
	return k, err
}

func (c *Catalogue) now() live {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.live
}

// At is the service under a hash, live or not: a case keeps what it began with.
func (c *Catalogue) At(ctx context.Context, hash string) (*Bound, error) {
	c.mu.RLock()
	b, ok := c.bounds[hash]
	c.mu.RUnlock()
	if ok {
		return b, nil
	}
	body, err := c.body(ctx, hash)
	if err != nil {
		return nil, err
	}
	if b, err = c.compile(hash, body, c.Regions()); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bounds[hash] = b
	return b, nil
}

func (c *Catalogue) set(ctx context.Context, hash string) (*deadline.Set, error) {
	c.mu.RLock()
	s, ok := c.sets[hash]
	c.mu.RUnlock()
	if ok {
		return s, nil
	}
	body, err := c.body(ctx, hash)
	if err != nil {
		return nil, err
	}
	if s, err = deadline.LoadSet(body); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sets[hash] = s
	return s, nil
}

func (c *Catalogue) body(ctx context.Context, hash string) (body []byte, err error) {
	err = c.db.Read(ctx, func(tx db.Tx) error {
		var text string
		err := tx.Row(`SELECT body FROM definition WHERE hash = ?`, hash).Scan(&text)
		body = []byte(text)
		return err
	})
	return body, err
}

// compile makes a published service ready to run. Where it yields a letter, its
// form takes only what the letter can print.
func (c *Catalogue) compile(hash string, body []byte, regions form.Regions) (*Bound, error) {
	s, t, err := definition.LoadClosure(body)
	if err != nil {
		return nil, err
	}
	p, problems := rule.Compile(s)
	if len(problems) > 0 {
		return nil, fmt.Errorf("casework: definition %s of %s no longer compiles at %s", hash, s.ID, problems[0].Path)
	}
	f := form.New(s, p).With(regions)
	if t != nil {
		f = f.Printing(c.prints)
	}
	return &Bound{Hash: hash, Service: s, Template: t, Form: f, Rules: p}, nil
}

// Load reads from the database what is live. It is called at start and when
// something was published.
func (c *Catalogue) Load(ctx context.Context) error {
	c.loading.Lock()
	defer c.loading.Unlock()
	return c.load(ctx)
}

func (c *Catalogue) load(ctx context.Context) error {
	pubs, seq, err := c.publications(ctx)
	if err != nil {
		return err
	}
	l := live{seq: seq, services: map[string]*Bound{}, clocks: map[string]deadline.Clock{}}
	if err := c.loadGovernment(ctx, &l, pubs); err != nil {
		return err
	}
	for id, hash := range pubs[kindService] {
		if hash == "" {
			continue // taken back
		}
		b, err := c.at(ctx, hash, l.regions)
		if err != nil {
			return err
		}
		l.services[id] = b
		l.order = append(l.order, id)
	}
	slices.Sort(l.order)
	c.mu.Lock()
	c.live = l
	c.mu.Unlock()
	if c.taken == nil {
		return nil
	}
	return c.taken()
}

// at is At with the regions of the government that is being loaded.
func (c *Catalogue) at(ctx context.Context, hash string, regions form.Regions) (*Bound, error) {
	body, err := c.body(ctx, hash)
	if err != nil {
		return nil, err
	}
	b, err := c.compile(hash, body, regions)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bounds[hash] = b
	return b, nil
}

func (c *Catalogue) loadGovernment(ctx context.Context, l *live, pubs published) error {
	hash := pubs[kindGovernment][kindGovernment]
	if hash == "" {
		return nil // nothing published yet
	}
	body, err := c.body(ctx, hash)
	if err != nil {
		return err
	}
	l.hash, l.government = hash, &definition.Government{}
	if err := json.Unmarshal(body, l.government); err != nil {
		return err
	}
	l.regions = l.government.RegionSet()
	if l.calendar, err = c.set(ctx, pubs[kindCalendar][kindCalendar]); err != nil {
		return err
	}
	return l.wind()
}

// wind sets the clock of every unit.
func (l *live) wind() error {
	for _, u := range l.government.Units {
		zone := u.Zone
		if zone == "" {
			zone = l.government.Profile.Zone
		}
		region := u.Region
		if region == "" {
			region = l.government.Profile.Code // an office for all of it keeps its regional holidays
		}
		o, err := l.calendar.Office(deadline.UnitSpec{Calendar: u.Calendar, Zone: zone, Region: region, Hours: u.Hours})
		if err != nil {
			return err
		}
		l.clocks[u.ID] = deadline.Clock{Set: l.calendar, Office: o}
	}
	return nil
}

// published is the newest hash of every kind and id.
type published map[string]map[string]string

// publications reads what is live, and the number of the newest publication.
func (c *Catalogue) publications(ctx context.Context) (out published, seq int64, err error) {
	err = c.db.Read(ctx, func(tx db.Tx) error {
		out, seq, err = readPublications(tx)
		return err
	})
	return out, seq, err
}

func readPublications(tx db.Tx) (out published, seq int64, err error) {
	out = published{kindService: {}, kindGovernment: {}, kindCalendar: {}, kindFolder: {}}
	rows, err := tx.Query(`SELECT seq, kind, id, hash FROM publication ORDER BY seq`)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, id, hash string
		if err := rows.Scan(&seq, &kind, &id, &hash); err != nil {
			return nil, 0, err
		}
		out[kind][id] = hash
	}
	return out, seq, rows.Err()
}

// Zone is the government's own zone.
func (c *Catalogue) Zone() *time.Location {
	z, err := deadline.Zone(c.Government().Profile.Zone)
	if err != nil {
		return time.UTC
	}
	return z
}
