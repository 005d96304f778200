package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/notify"
	"pendopo/engine/notify/sink"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/test/testkit/pushed"
)

// sent are the messages in the file of a demo's channel.
func sent(t *testing.T, dir string) (list []sink.Line) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, sink.File))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		var l sink.Line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		list = append(list, l)
	}
	return list
}

// TestPeopleAreToldAndTheRecordSaysSo follows an application that comes back: the
// applicant is told twice, the return stands in the record, and whoever saw the
// case before that still acts.
func TestPeopleAreToldAndTheRecordSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx, dir := context.Background(), t.TempDir()
		setup := notify.FileSetup(dir)
		w.must(setup.Offer(w.Instance.Instance.IndexMAC("notices push")))
		w.Notices.Use(setup)
		got, err := w.Cases.Submit(ctx, casework.Submission{Service: "surat-keterangan-domisili", Channel: "portal", Lang: "id", Answers: domicile()})
		w.must(err)
		w.must(w.Jobs.Drain(ctx))
		list := sent(t, dir)
		if len(list) != 1 || list[0].To != "6281200000001" || !strings.Contains(list[0].Text, got.Code) || strings.Contains(list[0].Text, got.Secret) || strings.Contains(list[0].Text, "Sekar") {
			t.Fatalf("after the submission: %+v", list)
		}
		c, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		const endpoint = "https://fcm.googleapis.com/fcm/send/abc"
		w.must(w.Notices.Subscribe(c, pushed.NewBrowser(t).Subscription(endpoint)))
		b, err := w.Cases.Catalogue().At(ctx, c.Definition)
		w.must(err)
		checks := map[string]bool{}
		for i, line := range b.Service.Step("review").Checklist {
			checks[line.ID] = i > 0
		}
		c, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Seen: c.Version, Action: "return", By: c.Holder, Actor: "officer", Checks: checks,
			Defects: []flow.Defect{{ID: b.Service.Step("review").Checklist[0].ID, Words: "Fotonya buram."}}})
		w.must(err)
		w.must(w.Jobs.Drain(ctx))
		list = sent(t, dir)
		if len(list) != 2 || !strings.Contains(list[1].Text, "perlu Anda perbaiki paling lambat") || list[1].To != endpoint || list[1].Subject != "Perlu diperbaiki: "+got.Code {
			t.Fatalf("after the return: %+v", list)
		}
		after, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		if last := after.Marks[len(after.Marks)-1]; last.Kind != fold.Told || after.Version != c.Version+1 {
			t.Fatalf("the record does not say it: %+v", after.Marks)
		}
		// The applicant had opened the page before the record said that they were told.
		_, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Seen: c.Version, Action: "submit", By: fold.Holder{Who: "applicant"}, Answers: domicile()})
		w.must(err)
		w.must(w.Jobs.Drain(ctx))
		w.toldByLetter()
		w.whole()
	})
}

