package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/bench/load"
	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/kernel/conf"
)

// town is an instance with the demo's services and nobody in it. Nothing works
// beside the benchmark, so that its figures are those of the requests alone.
func town(b *testing.B) *app.Instance {
	b.Helper()
	in, err := app.Open(b.Context(), app.Options{
		Place: conf.Place{Data: b.TempDir() + "/data", Node: "bench"}, Base: "http://localhost", Create: true, Origin: "localhost/log",
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := in.Publish(b.Context(), government.FS); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := in.Close(); err != nil {
			b.Error(err)
		}
	})
	return in
}

func submission(in *app.Instance, n int64) (casework.Submission, error) {
	body := load.Answers(n)
	live, err := in.Cases.Catalogue().Live(load.Service)
	if err != nil {
		return casework.Submission{}, err
	}
	a, err := live.Form.ParseJSON(body)
	return casework.Submission{
		Service: load.Service, Definition: live.Hash, Channel: "portal", Lang: "id", Answers: a,
		Once: casework.Once{Scope: "bench/submit", Key: fmt.Sprintf("%022d", n), Request: body},
	}, err
}

// reportCPU adds the processor time per operation, which, unlike the time
// elapsed, does not grow when a neighbour uses the machine too.
func reportCPU(b *testing.B) func() {
	before := spent()
	return func() { b.ReportMetric(float64((spent()-before).Nanoseconds())/float64(b.N), "cpu-ns/op") }
}

func spent() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSubmit accepts applications from 64 goroutines, each durable.
func BenchmarkSubmit(b *testing.B) {
	in := town(b)
	var next atomic.Int64
	b.SetParallelism(clients / 2)
	b.ReportAllocs()
	b.ResetTimer()
	defer reportCPU(b)()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			s, err := submission(in, next.Add(1))
			if err == nil {
				_, err = in.Cases.Submit(context.Background(), s)
			}
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkIndex does what comes after an acceptance: the entries of the blind
// index, many cases at a time.
func BenchmarkIndex(b *testing.B) {
	in := town(b)
	b.ReportAllocs()
	for n := int64(0); n < int64(b.N); n++ {
		s, err := submission(in, n)
		if err == nil {
			_, err = in.Cases.Submit(context.Background(), s)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	defer reportCPU(b)()
	if err := in.Jobs.Drain(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkTrack renders the tracking page of an open case.
func BenchmarkTrack(b *testing.B) {
	for _, packed := range []bool{false, true} {
		b.Run(map[bool]string{false: "plain", true: "gzip"}[packed], func(b *testing.B) { benchTrack(b, packed) })
	}
}

func benchTrack(b *testing.B, packed bool) {
	in := town(b)
	h, err := in.Handler(app.Face{Base: "http://localhost"})
	if err != nil {
		b.Fatal(err)
	}
	s, err := submission(in, 1)
	if err != nil {
		b.Fatal(err)
	}
	got, err := in.Cases.Submit(b.Context(), s)
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/track/"+got.Code, nil)
	r.Header.Set("Accept-Language", "id")
	if packed {
		r.Header.Set("Accept-Encoding", "gzip")
	}
	b.ReportAllocs()
	defer reportCPU(b)()
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK || !packed && !strings.Contains(w.Body.String(), got.Code) {
			b.Fatal(w.Code)
		}
	}
}
