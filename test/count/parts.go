package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"pendopo/test/testkit/pgserver"
)

// longest is how long one package's tests may take.
const longest = "8m"

// form is what can be said of files without running them.
func form(t *tally) error {
	t.check("gofmt", nothing(exec.Command("gofmt", "-l", ".")))
	t.check("go vet", well(exec.Command("go", "vet", "./...")))
	t.check("generated code is up to date", generated())
	return nil
}

// well runs a command that must succeed; what it says is shown when it does not.
func well(cmd *exec.Cmd) error {
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// nothing runs a command that must succeed and print nothing.
func nothing(cmd *exec.Cmd) error {
	out, err := cmd.Output()
	if err == nil && len(out) > 0 {
		return errors.New(string(out))
	}
	return err
}

// generated generates the pages anew in a copy and compares: the tree itself
// is left as it is.
func generated() error {
	copied, err := os.MkdirTemp("", "pendopo-templ-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(copied)
	pages, err := templates(".")
	if err != nil {
		return err
	}
	copies := map[string]string{"tools.mod": "go.mod", "tools.sum": "go.sum"}
	for _, page := range pages {
		copies[page] = page
	}
	for from, to := range copies {
		if err := copyFile(from, filepath.Join(copied, to)); err != nil {
			return err
		}
	}
	cmd := exec.Command("go", "tool", "templ", "generate")
	cmd.Dir = copied
	if err := well(cmd); err != nil {
		return err
	}
	return stale(copied, pages)
}

// templates are the pages below a folder.
func templates(top string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err == nil && strings.HasSuffix(path, ".templ") {
			found = append(found, path)
		}
		return err
	})
	return found, err
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}

// stale names each page whose committed code is not what templ makes of it.
func stale(made string, pages []string) error {
	bare := regexp.MustCompile("FileName: `(.*/)?") // it depends on where templ was started
	var all []error
	for _, page := range pages {
		name := strings.TrimSuffix(page, ".templ") + "_templ.go"
		want, err := os.ReadFile(filepath.Join(made, name))
		if err != nil {
			return err
		}
		got, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(bare.ReplaceAll(got, nil), bare.ReplaceAll(want, nil)) {
			all = append(all, fmt.Errorf("%s is not what %s says: make generate", name, page))
		}
	}
	return errors.Join(all...)
}

// roomy is the environment of tests: memory is collected less often than a server
// on a small machine does, which leaves a quarter of the processor's time.
func roomy() []string {
	if os.Getenv("GOGC") != "" {
		return os.Environ()
	}
	return append(os.Environ(), "GOGC=400")
}

// goTests runs all Go tests against one PostgreSQL that all packages share,
// unless one is given.
func goTests(t *tally) error {
	// Packages that start servers, cut lines or kill programs mostly wait: twice as
	// many at once as there are processors.
	atOnce := strconv.Itoa(2 * runtime.NumCPU())
	cmd := exec.Command("go", "test", "-json", "-count=1", "-vet=off", "-p="+atOnce, "-timeout="+longest, "-ldflags=-s -w", "./...")
	cmd.Env = roomy()
	if os.Getenv("PENDOPO_TEST_POSTGRES") == "" {
		server, err := pgserver.Start()
		if err != nil {
			return err
		}
		defer server.Stop()
		cmd.Env = append(cmd.Env, "PENDOPO_TEST_POSTGRES="+server.URL)
	}
	return follow(t, cmd)
}

// browser builds the program, makes its demo once and lets a browser use a copy
// of it for each story of test/browser.
func browser(t *tally) error {
	dir, err := os.MkdirTemp("", "pendopo-browser-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "pendopo")
	if err := well(exec.Command("go", "build", "-o", program, "./cmd/pendopo")); err != nil {
		return err
	}
	town := filepath.Join(dir, "town")
	if err := well(exec.Command(program, "demo", "--make", "--data", filepath.Join(town, "data"))); err != nil {
		return err
	}
	stories, err := filepath.Glob(filepath.Join("test", "browser", "*.test.js"))
	if err != nil {
		return err
	}
	args := []string{"--test", "--test-concurrency=2", "--test-reporter=./reporter.js"} // a browser and a server wait for one another much of the time
	for _, story := range stories {
		args = append(args, filepath.Base(story))
	}
	cmd := exec.Command("node", args...)
	cmd.Dir = filepath.Join("test", "browser")
	cmd.Env = append(roomy(), "PENDOPO_PROGRAM="+program, "PENDOPO_TOWN="+town)
	return follow(t, cmd)
}
