package open311_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/db"
	"pendopo/law/flow"
	"pendopo/law/form"
)

// requirement is one thing that the specification, or what it left to us, says.
type requirement struct {
	says string
	test func(t *testing.T, w *town)
}

// TestTheSpecification goes through GeoReport v2 from its beginning to its end,
// on both databases, each requirement by requests to the program itself.
func TestTheSpecification(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		for _, r := range slices.Concat(generalRequirements(), serviceRequirements(), postRequirements(), placeRequirements(), onceRequirements(), listRequirements(), filterRequirements(), updateRequirements(), errorRequirements()) {
			t.Run(r.says, func(t *testing.T) {
				w.t = t
				r.test(t, w)
			})
		}
		for _, planted := range []string{plantedFirst + " " + plantedLast, plantedPhone[1:], plantedMail, "tikungan pasar", w.key} {
			if strings.Contains(w.log.String(), planted) {
				t.Errorf("the log has %s", planted)
			}
		}
	})
}

// show lets the coordinator show a report and send it to its unit.
func (w *town) show(id, text string) {
	w.t.Helper()
	c := w.state(id)
	_, err := w.Cases.Act(context.Background(), casework.Deed{Stream: c.Stream, Action: "dispatch", Seen: c.Version, Given: form.Answers{"kind": "pengaduan", "category": c.Answers["category"]}, By: c.Holder, Actor: "koordinator", Unit: "dishub",
		Checks: map[string]bool{"clear": true, "ours": true, "decent": true}, Public: &flow.Words{Title: "Lampu mati", Text: text}})
	w.must(err)
}

// end ends a report in the table of reports, as its case would in a month.
func (w *town) end(id, state string) {
	w.t.Helper()
	w.must(w.DB.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`UPDATE report SET state = ?, active = 0, ended = ?, updated = ? WHERE code = ?`, state, w.clock.Now(), w.clock.Now(), id)
		return err
	}))
}

func generalRequirements() []requirement {
	return []requirement{
		{"every answer is UTF-8 and says so, XML with its declaration", func(t *testing.T, w *town) {
			for path, kind := range map[string]string{"services.xml": "text/xml; charset=utf-8", "services.json": "application/json; charset=utf-8",
				"requests.xml": "text/xml; charset=utf-8", "requests/unknown.json": "application/json; charset=utf-8", "discovery.xml": "text/xml; charset=utf-8"} {
				r := w.get(path)
				if r.header.Get("Content-Type") != kind {
					t.Errorf("%s is %s", path, r.header.Get("Content-Type"))
				}
				if strings.HasSuffix(path, "xml") && !strings.HasPrefix(r.body, `<?xml version="1.0" encoding="utf-8"?>`) {
					t.Errorf("%s begins %.60s", path, r.body)
				}
			}
		}},
		{"without a suffix the Accept header chooses, and XML is what everybody speaks", func(t *testing.T, w *town) {
			for accept, kind := range map[string]string{"": "text/xml", "application/json": "application/json", "text/xml": "text/xml", "*/*": "text/xml"} {
				if r := w.get("services", "Accept", accept); r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), kind) {
					t.Errorf("Accept %q: %d %s", accept, r.status, r.header.Get("Content-Type"))
				}
			}
		}},
		{"discovery is there in both formats and leads to the services", func(t *testing.T, w *town) {
			for _, path := range []string{"../discovery", "discovery"} {
				var d georeport.Discovery
				w.must(json.Unmarshal([]byte(w.get(path+".json").body), &d))
				var x georeport.Discovery
				w.must(xml.Unmarshal([]byte(w.get(path+".xml").body), &x))
				if x.XMLName = (xml.Name{}); fmt.Sprint(d) != fmt.Sprint(x) {
					t.Errorf("the formats differ: %v and %v", d, x)
				}
				e := d.Endpoints[0]
				if e.Specification != georeport.Specification || e.URL != "https://layanan.example/open311/v2" || e.Type != "production" || len(e.Formats) != 2 || d.Changeset == "" || d.Contact == "" || d.KeyService == "" {
					t.Errorf("%+v", d)
				}
			}
		}},
		{"jurisdiction_id may be left out or empty, and another one is 404", func(t *testing.T, w *town) {
			for j, status := range map[string]int{"": 200, "banyusekarkab.example": 200, "33.60": 200, "city.gov": 404} {
				for _, path := range []string{"services.json", "requests.json", "servicerequestupdates.json", "services/lampu.json", "discovery.json"} {
					if r := w.get(path + "?jurisdiction_id=" + j); r.status != status {
						t.Errorf("%s of %q: %d", path, j, r.status)
					}
				}
			}
			w.refused(w.get("services.json?jurisdiction_id=city.gov"), 404, "jurisdiction_id: ")
		}},
		{"an empty parameter is as good as none", func(t *testing.T, w *town) {
			if r := w.get("requests.json?status=&service_code=&start_date=&end_date=&service_request_id=&page="); r.status != 200 {
				t.Error(r.status, r.body)
			}
		}},
		{"pages of other sites may read what everybody may read", func(t *testing.T, w *town) {
			for _, path := range []string{"services.json", "requests.xml", "requests/unknown.json", "services/unknown.json"} {
				if r := w.get(path, "Origin", "https://app.example"); r.header.Get("Access-Control-Allow-Origin") != "*" {
					t.Errorf("%s: %v", path, r.header)
				}
			}
		}},
		{"other methods are named as such, in the format that was asked for", func(t *testing.T, w *town) {
			r := w.ask("DELETE", "requests.json", nil)
			w.refused(r, 405, "")
			if r.header.Get("Allow") != "GET, HEAD, POST, OPTIONS" {
				t.Error(r.header)
			}
			if r := w.ask("OPTIONS", "services/lampu.xml", nil); r.status != 204 || r.header.Get("Allow") != "GET, HEAD, OPTIONS" {
				t.Error(r.status, r.header)
			}
			w.refused(w.ask("POST", "services.json", w.report()), 405, "")
		}},
	}
}

