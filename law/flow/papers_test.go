package flow_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// bring lets somebody take in papers at the counter.
func (r *run) bring(by fold.Holder, papers form.Answers) error {
	c := flow.Command{Do: flow.DoPapers, By: by, Seen: r.state.Version, Answers: papers}
	for _, id := range r.b.form.Uploads(papers) {
		c.Files = append(c.Files, fold.File{ID: id, Hash: "hash of " + id})
	}
	return r.do(c, flow.Facts{})
}

var (
	scanned = []string{"upload-0001"}
	onPaper = []string{form.AtCounter}
)

func at(unit, role string) fold.Holder { return fold.Holder{Who: "role", Unit: unit, Role: role} }

func TestAPaperThatCameIsAwaitedNoMoreAndMovesNothingElse(t *testing.T) {
	r := newTown(t).begin("surat-keterangan-domisili", wib("2026-01-05 08:00"))
	if err := r.submit(r.now); err != nil {
		t.Fatal(err)
	}
	before := r.state
	colleague := at(r.state.Unit, "sekretaris_kelurahan")
	if err := r.bring(colleague, form.Answers{"ktp": scanned}); err != nil {
		t.Fatal(err)
	}
	if err := r.bring(colleague, form.Answers{"surat_pengantar": onPaper}); err != nil {
		t.Fatal(err)
	}
	want := before
	want.Version, want.Pending, want.Seen, want.Marks = 3, nil, []string{"surat_pengantar"}, r.state.Marks
	want.Files = []fold.File{{ID: "upload-0001", Hash: "hash of upload-0001"}}
	if diff := differs(want, r.state); diff != "" {
		t.Error(diff)
	}
	var ch map[string]any
	if err := json.Unmarshal(r.events[1].Clear, &ch); err != nil || ch["answers"] != nil {
		t.Errorf("the clear part says which file is whose paper: %v, %v", ch, err)
	}
}

func TestOnlyWhoStandsAtTheCounterTakesInWhatIsAwaited(t *testing.T) {
	r := newTown(t).begin("surat-keterangan-domisili", wib("2026-01-05 08:00"))
	if err := r.submit(r.now); err != nil {
		t.Fatal(err)
	}
	clerk := at(r.state.Unit, "petugas_layanan")
	for name, c := range map[string]struct {
		by     fold.Holder
		papers form.Answers
		key    string
	}{
		"the applicant":       {applicant, form.Answers{"ktp": onPaper}, "flow.not_your_turn"},
		"a machine":           {system, form.Answers{"ktp": onPaper}, "flow.not_your_turn"},
		"another unit":        {at("kel-kauman-lor", "petugas_layanan"), form.Answers{"ktp": onPaper}, "flow.not_your_turn"},
		"no paper":            {clerk, nil, "flow.paper_none"},
		"no file":             {clerk, form.Answers{"ktp": []string{}}, "form.file_missing"},
		"too many files":      {clerk, form.Answers{"ktp": []string{"upload-0001", "upload-0002"}}, "form.files_many"},
		"what is no paper":    {clerk, form.Answers{"name": "Somebody Else"}, "flow.paper_not_awaited"},
		"what is not awaited": {clerk, form.Answers{"kia": scanned}, "flow.paper_not_awaited"},
	} {
		if f := fault.Of(r.bring(c.by, c.papers)); f == nil || f.Key != c.key {
			t.Errorf("%s: %v, want %s", name, f, c.key)
		}
	}
	if r.state.Version != 1 {
		t.Errorf("version %d after refusals", r.state.Version)
	}
}

// TestAPaperLookedAtIsAskedForAgainOnlyWhenItWasSentBack: sending the form again
// with the paper still "at the counter" forgets neither that it was looked at,
// nor that somebody found something wrong with it.
func TestAPaperLookedAtIsAskedForAgainOnlyWhenItWasSentBack(t *testing.T) {
	for line, pending := range map[string][]string{"letter": {"surat_pengantar"}, "address": nil} {
		r := newTown(t).begin("surat-keterangan-domisili", wib("2026-01-05 08:00"))
		if err := r.submit(r.now); err != nil {
			t.Fatal(err)
		}
		clerk := r.state.Holder
		if err := r.bring(clerk, form.Answers{"ktp": onPaper, "surat_pengantar": onPaper}); err != nil {
			t.Fatal(err)
		}
		checks := r.checks(true)
		checks[line] = false
		err := r.do(flow.Command{Do: flow.DoAct, Action: "return", By: clerk, Seen: r.state.Version, Checks: checks,
			Defects: []flow.Defect{{ID: line, Words: "perbaiki"}}}, flow.Facts{})
		if err != nil {
			t.Fatal(err)
		}
		err = r.do(flow.Command{Do: flow.DoAct, Action: "submit", By: applicant, Seen: r.state.Version, Answers: r.answers}, flow.Facts{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.state.Pending, pending) || len(r.state.Pending)+len(r.state.Seen) != 2 {
			t.Errorf("sent back for %s: awaited %v, looked at %v", line, r.state.Pending, r.state.Seen)
		}
	}
}
