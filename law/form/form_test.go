package form_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendopo/government"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/law/rule"
)

// demo is the form of a service of the demo government, with its regions.
func demo(t testing.TB, id string) *form.Form {
	t.Helper()
	g, findings := definition.Read(government.FS)
	if definition.Failed(findings) {
		t.Fatal(findings)
	}
	p, problems := rule.Compile(g.Service(id))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return form.New(g.Service(id), p).With(g.RegionSet())
}

var wib = time.FixedZone("WIB", 7*3600)

// env is an ordinary morning at the portal.
func env() form.Env {
	now := time.Date(2026, 3, 17, 9, 0, 0, 0, wib)
	return form.Env{Today: now, Received: now, Channel: "portal"}
}

// adult is a complete, ordinary application for a certificate of domicile.
func adult() form.Answers {
	return form.Answers{
		"name": "Sari Wulandari", "nik": "3360015703950001", "birth_place": "Banyusekar", "birth_date": "1995-03-17",
		"sex": "perempuan", "phone": "+6281234567890", "region": "33.60.01.1001", "street": "Jalan Kenari 4",
		"rt": int64(2), "rw": int64(5), "lives_since": "2020-01-01", "occupation": "bekerja", "purpose": "bank",
		"surat_pengantar": []string{"upload-0001"}, "ktp": []string{"counter"}, "declaration": true,
	}
}