func serviceRequirements() []requirement {
	return []requirement{
		{"GET services lists each category with every field", func(t *testing.T, w *town) {
			var got []map[string]any
			w.must(json.Unmarshal([]byte(w.get("services.json").body), &got))
			codes := map[string]bool{}
			for _, s := range got {
				codes[s["service_code"].(string)] = true
				for _, field := range []string{"service_name", "description", "metadata", "type", "keywords", "group"} {
					if _, ok := s[field]; !ok {
						t.Errorf("%v has no %s", s["service_code"], field)
					}
				}
				if s["type"] != "realtime" || s["metadata"] != true {
					t.Errorf("%v", s)
				}
			}
			if !codes["lampu"] || !codes["lalu_lintas"] || len(codes) != len(got) {
				t.Errorf("codes %v", codes)
			}
			list, err := georeport.Records(georeport.XML, []byte(w.get("services.xml").body), "service")
			if err != nil || len(list) != len(got) || list[1]["service_name"] != "Street lamps" {
				t.Errorf("%v, %v", list, err)
			}
		}},
		{"names are in the language of the caller", func(t *testing.T, w *town) {
			if r := w.get("services.json", "Accept-Language", "id"); !strings.Contains(r.body, "Lampu jalan") || r.header.Get("Content-Language") != "id" {
				t.Error(r.body)
			}
		}},
		{"what is never public is not offered", func(t *testing.T, w *town) {
			if r := w.get("services.json"); strings.Contains(r.body, "pengawasan") || strings.Contains(r.body, "surat") {
				t.Error(r.body)
			}
		}},
		{"GET services/{code} gives the attributes in their order", func(t *testing.T, w *town) {
			var d georeport.Definition
			r := w.get("services/lampu.json")
			w.must(json.Unmarshal([]byte(r.body), &d))
			if d.Code != "lampu" || len(d.Attributes) < 2 {
				t.Fatal(r.body)
			}
			for i, a := range d.Attributes {
				if a.Order != i+1 || !a.Variable || a.Code == "" || a.Description == "" || a.Datatype == georeport.SingleValueList && len(a.Values) < 2 {
					t.Errorf("%+v", a)
				}
				if slices.Contains([]string{"name", "phone", "email", "what", "category", "point", "photos", "region"}, a.Code) {
					t.Errorf("%s is asked beside its own parameter", a.Code)
				}
			}
		}},
		{"a service_code that is not there is 404 with its name", func(t *testing.T, w *town) {
			w.refused(w.get("services/033.json"), 404, "service_code: ")
		}},
	}
}

