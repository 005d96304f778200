package intake_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendopo/kernel/conf"
)

const phone = "0812-0000-0042"

var codeIn = regexp.MustCompile(`Kode ([0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z])`)

func code(t *testing.T, reply string) string {
	t.Helper()
	m := codeIn.FindStringSubmatch(reply)
	if m == nil {
		t.Fatalf("no code in %q", reply)
	}
	return m[1]
}

// A message that says what and where is a report at once; LACAK tells how it stands.
func TestATextMessageIsAReport(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		reply := w.text(phone, "LAPOR lampu jalan mati di Desa Banyuasri depan SD 2 sejak Senin")
		c := w.only()
		if c.Channel != "sms" || c.Answers["region"] != "33.60.01.2004" || c.Answers["category"] != "lampu" || c.Answers["anonymous"] != "tidak" || c.Vault == "" {
			t.Errorf("%+v", c.Answers)
		}
		who, err := w.Cases.Contact(t.Context(), c.Stream)
		w.must(err)
		if who.Phone != "+6281200000042" {
			t.Error("the number is not where news go")
		}
		state := w.text(phone, "lacak "+code(t, reply))
		if !strings.Contains(state, code(t, reply)) || len(state) > 160 {
			t.Errorf("%q", state)
		}
		if unknown := w.text(phone, "LACAK 00000-00000-0"); !strings.Contains(unknown, "tidak kami kenal") {
			t.Errorf("%q", unknown)
		}
	})
}

// What a message does not say is asked, each thing once; what is answered in no
// way that we know is kept in the person's own words.
func TestWhatAMessageLacksIsAskedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		if q := w.text(phone, "Lapor anonim: ada yang tidak beres di kantor"); !strings.Contains(q, "desa atau kelurahan mana") {
			t.Fatalf("%q", q)
		}
		if q := w.text(phone, "dekat kali besar"); !strings.Contains(q, "1 Jalan") {
			t.Fatalf("%q", q)
		}
		if len(w.cases()) != 0 {
			t.Fatal("sent before it was answered")
		}
		code(t, w.text(phone, "0"))
		c := w.only()
		if c.Answers["category"] != "lain" || c.Answers["anonymous"] != "ya" || c.Answers["region"] != nil {
			t.Errorf("%v", c.Answers)
		}
		own, _, err := w.Cases.Own(t.Context(), c.Stream)
		w.must(err)
		if text, _ := own["what"].(string); !strings.Contains(text, "Tempat: dekat kali besar") {
			t.Errorf("%q", text)
		}
		if reply := w.text(phone, "terima kasih"); !strings.Contains(reply, "LAPOR") || len(w.cases()) != 1 {
			t.Errorf("%q", reply)
		}
	})
}

// Who does not answer is not forgotten: the report goes out after half an hour. A
// new one sends the one before.
func TestAnUnansweredQuestionDoesNotKeepAReport(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.text(phone, "LAPOR sampah menumpuk di pinggir kali")
		w.must(w.Jobs.Drain(t.Context()))
		if len(w.cases()) != 0 {
			t.Fatal("it did not wait")
		}
		w.clock.pass(31 * time.Minute)
		w.must(w.Jobs.Drain(t.Context()))
		if c := w.only(); c.Answers["category"] != "sampah" {
			t.Errorf("%v", c.Answers)
		}
		w.text("0812 0000 0043", "LAPOR jalan berlubang")
		w.text("0812 0000 0043", "LAPOR banjir di Desa Girilangit")
		if len(w.cases()) != 3 {
			t.Errorf("%d cases", len(w.cases()))
		}
		w.clock.pass(31 * time.Minute)
		w.must(w.Jobs.Drain(t.Context()))
		if len(w.cases()) != 3 {
			t.Errorf("%d cases", len(w.cases()))
		}
	})
}

// A gateway that is not sure sends a message again, and long ones in parts and in
// any order: one report.
func TestMessagesComeTwiceAndInParts(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		twice := url.Values{"sender": {phone}, "message": {"LAPOR pohon tumbang di Desa Girilangit"}, "msgid": {"same"}}
		_, first := w.inbound("utama", "a secret of this test", twice)
		status, second := w.inbound("utama", "a secret of this test", twice)
		if code(t, first); status != 200 || second != "" || len(w.cases()) != 1 {
			t.Errorf("%d %q, %d cases", status, second, len(w.cases()))
		}
		if r := w.text(phone, " sejak tadi malam.", "ref", "9", "part", "2", "parts", "2"); r != "" {
			t.Errorf("%q", r)
		}
		code(t, w.text(phone, "LAPOR banjir setinggi lutut di Desa Girilangit", "ref", "9", "part", "1", "parts", "2"))
		if len(w.cases()) != 2 {
			t.Errorf("%d cases", len(w.cases()))
		}
	})
}

// Whoever is not the gateway is told nothing, not even that there is one.
func TestOnlyTheGatewayIsHeard(t *testing.T) {
	w := newTown(t, conf.Place{})
	v := url.Values{"sender": {phone}, "message": {"LAPOR lampu mati di Desa Banyuasri"}, "msgid": {"1"}}
	wrong, one := w.inbound("utama", "another secret", v)
	none, other := w.inbound("kedua", "a secret of this test", v)
	id := regexp.MustCompile(`request:[0-9A-Z]+`)
	if wrong != 404 || none != 404 || id.ReplaceAllString(one, "") != id.ReplaceAllString(other, "") || len(w.cases()) != 0 {
		t.Errorf("%d %s\n%d %s", wrong, one, none, other)
	}
	for _, bad := range []url.Values{{"sender": {"LAYANAN"}, "message": {"x"}, "msgid": {"1"}}, {"sender": {phone}, "message": {"x"}}} {
		if status, _ := w.inbound("utama", "a secret of this test", bad); status != 422 {
			t.Errorf("%v: %d", bad, status)
		}
	}
}

// A number that sends masses is told so once, and then not answered.
func TestMassesFromOneNumber(t *testing.T) {
	w := newTown(t, conf.Place{})
	told, silent := 0, 0
	for range 30 {
		switch r := w.text(phone, "BANTUAN"); {
		case strings.Contains(r, "Terlalu banyak"):
			told++
		case r == "":
			silent++
		}
	}
	if told != 1 || silent != 9 {
		t.Errorf("told %d times, silent %d times", told, silent)
	}
	if r := w.text("0812 0000 0099", "STOP"); !strings.Contains(r, "MULAI") {
		t.Errorf("%q", r)
	}
	if r := w.text("0812 0000 0099", "MULAI"); !strings.Contains(r, "STOP") {
		t.Errorf("%q", r)
	}
	if strings.Contains(w.log.String(), "81200000042") {
		t.Error("a number stands in the log")
	}
}

// Every answer goes into two messages at most, in letters that each telephone has.
func TestAnswersAreShort(t *testing.T) {
	const gsm = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	w := newTown(t, conf.Place{})
	for _, m := range []string{"BANTUAN", "HELP", "LAPOR ada masalah", "bukan desa", "0", "REPORT a broken thing", "0", "0", "LACAK x", "STOP", "MULAI"} {
		r := w.text(phone, m)
		if r == "" || len(r) > 306 || strings.ContainsFunc(r, func(c rune) bool { return !strings.ContainsRune(gsm, c) }) {
			t.Errorf("%q: %d %q", m, len(r), r)
		}
	}
}
