package app_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pendopo/engine/casework"
	"pendopo/kernel/conf"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// signboard is an application for a sign on a main road, up to where the
// transport office is asked, with a photo that was really sent.
func (w *town) signboard() (casework.Accepted, string) {
	w.t.Helper()
	d, _, _, err := w.Cases.Begin("izin-reklame", "portal", "id")
	w.must(err)
	photo := w.upload(d.Stream, bytes.Repeat([]byte("tempat"), 90_000))
	counter := []string{form.AtCounter}
	got, err := w.Cases.Submit(context.Background(), casework.Submission{
		Service: "izin-reklame", Channel: "portal", Lang: "id", Draft: d.Stream, Answers: form.Answers{
			"applicant_name": "Sekar Wulandari", "applicant_nik": "3360015704950001", "phone": "+6281200000001", "sign_kind": "baliho",
			"sign_text": "Toko Lurik", "width_cm": int64(400), "height_cm": int64(200), "sides": int64(2), "pole_cm": int64(280), "months": int64(6),
			"region": "33.60.01.1001", "place": "Jalan Diponegoro, depan pasar", "road": "utama", "ownership": "sendiri",
			"ktp": counter, "gambar": counter, "foto_tempat": []string{photo}, "declaration": true,
		},
	})
	w.must(err)
	for _, papers := range []string{"ktp", "gambar"} {
		w.acts(casework.Deed{Stream: got.Stream, Do: "papers", Answers: form.Answers{papers: counter}, By: w.now(got.Stream).Holder, Actor: "mega"})
	}
	w.acts(casework.Deed{Stream: got.Stream, Action: "approve", By: w.now(got.Stream).Holder, Actor: "mega", Checks: all("identity", "drawing", "place", "owner", "statics")})
	for _, b := range w.now(got.Stream).Branches {
		action := map[string]string{"site": "fit", "structure": "safe"}[b.Step]
		w.acts(casework.Deed{Stream: got.Stream, Step: b.Step, Action: action, By: b.Holder, Actor: "tata", Checks: all("zone", "view", "fixed", "statics")})
	}
	return got, photo
}

func all(checks ...string) map[string]bool {
	out := map[string]bool{}
	for _, c := range checks {
		out[c] = true
	}
	return out
}

func (w *town) now(stream string) fold.Case {
	w.t.Helper()
	c, err := w.Cases.State(context.Background(), stream)
	w.must(err)
	return c
}

func (w *town) acts(d casework.Deed) {
	w.t.Helper()
	d.Seen = w.now(d.Stream).Version
	_, err := w.Cases.Act(context.Background(), d)
	w.must(err)
}

// asked is the case by which the transport office was asked.
func (w *town) asked(stream string) fold.Asked {
	w.t.Helper()
	w.must(w.Jobs.Drain(context.Background()))
	c := w.now(stream)
	if len(c.Asked) == 0 {
		w.t.Fatalf("nobody was asked: at %s, %v", c.Step, c.Branches)
	}
	return c.Asked[len(c.Asked)-1]
}

func TestAnotherUnitIsAskedByACaseOfItsOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		w.officer("kadis", "Wira Adiputra", "dishub", "kepala_dishub")
		got, photo := w.signboard()
		asked := w.asked(got.Stream)
		child := w.now(asked.Case)
		if asked.Unit != "dishub" || child.Parent != got.Stream || child.Service != "pertimbangan-lalu-lintas" || child.Step != "judge" || child.Channel != "internal" {
			t.Fatalf("%+v %+v", asked, child)
		}
		if d, ok := child.Deadline(fold.CaseDeadline); !ok || d.Unit != "dishub" || d.Within != "3 working days" {
			t.Errorf("the other case has no clock of its own: %+v", child.Deadlines)
		}
		// What was passed on, and nothing else; the photo under the other case's own key.
		d, err := w.Cases.Open(ctx, child.Stream, casework.Reader{Actor: "lalin", By: child.Holder, Purpose: casework.PurposeHandle})
		w.must(err)
		if d.Answers["place"] != "Jalan Diponegoro, depan pasar" || d.Answers["applicant_nik"] != nil || d.Answers["phone"] != nil {
			t.Errorf("passed on: %v", d.Answers)
		}
		copies, _ := d.Answers["foto_tempat"].([]string)
		if len(copies) != 1 || copies[0] == photo {
			t.Fatalf("the photo: %v", copies)
		}
		key, err := w.Keys.Get(child.Stream)
		w.must(err)
		r, _, err := w.Blobs.Open(ctx, copies[0], key)
		w.must(err)
		if content, err := io.ReadAll(r); err != nil || !bytes.Equal(content, bytes.Repeat([]byte("tempat"), 90_000)) {
			t.Errorf("the photo is another: %d bytes, %v", len(content), err)
		}
		w.must(r.Close())
		openings, err := w.Cases.Openings(ctx, got.Stream)
		w.must(err)
		if !slices.ContainsFunc(openings, func(o casework.Seen) bool { return o.Purpose == casework.PurposeConsult }) {
			t.Errorf("passing on is no opening that the citizen sees: %+v", openings)
		}

		w.acts(casework.Deed{Stream: child.Stream, Action: "safe", By: child.Holder, Actor: "lalin", Checks: all("sight", "signs")})
		w.acts(casework.Deed{Stream: child.Stream, Action: "approve", By: w.now(child.Stream).Holder, Actor: "kadis"})
		w.must(w.Jobs.Drain(ctx))
		parent := w.now(got.Stream)
		if a := parent.Asked[0]; parent.Step != "decide" || a.Outcome != "granted" || a.Number == "" || a.Number != w.now(child.Stream).Number {
			t.Errorf("after the answer: at %s, %+v", parent.Step, a)
		}
		w.sequenced()
		w.whole()
		_, err = w.Rebuild(ctx)
		w.must(err)
		w.whole()
	})
}

