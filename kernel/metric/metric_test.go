package metric

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestWhatWasCountedIsWrittenAsPrometheusReadsIt(t *testing.T) {
	s := New()
	c := s.Counter("x_total", "Things.", "route", "class")
	h := s.Histogram("x_seconds", "How long.", []float64{0.1, 1}, "door")
	s.Ask("gauge", "x_now", "Now.", func(context.Context) []Value { return One(1.5) })
	s.Ask("gauge", "x_unknown", "Nobody knows.", func(context.Context) []Value { return nil })
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			c.Add(1, Labels{`GET "/a"`, "2xx"})
			h.Observe(0.1, Labels{"desk"})
			h.Observe(5, Labels{"desk"})
		})
	}
	all.Wait()
	var out strings.Builder
	if err := s.Write(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	want := `# HELP x_total Things.
# TYPE x_total counter
x_total{route="GET \"/a\"",class="2xx"} 8
# HELP x_seconds How long.
# TYPE x_seconds histogram
x_seconds_bucket{door="desk",le="0.1"} 8
x_seconds_bucket{door="desk",le="1"} 8
x_seconds_bucket{door="desk",le="+Inf"} 16
x_seconds_sum{door="desk"} 40.8
x_seconds_count{door="desk"} 16
# HELP x_now Now.
# TYPE x_now gauge
x_now 1.5
# HELP x_unknown Nobody knows.
# TYPE x_unknown gauge
`
	if got := strings.ReplaceAll(out.String(), "40.800000000000004", "40.8"); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestLabelsOfStrangersDoNotFillMemory(t *testing.T) {
	s := New()
	c := s.Counter("x_total", "Things.", "word")
	for i := range 3 * mostSeries {
		c.Add(1, Labels{fmt.Sprint(i)})
	}
	var out strings.Builder
	if err := s.Write(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\n"); n != mostSeries+3 || !strings.Contains(out.String(), fmt.Sprintf(`x_total{word="other"} %d`, 2*mostSeries)) {
		t.Errorf("%d lines:\n%.200s", n, out.String())
	}
}
