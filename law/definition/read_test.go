package definition

import (
	"os"
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

// TestACopyWithTheOldIdIsOneSlip: whoever begins with a copy is told of the copy
// alone, and nothing is said against the file that was copied.
func TestACopyWithTheOldIdIsOneSlip(t *testing.T) {
	for _, dir := range []string{"services", "documents"} {
		folder := folderOf(t, os.DirFS("testdata/good"))
		folder[dir+"/abc.yaml"] = folder[dir+"/izin.yaml"]
		got := Check(folder)
		if len(got) != 1 || got[0].Code != "id_file" || got[0].File != dir+"/abc.yaml" {
			t.Errorf("%s: %v", dir, got)
		}
	}
}
