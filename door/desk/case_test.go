package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/fold"
	"pendopo/law/form"
)

var checked = url.Values{"check-identity": {"ok"}, "check-letter": {"ok"}, "check-address": {"ok"}}

func with(v url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, all := range v {
		out[k] = all
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

func TestACaseFromTheWorklistToTheDocument(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("ratih", sekararum+"/lurah")
	got := w.applies("one")
	clerk, head := w.as("sari"), w.as("ratih")

	clerk.get("/desk").is(200).shows(got.Code, "Surat keterangan domisili", "Hari ini", "Berkas diperiksa")
	clerk.hides("Sekar Wulandari", "3360")
	at := "/desk/cases/" + got.Code
	clerk.get(at).is(200).shows("Sekar Wulandari", "3360 0157 0495 0001", "Jalan Melati 4", "Surat pengantar RT dan RW", "Akan dibawa ke loket", "10 menit kerja")
	clerk.send(at+"/act", with(checked, "action", "approve", "note", "Sudah dicocokkan dengan KTP")).is(303)
	clerk.get(clerk.header.Get("Location")).is(200).shows(got.Code + ": tersimpan. Sekarang: Menunggu tanda tangan")

	head.get(at).is(200).shows("Sudah dicocokkan dengan KTP", "Petugas sari, Petugas layanan", "Tolak permohonan", "UU 23/2006")
	head.send(at+"/act", url.Values{"action": {"reject"}}).is(422)
	head.shows("Pilih salah satu alasan yang tercantum")
	head.send(at+"/act", url.Values{"action": {"approve"}}).is(303)
	w.must(w.Jobs.Drain(context.Background()))
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	if c.Document == nil {
		t.Fatalf("no document: %+v", c)
	}
	head.get(at).is(200).send(at+"/open", nil).is(200).shows(c.Number, "Unduh dokumen")
	head.get(at + "/document").is(200)
	if !strings.HasPrefix(head.body, "%PDF") || !strings.Contains(head.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the document: %q %v", head.body[:8], head.header)
	}

	// whoever stands at the counter hands it over, without opening anything
	clerk.get(at).is(200).shows("Surat sudah diterima").hides("Sekar Wulandari")
	clerk.send(at+"/act", url.Values{"action": {"received"}, "receiver": {"Sekar Ayu"}, "relation": {"self"}}).is(303)
	if c, err = w.Cases.State(context.Background(), got.Stream); err != nil || c.Outcome != "granted" {
		t.Errorf("after handing over: %q, %v", c.Outcome, err)
	}
}

func TestSendingBackNamesEverythingAtOnce(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	got := w.applies("one")
	b := w.as("sari")
	at := "/desk/cases/" + got.Code
	b.get(at).send(at+"/act", url.Values{"action": {"return"}, "check-identity": {"ok"}, "check-letter": {"no"}, "note": {"catatan tetap ada"}}).is(422)
	b.shows("catatan tetap ada", "Tuliskan apa yang harus diperbaiki", `href="#check-address"`, "Nilai butir ini")
	b.sound("errors")
	b.send(at+"/act", url.Values{"action": {"return"}, "check-identity": {"ok"}, "check-letter": {"no"}, "check-address": {"ok"},
		"check-letter-why": {"Surat belum ditandatangani RW."}, "other-1": {"street"}, "other-1-why": {"Nomor rumah belum ada."}}).is(303)
	_, defects, err := w.Cases.Own(context.Background(), got.Stream)
	w.must(err)
	if len(defects) != 2 || defects[0].Words != "Surat belum ditandatangani RW." || defects[1].ID != "street" {
		t.Errorf("sent back with %+v", defects)
	}
}

func TestWhoComesSecondIsToldSo(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("joko", sekararum+"/petugas_layanan")
	got := w.applies("one")
	first, second := w.as("sari"), w.as("joko")
	at := "/desk/cases/" + got.Code
	first.get(at)
	second.get(at)
	to, v := first.form(at + "/act")
	v = with(v, "action", "approve", "check-identity", "ok", "check-letter", "ok", "check-address", "ok")
	first.post(to, v).is(303)
	second.send(at+"/act", with(checked, "action", "approve")).is(409)
	second.shows("Orang lain bertindak lebih dahulu", "Menunggu tanda tangan", at)
	second.sound("second")

	// The same form sent again has had its effect, and has no other.
	first.post(to, v).is(303)
	v.Set("action", "return")
	first.post(to, v).is(422)
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	if c.Version != 2 {
		t.Errorf("version %d after one approval", c.Version)
	}
}

func TestNothingSealedIsShownBeforeItsOpeningIsRecorded(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("darmo", sekararum+"/sekretaris_kelurahan")
	w.officer("ratih", sekararum+"/lurah")
	got := w.applies("one")
	at := "/desk/cases/" + got.Code
	secrets := []string{"Sekar Wulandari", "3360 0157", "Jalan Melati", "081200000001"}

	clerk, colleague, head := w.as("sari"), w.as("darmo"), w.as("ratih")
	colleague.get(at).is(200).shows("tersegel")
	colleague.hides(append(secrets, "/open")...)
	head.get(at).is(200).shows("Buka isian untuk mengawasi")
	head.hides(secrets...)
	if seen, _ := w.Cases.Openings(context.Background(), got.Stream); len(seen) != 0 {
		t.Fatalf("recorded before anything was opened: %v", seen)
	}
	head.send(at+"/open", nil).is(200).shows(secrets...)
	clerk.get(at).is(200).shows(secrets...)
	seen, err := w.Cases.Openings(context.Background(), got.Stream)
	w.must(err)
	if len(seen) != 2 || seen[0].Purpose != "handle" || seen[0].Actor != w.ids["sari"] || seen[1].Purpose != "supervise" || seen[1].Role != "lurah" {
		t.Errorf("recorded: %+v", seen)
	}
	head.get(at+"/openings").is(200).shows("Petugas sari", "Memproses", "1 pembukaan oleh Anda sendiri")
	head.hides("Petugas ratih, ")
	head.sound("openings")
}

func TestAPaperIsServedSoThatItCanDoNoHarm(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("darmo", sekararum+"/sekretaris_kelurahan")
	got := w.applies("one")
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	file := "/desk/cases/" + got.Code + "/files/" + c.Files[0].ID
	b := w.as("sari").get(file).is(200)
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline; filename=ktp.jpg", "Cache-Control": "no-store",
	} {
		if got := b.header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if !strings.Contains(b.header.Get("Content-Security-Policy"), "sandbox") || !bytes.HasPrefix([]byte(b.body), []byte{0xff, 0xd8}) {
		t.Errorf("policy %q", b.header.Get("Content-Security-Policy"))
	}
	b.get("/desk/cases/" + got.Code + "/files/somewhere-else").is(404)
	w.as("darmo").get(file).is(403)
}

func TestTheClockStandsForAListedReasonAndRunsOn(t *testing.T) {
	w := newTown(t)
	w.officer("mega", "dpmptsp/petugas_ptsp")
	w.officer("tiara", "dinkes/tim_teknis")
	got := w.licence()
	at := "/desk/cases/" + got.Code
	mega := w.as("mega").get(at).is(200)
	_, v := mega.form(at + "/act")
	v.Set("action", "approve")
	for _, line := range []string{"application", "identity", "photo", "diploma", "registration", "recommendation", "health", "facility"} {
		v.Set("check-"+line, "ok")
	}
	mega.post(at+"/act", v).is(303)

	w.clock = w.clock.Add(time.Hour)
	team := w.as("tiara").get(at).is(200)
	team.shows("Hentikan waktu", "Sisa 1 kali, paling lama 5 hari kerja", "5 hari kerja", "Waktu layanan yang dijanjikan")
	team.send(at+"/clock", url.Values{"do": {"stop"}}).is(422)
	team.shows("Pilih salah satu alasan penghentian")
	team.sound("no reason")
	team.send(at+"/clock", url.Values{"do": {"stop"}, "reason": {"site_visit"}, "note": {"menunggu jadwal"}}).is(303)
	team.get("/desk").shows("Waktu berhenti", "Peninjauan tempat praktik")
	w.clock = w.clock.Add(24 * time.Hour)
	team = w.as("tiara").get(at).is(200)
	team.shows("Waktu sedang berhenti", "menunggu jadwal", "Waktu layanan masih dihentikan")
	team.send(at+"/clock", url.Values{"do": {"resume"}}).is(303)
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	if _, standing := c.Standing(); standing || c.Stops[0].To.IsZero() {
		t.Errorf("stops: %+v", c.Stops)
	}
	team.get(at).is(200).shows("Sudah habis dipakai")
}

func TestTheWorklistPutsWhatIsLateFirst(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan", "dpmptsp/petugas_ptsp")
	late := w.applies("late")
	licence := w.licence()
	w.clock = w.clock.Add(30 * time.Minute)
	_, err := w.Cases.Lapse(context.Background())
	w.must(err)
	today := w.applies("today")
	b := w.as("sari").get("/desk").is(200)
	order := []string{late.Code, today.Code, licence.Code}
	last := -1
	for _, s := range order {
		if i := strings.Index(b.words(), s); i < last {
			t.Errorf("%s stands too early", s)
		} else {
			last = i
		}
	}
	b.shows("Terlambat", "Hari ini", "Sisa 3 hari kerja")
	b.sound("worklist")
	b.get("/desk?service=sip-bidan").is(200).hides(late.Code, today.Code)
	b.get("/desk?post=" + url.QueryEscape(sekararum+"/")).is(200).shows(late.Code)
	b.get("/desk?post=" + url.QueryEscape(kauman+"/")).is(403)
	b.get("/desk/find?q=" + strings.ToLower(late.Code)).is(303)
	if b.header.Get("Location") != "/desk/cases/"+late.Code {
		t.Errorf("found at %s", b.header.Get("Location"))
	}
	b.get("/desk/find?q=nothing").is(404)
}

func TestALongWorklistHasPages(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) { w.pages() })
}

