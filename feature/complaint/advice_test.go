package complaint_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pendopo/engine/attachment"
	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/feature/complaint/advice"
	"pendopo/kernel/page"
	"pendopo/law/flow"
	"pendopo/law/form"
	"pendopo/web"
	"pendopo/web/scope"
)

// adviser is one of the town, beside the one that its doors ask.
func (w *town) adviser() *advice.Adviser {
	return advice.New(advice.Deps{Cases: w.Cases, Files: attachment.New(w.Keys, w.Blobs), Instance: w.Instance.Instance, Reports: w.Reports(), Log: slog.New(slog.DiscardHandler), Now: w.Now})
}

// advised asks about a report as a page of the desk does, and gives the panel's
// words too.
func (w *town) advised(a *advice.Adviser, stream string) (got caseview.Advice, panel string) {
	w.t.Helper()
	ctx := context.Background()
	c, err := w.Cases.State(ctx, stream)
	w.must(err)
	answers, _, err := w.Cases.Own(ctx, stream)
	w.must(err)
	site, err := page.New(page.Options{Texts: web.Locale(), Key: make([]byte, 32), Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	var out bytes.Buffer
	door := site.Handler(page.Route{Pattern: "GET /advice", Do: func(_ http.ResponseWriter, r *http.Request) (err error) {
		if got, err = a.Advise(r.Context(), c, answers); err != nil || got.Show == nil {
			return err
		}
		return got.Show.Render(scope.With(r.Context(), &scope.Scope{Words: page.Words(r.Context())}), &out)
	}})
	door.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/advice", nil))
	return got, out.String()
}

// closes takes a report through its life: shown, handled by a unit, solved.
func (w *town) closes(got casework.Accepted, unit string, words flow.Words) {
	w.t.Helper()
	w.shows(got.Stream, words)
	w.dispatches(got.Stream, unit)
	w.does(got.Stream, at(unit), casework.Deed{Action: "answer", Given: form.Answers{"first_answer": "Kami kerjakan."}})
	w.does(got.Stream, at(unit), casework.Deed{Action: "finish", Given: form.Answers{"done": "Sudah selesai.", "proof": w.files(got.Stream)}})
	w.does(got.Stream, reporter, casework.Deed{Action: "solved"})
}

// TestAnOfficerIsToldWhatSpeaksForWhat: the unit by words, category and place; the
// report of the same lamp, and not the one of another lamp streets away.
func TestAnOfficerIsToldWhatSpeaksForWhat(t *testing.T) {
	onBoth(t, func(w *town) {
		first := w.tells(nil, 1)
		far := w.tells(form.Answers{"point": "-7.06000,110.90700", "what": "Lampu taman mati di alun-alun."}, 0)
		same := w.tells(form.Answers{"what": "PJU padam di tikungan sejak Jumat, gelap sekali kalau malam. WA saya 0812-0000-0042", "point": "-7.05010,110.90005"}, 1)
		rubbish := w.tells(form.Answers{"category": "lain", "what": "Sampah menumpuk di TPS, bau, tidak diangkut dua minggu.", "point": "-7.09000,110.92000", "region": "33.60.01.2004"}, 0)
		a := w.adviser()
		before, _ := w.advised(a, same.Stream)
		n, err := a.SketchAll(context.Background())
		w.must(err)
		if again, err := a.SketchAll(context.Background()); n != 4 || again != 0 || err != nil {
			w.t.Errorf("%d and then %d sketches, %v", n, again, err)
		}
		got, panel := w.advised(a, same.Stream)
		if len(got.Units) == 0 || got.Units[0] != "dishub" || !slices.Contains(sameCodes(got), first.Code) || slices.Contains(sameCodes(got), far.Code) || slices.Contains(sameCodes(got), same.Code) {
			w.t.Errorf("%v, %+v", got.Units, got.Same)
		}
		if slices.Contains(sameCodes(before), far.Code) {
			w.t.Errorf("before there are sketches: %+v", before.Same)
		}
		for _, words := range []string{"advice.", "0812", "bunga kantil", "Wulandari"} {
			if strings.Contains(panel, words) {
				w.t.Errorf("the panel says %q: %s", words, panel)
			}
		}
		got, _ = w.advised(a, rubbish.Stream)
		if got.Picks["category"] != "sampah" || len(got.Units) == 0 || got.Units[0] != "dlh" || len(got.Same) != 0 {
			w.t.Errorf("rubbish under another category: %+v", got)
		}
		w.proposed(a, same.Stream)
	})
}

func sameCodes(a caseview.Advice) (out []string) {
	for _, s := range a.Same {
		out = append(out, s.Code)
	}
	return out
}

// proposed looks at the words for everybody: without the number, with a title.
func (w *town) proposed(a *advice.Adviser, stream string) {
	w.t.Helper()
	ctx := context.Background()
	c, err := w.Cases.State(ctx, stream)
	w.must(err)
	answers, _, err := w.Cases.Own(ctx, stream)
	w.must(err)
	title, text, err := a.Redact(ctx, c, answers)
	if err != nil || title == "" || strings.Contains(text, "0042") || !strings.Contains(text, "PJU padam di tikungan") {
		w.t.Errorf("%q, %q, %v", title, text, err)
	}
}

// TestOnlyWhatIsClosedAndShownIsLearned: what units have solved says who is right
// for the next one; what nobody may read teaches nothing.
func TestOnlyWhatIsClosedAndShownIsLearned(t *testing.T) {
	onBoth(t, func(w *town) {
		for i, s := range []string{"Odong-odong mangkal di gerbang", "Odong-odong berhenti sembarangan", "Odong-odong menghalangi gerbang taman"} {
			got := w.tells(form.Answers{"category": "lain", "what": s, "point": fmt.Sprintf("-7.0%d000,110.92000", i+3)}, 1)
			w.closes(got, "satpol-pp", flow.Words{Title: s, Text: s + ", mohon ditertibkan."})
			if i == 2 {
				w.does(got.Stream, coordinator, casework.Deed{Do: flow.DoHide, Reason: "mistaken"})
			}
		}
		secret := w.tells(form.Answers{"category": "lain", "what": "Karnaval jaranan tanpa izin"}, 1)
		w.dispatches(secret.Stream, "satpol-pp")
		fresh := w.tells(form.Answers{"category": "lain", "what": "Ada odong-odong lagi pagi ini"}, 0)
		got, panel := w.advised(w.adviser(), fresh.Stream)
		if len(got.Units) == 0 || got.Units[0] != "satpol-pp" || !strings.Contains(panel, "odong") {
			w.t.Errorf("%v: %s", got.Units, panel)
		}
		jaranan := w.tells(form.Answers{"category": "lain", "what": "Ini tentang jaranan itu"}, 0)
		if got, panel := w.advised(w.adviser(), jaranan.Stream); len(got.Units) > 0 && got.Units[0] == "satpol-pp" || strings.Contains(panel, "Lampu jalan") {
			w.t.Errorf("learned from what nobody may read: %v %s", got.Units, panel)
		}
	})
}

// TestASketchGoesWithItsReport: when a report is destroyed, nothing is left to
// compare it by.
func TestASketchGoesWithItsReport(t *testing.T) {
	onBoth(t, func(w *town) {
		got := w.tells(nil, 1)
		w.closes(got, "dishub", lamp)
		_, err := w.adviser().SketchAll(context.Background())
		w.must(err)
		if s, err := w.Reports().Sketches(context.Background(), []string{got.Stream}); err != nil || len(s) != 1 {
			w.t.Fatal(s, err)
		}
		w.must(w.Shred(context.Background(), got.Stream, "test", ""))
		if s, err := w.Reports().Sketches(context.Background(), []string{got.Stream}); err != nil || len(s) != 0 {
			w.t.Errorf("%d sketches are left, %v", len(s), err)
		}
	})
}
