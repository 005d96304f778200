package metric

import (
	"context"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// mostSeries bounds the label values of one family.
const mostSeries = 1000

// Labels are the values of a family's labels, in the order of their names; what
// is not used is empty.
type Labels [3]string

// Set is what one program counts. It is safe for use by many goroutines once
// its families have been made.
type Set struct {
	mu       sync.Mutex
	families []family
}

// family is one name with its help and its series.
type family interface {
	write(ctx context.Context, w *text)
}

// New is an empty set.
func New() *Set { return &Set{} }

func (s *Set) add(f family) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.families = append(s.families, f)
}

// Write writes everything, in the order in which it was made. What has to be
// asked for is given up when ctx ends, and left out.
func (s *Set) Write(ctx context.Context, out io.Writer) error {
	s.mu.Lock()
	families := s.families
	s.mu.Unlock()
	w := &text{}
	for _, f := range families {
		f.write(ctx, w)
	}
	_, err := io.WriteString(out, w.String())
	return err
}

// named is what every family has.
type named struct {
	name, help string
	labels     []string
}

// series are the values of a family by their labels.
type series[T any] struct {
	known sync.Map // Labels → *T
	mu    sync.Mutex
	order []Labels
}

// of finds the series of some labels, and makes it while there is room.
func (s *series[T]) of(l Labels, labels int) *T {
	if v, ok := s.known.Load(l); ok {
		return v.(*T)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.order) >= mostSeries {
		l = Labels{}
		for i := range labels {
			l[i] = "other"
		}
	}
	v, had := s.known.LoadOrStore(l, new(T))
	if !had {
		s.order = append(s.order, l)
	}
	return v.(*T)
}

func (s *series[T]) each(fn func(l Labels, v *T)) {
	s.mu.Lock()
	order := s.order
	s.mu.Unlock()
	for _, l := range order {
		v, _ := s.known.Load(l)
		fn(l, v.(*T))
	}
}

// Counter only grows.
type Counter struct {
	named
	series series[atomic.Int64]
}

// Counter makes a counter; its name ends with _total.
func (s *Set) Counter(name, help string, labels ...string) *Counter {
	c := &Counter{named: named{name, help, labels}}
	s.add(c)
	return c
}

// Add counts n more.
func (c *Counter) Add(n int64, l Labels) { c.series.of(l, len(c.labels)).Add(n) }

func (c *Counter) write(_ context.Context, w *text) {
	w.head(c.named, "counter")
	c.series.each(func(l Labels, v *atomic.Int64) { w.line(c.name, c.labels, l, "", float64(v.Load())) })
}

// Histogram counts how large things were.
type Histogram struct {
	named
	bounds []float64
	series series[spread]
}

// spread is one series of a histogram; the last bucket is the rest.
type spread struct {
	buckets [16]atomic.Int64
	sum     atomic.Uint64 // the bits of a float64
}

// Histogram makes a histogram of at most 15 upper bounds, in growing order.
func (s *Set) Histogram(name, help string, bounds []float64, labels ...string) *Histogram {
	h := &Histogram{named: named{name, help, labels}, bounds: bounds[:min(len(bounds), 15)]}
	s.add(h)
	return h
}

// Observe tells of one thing.
func (h *Histogram) Observe(value float64, l Labels) {
	v := h.series.of(l, len(h.labels))
	at := 0
	for at < len(h.bounds) && value > h.bounds[at] {
		at++
	}
	v.buckets[at].Add(1)
	for {
		old := v.sum.Load()
		if v.sum.CompareAndSwap(old, math.Float64bits(math.Float64frombits(old)+value)) {
			return
		}
	}
}

func (h *Histogram) write(_ context.Context, w *text) {
	w.head(h.named, "histogram")
	h.series.each(func(l Labels, v *spread) {
		total := int64(0)
		for i, bound := range h.bounds {
			total += v.buckets[i].Load()
			w.line(h.name+"_bucket", h.labels, l, number(bound), float64(total))
		}
		total += v.buckets[len(h.bounds)].Load()
		w.line(h.name+"_bucket", h.labels, l, "+Inf", float64(total))
		w.line(h.name+"_sum", h.labels, l, "", math.Float64frombits(v.sum.Load()))
		w.line(h.name+"_count", h.labels, l, "", float64(total))
	})
}

// Value is one number that was asked for.
type Value struct {
	Labels Labels
	Number float64
}

type asked struct {
	named
	kind string
	ask  func(ctx context.Context) []Value
}

// Ask makes a family that is read when somebody looks. Kind is "gauge", or
// "counter" for what only grows. No value means that nothing is known now.
func (s *Set) Ask(kind, name, help string, ask func(ctx context.Context) []Value, labels ...string) {
	s.add(&asked{named{name, help, labels}, kind, ask})
}

// One is a family without labels as Ask wants it.
func One(n float64) []Value { return []Value{{Number: n}} }

func (a *asked) write(ctx context.Context, w *text) {
	w.head(a.named, a.kind)
	for _, v := range a.ask(ctx) {
		w.line(a.name, a.labels, v.Labels, "", v.Number)
	}
}

// text is the exposition as it grows.
type text struct{ strings.Builder }

func (w *text) head(n named, kind string) {
	w.WriteString("# HELP " + n.name + " " + n.help + "\n# TYPE " + n.name + " " + kind + "\n")
}

// line writes one sample; le is the upper bound of a bucket.
func (w *text) line(name string, labels []string, l Labels, le string, v float64) {
	w.WriteString(name)
	sep := "{"
	for i, label := range labels {
		w.WriteString(sep + label + `="` + escaped(l[i]) + `"`)
		sep = ","
	}
	if le != "" {
		w.WriteString(sep + `le="` + le + `"`)
		sep = ","
	}
	if sep == "," {
		w.WriteByte('}')
	}
	w.WriteString(" " + number(v) + "\n")
}

func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
