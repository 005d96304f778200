package portal_test

import (
	"context"
	"strings"
	"testing"

	"pendopo/engine/casework"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// TestTheApplicantSeesWhichPapersAreStillAwaited before and after one of them
// was looked at at the counter.
func TestTheApplicantSeesWhichPapersAreStillAwaited(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/")
	b.apply()
	b.send("/draft/" + b.code() + "/submit").at("/receipt").says("Lacak di http://localhost:8080/track/" + b.code())
	code := b.code()
	stranger := w.browser()
	stranger.get("/track/"+code).says("Kami menunggu berkas di loket", "Yang belum kami terima: KTP.", "Kelurahan Sekararum")

	c, err := w.Cases.Track(context.Background(), code)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Cases.Act(context.Background(), casework.Deed{Stream: c.Stream, Seen: c.Version, Do: flow.DoPapers, Actor: "officer/test",
		By: fold.Holder{Who: "role", Role: "sekretaris_kelurahan", Unit: c.Unit}, Answers: form.Answers{"ktp": []string{form.AtCounter}}})
	if err != nil {
		t.Fatal(err)
	}
	stranger.get("/track/"+code).says("Berkas diterima di loket", "Tidak ada yang perlu Anda lakukan sekarang")
	if strings.Contains(stranger.body, "Kami menunggu berkas") {
		t.Error("a paper that came is still asked for")
	}
	b.get("/track/" + code).says("Sudah diperiksa di loket")
}
