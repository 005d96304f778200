package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"pendopo/engine/casework"
	"pendopo/engine/notify"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// toldHome is where the reporter lives, as planted.
const toldHome = "Jalan Terlapor 7, RT 2 RW 5"

// byPost tells something at the counter without a telephone, and has the unit finish
// it: the reporter's time to answer begins when they are told.
func (w *town) byPost(anonymous string) casework.Accepted {
	w.t.Helper()
	ctx := context.Background()
	got, err := w.Cases.Submit(ctx, casework.Submission{
		Service: "pengaduan", Channel: "counter", Lang: "id", Once: casework.Once{Scope: "test", Key: strings.Repeat("p", 22) + anonymous, Request: []byte(anonymous)},
		Answers: form.Answers{"what": "Lampu jalan di depan pos ronda mati sejak tiga minggu.", "kind": "informasi", "category": "lampu", "region": "33.60.01.1001",
			"anonymous": anonymous, "confidential": "tidak", "name": toldBy, "home": toldHome},
	})
	w.must(err)
	b, err := w.Cases.Catalogue().Live("pengaduan")
	w.must(err)
	checks := map[string]bool{}
	for _, line := range b.Service.Step("verify").Checklist {
		checks[line.ID] = true
	}
	w.carries(got.Stream, fold.Holder{Who: "role", Role: "koordinator_pengaduan", Unit: "setda"},
		casework.Deed{Action: "dispatch", Unit: "dishub", Checks: checks, Given: form.Answers{"kind": "informasi", "category": "lampu"}})
	w.carries(got.Stream, fold.Holder{Who: "role", Role: "pengelola_pengaduan", Unit: "dishub"}, casework.Deed{Action: "finish", Given: form.Answers{"done": "Diganti hari ini."}})
	w.must(w.Jobs.Drain(ctx))
	return got
}

// marked are the letters of the page that can be marked.
func (b *browser) marked() (ids []string) {
	for _, m := range regexp.MustCompile(`name="letter" value="([^"]+)"`).FindAllStringSubmatch(b.body, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// onlyWhoIsNamedGetsALetter: a named reporter without a telephone is told by a letter
// that an officer of the unit prints and posts; the address of an anonymous one comes
// out of no printer. Everything that the officer does, the reporter reads.
func (w *town) onlyWhoIsNamedGetsALetter() {
	w.t.Helper()
	w.Notices.Use(notify.FileSetup(w.t.TempDir()))
	named, hidden := w.byPost("tidak"), w.byPost("ya")
	if c, err := w.Cases.State(context.Background(), hidden.Stream); err != nil || !slices.ContainsFunc(c.Marks, func(m fold.Mark) bool { return m.Kind == fold.Told && m.Means == "page" }) {
		w.t.Errorf("an anonymous reporter is not told on the page: %+v, %v", c.Marks, err)
	}
	tray := "/desk/letters?unit=dishub"
	b := w.as("pengelola-pengaduan").get("/desk").shows("1 surat menunggu diposkan").get(tray).shows(named.Code, "Sudah dikerjakan")
	if b.sound("the tray"); names(b) || strings.Contains(b.body, "Jalan Terlapor") || strings.Contains(b.body, hidden.Code) {
		w.t.Error("the list holds an address, or a letter to somebody anonymous")
	}
	ids := b.marked()
	w.as("koordinator-pengaduan").get(tray).is(http.StatusForbidden)
	stranger := w.as("koordinator-pengaduan")
	if stranger.post("/desk/letters/print", url.Values{"_token": {w.token(stranger)}, "letter": ids}); stranger.code == http.StatusOK || names(stranger) {
		w.t.Errorf("another unit prints it: %d", stranger.code)
	}
	other := w.as("atasan-pengaduan").get(tray) // has the list before the letter was printed
	b.send("/desk/letters/print", url.Values{"letter": ids}).is(http.StatusOK).shows(toldBy, toldHome, named.Code, "paling lambat", "3 hari kerja sesudah surat ini diposkan")
	if b.sound("the letter"); b.header.Get("Cache-Control") != "no-store" || strings.Contains(b.body, named.Secret) {
		w.t.Error("a letter is kept by the browser, or holds the secret")
	}
	b.get(tray).shows("Dicetak 16 Mar")
	b.send("/desk/letters/posted", url.Values{"letter": ids, "day-day": {"17"}}).is(http.StatusUnprocessableEntity).shows("Tanggal pos tidak boleh")
	b.get(tray).send("/desk/letters/posted", url.Values{"letter": ids, "number-" + ids[0]: {"RR123456789ID"}}).is(http.StatusSeeOther)
	b.get(b.header.Get("Location")).shows("1 surat dicatat sudah diposkan", "dianggap sampai 26 Maret 2026")
	other.send("/desk/letters/print", url.Values{"letter": ids}).is(http.StatusOK).shows("tidak perlu dikirim lagi")
	w.must(w.Jobs.Drain(context.Background()))
	w.reporterReads(named, "Surat kepada Anda diposkan pada 16 Maret 2026", "membaca alamat Anda untuk mengirim surat")
	w.clock = w.clock.AddDate(0, 0, 21)
	w.must(w.Jobs.Drain(context.Background()))
	w.reporterReads(named, "Kami memberi tahu lewat surat")
	b = w.as("pengelola-pengaduan").get(tray)
	b.send("/desk/letters/back", url.Values{"letter": ids}).is(http.StatusUnprocessableEntity).shows("Pilih mengapa surat kembali")
	b.get(tray).send("/desk/letters/back", url.Values{"letter": ids, "reason": {"moved"}}).is(http.StatusSeeOther)
	b.get(b.header.Get("Location")).shows("1 surat dicatat kembali").hides(named.Code)
	w.must(w.Jobs.Drain(context.Background()))
	w.reporterReads(named, "Surat kembali ke kantor: penerima sudah pindah")
	if text := w.log.String(); strings.Contains(text, toldHome) || strings.Contains(text, "RR123456789ID") {
		w.t.Error("the log holds an address or the number of a letter")
	}
}

// reporterReads opens a case with its secret.
func (w *town) reporterReads(a casework.Accepted, texts ...string) {
	w.t.Helper()
	b := w.browser().get("/track/" + a.Code + "/unlock")
	b.send("/track/"+a.Code+"/unlock", url.Values{"secret": {a.Secret}}).is(http.StatusSeeOther)
	b.get("/track/" + a.Code).shows(texts...)
}
