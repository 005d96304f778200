package api_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pendopo/kernel/conf"
)

var requestID = regexp.MustCompile(`urn:pendopo:request:[0-9A-Z]+`)

// bare is an answer without what differs between any two: request id and date.
func bare(r reply) string {
	h := r.header.Clone()
	h.Del("X-Request-Id")
	h.Del("Date")
	return requestID.ReplaceAllString(r.body, "") + text(h)
}

func TestUnknownCodeAndWrongSecretAreTheSameAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		a := w.apply(nil)
		var draft struct{ Group string }
		w.into(w.ask("POST", "/api/v1/uploads?service="+domicile, picture(t, 40, 30),
			head{"Idempotency-Key": w.key(), "Content-Type": "image/png"}), 201, &draft)
		draftCode, draftSecret, _ := strings.Cut(draft.Group, ".")
		const unknown, wrong = "00000-00000-0", "ZZZZ-ZZZZ"
		for _, tail := range []string{"", "/receipt", "/documents/01890a5d-ac96-774b-bcce-b302099a8057", "/actions/withdraw"} {
			method, body := "GET", ""
			if strings.HasPrefix(tail, "/actions") {
				method, body = "POST", `{"version":1}`
			}
			try := func(code, authorization string) string {
				r := w.ask(method, "/api/v1/cases/"+code+tail, body, head{"Authorization": authorization, "Idempotency-Key": w.key()})
				if r.status != 404 {
					t.Errorf("%s of %s with %s: %d", tail, code, authorization, r.status)
				}
				return bare(r)
			}
			want := try(unknown, "Bearer "+wrong)
			for name, got := range map[string]string{
				"wrong secret": try(a.Code, "Bearer "+wrong), "a code that is none": try("hello", "Bearer "+wrong),
				"no bearer": try(a.Code, "Basic "+a.Secret), "empty": try(a.Code, "Bearer "),
				"the secret of another": try(a.Code, "Bearer "+draftSecret), "a draft": try(draftCode, "Bearer "+draftSecret),
			} {
				if got != want {
					t.Errorf("%s, %s:\n%s\n%s", tail, name, got, want)
				}
			}
		}
		if without, want := w.ask("GET", "/api/v1/cases/"+unknown, "", nil), w.ask("GET", "/api/v1/cases/"+draftCode, "", nil); bare(without) != bare(want) {
			t.Errorf("a draft's code tells: %s %s", bare(without), bare(want))
		}
		if strings.Contains(w.log.String(), a.Secret) || strings.Contains(w.log.String(), a.Code) {
			t.Error("the log has a code or a secret")
		}
	})
}

func TestWithoutASecretEveryCodeIsTheSame(t *testing.T) {
	w := newTown(t, sqlite)
	a := w.apply(nil)
	known, unknown := w.ask("GET", a.path()+"/receipt", "", nil), w.ask("GET", "/api/v1/cases/00000-00000-0/receipt", "", nil)
	if known.status != 401 || bare(known) != bare(unknown) || known.header.Get("WWW-Authenticate") == "" {
		t.Errorf("%d %s\n%s", known.status, bare(known), bare(unknown))
	}
}

func TestGuessingIsSlowedByAddressAndByCode(t *testing.T) {
	w := newTown(t, sqlite)
	a := w.apply(nil)
	guess := func(code string) int {
		return w.ask("GET", "/api/v1/cases/"+code, "", head{"Authorization": "Bearer ZZZZ-ZZZZ"}).status
	}
	for i := range 30 {
		if got := guess("00000-00000-0"); got != 404 {
			t.Fatalf("guess %d: %d", i, got)
		}
	}
	if got := guess("00000-00000-0"); got != 429 {
		t.Errorf("the 31st guess of an address: %d", got)
	}
	if r := w.ask("GET", a.path(), "", a.bearer()); r.status != 429 || r.header.Get("Retry-After") == "" {
		t.Errorf("the right secret from that address: %d", r.status)
	}
	w.from = "[2001:db8::1]:1"
	for range 40 {
		if r := w.ask("GET", a.path(), "", a.bearer()); r.status != 200 {
			t.Fatalf("the right secret is slowed: %d", r.status)
		}
	}
	for i := range 100 {
		w.from = "198.51.100." + text(i) + ":1"
		if got := guess(a.Code); got != 404 {
			t.Fatalf("guess %d of the code: %d", i, got)
		}
	}
	w.from = "203.0.113.1:1"
	if got := guess(a.Code); got != 429 {
		t.Errorf("the 101st guess of a code: %d", got)
	}
	w.clock.Add(30 * time.Second)
	if r := w.ask("GET", a.path(), "", a.bearer()); r.status != 200 {
		t.Errorf("after waiting: %d", r.status)
	}
}

// TestANIKTellsNothingOfItsHolder: whoever hands in an application in the name of
// a neighbour learns nothing of what the neighbour has asked for.
func TestANIKTellsNothingOfItsHolder(t *testing.T) {
	w := newTown(t, conf.Place{})
	theirs := func(a accepted) map[string]any {
		c := map[string]any{}
		w.into(w.ask("GET", a.path(), "", a.bearer()), 200, &c)
		for _, of := range []string{"code", "received", "changed", "timeline", "deadlines", "version", "next"} {
			delete(c, of) // of this case alone
		}
		return c
	}
	stranger := theirs(w.apply(map[string]any{"nik": plantedNIK[:15] + "9"}))
	w.apply(nil)
	neighbour := theirs(w.apply(nil))
	delete(stranger["answers"].(map[string]any), "nik")
	delete(neighbour["answers"].(map[string]any), "nik")
	if a, b := text(stranger), text(neighbour); a != b {
		t.Errorf("a NIK that is known is answered otherwise than one that is not:\n%s\n%s", a, b)
	}
}
