package api_test

import (
	"strings"
	"testing"
	"time"
)

type draft struct {
	Code, Secret, Service, Group string
	Version                      int64
	Answers                      map[string]any
}

func (d draft) path() string { return "/api/v1/drafts/" + d.Code }

const draftsPath = "/api/v1/services/" + domicile + "/drafts"

func (w *town) begin() (d draft) {
	w.t.Helper()
	w.into(w.ask("POST", draftsPath, "", head{"Idempotency-Key": w.key()}), 201, &d)
	return d
}

// An application is begun on one device, saved, resumed on another with its
// files, and handed in.
func TestADraftIsResumedElsewhereAndHandedIn(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		d := w.begin()
		bearer := head{"Authorization": "Bearer " + d.Secret}
		write := func(key string) head {
			return head{"Authorization": "Bearer " + d.Secret, "Idempotency-Key": key}
		}
		file := w.upload("?field=ktp", picture(t, 50, 40), head{"Upload-Group": d.Group}).Upload
		key := w.key()
		body := text(map[string]any{"version": d.Version, "answers": map[string]any{"name": plantedName, "ktp": []string{file}}})
		var saved, again, resumed draft
		w.into(w.ask("PUT", d.path(), body, write(key)), 200, &saved)
		w.into(w.ask("PUT", d.path(), body, write(key)), 200, &again)
		w.into(w.ask("GET", d.path(), "", bearer), 200, &resumed)
		if saved.Version == d.Version || again.Version != saved.Version || resumed.Answers["name"] != plantedName {
			t.Fatalf("%+v then %+v then %+v", saved, again, resumed)
		}
		w.run([]scenario{
			{name: "saved by another", method: "PUT", path: d.path(), body: text(map[string]any{"version": d.Version, "answers": map[string]any{}}), headers: write(w.key()), status: 409, has: problem("fault.acted_first")},
			{name: "unreadable", method: "PUT", path: d.path(), body: text(map[string]any{"version": saved.Version, "answers": map[string]any{"nik": "12", "birth_date": "soon"}}), headers: write(w.key()), status: 422,
				has: problem(`"/answers/nik"`, `"/answers/birth_date"`), lacks: []string{`"soon"`}},
			{name: "unknown members", method: "PUT", path: d.path(), body: `{"version":1,"answers":{"x_y":1},"more":true}`, headers: write(w.key()), status: 422, has: problem(`"/answers/x_y"`, `"/more"`)},
			{name: "no version", method: "PUT", path: d.path(), body: `{"answers":{},"version":-1}`, headers: write(w.key()), status: 422, has: problem(`"/version"`)},
			{name: "no key", method: "PUT", path: d.path(), body: body, headers: bearer, status: 400, has: problem("api.key_missing")},
			{name: "no JSON", method: "PUT", path: d.path(), body: `{`, headers: write(w.key()), status: 400, has: problem("api.not_json")},
			{name: "no object", method: "PUT", path: d.path(), body: `[]`, headers: write(w.key()), status: 422, has: problem("api.not_object")},
			{name: "a form", method: "PUT", path: d.path(), body: `a=b`, headers: head{"Authorization": "Bearer " + d.Secret, "Idempotency-Key": w.key(), "Content-Type": "text/plain"}, status: 415, has: problem("api.content_type")},
			{name: "is no case yet", method: "GET", path: "/api/v1/cases/" + d.Code, headers: bearer, status: 404, has: problem("api.unknown_case")},
		})
		all := answers()
		all["ktp"] = resumed.Answers["ktp"]
		a := w.application(nil)
		a["answers"], a["uploads"] = all, d.Group
		var done accepted
		w.into(w.ask("POST", casesPath, text(a), head{"Idempotency-Key": w.key()}), 201, &done)
		if done.Code != d.Code || done.Secret != d.Secret {
			t.Errorf("the draft %s became %s", d.Code, done.Code)
		}
		w.run([]scenario{
			{name: "handed in", method: "GET", path: d.path(), headers: bearer, status: 404, has: problem("api.unknown_case")},
			{name: "save what is handed in", method: "PUT", path: d.path(), body: body, headers: write(w.key()), status: 404, has: problem("api.unknown_case")},
			{name: "delete what is handed in", method: "DELETE", path: d.path(), headers: bearer, status: 404, has: problem("api.unknown_case")},
		})
		if c := w.look(done); len(c.Documents) != 1 {
			t.Errorf("the file is not there: %+v", c.Documents)
		}
	})
}

func TestADraftOpensToItsSecretAlone(t *testing.T) {
	w := newTown(t, sqlite)
	d, other := w.begin(), w.begin()
	wrong := head{"Authorization": "Bearer " + other.Secret}
	w.run([]scenario{
		{name: "without", method: "GET", path: d.path(), status: 401, has: problem("api.secret_missing"), header: head{"Www-Authenticate": `Bearer realm="pendopo"`}},
		{name: "another's", method: "GET", path: d.path(), headers: wrong, status: 404, has: problem("api.unknown_case")},
		{name: "save without", method: "PUT", path: d.path(), body: "{}", status: 401, has: problem("api.secret_missing")},
		{name: "delete without", method: "DELETE", path: d.path(), status: 401, has: problem("api.secret_missing")},
		{name: "unknown", method: "DELETE", path: "/api/v1/drafts/ABCDE-FGHJK-M", headers: wrong, status: 404, has: problem("api.unknown_case")},
		{name: "no key", method: "POST", path: draftsPath, status: 400, has: problem("api.key_missing")},
		{name: "no service", method: "POST", path: "/api/v1/services/surat-sakti/drafts", headers: head{"Idempotency-Key": w.key()}, status: 404, has: problem("casework.unknown_service")},
		{name: "delete", method: "DELETE", path: d.path(), headers: head{"Authorization": "Bearer " + d.Secret}, status: 204},
		{name: "deleted", method: "GET", path: d.path(), headers: head{"Authorization": "Bearer " + d.Secret}, status: 404, has: problem("api.unknown_case")},
	})
	key := head{"Idempotency-Key": w.key()}
	if first, again := w.ask("POST", draftsPath, "", key), w.ask("POST", draftsPath, "", key); first.status != 201 || first.body != again.body {
		t.Errorf("the same key: %s then %s", first.body, again.body)
	}
	w.clock.Add(31 * 24 * time.Hour)
	if r := w.ask("GET", other.path(), "", head{"Authorization": "Bearer " + other.Secret}); r.status != 404 && r.status != 410 || strings.Contains(r.body, "answers") {
		t.Errorf("after a month: %d %s", r.status, r.body)
	}
}
