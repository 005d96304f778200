package caseview_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/law/rule"
	"pendopo/web/scope"
)

// destination is a service that asks where somebody moves to, and its form.
func destination(t *testing.T) (*form.Form, definition.Field) {
	t.Helper()
	f := definition.Field{ID: "to", Kind: definition.KindRegion, Level: "village", Scope: "nation", Label: definition.Text{"id": "Pindah ke"}, Personal: true}
	s := &definition.Service{ID: "pindah", Form: definition.Form{Pages: []definition.Page{{ID: "where", Fields: []definition.Field{f}}}}}
	p, problems := rule.Compile(s)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return form.New(s, p), f
}

// A place is chosen level by level by posting the page, as without scripts: at
// each step what was typed shows the next list, and the answer counts only when
// it lies in what was chosen above it.
func TestAPlaceAnywhereIsChosenFromTheProvinceDown(t *testing.T) {
	words, _ := demo(t, "surat-keterangan-domisili")
	f, d := destination(t)
	ctx := templ.InitializeContext(scope.With(t.Context(), &scope.Scope{Words: words.Printer}))
	show := func(typed url.Values, answers form.Answers) string {
		var b bytes.Buffer
		if err := (caseview.Fields{Words: words, Form: f, Typed: typed, Answers: answers}).Show(d).Render(ctx, &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for _, c := range []struct {
		typed       url.Values
		has, lacks  []string
		answer, key string
	}{
		{url.Values{}, []string{`name="to-province"`, "Jawa Tengah", `name="_pick" value="to"`}, []string{`name="to-regency"`, `name="to"`}, "", "form.choice_missing"},
		{url.Values{"to-province": {"33"}}, []string{`value="33" selected`, `name="to-regency"`, "Kota Semarang"}, []string{`name="to-district"`, "Merauke"}, "", "form.choice_missing"},
		{url.Values{"to-province": {"33"}, "to-regency": {"33.74"}, "to-district": {"33.74.01"}}, []string{`name="to"`, "Miroto"}, []string{`name="_pick" value="to">Tampilkan`}, "", "form.choice_missing"},
		{url.Values{"to-province": {"33"}, "to-regency": {"33.74"}, "to-district": {"33.74.01"}, "to": {"33.74.01.1001"}}, []string{`value="33.74.01.1001" selected`}, nil, "33.74.01.1001", ""},
		{url.Values{"to-province": {"34"}, "to-regency": {"33.74"}, "to-district": {"33.74.01"}, "to": {"33.74.01.1001"}}, []string{"Kabupaten Sleman"}, []string{"Kota Semarang", "Miroto"}, "", "form.choice_missing"},
		{url.Values{"to-find": {"miroto"}}, []string{`value="33.74.01.1001"`, "Miroto, Semarang Tengah, Kota Semarang, Jawa Tengah"}, []string{`name="to-province"`}, "", "form.choice_missing"},
		{url.Values{"to-find": {"qqqq"}}, []string{"Tidak ada yang cocok", `name="to-province"`}, nil, "", "form.choice_missing"},
		{url.Values{"to-find": {"miroto"}, "to": {"33.74.01.1001"}}, []string{`value="33.74.01.1001" checked`}, nil, "33.74.01.1001", ""},
	} {
		page := show(c.typed, nil)
		for _, x := range c.has {
			if !strings.Contains(page, x) {
				t.Errorf("%v: lacks %s", c.typed, x)
			}
		}
		for _, x := range c.lacks {
			if strings.Contains(page, x) {
				t.Errorf("%v: has %s", c.typed, x)
			}
		}
		got, err := f.ParsePage("where", c.typed, nil, form.Env{})
		if answer, _ := got["to"].(string); answer != c.answer || (err == nil) != (c.key == "") || err != nil && !strings.Contains(err.Error(), c.key) {
			t.Errorf("%v: %q, %v", c.typed, answer, err)
		}
	}
	if page := show(nil, form.Answers{"to": "33.74.01.1001"}); strings.Count(page, "selected") != 4 {
		t.Errorf("what was answered is not chosen on every level: %s", page)
	}
}
