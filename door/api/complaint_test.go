package api_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"pendopo/engine/casework"
	"pendopo/law/fold"
	answersOf "pendopo/law/form"
)

// told is a report as its reporter reads it.
type told struct {
	Version  int64
	Step     struct{ ID string }
	Reporter string
	Write    string
	Said     []struct {
		Version int64
		Words   []struct {
			Name string
			Text []string
		}
		Files []string
	}
	Messages []struct {
		By   struct{ Who string }
		Text string
	}
	Next []struct {
		Action, Kind string
		Body         struct{ Required []string }
	}
	Documents []struct{ ID string }
}

// report tells something, with a name, or without one.
func (w *town) report(anonymous string) accepted {
	w.t.Helper()
	b, err := w.Cases.Catalogue().Live("pengaduan")
	w.must(err)
	raw, err := json.Marshal(map[string]any{"definition": b.Hash, "channel": "api", "answers": map[string]any{
		"what": "Lampu jalan di depan pos ronda mati sejak tiga minggu.", "kind": "pengaduan", "category": "lampu", "region": "33.60.01.1001",
		"point": "-7.05123,110.91234", "anonymous": anonymous, "confidential": "tidak", "name": plantedName, "phone": plantedPhone,
	}})
	w.must(err)
	var a accepted
	w.into(w.ask("POST", "/api/v1/services/pengaduan/cases", string(raw), head{"Idempotency-Key": w.key()}), 201, &a)
	return a
}

// does lets an officer act on a report.
func (w *town) does(a accepted, by fold.Holder, d casework.Deed) {
	w.t.Helper()
	c, err := w.Cases.Track(context.Background(), a.Code)
	w.must(err)
	d.Stream, d.Seen, d.Actor, d.By = c.Stream, c.Version, "officer", by
	d.Once = casework.Once{Scope: "test/officer", Key: w.key(), Request: []byte(d.Action + d.Do)}
	_, err = w.Cases.Act(context.Background(), d)
	w.must(err)
}

