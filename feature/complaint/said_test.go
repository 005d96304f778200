package complaint_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pendopo/engine/casework"
	"pendopo/feature/complaint/exchange"
	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// anotherGovernmentSays something of a report that was sent on, to which an
// officer is logged in: it moves nothing, an officer decides what becomes of it,
// once, and everybody reads no more than what the officer let through.
func (w *town) anotherGovernmentSays(b *browser, got casework.Accepted) {
	w.shows(got.Stream, lamp)
	x := w.UseExchange(exchange.Config{Peers: []exchange.PeerConfig{{Name: "provinsi", Kind: "open311", URL: "http://127.0.0.1:1/v2", Format: "json", Lists: "at_once",
		Insecure: true, Send: []exchange.Route{{Category: "lampu", Code: "017"}}}}})
	x.Round(w.t.Context())
	for i, words := range []string{"Tiang dipesan. Tanya 0812-0000-0042.", "Uji coba, abaikan.", "", "Bagus."} {
		u := georeport.Update{ID: "u" + string(rune('1'+i)), Request: got.Code, Status: []string{"open", "open", "closed", "open"}[i], Description: georeport.Text(words)}
		u.Updated.Time = w.clock.Add(time.Duration(i) * time.Minute)
		known, err := x.Received(w.t.Context(), "provinsi", u)
		if err != nil || !known {
			w.t.Fatal(known, err)
		}
	}
	before, err := w.Cases.State(w.t.Context(), got.Stream)
	w.must(err)
	page := "/desk/cases/" + got.Code
	b.get("/desk").hides("kabar dari pemerintah lain")
	b.get("/desk/reports?show=said").is(http.StatusOK).sound("said").says(got.Code, "provinsi, 4 kabar").hides("Belum dilihat tiga hari kerja")
	w.clock = w.clock.AddDate(0, 0, 10)                      // over Nyepi and Idulfitri: three working days
	b.get("/desk/reports?show=said").is(http.StatusSeeOther) // logged out by now
	b = w.again("sampah")
	b.get("/desk").says("1 laporan mendapat kabar dari pemerintah lain")
	b.get("/desk/reports?show=said").says("Belum dilihat tiga hari kerja")
	b.get(page).is(http.StatusOK).sound("case").says("Tiang dipesan", "Sudah ditutup di sana", "Uji coba").hides("0812-0000-0042")

	b.decides(0, "pass", "both", "Tiang sudah dipesan provinsi. Tanya 0812-0000-0099.").is(http.StatusSeeOther)
	b.get(page).decides(1, "aside", "", "").is(http.StatusUnprocessableEntity).says("Tuliskan penjelasannya")
	b.decides(1, "aside", "", "Bukan tentang laporan ini.").is(http.StatusSeeOther)
	b.get(page).decides(2, "pass", "message", "Menurut provinsi sudah selesai.").is(http.StatusSeeOther)
	b.get(page).decides(3, "pass", "public", "Bagus.").is(http.StatusSeeOther)
	b.get(page).says("Diteruskan kepada pelapor dan ditampilkan untuk umum", "Dikesampingkan").hides("Teruskan kabar ini")

	after, err := w.Cases.State(w.t.Context(), got.Stream)
	w.must(err)
	if after.Step != before.Step || after.Outcome != "" || !slices.Equal(before.Deadlines, after.Deadlines) {
		w.t.Errorf("it moved: %+v", after)
	}
	w.browser().get("/reports/"+got.Code).is(http.StatusOK).sound("report").says("Tiang sudah dipesan provinsi.", "Kabar dari provinsi", "Bagus.").
		hides("0812-0000-0099", "Bukan tentang laporan ini", "Menurut provinsi sudah selesai", "dikesampingkan")
	w.saidOnce(got, after)
	w.does(got.Stream, coordinator, casework.Deed{Do: flow.DoHide, Reason: "personal_data"})
	w.shows(got.Stream, lamp)
	w.browser().get("/reports/"+got.Code).is(http.StatusOK).says(lamp.Title).hides("Tiang sudah dipesan provinsi.", "Bagus.")
	b.get("/desk").hides("kabar dari pemerintah lain")
	if left, err := x.Unread(w.t.Context(), ""); err != nil || len(left) != 0 {
		w.t.Errorf("%+v, %v", left, err)
	}
}

// saidOnce holds that nobody decides a second time, and that rows follow the record.
func (w *town) saidOnce(got casework.Accepted, c fold.Case) {
	w.t.Helper()
	i := slices.IndexFunc(c.Marks, func(m fold.Mark) bool { return m.Word != nil })
	word := *c.Marks[i].Word
	word.As = fold.WordAside
	_, err := w.Cases.Act(w.t.Context(), casework.Deed{Stream: got.Stream, Seen: c.Version, Do: flow.DoRelay, Word: &word, Note: "Sekali lagi.", By: coordinator, Actor: "somebody",
		Once: casework.Once{Scope: "test", Key: strings.Repeat("r", 30), Request: []byte("x")}})
	if f := fault.Of(err); f == nil || f.Key != "flow.relayed_before" {
		w.t.Errorf("decided twice: %v", err)
	}
	_, err = w.Rebuild(w.t.Context())
	w.must(err)
	w.must(w.VerifyRows(w.t.Context(), func(words string) { w.t.Error(words) }))
}

// decides sends the form about one update, of those in the order that they came.
func (b *browser) decides(n int, do, as, words string) *browser {
	b.w.t.Helper()
	parts := strings.Split(b.body, `/said"`)
	slices.Reverse(parts)
	var ids []string // each stands in two forms, the last update first
	for _, p := range parts[:len(parts)-1] {
		_, rest, _ := strings.Cut(p, `name="update" value="`)
		if id, _, _ := strings.Cut(rest, `"`); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	left := 4 - len(ids)
	_, action, _ := strings.Cut(b.body, `action="/desk/reports/`)
	code, _, _ := strings.Cut(action, "/")
	return b.send("/desk/reports/"+code+"/said", url.Values{"update": {ids[n-left]}, "do": {do}, "as": {as}, "words": {words}})
}

// again logs in an officer who is known.
func (w *town) again(login string) *browser {
	b := w.browser().get("/desk/login")
	return b.send("/desk/login", url.Values{"login": {login}, "password": {"kopi tubruk di pasar"}}).is(http.StatusSeeOther)
}
