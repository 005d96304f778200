package georeport_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pendopo/feature/complaint/georeport"
)

func at(t testing.TB, s string) georeport.Moment {
	t.Helper()
	m, err := georeport.ParseMoment(s, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return georeport.Moment{Time: m}
}

// answers are the answers of the specification, each as the fixture of its name
// has it in both formats.
func answers(t testing.TB) map[string]any {
	return map[string]any{
		"services": georeport.Services{
			{Code: "lampu-jalan", Name: "Lampu jalan mati", Description: "Lampu penerangan jalan umum yang mati, redup atau tiangnya miring.",
				Metadata: true, Type: georeport.Realtime, Keywords: "lampu, gelap, PJU", Group: "Pengaduan"},
			{Code: "sampah", Name: "Sampah & kebersihan", Type: georeport.Realtime},
		},
		"definition": georeport.Definition{Code: "lampu-jalan", Attributes: []georeport.Attribute{
			{Variable: true, Code: "kind", Datatype: georeport.SingleValueList, Order: 1, Description: "Jenis laporan",
				Values: []georeport.Value{{Key: "pengaduan", Name: "Pengaduan"}, {Key: "aspirasi", Name: "Aspirasi"}}},
			{Variable: true, Code: "since", Datatype: georeport.Datetime, Required: true, DatatypeDescription: "2026-03-16", Order: 2, Description: "Sejak kapan?"},
		}},
		"requests": georeport.Requests{
			{ID: "K7M2Q-9XWTR3", Status: georeport.Closed, Notes: "Selesai: pelapor menyatakan sudah teratasi.", ServiceName: "Lampu jalan mati", ServiceCode: "lampu-jalan",
				Description: "Lampu di tikungan <pasar> mati.\nSudah seminggu & gelap \"sekali\".", Agency: "Dinas Perhubungan",
				Requested: at(t, "2026-03-16T09:00:00+07:00"), Updated: at(t, "2026-03-20T14:30:00+07:00"), Expected: at(t, "2026-04-06T16:00:00+07:00"),
				Address: "Sumberarum, Kawungraya", AddressID: "33.60.01.1001", Lat: georeport.At(-7.05123), Long: georeport.At(110.91234),
				Media: "https://layanan.example/reports/K7M2Q-9XWTR3/photos/1"},
			{ID: "P4C8D-1HJZN6", Status: georeport.Open, ServiceName: "Sampah & kebersihan", ServiceCode: "sampah",
				Requested: at(t, "2026-03-17T10:15:00+07:00"), Updated: at(t, "2026-03-17T10:15:00+07:00")},
		},
		"receipt": georeport.Receipts{{ID: "K7M2Q-9XWTR3", Notice: "Paling lambat 3 hari kerja laporan diperiksa."}},
		"ticket":  georeport.Tickets{{ID: "K7M2Q-9XWTR3", Token: "12345"}},
		"updates": georeport.Updates{{ID: "K7M2Q-9XWTR3-answered", Request: "K7M2Q-9XWTR3", Status: georeport.Open, Updated: at(t, "2026-03-18T11:00:00+07:00"), Description: "Dijawab"}},
		"noted":   georeport.NotedUpdates{{ID: "248"}},
		"errors": georeport.Failures{{Code: 400, Description: "service_code: harus diisi"},
			{Code: 400, Description: "lat: harus berupa angka dari -90 sampai 90"}},
		"discovery": georeport.Discovery{Changeset: "2026-03-16T02:00:00Z", Contact: "layanan@banyusekarkab.example",
			KeyService: "Mintalah kunci kepada layanan@banyusekarkab.example.", Endpoints: []georeport.Endpoint{{
				Specification: georeport.Specification, URL: "https://layanan.example/open311/v2", Changeset: "2026-03-16T02:00:00Z",
				Type: "production", Formats: []string{"text/xml", "application/json"}}}},
	}
}

// TestAnswersAreAsTheSpecificationWritesThem compares every answer with the
// fixture that was written from the specification's text, space between elements
// left out.
func TestAnswersAreAsTheSpecificationWritesThem(t *testing.T) {
	for name, answer := range answers(t) {
		for _, f := range []georeport.Format{georeport.JSON, georeport.XML} {
			want, err := os.ReadFile("testdata/" + name + f.Suffix())
			if err != nil {
				t.Fatal(err)
			}
			got, err := georeport.Encode(f, answer)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := bare(t, f, got), bare(t, f, want); a != b {
				t.Errorf("%s%s is\n%s\nand should be\n%s", name, f.Suffix(), a, b)
			}
		}
	}
}

// bare is a document without the space that means nothing.
func bare(t *testing.T, f georeport.Format, doc []byte) string {
	t.Helper()
	var b bytes.Buffer
	if f == georeport.JSON {
		if err := json.Compact(&b, doc); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if !bytes.HasPrefix(doc, []byte(`<?xml version="1.0" encoding="utf-8"?>`)) {
		t.Error("no XML declaration with its encoding")
	}
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			b.WriteString("<" + x.Name.Local + ">")
		case xml.EndElement:
			b.WriteString("</" + x.Name.Local + ">")
		case xml.CharData:
			if s := string(x); strings.TrimSpace(s) != "" {
				b.WriteString(s)
			}
		}
	}
}

