package api

import (
	"testing"

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

func TestGatherKeepsWhatIsOurs(t *testing.T) {
	ours := fault.New(fault.Internal, "fault.internal")
	if err := gather(nil, ours); !fault.Is(err, fault.Internal) {
		t.Error(err)
	}
}
