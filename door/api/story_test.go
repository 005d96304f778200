package api_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/ledger"
	"pendopo/law/flow"
)

// whole is a case as its applicant reads it.
type whole struct {
	Version int64
	Outcome string
	Step    struct{ ID, Name string }
	Holder  struct{ Who string }
	Answers map[string]any
	Defects []struct{ ID, Words string }
	Next    []struct {
		Action, Href string
		Body         map[string]any
	}
	Documents []struct{ ID, Kind, Number, Type, Href, Words string }
	Reason    *struct{ ID, Basis string }
	Openings  []struct{ Purpose string }
}

func (w *town) look(a accepted) (c whole) {
	w.t.Helper()
	w.into(w.ask("GET", a.path(), "", a.bearer()), 200, &c)
	return c
}

// head of the office of the case: somebody must hold the signing role.
func (w *town) appoint(unit, role string) {
	w.t.Helper()
	ctx := context.Background()
	id, err := w.Identity.Create(ctx, identity.NewOfficer{Login: role, Name: identity.Name{Full: "Joko Prasetyo"}, Password: identity.NewPassword(), Drawn: true})
	w.must(err)
	_, err = w.Identity.Assign(ctx, id, identity.Assignment{Unit: unit, Role: role, From: "2026-01-01", Kind: identity.Definitive}, "", "")
	w.must(err)
}

func TestTheCodeShowsStateAndTheSecretTheRest(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		a := w.apply(nil)
		personal := []string{plantedNIK, plantedName, plantedPhone, "Jalan Melati", a.Secret}
		w.run([]scenario{
			{name: "state", method: "GET", path: a.path(), status: 200, lacks: append(personal, `"answers"`, `"openings"`, "33.60.01.1001"),
				has:    []string{`"code":"` + a.Code + `"`, `"version":1`, `"id":"review"`, "Berkas diperiksa", `"who":"role"`, `"deadlines":[{`, `+07:00`},
				header: head{"Cache-Control": "private, no-cache", "Content-Language": "id"}},
			{name: "a code as it is spoken", method: "GET", path: "/api/v1/cases/" + strings.ToLower(strings.ReplaceAll(a.Code, "-", "")), status: 200, has: []string{a.Code}},
			{name: "in English", method: "GET", path: a.path(), headers: head{"Accept-Language": "en"}, status: 200, has: []string{"Papers are checked"}},
			{name: "with the secret", method: "GET", path: a.path(), headers: a.bearer(), status: 200, header: head{"Cache-Control": "no-store", "ETag": ""},
				has: []string{`"nik":"` + plantedNIK + `"`, `"action":"withdraw"`, `"const":1`, `"openings":[]`, `"documents":[]`}},
			{name: "no document yet", method: "GET", path: a.path() + "/documents/x", headers: a.bearer(), status: 404, has: problem("api.unknown_document")},
			{name: "an action of nobody", method: "POST", path: a.path() + "/actions/bribe", body: `{"version":1}`, headers: w.write(a), status: 404, has: problem("api.unknown_action")},
			{name: "an officer's action", method: "POST", path: a.path() + "/actions/approve", body: `{"version":1}`, headers: w.write(a), status: 403, has: problem("flow.not_your_turn")},
			{name: "an action of another step", method: "POST", path: a.path() + "/actions/received", body: `{"version":1}`, headers: w.write(a), status: 409, has: problem("flow.no_such_action")},
			{name: "no version", method: "POST", path: a.path() + "/actions/withdraw", body: `{}`, headers: w.write(a), status: 422, has: problem(`{"pointer":"/version","key":"api.member_missing"`)},
			{name: "a version that is text", method: "POST", path: a.path() + "/actions/withdraw", body: `{"version":"1"}`, headers: w.write(a), status: 422, has: problem(`{"pointer":"/version","key":"api.not_whole"`)},
			{name: "an old version", method: "POST", path: a.path() + "/actions/withdraw", body: `{"version":9}`, headers: w.write(a), status: 409, has: problem("fault.acted_first")},
			{name: "answers nobody asked for", method: "POST", path: a.path() + "/actions/withdraw", body: `{"version":1,"answers":{}}`, headers: w.write(a), status: 422,
				has: problem(`{"pointer":"/answers","key":"api.member_unknown"`)},
			{name: "no key", method: "POST", path: a.path() + "/actions/withdraw", body: `{"version":1}`, headers: a.bearer(), status: 400, has: problem("api.key_missing")},
			{name: "no secret", method: "POST", path: a.path() + "/actions/withdraw", body: `{"version":1}`, headers: head{"Idempotency-Key": w.key()}, status: 401,
				has: problem("api.secret_missing"), header: head{"Www-Authenticate": `Bearer realm="pendopo"`}},
		})
	})
}

