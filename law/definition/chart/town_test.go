package chart

import (
	"testing"

	"pendopo/government"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web"
)

// demo is the demo government and the texts.
func demo(t testing.TB) (*definition.Government, *page.Catalogue) {
	t.Helper()
	g, findings := definition.Read(government.FS)
	if definition.Failed(findings) {
		t.Fatal(findings)
	}
	texts, err := page.LoadCatalogue(web.Locale(), false)
	if err != nil {
		t.Fatal(err)
	}
	return g, texts
}

func both(words string) definition.Text { return definition.Text{"id": words, "en": words} }

// permit is a service with everything that a flow can have: two branches at
// once, a question to another unit, a product of another system, an objection,
// and a decision of four ways.
func permit() (*definition.Government, *definition.Service) {
	role := func(r, u string) definition.Actor { return definition.Actor{Who: "role", Role: r, Unit: u} }
	applicant, system := definition.Actor{Who: "applicant"}, definition.Actor{Who: "system"}
	act := func(id string, kind definition.ActionKind, to string) definition.Action {
		return definition.Action{ID: id, Kind: kind, To: to, Label: both("Label " + id)}
	}
	limit := func(within string, late ...definition.Late) *definition.Limit {
		return &definition.Limit{Within: within, Late: late}
	}
	s := &definition.Service{
		ID: "permit", Name: both("Permit <of> & all"), Unit: definition.At{Unit: "hall"}, Limit: definition.Limit{Within: "9 working days"},
		Product: definition.Product{Kind: "made elsewhere", Name: both("the permit"), System: "NATIONAL"},
		Flow: definition.Flow{Start: "fill", Steps: []definition.Step{
			{ID: "fill", Kind: definition.StepFill, Actor: applicant, Limit: limit("7 calendar days"), Actions: []definition.Action{act("send", definition.ActSubmit, "sort")}},
			{ID: "sort", Kind: definition.StepReview, Actor: role("clerk", ""), Limit: limit("1 working days", definition.Late{Do: "escalate", Role: "head"}), Actions: []definition.Action{
				act("both", definition.ActApprove, "split"), act("back", definition.ActReturn, "fill"), act("ask", definition.ActForward, "ask"), act("no", definition.ActReject, "wait")}},
			{ID: "split", Kind: definition.StepParallel, Actor: system, Branches: []string{"site", "plan"}, Actions: []definition.Action{act("joined", definition.ActJoin, "ask")}},
			{ID: "site", Kind: definition.StepReview, Actor: role("surveyor", "works"), Limit: limit("2 working days"), Actions: []definition.Action{act("fit", definition.ActApprove, "split"), act("unfit", definition.ActForward, "split")}},
			{ID: "plan", Kind: definition.StepReview, Actor: role("planner", "works"), Limit: limit("3 working days"), Actions: []definition.Action{act("more", definition.ActApprove, "check")}},
			{ID: "check", Kind: definition.StepReview, Actor: role("clerk", ""), Limit: limit("1 working days"), Actions: []definition.Action{act("right", definition.ActApprove, "split")}},
			{ID: "ask", Kind: definition.StepConsult, Actor: system, Consult: &definition.Consult{Service: "other"}, Actions: []definition.Action{
				{ID: "safe", Kind: definition.ActAnswered, Outcome: "granted", Label: both("Safe"), To: "make"}, act("unsafe", definition.ActAnswered, "wait")}},
			{ID: "make", Kind: definition.StepMake, Actor: role("head", ""), Limit: limit("1 working days"), Actions: []definition.Action{act("made", definition.ActMake, "deliver")}},
			{ID: "deliver", Kind: definition.StepDeliver, Actor: role("clerk", ""), Limit: limit("30 calendar days"), Actions: []definition.Action{act("taken", definition.ActDeliver, definition.Granted)}},
			{ID: "wait", Kind: definition.StepWait, Actor: applicant, Limit: limit("21 working days", definition.Late{Do: "close", To: definition.Rejected}), Actions: []definition.Action{act("object", definition.ActObject, "sort"), act("withdraw", definition.ActWithdraw, definition.Withdrawn)}},
		}},
	}
	for i := range s.Flow.Steps {
		s.Flow.Steps[i].Name = both("Status of " + s.Flow.Steps[i].ID)
	}
	g := &definition.Government{Services: []*definition.Service{s}, Profile: definition.Profile{Name: both("Government of the test"), Head: both("Head")}}
	g.Units = []definition.Unit{{ID: "hall", Name: both("The hall"), Code: "HALL"}, {ID: "works", Name: both("Public works"), Code: "PU"}}
	for _, r := range []string{"clerk", "surveyor", "planner", "head"} {
		g.Roles = append(g.Roles, definition.Role{ID: r, Name: both("The " + r)})
	}
	return g, s
}
