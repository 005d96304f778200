package definition

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pendopo/government"
)

func TestAPublishedDefinitionComesBackAsItWas(t *testing.T) {
	g, _ := Read(government.FS)
	for _, s := range g.Services {
		data, hash := g.Closure(s.ID)
		sum := sha256.Sum256(data)
		if hash != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: hash %s", s.ID, hash)
		}
		service, template, err := LoadClosure(data)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(s, service); d != "" {
			t.Errorf("%s differs: %s", s.ID, d)
		}
		again := Government{Profile: g.Profile, Services: []*Service{service}, Templates: map[string]Template{}}
		if template != nil {
			again.Templates[template.ID] = *template
		}
		if second, _ := again.Closure(s.ID); !bytes.Equal(data, second) {
			t.Errorf("%s: the second closure has other bytes", s.ID)
		}
	}
}

func TestClosuresAreCanonicalAndChangeWithEveryWord(t *testing.T) {
	g, _ := Read(government.FS)
	data, hash := g.Closure("sip-bidan")
	if bytes.Contains(data, []byte("\n")) || bytes.Contains(data, []byte(`\u003`)) || !bytes.HasPrefix(data, []byte(`{"language":1,"languages":["id","en"],"service":{"channels":`)) {
		t.Errorf("not canonical: %.120s", data)
	}
	t2 := g.Templates["sip-bidan"]
	t2.Proved = t2.Proved[:1]
	g.Templates["sip-bidan"] = t2
	if _, other := g.Closure("sip-bidan"); other == hash {
		t.Error("another template, the same hash")
	}
	if data, hash := g.Closure("nothing"); data != nil || hash != "" {
		t.Error("a closure of nothing")
	}
}

func TestAClosureOfAnotherLanguageOrWithUnknownMembersIsNotRun(t *testing.T) {
	g, _ := Read(government.FS)
	data, _ := g.Closure("sip-bidan")
	for _, bad := range []string{
		strings.Replace(string(data), `{"language":1`, `{"language":2`, 1),
		strings.Replace(string(data), `"service":{`, `"service":{"magic":1,`, 1),
		`{"language":1}`, ``, `[]`,
	} {
		if _, _, err := LoadClosure([]byte(bad)); err == nil {
			t.Errorf("read: %.60s", bad)
		}
	}
}

func TestTheUnitOfARegionIsTheOneThatServesExactlyIt(t *testing.T) {
	g, _ := Read(government.FS)
	at := At{Region: "region"}
	if u, err := g.UnitFor(at, map[string]any{"region": "33.60.01.1001"}); u != "kel-sekararum" || err != nil {
		t.Error(u, err)
	}
	for _, code := range []any{"33.60.01.1009", "33", "", nil, 7} {
		if u, err := g.UnitFor(at, map[string]any{"region": code}); err == nil {
			t.Errorf("%v is served by %s", code, u)
		}
	}
	if u, err := g.UnitFor(At{Unit: "dpmptsp"}, nil); u != "dpmptsp" || err != nil {
		t.Error(u, err)
	}
	if name := g.RegionSet().Name("33.60.01.1001"); name != "Kelurahan Sekararum, Kecamatan Banyusekar, Kabupaten Banyusekar" {
		t.Error(name)
	}
	if n := len(g.Below("")); n != 1 {
		t.Errorf("%d at the top", n)
	}
	if n := len(g.Below("33.60.02")); n != 4 {
		t.Errorf("%d below 33.60.02", n)
	}
}

// TestWhatWasPublishedWithOneGuardReadsAsItDid, byte for byte: its hash stays.
func TestWhatWasPublishedWithOneGuardReadsAsItDid(t *testing.T) {
	for text, want := range map[string]Posts{
		`{"who":"role","role":"ahli","unit":"kantor"}`:                                                   {{Who: "role", Role: "ahli", Unit: "kantor"}},
		`[{"who":"role","role":"ahli","unit":"kantor"},{"who":"role","role":"ahli","unit":"kecamatan"}]`: {{Who: "role", Role: "ahli", Unit: "kantor"}, {Who: "role", Role: "ahli", Unit: "kecamatan"}},
	} {
		var got Posts
		if err := json.Unmarshal([]byte(text), &got); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%s reads as %v, %v", text, got, err)
		}
		if again, err := json.Marshal(got); err != nil || string(again) != text {
			t.Errorf("%s is written %s, %v", text, again, err)
		}
	}
	for _, bad := range []string{`{"who":"role","name":"x"}`, `[{"who":"role","name":"x"}]`, `"applicant"`, `7`} {
		if err := json.Unmarshal([]byte(bad), new(Posts)); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}
