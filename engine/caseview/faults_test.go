package caseview_test

import (
	"strings"
	"testing"

	"pendopo/engine/caseview"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// TestAReportInAListSaysWhatItIsAbout, and an application is its service.
func TestAReportInAListSaysWhatItIsAbout(t *testing.T) {
	w, _ := demo(t, "pengaduan")
	if got := w.Matter(fold.Case{Answers: map[string]any{"category": "lampu"}}); got != "Pengaduan dan aspirasi: Lampu jalan" {
		t.Errorf("it says %q", got)
	}
	if got := w.Matter(fold.Case{}); got != "Pengaduan dan aspirasi" {
		t.Errorf("without a category it says %q", got)
	}
	if w, _ = demo(t, "sip-bidan"); w.Matter(fold.Case{}) != w.Printer.Of(w.Service.Name) {
		t.Error("an application is not its service")
	}
}

// TestFaultsStandAsTheFormAsks: the summary goes down the page, whatever was found
// first, and a question in a sentence has lost its mark.
func TestFaultsStandAsTheFormAsks(t *testing.T) {
	w, _ := demo(t, "pengaduan")
	var found []*fault.Fault
	for _, id := range []string{"anonymous", "when", "what", "kind"} {
		key := map[bool]string{true: "form.date_unreal", false: "form.choice_missing"}[id == "when"]
		found = append(found, fault.New(fault.Invalid, key).At(id).With("label", w.Service.Field(id).Label))
	}
	words, items, err := caseview.Faults(w.Service, w.Printer, fault.Join(found))
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, i := range items {
		order = append(order, i.Field)
	}
	if got := strings.Join(order, " "); got != "what kind-1 when-day anonymous-1" {
		t.Errorf("the summary goes %s", got)
	}
	if got := words["anonymous"]; !strings.HasPrefix(got, "Melapor tanpa nama:") {
		t.Errorf("it says %q", got)
	}
	if label := w.Service.Field("anonymous").Label; label.In("id") != "Melapor tanpa nama?" {
		t.Errorf("the definition was changed: %v", definition.Text(label))
	}
}
