package form

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/region"
)

func one(kind definition.Kind) *definition.Field {
	return &definition.Field{ID: "x", Kind: kind, Personal: true}
}

func key(f *fault.Fault) string {
	if f == nil {
		return ""
	}
	return strings.TrimPrefix(f.Key, "form.")
}

func TestTelephoneNumbersAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]string{
		"081234567890": "+6281234567890", "0812 3456 7890": "+6281234567890", "+62 812-3456-7890": "+6281234567890",
		"6281234567890": "+6281234567890", "+62 0812 3456 7890": "+6281234567890", "(0299) 550 100": "+62299550100",
		"021-5551234": "+62215551234", "+60 12-345 6789": "+60123456789",
		"12345": "", "0812": "", "0812345678901234": "", "81234567890": "", "+0812345678": "", "telepon": "", "+": "",
		"08123x567890": "", "00628123456789": "",
	} {
		got, f := asPhone(one(definition.KindPhone), typed)
		if (want == "") != (f != nil) || (f == nil && got != want) {
			t.Errorf("%s: %v, %s", typed, got, key(f))
		}
	}
}

func TestNIKOfRealDaysOnly(t *testing.T) {
	for typed, want := range map[string]string{
		"3360015703950001": "", "33 6001 5703 95 0001": "", "3360.01.170395.0001": "",
		"3360012902000001": "", // 29 February 2000
		"3360012902010001": "nik_unreal",
		"3360013104950001": "nik_unreal", "3360010013950001": "nik_unreal", "3360017203950001": "nik_unreal",
		"3360017103950001": "", // a woman of the 31st
		"3360014003950001": "nik_unreal",
		"3360011703950000": "nik_unreal", "336001170395000": "nik_digits", "33600117039500011": "nik_digits",
		"33600117039500O1": "nik_digits", "٣٣٦٠٠١١٧٠٣٩٥٠٠٠١": "nik_digits",
	} {
		if _, f := asNIK(one(definition.KindNIK), typed); key(f) != want {
			t.Errorf("%s: %q, want %q", typed, key(f), want)
		}
	}
}

func TestAnUnknownRegionOfANIKIsAWarningOnly(t *testing.T) {
	for nik, known := range map[string]bool{"3360011703950001": true, "9901011703950001": false, "3300011703950001": false, "3360001703950001": false} {
		if _, f := asNIK(one(definition.KindNIK), nik); f != nil {
			t.Errorf("%s is refused", nik)
		}
		f := &Form{nation: region.National(), regions: definition.RegionSet{"33.60.01": "Kecamatan Contoh"}}
		if w := f.nikRegion(one(definition.KindNIK), nik); known != (w == nil) {
			t.Errorf("%s: %v", nik, w)
		}
	}
}

func TestANIKKeepsTheCodeOfItsFirstRegistration(t *testing.T) {
	f := &Form{nation: region.National()}
	for nik, want := range map[string]string{
		"3374011703950001": "",                                           // of today
		"9201011703950001": "Makbon, Kabupaten Sorong, Papua Barat Daya", // a kecamatan that was renumbered
		"9101011703950001": "Kabupaten Merauke, Papua Selatan",           // a kabupaten that was
		"5401011703950001": "",                                           // no place of today
	} {
		w := f.nikRegion(one(definition.KindNIK), nik)
		switch {
		case want == "" && w != nil, want != "" && (w == nil || w.Key != "form.nik_region_former" || w.Args["now"] != want):
			t.Errorf("%s: %v", nik, w)
		}
	}
}

func TestAFieldOfTheNationTakesPlacesAnywhere(t *testing.T) {
	f := &Form{nation: region.National(), regions: definition.RegionSet{"33.60.01.1001": "Contoh"}}
	village := one(definition.KindRegion)
	village.Level, village.Scope = "village", "nation"
	served := one(definition.KindRegion)
	for _, c := range []struct {
		field *definition.Field
		code  string
		key   string
	}{
		{village, "33.74.01.1001", ""}, {village, "33.60.01.1001", ""}, {village, "33.74.01.9999", "region_unknown"},
		{village, "33.74.01", "region_level"}, {village, "x", "region_unknown"}, {village, "36.02.16.2018", "region_former"},
		{served, "33.60.01.1001", ""}, {served, "33.74.01.1001", "region_unknown"},
	} {
		got, flt := f.asRegion(c.field, c.code)
		if key(flt) != c.key || flt == nil && got != c.code {
			t.Errorf("%s of %q: %v %q, want %q", c.code, c.field.Scope, got, key(flt), c.key)
		}
	}
	if s := f.showText(*village, "33.74.01.1001", "id", nil); s != "Miroto, Semarang Tengah, Kota Semarang, Jawa Tengah" {
		t.Error(s)
	}
}

func TestMoneyAsPeopleWriteIt(t *testing.T) {
	for typed, want := range map[string]int64{
		"1.250.000": 1250000, "Rp 1.250.000,00": 1250000, "Rp1250000,-": 1250000, "rp. 500": 500, "0": 0, "1250000": 1250000,
		"1,250,000": -1, "12.50": -1, "-5": -1, "1e6": -1, "Rp": -1, "1.2500": -1, "9999999999999999": -1,
	} {
		got, f := asNumber(one(definition.KindMoney), typed, "form.money_unreadable")
		if (want < 0) != (f != nil) || (f == nil && got != want) {
			t.Errorf("%s: %v, %s", typed, got, key(f))
		}
	}
}

