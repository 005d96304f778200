package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"pendopo/app"
	"pendopo/bench/load"
	"pendopo/government"
	"pendopo/kernel/conf"
)

// BenchmarkAccept takes applications in over HTTP from 64 connections, with
// everything that a server does beside and afterwards: the ledger, the jobs,
// the access log. Its processor time includes the clients', some 20 µs each,
// so it is for comparing and for profiles, not for ratios.
func BenchmarkAccept(b *testing.B) {
	addr, definition, stop := served(b)
	var next atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	defer reportCPU(b)()
	defer stop()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			if err := applyUntil(addr, definition, &next, int64(b.N)); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
}

// served is an instance that serves and works beside, as `pendopo serve` does.
func served(b *testing.B) (addr, definition string, stop func()) {
	log, err := os.Create(filepath.Join(b.TempDir(), "access.log"))
	if err != nil {
		b.Fatal(err)
	}
	in, err := app.Open(b.Context(), app.Options{
		Place: conf.Place{Data: b.TempDir() + "/data", Node: "bench"}, Base: "http://localhost", Create: true, Origin: "localhost/log",
		Log: slog.New(slog.NewJSONHandler(log, nil)),
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := in.Publish(b.Context(), government.FS); err != nil {
		b.Fatal(err)
	}
	h, err := in.Handler(app.Face{Base: "http://localhost"})
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	live, err := in.Cases.Catalogue().Live(load.Service)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := in.Serve(ctx, l, h); err != nil {
			b.Error(err)
		}
	})
	return l.Addr().String(), live.Hash, func() {
		cancel()
		serving.Wait()
		if err := in.Jobs.Drain(context.Background()); err != nil {
			b.Error(err)
		}
		if err := in.Close(); err != nil {
			b.Error(err)
		}
	}
}

// applyUntil is one client: it hands in applications until there were most.
func applyUntil(addr, definition string, next *atomic.Int64, most int64) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 32<<10)
	var out []byte
	for n := next.Add(1); n <= most; n = next.Add(1) {
		out = load.Apply(out[:0], definition, n)
		if _, err := conn.Write(out); err != nil {
			return err
		}
		got, err := load.ReadResponse(in)
		if err != nil {
			return err
		}
		if got.Status != 201 {
			return fmt.Errorf("answered %d", got.Status)
		}
	}
	return nil
}
