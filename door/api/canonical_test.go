package api

import (
	"fmt"
	"testing"
	"time"

	"pendopo/kernel/fault"
)

func TestCanonicalIsTheSameForTheSameRequest(t *testing.T) {
	// The second is the first of RFC 8785's examples of sorting, by UTF-16 units.
	for given, want := range map[string]string{
		` { "b" : [ 1 , true , null ] , "a" : "\u0061\n\u001f\"" } `:                  `{"a":"a\n\u001f\"","b":[1,true,null]}`,
		`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`: "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}",
		`{}`: `{}`, `[]`: `[]`, `[[],{}]`: `[[],{}]`, `9007199254740993`: `9007199254740993`,
	} {
		v, err := readJSON([]byte(given))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(canonical(v)); got != want {
			t.Errorf("%s\n got %s\nwant %s", given, got, want)
		}
	}
}

func TestAThrottleForgetsTheLongestUnused(t *testing.T) {
	now := time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)
	th := newThrottle(pace{1, time.Hour}, func() time.Time { return now })
	if _, ok := th.take("first"); !ok {
		t.Fatal("the first try")
	}
	if _, ok := th.take("first"); ok {
		t.Fatal("the second try is not slowed")
	}
	for i := range mostPaces {
		th.take(fmt.Sprint(i))
	}
	if n := len(th.known); n != mostPaces || th.order.Len() != n {
		t.Errorf("%d keys are kept", n)
	}
	if _, ok := th.take("first"); !ok {
		t.Error("the longest unused is still there")
	}
}

func TestARightSecretCostsNothing(t *testing.T) {
	g := newGuesses(time.Now)
	for range 1000 {
		right, err := g.take("192.0.2.1:1", "code")
		if err != nil {
			t.Fatal(err)
		}
		right()
	}
}

func TestAnAddressIsItsNetwork(t *testing.T) {
	for given, want := range map[string]string{
		"192.0.2.1:80": "192.0.2.1", "192.0.2.1": "192.0.2.1", "[::ffff:192.0.2.1]:1": "192.0.2.1",
		"[2001:db8::1]:1": "2001:db8::/64", "2001:db8:0:0:1::": "2001:db8::/64", "elsewhere": "",
	} {
		if got := network(given); got != want {
			t.Errorf("%s is %q, want %q", given, got, want)
		}
	}
}

func TestGatherKeepsWhatIsOurs(t *testing.T) {
	ours := fault.New(fault.Internal, "fault.internal")
	if err := gather(nil, ours); !fault.Is(err, fault.Internal) {
		t.Error(err)
	}
}
