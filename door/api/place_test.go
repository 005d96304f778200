package api_test

import (
	"strings"
	"testing"
)

func TestPlacesAndOffices(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.run([]scenario{
			{name: "provinces", method: "GET", path: "/api/v1/regions", status: 200, has: []string{`"code":"33","name":"Jawa Tengah","level":"province","path":[]`, `"source":"idn-area-data, ODbL 1.0"`}, lacks: []string{`"33.74"`},
				header: head{"Cache-Control": "public, max-age=60"}},
			{name: "below one", method: "GET", path: "/api/v1/regions?parent=33.74.01", status: 200, has: []string{`"Miroto"`, `{"code":"33.74","name":"Kota Semarang"}`, `"served":false`}},
			{name: "the government's own", method: "GET", path: "/api/v1/regions?parent=33", status: 200, has: []string{`"code":"33.60","name":"Kabupaten Banyusekar","level":"regency","path":[{"code":"33","name":"Jawa Tengah"}],"served":true`, "Kota Semarang"}},
			{name: "by name", method: "GET", path: "/api/v1/regions?q=miroto%20semarang", status: 200, has: []string{`"33.74.01.1001"`}},
			{name: "by name in a level", method: "GET", path: "/api/v1/regions?q=sorong&level=regency&limit=1", status: 200, has: []string{`"96.01"`}, lacks: []string{`"96.71"`}},
			{name: "by name below another", method: "GET", path: "/api/v1/regions?q=miroto&parent=34", status: 200, has: []string{`"places":[]`}},
			{name: "below nothing", method: "GET", path: "/api/v1/regions?parent=99", status: 422, has: problem("api.unknown_region"), header: isProblem},
			{name: "no such level", method: "GET", path: "/api/v1/regions?q=a&level=dusun", status: 422, has: problem("api.level")},
			{name: "no such limit", method: "GET", path: "/api/v1/regions?q=a&limit=51", status: 422, has: problem("api.limit")},
			{name: "too long", method: "GET", path: "/api/v1/regions?q=" + strings.Repeat("b", 101), status: 422, has: problem("api.query_long"), lacks: []string{"bbb"}},
			{name: "one", method: "GET", path: "/api/v1/regions/33.74.01.1001", status: 200, has: []string{`"name":"Miroto"`}, lacks: []string{"former"}},
			{name: "one of the past", method: "GET", path: "/api/v1/regions/92.01", status: 200, has: []string{`"former":true,"now":{"code":"96.01","name":"Kabupaten Sorong"`}},
			{name: "one of the past with no place of today", method: "GET", path: "/api/v1/regions/54", status: 200, has: []string{`"Timor Timur"`, `"former":true`}, lacks: []string{`"now"`}},
			{name: "none", method: "GET", path: "/api/v1/regions/" + plantedNIK, status: 404, has: problem("api.unknown_region"), lacks: []string{plantedNIK}},
			{name: "offices", method: "GET", path: "/api/v1/offices", headers: head{"Accept-Language": "en"}, status: 200, has: []string{`"id":"dpmptsp"`, "One-Stop", `"zone":"Asia/Jakarta"`, `"mon":["07:30-12:00"`, midwife}},
			{name: "needs", method: "GET", path: "/api/v1/needs", status: 200, has: []string{`"needs":[{`, `"events":[{`, domicile}},
		})
	})
}

// A service that one unit asks of another is no service for people.
func TestWhatUnitsAskOfOneAnotherIsNotOffered(t *testing.T) {
	w := newTown(t, sqlite)
	hidden := ""
	for _, b := range w.Cases.Catalogue().Services() {
		if len(b.Service.Channels) == 1 && b.Service.Channels[0] == "internal" {
			hidden = b.Service.ID
		}
	}
	if hidden == "" {
		t.Fatal("the demo has no internal service: this shows nothing")
	}
	w.run([]scenario{
		{name: "list", method: "GET", path: "/api/v1/services?limit=100", status: 200, lacks: []string{hidden}},
		{name: "one", method: "GET", path: "/api/v1/services/" + hidden, status: 404, has: problem("casework.unknown_service")},
		{name: "draft", method: "POST", path: "/api/v1/services/" + hidden + "/drafts", headers: head{"Idempotency-Key": w.key()}, status: 404, has: problem("casework.unknown_service")},
		{name: "apply", method: "POST", path: "/api/v1/services/" + hidden + "/cases", body: "{}", headers: head{"Idempotency-Key": w.key()}, status: 404, has: problem("casework.unknown_service")},
		{name: "upload", method: "POST", path: "/api/v1/uploads?service=" + hidden, body: "x", headers: head{"Idempotency-Key": w.key(), "Content-Type": "application/pdf"}, status: 404, has: problem("casework.unknown_service")},
	})
}
