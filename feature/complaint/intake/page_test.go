package intake_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pendopo/kernel/conf"
)

const page = "/report?service=pengaduan"

// A citizen without scripts forgets something, corrects it, and sends once: the
// photo stays, and a second press is the same report.
func TestAReportWithoutScriptsKeepsWhatWasSent(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		b := w.browser()
		b.get(page).send([]attached{{"photos", "lampu.jpg", photo(t, 1)}, {"photos", "kabel.txt", []byte("no picture")}}, told("what", "Mati")...)
		if b.status != http.StatusUnprocessableEntity {
			t.Fatalf("%d %s", b.status, b.page().Text())
		}
		b.says("lampu.jpg", "Ceritakan")
		if len(w.cases()) != 0 {
			t.Fatal("it was taken all the same")
		}
		again := b.form("what", "Lampu jalan di depan SD 2 mati sejak Senin.")
		b.post(again, []attached{{"photos", "kabel.jpg", photo(t, 2)}})
		if !strings.HasSuffix(b.path, "/receipt") || b.status != 200 {
			t.Fatalf("at %s (%d): %s", b.path, b.status, b.page().Text())
		}
		first := b.path
		b.says("Kode rahasia")
		c := w.only()
		if c.Service != "pengaduan" || c.Answers["category"] != "lampu" || c.Channel != "portal" || len(c.Flags) != 0 {
			t.Errorf("%+v", c)
		}
		if c.Vault == "" || c.Answers["name"] != nil {
			t.Errorf("the name is not kept apart: %v", c.Answers)
		}
		own, _, err := w.Cases.Own(context.Background(), c.Stream)
		w.must(err)
		if ids, _ := own["photos"].([]string); len(ids) != 2 {
			t.Errorf("%d photos", len(ids))
		}
		b.post(again, []attached{{"photos", "kabel.jpg", photo(t, 2)}}) // pressed twice
		if b.path != first || len(w.cases()) != 1 {
			t.Errorf("at %s, %d cases", b.path, len(w.cases()))
		}
		again.Set("what", "Sampah di pasar belum diangkut juga.") // gone back to, for another report
		b.post(again, nil)
		b.says("sudah terkirim tadi")
		b.send(nil)
		if !strings.HasSuffix(b.path, "/receipt") || b.path == first || len(w.cases()) != 2 {
			t.Errorf("at %s, %d cases", b.path, len(w.cases()))
		}
	})
}

// A report is called one on the page of its service, and a text message is offered
// only where it makes such a report.
func TestTheServicePageSpeaksOfReports(t *testing.T) {
	w := newTown(t, conf.Place{})
	b := w.browser()
	b.get("/services/pengaduan").says("Lapor sekarang", "Jalannya laporan", "ketik LAPOR")
	b.get("/services/pengaduan-pengawasan").says("Lapor sekarang", "Jalannya laporan")
	for _, other := range []string{"ketik LAPOR", "permohonan", "tidak dapat difoto"} {
		if strings.Contains(b.body, other) {
			t.Errorf("the page about officials says %q", other)
		}
	}
	b.get("/services/kartu-keluarga").says("Mulai mengajukan", "tidak dapat difoto")
}

// What is on the page follows from the service: the one about officials has no
// switch for confidential, and asks whom it is about.
func TestEveryServiceThatPeopleTellSomethingByHasItsPage(t *testing.T) {
	w := newTown(t, conf.Place{})
	b := w.browser()
	b.get("/report").says("Pengaduan dan aspirasi", "Pengaduan tentang aparatur")
	b.get("/report?service=pengaduan-pengawasan").says("Jabatan dan kantornya", "Melapor tanpa nama?")
	if strings.Contains(b.body, `name="confidential"`) {
		t.Error("a switch that the service does not have")
	}
	for _, id := range []string{"kartu-keluarga", "perintah-kerja", "none"} {
		if b.get("/report?service=" + id); b.status != http.StatusNotFound {
			t.Errorf("%s: %d", id, b.status)
		}
	}
	if b.get(page); strings.Index(b.body, `name="photos"`) > strings.Index(b.body, `name="region"`) {
		t.Error("the photo is not first")
	}
	if got := b.header.Get("Permissions-Policy"); !strings.Contains(got, "geolocation=(self)") || !strings.Contains(got, "microphone=(self)") {
		t.Errorf("the page may not ask the telephone: %s", got)
	}
}

