package form_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/law/rule"
)

// family is the form of the small government's family card: children as a
// group, a card with a substitute, variants and a proxy.
func family(t testing.TB) *form.Form {
	t.Helper()
	g, findings := definition.Read(os.DirFS("../definition/testdata/good"))
	if definition.Failed(findings) {
		t.Fatal(findings)
	}
	p, problems := rule.Compile(g.Service("keluarga"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return form.New(g.Service("keluarga"), p)
}

// two is a complete application with two children.
func two() form.Answers {
	return form.Answers{
		"filed_by": "self", "reason": "fresh", "since": "2026-03-01",
		"head_name": "Sari Wulandari", "head_nik": "3360015703950001", "head_birth_date": "1995-03-17", "head_sex": "perempuan",
		"children": []form.Answers{
			{"born": "2018-05-01", "pupil": "yes", "school": "SD 1", "child_name": "Ayu", "photo": []string{"upload-0001"}},
			{"born": "2024-02-29", "pupil": "no", "child_name": "Budi", "photo": []string{"counter"}},
		},
		"card": []string{"upload-0002"},
	}
}

// children are the two, changed item by item.
func children(changes ...map[string]any) map[string]any {
	list := slices.Clone(two()["children"].([]form.Answers))
	for i, c := range changes {
		list[i] = with(list[i], c)
	}
	return map[string]any{"children": list}
}

func TestAFamilyWithTwoChildrenPasses(t *testing.T) {
	f := family(t)
	clean, err := f.Check(two(), env())
	if err != nil {
		t.Fatal(faults(err))
	}
	if d := cmp.Diff(two(), clean); d != "" {
		t.Error(d)
	}
	if got := fmt.Sprint(f.Uploads(clean), f.Pending(clean)); got != "[upload-0001 upload-0002] [children.1.photo]" {
		t.Error(got)
	}
	if clear := f.Clear(clean); clear["children"] != nil || clear["reason"] != "fresh" || f.Sealed(clean)["children"] == nil {
		t.Error("a group is not sealed")
	}
}

func TestFaultsInsideGroupsNameTheItem(t *testing.T) {
	f := family(t)
	for _, c := range []struct {
		what    string
		changes map[string]any
		want    string
	}{
		{"nothing of the second", children(nil, map[string]any{"born": nil, "pupil": nil, "child_name": nil, "photo": nil}), "children.1.born missing, children.1.child_name missing, children.1.pupil choice_missing"},
		{"a pupil without school", children(map[string]any{"school": nil}), "children.0.school missing"},
		{"a school that is not asked", children(nil, map[string]any{"school": "SD 2"}), ""},
		{"older than the parent", children(map[string]any{"born": "1980-01-01"}), "children.0.born rule"},
		{"none born yet", children(map[string]any{"born": "2030-01-01"}, map[string]any{"born": "2031-01-01"}), "children rule"},
		{"a date that is none", children(map[string]any{"born": "2018-02-30"}), "children.0.born date_unreal"},
		{"no children", map[string]any{"children": nil}, "children items_few"},
		{"an empty list", map[string]any{"children": []form.Answers{}}, "children items_few"},
		{"one too many", map[string]any{"children": make([]form.Answers, 13)}, "children items_many"},
		{"not a list", map[string]any{"children": "x"}, "children wrong_type"},
		{"not objects", map[string]any{"children": []any{"x"}}, "children wrong_type"},
		{"a stranger inside", children(map[string]any{"colour": "red"}), "children.0.colour unknown_answer"},
		{"too many files inside", children(map[string]any{"photo": []string{"upload-0001", "upload-0003"}}), "children.0.photo files_many"},
		{"the parent's birth is missing", map[string]any{"head_birth_date": nil}, "head_birth_date missing"},
		{"lost, without the report", map[string]any{"reason": "lost"}, "report file_missing"},
		{"a proxy without papers", map[string]any{"filed_by": "proxy"}, "ktp_kuasa file_missing, proxy_name missing, proxy_nik missing, proxy_phone missing, surat_kuasa file_missing"},
	} {
		_, err := f.Check(with(two(), c.changes), env())
		if got := faults(err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
	_, err := f.Check(with(two(), children(map[string]any{"born": nil})), env())
	label, _ := fault.Of(err).More[0].Args["label"].(definition.Text)
	if label["id"] != "Anak 1: Lahir" {
		t.Errorf("the words do not name the item: %v", label)
	}
}

func TestAnItemKeepsOnlyWhatIsAskedOfIt(t *testing.T) {
	clean, err := family(t).Check(with(two(), children(nil, map[string]any{"school": "SD 2"})), env())
	if err != nil {
		t.Fatal(faults(err))
	}
	if clean["children"].([]form.Answers)[1]["school"] != nil {
		t.Error("an answer that is not asked is kept")
	}
}

func TestASubstituteCountsWhenItIsWhole(t *testing.T) {
	f := family(t)
	whole := map[string]any{"card": nil, "statement": []string{"counter"}, "witness_name": "Wati", "witness_nik": "3360015703950002"}
	for _, c := range []struct {
		what    string
		changes map[string]any
		want    string
	}{
		{"neither", map[string]any{"card": nil}, "card file_or_instead"},
		{"the whole substitute", whole, ""},
		{"half of it", map[string]any{"card": nil, "statement": []string{"counter"}, "witness_name": "Wati"}, "card file_or_instead"},
		{"only its optional part", map[string]any{"card": nil, "witness_note": "x"}, "card file_or_instead"},
		{"both", map[string]any{"witness_name": "Wati"}, ""},
		{"a wrong NIK in it", map[string]any{"card": nil, "statement": []string{"counter"}, "witness_name": "Wati", "witness_nik": "1"}, "card file_or_instead, witness_nik nik_digits"},
	} {
		_, err := f.Check(with(two(), c.changes), env())
		if got := faults(err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
	e := env()
	e.Answers = with(two(), whole)
	if f.Required("card", e) || f.Required("witness_name", e) || !f.Required("head_name", e) {
		t.Error("what is required is told wrongly")
	}
}

// posted is a page of the family as a browser sends it.
func posted() url.Values {
	return url.Values{
		"children.count":      {"3"},
		"children.0.born-day": {"1"}, "children.0.born-month": {"mei"}, "children.0.born-year": {"2018"},
		"children.0.pupil": {"yes"}, "children.0.school": {" SD 1 "}, "children.0.child_name": {"Ayu"}, "children.0.photo": {"upload-0001"},
		"children.1.born-day": {"29"}, "children.1.born-month": {"2"}, "children.1.born-year": {"2024"},
		"children.1.pupil": {"no"}, "children.1.child_name": {"Budi"}, "children.1.photo": {"counter"}, "children.2.child_name": {""},
	}
}

func TestAPageWithAGroupIsReadAsPosted(t *testing.T) {
	f := family(t)
	had := with(two(), map[string]any{"children": nil})
	got, err := f.ParsePage("family", posted(), had, env())
	if err != nil {
		t.Fatal(faults(err))
	}
	if d := cmp.Diff(two(), got); d != "" {
		t.Error(d)
	}
	values := posted()
	values.Set("children.1.born-month", "13")
	values.Set("children.2.child_name", "Citra")
	got, err = f.ParsePage("family", values, had, env())
	if got := faults(err); got != "children.1.born date_unreal, children.2.born missing, children.2.pupil choice_missing" {
		t.Error(got)
	}
	kept := got["children"].([]form.Answers)
	if len(kept) != 3 || kept[1]["child_name"] != "Budi" || kept[2]["child_name"] != "Citra" {
		t.Errorf("what was typed is lost: %v", kept)
	}
	got, err = f.ParsePage("family", url.Values{}, had, env())
	if faults(err) != "children items_few" || got["children"] != nil {
		t.Error(faults(err), got["children"])
	}
	values = url.Values{"children.99.born-day": {"1"}, "children.7777.x": {"1"}, "children.-1.x": {"1"}}
	if _, err = f.ParsePage("family", values, had, env()); faults(err) != "children items_many" {
		t.Error(faults(err))
	}
}

func TestItemsAreAddedAndTakenOutOfAPostedPage(t *testing.T) {
	values := posted()
	if n := form.Items(values, "children"); n != 3 {
		t.Error(n)
	}
	form.AddItem(values, "children")
	if n := form.Items(values, "children"); n != 4 {
		t.Error(n)
	}
	form.RemoveItem(values, "children.0")
	if values.Get("children.0.child_name") != "Budi" || values.Get("children.0.born-day") != "29" || values.Get("children.1.pupil") != "" || form.Items(values, "children") != 3 {
		t.Errorf("%v", values)
	}
	before := len(values)
	for _, none := range []string{"children.9", "children", "others.0", "children.x", ""} {
		form.RemoveItem(values, none)
	}
	if len(values) != before {
		t.Error("something else was taken out")
	}
	for range 100 {
		form.AddItem(values, "children")
	}
	if n := form.Items(values, "children"); n != definition.MostItems+1 {
		t.Error(n)
	}
}

func TestJSONOfGroupsIsStrictAndPointsInside(t *testing.T) {
	f := family(t)
	for raw, want := range map[string]string{
		`{"children":[{"born":"2018-05-01","photo":["upload-0001"]}]}`: "",
		`{"children":[{"born":"2018-02-30"},{"colour":1,"born":7}]}`:   "/children/0/born date_unreal, /children/1/born wrong_type, /children/1/colour unknown_answer",
		`{"children":[{"child_name":"Ayu","child_name":"Budi"}]}`:      "/children/0/child_name doubled_answer",
		`{"children":{}}`:   "/children wrong_type",
		`{"children":[[]]}`: "/children wrong_type",
		`{"children":null}`: "",
		`{"children":[` + strings.Repeat(`{},`, 40) + `{}]}`:                "/children items_many",
		`{"witness_nik":"12","statement":["upload-0001"]}`:                  "/witness_nik nik_digits",
		`{"children.0.born":"2018-05-01"}`:                                  "/children.0.born unknown_answer",
		`{"children":[{"child_name":"\u0000","photo":["x"]}],"head_nik":1}`: "/children/0/child_name control_characters, /children/0/photo file_unreadable, /head_nik wrong_type",
	} {
		_, err := f.ParseJSON([]byte(raw))
		if got := faults(err); got != want {
			t.Errorf("%.60s: got %q, want %q", raw, got, want)
		}
		if strings.Contains(want, "doubled") {
			continue // a tree has no name twice
		}
		dec := json.NewDecoder(strings.NewReader(raw))
		dec.UseNumber()
		var tree map[string]any
		if err := dec.Decode(&tree); err != nil {
			t.Fatal(err)
		}
		if _, err = f.ParseTree(tree); faults(err) != want {
			t.Errorf("as a tree, %.60s: got %q, want %q", raw, faults(err), want)
		}
	}
	if p := form.Pointer("children.10.born"); p != "/children/10/born" {
		t.Error(p)
	}
}

func TestGroupsKeptAsJSONComeBackWithPapersThatCameLater(t *testing.T) {
	f := family(t)
	raw, err := json.Marshal(two())
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]any
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(two(), f.Stored(kept)); d != "" {
		t.Error(d)
	}
	uploads, _, err := f.Paper("children.1.photo", []any{"upload-0009"})
	if err != nil {
		t.Fatal(err)
	}
	kept["children.1.photo"], kept["children.7.photo"] = uploads, uploads
	want := with(two(), children(nil, map[string]any{"photo": []string{"upload-0009"}}))
	if d := cmp.Diff(want, f.Stored(kept)); d != "" {
		t.Error(d)
	}
	if _, _, err := f.Paper("children.1.born", []string{"upload-0009"}); faults(err) != "children.1.born unknown_answer" {
		t.Error(faults(err))
	}
	if _, _, err := f.Paper("children.1.photo", []string{}); faults(err) != "children.1.photo file_missing" {
		t.Error(faults(err))
	}
	e := env()
	e.Answers = kept
	if !f.Shown("children.0.school", e) || f.Shown("children.1.school", e) || !f.Required("children.0.born", e) || f.Required("children.0.photo", e) {
		t.Error("answers kept as JSON are read differently inside a group")
	}
}

// names writes a tree of nodes in one line.
func names(nodes []form.Node) string {
	var out []string
	for _, n := range nodes {
		s := n.Name
		for _, item := range n.Items {
			s += "<" + item.Title["id"] + ": " + names(item.Nodes) + ">"
		}
		for _, sub := range n.Subs {
			s += "(" + names(sub.Nodes) + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestOneWalkShowsGroupsAndSubstitutesToEveryDoor(t *testing.T) {
	f := family(t)
	e := env()
	e.Answers = two()
	want := "children<Anak 1: children.0.born children.0.pupil children.0.school children.0.child_name children.0.photo>" +
		"<Anak 2: children.1.born children.1.pupil children.1.child_name children.1.photo>"
	if got := names(f.Tree("family", e, nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := names(f.Tree("papers", e, nil)); got != "card(statement witness_name witness_nik witness_note)" {
		t.Error(got)
	}
	papers := f.Tree("papers", e, url.Values{"witness_name": {"W"}})
	if sub := papers[0].Subs[0]; !sub.Begun || !sub.Nodes[1].Required || sub.Nodes[3].Required {
		t.Errorf("%+v", sub)
	}
	if got := names(f.Answered("papers", e)); got != "card" {
		t.Error(got)
	}
	e.Answers = with(two(), map[string]any{"children": nil})
	if got := len(f.Tree("family", e, nil)[0].Items); got != 1 {
		t.Errorf("%d empty items to begin with", got)
	}
	if got := len(f.Tree("family", e, posted())[0].Items); got != 3 {
		t.Errorf("%d items of those typed", got)
	}
	if got := len(f.Answered("family", e)[0].Items); got != 0 {
		t.Errorf("%d items to read where there is none", got)
	}
	if f.Tree("report", e, nil) != nil || f.Tree("nowhere", e, nil) != nil {
		t.Error("a page of another variant is asked")
	}
}

func TestTheSchemaOfAGroupIsAListOfObjects(t *testing.T) {
	data, err := json.Marshal(family(t).JSONSchema("en"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"maxItems":12,"minItems":1`, `"required":["born","pupil","child_name"]`, `"required":["filed_by","reason","since","head_name","head_nik","head_birth_date","head_sex","children"]`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%s is missing in %s", want, data)
		}
	}
}

// FuzzPostedGroup: a page with a group never panics, holds no more items than it
// may, and what it yields survives being stored as JSON and read again.
func FuzzPostedGroup(f *testing.F) {
	frm := family(f)
	f.Add("family", posted().Encode())
	f.Add("family", "children.0.born-day=1&children.1.x=&children.31.photo=counter&children.count=99")
	f.Add("papers", "card=&statement=counter&witness_nik=1")
	f.Add("family", "children.00.born-day=1&children..photo=x&children.1.=x&children.count=-1")
	f.Fuzz(func(t *testing.T, page, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		got, _ := frm.ParsePage(page, values, form.Answers{"head_birth_date": "1995-03-17", "reason": "fresh"}, env())
		if items, _ := got["children"].([]form.Answers); len(items) > 12 {
			t.Fatalf("%d items", len(items))
		}
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
		e := env()
		e.Answers = got
		frm.Tree(page, e, values)
	})
}

// TestCheckingAFamilyTwiceIsCheckingItOnce: as for the plain form, over random
// changes inside items.
func TestCheckingAFamilyTwiceIsCheckingItOnce(t *testing.T) {
	frm := family(t)
	values := []any{nil, "2012-01-01", "yes", "no", "SD 1", []string{"upload-0009"}, []string{"counter"}, int64(3), "fresh", "lost", "1980-01-01"}
	rapid.Check(t, func(t *rapid.T) {
		a := two()
		for range rapid.IntRange(0, 6).Draw(t, "changes") {
			v := rapid.SampledFrom(values).Draw(t, "value")
			if rapid.Bool().Draw(t, "inside") {
				id := rapid.SampledFrom([]string{"born", "pupil", "school", "child_name", "photo"}).Draw(t, "inner")
				i := rapid.IntRange(0, 1).Draw(t, "item")
				a["children"].([]form.Answers)[i] = with(a["children"].([]form.Answers)[i], map[string]any{id: v})
			} else {
				a = with(a, map[string]any{rapid.SampledFrom([]string{"reason", "card", "statement", "witness_name", "since"}).Draw(t, "id"): v})
			}
		}
		clean, err := frm.Check(a, env())
		again, err2 := frm.Check(clean, env())
		if d := cmp.Diff(clean, again); d != "" {
			t.Fatal(d)
		}
		if err == nil && err2 != nil {
			t.Fatal(faults(err2))
		}
	})
}

func TestAnOptionalGroupMayBeLeftOutAndIsWholeOtherwise(t *testing.T) {
	two := int64(2)
	s := &definition.Service{Form: definition.Form{Pages: []definition.Page{{ID: "p", Fields: []definition.Field{{
		ID: "witnesses", Kind: definition.KindGroup, Personal: true, Optional: true, Min: &two, Item: definition.Text{"id": "Saksi", "en": "Witness"},
		Label: definition.Text{"id": "Saksi", "en": "Witnesses"}, Fields: []definition.Field{{ID: "witness", Kind: definition.KindText, Personal: true}},
	}}}}}}
	p, problems := rule.Compile(s)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	f := form.New(s, p)
	for body, want := range map[string]string{
		"":                                       "",
		"witnesses.count=2&witnesses.0.witness=": "",
		"witnesses.count=2&witnesses.0.witness=Wati":                       "witnesses.1.witness missing",
		"witnesses.0.witness=Wati&witnesses.1.witness=Budi":                "",
		"witnesses.count=3&witnesses.0.witness=W&witnesses.1.witness=Budi": "",
	} {
		values, err := url.ParseQuery(body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.ParsePage("p", values, nil, env())
		if faults(err) != want {
			t.Errorf("%q: got %q, want %q", body, faults(err), want)
		}
		if _, err = f.Check(got, env()); faults(err) != want {
			t.Errorf("%q, checked: got %q, want %q", body, faults(err), want)
		}
	}
	if n := len(f.Tree("p", env(), nil)[0].Items); n != 0 {
		t.Errorf("%d items of what may be left out", n)
	}
}