func TestFromApplicationToAVerifiedDocument(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		a := w.apply(nil)
		c, err := w.Cases.Track(ctx, a.Code)
		w.must(err)
		w.appoint(c.Unit, "lurah")
		w.officer(a, casework.Deed{Action: "return", Checks: map[string]bool{"identity": true, "letter": true, "address": false},
			Defects: []flow.Defect{{ID: "address", Words: "Tulis nomor rumah."}}})

		before := w.look(a)
		if before.Step.ID != "fill" || len(before.Defects) != 1 || before.Defects[0].Words != "Tulis nomor rumah." || len(before.Next) != 2 {
			t.Fatalf("returned: %+v", before)
		}
		before.Answers["street"], before.Answers["ktp"] = "Jalan Melati 4", []string{w.upload("?field=ktp", picture(t, 50, 40), head{"Upload-Group": a.Code + "." + a.Secret}).Upload}
		submit := before.Next[0]
		wrong := map[string]any{"version": before.Version, "answers": map[string]any{"nik": plantedNIK}}
		w.run([]scenario{{name: "half an answer", method: "POST", path: submit.Href, body: text(wrong), headers: w.write(a), status: 422,
			has: problem(`"/answers/name"`), lacks: []string{plantedNIK}}})
		var fixed whole
		w.into(w.ask("POST", submit.Href, text(map[string]any{"version": before.Version, "answers": before.Answers}), w.write(a)), 200, &fixed)
		if fixed.Step.ID != "review" || len(fixed.Defects) != 0 || len(fixed.Documents) != 1 {
			t.Fatalf("fixed: %+v", fixed)
		}

		good := map[string]bool{"identity": true, "letter": true, "address": true}
		w.officer(a, casework.Deed{Action: "approve", Checks: good})
		w.officer(a, casework.Deed{Action: "approve"})
		w.must(w.Jobs.Drain(ctx))
		done := w.look(a)
		if done.Step.ID != "deliver" || len(done.Documents) != 2 || done.Documents[0].Kind != "product" || len(done.Openings) == 0 {
			t.Fatalf("issued: %+v", done)
		}
		w.checkDocument(a, done)
		w.checkWords(a, done)
		w.checkReceipt(a)
		var end whole
		w.into(w.ask("POST", a.path()+"/actions/received", text(map[string]any{"version": done.Version}), w.write(a)), 200, &end)
		if end.Outcome != "granted" || len(end.Next) != 0 {
			t.Errorf("end: %+v", end)
		}
	})
}

