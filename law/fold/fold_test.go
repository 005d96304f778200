package fold_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendopo/kernel/event"
	"pendopo/law/fold"
	"pendopo/test/testkit"
)

// written is an event as testdata keeps it.
type written struct {
	Kind     string          `json:"kind"`
	Schema   int             `json:"schema"`
	Entered  time.Time       `json:"entered"`
	Received time.Time       `json:"received"`
	Clear    json.RawMessage `json:"clear"`
}

// kept are the files of testdata: what was once written stays foldable for
// ever. New kinds and schema numbers get a file of their own; none is changed.
func kept() []string {
	return []string{"schema1", "schema1-papers", "schema1-width", "schema1-consult", "schema1-called", "schema1-complaint", "schema1-relayed", "schema1-posted"}
}

// cases reads all of them.
func cases(t *testing.T) (all [][]event.Event) {
	t.Helper()
	for _, name := range kept() {
		all = append(all, casesOf(t, name)...)
	}
	return all
}

func casesOf(t *testing.T, name string) [][]event.Event {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var files [][]written
	if err := json.Unmarshal(data, &files); err != nil {
		t.Fatal(err)
	}
	out := make([][]event.Event, len(files))
	for i, f := range files {
		for j, w := range f {
			out[i] = append(out[i], event.Event{
				Stream: "case-" + strconv.Itoa(i), Version: int64(j + 1), Kind: w.Kind, Schema: w.Schema,
				Entered: w.Entered, Received: w.Received, Definition: "def", Clear: w.Clear,
			})
		}
	}
	return out
}

func TestWhatWasOnceWrittenFoldsAsItDid(t *testing.T) {
	for _, name := range kept() {
		var states []fold.Case
		for _, events := range casesOf(t, name) {
			c, err := fold.Fold(fold.Case{}, events...)
			if err != nil {
				t.Fatal(err)
			}
			states = append(states, c)
		}
		got, err := json.MarshalIndent(states, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		testkit.Golden(t, name+".golden.json", append(got, '\n'))
	}
}

// TestEveryKindIsKept wants each kind that the package names in testdata.
func TestEveryKindIsKept(t *testing.T) {
	kept := map[string]bool{}
	for _, events := range cases(t) {
		for _, e := range events {
			kept[e.Kind] = true
		}
	}
	for _, kind := range kinds(t) {
		if !kept[kind] {
			t.Errorf("testdata keeps no event of kind %s", kind)
		}
	}
}

// kinds are the constants of the first block of change.go that follows the
// words "kinds of event".
func kinds(t *testing.T) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "change.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST || !strings.Contains(g.Doc.Text(), "kinds of event") {
			continue
		}
		var out []string
		for _, s := range g.Specs {
			v, err := strconv.Unquote(s.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, v)
		}
		return out
	}
	t.Fatal("no kinds found")
	return nil
}

func TestFoldingOnIsFoldingAll(t *testing.T) {
	for _, events := range cases(t) {
		for cut := range events {
			head, err := fold.Fold(fold.Case{}, events[:cut]...)
			if err != nil {
				t.Fatal(err)
			}
			kept, err := json.Marshal(head)
			if err != nil {
				t.Fatal(err)
			}
			on, err := fold.Fold(head, events[cut:]...)
			if err != nil {
				t.Fatal(err)
			}
			all, err := fold.Fold(fold.Case{}, events...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(all, on); diff != "" {
				t.Fatalf("cut at %d: %s", cut, diff)
			}
			after, err := json.Marshal(head)
			if err != nil || string(after) != string(kept) {
				t.Fatalf("cut at %d: folding on wrote into the state it began with", cut)
			}
		}
	}
}

// TestARowComesBackAsItWas: a state that went through its row's JSON is the same.
func TestARowComesBackAsItWas(t *testing.T) {
	for _, events := range cases(t) {
		c, err := fold.Fold(fold.Case{}, events...)
		if err != nil {
			t.Fatal(err)
		}
		row, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back fold.Case
		if err := json.Unmarshal(row, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(row) {
			t.Errorf("a row changes on its way: %s", cmp.Diff(string(row), string(again)))
		}
	}
}

func TestAnUnknownSchemaIsRefused(t *testing.T) {
	_, err := fold.Fold(fold.Case{}, event.Event{Kind: fold.Submitted, Schema: 99, Clear: []byte("{}")})
	if err == nil {
		t.Error("an event of a schema that nobody knows was folded")
	}
}

// TestAQuestionIsAskedAnewWhenItsStepIsComeToAgain: a case was sent back while
// another unit was being asked. What was asked then is over.
func TestAQuestionIsAskedAnewWhenItsStepIsComeToAgain(t *testing.T) {
	events := casesOf(t, "schema1-consult")[0][:3]
	then := func(kind, change string) {
		last := events[len(events)-1]
		last.Version, last.Kind, last.Clear = last.Version+1, kind, json.RawMessage(change)
		events = append(events, last)
	}
	state := func() fold.Case {
		c, err := fold.Fold(fold.Case{}, events...)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	before := state()
	if _, waits := before.Awaits("traffic"); !waits {
		t.Fatal("the question waits for its answer")
	}
	then(fold.Returned, `{"step":"traffic","to":"fill","holder":{"who":"applicant"}}`)
	if a := state().Asked[0]; a.Outcome != fold.Withdrawn {
		t.Errorf("left without an answer: %+v", a)
	}
	then(fold.Resubmitted, `{"step":"fill","to":"traffic","holder":{"who":"system"}}`)
	if a, waits := state().Awaits("traffic"); waits {
		t.Errorf("waits for the answer to what was asked before: %+v", a)
	}
	if before.Asked[0].Outcome != "" {
		t.Error("folding wrote into a state that somebody holds")
	}
}

// A row that somebody wrote in has no more than it says: verify must outlive it.
func TestAnEventThatSaysNothingFolds(t *testing.T) {
	for _, kind := range kinds(t) {
		if _, err := fold.Fold(fold.Case{}, event.Event{Kind: kind, Schema: fold.Schema, Clear: []byte("{}")}); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// TestSeveralAreCalledInByOneLapse: each keeps the right to act, at whose unit
// they were called in.
func TestSeveralAreCalledInByOneLapse(t *testing.T) {
	events := casesOf(t, "schema1-complaint")[0][:14]
	c, err := fold.Fold(fold.Case{}, events...)
	if err != nil {
		t.Fatal(err)
	}
	var posts []string
	for _, called := range c.CalledIn() {
		role, unit := fold.Post(called)
		if fold.AtUnit(role, unit) != called {
			t.Errorf("%s is split into %s and %s", called, role, unit)
		}
		posts = append(posts, role+" of "+unit)
	}
	if diff := cmp.Diff([]string{"inspektur of inspektorat", "atasan_pengaduan of "}, posts); diff != "" {
		t.Error(diff)
	}
}

// TestWhatWasAskedIsToldApartByItsId, while its case is still being made.
func TestWhatWasAskedIsToldApartByItsId(t *testing.T) {
	events := casesOf(t, "schema1-complaint")[0]
	c, err := fold.Fold(fold.Case{}, events[:10]...)
	if err != nil {
		t.Fatal(err)
	}
	if open := c.Helping("answer"); len(open) != 2 || open[0].Case == "" || open[1].Case != "" || len(c.Helping("verify")) != 0 {
		t.Errorf("open: %+v", open)
	}
	if _, waits := c.Awaits("answer"); waits {
		t.Error("help that is asked for holds the case")
	}
	if q, ok := c.Question("answer/2"); !ok || q.Unit != "dlh" {
		t.Errorf("%+v", q)
	}
}
