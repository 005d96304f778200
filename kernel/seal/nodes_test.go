package seal

import (
	"slices"
	"testing"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

// Two nodes on one key store: what one destroys the other forgets at once, and
// not when its memory of the key ends.
func TestAKeyDestroyedByOneNodeIsForgottenByTheOthers(t *testing.T) {
	url, in := testkit.Postgres(t), newInstance(t)
	one, other := openKeys(t, url, in), openKeys(t, url, in)
	defer closeKeys(t, one)
	defer closeKeys(t, other)
	kept, _ := take(t, one)
	gone, _ := take(t, one)
	for _, stream := range []string{kept, gone} {
		if _, err := other.Get(stream); err != nil {
			t.Fatal(err)
		}
	}
	if err := one.Shred(gone); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "the other node has forgotten the key", func() bool {
		_, err := other.Get(gone)
		return fault.Is(err, fault.Gone)
	})
	if _, held := other.cache.get(kept); !held {
		t.Error("a key that nobody destroyed is forgotten")
	}
}

// A reader that found the key just before it was destroyed must not remember it.
func TestAKeyReadBeforeItWasForgottenIsNotRemembered(t *testing.T) {
	c := newCache()
	before := c.forgotten()
	c.forget("a")
	c.putSince(before, "a", StreamKey{})
	if _, held := c.get("a"); held {
		t.Error("remembered")
	}
	c.putSince(c.forgotten(), "a", StreamKey{})
	if _, held := c.get("a"); !held {
		t.Error("not remembered")
	}
	c.clear()
	if _, held := c.get("a"); held {
		t.Error("still there after all were forgotten")
	}
}

// The database of the keys fails over to a replica that lacks the newest of them:
// a node that goes on holds them in memory and stores them again.
func TestKeysThatAFailoverLostAreStoredAgain(t *testing.T) {
	url, in := testkit.Postgres(t), newInstance(t)
	k := openKeys(t, url, in)
	defer closeKeys(t, k)
	used, _ := take(t, k)
	gone, _ := take(t, k)
	if err := k.Shred(gone); err != nil {
		t.Fatal(err)
	}
	lost := []string{used}
	for _, p := range k.pool.held() {
		lost = append(lost, p.stream)
	}
	// One after the other: a node that dials anew before the keys are gone misses none.
	for _, query := range []string{`DELETE FROM stream_key`,
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`} {
		if err := k.db.Write(func(tx db.Tx) error { _, err := tx.Exec(query); return err }); err != nil {
			t.Fatal(err)
		}
	}
	stored := func(stream string) bool {
		return k.db.Read(t.Context(), func(tx db.Tx) error { _, err := keyOf(tx, stream); return err }) == nil
	}
	testkit.Eventually(t, "the keys are there again", func() bool {
		return !slices.ContainsFunc(lost, func(stream string) bool { return !stored(stream) })
	})
	testkit.Eventually(t, "and read from the store", func() bool { _, held := k.cache.get(used); return !held })
	if _, err := k.Get(used); err != nil {
		t.Error(err)
	}
	if _, err := k.Get(gone); !fault.Is(err, fault.Gone) {
		t.Errorf("a destroyed key came back: %v", err)
	}
}