// faults are the fields and keys of an error, in order of field.
func faults(err error) string {
	f := fault.Of(err)
	if f == nil {
		return ""
	}
	list := f.More
	if len(list) == 0 {
		list = []*fault.Fault{f}
	}
	var out []string
	for _, m := range list {
		out = append(out, m.Field+" "+strings.TrimPrefix(m.Key, "form."))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// with changes answers; a nil value takes one out.
func with(a form.Answers, changes map[string]any) form.Answers {
	out := maps.Clone(a)
	for id, v := range changes {
		if v == nil {
			delete(out, id)
		} else {
			out[id] = v
		}
	}
	return out
}

func TestAnOrdinaryApplicationPasses(t *testing.T) {
	clean, err := demo(t, "surat-keterangan-domisili").Check(adult(), env())
	if err != nil {
		t.Fatal(faults(err))
	}
	if d := cmp.Diff(adult(), clean); d != "" {
		t.Error(d)
	}
}

func TestCheckReportsEveryFaultAtItsField(t *testing.T) {
	f := demo(t, "surat-keterangan-domisili")
	for _, c := range []struct {
		what    string
		changes map[string]any
		want    string
	}{
		{"nothing said", map[string]any{"name": nil, "purpose": nil, "ktp": nil, "declaration": nil}, "declaration declaration, ktp file_missing, name missing, purpose choice_missing"},
		{"a minor without guardian", map[string]any{"birth_date": "2012-01-01"}, "guardian_name missing, guardian_nik missing, guardian_relation choice_missing, kartu_keluarga file_missing"},
		{"a guardian with the minor's own NIK", map[string]any{"birth_date": "2012-01-01", "kartu_keluarga": []string{"upload-0002"}, "guardian_name": "Ibu", "guardian_nik": "3360015703950001", "guardian_relation": "ibu"}, "guardian_nik rule"},
		{"a student without card", map[string]any{"occupation": "pelajar"}, "kartu_pelajar file_missing, school_name missing"},
		{"another purpose", map[string]any{"purpose": "lainnya"}, "purpose_text missing"},
		{"no phone at the portal", map[string]any{"phone": nil}, "phone missing"},
		{"there before being born", map[string]any{"lives_since": "1990-01-01"}, "lives_since rule"},
		{"no birth date", map[string]any{"birth_date": nil}, "birth_date missing"},
		{"tomorrow's child", map[string]any{"birth_date": "2026-03-18"}, "birth_date date_late"},
		{"a village of elsewhere", map[string]any{"region": "33.61.01.1001"}, "region region_unknown"},
		{"a district for a village", map[string]any{"region": "33.60.01"}, "region region_level"},
		{"a word for a number", map[string]any{"rt": "dua"}, "rt number_unreadable"},
		{"a number out of bounds", map[string]any{"rt": int64(100), "rw": int64(0)}, "rt number_large, rw number_small"},
		{"a stranger", map[string]any{"colour": "red"}, "colour unknown_answer"},
		{"too many files", map[string]any{"surat_pengantar": []string{"upload-0001", "upload-0002", "upload-0003"}}, "surat_pengantar files_many"},
		{"the same file twice", map[string]any{"surat_pengantar": []string{"upload-0001", "upload-0001"}}, "surat_pengantar file_unreadable"},
		{"counter among uploads", map[string]any{"surat_pengantar": []string{"upload-0001", "counter"}}, "surat_pengantar file_unreadable"},
		{"declared false", map[string]any{"declaration": false}, "declaration declaration"},
		{"a wrong type", map[string]any{"name": int64(7)}, "name wrong_type"},
	} {
		_, err := f.Check(with(adult(), c.changes), env())
		if got := faults(err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
}

func TestAtTheCounterNoTelephoneIsNeeded(t *testing.T) {
	e := env()
	e.Channel = "counter"
	if _, err := demo(t, "surat-keterangan-domisili").Check(with(adult(), map[string]any{"phone": nil}), e); err != nil {
		t.Error(faults(err))
	}
}

func TestAnswersOfFieldsThatAreNotAskedAreDropped(t *testing.T) {
	f := demo(t, "surat-keterangan-domisili")
	clean, err := f.Check(with(adult(), map[string]any{"school_name": "SMA", "guardian_name": "Ibu", "purpose_text": "untuk apa saja"}), env())
	if err != nil {
		t.Fatal(faults(err))
	}
	for _, id := range []string{"school_name", "guardian_name", "purpose_text"} {
		if _, kept := clean[id]; kept {
			t.Errorf("%s is kept", id)
		}
	}
}

func TestPagesFollowTheAnswers(t *testing.T) {
	f, e := demo(t, "surat-keterangan-domisili"), env()
	e.Answers = with(adult(), map[string]any{"birth_date": "2012-01-01", "occupation": "pelajar"})
	want := "person birth guardian contact address occupation school purpose papers statement"
	if got := strings.Join(f.Pages(e), " "); got != want {
		t.Errorf("got %s", got)
	}
	if f.Shown("ktp", e) || !f.Shown("kartu_keluarga", e) || !f.Required("phone", e) || f.Shown("nothing", e) {
		t.Error("a minor shows the family card and not the identity card")
	}
}

func TestSplitKeepsOnlyPublicAnswersClear(t *testing.T) {
	f := demo(t, "surat-keterangan-domisili")
	clear, sealed := f.Clear(adult()), f.Sealed(adult())
	if d := cmp.Diff(form.Answers{"region": "33.60.01.1001", "purpose": "bank"}, clear); d != "" {
		t.Error(d)
	}
	if len(clear)+len(sealed) != len(adult()) || sealed["nik"] == nil {
		t.Error("answers are lost")
	}
}

func TestPapersForTheCounterArePending(t *testing.T) {
	f := demo(t, "surat-keterangan-domisili")
	if got := f.Pending(adult()); !slices.Equal(got, []string{"ktp"}) {
		t.Error(got)
	}
	if got := f.Uploads(adult()); !slices.Equal(got, []string{"upload-0001"}) {
		t.Error(got)
	}
}

func TestAPageIsReadAsABrowserPostsIt(t *testing.T) {
	f := demo(t, "surat-keterangan-domisili")
	had := form.Answers{"name": "Sari", "birth_date": "1990-01-01"}
	got, err := f.ParsePage("birth", url.Values{
		"birth_place": {"  Banyu\u0301sekar "}, "birth_date-day": {"7"}, "birth_date-month": {"Maret"}, "birth_date-year": {"1995"}, "sex": {"perempuan"},
	}, had, env())
	if err != nil {
		t.Fatal(faults(err))
	}
	want := form.Answers{"name": "Sari", "birth_place": "Bany\u00fasekar", "birth_date": "1995-03-07", "sex": "perempuan"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if had["birth_date"] != "1990-01-01" {
		t.Error("the answers given were changed")
	}
}

func TestAPageReportsEveryFaultOfItsFields(t *testing.T) {
	f := demo(t, "surat-keterangan-domisili")
	_, err := f.ParsePage("birth", url.Values{"birth_place": {"a\x00b"}, "birth_date-day": {"31"}, "birth_date-month": {"2"}, "birth_date-year": {"1995"}}, nil, env())
	if got := faults(err); got != "birth_date date_unreal, birth_place control_characters, sex choice_missing" {
		t.Error(got)
	}
	if _, err := f.ParsePage("nothing", nil, nil, env()); !fault.Is(err, fault.Unknown) {
		t.Error(err)
	}
}

func TestJSONOfAnswersIsStrict(t *testing.T) {
	f := demo(t, "surat-keterangan-domisili")
	for raw, want := range map[string]string{
		`{"nik":"3360015703950001","rt":2,"declaration":true,"ktp":["upload-0001"]}`: "",
		`{"nik":"1","rt":2.5,"sex":"x"}`:                                             "/nik nik_digits, /rt number_unreadable, /sex choice_unknown",
		`{"colour":1,"a/b~":2}`:                                                      "/a~1b~0 unknown_answer, /colour unknown_answer",
		`{"name":"A B","name":"C D"}`:                                                "/name doubled_answer",
		`{"rt":"2x","ktp":[1],"declaration":"yes","birth_date":"1995-02-30"}`:        "/birth_date date_unreal, /declaration wrong_type, /ktp wrong_type, /rt number_unreadable",
		`[]`:                             " not_object",
		`{"name":`:                       " not_json",
		`{"name":"A"} more`:              " not_json",
		``:                               " not_json",
		`{"rt":99999999999999999999999}`: "/rt number_unreadable",
	} {
		_, err := f.ParseJSON([]byte(raw))
		if got := faults(err); got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
	_, err := f.ParseJSON([]byte(`{"` + strings.Repeat(`a":1,"`, 600) + `b":1}`))
	if !fault.Is(err, fault.TooLarge) {
		t.Error(err)
	}
}

func TestNoFaultSaysWhatWasTyped(t *testing.T) {
	f := demo(t, "surat-keterangan-domisili")
	const secret = "sangat-rahasia-3360"
	all := map[string]any{}
	for id := range adult() {
		all[id] = secret
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.ParseJSON(raw)
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Error(err)
	}
	for _, m := range fault.Of(err).More {
		for name, v := range m.Args {
			if s, ok := v.(string); ok && strings.Contains(s, secret) {
				t.Errorf("%s holds it", name)
			}
		}
	}
}

func TestSchemaNamesEveryFieldAndWhatIsAlwaysRequired(t *testing.T) {
	schema := demo(t, "sip-bidan").JSONSchema("id")
	data, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"additionalProperties":false`, `"const":"puskesmas","title":"Puskesmas"`, `"pattern":"^\\d{16}$"`, `"format":"date"`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%s is missing", want)
		}
	}
	required, _ := schema["required"].([]string)
	if slices.Contains(required, "str_until") || !slices.Contains(required, "rekomendasi_ibi") || len(schema["properties"].(map[string]any)) != 25 {
		t.Errorf("required %v", required)
	}
}

func TestAnswersKeptAsJSONComeBackEvenWhenTheirRegionIsGone(t *testing.T) {
	f := demo(t, "surat-keterangan-domisili")
	raw, err := json.Marshal(adult())
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]any
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(adult(), f.With(definition.RegionSet{}).Stored(kept)); d != "" {
		t.Error(d)
	}
	clean, err := f.Check(kept, env())
	if err != nil {
		t.Fatal(faults(err))
	}
	if d := cmp.Diff(adult(), clean); d != "" {
		t.Error(d)
	}
	e := env()
	e.Answers = kept
	if !f.Shown("ktp", e) || len(f.Pending(kept)) != 1 {
		t.Error("answers kept as JSON are read differently")
	}
}