// The first page with all that it needs in it fits into the first answer of a
// connection, in either language.
func TestThePageIsLight(t *testing.T) {
	w := newTown(t, conf.Place{})
	for _, lang := range []string{"id", "en"} {
		for _, b := range w.Cases.Catalogue().Services() {
			if b.Service.Vault == nil {
				continue
			}
			r, err := http.NewRequest("GET", w.url+"/report?lang="+lang+"&service="+b.Service.ID, nil)
			w.must(err)
			r.Header.Set("Accept-Encoding", "gzip")
			resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
			w.must(err)
			body, err := io.ReadAll(resp.Body)
			w.must(err)
			resp.Body.Close()
			var head bytes.Buffer
			w.must(resp.Header.Write(&head))
			if _, err := gzip.NewReader(bytes.NewReader(body)); err != nil {
				t.Fatal("not compressed")
			}
			if n := len(body) + head.Len(); n > 14_000 {
				t.Errorf("%s in %s: %d bytes", b.Service.ID, lang, n)
			} else {
				t.Logf("%s in %s: %d bytes", b.Service.ID, lang, n)
			}
		}
	}
}

// The script sends a photo in pieces, the line is cut, the answer is lost, two
// tabs send at once: one report, one photo.
func TestTheOutboxSendsOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		key, data := strings.Repeat("ab", 20), photo(t, 3)
		s := w.browser().script(key)
		begin := map[string]string{"Upload-Length": strconv.Itoa(len(data)), "Report-File": "0"}
		var at, again struct {
			ID     string
			Offset int
			Whole  bool
		}
		s.ask("POST", "/report/files/photos", begin, []byte("lampu.jpg"), &at)
		half := len(data) / 2
		s.ask("PATCH", "/report/files/photos/"+at.ID, map[string]string{"Upload-Offset": "0"}, data[:half], nil)
		if s.ask("PATCH", "/report/files/photos/"+at.ID, map[string]string{"Upload-Offset": "0"}, data[:half], nil) != http.StatusConflict {
			t.Errorf("the same piece again: %d", s.status)
		}
		other := w.browser().script(key) // another tab, after the telephone was switched off
		other.ask("POST", "/report/files/photos", begin, []byte("lampu.jpg"), &again)
		if again.ID != at.ID || again.Offset != half {
			t.Fatalf("%+v, begun as %+v", again, at)
		}
		other.ask("PATCH", "/report/files/photos/"+at.ID, map[string]string{"Upload-Offset": strconv.Itoa(half)}, data[half:], &at)
		if !at.Whole {
			t.Fatalf("%+v %d", at, other.status)
		}
		var got [4]receipt
		var all sync.WaitGroup
		for i := range got {
			one := w.browser().script(key)
			all.Go(func() { got[i] = one.tell(told(), at.ID) })
		}
		all.Wait()
		for _, r := range got {
			if r != got[0] || r.Code == "" || r.Secret == "" {
				t.Fatalf("%+v", got)
			}
		}
		c := w.only()
		own, _, err := w.Cases.Own(context.Background(), c.Stream)
		w.must(err)
		if ids, _ := own["photos"].([]string); len(ids) != 1 {
			t.Errorf("%d photos", len(ids))
		}
		if s.get(got[0].Receipt); s.status != 200 || !strings.Contains(s.body, got[0].Code) {
			t.Errorf("%d", s.status)
		}
		s = w.browser().script(key)
		s.tell(told("what", "Sesuatu yang lain sama sekali."))
		if s.status != http.StatusUnprocessableEntity {
			t.Errorf("another report under the same key: %d", s.status)
		}
	})
}

