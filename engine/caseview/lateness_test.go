package caseview_test

import (
	"strings"
	"testing"

	"pendopo/law/definition"
	"pendopo/law/fold"
)

func TestWhatALimitDecidedIsSaid(t *testing.T) {
	w, _ := demo(t, "sip-bidan")
	promised := fold.Deadline{ID: fold.CaseDeadline, State: fold.Missed, Due: at(18, 16)}
	mend := fold.Deadline{ID: "fill", State: fold.Missed, Due: at(17, 16)}
	granted := fold.Mark{Kind: fold.Lapsed, At: at(20, 9), Deadline: fold.CaseDeadline, Late: []string{"grant"}, To: "issue"}
	for name, c := range map[string]struct {
		in   fold.Case
		want []string // nothing = nothing is said
	}{
		"granted": {fold.Case{Basis: "UU 30/2014 pasal 53", Deadlines: []fold.Deadline{promised}, Marks: []fold.Mark{granted, {Kind: fold.Numbered}, {Kind: fold.Issued}}},
			[]string{"Dikabulkan karena batas waktu terlewati", "UU 30/2014 pasal 53", "18 Maret 2026 pukul 16.00"}},
		"granted, and never fetched": {fold.Case{Basis: "UU 30/2014 pasal 53", Outcome: definition.Granted, Deadlines: []fold.Deadline{promised},
			Marks: []fold.Mark{granted, {Kind: fold.Issued}, {Kind: fold.Lapsed, Deadline: "deliver", Late: []string{"close"}, Outcome: definition.Granted}}}, []string{"Dikabulkan karena", "18 Maret"}},
		"closed": {fold.Case{Outcome: definition.Closed, Deadlines: []fold.Deadline{mend}, Marks: []fold.Mark{{Kind: fold.Lapsed, At: at(20, 9), Deadline: "fill", Late: []string{"close"}, Outcome: definition.Closed}}},
			[]string{"Ditutup karena batas waktu terlewati", "Anda mengisi permohonan", "17 Maret 2026 pukul 16.00"}},
		"closed as a whole": {fold.Case{Outcome: definition.Closed, Deadlines: []fold.Deadline{promised}, Marks: []fold.Mark{{Kind: fold.Lapsed, At: at(20, 9), Deadline: fold.CaseDeadline, Outcome: definition.Closed}}},
			[]string{"Batas waktu layanan lewat"}},
		"late and undecided":      {fold.Case{Marks: []fold.Mark{{Kind: fold.Lapsed, Late: []string{"escalate"}}}}, nil},
		"late after the decision": {fold.Case{Marks: []fold.Mark{{Kind: fold.Lapsed, Late: []string{"grant"}}}}, nil},
		"granted by an officer":   {fold.Case{Outcome: definition.Granted, Marks: []fold.Mark{{Kind: fold.Approved}}}, nil},
	} {
		v, ok := w.ByLateness(c.in)
		if ok != (c.want != nil) {
			t.Errorf("%s: said %v", name, ok)
		}
		for _, words := range c.want {
			if !strings.Contains(v.Title+" "+v.Text, words) {
				t.Errorf("%s: %q is not in %q, %q", name, words, v.Title, v.Text)
			}
		}
	}
}

func TestTheTimelineNamesThePapersThatCame(t *testing.T) {
	w, _ := demo(t, "surat-keterangan-domisili")
	got := w.Timeline(fold.Case{Marks: []fold.Mark{{Kind: fold.Papers, At: at(17, 9), Papers: []string{"ktp", "surat_pengantar"}}}})
	if got[0].What != "Berkas diterima di loket" || strings.Join(got[0].Detail, ", ") != "KTP, Surat pengantar RT dan RW" {
		t.Errorf("%+v", got[0])
	}
}

func TestTheTrackingCodeIsTheAddressOfTheCase(t *testing.T) {
	w, _ := demo(t, "sip-bidan")
	v, words, err := w.TrackCode("https://layanan.example", "7K3M9-QWXT2-C")
	if err != nil || v.Size < 21 || !strings.HasPrefix(v.Path, "M0 0h7v1h-7z") || words != "Lacak di https://layanan.example/track/7K3M9-QWXT2-C" {
		t.Errorf("%d modules, %q, %v", v.Size, words, err)
	}
	if v, words, err := w.TrackCode("", "7K3M9-QWXT2-C"); v.Size != 0 || words != "" || err != nil {
		t.Errorf("without an address: %d, %q, %v", v.Size, words, err)
	}
}
