package deadline

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v4"
)

// Scopes of a calendar of holidays.
const (
	National = "national"
	Regional = "region"
)

// readCalendar reads one file as far as it can be read by itself.
func (r *reader) readCalendar(data []byte) *Calendar {
	n := r.root(data)
	if n == nil || !r.plain(n) {
		return nil
	}
	f := r.fields(n, "calendar", "version", "scope", "region", "covers", "amends", "decree", "days", "patterns")
	c := &Calendar{Path: r.file, pos: map[string]position{"": place(n)}}
	for key, v := range f {
		c.pos[key] = place(v)
	}
	c.ID = r.text(r.must(n, f, "calendar"))
	c.Version = r.number(r.must(n, f, "version"), 1, 1_000_000)
	if f["patterns"] != nil {
		r.patternsOnly(f)
		c.Patterns = r.patterns(f["patterns"])
		return c
	}
	c.Scope = r.text(r.must(n, f, "scope"))
	c.Amends = r.text(f["amends"])
	r.readScope(n, f, c)
	c.Decree = r.decree(r.must(n, f, "decree"))
	for _, item := range r.items(r.must(n, f, "days")) {
		c.Days = append(c.Days, r.day(item, c.Amends != ""))
	}
	return c
}

// patternsOnly refuses the keys of holidays in a file of patterns.
func (r *reader) patternsOnly(f map[string]*yaml.Node) {
	for _, key := range []string{"scope", "region", "covers", "amends", "decree", "days"} {
		if f[key] != nil {
			r.fault(place(f[key]), "deadline.key_not_with_patterns", "key", key)
		}
	}
}

func (r *reader) readScope(n *yaml.Node, f map[string]*yaml.Node, c *Calendar) {
	switch c.Scope {
	case National:
		if c.Amends == "" {
			r.must(n, f, "covers")
		}
		for _, y := range r.items(f["covers"]) {
			c.Covers = append(c.Covers, r.number(y, 1971, 2199))
		}
		if f["region"] != nil {
			r.fault(place(f["region"]), "deadline.key_not_with_scope", "key", "region", "scope", National)
		}
	case Regional:
		c.Region = r.text(r.must(n, f, "region"))
		if f["covers"] != nil {
			r.fault(place(f["covers"]), "deadline.key_not_with_scope", "key", "covers", "scope", Regional)
		}
	case "":
	default:
		r.fault(place(f["scope"]), "deadline.scope_unknown")
	}
}

func (r *reader) decree(n *yaml.Node) Decree {
	if n == nil {
		return Decree{}
	}
	f := r.fields(n, "number", "date", "source")
	return Decree{Number: r.text(r.must(n, f, "number")), Date: r.date(r.must(n, f, "date")), Source: r.text(f["source"])}
}

func (r *reader) day(n *yaml.Node, amending bool) Holiday {
	f := r.fields(n, "date", "kind", "name")
	h := Holiday{at: place(n)}
	h.Date = r.date(r.must(n, f, "date"))
	h.Kind = Kind(r.text(r.must(n, f, "kind")))
	switch h.Kind {
	case PublicHoliday, Leave:
		h.Name = r.names(r.must(n, f, "name"))
	case Working:
		if !amending {
			r.fault(place(f["kind"]), "deadline.working_without_amends")
		}
		h.Name = r.names(f["name"])
	case "":
	default:
		r.fault(place(f["kind"]), "deadline.kind_unknown")
	}
	return h
}

func (r *reader) patterns(n *yaml.Node) []Pattern {
	var out []Pattern
	for _, item := range r.items(n) {
		f := r.fields(item, "id", "name", "hours", "skips", "basis")
		p := Pattern{at: place(item), Basis: r.text(f["basis"])}
		p.ID = r.text(r.must(item, f, "id"))
		p.Name = r.names(r.must(item, f, "name"))
		p.Hours = r.hours(r.must(item, f, "hours"))
		for _, s := range r.items(r.must(item, f, "skips")) {
			k := Kind(r.text(s))
			if k != PublicHoliday && k != Leave || slices.Contains(p.Skips, k) {
				r.fault(place(s), "deadline.skips_unknown")
			}
			p.Skips = append(p.Skips, k)
		}
		slices.Sort(p.Skips)
		out = append(out, p)
	}
	return out
}

func (r *reader) hours(n *yaml.Node) Hours {
	h := Hours{}
	if n == nil {
		return h
	}
	before := len(r.faults)
	f := r.fields(n)
	for _, key := range slices.Sorted(maps.Keys(f)) {
		var list []Interval
		for _, item := range r.items(f[key]) {
			v, err := ParseInterval(r.text(item))
			if err != nil {
				r.fault(place(item), faultKey(err))
				continue
			}
			list = append(list, v)
		}
		if err := h.put(key, list); err != nil {
			r.fault(place(f[key]), faultKey(err))
		}
	}
	if !h.open() && len(r.faults) == before {
		r.fault(place(n), "deadline.never_open")
	}
	return h
}
