package complaint_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/form"
)

// lamp is what an officer made public of a report.
var lamp = flow.Words{Title: "Lampu jalan padam di tikungan pasar", Text: "Tiga lampu padam sejak Jumat."}

// everywhere are the addresses that tell of reports without naming one.
func everywhere() []string {
	return []string{"/", "/reports", "/reports?view=map", "/reports?q=lampu", "/reports?category=lampu", "/reports?area=33.60.01", "/reports?state=waiting", "/reports/statistics", "/reports/statistics.csv",
		"/reports/feed.atom", "/reports/feed.atom?category=lampu", "/reports/feed.atom?area=33.60.01.1001"}
}

// unseen asks every address for a report that is not shown: nobody finds it.
func (w *town) unseen(where string, got casework.Accepted) {
	w.t.Helper()
	for _, path := range everywhere() {
		b := w.browser().get(path).is(http.StatusOK)
		b.hides(got.Code, "bunga kantil", "Wulandari", "81200000001", lamp.Title, lamp.Text)
		if b.w.t.Failed() {
			w.t.Fatalf("%s: %s tells of it", where, path)
		}
	}
	for _, path := range []string{"/reports/" + got.Code, "/reports/" + got.Code + "/photos/1", "/reports/feed.atom?code=" + got.Code} {
		known := w.browser().get(path).is(http.StatusNotFound)
		other := w.browser().get(strings.Replace(path, got.Code, "00000-00000-0", 1)).is(http.StatusNotFound)
		if len(known.body) != len(other.body) {
			w.t.Errorf("%s: %s answers otherwise than for a report that never was", where, path)
		}
	}
}

// TestPrivateUntilAnOfficerHasLooked walks a report through every state without
// showing it, then shows and hides it.
func TestPrivateUntilAnOfficerHasLooked(t *testing.T) {
	onBoth(t, func(w *town) {
		got := w.tells(nil, 1)
		w.unseen("just told", got)
		w.dispatches(got.Stream, "dishub")
		w.unseen("sent", got)
		w.does(got.Stream, at("dishub"), casework.Deed{Action: "answer", Given: form.Answers{"first_answer": "Petugas datang besok."}})
		w.unseen("answered first", got)
		w.does(got.Stream, at("dishub"), casework.Deed{Action: "finish", Given: form.Answers{"done": "Lampu diganti.", "proof": w.files(got.Stream)}})
		w.unseen("done", got)
		w.does(got.Stream, reporter, casework.Deed{Action: "not_solved", Note: "Masih padam."})
		w.unseen("reopened", got)

		other := w.tells(nil, 2)
		w.shows(other.Stream, lamp, w.files(other.Stream)[:1]...)
		w.seen(other)
		w.does(other.Stream, coordinator, casework.Deed{Do: flow.DoHide, Reason: "personal_data"})
		w.unseen("hidden", other)
		w.shows(other.Stream, lamp)
		w.must(w.VerifyRows(context.Background(), func(words string) { w.t.Error(words) }))
		n, err := w.Rebuild(context.Background())
		if err != nil || n != 2 {
			w.t.Fatal(n, err)
		}
		w.must(w.VerifyRows(context.Background(), func(words string) { w.t.Error("after a rebuild: " + words) }))
		w.browser().get("/reports/"+other.Code).is(http.StatusOK).says(lamp.Title, lamp.Text)
	})
}

// seen asks the addresses of a shown report: they tell the officer's words and
// picture, and never the reporter's own.
func (w *town) seen(got casework.Accepted) {
	w.t.Helper()
	for _, path := range []string{"/reports", "/reports?q=tikungannya+lampu", "/reports?category=lampu", "/reports?area=33.60.01", "/reports/feed.atom", "/reports/feed.atom?category=lampu", "/reports/" + got.Code, "/reports/feed.atom?code=" + got.Code} {
		w.browser().get(path).is(http.StatusOK).says(lamp.Title, got.Code).hides("bunga kantil", "Wulandari", "81200000001")
	}
	for _, path := range []string{"/reports", "/reports?view=map", "/reports/statistics", "/reports/" + got.Code} {
		w.browser().get(path).is(http.StatusOK).sound(path)
	}
	w.browser().get("/reports?view=map").says("/reports/" + got.Code)
	w.browser().get("/reports/"+got.Code).says(lamp.Text, "/photos/1").hides("/photos/2")
	b := w.browser().get("/reports/" + got.Code + "/photos/1").is(http.StatusOK)
	if b.header.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(b.body, "\xff\xd8") {
		w.t.Errorf("the photo is %q", b.header.Get("Content-Type"))
	}
	w.browser().get("/reports/" + got.Code + "/photos/2").is(http.StatusNotFound)
	for _, id := range w.files(got.Stream) {
		if strings.Contains(b.header.Get("Etag"), id) {
			w.t.Errorf("the tag of a photo is what it is kept under")
		}
	}
	b.asked.Set("If-None-Match", b.header.Get("Etag"))
	b.get("/reports/" + got.Code + "/photos/1").is(http.StatusNotModified)
}

