package form_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pendopo/law/form"
)

// handled are the answers of a complaint as an officer's step sees them.
func handled() form.Answers {
	return form.Answers{
		"what": "Jalan berlubang di depan pasar.", "kind": "pengaduan", "category": "jalan", "region": "33.60.01.1001",
		"anonymous": "tidak", "confidential": "tidak", "name": "Sari Wulandari", "phone": "+6281234567890",
	}
}

func TestWhatAnActionAsksIsAFormOfItsOwn(t *testing.T) {
	finish := demo(t, "pengaduan").Action("handle", "finish")
	e := env()
	for _, c := range []struct {
		name  string
		kind  string
		given form.Answers
		want  string
	}{
		{"a complaint without proof", "pengaduan", form.Answers{"done": "Ditambal"}, "proof file_missing"},
		{"a question without proof", "informasi", form.Answers{"done": "Buka jam delapan"}, ""},
		{"nothing", "informasi", nil, "done missing"},
		{"an answer of the case", "informasi", form.Answers{"done": "x", "what": "y"}, "what unknown_answer"},
		{"something that nobody asks", "informasi", form.Answers{"done": "x", "colour": "y"}, "colour unknown_answer"},
		{"too many files", "pengaduan", form.Answers{"done": "x", "proof": []string{"upload-01", "upload-02", "upload-03", "upload-04", "upload-05", "upload-06"}}, "proof files_many"},
	} {
		e.Answers = handled()
		e.Answers["kind"] = c.kind
		clean, err := finish.Check(c.given, e)
		if got := faults(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		for id := range clean {
			if id != "done" && id != "proof" {
				t.Errorf("%s: %s of the case is given back", c.name, id)
			}
		}
	}
	if demo(t, "pengaduan").Action("handle", "withdraw") != nil || demo(t, "pengaduan").Action("nowhere", "finish") != nil {
		t.Error("an action that asks nothing has a form")
	}
}

// TestAnActionIsFilledInLikeAPage: typed, shown, told apart into what is personal
// and what is not.
func TestAnActionIsFilledInLikeAPage(t *testing.T) {
	f := demo(t, "pengaduan")
	dispatch := f.Action("verify", "dispatch")
	e := env()
	e.Answers = handled()
	got, err := dispatch.ParsePage("dispatch", url.Values{"kind": {"informasi"}, "category": {"sampah"}, "what": {"x"}}, nil, e)
	if err != nil || !cmp.Equal(got, form.Answers{"kind": "informasi", "category": "sampah"}) {
		t.Fatalf("%v %v", got, err)
	}
	if clear := dispatch.Clear(got); len(clear) != 2 || len(dispatch.Sealed(got)) != 0 {
		t.Errorf("not personal: %v", clear)
	}
	nodes := dispatch.Tree("dispatch", e, nil)
	if len(nodes) != 2 || nodes[0].Name != "kind" || !nodes[0].Required || nodes[0].Value != "pengaduan" || len(nodes[1].Choices) != 15 {
		t.Errorf("asked: %+v", nodes)
	}
	finish := f.Action("handle", "finish")
	if n := finish.Tree("finish", e, nil); len(n) != 2 || !n[1].Required {
		t.Errorf("proof of a complaint is not asked for: %+v", n)
	}
	if _, err := finish.ParsePage("finish", url.Values{}, nil, e); faults(err) != "done missing, proof file_missing" {
		t.Errorf("left empty: %q", faults(err))
	}
}

func TestTheIdentityIsKeptApart(t *testing.T) {
	f := demo(t, "pengaduan")
	kept, vaulted := f.Vaulted(handled())
	if !cmp.Equal(vaulted, form.Answers{"name": "Sari Wulandari", "phone": "+6281234567890"}) || len(kept) != 6 {
		t.Errorf("kept %v, apart %v", kept, vaulted)
	}
	if _, err := f.Check(kept, env()); faults(err) != "name missing, phone missing" {
		t.Errorf("at first it is asked for: %q", faults(err))
	}
	clean, err := f.Kept().Check(handled(), env())
	if _, again := clean["name"]; err != nil || again {
		t.Errorf("who leaves it as it was is asked for it: %v", faults(err))
	}
}

// TestCheckingWhatIsGivenTwiceIsCheckingItOnce, whatever is typed.
func TestCheckingWhatIsGivenTwiceIsCheckingItOnce(t *testing.T) {
	f := demo(t, "pengaduan")
	rapid.Check(t, func(t *rapid.T) {
		act := f.Action("answer", rapid.SampledFrom([]string{"answer", "finish", "order", "help"}).Draw(t, "action"))
		given := form.Answers{}
		for _, id := range []string{"first_answer", "done", "proof", "order_words", "help_words", "what", "kind"} {
			if v := rapid.SampledFrom([]any{nil, "kata", "", int64(3), []string{"upload-01"}, []any{"upload-01", 3}}).Draw(t, id); v != nil {
				given[id] = v
			}
		}
		e := env()
		e.Answers = handled()
		clean, err := act.Check(given, e)
		again, err2 := act.Check(clean, e)
		if d := cmp.Diff(clean, again); d != "" || err == nil && err2 != nil {
			t.Fatalf("%s %v", d, faults(err2))
		}
	})
}
