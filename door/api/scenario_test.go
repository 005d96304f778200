package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"pendopo/engine/casework"
	"pendopo/kernel/conf"
)

// scenario is one request and what its answer must and must not have.
type scenario struct {
	name    string
	method  string
	path    string
	headers head
	body    string
	status  int
	has     []string
	lacks   []string
	header  head // "" = absent
}

func (w *town) run(list []scenario) {
	for _, s := range list {
		w.from = "192.0.2.1:4000"
		r := w.ask(s.method, s.path, s.body, s.headers)
		if r.status != s.status {
			w.t.Errorf("%s: status %d, want %d: %s", s.name, r.status, s.status, r.body)
		}
		for _, x := range s.has {
			if !strings.Contains(r.body, x) {
				w.t.Errorf("%s: lacks %s: %s", s.name, x, r.body)
			}
		}
		for _, x := range s.lacks {
			if strings.Contains(r.body, x) {
				w.t.Errorf("%s: has %s: %s", s.name, x, r.body)
			}
		}
		if x := wordless.FindString(r.body); x != "" {
			w.t.Errorf("%s: %s has no words", s.name, x)
		}
		for k, v := range s.header {
			if got := r.header.Get(k); got != v {
				w.t.Errorf("%s: %s is %q, want %q", s.name, k, got, v)
			}
		}
		if got := r.header.Get("Access-Control-Allow-Origin"); got != "" && strings.HasPrefix(s.path, "/api/") {
			w.t.Errorf("%s: another origin may read this", s.name)
		}
	}
}

// wordless finds a key that stands where words should.
var wordless = regexp.MustCompile(`"(title|detail|message|words)":"[a-z]+\.[a-z_]+"`)

func problem(has ...string) []string {
	return append([]string{`"type":"urn:pendopo:`, `"instance":"urn:pendopo:request:`}, has...)
}

var sqlite = conf.Place{}

var isProblem = head{"Content-Type": "application/problem+json", "Cache-Control": "no-store"}

func TestServices(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.run([]scenario{
			{name: "the list", method: "GET", path: "/api/v1/services", status: 200,
				has:    []string{`"id":"` + domicile + `"`, `"id":"` + midwife + `"`, "Surat keterangan domisili", `"definition":"` + w.hash(domicile)},
				lacks:  []string{`"next"`},
				header: head{"Content-Type": "application/json", "Content-Language": "id", "Cache-Control": "public, max-age=60"}},
			{name: "in English", method: "GET", path: "/api/v1/services", headers: head{"Accept-Language": "en-GB,en;q=0.8"}, status: 200,
				has: []string{"Certificate of domicile"}, lacks: []string{"Surat keterangan"}, header: head{"Content-Language": "en"}},
			{name: "one at a time", method: "GET", path: "/api/v1/services?limit=1", status: 200, has: []string{`"next":"`}, lacks: []string{domicile}},
			{name: "in people's own words", method: "GET", path: "/api/v1/services?q=surat+domisili&limit=3", status: 200, has: []string{`{"services":[{"id":"` + domicile}, lacks: []string{`"next"`}},
			{name: "a question of nothing", method: "GET", path: "/api/v1/services?q=xqzzvk", status: 200, has: []string{`{"services":[]}`}},
			{name: "a question too long", method: "GET", path: "/api/v1/services?q=" + strings.Repeat("a", 101), status: 422, has: problem("api.query_long"), lacks: []string{"aaa"}},
			{name: "no such limit", method: "GET", path: "/api/v1/services?limit=0", status: 422, has: problem("api.limit"), header: isProblem},
			{name: "too many", method: "GET", path: "/api/v1/services?limit=1000", status: 422, has: problem("1 sampai 100")},
			{name: "no such cursor", method: "GET", path: "/api/v1/services?cursor=%25", status: 422, has: problem("api.cursor")},
			{name: "one", method: "GET", path: "/api/v1/services/" + domicile, status: 200,
				has: []string{`"$schema":"https://json-schema.org/draft/2020-12/schema"`, `"additionalProperties":false`, `"nik":{`, `"cases":"` + casesPath, `"rupiah":0`}},
			{name: "none", method: "GET", path: "/api/v1/services/surat-sakti", status: 404, has: problem("casework.unknown_service"),
				lacks: []string{"surat-sakti"}, header: isProblem},
			{name: "head", method: "HEAD", path: "/api/v1/services", status: 200, header: head{"Content-Type": "application/json"}},
			{name: "options", method: "OPTIONS", path: "/api/v1/services", status: 204, header: head{"Allow": "GET, HEAD, OPTIONS"}},
			{name: "options of a write", method: "OPTIONS", path: casesPath, headers: head{"Origin": "https://elsewhere.example",
				"Access-Control-Request-Method": "POST"}, status: 204, header: head{"Allow": "POST, OPTIONS"}},
			{name: "another method", method: "DELETE", path: "/api/v1/services", status: 405, has: problem("api.method"),
				header: head{"Allow": "GET, HEAD, OPTIONS", "Content-Type": "application/problem+json"}},
			{name: "another address", method: "GET", path: "/api/v1/" + plantedNIK, status: 404, has: problem(), lacks: []string{plantedNIK}},
		})
	})
}