// TestAShreddedReportIsGone, with its photo and its words.
func TestAShreddedReportIsGone(t *testing.T) {
	onBoth(t, func(w *town) {
		got := w.tells(nil, 1)
		w.shows(got.Stream, lamp, w.files(got.Stream)...)
		w.does(got.Stream, reporter, casework.Deed{Action: "withdraw"})
		w.unseen("taken back", got)
		w.must(w.VerifyRows(context.Background(), func(words string) { w.t.Error(words) }))
		_, err := w.Rebuild(context.Background())
		w.must(err)
		w.unseen("taken back, after a rebuild", got)
		c, err := w.Cases.State(context.Background(), got.Stream)
		w.must(err)
		_, err = w.Cases.Act(context.Background(), casework.Deed{Stream: got.Stream, Seen: c.Version, Do: flow.DoPublish, Public: &lamp, By: coordinator, Actor: "somebody",
			Once: casework.Once{Scope: "test", Key: strings.Repeat("w", 30), Request: []byte("x")}})
		if f := fault.Of(err); f == nil || f.Key != "flow.public_withdrawn" {
			w.t.Errorf("shown again: %v", err)
		}
		w.must(w.Shred(context.Background(), got.Stream, "retention", "somebody"))
		w.unseen("shredded", got)
		w.must(w.VerifyRows(context.Background(), func(words string) { w.t.Error(words) }))
	})
}

// TestABrowserSupportsOnce, without an account and without a trace of who it was.
func TestABrowserSupportsOnce(t *testing.T) {
	onBoth(t, func(w *town) {
		got := w.tells(nil, 0)
		w.shows(got.Stream, lamp)
		b := w.browser().get("/reports/" + got.Code)
		action := "/reports/" + got.Code + "/support"
		b.send(action, nil).is(http.StatusSeeOther)
		b.get("/reports/"+got.Code).says("Anda tercatat", "1 warga").hides(action)
		other := w.browser().get("/reports/" + got.Code)
		page := other.body
		other.send(action, nil).is(http.StatusSeeOther)
		other.body = page // the form from before once more
		other.send(action, nil).is(http.StatusSeeOther)
		forged := w.browser()
		forged.cookies["browser"] = &http.Cookie{Name: "browser", Value: strings.Repeat("A", 43)}
		forged.get("/reports/" + got.Code).hides("Anda tercatat")
		r, err := w.Reports().Stream(context.Background(), got.Stream)
		if err != nil || r.Supports != 2 {
			t.Errorf("%d supports, %v", r.Supports, err)
		}
		w.must(w.VerifyRows(context.Background(), func(words string) { w.t.Error(words) }))
		w.does(got.Stream, reporter, casework.Deed{Action: "withdraw"})
		again := w.browser()
		again.get("/reports/" + got.Code).hides(action)
	})
}

// TestAConfidentialReportIsNeverShown, not even by an officer who tries.
func TestAConfidentialReportIsNeverShown(t *testing.T) {
	onBoth(t, func(w *town) {
		got := w.tells(form.Answers{"confidential": "ya"}, 1)
		c, err := w.Cases.State(t.Context(), got.Stream)
		w.must(err)
		_, err = w.Cases.Act(t.Context(), casework.Deed{Stream: got.Stream, Seen: c.Version, Do: flow.DoPublish, Public: &lamp, By: coordinator, Actor: "somebody",
			Once: casework.Once{Scope: "test", Key: strings.Repeat("c", 30), Request: []byte("x")}})
		if err == nil {
			t.Error("it was published")
		}
		w.unseen("confidential", got)
		w.dispatches(got.Stream, "dishub")
		w.unseen("confidential and sent", got)
	})
}
