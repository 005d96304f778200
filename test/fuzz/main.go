// Command fuzz runs every fuzz target of the tree, one after another, each for a
// time: `go run ./test/fuzz -for 1m`, or make fuzz. Inputs that make a target fail
// are kept by Go in its testdata/fuzz, to be committed with the mending; inputs
// that reach new code are kept in the build cache and are begun with next time.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// target is one fuzz function.
type target struct{ dir, name string }

var found = regexp.MustCompile(`(?m)^func (Fuzz[A-Za-z0-9_]+)\(`)

func main() {
	each := flag.Duration("for", time.Minute, "how long each target runs")
	only := flag.String("only", "", "run targets alone whose folder or name has this in it")
	flag.Parse()
	list, err := targets(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(2)
	}
	ran, failed := 0, 0
	for _, t := range list {
		if !strings.Contains(t.dir+"."+t.name, *only) {
			continue
		}
		if ran++; !run(t, *each) {
			failed++
		}
	}
	fmt.Printf("%d targets, %d failed\n", ran, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

// targets are the fuzz functions below a folder.
func targets(top string) (list []target, err error) {
	err = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && (d.Name() == "node_modules" || d.Name() == "testdata") {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range found.FindAllSubmatch(text, -1) {
			list = append(list, target{"./" + filepath.ToSlash(filepath.Dir(path)), string(m[1])})
		}
		return err
	})
	return list, err
}

// run fuzzes one target, with little claim on the machine, and says how it went.
func run(t target, each time.Duration) bool {
	cmd := exec.Command("nice", "-n", "10", "go", "test", "-vet=off", "-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+each.String(), t.dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	fmt.Printf("%-50s %s\n", t.dir+"."+t.name, verdict(out.String(), err))
	return err == nil
}

// verdict is the last figures of a run, or all it said when it failed.
func verdict(out string, err error) string {
	if err != nil {
		return "FAILED: " + err.Error() + "\n" + out
	}
	last := "no figures"
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "fuzz: elapsed") {
			last = strings.TrimSpace(strings.TrimPrefix(line, "fuzz: "))
		}
	}
	return last
}
