package script

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var fenced = regexp.MustCompile("(?s)```(\\w*)\n(.*?)```")

// TestTheGuidesDoWhatTheirStoryDoes holds the pages that lead a clerk through a
// first service to write-a-service.txtar: each command of theirs stands there in
// the same order, and so does each file.
func TestTheGuidesDoWhatTheirStoryDoes(t *testing.T) {
	story, err := os.ReadFile("write-a-service.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"../../docs/write-a-service.md", "../../docs/panduan/layanan.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		rest, commands, files := string(story), 0, 0
		for _, block := range fenced.FindAllStringSubmatch(string(text), -1) {
			switch block[1] {
			case "sh":
				for _, line := range strings.Split(strings.TrimSpace(block[2]), "\n") {
					_, after, found := strings.Cut(rest, line+"\n")
					if !found {
						t.Errorf("%s: the story does not go on with %q", page, line)
						continue
					}
					rest, commands = after, commands+1
				}
			case "yaml":
				if files++; !strings.Contains(string(story), "--\n"+block[2]) {
					t.Errorf("%s: file %d differs from the story's", page, files)
				}
			}
		}
		if commands < 9 || files != 3 {
			t.Errorf("%s: %d commands, %d files", page, commands, files)
		}
	}
}

// quoted wants every answer that a page shows, a fenced block without a
// language, to be among what was said:
//
//	quoted docs/write-a-service.md said…
func quoted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: quoted page said…")
	}
	page, err := os.ReadFile(filepath.Join("../..", args[0]))
	ts.Check(err)
	var said strings.Builder
	for _, name := range args[1:] {
		said.WriteString(ts.ReadFile(name))
	}
	n := 0
	for _, block := range fenced.FindAllStringSubmatch(string(page), -1) {
		if block[1] != "" {
			continue
		}
		if n++; !strings.Contains(said.String(), block[2]) {
			ts.Fatalf("%s shows what is not said:\n%s", args[0], block[2])
		}
	}
	if n == 0 {
		ts.Fatalf("%s shows no answer", args[0])
	}
}
