package seal

import (
	"testing"

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
