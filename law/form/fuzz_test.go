package form_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pendopo/law/form"
)

// FuzzPostedPage: a post never panics, and what it yields survives being stored
// as JSON and read again.
func FuzzPostedPage(f *testing.F) {
	frm := demo(f, "surat-keterangan-domisili")
	f.Add("person", "name=Sari&nik=3360015703950001")
	f.Add("birth", "birth_date-day=31&birth_date-month=2&birth_date-year=1995&sex=x&birth_place=%00")
	f.Add("address", "region=33.60.01.1001&rt=1.000&rw=-1&lives_since-day=1")
	f.Add("papers", "ktp=counter&ktp=upload-0001&surat_pengantar=upload-0001")
	f.Fuzz(func(t *testing.T, page, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		got, _ := frm.ParsePage(page, values, form.Answers{"birth_date": "1995-03-17", "purpose": "bank", "occupation": "bekerja"}, env())
		raw, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		again, err := frm.ParseJSON(raw)
		if err != nil {
			t.Fatal(err, string(raw))
		}
		if d := cmp.Diff(got, again); d != "" {
			t.Fatal(d)
		}
	})
}

// TestCheckingTwiceIsCheckingOnce: over random changes of a good application,
// the clean answers are clean, and a form that passes passes again unchanged.
func TestCheckingTwiceIsCheckingOnce(t *testing.T) {
	frm := demo(t, "surat-keterangan-domisili")
	ids := []string{"birth_date", "occupation", "purpose", "phone", "ktp", "kartu_keluarga", "guardian_name", "school_name", "region", "rt", "colour"}
	values := []any{nil, "2012-01-01", "1990-05-05", "pelajar", "bekerja", "lainnya", "bank", "+6281234567890", "Ibu Sari", []string{"upload-0009"}, int64(3), "33.60.02.2001"}
	rapid.Check(t, func(t *rapid.T) {
		changes := map[string]any{}
		for range rapid.IntRange(0, 5).Draw(t, "changes") {
			changes[rapid.SampledFrom(ids).Draw(t, "id")] = rapid.SampledFrom(values).Draw(t, "value")
		}
		clean, err := frm.Check(with(adult(), changes), env())
		again, err2 := frm.Check(clean, env())
		if d := cmp.Diff(clean, again); d != "" {
			t.Fatal(d)
		}
		if err == nil && err2 != nil {
			t.Fatal(faults(err2))
		}
		e := env()
		e.Answers = clean
		for id := range clean {
			if !frm.Shown(id, e) {
				t.Fatalf("%s is kept and not asked", id)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	frm, a := demo(b, "surat-keterangan-domisili"), adult()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := frm.Check(a, env()); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzPostedReport: likewise for places on the map, addresses and voices, and for
// what an officer types beside them.
func FuzzPostedReport(f *testing.F) {
	frm := demo(f, "pengaduan")
	f.Add("place", "point=-7.05123%2C110.91234&region=33.60.01.1001&place_words=x")
	f.Add("contact", "name=Sari&phone=0812&email=sari%40contoh.id")
	f.Add("photos", "photos=upload-0001&voice=upload-0002&voice=counter")
	f.Add("what", "what=jalan+berlubang&kind=pengaduan&category=jalan&when-day=1")
	f.Add("finish", "done=x&proof=upload-0001")
	f.Fuzz(func(t *testing.T, page, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		e := env()
		e.Answers = handled()
		for _, one := range []*form.Form{frm, frm.Action("handle", "finish")} {
			got, _ := one.ParsePage(page, values, form.Answers{}, e)
			raw, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			again, err := one.ParseJSON(raw)
			if err != nil {
				t.Fatal(err, string(raw))
			}
			if d := cmp.Diff(got, again); d != "" && len(got) > 0 {
				t.Fatal(d)
			}
		}
	})
}
