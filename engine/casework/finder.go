package casework

import (
	"sync"

	"pendopo/law/definition"
	"pendopo/law/search"
)

// Finder finds services by people's own words. It keeps one index for each
// language, of the edition that is live; a publication makes it anew.
type Finder struct {
	e       *Engine
	mu      sync.Mutex
	edition int64
	index   map[string]*search.Index
}

// NewFinder is the finder of an engine's services.
func NewFinder(e *Engine) *Finder { return &Finder{e: e} }

// Find gives the services that fit a question, the best first.
func (f *Finder) Find(lang, question string, most int) []*Bound {
	var out []*Bound
	for _, h := range f.in(lang).Find(question, most) {
		if b, err := f.e.Catalogue().Live(h.Service); err == nil { // it may just have been withdrawn
			out = append(out, b)
		}
	}
	return out
}

func (f *Finder) in(lang string) *search.Index {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.e.Catalogue()
	if now := c.Edition(); f.index == nil || now != f.edition {
		f.index, f.edition = map[string]*search.Index{}, now
	}
	if f.index[lang] == nil {
		var services []*definition.Service
		for _, b := range c.Offered() {
			services = append(services, b.Service)
		}
		f.index[lang] = search.New(c.Government(), services, lang, search.Parts{})
	}
	return f.index[lang]
}
