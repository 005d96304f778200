package pace

import (
	"fmt"
	"testing"
	"time"
)

func TestAThrottleForgetsTheLongestUnused(t *testing.T) {
	now := time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)
	th := New(Pace{1, time.Hour}, func() time.Time { return now })
	if _, ok := th.Take("first"); !ok {
		t.Fatal("the first try")
	}
	if _, ok := th.Take("first"); ok {
		t.Fatal("the second try is not slowed")
	}
	for i := range mostPaces {
		th.Take(fmt.Sprint(i))
	}
	if n := len(th.known); n != mostPaces || th.order.Len() != n {
		t.Errorf("%d keys are kept", n)
	}
	if _, ok := th.Take("first"); !ok {
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