// checkDocument fetches the product and has it verified in each way.
func (w *town) checkDocument(a accepted, c whole) {
	w.t.Helper()
	doc := c.Documents[0]
	file := w.ask("GET", doc.Href, "", a.bearer())
	if !strings.HasPrefix(file.body, "%PDF-") || file.header.Get("Cache-Control") != "no-store" {
		w.t.Fatalf("the document is %d bytes, %v", len(file.body), file.header)
	}
	pdf := head{"Content-Type": "application/pdf"}
	w.run([]scenario{
		{name: "the file", method: "POST", path: "/api/v1/verify", body: file.body, headers: pdf, status: 200, has: []string{`"state":"valid"`, doc.Number, "asli dan berlaku"}, lacks: []string{plantedName}},
		{name: "an altered file", method: "POST", path: "/api/v1/verify", body: file.body + "\n", headers: pdf, status: 200, has: []string{`"state":"altered"`}},
		{name: "another file", method: "POST", path: "/api/v1/verify", body: "%PDF-1.7 nothing", headers: pdf, status: 200, has: []string{`"state":"unknown"`}},
		{name: "no file", method: "POST", path: "/api/v1/verify", body: "nothing", headers: pdf, status: 415, has: problem()},
		{name: "the number", method: "POST", path: "/api/v1/verify", body: text(map[string]string{"number": doc.Number}), status: 200, has: []string{`"state":"valid"`}, lacks: []string{plantedName, plantedNIK, "statement"}},
		{name: "another number", method: "POST", path: "/api/v1/verify", body: `{"number":"470/1"}`, status: 200, has: []string{`{"results":[]}`}},
		{name: "a forged code", method: "POST", path: "/api/v1/verify", body: `{"payload":"NIKNIKNIK"}`, status: 422, has: problem(`"pointer":"/payload"`), lacks: []string{"NIKNIK"}},
		{name: "neither", method: "POST", path: "/api/v1/verify", body: `{}`, status: 422, has: problem("api.number_or_payload")},
		{name: "both", method: "POST", path: "/api/v1/verify", body: `{"number":"1","payload":"2"}`, status: 422, has: problem("api.number_or_payload")},
		{name: "the keys", method: "GET", path: "/.well-known/pendopo-keys", status: 200, has: []string{`"algorithm": "EdDSA-Ed25519"`}, header: head{"Cache-Control": "public, max-age=3600"}},
	})
}

// checkWords reads the product as text: with the secret only, and not of papers
// that were handed in.
func (w *town) checkWords(a accepted, c whole) {
	w.t.Helper()
	at := c.Documents[0].Words
	w.run([]scenario{
		{name: "the words", method: "GET", path: at, headers: a.bearer(), status: 200, header: head{"Cache-Control": "no-store"},
			has: []string{`"lang":"id"`, `"title":"SURAT KETERANGAN DOMISILI"`, c.Documents[0].Number, plantedName, "Joko Prasetyo", `{"label":"NIK","value":"`, `"verify":"http://localhost:8080/verify"`}},
		{name: "without the secret", method: "GET", path: at, status: 401, has: problem("api.secret_missing"), lacks: []string{plantedName}},
		{name: "of a paper", method: "GET", path: c.Documents[1].Href + "/words", headers: a.bearer(), status: 404, has: problem("api.unknown_document")},
		{name: "by another's secret", method: "GET", path: at, headers: w.apply(nil).bearer(), status: 404, has: problem("api.unknown_case"), lacks: []string{plantedName}},
	})
	if c.Documents[1].Words != "" {
		w.t.Errorf("a paper that was handed in has words at %s", c.Documents[1].Words)
	}
}

// checkReceipt gets the promise before and after the log has taken it up, and
// follows the proof as a stranger would.
func (w *town) checkReceipt(a accepted) {
	w.t.Helper()
	path := a.path() + "/receipt"
	waiting := w.ask("GET", path, "", a.bearer())
	if waiting.status != 202 || waiting.header.Get("Retry-After") != "1" || strings.Contains(waiting.body, `"proof"`) {
		w.t.Errorf("before the log: %d %s", waiting.status, waiting.body)
	}
	_, err := w.Ledger.Sequence(context.Background())
	w.must(err)
	var got struct {
		Receipt json.RawMessage
		Proof   ledger.InclusionProof
	}
	w.into(w.ask("GET", path, "", a.bearer()), 200, &got)
	key := strings.TrimSpace(w.ask("GET", "/log/key", "", nil).body)
	receipt, err := ledger.ReadReceipt(got.Receipt)
	w.must(err)
	leaf, err := receipt.Check(key)
	w.must(err)
	head, err := got.Proof.Check(leaf, key)
	w.must(err)
	if checkpoint := w.ask("GET", "/log/checkpoint", "", nil); checkpoint.body != string(head.Note) {
		w.t.Errorf("the proof leads to another head than %s", checkpoint.body)
	}
}
