package definition

import (
	"testing"

	"pendopo/government"
)

func TestReadTakesTheDemoGovernmentWithoutFindings(t *testing.T) {
	g, findings := Read(government.FS)
	for _, f := range findings {
		t.Error(f)
	}
	if len(g.Services) < 2 || len(g.Units) < 19 || len(g.Templates) < 2 {
		t.Fatalf("services %d, units %d, templates %d", len(g.Services), len(g.Units), len(g.Templates))
	}
}
