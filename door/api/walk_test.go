package api_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// step is a block of commands of the walk and the lines it is said to print.
type step struct{ commands, says string }

// walk reads the blocks out of docs/api.md.
func walk(t *testing.T) []step {
	t.Helper()
	doc, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	var steps []step
	for i, block := range strings.Split(string(doc), "```") {
		switch kind, text, _ := strings.Cut(block, "\n"); {
		case i%2 == 0:
		case kind == "sh":
			steps = append(steps, step{commands: text})
		case kind == "text":
			steps[len(steps)-1].says = text
		}
	}
	return steps
}

func TestTheWalkOfTheDocumentationWorks(t *testing.T) {
	w := newTown(t, sqlite)
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	var working sync.WaitGroup
	working.Go(func() { w.Work(ctx) })
	defer working.Wait()
	defer stop()
	const between = "----- next step -----"
	steps := walk(t)
	var script strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&script, "%s\necho; echo '%s'\n", s.commands, between)
	}
	shell := exec.CommandContext(ctx, "sh", "-eu", "-c", script.String())
	shell.Dir, shell.Env = t.TempDir(), append(os.Environ(), "HOST="+w.url)
	var errors bytes.Buffer
	shell.Stderr = &errors
	out, err := shell.Output()
	printed := strings.Split(string(out), between)
	if err != nil || len(printed) != len(steps)+1 || len(steps) < 10 {
		t.Fatalf("%d of %d steps: %v\n%s\n%s", len(printed)-1, len(steps), err, out, errors.String())
	}
	for i, s := range steps {
		for _, line := range strings.Split(strings.TrimSpace(s.says), "\n") {
			if !follows(printed[i], line) {
				t.Errorf("step %d does not print %s\nbut%s", i+1, line, printed[i])
			}
		}
	}
}

// follows says whether the parts of a line, between its ellipses, follow each
// other in a text.
func follows(text, line string) bool {
	for _, part := range strings.Split(line, "…") {
		_, after, ok := strings.Cut(text, part)
		if !ok {
			return false
		}
		text = after
	}
	return true
}