func TestPagesOfServicesFollowEachOther(t *testing.T) {
	w := newTown(t, sqlite)
	var first, second struct {
		Services []struct{ ID string }
		Next     string
	}
	w.into(w.ask("GET", "/api/v1/services?limit=1", "", nil), 200, &first)
	w.into(w.ask("GET", "/api/v1/services?limit=1&cursor="+first.Next, "", nil), 200, &second)
	if len(first.Services) != 1 || len(second.Services) != 1 || first.Services[0].ID >= second.Services[0].ID {
		t.Errorf("%+v then %+v", first, second)
	}
	seen := 2
	for cursor := second.Next; cursor != ""; seen++ {
		var page struct {
			Services []struct{ ID string }
			Next     string
		}
		w.into(w.ask("GET", "/api/v1/services?limit=1&cursor="+cursor, "", nil), 200, &page)
		cursor = page.Next
	}
	if offered := len(w.Cases.Catalogue().Offered()); seen != offered {
		t.Errorf("%d services on the pages, %d are offered", seen, offered)
	}
}

func TestAnUnchangedAnswerIsNotSentAgain(t *testing.T) {
	w := newTown(t, sqlite)
	got := w.ask("GET", "/api/v1/services", "", nil)
	tag := got.header.Get("ETag")
	again := w.ask("GET", "/api/v1/services", "", head{"If-None-Match": `"other", ` + tag})
	if tag == "" || again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("%d %q %q", again.status, tag, again.body)
	}
	if other := w.ask("GET", "/api/v1/services", "", head{"If-None-Match": tag, "Accept-Language": "en"}); other.status != 200 {
		t.Errorf("another language is %d", other.status)
	}
}

// licence are good answers to the form of a midwife's licence.
func licence() map[string]any {
	a := map[string]any{
		"name": plantedName, "nik": plantedNIK, "birth_place": "Banyusekar", "birth_date": "1995-04-17", "phone": plantedPhone,
		"home_address": "Jalan Melati 4", "str_number": "0000012345", "str_date": "2023-05-15", "str_validity": "seumur_hidup",
		"facility_kind": "klinik", "facility_name": "Klinik Sekar", "facility_region": "33.60.01.1001", "facility_address": "Jalan Seruni 8",
		"practice_order": "pertama", "declaration": true,
	}
	for _, paper := range []string{"permohonan", "ktp", "pasfoto", "surat_sehat", "ijazah", "str", "rekomendasi_ibi", "surat_pimpinan"} {
		a[paper] = []string{"counter"}
	}
	return a
}