func postRequirements() []requirement {
	return []requirement{
		{"POST requests gives an id at once, and the case is there", func(t *testing.T, w *town) {
			id := w.file("description", "Lampu jalan di tikungan pasar mati, laporan pertama.")
			if c := w.state(id); c.Service != "pengaduan" || c.Channel != "api" || c.Answers["category"] != "lampu" || c.Answers["kind"] != "pengaduan" ||
				c.Answers["point"] != "-7.06000,110.90000" || c.Answers["region"] != "33.60.01.1001" || c.Answers["anonymous"] != "ya" || c.Answers["confidential"] != "tidak" {
				t.Errorf("%+v", c.Answers)
			}
		}},
		{"the same in XML", func(t *testing.T, w *town) {
			r := w.ask("POST", "requests.xml", w.report("description", "Lampu jalan di tikungan pasar mati, laporan kedua."))
			list, err := georeport.Records(georeport.XML, []byte(r.body), "request")
			if r.status != 200 || err != nil || len(list) != 1 || list[0]["service_request_id"] == "" || !strings.Contains(r.body, "<account_id>") {
				t.Error(r.status, r.body, err)
			}
		}},
		{"who reports goes to the vault and comes back nowhere", func(t *testing.T, w *town) {
			id := w.file("description", "Lampu jalan di tikungan pasar mati, laporan bernama.", "first_name", plantedFirst, "last_name", plantedLast, "phone", plantedPhone, "email", plantedMail,
				"device_id", "device-of-the-test", "account_id", "account-of-the-test")
			c := w.state(id)
			if c.Vault == "" || c.Answers["anonymous"] != "tidak" {
				t.Errorf("vault %q, %v", c.Vault, c.Answers)
			}
			contact, err := w.Cases.Contact(context.Background(), c.Stream)
			if err != nil || contact.Phone != "+62"+plantedPhone[1:] || contact.Email != plantedMail {
				t.Errorf("%+v, %v", contact, err)
			}
			for _, path := range []string{"requests/" + id + ".json?extensions=true", "requests.json?extensions=true", "requests.json?filed=true&api_key=" + w.key} {
				if body := w.get(path).body; strings.Contains(body, plantedLast) || strings.Contains(body, plantedPhone[1:]) || strings.Contains(body, plantedMail) || strings.Contains(body, "of-the-test") {
					t.Errorf("%s: %s", path, body)
				}
			}
		}},
		{"attribute[code] answers the further questions", func(t *testing.T, w *town) {
			id := w.file("description", "Lampu jalan di tikungan pasar: usul ditambah.", "attribute[kind]", "aspirasi", "attribute[anonymous]", "ya", "first_name", plantedFirst)
			if c := w.state(id); c.Answers["kind"] != "aspirasi" || c.Answers["anonymous"] != "ya" {
				t.Errorf("%v", c.Answers)
			}
			w.refused(w.ask("POST", "requests.json", w.report("attribute[colour]", "red", "attribute[kind]", "sindiran")), 400, "attribute: ", "attribute[kind]: ")
			two := w.report()
			two["attribute[kind][]"] = []string{"pengaduan", "aspirasi"}
			w.refused(w.ask("POST", "requests.json", two), 400, "attribute[kind]: ")
		}},
	}
}

