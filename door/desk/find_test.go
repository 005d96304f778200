package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Somebody stands at the counter without a slip. Whatever is known finds the
// case, in old spelling and with a typo; nothing of a person is on the list; and
// every finding is on record before it is shown.
func TestFindingSomebodyWithoutACode(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.officer("sari", sekararum+"/petugas_layanan")
		w.officer("kardi", kauman+"/petugas_layanan")
		got := w.applies("find")
		w.must(w.Jobs.Drain(context.Background()))
		b, other := w.as("sari"), w.as("kardi")
		for _, known := range []url.Values{
			{"name": {"sekar wulandari"}}, {"name": {"Soelandono Wulandari"}}, {"name": {"Woelandari"}}, {"name": {"Sekkar"}},
			{"nik": {"3360 0157 0495 0001"}}, {"phone": {"0812-0000-0001"}},
			{"birth_date-day": {"17"}, "birth_date-month": {"4"}, "birth_date-year": {"1995"}},
			{"name": {"Wulandari"}, "phone": {"+62 812 0000 0001"}, "nik": {"3360015704950001"}},
		} {
			known.Set("purpose", "find")
			want := known.Get("name") != "Soelandono Wulandari" // nobody of that name
			b.get("/desk/find").send("/desk/find/person", known).is(http.StatusOK)
			if found := strings.Contains(b.body, got.Code); found != want {
				t.Errorf("%v finds: %v", known, found)
			}
			b.hides("Sekar Wulandari", "Jalan Melati")
			if other.get("/desk/find").send("/desk/find/person", known).is(http.StatusOK); strings.Contains(other.body, got.Code) {
				t.Errorf("%v finds it at another unit", known)
			}
		}
		b.get("/desk/find").send("/desk/find/person", url.Values{"name": {"Sekar"}, "birth_date-day": {"1"}, "birth_date-month": {"4"}, "birth_date-year": {"1995"}, "purpose": {"find"}}).
			is(http.StatusOK).shows("Tidak ada permohonan yang cocok")
		seen, err := w.Cases.Openings(context.Background(), got.Stream)
		w.must(err)
		if len(seen) != 1 || seen[0].Purpose != "find" || seen[0].Actor != w.ids["sari"] || seen[0].Role != "petugas_layanan" {
			t.Errorf("recorded: %+v", seen)
		}
	})
}

func TestLookingForSomebodyNeedsAPurposeSomethingKnownAndPatience(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	got := w.applies("patience")
	w.must(w.Jobs.Drain(context.Background()))
	b := w.as("sari").get("/desk/find")
	b.sound("find")
	b.send("/desk/find/person", url.Values{"name": {"Sekar"}}).is(http.StatusUnprocessableEntity).shows("Pilih untuk apa").hides(got.Code)
	b.sound("find without a purpose")
	b.send("/desk/find/person", url.Values{"name": {""}, "purpose": {"find"}}).is(http.StatusUnprocessableEntity).shows("Tulis nama, NIK")
	b.send("/desk/find/person", url.Values{"nik": {"123"}, "purpose": {"find"}}).is(http.StatusUnprocessableEntity)
	b.sound("find with a wrong NIK")
	b.get("/desk/find?q=nonsense").is(http.StatusNotFound).shows("Kode ini tidak kami kenal")
	b.get("/desk/find?q=" + got.Code).is(http.StatusSeeOther)
	for range 40 {
		if b.get("/desk/find").send("/desk/find/person", url.Values{"name": {"Sekar"}, "purpose": {"match"}}); b.code != http.StatusOK {
			break
		}
	}
	b.is(http.StatusTooManyRequests).shows("Kode pada tanda terima selalu dapat dipakai").hides(got.Code)
}
