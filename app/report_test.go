package app_test

import (
	"context"
	"testing"

	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// story is one thing that happens in a town where others happen too.
type story struct {
	name string
	run  func(*testing.T, *town)
}

// inOneTown tells stories one after the other in one town for each database:
// making a town costs more than most of what happens in it.
func inOneTown(t *testing.T, stories ...story) {
	onBoth(t, func(t *testing.T, w *town) {
		for _, s := range stories {
			t.Run(s.name, func(t *testing.T) {
				here := *w
				here.t = t
				s.run(t, &here)
				here.sequenced()
				here.whole()
			})
		}
	})
}

// What a reporter tells of themself, and where it must not be.
const (
	reporterName  = "Wulan Anggraeni"
	reporterPhone = "+6281200000077"
	reporterEmail = "wulan@banyusekar.example"
)

// streetLamp is a report of a lamp that does not burn.
func streetLamp(anonymous string, changes form.Answers) form.Answers {
	a := form.Answers{
		"kind": "pengaduan", "category": "lampu", "what": "Lampu jalan di depan pasar mati sejak tiga malam yang lalu.",
		"region": "33.60.01.1001", "place_words": "Depan pasar", "anonymous": anonymous, "confidential": "tidak",
		"name": reporterName, "phone": reporterPhone, "email": reporterEmail,
	}
	for id, v := range changes {
		if a[id] = v; v == nil {
			delete(a, id)
		}
	}
	return a
}

// tells sends a report.
func (w *town) tells(a form.Answers) casework.Accepted {
	w.t.Helper()
	got, err := w.Cases.Submit(context.Background(), casework.Submission{Service: "pengaduan", Channel: "portal", Lang: "id", Answers: a})
	w.must(err)
	return got
}

// verified is a report that the coordinator has sent to a unit.
func (w *town) verified(unit string) casework.Accepted {
	w.t.Helper()
	got := w.tells(streetLamp("ya", nil))
	w.dispatched(got.Stream, unit)
	return got
}

func (w *town) dispatched(stream, unit string) {
	w.t.Helper()
	w.acts(casework.Deed{Stream: stream, Action: "dispatch", Unit: unit, By: w.now(stream).Holder, Actor: "koordinator",
		Checks: all("clear", "ours", "decent"), Given: form.Answers{"kind": "pengaduan", "category": "lampu"}})
}

// order asks a unit to send somebody there, and gives the question.
func (w *town) order(stream, unit string) fold.Asked {
	w.t.Helper()
	w.acts(casework.Deed{Stream: stream, Action: "order", Unit: unit, By: w.now(stream).Holder, Actor: "pengelola",
		Given: form.Answers{"order_words": "Ganti lampunya"}})
	asked := w.now(stream).Asked
	return asked[len(asked)-1]
}

// assign gives an officer one more post.
func (w *town) assign(officer, unit, role string) {
	w.t.Helper()
	_, err := w.Identity.Assign(context.Background(), officer, identity.Assignment{Unit: unit, Role: role, From: "2026-01-01", Kind: identity.Definitive}, "", "")
	w.must(err)
}

func applicant() fold.Holder { return fold.Holder{Who: "applicant"} }