func placeRequirements() []requirement {
	return []requirement{
		{"one of lat and long, address_string, address_id is enough", func(t *testing.T, w *town) {
			for i, change := range [][]string{
				{"lat", "-7.0601", "long", "110.9001", "address_id", "33.60.01.1001"},
				{"lat", "", "long", "", "address_id", "33.60.01.1002"},
				{"lat", "", "long", "", "address_id", "", "address_string", "Jalan Melati 4, " + w.village("33.60.01.1003")},
			} {
				id := w.file(append(change, "description", fmt.Sprintf("Lampu jalan di tikungan pasar mati, tempat %d.", i))...)
				if want := fmt.Sprintf("33.60.01.100%d", i+1); w.state(id).Answers["region"] != want {
					t.Errorf("%v is in %v, want %s", change, w.state(id).Answers["region"], want)
				}
			}
			w.refused(w.ask("POST", "requests.json", w.report("lat", "", "long", "", "address_id", "")), 400, "lat: ")
			w.refused(w.ask("POST", "requests.json", w.report("long", "")), 400, "long: ")
			w.refused(w.ask("POST", "requests.json", w.report("lat", "", "long", "", "address_id", "", "address_string", "Jalan yang tidak ada")), 400, "address_string: ")
		}},
		{"a point alone is found in the boundaries", func(t *testing.T, w *town) {
			g := w.Cases.Government()
			area, ok := g.Boundaries().Of("33.60.01.1001")
			if !ok {
				t.Fatal("no boundary")
			}
			p := area.Inside()
			id := w.file("description", "Lampu jalan di tikungan pasar mati, titik saja.", "lat", fmt.Sprint(p.Lat), "long", fmt.Sprint(p.Lon), "address_id", "")
			if got := w.state(id).Answers["region"]; got != "33.60.01.1001" {
				t.Errorf("region %v", got)
			}
			w.refused(w.ask("POST", "requests.json", w.report("lat", "52.5", "long", "13.4", "address_id", "")), 400, "lat: ")
		}},
		{"media_url is kept for the officer, as text, and fetched by nobody", func(t *testing.T, w *town) {
			asked := false
			trap := http.Server{Addr: "127.0.0.1:0", Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true })}
			defer trap.Close()
			id := w.file("description", "Lampu jalan di tikungan pasar mati, dengan gambar.", "media_url", "https://foto.example/1.jpg")
			a, _, err := w.Cases.Own(context.Background(), w.state(id).Stream)
			if err != nil || !strings.HasSuffix(fmt.Sprint(a["what"]), "\n\nhttps://foto.example/1.jpg") || asked {
				t.Errorf("%v, %v", a["what"], err)
			}
			for _, bad := range []string{"file:///etc/passwd", "javascript:alert(1)", "https://", "https://u:p@h/", "gopher://x/"} {
				w.refused(w.ask("POST", "requests.json", w.report("media_url", bad)), 400, "media_url: ")
			}
		}},
		{"a description has line breaks and at most 4000 characters", func(t *testing.T, w *town) {
			w.file("description", "Lampu jalan mati.\r\nDi tikungan pasar & \"gelap\" <sekali>.")
			w.refused(w.ask("POST", "requests.json", w.report("description", strings.Repeat("é", 4001))), 400, "description: ")
		}},
		{"only a form in UTF-8 is taken", func(t *testing.T, w *town) {
			for _, kind := range []string{"application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=latin1", ""} {
				w.refused(w.ask("POST", "requests.json", w.report(), "Content-Type", kind), 400, "")
			}
			bad := w.report()
			bad["description"] = []string{"Lampu \xff mati di pasar"}
			w.refused(w.ask("POST", "requests.json", bad), 400, "")
		}},
	}
}

