package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// event is a line of `go test -json`. The browser story writes the same lines,
// so one reader counts both.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
	Elapsed    float64
}

// stream reads events and counts each test and subtest. Of what tests print it
// shows only what a failed one printed.
type stream struct {
	*tally
	said   map[string]*strings.Builder // by package and test, until it has ended
	passed map[string]int              // by package
	failed map[string]int
}

// follow runs a command that prints events.
func follow(t *tally, cmd *exec.Cmd) error {
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var complaints strings.Builder
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		return err
	}
	failures := len(t.failed)
	if err := read(t, pipe); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil && len(t.failed) == failures {
		return fmt.Errorf("%w though no test failed\n%s", err, complaints.String())
	}
	return nil
}

// read counts the events of one run. A line that is no event is shown.
func read(t *tally, from io.Reader) error {
	s := &stream{t, map[string]*strings.Builder{}, map[string]int{}, map[string]int{}}
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) == nil && e.Action != "" {
			s.take(e)
		} else if len(line) > 0 {
			fmt.Fprint(t.out, string(line))
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *stream) take(e event) {
	if e.Package == "" {
		e.Package = e.ImportPath
	}
	name := strings.TrimSuffix(e.Package+" "+e.Test, " ")
	switch {
	case e.Action == "output" || e.Action == "build-output":
		s.hear(name, e.Output)
	case e.Test == "" && (e.Action == "pass" || e.Action == "fail"):
		s.closed(e, name)
	case e.Action == "pass":
		s.pass()
		s.passed[e.Package]++
		delete(s.said, name)
	case e.Action == "fail":
		s.broke(e.Package, name, s.words(name))
	case e.Action == "skip" && e.Test != "":
		s.broke(e.Package, name, "was skipped: a test that does not run shows nothing\n"+s.words(name))
	}
}

func (s *stream) hear(name, output string) {
	if s.said[name] == nil {
		s.said[name] = &strings.Builder{}
	}
	s.said[name].WriteString(output)
}

// words are what a test said; they are said once.
func (s *stream) words(name string) string {
	defer delete(s.said, name)
	if s.said[name] == nil {
		return ""
	}
	return s.said[name].String()
}

func (s *stream) broke(pkg, name, words string) {
	s.failed[pkg]++
	s.fail(name, words)
}

// closed prints a package's line. A package that failed although none of its
// tests did could not be built, or ended in the middle: that is a failure too,
// and tests that never said how they ended are shown with it.
func (s *stream) closed(e event, name string) {
	if e.Action == "fail" && s.failed[e.Package] == 0 {
		words := s.words(name)
		for other := range s.said {
			if strings.HasPrefix(other, e.Package+" ") {
				words += s.words(other)
			}
		}
		s.broke(e.Package, name, words)
	}
	delete(s.said, name)
	if n := s.passed[e.Package] + s.failed[e.Package]; n > 0 {
		fmt.Fprintf(s.out, "%-34s %4d passed %3d failed %6.1f s\n", e.Package, s.passed[e.Package], s.failed[e.Package], e.Elapsed)
	}
}
