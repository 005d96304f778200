package complaint_test

import (
	"net/http"
	"net/url"

	"pendopo/engine/casework"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// shownInOnePress: the coordinator sends a report on and shows it at once, in the
// words and with the one photo that were looked at. What is flagged, was told
// anonymously or was passed on unshown is not ticked beforehand; what is confidential cannot be.
func (w *town) shownInOnePress(b *browser) {
	w.t.Helper()
	got := w.tells(nil, 2)
	photos := w.files(got.Stream)
	page := "/desk/cases/" + got.Code
	sent := url.Values{"action": {"dispatch"}, "unit-dispatch": {"dishub"}, "of-dispatch-kind": {"pengaduan"}, "of-dispatch-category": {"lampu"},
		"check-clear": {"ok"}, "check-ours": {"ok"}, "check-decent": {"ok"}, "show": {"ya"}, "show-title": {""}, "show-text": {lamp.Text}, "show-photos": photos[1:]}
	b.get(page).is(http.StatusOK).sound("to be shown").says(`name="show" value="ya" checked`).hides(`name="show-photos" value="` + photos[0] + `" checked`)
	b.send(page+"/act", sent).is(http.StatusUnprocessableEntity).says(`href="#show-title"`, `name="show" value="ya" checked`, `name="show-photos" value="`+photos[1]+`" checked`)
	w.browser().get("/reports/" + got.Code).is(http.StatusNotFound)
	before, err := w.Cases.State(w.t.Context(), got.Stream)
	w.must(err)
	sent.Set("show-title", lamp.Title)
	b.send(page+"/act", sent).is(http.StatusSeeOther)
	after, err := w.Cases.State(w.t.Context(), got.Stream)
	w.must(err)
	if n := len(after.Marks); after.Version != before.Version+2 || after.Unit != "dishub" || after.Marks[n-2].Kind != fold.Published || !after.Marks[n-1].At.Equal(after.Marks[n-2].At) {
		w.t.Errorf("not one press: %+v", after.Marks)
	}
	w.browser().get("/reports/"+got.Code).is(http.StatusOK).says(lamp.Title, lamp.Text, "/photos/1").hides("/photos/2", "bunga kantil")

	refused := w.tells(nil, 0)
	page = "/desk/cases/" + refused.Code
	b.get(page).send(page+"/act", url.Values{"action": {"reject"}, "reason-reject": {"not_government"}, "show": {"ya"}, "show-title": {"Tidak jadi"}, "show-text": {"Tidak jadi."}}).is(http.StatusSeeOther)
	w.browser().get("/reports/" + refused.Code).is(http.StatusNotFound)

	secret := w.tells(form.Answers{"confidential": "ya"}, 0)
	b.get("/desk/cases/" + secret.Code).hides(`name="show"`)

	unnamed := w.tells(form.Answers{"anonymous": "ya"}, 0)
	b.get("/desk/cases/" + unnamed.Code).says(`name="show" value="ya"`).hides(`name="show" value="ya" checked`)

	unshown := w.tells(nil, 0)
	w.dispatches(unshown.Stream, "dlh")
	w.officer("bersih", "dlh", "pengelola_pengaduan").get("/desk/cases/" + unshown.Code).says(`name="show" value="ya"`).hides(`name="show" value="ya" checked`)
	w.does(unshown.Stream, at("dlh"), casework.Deed{Action: "answer", Given: form.Answers{"first_answer": "Baik."}})
}