func onceRequirements() []requirement {
	return []requirement{
		{"the same report sent again is the same report", func(t *testing.T, w *town) {
			said := []string{"description", "Lampu jalan di tikungan pasar mati, dikirim dua kali."}
			first := w.file(said...)
			if again := w.file(said...); again != first {
				t.Errorf("%s and %s", first, again)
			}
			w.clock.add(11 * time.Minute) // into the next ten minutes
			if again := w.file(said...); again != first {
				t.Errorf("across the border of ten minutes: %s and %s", first, again)
			}
			w.clock.add(time.Hour)
			if again := w.file(said...); again == first {
				t.Error("an hour later it is still the same")
			}
		}},
		{"an Idempotency-Key has one effect, and another report under it is refused", func(t *testing.T, w *town) {
			ask := func(text string) reply {
				return w.ask("POST", "requests.json", w.report("description", text), "Idempotency-Key", "key-of-the-test-0123456789")
			}
			first, again := ask("Lampu jalan di tikungan pasar mati, dengan kunci."), ask("Lampu jalan di tikungan pasar mati, dengan kunci.")
			if first.status != 200 || first.body != again.body {
				t.Errorf("%s\n%s", first.body, again.body)
			}
			w.refused(ask("Lampu lain di tikungan pasar mati, kunci yang sama."), 400, "Idempotency-Key: ")
			w.refused(w.ask("POST", "requests.json", w.report(), "Idempotency-Key", "short"), 400, "Idempotency-Key: ")
		}},
		{"GET tokens/{id}: every id is given at once, so a token is the id", func(t *testing.T, w *town) {
			id := w.file("description", "Lampu jalan di tikungan pasar mati, dengan token.")
			if r := w.get("tokens/" + id + ".json"); r.status != 200 || !strings.Contains(r.body, `"service_request_id":"`+id+`","token":"`+id+`"`) {
				t.Error(r.body)
			}
			w.refused(w.get("tokens/123456.json"), 404, "token: ")
		}},
	}
}

// village is a village with its district as addresses name them.
func (w *town) village(code string) string { return w.Cases.Catalogue().Regions().Name(code) }

func listRequirements() []requirement {
	return []requirement{
		{"nothing is listed before an officer has looked", func(t *testing.T, w *town) {
			if got := w.list(""); len(got) != 0 {
				t.Errorf("%v", got)
			}
			id := w.file("description", "Lampu jalan di tikungan pasar mati, belum diperiksa.")
			for _, path := range []string{"requests/" + id + ".json", "requests.json?service_request_id=" + id, "requests/" + strings.ToLower(strings.ReplaceAll(id, "-", "")) + ".json"} {
				var got []map[string]any
				w.must(json.Unmarshal([]byte(w.get(path).body), &got))
				if len(got) != 1 || got[0]["service_request_id"] != id || got[0]["status"] != "open" || got[0]["status_notes"] == nil || got[0]["requested_datetime"] == nil {
					t.Fatalf("%s: %v", path, got)
				}
				for _, hidden := range []string{"service_name", "service_code", "description", "agency_responsible", "address", "address_id", "lat", "long", "media_url"} {
					if got[0][hidden] != nil {
						t.Errorf("%s: %s is %v", path, hidden, got[0][hidden])
					}
				}
			}
		}},
		{"whoever filed it finds it in the list of its key", func(t *testing.T, w *town) {
			_, key, err := w.keys.Make("another app", "", 0)
			w.must(err)
			id := w.file("api_key", key, "description", "Lampu jalan di tikungan pasar mati, dari aplikasi lain.")
			got := w.list("filed=true&api_key=" + key)
			if len(got) != 1 || got[0]["service_request_id"] != id || got[0]["service_code"] != "lampu" || got[0]["description"] != nil {
				t.Errorf("%v", got)
			}
			w.refused(w.get("requests.json?filed=true"), 403, "api_key: ")
		}},
		{"what is shown has every field, in the zone of the government", func(t *testing.T, w *town) {
			id := w.file("description", "Lampu jalan di tikungan pasar mati, akan ditampilkan.", "first_name", plantedFirst, "last_name", plantedLast)
			w.show(id, "Lampu <jalan> & tiang\nmati.")
			var got []map[string]any
			w.must(json.Unmarshal([]byte(w.get("requests/"+id+".json").body), &got))
			want := map[string]any{"service_request_id": id, "status": "open", "service_name": "Street lamps", "service_code": "lampu", "description": "Lampu <jalan> & tiang\nmati.",
				"lat": -7.06, "long": 110.9, "address_id": "33.60.01.1001", "address": w.village("33.60.01.1001"), "zipcode": nil, "service_notice": nil, "media_url": nil}
			for field, v := range want {
				if got[0][field] != v {
					t.Errorf("%s is %v, want %v", field, got[0][field], v)
				}
			}
			if at := fmt.Sprint(got[0]["requested_datetime"]); !strings.HasSuffix(at, "+07:00") || got[0]["agency_responsible"] == nil || got[0]["expected_datetime"] == nil {
				t.Errorf("%v", got[0])
			}
			if r := w.get("requests/" + id + ".xml"); !strings.Contains(r.body, "<description>Lampu &lt;jalan&gt; &amp; tiang&#xA;mati.</description>") || !strings.Contains(r.body, "<lat>-7.06</lat><long>110.9</long>") {
				t.Error(r.body)
			}
			w.must(json.Unmarshal([]byte(w.get("requests/"+id+".json?extensions=true").body), &got))
			if e, ok := got[0]["extended_attributes"].(map[string]any); !ok || e["title"] != "Lampu mati" || e["state"] != "sent" || e["html_url"] != "https://layanan.example/reports/"+id {
				t.Errorf("%v", got[0]["extended_attributes"])
			}
		}},
	}
}

