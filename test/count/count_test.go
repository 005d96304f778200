package main

import (
	"os/exec"
	"strings"
	"testing"
)

const run1 = `{"Action":"start","Package":"p/a"}
{"Action":"run","Package":"p/a","Test":"TestOne"}
{"Action":"output","Package":"p/a","Test":"TestOne","Output":"quiet words\n"}
{"Action":"pass","Package":"p/a","Test":"TestOne/sub"}
{"Action":"pass","Package":"p/a","Test":"TestOne"}
{"Action":"pass","Package":"p/a","Elapsed":0.1}
{"Action":"output","Package":"p/b","Test":"TestTwo","Output":"why it failed\n"}
{"Action":"fail","Package":"p/b","Test":"TestTwo"}
{"Action":"fail","Package":"p/b","Elapsed":0.2}
{"Action":"output","Package":"p/c","Test":"TestHung","Output":"panic: test timed out\n"}
{"Action":"output","Package":"p/c","Output":"FAIL p/c\n"}
{"Action":"fail","Package":"p/c","Elapsed":0.3}
{"ImportPath":"p/d","Action":"build-output","Output":"d.go:1: no such thing\n"}
{"ImportPath":"p/d","Action":"build-fail"}
{"Action":"output","Package":"p/d","Output":"FAIL p/d [build failed]\n"}
{"Action":"fail","Package":"p/d","FailedBuild":"p/d"}
{"Action":"skip","Package":"p/e","Test":"TestThree"}
{"Action":"skip","Package":"p/f"}
words that are no event
`

func TestEveryKindOfEndingIsCounted(t *testing.T) {
	var out strings.Builder
	all := newTally(&out)
	if err := read(all, strings.NewReader(run1)); err != nil {
		t.Fatal(err)
	}
	if all.passed != 2 || strings.Join(all.failed, "|") != "p/b TestTwo|p/c|p/d|p/e TestThree" {
		t.Errorf("%d passed, failed: %q", all.passed, all.failed)
	}
	for _, want := range []string{"why it failed", "test timed out", "no such thing", "was skipped", "words that are no event"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not shown in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "quiet words") {
		t.Error("shows what a test that passed has printed")
	}
}

func TestTheLastLineAndTheStatus(t *testing.T) {
	good := part{"good", func(t *tally) error { t.pass(); return nil }}
	bad := part{"bad", func(t *tally) error { return exec.ErrNotFound }}
	none := part{"none", func(t *tally) error { return nil }}
	for _, c := range []struct {
		parts  []part
		want   []string
		line   string
		status int
	}{
		{[]part{good, good}, nil, "2 passed, 0 failed", 0},
		{[]part{good, bad}, nil, "1 passed, 1 failed", 1},
		{[]part{good, bad}, []string{"good"}, "1 passed, 0 failed", 0},
		{[]part{good}, []string{"good", "other"}, "1 passed, 1 failed", 1},
		{[]part{none}, nil, "0 passed, 0 failed", 1},
	} {
		var out strings.Builder
		status := run(newTally(&out), c.parts, c.want)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if last := lines[len(lines)-1]; last != c.line || status != c.status {
			t.Errorf("ends %q with %d, want %q with %d", last, status, c.line, c.status)
		}
	}
}

func TestACommandThatFailsWithoutAFailedTestFails(t *testing.T) {
	var out strings.Builder
	all := newTally(&out)
	err := follow(all, exec.Command("sh", "-c", `echo '{"Action":"pass","Package":"p","Test":"T"}'; echo why >&2; exit 3`))
	if err == nil || !strings.Contains(err.Error(), "why") {
		t.Errorf("gave %v", err)
	}
}