// toldByLetter follows an application of somebody without a telephone: an officer
// reads the address, which the record says, and posts the letter, which it says too.
func (w *town) toldByLetter() {
	w.t.Helper()
	ctx, answers := context.Background(), domicile()
	delete(answers, "phone")
	got, err := w.Cases.Submit(ctx, casework.Submission{Service: "surat-keterangan-domisili", Channel: "counter", Lang: "id", Answers: answers})
	w.must(err)
	c := w.now(got.Stream)
	b, err := w.Cases.Catalogue().At(ctx, c.Definition)
	w.must(err)
	checks := map[string]bool{}
	for i, line := range b.Service.Step("review").Checklist {
		checks[line.ID] = i > 0
	}
	c, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Seen: c.Version, Action: "return", By: c.Holder, Actor: "officer", Checks: checks,
		Defects: []flow.Defect{{ID: b.Service.Step("review").Checklist[0].ID, Words: "Fotonya buram."}}})
	w.must(err)
	w.must(w.Jobs.Drain(ctx))
	waiting, _, _, err := w.Notices.Tray(ctx, c.Unit, time.Time{})
	w.must(err)
	if len(waiting) != 1 || waiting[0].Subject != got.Stream {
		w.t.Fatalf("in the tray: %+v", waiting)
	}
	clerk := notify.Clerk{Officer: "clerk", By: fold.Holder{Who: "role", Role: "petugas_layanan", Unit: c.Unit}}
	sheet, ok, err := w.Notices.Print(ctx, waiting[0].ID, clerk)
	w.must(err)
	if !ok || sheet.To != answers["name"] || len(sheet.Postal) != 2 || !strings.HasPrefix(sheet.Postal[0], answers["street"].(string)+", RT ") || !strings.Contains(sheet.Postal[1], "Kabupaten Banyusekar") {
		w.t.Errorf("on the envelope: %s, %q", sheet.To, sheet.Postal)
	}
	seen, err := w.Cases.Openings(ctx, got.Stream)
	w.must(err)
	if len(seen) == 0 || seen[0].Purpose != casework.PurposeLetter || seen[0].Actor != "clerk" {
		w.t.Errorf("who read the address: %+v", seen)
	}
	w.must(w.Notices.Post(ctx, waiting[0].ID, clerk, notify.Posting{Day: w.Now().In(time.FixedZone("WIB", 7*3600)).Format(time.DateOnly), Number: "RR123456785ID"}))
	w.must(w.Jobs.Drain(ctx))
	w.must(w.Jobs.Drain(ctx))
	if m := w.now(got.Stream).Marks; m[len(m)-1].Kind != fold.Posted || m[len(m)-1].By.Role != "petugas_layanan" || !strings.Contains(w.unsealed(got.Stream), "RR123456785ID") {
		w.t.Errorf("the record of the posting: %+v", m[len(m)-1])
	}
	for _, ev := range w.events(got.Stream) {
		if strings.Contains(string(ev.Clear), "RR123456785ID") {
			w.t.Errorf("the number of registered mail is not sealed: %s", ev.Clear)
		}
	}
}

// TestWhoToldTheSameHearsWhatBecameOfIt: two reports are one; when the work is done
// both reporters hear of it, each under their own code, and what is between the one
// and the office stays there.
func TestWhoToldTheSameHearsWhatBecameOfIt(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx, dir := context.Background(), t.TempDir()
		w.Notices.Use(notify.FileSetup(dir))
		one, two := w.tells(streetLamp("ya", form.Answers{"phone": "+6281200000078", "email": nil})), w.verified("dishub")
		w.must(w.merges(one.Stream, two.Stream))
		w.must(w.Jobs.Drain(ctx))
		before := len(sent(t, dir))
		w.acts(casework.Deed{Stream: two.Stream, Do: flow.DoWrite, Note: "Tiang yang mana?", By: w.now(two.Stream).Holder, Actor: "pengelola"})
		w.must(w.Jobs.Drain(ctx))
		if list := sent(t, dir)[before:]; len(list) != 1 || !strings.Contains(list[0].Text, two.Code) {
			t.Fatalf("a message to the one reporter: %+v", list)
		}
		w.acts(casework.Deed{Stream: two.Stream, Action: "answer", By: w.now(two.Stream).Holder, Actor: "pengelola", Given: form.Answers{"first_answer": "Kamis."}})
		w.acts(casework.Deed{Stream: two.Stream, Action: "finish", By: w.now(two.Stream).Holder, Actor: "pengelola",
			Given: form.Answers{"done": "Diganti.", "proof": []string{w.upload(two.Stream, []byte("foto sesudah"))}}})
		w.must(w.Jobs.Drain(ctx))
		heard := map[string]string{}
		for _, l := range sent(t, dir)[before+1:] {
			heard[l.To] += l.Text
		}
		other := heard["6281200000078"]
		if len(heard) != 2 || !strings.Contains(other, one.Code) || strings.Contains(other, two.Code) {
			t.Fatalf("who heard that the work is done: %v", heard)
		}
	})
}