func filterRequirements() []requirement {
	return []requirement{
		{"filters: status, service_code, dates, ids, several at once", func(t *testing.T, w *town) {
			w.clock.add(200 * 24 * time.Hour)
			day := func(n int) string {
				return url.QueryEscape(w.clock.Now().Add(time.Duration(n) * 24 * time.Hour).Format(time.RFC3339))
			}
			first := w.file("description", "Lampu jalan mati, yang pertama.", "service_code", "lampu")
			w.show(first, "Pertama.")
			w.clock.add(30 * 24 * time.Hour)
			second := w.file("description", "Jalan berlubang di pasar, yang kedua.", "service_code", "jalan")
			w.show(second, "Kedua.")
			w.end(second, "solved")
			w.clock.add(time.Second)
			for _, c := range []struct {
				query string
				want  []string
			}{
				{"", []string{second, first}},
				{"status=open", []string{first}},
				{"status=closed", []string{second}},
				{"status=open,closed", []string{second, first}},
				{"service_code=lampu", []string{first}},
				{"service_code=lampu,jalan", []string{second, first}},
				{"service_code=lampu&status=closed", nil},
				{"service_code=no-such-code", nil},
				{"start_date=" + day(-10), []string{second}},
				{"end_date=" + day(-10), []string{first}},
				{"start_date=" + day(-40) + "&end_date=" + day(-5), []string{first}},
				{"service_request_id=" + second + "," + first + "&status=open&service_code=jalan&start_date=x", []string{second, first}},
				{"service_request_id=" + first + ",unknown", []string{first}},
				{"page_size=1", []string{second}},
				{"page_size=1&page=2", []string{first}},
				{"page_size=1&page=3", nil},
			} {
				var got []string
				for _, r := range w.list(c.query) {
					got = append(got, fmt.Sprint(r["service_request_id"]))
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("%s: %v, want %v", c.query, got, c.want)
				}
			}
			w.clock.add(91 * 24 * time.Hour) // all of it is over ninety days ago
			if got := w.list(""); len(got) != 0 {
				t.Errorf("older than ninety days: %v", got)
			}
			if got := w.list("service_request_id=" + first); len(got) != 1 {
				t.Errorf("by id: %v", got)
			}
		}},
	}
}

