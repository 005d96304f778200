package complaint_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/notify"
	"pendopo/engine/notify/sink"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/page"
	"pendopo/law/flow"
	"pendopo/law/form"
	"pendopo/web"
)

// post is a town whose messages go into a file, read from where it was read last.
type post struct {
	*town
	dir  string
	read int
}

func (w *town) post() *post {
	p := &post{town: w, dir: w.t.TempDir()}
	w.Notices.Use(notify.FileSetup(p.dir))
	return p
}

// arrived works until nothing is due and gives the messages since then, by address.
func (p *post) arrived() map[string][]sink.Line {
	p.t.Helper()
	p.must(p.Jobs.Drain(context.Background()))
	list := map[string][]sink.Line{}
	f, err := os.Open(filepath.Join(p.dir, sink.File))
	if os.IsNotExist(err) {
		return list
	}
	p.must(err)
	defer f.Close()
	n := 0
	for in := bufio.NewScanner(f); in.Scan(); n++ {
		var l sink.Line
		p.must(json.Unmarshal(in.Bytes(), &l))
		if n >= p.read {
			list[l.To] = append(list[l.To], l)
		}
	}
	p.read = n
	return list
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// asks asks for news of a report and gives the address where the code is typed,
// and the code, "" when none came.
func (p *post) asks(b *browser, code, contact, to string) (typing, digits string) {
	p.t.Helper()
	b.get("/reports/"+code).send("/reports/"+code+"/follow", url.Values{"contact": {contact}}).is(http.StatusSeeOther)
	typing = b.header.Get("Location")
	b.get(typing).is(http.StatusOK).hides(contact)
	for _, l := range p.arrived()[to] {
		if !strings.Contains(l.Text, code) {
			p.t.Errorf("the code names no report: %s", l.Text)
		}
		digits = sixDigits.FindString(l.Text)
	}
	return typing, digits
}

// follows asks and types the code.
func (p *post) follows(code, contact, to string) (typing string) {
	p.t.Helper()
	b := p.browser()
	typing, digits := p.asks(b, code, contact, to)
	b.send(typing, url.Values{"code": {digits}}).is(http.StatusOK).says("Anda mengikuti laporan ini")
	return typing
}

func (w *town) followers() (n int) {
	w.t.Helper()
	w.must(w.DB.Get(context.Background(), `SELECT count(*) FROM report_follower`, nil, &n))
	return n
}

// TestAStrangerFollowsAReport from the code to the last message, and stops.
func TestAStrangerFollowsAReport(t *testing.T) {
	onBoth(t, func(w *town) {
		p, got := w.post(), w.tells(nil, 1)
		w.shows(got.Stream, lamp)
		const phone, dialled, mail = "0812 0000 4711", "6281200004711", "warga@example.test"
		b := w.browser()
		typing, digits := p.asks(b, got.Code, phone, dialled)
		b.sound(typing)
		w.dispatches(got.Stream, "dishub")
		if list := p.arrived()[dialled]; len(list) != 0 {
			t.Errorf("told before the code was typed: %+v", list)
		}
		b.send(typing, url.Values{"code": {"12345x"}}).is(http.StatusUnprocessableEntity).sound("wrong code")
		b.send(typing, url.Values{"code": {digits[:3] + " " + digits[3:]}}).is(http.StatusOK).sound("confirmed")
		other := p.follows(got.Code, mail, mail)

		w.does(got.Stream, at("dishub"), casework.Deed{Action: "answer", Given: form.Answers{"first_answer": "Petugas datang besok."}})
		list := p.arrived()
		if len(list[dialled]) != 1 || len(list[mail]) != 1 || !strings.Contains(list[dialled][0].Text, got.Code) || !strings.Contains(list[dialled][0].Text, "Sedang ditangani") ||
			!strings.Contains(list[dialled][0].Text, typing+"/stop") || !strings.Contains(list[mail][0].Text, other+"/stop") {
			t.Fatalf("told: %+v", list)
		}
		w.browser().get(typing+"/stop").is(http.StatusOK).sound("stop").send(typing+"/stop", nil).is(http.StatusOK).says("Anda tidak dikabari lagi")
		w.does(got.Stream, at("dishub"), casework.Deed{Action: "finish", Given: form.Answers{"done": "Lampu diganti.", "proof": w.files(got.Stream)}})
		if list := p.arrived(); len(list[dialled]) != 0 || len(list[mail]) != 1 {
			t.Errorf("after one has stopped: %+v", list)
		}
		w.must(w.VerifyRows(context.Background(), func(words string) { t.Error(words) }))
		_, err := w.Rebuild(context.Background())
		w.must(err)
		if list := p.arrived(); len(list) != 0 {
			t.Errorf("a rebuild tells people: %+v", list)
		}
		w.does(got.Stream, reporter, casework.Deed{Action: "solved"})
		if list := p.arrived(); len(list[mail]) != 1 {
			t.Errorf("at the end: %+v", list)
		}
		w.clock = w.clock.Add(8 * 24 * time.Hour)
		if p.arrived(); w.followers() != 0 {
			t.Error("the contact is kept after the report has ended")
		}
		p.followersGoOn()
	})
}

// followersGoOn: of two shown reports that a unit handles one is joined to the
// other. Who followed the one hears of the other from then on, to its end; who
// followed both hears once.
func (p *post) followersGoOn() {
	p.t.Helper()
	first, second := p.tells(nil, 1), p.tells(nil, 0)
	for _, got := range []casework.Accepted{first, second} {
		p.shows(got.Stream, lamp)
		p.dispatches(got.Stream, "dishub")
		p.does(got.Stream, at("dishub"), casework.Deed{Action: "answer", Given: form.Answers{"first_answer": "Petugas datang besok."}})
	}
	p.arrived()
	const one, both = "satu@example.test", "dua@example.test"
	p.follows(second.Code, one, one)
	p.follows(second.Code, both, both)
	p.follows(first.Code, both, both)
	p.does(second.Stream, at("dishub"), casework.Deed{Action: "merge", Into: first.Stream})
	if list := p.arrived(); len(list[one]) != 1 || !strings.Contains(list[one][0].Text, second.Code) || !strings.Contains(list[one][0].Text, "Digabungkan") {
		p.t.Errorf("when it is joined: %+v", list)
	}
	p.browser().get("/reports/" + second.Code).is(http.StatusOK).says("/reports/" + first.Code)
	p.does(first.Stream, at("dishub"), casework.Deed{Action: "finish", Given: form.Answers{"done": "Lampu diganti.", "proof": p.files(first.Stream)}})
	p.goesOn("done", first.Code, one, both)
	for range 2 { // as often as it is opened again, whatever the versions of the two are
		p.does(first.Stream, reporter, casework.Deed{Action: "not_solved", Note: "Masih padam."})
		p.goesOn("opened again", first.Code, one, both)
		p.does(first.Stream, at("dishub"), casework.Deed{Action: "finish", Given: form.Answers{"done": "Diganti lagi.", "proof": p.files(first.Stream)[:1]}})
		p.goesOn("done again", first.Code, one, both)
	}
	p.does(first.Stream, reporter, casework.Deed{Action: "solved"})
	p.goesOn("solved", first.Code, one, both)
	p.clock = p.clock.Add(8 * 24 * time.Hour)
	if p.arrived(); p.followers() != 0 {
		p.t.Errorf("%d followers are kept after the end", p.followers())
	}
}

// goesOn wants one message to each, about the report that goes on.
func (p *post) goesOn(when, code string, contacts ...string) {
	p.t.Helper()
	list := p.arrived()
	for _, to := range contacts {
		if len(list[to]) != 1 || !strings.Contains(list[to][0].Text, code) {
			p.t.Errorf("%s: %s was told %+v", when, to, list[to])
		}
	}
}

// TestNobodyLearnsWhoFollows: every answer is the same, and what is stored opens
// nothing once it has ended.
func TestNobodyLearnsWhoFollows(t *testing.T) {
	onBoth(t, func(w *town) {
		p, got := w.post(), w.tells(nil, 0)
		ask := "/reports/" + got.Code + "/follow"
		hidden := w.browser().get("/track")
		hidden.do(hidden.typed(ask, url.Values{"contact": {"warga@example.test"}})).is(http.StatusNotFound)
		w.shows(got.Stream, lamp)
		p.follows(got.Code, "warga@example.test", "warga@example.test")
		same := func(first, second *browser) {
			t.Helper()
			id := regexp.MustCompile(`[0-9A-Z]{12}|value="[^"]*"`)
			if first.code != second.code || id.ReplaceAllString(first.body, "") != id.ReplaceAllString(second.body, "") {
				t.Errorf("one can tell who follows:\n%s\n%s", first.body, second.body)
			}
		}
		known, fresh := w.browser(), w.browser()
		typing, digits := p.asks(known, got.Code, "WARGA@example.test", "WARGA@example.test")
		elsewhere, _ := p.asks(fresh, got.Code, "lain@example.test", "lain@example.test")
		same(known, fresh)
		same(known.send(typing, url.Values{"code": {"x"}}), fresh.send(elsewhere, url.Values{"code": {"x"}}))
		unknown := w.browser().get("/follow/000000000000").is(http.StatusOK)
		same(unknown.send("/follow/000000000000", url.Values{"code": {"x"}}), known)
		known.send(typing, url.Values{"code": {digits}}).is(http.StatusOK)
		w.dispatches(got.Stream, "dishub")
		if list := p.arrived(); len(list["warga@example.test"])+len(list["WARGA@example.test"]) != 1 {
			t.Errorf("one contact is told twice: %+v", list)
		}
		w.clock = w.clock.Add(2 * time.Hour)
		if p.arrived(); w.followers() != 1 {
			t.Errorf("%d followers: codes that nobody typed are kept", w.followers())
		}
		w.does(got.Stream, coordinator, casework.Deed{Do: flow.DoHide, Reason: "personal_data"})
		if p.arrived(); w.followers() != 0 {
			t.Error("a hidden report has followers")
		}
	})
}

// typed is a form that was typed on the present page but is not on it.
func (b *browser) typed(to string, v url.Values) *http.Request {
	token := regexp.MustCompile(`name="_token" value="([^"]*)"`).FindStringSubmatch(b.body)
	v.Set("_token", token[1])
	r := httptest.NewRequest("POST", "https://wening.test"+to, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// TestFollowersEndWithTheirReport, and a contact is sent few codes.
func TestFollowersEndWithTheirReport(t *testing.T) {
	onBoth(t, func(w *town) {
		p, got := w.post(), w.tells(nil, 0)
		w.shows(got.Stream, lamp)
		p.follows(got.Code, "warga@example.test", "warga@example.test")
		for range 2 {
			if _, digits := p.asks(w.browser(), got.Code, "0812 0000 4712", "6281200004712"); digits == "" {
				t.Fatal("no code came")
			}
		}
		came := 0
		for range 4 {
			if _, digits := p.asks(w.browser(), got.Code, "+62 812 00004712", "6281200004712"); digits != "" {
				came++
			}
		}
		if came != 2 {
			t.Errorf("%d codes more to one number", came)
		}
		w.browser().get("/reports/"+got.Code).send("/reports/"+got.Code+"/follow", url.Values{"contact": {"bukan kontak"}}).is(http.StatusUnprocessableEntity).sound("no contact")
		p.codesAreBounded(got.Code)
		w.does(got.Stream, reporter, casework.Deed{Action: "withdraw"})
		if list := p.arrived()["warga@example.test"]; len(list) != 1 || !strings.Contains(list[0].Text, "Ditarik pelapor") || !strings.Contains(list[0].Text, "/track/"+got.Code) {
			t.Errorf("told that it was taken back: %+v", list)
		}
		w.must(w.Shred(context.Background(), got.Stream, "retention", "somebody"))
		if p.arrived(); w.followers() != 0 {
			t.Errorf("%d followers of a report that was shredded", w.followers())
		}
	})
}

// codesAreBounded: no code leaves for another country unless the instance names it,
// and no more for telephones than it pays for in a day.
func (p *post) codesAreBounded(code string) {
	p.t.Helper()
	refused := func(contact, says string) {
		p.t.Helper()
		p.clock = p.clock.Add(5 * time.Minute)
		p.browser().get("/reports/"+code).send("/reports/"+code+"/follow", url.Values{"contact": {contact}}).is(http.StatusUnprocessableEntity).sound(contact).says(says)
		if list := p.arrived(); len(list) != 0 {
			p.t.Errorf("sent: %+v", list)
		}
	}
	for _, foreign := range []string{"+1 202 555 0143", "+44 7700 900123", "+65 6123 4567"} {
		refused(foreign, "nomor Indonesia (+62)")
	}
	s := notify.FileSetup(p.dir)
	s.Strangers = notify.Strangers{Countries: []string{"62", "60"}, Codes: 8}
	p.Notices.Use(s)
	if _, digits := p.asks(p.browser(), code, "+60 12 345 6789", "60123456789"); digits == "" {
		p.t.Error("no code goes to a country that the instance names")
	}
	for i := range 8 {
		p.clock = p.clock.Add(5 * time.Minute) // one address may not ask much faster
		p.browser().get("/reports/"+code).send("/reports/"+code+"/follow", url.Values{"contact": {"081200009" + string(rune('0'+i)) + "00"}})
	}
	p.arrived()
	refused("0812 0000 9990", "sudah habis")
	if _, digits := p.asks(p.browser(), code, "surel@example.test", "surel@example.test"); digits == "" {
		p.t.Error("no code goes by e-mail any more")
	}
	p.clock = p.clock.Add(24 * time.Hour)
	if _, digits := p.asks(p.browser(), code, "0812 0000 9991", "6281200009991"); digits == "" {
		p.t.Error("no code the day after")
	}
	p.Notices.Use(notify.FileSetup(p.dir))
}

// TestWordsToFollowersFitOneSMS with the longest names.
func TestWordsToFollowersFitOneSMS(t *testing.T) {
	texts, err := page.LoadCatalogue(web.Locale(), false)
	if err != nil {
		t.Fatal(err)
	}
	const house, host = "Kabupaten Banyusekar Raya", "layanan.banyusekarkab.go.id"
	for _, lang := range []string{"id", "en"} {
		words := texts.Printer(lang)
		all := []string{words.T("complaint.follow_code_short", "house", house, "code", "XXXXX-XXXXX-X", "pin", "000000")}
		for _, s := range report.States() {
			all = append(all, words.T("complaint.follow_news_short", "house", house, "code", "XXXXX-XXXXX-X", "state", words.T("complaint.state_"+string(s)), "short", host+"/follow/000000000000/stop"))
		}
		for _, s := range all {
			if n, ok := notify.Septets(strings.ReplaceAll(s, "’", "'")); !ok || n > 160 {
				t.Errorf("%s: %d places: %s", lang, n, s)
			}
		}
	}
}
