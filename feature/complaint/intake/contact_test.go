package intake_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/conf"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// returned is a report that a coordinator has sent back, with the address of its page.
func returned(w *town, b *browser, fields ...string) (track string) {
	w.t.Helper()
	b.get(page).send(nil, told(fields...)...)
	track = strings.TrimSuffix(b.path, "/receipt")
	c := w.only()
	w.clock.pass(time.Hour)
	_, err := w.Cases.Act(w.t.Context(), casework.Deed{Stream: c.Stream, Seen: c.Version, Action: "return", Actor: "officer/test",
		By: fold.Holder{Who: "role", Role: c.Holder.Role, Unit: c.Holder.Unit}, Checks: map[string]bool{"clear": false, "ours": true, "decent": true},
		Defects: []flow.Defect{{ID: "clear", Words: "Lampu yang mana?"}}})
	w.must(err)
	return track
}

// fix sends the form of a returned report with some of it changed.
func (b *browser) fix(track string, fields ...string) *browser {
	b.w.t.Helper()
	to, v, ok := b.page().Form(track + "/fix")
	if !ok {
		b.w.t.Fatalf("no form: %s", b.page().Text())
	}
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	r, err := http.NewRequest("POST", b.w.url+to, strings.NewReader(v.Encode()))
	b.w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.take(r)
}

// Who completes a report is not asked for name and number again: they are kept, and
// nothing of them is shown. They are asked for when the reporter wants to change them.
func TestWhoCompletesAReportIsNotAskedForTheirNameAgain(t *testing.T) {
	w := newTown(t, conf.Place{})
	b := w.browser()
	track := returned(w, b)
	b.get(track+"/fix").says("Lampu yang mana?", "Anda sudah memberi nama dan nomor")
	for _, secret := range []string{"Rukmini", "0812", `name="name"`, `name="phone"`} {
		if strings.Contains(b.body, secret) {
			t.Errorf("the page has %q", secret)
		}
	}
	b.fix(track, "what", "Lampu di tiang nomor 7 mati sejak Senin.", "_contact", "1").says("Lampu di tiang nomor 7", "mengganti semua yang dulu")
	if !strings.Contains(b.body, `name="phone"`) || strings.Contains(b.body, "Rukmini") || strings.Contains(b.body, "0812 0000") {
		t.Error("name and number are not asked for anew, or shown")
	}
	if b.fix(track, "name", "Rukmini L."); b.status != 422 {
		t.Errorf("a name without a number: %d", b.status)
	}
	b.fix(track, "name", "", "phone", "") // left empty: as it was
	c := w.only()
	if told, err := w.Cases.Contact(t.Context(), c.Stream); err != nil || b.path != track || c.Step != "verify" || told.Phone != "+6281200000001" {
		t.Errorf("at %s, case at %s, %+v %v", b.path, c.Step, told, err)
	}
}

// Of who reports without a name nothing is said; who wants to be named after all is
// asked for a name.
func TestWhoReportsWithoutANameIsAskedForOneOnlyToBeNamed(t *testing.T) {
	w := newTown(t, conf.Place{})
	b := w.browser()
	track := returned(w, b, "anonymous", "ya", "name", "-", "phone", "-")
	b.get(track + "/fix?all=1").says("Anda melapor tanpa nama")
	if strings.Contains(b.body, `name="phone"`) {
		t.Error("a number is asked for")
	}
	if b.fix(track, "anonymous", "tidak"); b.status != 422 || !strings.Contains(b.body, `name="name"`) {
		t.Errorf("named without a name: %d", b.status)
	}
	b.fix(track, "name", "Rukmini Larasati", "phone", "0812 0000 0001")
	if c := w.only(); c.Step != "verify" || b.path != track {
		t.Errorf("at %s, case at %s: %s", b.path, c.Step, b.page().Text())
	}
}
