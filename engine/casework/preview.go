package casework

import (
	"encoding/json"
	"io/fs"
	"slices"

	"pendopo/law/deadline"
	"pendopo/law/definition"
)

// Preview is an engine that knows files which nobody has published, to show what
// they would be. It takes nothing up that is published later; it is for pages,
// not for cases.
func (e *Engine) Preview(fsys fs.FS) (*Engine, error) {
	g, found := definition.Read(fsys)
	if definition.Failed(found) {
		return nil, ErrFindings
	}
	items, err := itemsOf(fsys, g)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{db: e.db, prints: e.cat.prints, apart: true, bounds: map[string]*Bound{}, sets: map[string]*deadline.Set{}}
	l := live{services: map[string]*Bound{}, clocks: map[string]deadline.Clock{}, government: &definition.Government{}}
	for _, it := range items {
		switch it.kind {
		case kindGovernment:
			l.hash, err = it.hash, json.Unmarshal([]byte(it.body), l.government)
		case kindCalendar:
			l.calendar, err = deadline.LoadSet([]byte(it.body))
		}
		if err != nil {
			return nil, err
		}
	}
	l.regions = l.government.RegionSet()
	if err := l.wind(); err != nil {
		return nil, err
	}
	for _, it := range items {
		if it.kind != kindService {
			continue
		}
		b, err := c.compile(it.hash, []byte(it.body), l.regions)
		if err != nil {
			return nil, err
		}
		l.services[it.id], c.bounds[it.hash] = b, b
		l.order = append(l.order, it.id)
	}
	slices.Sort(l.order)
	c.live = l
	preview := *e
	preview.cat = c
	return &preview, nil
}