func TestTextIsCleanAndWithinItsLength(t *testing.T) {
	five := int64(5)
	short, long := one(definition.KindText), one(definition.KindText)
	short.Min, short.Max, long.Long = &five, &five, true
	for _, c := range []struct {
		field *definition.Field
		typed string
		want  any
		key   string
	}{
		{short, " ééééé ", "ééééé", ""}, {short, "e\u0301e\u0301e\u0301e\u0301e\u0301", "ééééé", ""},
		{short, "four", nil, "text_short"}, {short, "sixsix", nil, "text_long"}, {short, "   ", nil, ""},
		{short, "a\nbcd", nil, "control_characters"}, {long, "a\r\nb\tc", "a\nb\tc", ""},
		{long, "a\u202eb", nil, "control_characters"}, {long, "a\x1bb", nil, "control_characters"}, {long, "a\xffb", nil, "control_characters"},
		{long, strings.Repeat("a", 4001), nil, "text_long"},
	} {
		got, f := asText(c.field, c.typed)
		if got != c.want || key(f) != c.key {
			t.Errorf("%q: %v %q, want %v %q", c.typed, got, key(f), c.want, c.key)
		}
	}
}

func TestBoundsOfDatesFollowToday(t *testing.T) {
	d := one(definition.KindDate)
	d.After, d.Before = "today-17y", "today+1m"
	env := Env{Today: time.Date(2026, 3, 17, 23, 0, 0, 0, time.FixedZone("WIB", 7*3600))}
	for date, want := range map[string]string{"2009-03-17": "", "2009-03-16": "date_early", "2026-04-17": "", "2026-04-18": "date_late", "0000-01-01": "date_unreal"} {
		if _, f := asDate(d, date, env); key(f) != want {
			t.Errorf("%s: %q, want %q", date, key(f), want)
		}
	}
}

// TestDatesInPartsAreExactlyTheDaysOfTheCalendar takes any three numbers: they
// are read when, and only when, the calendar has that day.
func TestDatesInPartsAreExactlyTheDaysOfTheCalendar(t *testing.T) {
	d := one(definition.KindDate)
	rapid.Check(t, func(t *rapid.T) {
		day, month, year := rapid.IntRange(-1, 40).Draw(t, "day"), rapid.IntRange(-1, 15).Draw(t, "month"), rapid.IntRange(1000, 9999).Draw(t, "year")
		values := url.Values{"x-day": {fmt.Sprint(day)}, "x-month": {fmt.Sprint(month)}, "x-year": {fmt.Sprint(year)}}
		got, f := asDate(d, typed(d, d.ID, values), Env{})
		want := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
		_, err := time.Parse(time.DateOnly, want)
		if (err == nil) != (f == nil) || (f == nil && got != want) {
			t.Fatalf("%d %d %d: %v %s", day, month, year, got, key(f))
		}
	})
}

// TestCanonicalIsAFixedPoint: whatever is accepted is accepted again, unchanged.
func TestCanonicalIsAFixedPoint(t *testing.T) {
	fields := []*definition.Field{one(definition.KindText), one(definition.KindNumber), one(definition.KindMoney), one(definition.KindNIK), one(definition.KindPhone), one(definition.KindFile)}
	fields[0].Long = true
	f := &Form{}
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(fields).Draw(t, "field")
		var raw any = rapid.OneOf(rapid.String(), rapid.StringMatching(`\+?(62|0)?[0-9 .()-]{3,18}`), rapid.StringMatching(`[A-Za-z0-9_-]{8,12}`)).Draw(t, "typed")
		if d.Kind == definition.KindFile {
			raw = []string{raw.(string)}
		}
		first, flt := f.canonical(d, raw, Env{})
		if flt != nil || first == nil {
			return
		}
		second, flt := f.canonical(d, first, Env{})
		if flt != nil || fmt.Sprint(second) != fmt.Sprint(first) {
			t.Fatalf("%s: %v becomes %v (%s)", d.Kind, first, second, key(flt))
		}
	})
}

type printer struct{}

func (printer) T(key string, args ...any) string {
	return key + strings.TrimSuffix(fmt.Sprintln(args...), "\n")
}
func (printer) Rupiah(n int64) string   { return fmt.Sprintf("Rp%d", n) }
func (printer) Date(t time.Time) string { return t.Format("2 Jan 2006") }

func TestAnswersAreShownAsPeopleReadThem(t *testing.T) {
	f := (&Form{}).With(definition.RegionSet{"33.60": "Kabupaten", "33.60.01": "Kecamatan"})
	choice := definition.Field{Kind: definition.KindChoice, Choices: []definition.Choice{{ID: "a", Text: definition.Text{"id": "Satu", "en": "One"}}}}
	for _, c := range []struct {
		field definition.Field
		v     any
		want  string
	}{
		{choice, "a", "One"}, {choice, nil, ""},
		{definition.Field{Kind: definition.KindDate}, "2026-03-17", "17 Mar 2026"},
		{definition.Field{Kind: definition.KindMoney}, int64(5), "Rp5"}, {definition.Field{Kind: definition.KindNumber}, int64(5), "5"},
		{definition.Field{Kind: definition.KindNIK}, "3360011703950001", "3360 0117 0395 0001"},
		{definition.Field{Kind: definition.KindPhone}, "+6281234567890", "081234567890"},
		{definition.Field{Kind: definition.KindRegion}, "33.60.01", "Kecamatan, Kabupaten"},
		{definition.Field{Kind: definition.KindFile}, []string{"counter"}, "form.at_counter"}, {definition.Field{Kind: definition.KindFile}, []string{"a", "b"}, "form.filesn 2"},
		{definition.Field{Kind: definition.KindDeclaration}, true, "form.declared"},
	} {
		if got := f.Show(c.field, c.v, "en", printer{}); got != c.want {
			t.Errorf("%v: %q, want %q", c.v, got, c.want)
		}
	}
}