// TestWhatWeWriteWeRead: both formats give the same records, and those the same
// requests, updates, receipts and failures.
func TestWhatWeWriteWeRead(t *testing.T) {
	all := answers(t)
	for _, f := range []georeport.Format{georeport.JSON, georeport.XML} {
		var requests georeport.Requests
		for _, r := range records(t, f, all["requests"], "request") {
			requests = append(requests, r.Request())
		}
		same(t, f, requests, all["requests"])
		var updates georeport.Updates
		for _, r := range records(t, f, all["updates"], "request_update") {
			updates = append(updates, r.Update())
		}
		same(t, f, updates, all["updates"])
		var receipts georeport.Receipts
		for _, r := range records(t, f, all["receipt"], "request") {
			receipts = append(receipts, r.Receipt())
		}
		same(t, f, receipts, all["receipt"])
		var failures georeport.Failures
		for _, r := range records(t, f, all["errors"], "error") {
			failures = append(failures, r.Failure())
		}
		same(t, f, failures, all["errors"])
	}
}

func records(t *testing.T, f georeport.Format, answer any, item string) []georeport.Record {
	t.Helper()
	raw, err := georeport.Encode(f, answer)
	if err != nil {
		t.Fatal(err)
	}
	list, err := georeport.Records(f, raw, item)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func same(t *testing.T, f georeport.Format, got, want any) {
	t.Helper()
	a, err := georeport.Encode(f, got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := georeport.Encode(f, want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("read again it is\n%s\nand was\n%s", a, b)
	}
}

// TestOtherServersAreUnderstood: each answer is one that servers in use give for
// the same request.
func TestOtherServersAreUnderstood(t *testing.T) {
	for _, c := range []struct {
		name, body string
		format     georeport.Format
	}{
		{"ids as numbers", `[{"service_request_id":293944,"status":"OPEN","lat":"-7.5","long":110.5}]`, georeport.JSON},
		{"a wrapped list", `{"service_requests":[{"service_request_id":"293944","status":"open","lat":-7.5,"long":110.5}]}`, georeport.JSON},
		{"a list wrapped twice", `{"service_requests":{"request":[{"service_request_id":"293944","status":"open","lat":-7.5,"long":110.5}]}}`, georeport.JSON},
		{"one object for a list of one", `{"service_request_id":"293944","status":"open","lat":-7.5,"long":110.5}`, georeport.JSON},
		{"every field a list", `[{"service_request_id":["293944"],"status":["open"],"lat":["-7.5"],"long":["110.5"]}]`, georeport.JSON},
		{"a root of another name", `<requests><request><service_request_id>293944</service_request_id><status>Open</status><lat>-7.5</lat><long> 110.5 </long><notes><note><status>closed</status></note></notes></request></requests>`, georeport.XML},
		{"a namespace and CDATA", `<?xml version="1.0"?><service_requests xmlns="http://wiki.open311.org/GeoReport_v2"><request><service_request_id><![CDATA[293944]]></service_request_id><status>open</status><lat>-7.5</lat><long>110.5</long></request></service_requests>`, georeport.XML},
	} {
		list, err := georeport.Records(c.format, []byte(c.body), "request")
		if err != nil || len(list) != 1 {
			t.Errorf("%s: %d records, %v", c.name, len(list), err)
			continue
		}
		got := list[0].Request()
		if want := (georeport.Request{ID: "293944", Status: "open", Lat: georeport.At(-7.5), Long: georeport.At(110.5)}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestAnswersThatAreNoneAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, body string
		format     georeport.Format
	}{
		{"a page of a proxy", `<html><body>Bad gateway<br></body></html>`, georeport.XML},
		{"half an answer", `[{"service_request_id":"1"`, georeport.JSON},
		{"two answers", `[] []`, georeport.JSON},
		{"nothing", ``, georeport.XML},
		{"half an XML answer", `<service_requests><request><service_request_id>1</service_request_id>`, georeport.XML},
		{"an entity of its own", `<!DOCTYPE r [<!ENTITY a "x">]><r><request><status>&a;</status></request></r>`, georeport.XML},
		{"deep brackets", strings.Repeat("[", 1000) + strings.Repeat("]", 1000), georeport.JSON},
		{"deep elements", strings.Repeat("<a>", 1000) + strings.Repeat("</a>", 1000), georeport.XML},
	} {
		if list, err := georeport.Records(c.format, []byte(c.body), "request"); err == nil {
			t.Errorf("%s: taken for %v", c.name, list)
		}
	}
}

func TestMoments(t *testing.T) {
	zone := time.FixedZone("WIB", 7*3600)
	for s, want := range map[string]string{
		"2010-05-24T00:00:00Z":          "2010-05-24T00:00:00Z",
		"1994-11-05T08:15:30-05:00":     "1994-11-05T13:15:30Z",
		"2026-03-16T09:00+07:00":        "2026-03-16T02:00:00Z",
		"2026-03-16T09:00:00.5+07:00":   "2026-03-16T02:00:00Z",
		"2026-03-16T09:00:00 07:00":     "2026-03-16T02:00:00Z", // the plus came through a form
		"2026-03-16T09:00:00+0700":      "2026-03-16T02:00:00Z",
		"2026-03-16":                    "2026-03-15T17:00:00Z",
		"2026-03-16T09:00:00":           "",
		"16/03/2026":                    "",
		"":                              "",
		"0001-01-01T00:00:00Z":          "",
		"9999-12-31T00:00:00Z":          "",
		strings.Repeat("2", 100):        "",
		"2026-02-30T00:00:00Z":          "",
		"2026-03-16T09:00:00+07:00 and": "",
	} {
		got, err := georeport.ParseMoment(s, zone)
		if (err != nil) != (want == "") || err == nil && got.UTC().Truncate(time.Second).Format(time.RFC3339) != want {
			t.Errorf("%q: %v, %v, want %q", s, got, err, want)
		}
	}
}

func TestFormats(t *testing.T) {
	for header, want := range map[string]georeport.Format{
		"": georeport.XML, "*/*": georeport.XML, "application/json": georeport.JSON, "text/html, application/json;q=0.9": georeport.JSON,
		"text/xml, application/json": georeport.XML, "application/xml": georeport.XML, ";;;": georeport.XML,
	} {
		if got := georeport.Accepted(header); got != want {
			t.Errorf("Accept %q: %v", header, got)
		}
	}
	if name, f, ok := georeport.Named("requests.json"); name != "requests" || f != georeport.JSON || !ok {
		t.Error("requests.json", name, f, ok)
	}
	if _, _, ok := georeport.Named("requests.html"); ok {
		t.Error("requests.html is a format")
	}
}

// FuzzRecords: whatever another server sends, reading it ends, and gives texts.
func FuzzRecords(f *testing.F) {
	for _, name := range []string{"requests", "services", "updates", "errors", "receipt"} {
		for _, format := range []georeport.Format{georeport.JSON, georeport.XML} {
			raw, err := os.ReadFile("testdata/" + name + format.Suffix())
			if err != nil {
				f.Fatal(err)
			}
			f.Add(format == georeport.JSON, raw)
		}
	}
	f.Add(true, []byte(`{"service_requests":{"request":{"service_request_id":[["1"]]}}}`))
	f.Fuzz(func(t *testing.T, asJSON bool, body []byte) {
		format := georeport.XML
		if asJSON {
			format = georeport.JSON
		}
		for _, item := range []string{"request", "request_update", "error", "service"} {
			list, err := georeport.Records(format, body, item)
			if err != nil {
				continue
			}
			for _, r := range list {
				q, u := r.Request(), r.Update()
				if _, err := georeport.Encode(format, georeport.Requests{q}); err != nil {
					t.Errorf("what was read cannot be written: %v", err)
				}
				if u.Status != georeport.Open && u.Status != georeport.Closed {
					t.Errorf("state %q", u.Status)
				}
			}
		}
	})
}