func updateRequirements() []requirement {
	return []requirement{
		{"a closed report says since when and why", func(t *testing.T, w *town) {
			id := w.file("description", "Lampu jalan mati, yang selesai.")
			w.show(id, "Selesai.")
			w.clock.add(48 * time.Hour)
			w.end(id, "silence")
			ended := w.clock.Now().Format(time.RFC3339)
			got := w.list("service_request_id=" + id)[0]
			if got["status"] != "closed" || got["updated_datetime"] != ended || !strings.HasPrefix(fmt.Sprint(got["status_notes"]), "Closed") {
				t.Errorf("%v", got)
			}
		}},
		{"servicerequestupdates tells each stage once, within its time", func(t *testing.T, w *town) {
			w.clock.add(time.Hour)
			before := w.clock.Now().Add(-time.Minute)
			id := w.file("description", "Lampu jalan mati, untuk pembaruan.")
			w.clock.add(time.Hour)
			w.show(id, "Pembaruan.")
			w.clock.add(time.Hour)
			w.end(id, "solved")
			w.clock.add(time.Hour)
			var got []georeport.Update
			window := "?start_date=" + url.QueryEscape(before.Format(time.RFC3339))
			list, err := georeport.Records(georeport.XML, []byte(w.get("servicerequestupdates.xml"+window).body), "request_update")
			w.must(err)
			for _, r := range list {
				got = append(got, r.Update())
			}
			if len(got) != 2 || got[0].Request != id || got[0].Status != "open" || got[1].Status != "closed" || got[0].ID == got[1].ID || !got[0].Updated.Before(got[1].Updated.Time) {
				t.Errorf("%+v", got)
			}
			if r := w.get("servicerequestupdates.json?service_request_id=" + id); strings.Count(r.body, "update_id") != 2 {
				t.Error(r.body)
			}
		}},
	}
}

