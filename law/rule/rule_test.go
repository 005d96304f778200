package rule_test

import (
	"testing"
	"time"

	"pendopo/government"
	"pendopo/law/definition"
	"pendopo/law/rule"
)

func demo(t testing.TB, id string) *definition.Service {
	t.Helper()
	g, findings := definition.Read(government.FS)
	if definition.Failed(findings) {
		t.Fatal(findings)
	}
	s := g.Service(id)
	if s == nil {
		t.Fatalf("no service %s", id)
	}
	return s
}

func TestEveryRuleOfTheDemoCompilesAndTheAgeDecides(t *testing.T) {
	s := demo(t, "surat-keterangan-domisili")
	p, problems := rule.Compile(s)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	today := time.Date(2026, 3, 17, 9, 0, 0, 0, time.UTC)
	for birth, minor := range map[string]bool{"2009-03-17": false, "2009-03-18": true, "1990-01-01": false} {
		got, err := p.Bool("form.pages[2].show", rule.Env{Answers: map[string]any{"birth_date": birth}, Today: today, Channel: "portal"})
		if err != nil || got != minor {
			t.Errorf("born %s: minor %v, err %v", birth, got, err)
		}
	}
}

func TestARuleWhoseFieldIsMissingIsAnErrorAndNotFalse(t *testing.T) {
	p, _ := rule.Compile(demo(t, "surat-keterangan-domisili"))
	if _, err := p.Bool("form.pages[2].show", rule.Env{Answers: map[string]any{}, Today: time.Now(), Channel: "portal"}); err == nil {
		t.Fatal("no error")
	}
	if _, err := p.Bool("form.pages[0].show", rule.Env{}); err == nil {
		t.Fatal("a path without a rule answered")
	}
}
