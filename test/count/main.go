// Command count runs every test of the tree, of every kind, and ends with one
// plain line, `N passed, N failed`. It is what `make test` calls once the tools
// are there. Its status is 0 only when something passed and nothing failed.
//
//	go run ./test/count [PART…]
//
// runs all parts or the named ones: form, go, browser.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// part is one kind of test. It reports to the tally, and gives an error only
// when it could not run at all.
type part struct {
	name string
	run  func(*tally) error
}

func parts() []part {
	return []part{{"form", form}, {"go", goTests}, {"browser", browser}}
}

func main() {
	t := newTally(os.Stdout)
	os.Exit(run(t, parts(), os.Args[1:]))
}

// run runs the wanted parts, or all, and prints the line that everything ends
// with.
func run(t *tally, all []part, want []string) int {
	for _, name := range want {
		if !slices.ContainsFunc(all, func(p part) bool { return p.name == name }) {
			t.fail(name, "there is no such part")
		}
	}
	for _, p := range all {
		if len(want) > 0 && !slices.Contains(want, p.name) {
			continue
		}
		start := time.Now()
		fmt.Fprintf(t.out, "== %s\n", p.name)
		if err := p.run(t); err != nil {
			t.fail(p.name, err.Error())
		}
		t.times = append(t.times, fmt.Sprintf("%s %.0f s", p.name, time.Since(start).Seconds()))
	}
	return t.end()
}

// tally counts, and remembers what failed.
type tally struct {
	out    io.Writer
	passed int
	failed []string
	times  []string
}

func newTally(out io.Writer) *tally { return &tally{out: out} }

func (t *tally) pass() { t.passed++ }

// fail counts a failure and shows what it said.
func (t *tally) fail(name, said string) {
	t.failed = append(t.failed, name)
	fmt.Fprintf(t.out, "FAILED %s\n%s\n", name, said)
}

// check counts one check by its error.
func (t *tally) check(name string, err error) {
	if err != nil {
		t.fail(name, err.Error())
		return
	}
	t.pass()
}

// end prints times, the names of what failed, and the line.
func (t *tally) end() int {
	for _, line := range t.times {
		fmt.Fprintln(t.out, "took", line)
	}
	for _, name := range t.failed {
		fmt.Fprintln(t.out, "failed:", name)
	}
	fmt.Fprintf(t.out, "%d passed, %d failed\n", t.passed, len(t.failed))
	if t.passed == 0 || len(t.failed) > 0 {
		return 1
	}
	return 0
}
