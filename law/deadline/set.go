package deadline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"pendopo/kernel/fault"
)

func faultKey(err error) string { return fault.Of(err).Key }

// ParseCalendar reads all calendar files of a government, by path. An error is
// a Findings: every fault of every file, each at its line and column.
func ParseCalendar(files map[string][]byte) (*Set, error) {
	var all []Calendar
	var faults Findings
	for _, path := range slices.Sorted(maps.Keys(files)) {
		r := &reader{file: path}
		if c := r.readCalendar(files[path]); c != nil {
			all = append(all, *c)
		}
		faults = append(faults, r.faults...)
	}
	if len(faults) > 0 {
		return nil, faults.sorted()
	}
	return build(all)
}

// Canonical is the canonical form of the set, whose SHA-256 is its hash. Stored
// under that, an old proof can be computed again with LoadSet.
func (s *Set) Canonical() []byte {
	return canonical(struct {
		Language  int        `json:"language"`
		Calendars []Calendar `json:"calendars"`
	}{1, s.Calendars})
}

func canonical(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // only types that always marshal come here
		return nil
	}
	return b
}

func hash(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// LoadSet reads the canonical form of a set and checks it like files.
func LoadSet(form []byte) (*Set, error) {
	var in struct {
		Language  int        `json:"language"`
		Calendars []Calendar `json:"calendars"`
	}
	if err := json.Unmarshal(form, &in); err != nil {
		return nil, fmt.Errorf("canonical calendar set: %w", err)
	}
	if in.Language != 1 {
		return nil, fmt.Errorf("canonical calendar set: language %d", in.Language)
	}
	return build(in.Calendars)
}

// builder checks the calendars against one another and indexes them.
type builder struct {
	set    *Set
	byID   map[string]*Calendar
	days   map[*Calendar]map[Date]listed // of calendars that amend none, as amended
	faults Findings
}

// listed is a day and the calendar whose decree it stands on.
type listed struct {
	Holiday
	by *Calendar
}

func build(all []Calendar) (*Set, error) {
	slices.SortFunc(all, func(a, b Calendar) int { return cmp.Compare(a.ID, b.ID) })
	b := &builder{
		set:  &Set{Calendars: all, days: map[Date][]closing{}, patterns: map[string]*Pattern{}},
		byID: map[string]*Calendar{}, days: map[*Calendar]map[Date]listed{},
	}
	for i := range all {
		b.add(&all[i])
	}
	b.cover()
	b.base()
	b.amend()
	if len(b.set.patterns) == 0 && len(b.faults) == 0 {
		b.faults = append(b.faults, Finding{Code: "deadline.no_patterns"})
	}
	if len(b.faults) > 0 {
		return nil, b.faults.sorted()
	}
	b.index()
	b.set.Hash = hash(b.set.Canonical())
	return b.set, nil
}

func (b *builder) fault(c *Calendar, at position, code string, args ...any) {
	b.faults = append(b.faults, Finding{File: c.Path, Line: at.line, Column: at.column, Code: code, Args: args})
}

// add takes one calendar in: its id, and its patterns.
func (b *builder) add(c *Calendar) {
	c.Hash = hash(canonical(c))
	if b.byID[c.ID] != nil {
		b.fault(c, c.pos["calendar"], "deadline.id_twice", "id", c.ID)
		return
	}
	b.byID[c.ID] = c
	for i := range c.Patterns {
		p := &c.Patterns[i]
		if b.set.patterns[p.ID] != nil {
			b.fault(c, p.at, "deadline.id_twice", "id", p.ID)
		}
		b.set.patterns[p.ID] = p
	}
}

// cover notes the years that national calendars say they are complete for.
func (b *builder) cover() {
	owner := map[int]bool{}
	for i := range b.set.Calendars {
		c := &b.set.Calendars[i]
		for _, y := range c.Covers {
			if b.byID[c.ID] == c && owner[y] {
				b.fault(c, c.pos["covers"], "deadline.year_twice", "year", strconv.Itoa(y))
			}
			owner[y] = true
		}
	}
	for _, y := range slices.Sorted(maps.Keys(owner)) {
		first, last := newDate(y, time.January, 1), newDate(y, time.December, 31)
		if n := len(b.set.covered); n > 0 && b.set.covered[n-1].last+1 == first {
			b.set.covered[n-1].last = last
			continue
		}
		b.set.covered = append(b.set.covered, years{first, last})
	}
}

// base takes the days of calendars that amend none.
func (b *builder) base() {
	for i := range b.set.Calendars {
		c := &b.set.Calendars[i]
		if c.Amends != "" || len(c.Patterns) > 0 || b.byID[c.ID] != c {
			continue
		}
		b.days[c] = map[Date]listed{}
		for _, h := range b.unique(c) {
			if c.Scope == National && !slices.Contains(c.Covers, h.Date.Year()) {
				b.fault(c, h.at, "deadline.date_not_covered", "year", strconv.Itoa(h.Date.Year()))
			}
			b.days[c][h.Date] = listed{h, c}
		}
	}
}

// unique gives a calendar's days; a date that stands in it twice is a fault.
func (b *builder) unique(c *Calendar) []Holiday {
	seen := map[Date]bool{}
	for _, h := range c.Days {
		if seen[h.Date] {
			b.fault(c, h.at, "deadline.date_twice", "date", h.Date)
		}
		seen[h.Date] = true
	}
	return c.Days
}

// amend applies amending calendars in the order of their decrees' dates.
func (b *builder) amend() {
	var list []*Calendar
	for i := range b.set.Calendars {
		if b.set.Calendars[i].Amends != "" {
			list = append(list, &b.set.Calendars[i])
		}
	}
	slices.SortStableFunc(list, func(x, y *Calendar) int { return cmp.Compare(x.Decree.Date, y.Decree.Date) })
	for _, c := range list {
		base := b.byID[c.Amends]
		if base == nil || b.days[base] == nil || base.Scope != c.Scope || base.Region != c.Region {
			b.fault(c, c.pos["amends"], "deadline.amends_unknown", "id", c.Amends)
			continue
		}
		b.amendOne(c, base)
	}
}

func (b *builder) amendOne(c, base *Calendar) {
	for _, h := range b.unique(c) {
		if base.Scope == National && !slices.Contains(base.Covers, h.Date.Year()) {
			b.fault(c, h.at, "deadline.date_not_covered", "year", strconv.Itoa(h.Date.Year()))
		}
		if _, had := b.days[base][h.Date]; h.Kind == Working && !had {
			b.fault(c, h.at, "deadline.working_not_there", "date", h.Date)
		}
		if h.Kind == Working {
			delete(b.days[base], h.Date)
			continue
		}
		b.days[base][h.Date] = listed{h, c} // the amending decree is the basis now
	}
}

// index makes the table the clock reads: holidays before leave, and what holds
// everywhere before what holds in a region.
func (b *builder) index() {
	for base, days := range b.days {
		for d, h := range days {
			b.set.days[d] = append(b.set.days[d], closing{kind: h.Kind, region: base.Region, name: h.Name, decree: &h.by.Decree})
		}
	}
	for _, list := range b.set.days {
		slices.SortStableFunc(list, func(x, y closing) int {
			return cmp.Or(cmp.Compare(x.kind, y.kind), cmp.Compare(x.region, y.region), cmp.Compare(x.decree.Number, y.decree.Number))
		})
	}
}