// pages walks a list of thirty cases.
func (w *town) pages() {
	t := w.t
	w.officer("sari", sekararum+"/petugas_layanan")
	all := map[string]bool{}
	for i := range 30 {
		all[w.applies(fmt.Sprint("page", i)).Code] = true
	}
	b := w.as("sari").get("/desk?service=" + domicileID).is(200)
	b.sound("first page")
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(b.body)
	if next == nil {
		t.Fatal("no way to the next page")
	}
	shown := codes.FindAllString(b.words(), -1)
	b.get(html.UnescapeString(next[1])).is(200)
	b.hides(`rel="next"`)
	for _, code := range append(shown, codes.FindAllString(b.words(), -1)...) {
		delete(all, code)
	}
	if len(all) > 0 {
		t.Errorf("on neither page: %v", all)
	}
	b.get("/desk?after=nonsense").is(400)
}

func TestOnlyASupervisorSendsBackOnceMore(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("ratih", sekararum+"/lurah")
	got := w.applies("one")
	at := "/desk/cases/" + got.Code
	back := url.Values{"action": {"return"}, "check-identity": {"ok"}, "check-address": {"ok"}, "check-letter": {"no"}, "check-letter-why": {"Belum ditandatangani."}}
	clerk := w.as("sari").get(at)
	clerk.send(at+"/act", back).is(303)
	w.resubmit(got.Stream)
	clerk.get(at).is(200).hides("Kembalikan untuk diperbaiki")
	to, v := clerk.form(at + "/act")
	clerk.post(to, with(v, "action", "return")).is(403)
	head := w.as("ratih").get(at).is(200)
	head.send(at+"/open", nil).is(200).shows("sekali lagi", "Kembalikan untuk diperbaiki")
	head.hides("Lengkap dan cocok")
	head.send(at+"/act", back).is(303)
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	if c.Returns["review"] != 2 || c.Holder.Who != "applicant" {
		t.Errorf("after the second return: %+v", c)
	}
}

// resubmit is the applicant's answer to a return.
func (w *town) resubmit(stream string) {
	w.t.Helper()
	c, err := w.Cases.State(context.Background(), stream)
	w.must(err)
	answers, _, err := w.Cases.Own(context.Background(), stream)
	w.must(err)
	_, err = w.Cases.Act(context.Background(), deed(stream, c.Version, answers))
	w.must(err)
}

func deed(stream string, seen int64, a form.Answers) casework.Deed {
	return casework.Deed{Stream: stream, Seen: seen, Action: "submit", Answers: a, By: fold.Holder{Who: "applicant"}}
}
