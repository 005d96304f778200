package portal_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"pendopo/kernel/db"
)

// BenchmarkTrackingPage is a whole tracking page; BenchmarkBareRead beside it is
// one indexed read and as many bytes. Their ratio has a budget: docs/performance.md.
func BenchmarkTrackingPage(b *testing.B) {
	w, code := benchTown(b)
	run(b, w, "/track/"+code)
}

// BenchmarkBareRead is the floor under BenchmarkTrackingPage.
func BenchmarkBareRead(b *testing.B) {
	w, code := benchTown(b)
	resp := discard{h: http.Header{}}
	r, _ := http.NewRequest("GET", "/track/"+code, nil)
	w.handler.ServeHTTP(&resp, r)
	body := make([]byte, resp.n)
	w.handler = bare(w, body)
	run(b, w, "/track/"+code)
}

// bare reads one row by index and answers with a body.
func bare(w *town, body []byte) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		err := w.DB.Read(r.Context(), func(tx db.Tx) error {
			var state string
			return tx.Row(`SELECT state FROM cases LIMIT 1`).Scan(&state)
		})
		if err == nil {
			out.Write(body)
		}
	})
}

func benchTown(b *testing.B) (*town, string) {
	w := newTown(b)
	p := w.browser()
	p.apply()
	p.send("/draft/" + p.code() + "/submit").at("/receipt")
	return w, p.code()
}

func run(b *testing.B, w *town, path string) {
	b.ReportAllocs()
	before := spent(b)
	defer func() { b.ReportMetric(float64(spent(b)-before)/float64(b.N), "cpu-ns/op") }()
	b.ResetTimer()
	for b.Loop() {
		resp := discard{h: http.Header{}}
		r, err := http.NewRequest("GET", path, nil)
		if err != nil {
			b.Fatal(err)
		}
		w.handler.ServeHTTP(&resp, r)
		if resp.status != 0 && resp.status != 200 {
			b.Fatal(resp.status)
		}
	}
}

// discard counts what is written to it.
type discard struct {
	h      http.Header
	status int
	n      int
}

func (d *discard) Header() http.Header { return d.h }
func (d *discard) WriteHeader(s int)   { d.status = s }
func (d *discard) Write(b []byte) (int, error) {
	d.n += len(b)
	return io.Discard.Write(b)
}

// BenchmarkTrackingPageHTTP and BenchmarkBareReadHTTP are the same over
// loopback, many at a time.
func BenchmarkTrackingPageHTTP(b *testing.B) {
	w, code := benchTown(b)
	overHTTP(b, w.url+"/track/"+code)
}

// BenchmarkBareReadHTTP is the floor under BenchmarkTrackingPageHTTP.
func BenchmarkBareReadHTTP(b *testing.B) {
	w, code := benchTown(b)
	page := w.browser().get("/track/" + code).body
	srv := httptest.NewServer(bare(w, []byte(page)))
	defer srv.Close()
	overHTTP(b, srv.URL)
}

func overHTTP(b *testing.B, url string) {
	before := spent(b)
	defer func() { b.ReportMetric(float64(spent(b)-before)/float64(b.N), "cpu-ns/op") }()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := client.Get(url)
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
}

// spent is the processor time of this process: the machine may be busy.
func spent(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