func errorRequirements() []requirement {
	return []requirement{
		{"403 for a missing, an unknown and a revoked api_key", func(t *testing.T, w *town) {
			made, key, err := w.keys.Make("one that ends", "", 0)
			w.must(err)
			w.file("api_key", key, "description", "Lampu jalan mati, dari kunci yang berakhir.")
			w.must(w.keys.Revoke(made.ID))
			for _, k := range []string{"", "xyz", key, strings.Repeat("x", 500)} {
				w.refused(w.ask("POST", "requests.json", w.report("api_key", k)), 403, "api_key: ")
			}
			if r := w.ask("POST", "requests.xml", w.report("api_key", "")); r.status != 403 || !strings.Contains(r.body, "<errors><error><code>403</code><description>api_key: ") {
				t.Error(r.body)
			}
		}},
		{"404 for a service_code that is not there, 400 for none", func(t *testing.T, w *town) {
			w.refused(w.ask("POST", "requests.json", w.report("service_code", "033")), 404, "service_code: ")
			w.refused(w.ask("POST", "requests.json", w.report("service_code", "")), 400, "service_code: ")
			w.refused(w.ask("POST", "requests.json", w.report("jurisdiction_id", "city.gov")), 404, "jurisdiction_id: ")
		}},
		{"every fault of a request is named at once, and no value", func(t *testing.T, w *town) {
			r := w.ask("POST", "requests.json", w.report("lat", "far", "long", "999", "description", "", "phone", "planted", "email", "planted", "media_url", "planted:"))
			w.refused(r, 400, "lat: ", "long: ", "media_url: ", "description: ", "email: ", "phone: ")
			r = w.get("requests.json?start_date=yesterday&end_date=planted&status=planted&page=0&page_size=5000")
			w.refused(r, 400, "start_date: ", "end_date: ", "status: ", "page_size: ", "page: ")
			if strings.Contains(r.body, "planted") {
				t.Error(r.body)
			}
		}},
		{"more than ninety days, and a time without its zone, are refused", func(t *testing.T, w *town) {
			w.refused(w.get("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-05-01T00:00:00Z"), 400, "end_date: ")
			w.refused(w.get("requests.json?start_date=2026-03-01T00:00:00Z&end_date=2026-02-01T00:00:00Z"), 400, "end_date: ")
			w.refused(w.get("requests.json?start_date=2026-03-01T00:00:00"), 400, "start_date: ")
		}},
		{"404 for an id and an address that are not there", func(t *testing.T, w *town) {
			w.refused(w.get("requests/638344.json"), 404, "service_request_id: ")
			w.refused(w.get("requests/.json"), 404, "service_request_id: ")
			w.refused(w.get("nothing.json"), 404, "")
			if r := w.get("requests.html"); r.status != 404 {
				t.Error(r.status)
			}
		}},
		{"429 for a key over its pace, with when to come back", func(t *testing.T, w *town) {
			_, key, err := w.keys.Make("a slow one", "", 2)
			w.must(err)
			for i := range 2 {
				w.file("api_key", key, "description", fmt.Sprintf("Lampu jalan mati, yang ke-%d.", i))
			}
			r := w.ask("POST", "requests.json", w.report("api_key", key, "description", "Lampu jalan mati, terlalu cepat."))
			w.refused(r, 429, "This key may file 2")
			if r.header.Get("Retry-After") != "60" {
				t.Error(r.header)
			}
		}},
		{"the secret word goes to an app, which shows it to whoever reported, and to no server that passes reports on", func(t *testing.T, w *town) {
			secret := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}[^-0-9A-Z]`)
			_, peer, err := w.keys.Make("another government", "kota-sebelah", 0)
			w.must(err)
			for key, given := range map[string]bool{w.key: true, peer: false} {
				r := w.ask("POST", "requests.json", w.report("api_key", key, "description", "Lampu jalan di gang Melati mati."))
				id := w.receipt(r)
				if !strings.Contains(r.body, "ode") || secret.MatchString(strings.ReplaceAll(r.body, id, "")) != given {
					t.Errorf("a secret is given: %v, wanted %v: %s", !given, given, r.body)
				}
			}
		}},
		{"an update is taken from those who exchange reports with us, and from nobody else", func(t *testing.T, w *town) {
			w.refused(w.ask("POST", "servicerequestupdates.json", url.Values{"api_key": {w.key}}), 400, "update_id: ", "service_request_id: ", "updated_datetime: ", "status: ")
			good := url.Values{"api_key": {w.key}, "update_id": {"1"}, "service_request_id": {"1"}, "updated_datetime": {"2026-03-16T09:00:00Z"}, "status": {"CLOSED"}}
			w.refused(w.ask("POST", "servicerequestupdates.json", good), 403, "api_key: ")
		}},
		{"a request that is too large is 413, and one parameter too many 400", func(t *testing.T, w *town) {
			w.refused(w.ask("POST", "requests.json", w.report("description", strings.Repeat("x", 300<<10))), 413, "")
			many := w.report()
			for i := range 400 {
				many.Set(fmt.Sprintf("x%d", i), "1")
			}
			w.refused(w.ask("POST", "requests.json", many), 400, "")
		}},
	}
}

// FuzzQuestions: whatever is asked or sent, the answer is one of the
// specification's, in its format, and never our own mistake.
func FuzzQuestions(f *testing.F) {
	w := newTown(f, confPlace())
	for _, seed := range []string{"requests.json?status=open", "requests.xml?start_date=2026-03-01T00:00:00+07:00&page=2", "services/lampu.json", "requests/K7M2Q-9XWTR3.json", "tokens/1.xml",
		"requests.json?service_request_id=a,b,c&extensions=true", "servicerequestupdates.json?end_date=2026-03-01", "requests.json?service_code=%00,%ff"} {
		f.Add(seed, "")
	}
	f.Add("requests.json", w.report().Encode())
	f.Add("requests.xml", w.report("attribute[kind][]", "x", "attribute[", "y", "lat", "1e309").Encode())
	f.Add("servicerequestupdates.xml", "api_key="+w.key+"&status=OPEN")
	f.Fuzz(func(t *testing.T, path, body string) {
		u, err := url.Parse(w.url + path)
		if err != nil || !strings.HasPrefix(u.Path, "/open311/v2/") || strings.Contains(u.Path, "..") || strings.Contains(u.Path, "//") {
			return
		}
		method := "GET"
		if body != "" {
			method = "POST"
		}
		req, err := http.NewRequest(method, u.String(), strings.NewReader(body))
		if err != nil {
			return
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return // the client's own objection
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode >= 500 {
			t.Fatalf("%d %v %s", res.StatusCode, err, raw)
		}
		if res.StatusCode >= 400 && strings.Count(strings.Trim(u.Path, "/"), "/") <= 3 {
			list, err := georeport.Records(georeport.FormatOf(res.Header.Get("Content-Type"), raw), raw, "error")
			if err != nil && len(raw) > 0 && !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
				t.Errorf("%d %v: %s", res.StatusCode, list, raw)
			}
		}
	})
}