func TestAQuestionNobodyWaitsForIsTakenBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		got, _ := w.signboard()
		asked := w.asked(got.Stream)
		w.acts(casework.Deed{Stream: got.Stream, Action: "withdraw", By: fold.Holder{Who: "applicant"}})
		w.must(w.Jobs.Drain(context.Background()))
		child := w.now(asked.Case)
		if child.Outcome != "withdrawn" || w.now(got.Stream).Outcome != "withdrawn" {
			t.Errorf("the question is still open: %+v", child)
		}
		w.sequenced()
		w.whole()
	})
}

// The jobs may run again after a crash: one question, one answer.
func TestAQuestionIsAskedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got, _ := w.signboard()
		asked := w.asked(got.Stream)
		for range 3 {
			w.must(w.Cases.Consult(ctx, got.Stream, "traffic"))
		}
		if n := len(w.now(got.Stream).Asked); n != 1 || w.count("cases") != 2 {
			t.Errorf("%d questions, %d cases", n, w.count("cases"))
		}
		child := w.now(asked.Case)
		w.acts(casework.Deed{Stream: child.Stream, Action: "unsafe", By: child.Holder, Actor: "lalin", Checks: map[string]bool{"sight": false, "signs": true}})
		w.acts(casework.Deed{Stream: child.Stream, Action: "reject", Reason: "unsafe", By: w.now(child.Stream).Holder, Actor: "kadis"})
		version := int64(0)
		for range 3 {
			w.must(w.Cases.Answer(ctx, child.Stream))
			if c := w.now(got.Stream); version == 0 {
				version = c.Version
			} else if c.Version != version {
				t.Error("an answer was taken in twice")
			}
		}
		if c := w.now(got.Stream); c.Step != "decide" || c.Asked[0].Outcome != "rejected" {
			t.Errorf("after a no: at %s, %+v", c.Step, c.Asked)
		}
	})
}

// Nobody comes in by the door between cases.
func TestAServiceForOtherServicesTakesNobodyElse(t *testing.T) {
	w := newTown(t, conf.Place{})
	for _, channel := range []string{"internal", "portal", "api", "counter"} {
		_, err := w.Cases.Submit(t.Context(), casework.Submission{Service: "pertimbangan-lalu-lintas", Channel: channel, Answers: form.Answers{
			"sign_kind": "spanduk", "width_cm": int64(100), "height_cm": int64(100), "pole_cm": int64(100), "region": "33.60.01.1001", "place": "Pasar",
			"foto_tempat": []string{form.AtCounter},
		}})
		if f := fault.Of(err); f == nil || f.Key != "flow.channel_not_open" {
			t.Errorf("%s: %v", channel, err)
		}
	}
}

// TestNobodyButAUnitAsksAnother: what a unit asks another is no service for
// people, and its case is nobody's to follow but through the one that asks.
func TestNobodyButAUnitAsksAnother(t *testing.T) {
	w := newTown(t, conf.Place{})
	for _, channel := range []string{"portal", "counter", "api", "internal "} {
		if _, code, _, err := w.Cases.Begin("pertimbangan-lalu-lintas", channel, "id"); !fault.Is(err, fault.Invalid) || code != "" {
			t.Errorf("%s: a draft was begun: %v", channel, err)
		}
	}
	got, _ := w.signboard()
	code := w.Cases.Code(w.asked(got.Stream).Case)
	if c, err := w.Cases.TrackFrom(context.Background(), code, "192.0.2.7"); !fault.Is(err, fault.Unknown) || c.Stream != "" {
		t.Errorf("followed by its code: %+v, %v", c, err)
	}
}

// Who waits for another office reads which, and by when it must answer.
func TestTheCitizenSeesWhoWasAsked(t *testing.T) {
	w := newTown(t, conf.Place{})
	got, _ := w.signboard()
	asked := w.asked(got.Stream)
	s := w.serve()
	page := w.get(s, "/track/"+got.Code)
	for _, words := range []string{"Dimintai pertimbangan", "Dinas Perhubungan, jawaban paling lambat", "Pertimbangan diminta dari Dinas Perhubungan"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if code := w.Cases.Code(asked.Case); strings.Contains(page, code) {
		t.Error("the code of the other case is given out")
	}
}

// get is a page as text.
func (w *town) get(s *httptest.Server, path string) string {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
	w.must(err)
	r.Header.Set("Accept-Language", "id")
	a, err := http.DefaultClient.Do(r)
	w.must(err)
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	w.must(err)
	return string(body)
}
