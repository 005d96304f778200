package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// plant is a fault that is put into the program to show that the rig finds it,
// and that it finds it for its own reason. Want are checks that must turn red;
// never those that must not.
type plant struct {
	name  string
	what  string
	want  []string
	never []string
	apart bool // clients apply and do nothing else, for what they build on may not be there yet
}

// plants are the four ways in which a program loses what it acknowledged.
func plants() []plant {
	return []plant{
		{name: "synchronous", what: "the record is not synced (synchronous = OFF)",
			want: []string{checkCases, checkSign}, never: []string{checkFolders}},
		{name: "acknowledge", what: "clients are answered before the commit", apart: true,
			want: []string{checkCases, checkReceipts}, never: []string{checkSign, checkFolders, checkOpen, checkVerify}},
		{name: "blob", what: "files are not synced before the event that names them",
			want: []string{checkFiles, checkVerify}, never: []string{checkSign, checkFolders, checkCases}},
		{name: "folder", what: "folders are not synced",
			want: []string{checkFolders}, never: []string{checkSign, checkCases, checkFiles, checkVerify}},
	}
}

// graft is one change of the source: exactly one place of a file calls
// something else, which a file beside it brings. Which fault it commits the
// variable PENDOPO_PLANT says when the program runs.
type graft struct {
	file, old, new string
	beside         string
}

func grafts() []graft {
	return []graft{
		{file: "kernel/db/lite_conn.go", old: `c.exec("PRAGMA " + pragma)`, new: `c.exec("PRAGMA " + planted(path, pragma))`, beside: `package db

import (
	"os"
	"strings"
)

func planted(path, pragma string) string {
	careless := map[string]string{"synchronous": "pendopo.db", "blob": "blob.db"}[os.Getenv("PENDOPO_PLANT")]
	if careless != "" && strings.HasSuffix(path, careless) && strings.HasPrefix(pragma, "synchronous") {
		return "synchronous = OFF"
	}
	return pragma
}
`},
		{file: "engine/casework/commit.go", old: "err := e.db.Write(func(tx db.Tx) (err error) {\n\t\tafter, err = p.write(tx)",
			new: "err := planted(e.db.Write, func(tx db.Tx) (err error) {\n\t\tafter, err = p.write(tx)", beside: `package casework

import (
	"os"

	"pendopo/kernel/db"
)

func planted(write func(func(db.Tx) error) error, fn func(db.Tx) error) error {
	if os.Getenv("PENDOPO_PLANT") != "acknowledge" {
		return write(fn)
	}
	go write(fn)
	return nil
}
`},
		{file: "kernel/folder/folder.go", old: "errors.Join(d.Sync(), d.Close())", new: "errors.Join(planted(d.Sync), d.Close())", beside: `package folder

import "os"

func planted(sync func() error) error {
	if os.Getenv("PENDOPO_PLANT") == "folder" {
		return nil
	}
	return sync()
}
`},
	}
}

// buildGood builds the program as it is.
func buildGood(work string) (string, error) {
	return buildProgram(filepath.Join(work, "pendopo"))
}

// buildPlanted builds the program with the grafts laid over its source; no file
// of the tree is touched.
func buildPlanted(work string) (string, error) {
	top, err := house()
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for i, g := range grafts() {
		source := filepath.Join(top, g.file)
		content, err := os.ReadFile(source)
		if err != nil {
			return "", err
		}
		if strings.Count(string(content), g.old) != 1 {
			return "", fmt.Errorf("%s no longer holds %q once: the fault has to be planted anew", g.file, g.old)
		}
		changed, beside := filepath.Join(work, fmt.Sprintf("graft-%d.go", i)), filepath.Join(work, fmt.Sprintf("beside-%d.go", i))
		err = errors.Join(os.WriteFile(changed, []byte(strings.Replace(string(content), g.old, g.new, 1)), 0o600),
			os.WriteFile(beside, []byte(g.beside), 0o600))
		if err != nil {
			return "", err
		}
		replace[source], replace[filepath.Join(filepath.Dir(source), "planted_by_the_rig.go")] = changed, beside
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	list := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return "", err
	}
	return buildProgram(filepath.Join(work, "pendopo-planted"), "-overlay", list)
}

func buildProgram(to string, flags ...string) (string, error) {
	top, err := house()
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", append(append([]string{"build", "-o", to}, flags...), "./cmd/pendopo")...)
	cmd.Dir = top
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, said)
	}
	return to, nil
}

// judge says why the reds of a planted program are not those of its fault.
func (p plant) judge(red map[string][]string) error {
	var errs []error
	for _, check := range p.want {
		if len(red[check]) == 0 {
			errs = append(errs, fmt.Errorf("%s: the check %q stayed green", p.what, check))
		}
	}
	for _, check := range p.never {
		if len(red[check]) > 0 {
			errs = append(errs, fmt.Errorf("%s: the check %q turned red, which is another fault's: %s", p.what, check, red[check][0]))
		}
	}
	return errors.Join(errs...)
}

// done reports whether all checks that must turn red have.
func (p plant) done(red map[string][]string) bool {
	for _, check := range p.want {
		if len(red[check]) == 0 {
			return false
		}
	}
	return true
}