// What cannot be taken says why, in words with the place of each, and may be sent
// again under the same key.
func TestTheOutboxIsToldWhatToCorrect(t *testing.T) {
	w := newTown(t, conf.Place{})
	s := w.browser().script(strings.Repeat("cd", 20))
	s.tell(told("what", "Mati", "region", ""))
	if s.status != http.StatusUnprocessableEntity || !strings.Contains(s.body, `"field":"what"`) || !strings.Contains(s.body, `"field":"region"`) {
		t.Fatalf("%d %s", s.status, s.body)
	}
	live := s.definition
	s.definition = strings.Repeat("0", 64)
	if s.tell(told()); s.status != http.StatusConflict || !strings.Contains(s.body, "berubah") {
		t.Fatalf("an old form: %d %s", s.status, s.body)
	}
	s.definition = live
	if r := s.tell(told()); r.Code == "" {
		t.Fatalf("corrected: %d %s", s.status, s.body)
	}
	for name, do := range map[string]func(s *script){
		"a short key":      func(s *script) { s.key = "short"; s.tell(told()) },
		"a forged token":   func(s *script) { s.token = "forged"; s.tell(told()) },
		"no such question": func(s *script) { s.ask("POST", "/report/files/what", nil, nil, nil) },
	} {
		before := len(w.cases())
		s := w.browser().script(strings.Repeat("ef", 20))
		if do(s); len(w.cases()) != before || s.status < 400 {
			t.Errorf("%s: %d, %d cases", name, s.status, len(w.cases())-before)
		}
	}
}

// The worker stands behind the page for telling something alone, runs nothing from
// elsewhere, and changes its name with its text.
func TestTheWorkerKeepsToItsPage(t *testing.T) {
	w := newTown(t, conf.Place{})
	b := w.browser().get("/report/worker.js")
	if b.header.Get("Service-Worker-Allowed") != "/report" || b.header.Get("Content-Type") != "text/javascript; charset=utf-8" ||
		b.header.Get("Content-Security-Policy") != "default-src 'none'; script-src 'self'; connect-src 'self'" || !strings.Contains(b.body, `importScripts("/static/outbox.`) {
		t.Errorf("%v %.200s", b.header, b.body)
	}
	if b.get(page); strings.Contains(b.header.Get("Cache-Control"), "no-store") {
		t.Error("the empty page cannot be kept for when there is no signal")
	}
	b.send(nil, told("what", "Mati")...)
	if !strings.Contains(b.header.Get("Cache-Control"), "no-store") {
		t.Error("a page with what somebody typed may be kept")
	}
}

// A map is drawn here, and a photo's own place is offered, not taken.
func TestPlaces(t *testing.T) {
	w := newTown(t, conf.Place{})
	b := w.browser().get("/report/map.svg")
	if b.status != 200 || b.header.Get("Content-Type") != "image/svg+xml" || strings.Contains(b.body, "http://www.openstreetmap") || !strings.Contains(b.body, "<path") {
		t.Errorf("%d %v", b.status, b.header)
	}
	b.get(page).send([]attached{{"photos", "lampu.jpg", taken(t)}}, told("point", "", "region", "-")...)
	b.says("Pakai tempat dari foto")
	b.send(nil, "_place", "-7.06230,110.91221")
	if !strings.Contains(b.body, `value="-7.06230,110.91221"`) || len(w.cases()) != 0 {
		t.Errorf("%s", b.page().Text())
	}
}

// taken is a photo that says where it was taken.
func taken(t testing.TB) []byte {
	le := func(n uint32) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)} }
	entry := func(tag, kind uint16, count, value uint32) []byte {
		return slices.Concat([]byte{byte(tag), byte(tag >> 8), byte(kind), byte(kind >> 8)}, le(count), le(value))
	}
	b := slices.Concat([]byte("II*\x00\x08\x00\x00\x00\x01\x00"), entry(0x8825, 4, 1, 26), le(0), []byte{4, 0},
		entry(1, 2, 2, 'S'), entry(2, 5, 3, 80), entry(3, 2, 2, 'E'), entry(4, 5, 3, 104), le(0))
	for _, n := range []uint32{7, 1, 3, 1, 4428, 100, 110, 1, 54, 1, 4395, 100} {
		b = append(b, le(n)...)
	}
	part := append([]byte("Exif\x00\x00"), b...)
	n := len(part) + 2
	return slices.Concat([]byte{0xff, 0xd8, 0xff, 0xe1, byte(n >> 8), byte(n)}, part, photo(t, 9)[2:])
}
