package api

import (
	"sync"

	"pendopo/engine/casework"
	"pendopo/law/definition"
	"pendopo/law/search"
)

// finder keeps one index of the services for each language, until something is
// published.
type finder struct {
	mu      sync.Mutex
	edition int64
	index   map[string]*search.Index
}

// found is the services that fit a question, the best first.
func (d *Door) found(lang, question string, most int) []*casework.Bound {
	var out []*casework.Bound
	for _, h := range d.indexIn(lang).Find(question, most) {
		if b, err := d.live(h.Service); err == nil {
			out = append(out, b)
		}
	}
	return out
}

func (d *Door) indexIn(lang string) *search.Index {
	f := &d.finder
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := d.Cases.Catalogue().Edition(); f.index == nil || now != f.edition {
		f.index, f.edition = map[string]*search.Index{}, now
	}
	if f.index[lang] == nil {
		var services []*definition.Service
		for _, b := range d.offered() {
			services = append(services, b.Service)
		}
		f.index[lang] = search.New(d.Cases.Government(), services, lang, search.Parts{})
	}
	return f.index[lang]
}
