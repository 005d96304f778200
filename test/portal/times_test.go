package portal_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/test/testkit"
)

const certificate = "surat-keterangan-domisili"

// granted takes one person's application to its end; the letter is there twenty
// seconds after it came.
func (w *town) granted(n int) {
	w.t.Helper()
	ctx := context.Background()
	got, err := w.Cases.Submit(ctx, casework.Submission{Service: certificate, Channel: "portal", Answers: form.Answers{
		"name": "Orang Rekaan", "nik": fmt.Sprintf("33600157049500%02d", n), "birth_place": "Kawungraya", "birth_date": "1995-04-17",
		"sex": "perempuan", "phone": "+6281200000001", "region": "33.60.01.1001", "street": "Jalan Melati 4", "rt": int64(2),
		"rw": int64(5), "lives_since": "2020-01-01", "occupation": "bekerja", "purpose": "bank",
		"surat_pengantar": []string{form.AtCounter}, "ktp": []string{form.AtCounter}, "declaration": true,
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.deed(got.Code, "petugas_layanan", casework.Deed{Action: "approve"})
	w.deed(got.Code, "lurah", casework.Deed{Action: "approve"})
	if err := w.Jobs.Drain(ctx); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Action: "received", By: fold.Holder{Who: "applicant"}}); err != nil {
		w.t.Fatal(err)
	}
}

// TestAServiceSaysHowLongItReallyTook from five answered cases on, to people and
// to programs alike; of four nothing is said.
func TestAServiceSaysHowLongItReallyTook(t *testing.T) {
	w := newTown(t)
	w.officer("petugas", "kel-sekararum", "petugas_layanan")
	w.officer("lurah", "kel-sekararum", "lurah")
	b := w.browser()
	for n := range 5 {
		if b.get("/services/" + certificate); strings.Contains(b.body, "Kenyataannya") {
			t.Fatalf("the times of %d cases are told", n)
		}
		w.granted(n + 1)
		w.clock.pass(2 * time.Hour) // what was worked out an hour ago is worked out anew
	}
	testkit.Eventually(t, "the page says how long it took", func() bool {
		return strings.Contains(b.get("/services/"+certificate).page().Text(),
			"Kenyataannya: dari 5 permohonan yang sudah selesai, separuhnya selesai dalam 1 menit, sembilan dari sepuluh dalam 1 menit.")
	})
	resp, err := http.Get(w.url + "/api/v1/services/" + certificate)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if want := `"took":{"answers":5,"median_hours":0,"p90_hours":0}`; err != nil || !strings.Contains(string(text), want) {
		t.Errorf("a program is not told %s: %s", want, text)
	}
}