func TestAReportWithoutANameFromTellingToSolved(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		a := w.report("ya")
		coordinator := fold.Holder{Who: "role", Role: "koordinator_pengaduan", Unit: "setda"}
		handler := fold.Holder{Who: "role", Role: "pengelola_pengaduan", Unit: "dishub"}
		checks := map[string]bool{}
		b, err := w.Cases.Catalogue().Live("pengaduan")
		w.must(err)
		for _, line := range b.Service.Step("verify").Checklist {
			checks[line.ID] = true
		}
		w.does(a, coordinator, casework.Deed{Action: "dispatch", Unit: "dishub", Checks: checks, Given: answersOf.Answers{"kind": "pengaduan", "category": "lampu"}})
		w.does(a, handler, casework.Deed{Do: "write", Note: "Tiang yang mana?"})

		var c told
		w.into(w.ask("GET", a.path(), "", a.bearer()), 200, &c)
		if c.Reporter != "anonymous" || len(c.Messages) != 1 || c.Messages[0].Text != "Tiang yang mana?" || c.Write == "" {
			t.Fatalf("%+v", c)
		}
		file := w.upload("?field=message", picture(t, 50, 40), head{"Upload-Group": a.Code + "." + a.Secret}).Upload
		w.run([]scenario{
			{name: "nothing said", method: "POST", path: a.path() + "/messages", body: `{}`, headers: w.write(a), status: 422, has: problem(`{"pointer":"/text","key":"flow.words_missing"`)},
			{name: "a list that is none", method: "POST", path: a.path() + "/messages", body: `{"files":"x"}`, headers: w.write(a), status: 422, has: problem(`{"pointer":"/files","key":"api.not_list"`)},
			{name: "a file of nobody", method: "POST", path: a.path() + "/messages", body: `{"files":["x"]}`, headers: w.write(a), status: 422, has: problem("casework.upload_unknown")},
			{name: "too long", method: "POST", path: a.path() + "/messages", body: `{"text":"` + strings.Repeat("a", 2001) + `"}`, headers: w.write(a), status: 422, has: problem("flow.message_long")},
			{name: "no secret", method: "POST", path: a.path() + "/messages", body: `{"text":"a"}`, headers: head{"Idempotency-Key": w.key()}, status: 401, has: problem("api.secret_missing")},
			{name: "a member nobody asked for", method: "POST", path: a.path() + "/messages", body: `{"text":"a","name":"x"}`, headers: w.write(a), status: 422, has: problem("api.member_unknown")},
			{name: "with a picture", method: "POST", path: a.path() + "/messages", body: `{"text":"Yang miring.","files":["` + file + `"]}`, headers: w.write(a), status: 200, has: []string{"Yang miring."}},
		})

		w.does(a, handler, casework.Deed{Action: "answer", Given: answersOf.Answers{"first_answer": "Tim kami datang Kamis."}})
		w.into(w.ask("GET", a.path(), "", a.bearer()), 200, &c)
		if words := c.Said[len(c.Said)-1].Words; len(words) != 1 || words[0].Text[0] != "Tim kami datang Kamis." || len(c.Messages) != 2 || len(c.Documents) != 1 {
			t.Errorf("%+v", c)
		}
		// The proof is the picture of the message: a file is a file of the case.
		w.does(a, handler, casework.Deed{Action: "finish", Given: answersOf.Answers{"done": "Lampu diganti.", "proof": []string{file}}})
		w.into(w.ask("GET", a.path(), "", a.bearer()), 200, &c)
		wants := map[string]string{}
		for _, n := range c.Next {
			wants[n.Kind] = strings.Join(n.Body.Required, " ")
		}
		if wants["confirm"] != "version" || wants["reopen"] != "version note" {
			t.Errorf("next wants %v", wants)
		}
		version := func(more string) string {
			raw, _ := json.Marshal(c.Version)
			return `{"version":` + string(raw) + more + `}`
		}
		w.run([]scenario{
			{name: "not solved, and not why", method: "POST", path: a.path() + "/actions/not_solved", body: version(""), headers: w.write(a), status: 422, has: problem(`{"pointer":"/note","key":"flow.words_missing"`)},
			{name: "something nobody asks", method: "POST", path: a.path() + "/actions/not_solved", body: version(`,"note":"Mati lagi.","given":{"first_answer":"x"}`), headers: w.write(a), status: 422, has: problem("form.unknown_answer")},
			{name: "not solved", method: "POST", path: a.path() + "/actions/not_solved", body: version(`,"note":"Mati lagi."`), headers: w.write(a), status: 200, has: []string{`"id":"handle"`}},
		})
		// When and how the reporter was written to is theirs to know: the code of a shown report is everybody's.
		for kind, n := range map[string]int{"wrote": 0, "told": 0, "dispatched": 1} {
			if open := w.ask("GET", a.path(), "", nil); (strings.Count(open.body, `"kind":"`+kind+`"`) > 0) != (n > 0) {
				t.Errorf("with the code alone one reads of %q: %s", kind, open.body)
			}
		}
		// Nothing on any address gives who it was.
		for _, h := range []head{nil, a.bearer()} {
			for _, path := range []string{a.path(), a.path() + "/receipt"} {
				r, err := w.try("GET", path, "", h)
				w.must(err)
				for _, planted := range []string{plantedName, plantedPhone, plantedPhone[3:]} {
					if strings.Contains(r.body, planted) {
						t.Errorf("GET %s says %s", path, planted)
					}
				}
			}
		}
	})
}

func TestWhereNobodyWritesAMessageIsRefused(t *testing.T) {
	w := newTown(t, sqlite)
	a, b := w.apply(nil), w.report("tidak")
	to := b.path() + "/messages"
	plain, twice := w.write(b), w.write(b)
	plain["Content-Type"] = "text/plain"
	w.run([]scenario{
		{name: "a service without messages", method: "POST", path: a.path() + "/messages", body: `{"text":"Halo"}`, headers: w.write(a), status: 409, has: problem("flow.no_messages")},
		{name: "a code of nobody", method: "POST", path: "/api/v1/cases/ABCDE-FGHJK-M/messages", body: `{"text":"Halo"}`, headers: w.write(b), status: 404, has: problem("api.unknown_case")},
		{name: "text", method: "POST", path: to, body: "text=Halo", headers: plain, status: 415, has: problem("api.content_type")},
		{name: "a list", method: "POST", path: to, body: `[]`, headers: w.write(b), status: 422, has: problem("api.not_object")},
		{name: "cut", method: "POST", path: to, body: `{`, headers: w.write(b), status: 400, has: problem("api.not_json")},
		{name: "no key", method: "POST", path: to, body: `{"text":"Halo"}`, headers: b.bearer(), status: 400, has: problem("api.key_missing")},
		{name: "once", method: "POST", path: to, body: `{"text":"Halo"}`, headers: twice, status: 200, has: []string{`"reporter":"apart"`}},
		{name: "once more", method: "POST", path: to, body: `{"text":"Halo"}`, headers: twice, status: 200, has: []string{`"Halo"`}},
		{name: "the key for something else", method: "POST", path: to, body: `{"text":"Hai"}`, headers: twice, status: 422, has: problem("casework.key_reused")},
	})
	var c told
	if w.into(w.ask("GET", b.path(), "", b.bearer()), 200, &c); len(c.Messages) != 1 {
		t.Errorf("%d messages of one", len(c.Messages))
	}
}