// TestWhoIsRejectedObjectsAndIsHeard: a rejection says why and on which norm, an
// objection is an action like any other, and another decision follows.
func TestWhoIsRejectedObjectsAndIsHeard(t *testing.T) {
	w := newTown(t, sqlite)
	w.appoint("dpmptsp", "kepala_dpmptsp")
	var a accepted
	w.into(w.ask("POST", "/api/v1/services/"+midwife+"/cases", text(map[string]any{"definition": w.hash(midwife), "channel": "api", "answers": licence()}),
		head{"Idempotency-Key": w.key()}), 201, &a)
	w.officer(a, casework.Deed{Action: "approve", Checks: map[string]bool{"application": true, "identity": true, "photo": true, "diploma": true,
		"registration": true, "recommendation": true, "health": true, "facility": true}})
	w.officer(a, casework.Deed{Action: "advise_against", Checks: map[string]bool{"competence": true, "place": false, "count": true}})
	w.officer(a, casework.Deed{Action: "reject", Reason: "facility_unfit", Note: "Klinik belum berizin."})

	rejected := w.look(a)
	if rejected.Step.ID != "objection" || rejected.Reason == nil || rejected.Reason.Basis != "UU 17/2023" || len(rejected.Next) != 1 || rejected.Next[0].Action != "object" {
		t.Fatalf("rejected: %+v", rejected)
	}
	object := rejected.Next[0].Href
	body := text(map[string]any{"version": rejected.Version, "note": "Izin klinik terbit kemarin."})
	w.run([]scenario{
		{name: "by the code alone", method: "POST", path: object, body: body, headers: head{"Idempotency-Key": w.key()}, status: 401, has: problem("api.secret_missing")},
		{name: "the state for everybody", method: "GET", path: a.path(), status: 200, has: []string{"Ditolak, dapat diajukan keberatan"}, lacks: []string{"belum berizin", plantedName}},
	})
	var heard whole
	w.into(w.ask("POST", object, body, w.write(a)), 200, &heard)
	if heard.Step.ID != "reconsider" || heard.Holder.Who != "role" || heard.Outcome != "" {
		t.Fatalf("objected: %+v", heard)
	}
	w.run([]scenario{{name: "once more", method: "POST", path: object, body: text(map[string]any{"version": heard.Version}), headers: w.write(a), status: 409, has: problem("flow.no_such_action")}})
	w.officer(a, casework.Deed{Action: "approve"})
	w.must(w.Jobs.Drain(t.Context()))
	if upheld := w.look(a); upheld.Step.ID != "deliver" || len(upheld.Documents) != 1 || upheld.Documents[0].Kind != "product" {
		t.Errorf("upheld: %+v", upheld)
	}
}

// bad is a body that is refused, and where.
type bad struct {
	name   string
	body   string
	status int
	has    []string
}

func (w *town) badApplications() []bad {
	good := text(w.application(nil))
	with := func(k string, v any) string { return text(w.application(map[string]any{k: v})) }
	set := func(k string, v any) string {
		a := w.application(nil)
		if a[k] = v; v == nil {
			delete(a, k)
		}
		return text(a)
	}
	return []bad{
		{"no JSON", "nik=" + plantedNIK, 400, problem("api.not_json")},
		{"cut off", good[:len(good)-9], 400, problem("api.not_json")},
		{"two texts", good + good, 400, problem("api.not_json")},
		{"not UTF-8", "{\"definition\": \"\xff" + plantedNIK + "\"}", 400, problem("api.not_json")},
		{"a list", "[" + good + "]", 422, problem("api.not_object")},
		{"too deep", `{"answers":` + strings.Repeat(`[`, 40) + plantedNIK + strings.Repeat(`]`, 40) + `}`, 422, problem("api.too_deep")},
		{"too many parts", `{"answers":[` + strings.Repeat("1,", 3000) + `1]}`, 422, problem("api.too_deep")},
		{"a doubled member", `{"channel":"api",` + good[1:], 422, problem(`{"pointer":"/channel","key":"api.member_doubled"`)},
		{"a doubled answer", strings.Replace(good, `"answers":{`, `"answers":{"nik":"`+plantedNIK+`",`, 1), 422,
			problem(`{"pointer":"/answers/nik","key":"api.member_doubled"`)},
		{"an unknown member", set("priority", "now"), 422, problem(`{"pointer":"/priority","key":"api.member_unknown"`)},
		{"a value for a name", set(plantedNIK, "x"), 422, problem(`{"pointer":"/*","key":"api.member_unknown"`)},
		{"an unknown answer", with("shoe_size", 42), 422, problem(`{"pointer":"/answers/shoe_size","key":"form.unknown_answer"`)},
		{"a value for an answer's name", with(plantedNIK, plantedName), 422, problem(`"pointer":"/answers/*"`)},
		{"nothing", `{}`, 422, problem(`"/definition"`, `"/channel"`, `"/answers"`, "api.member_missing")},
		{"answers that are text", set("answers", plantedNIK), 422, problem(`{"pointer":"/answers","key":"api.not_object"`)},
		{"a number for the channel", set("channel", 7), 422, problem(`{"pointer":"/channel","key":"api.not_text"`)},
		{"the officers' channel", set("channel", "counter"), 422, problem(`{"pointer":"/channel","key":"api.channel"`)},
		{"an old definition", set("definition", strings.Repeat("0", 64)), 409, problem("casework.definition_over")},
		{"no definition", set("definition", plantedName), 409, problem("casework.definition_over")},
		{"a number for a NIK", with("nik", 3360015704950001), 422, problem(`{"pointer":"/answers/nik","key":"form.wrong_type"`)},
		{"a short NIK", with("nik", plantedNIK[:15]), 422, problem(`"pointer":"/answers/nik"`)},
		{"a date that is none", with("birth_date", "1995-02-30"), 422, problem(`"pointer":"/answers/birth_date"`)},
		{"a fraction", with("rt", 2.5), 422, problem(`"pointer":"/answers/rt"`)},
		{"an object for a text", with("name", map[string]any{"first": plantedName}), 422, problem(`{"pointer":"/answers/name","key":"form.wrong_type"`)},
		{"nothing said", with("name", nil), 422, problem(`{"pointer":"/answers/name","key":"form.missing"`)},
		{"no declaration", with("declaration", false), 422, problem(`"pointer":"/answers/declaration"`)},
		{"several at once", text(w.application(map[string]any{"name": nil, "nik": nil, "street": nil})), 422,
			problem(`"/answers/name"`, `"/answers/nik"`, `"/answers/street"`)},
		{"a file of nobody", with("ktp", []string{"01890a5d-ac96-774b-bcce-b302099a8057"}), 422, problem(`{"pointer":"/uploads","key":"api.uploads_missing"`)},
		{"a forged group", set("uploads", "00000-00000-0.0000-0000"), 422, problem(`{"pointer":"/uploads","key":"api.unknown_group"`)},
	}
}

func TestApplicationsThatAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		before := w.count("event")
		var list []scenario
		for _, b := range w.badApplications() {
			list = append(list, scenario{name: b.name, method: "POST", path: casesPath, body: b.body, status: b.status, has: b.has,
				headers: head{"Idempotency-Key": w.key()}, lacks: []string{plantedNIK, plantedName, plantedNIK[:15]}, header: isProblem})
		}
		good := text(w.application(nil))
		key := head{"Idempotency-Key": w.key()}
		list = append(list,
			scenario{name: "no key", method: "POST", path: casesPath, body: good, status: 400, has: problem("api.key_missing"), header: isProblem},
			scenario{name: "a short key", method: "POST", path: casesPath, body: good, headers: head{"Idempotency-Key": "1"}, status: 400, has: problem("casework.key_length")},
			scenario{name: "a form", method: "POST", path: casesPath, body: "nik=" + plantedNIK, status: 415, has: problem("api.content_type", "application/json"),
				headers: head{"Idempotency-Key": w.key(), "Content-Type": "application/x-www-form-urlencoded"}, header: isProblem},
			scenario{name: "no content type", method: "POST", path: casesPath, body: good, status: 415,
				headers: head{"Idempotency-Key": w.key(), "Content-Type": ""}},
			scenario{name: "another charset", method: "POST", path: casesPath, body: good, status: 415,
				headers: head{"Idempotency-Key": w.key(), "Content-Type": "application/json; charset=utf-16"}},
			scenario{name: "compressed", method: "POST", path: casesPath, body: good, status: 415,
				headers: head{"Idempotency-Key": w.key(), "Content-Encoding": "gzip"}},
			scenario{name: "too large", method: "POST", path: casesPath, body: `{"answers":{"name":"` + strings.Repeat("a", 300<<10) + `"}}`, status: 413,
				headers: head{"Idempotency-Key": w.key()}, has: problem("256 kB"), header: isProblem},
			scenario{name: "no such service", method: "POST", path: "/api/v1/services/surat-sakti/cases", body: good, headers: key, status: 404, has: problem("casework.unknown_service")},
			scenario{name: "in English", method: "POST", path: casesPath, body: `{}`, status: 422, has: problem("This member is required."),
				headers: head{"Idempotency-Key": w.key(), "Accept-Language": "en"}, header: head{"Content-Language": "en"}},
		)
		w.run(list)
		if after := w.count("event"); after != before {
			t.Errorf("%d events came of refused applications", after-before)
		}
		if !strings.Contains(w.log.String(), `"route":"POST /api/v1/services/{id}/cases"`) {
			t.Error("the log lacks the route: nothing was tested")
		}
	})
}
