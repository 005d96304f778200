package api_test

import (
	"context"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pendopo/government"
)

func TestTheSameKeyFromSixteenCallersHasOneEffect(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		body, key := text(w.application(nil)), w.key()
		replies := make([]reply, 16)
		var all sync.WaitGroup
		for i := range replies {
			all.Go(func() {
				r, err := w.try("POST", casesPath, body, head{"Idempotency-Key": key})
				if err != nil {
					t.Error(err)
				}
				replies[i] = r
			})
		}
		all.Wait()
		var first accepted
		w.into(replies[0], 201, &first)
		for _, r := range replies {
			var a accepted
			w.into(r, 201, &a)
			if a.Code != first.Code || a.Secret != first.Secret || r.header.Get("Location") != first.path() {
				t.Errorf("%s %s, and %s %s", a.Code, a.Secret, first.Code, first.Secret)
			}
		}
		if n := w.count("cases"); n != 1 {
			t.Errorf("%d cases", n)
		}
	})
}

func TestARepeatedRequestIsAnsweredTheSame(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		a := w.application(nil)
		body, key := text(a), head{"Idempotency-Key": w.key()}
		var first, again accepted
		w.into(w.ask("POST", casesPath, body, key), 201, &first)
		spaced := "{ \"answers\" :" + text(a["answers"]) + ",\n\"definition\":\"" + w.hash(domicile) + `", "channel":"\u0061pi"}`
		for _, same := range []string{body, spaced} {
			w.into(w.ask("POST", casesPath, same, key), 201, &again)
			if again.Code != first.Code || again.Secret != first.Secret {
				t.Errorf("another answer: %s", again.Code)
			}
		}
		w.run([]scenario{
			{name: "another body", method: "POST", path: casesPath, headers: key, body: text(w.application(map[string]any{"rt": 3})), status: 422,
				has: problem("casework.key_reused"), lacks: []string{first.Code, first.Secret}, header: isProblem},
			{name: "a body that is none", method: "POST", path: casesPath, headers: key, body: `{}`, status: 422, has: problem("casework.key_reused")},
			{name: "another service", method: "POST", path: "/api/v1/services/" + midwife + "/cases", headers: key, body: body, status: 422,
				has: problem("casework.key_reused")},
		})
		if n := w.count("cases"); n != 1 {
			t.Errorf("%d cases", n)
		}
	})
}

func TestARepeatedRequestIsAnsweredAlsoUnderANewDefinition(t *testing.T) {
	w := newTown(t, sqlite)
	body, key := text(w.application(nil)), head{"Idempotency-Key": w.key()}
	var first, again accepted
	w.into(w.ask("POST", casesPath, body, key), 201, &first)
	_, err := w.Publish(context.Background(), amended(t))
	w.must(err)
	w.run([]scenario{{name: "a new application", method: "POST", path: casesPath, body: body, headers: head{"Idempotency-Key": w.key()},
		status: 409, has: problem("casework.definition_over")}})
	w.into(w.ask("POST", casesPath, body, key), 201, &again)
	if again.Code != first.Code || again.Secret != first.Secret {
		t.Error("another answer")
	}
}

// amended is the demo government with another word in one service.
func amended(t *testing.T) fs.FS {
	out := fstest.MapFS{}
	err := fs.WalkDir(government.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(government.FS, p)
		if strings.HasSuffix(p, domicile+".yaml") {
			data = []byte(strings.Replace(string(data), "Tidak dipungut biaya", "Gratis", 1))
		}
		out[p] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestARepeatedActionHasOneEffect(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		a := w.apply(nil)
		h, path := w.write(a), a.path()+"/actions/withdraw"
		events := w.count("event")
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if r, err := w.try("POST", path, `{"version":1}`, h); err != nil || r.status != 200 || !strings.Contains(r.body, `"outcome":"withdrawn"`) {
					t.Errorf("%d %v %s", r.status, err, r.body)
				}
			})
		}
		all.Wait()
		if n := w.count("event") - events; n != 1 {
			t.Errorf("%d events of one withdrawal", n)
		}
		w.run([]scenario{
			{name: "another request", method: "POST", path: path, body: `{"version":1,"note":"x"}`, headers: h, status: 422, has: problem("casework.key_reused")},
			{name: "another key", method: "POST", path: path, body: `{"version":2}`, headers: w.write(a), status: 409, has: problem("flow.ended")},
		})
	})
}
