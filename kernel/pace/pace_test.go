package pace

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

func TestAThrottleForgetsTheLongestUnused(t *testing.T) {
	now := time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)
	th := (*Book)(nil).Throttle("test", Pace{1, time.Hour}, func() time.Time { return now })
	if _, ok := th.here("first"); !ok {
		t.Fatal("the first try")
	}
	if _, ok := th.here("first"); ok {
		t.Fatal("the second try is not slowed")
	}
	for i := range mostPaces {
		th.here(fmt.Sprint(i))
	}
	if n := len(th.known); n != mostPaces || th.order.Len() != n {
		t.Errorf("%d keys are kept", n)
	}
	if _, ok := th.here("first"); !ok {
		t.Error("the longest unused is still there")
	}
}

func TestAnAddressIsItsNetwork(t *testing.T) {
	for given, want := range map[string]string{
		"192.0.2.1:80": "192.0.2.1", "192.0.2.1": "192.0.2.1", "[::ffff:192.0.2.1]:1": "192.0.2.1",
		"[2001:db8::1]:1": "2001:db8::/64", "2001:db8:0:0:1::": "2001:db8::/64", "elsewhere": "",
	} {
		if got := Network(given); got != want {
			t.Errorf("%s is %q, want %q", given, got, want)
		}
	}
}

// books are two nodes that count in one book, at a time that tests move.
func books(t *testing.T, d *db.DB) (a, b *Book, clock *atomic.Int64) {
	t.Helper()
	if err := d.Migrate(context.Background(), "pace", Schema()); err != nil {
		t.Fatal(err)
	}
	clock = &atomic.Int64{}
	clock.Store(time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC).UnixMicro())
	now := func() time.Time { return time.UnixMicro(clock.Load()) }
	mac := func(parts ...string) []byte { return []byte(strings.Join(parts, "/")) }
	return NewBook(d, mac, now), NewBook(d, mac, now), clock
}

func TestWrongGuessesAtOneNodeCountAtTheOthers(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		one, other, clock := books(t, d)
		p := Pace{Burst: 3, Every: 10 * time.Second}
		at := []*Throttle{one.Throttle("x", p, one.now), other.Throttle("x", p, other.now)}
		guess := func(i int) bool {
			a, ok, err := Begin(t.Context(), Try{at[i%2], "192.0.2.1"})
			if err != nil {
				t.Fatal(err)
			}
			if ok {
				if err := a.Wrong(); err != nil {
					t.Fatal(err)
				}
			}
			return ok
		}
		for i := range 3 {
			if !guess(i) {
				t.Fatalf("try %d is not let through", i)
			}
		}
		if guess(0) || guess(1) {
			t.Error("a fourth try at once")
		}
		clock.Add((10 * time.Second).Microseconds())
		if !guess(1) || guess(0) {
			t.Error("after the interval not exactly one more")
		}
		clock.Add((time.Hour).Microseconds())
		if err := one.Sweep(); err != nil {
			t.Fatal(err)
		}
		rows := -1
		err := d.Read(t.Context(), func(tx db.Tx) error { return tx.Row(`SELECT count(*) FROM pace`).Scan(&rows) })
		if err != nil || rows != 0 {
			t.Errorf("%d rows are kept, %v", rows, err)
		}
	})
}

func TestWhoIsRightWritesNothing(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		one, _, _ := books(t, d)
		th := one.Throttle("x", Pace{2, time.Hour}, one.now)
		for range 10 {
			a, ok, err := Begin(t.Context(), Try{th, "a"}, Try{th, "b"})
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			a.Right()
		}
		rows := -1
		err := d.Read(t.Context(), func(tx db.Tx) error { return tx.Row(`SELECT count(*) FROM pace`).Scan(&rows) })
		if err != nil || rows != 0 {
			t.Errorf("%d rows, %v", rows, err)
		}
	})
}

func TestWhatIsPacedAlwaysIsCountedOnceForAllNodesAtOnce(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		one, other, _ := books(t, d)
		at := []*Throttle{one.Throttle("x", Pace{5, time.Hour}, one.now), other.Throttle("x", Pace{5, time.Hour}, other.now)}
		var let atomic.Int64
		var all sync.WaitGroup
		for i := range 32 {
			all.Go(func() {
				ok, err := at[i%2].Take("192.0.2.1")
				if err != nil {
					t.Error(err)
				}
				if ok {
					let.Add(1)
				}
			})
		}
		all.Wait()
		if let.Load() != 5 {
			t.Errorf("%d were let through", let.Load())
		}
	})
}

func TestABookThatCannotBeAskedLetsNobodyThrough(t *testing.T) {
	d, err := db.Open(context.Background(), testkit.SQLite(t), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	one, _, _ := books(t, d)
	th := one.Throttle("x", Pace{2, time.Hour}, one.now)
	begun, _, err := Begin(t.Context(), Try{th, "a"})
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	if err := begun.Wrong(); !fault.Is(err, fault.Unavailable) {
		t.Errorf("an answer that is not counted: %v", err)
	}
	if _, ok, err := Begin(t.Context(), Try{th, "b"}); ok && err == nil {
		t.Error("let through")
	}
	if ok, err := th.Take("c"); ok || !fault.Is(err, fault.Unavailable) {
		t.Error("let through:", ok, err)
	}
}
