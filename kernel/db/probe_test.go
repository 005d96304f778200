package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

func TestADatabaseIsProbedWithoutAChange(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		if err := d.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d.Dialect() == db.Postgres {
			return
		}
		hold := make(chan struct{})
		held := make(chan error, 1)
		began := make(chan struct{})
		go func() { held <- d.Write(func(db.Tx) error { close(began); <-hold; return nil }) }()
		<-began
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := d.Probe(ctx); !fault.Is(err, fault.Unavailable) {
			t.Errorf("a writer that hangs: %v", err)
		}
		if err := d.Probe(t.Context()); !fault.Is(err, fault.Unavailable) {
			t.Errorf("a second probe beside one that hangs: %v", err)
		}
		close(hold)
		testkit.Eventually(t, "the database answers again", func() bool { return d.Probe(t.Context()) == nil })
		if err := <-held; err != nil {
			t.Error(err)
		}
	})
}

func TestEveryCommitIsToldOf(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		var mu sync.Mutex
		commands, failed := 0, 0
		d := testkit.Open(t, url, db.Options{Observe: func(c db.Commit) {
			mu.Lock()
			defer mu.Unlock()
			commands += c.Commands
			if c.Failed || c.Took <= 0 {
				failed++
			}
		}})
		refused := errors.New("refused by its own function")
		for i := range 10 {
			if err := d.Write(func(db.Tx) error {
				if i == 0 {
					return refused
				}
				return nil
			}); err != nil && !errors.Is(err, refused) {
				t.Fatal(err)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if commands != 10 || failed != 0 {
			t.Errorf("%d commands, %d failed", commands, failed)
		}
	})
}
