package leak

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pendopo/test/testkit"
)

// TestMain lets this test program live the day in a process of its own, whose
// whole output can be searched.
func TestMain(m *testing.M) {
	if dir := os.Getenv("PENDOPO_LEAK_DAY"); dir != "" {
		if err := live(dir); err != nil {
			fmt.Fprintln(os.Stderr, "the day ended badly:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestNothingPersonalIsLeftInPlain lives the day and searches everything.
func TestNothingPersonalIsLeftInPlain(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	found, secrets := after(t, self, "")
	for place, values := range found {
		t.Errorf("%s holds %q", place, values)
	}
	if len(secrets) == 0 {
		t.Error("the day was told no secret")
	}
}

// TestTheSearchFindsEverythingWhereNothingIsSealed is the positive control. The
// same program is built with a sealing that changes nothing: then every planted
// value is found, in every place of the golden file. What is never kept is
// not found even there.
func TestTheSearchFindsEverythingWhereNothingIsSealed(t *testing.T) {
	found, secrets := after(t, unsealed(t), "PENDOPO_LEAK_CONTROL=1")
	seen := map[string]bool{}
	for place, values := range found {
		for _, v := range values {
			seen[v] = true
			if slices.Contains(never(), v) || slices.Contains(secrets, v) {
				t.Errorf("%s holds %s, which is not to be kept at all", place, v)
			}
		}
	}
	for _, v := range planted() {
		if !seen[v] {
			t.Errorf("the search does not find %s", v)
		}
	}
	for _, file := range []string{"data/pendopo.db", "data/blob.db", "data-running/pendopo.db-wal"} {
		if len(found[file]) == 0 {
			t.Errorf("nothing is found in the file %s as it lies there", file)
		}
	}
	// What a file shows as it lies there depends on how it was written; what its
	// tables hold does not.
	maps.DeleteFunc(found, func(place string, _ []string) bool {
		return strings.Contains(place, ".db") && !strings.Contains(place, " ")
	})
	testkit.Golden(t, "places.txt", Lines(found))
}

// after lets a program live the day and gives what is found of what was planted
// and told.
func after(t *testing.T, program, env string) (found map[string][]string, secrets []string) {
	t.Helper()
	dir := t.TempDir()
	temp := filepath.Join(dir, "lived", "tmp")
	if err := os.MkdirAll(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	var out, log bytes.Buffer
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "PENDOPO_LEAK_DAY="+dir, "TMPDIR="+temp, env)
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), log.String())
	}
	if lines := strings.Count(log.String(), "\n"); lines < 50 {
		t.Fatalf("the log has only %d lines:\n%s", lines, log.String())
	}
	var said told
	raw, err := os.ReadFile(filepath.Join(dir, "told.json"))
	if err == nil {
		err = json.Unmarshal(raw, &said)
	}
	if err != nil {
		t.Fatal(err)
	}
	scanner := NewScanner(slices.Concat(planted(), never(), said.Secrets)...)
	found, err = scanner.Places(filepath.Join(dir, "lived"))
	if err != nil {
		t.Fatal(err)
	}
	note(found, "standard output", scanner.Scan(out.Bytes()))
	note(found, "log", scanner.Scan(log.Bytes()))
	return found, said.Secrets
}

// unsealed builds this test program with a package seal whose cipher gives back
// what it was given. No file of the program knows of it: go build lays the
// changed one over it.
func unsealed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	file, err := filepath.Abs("../../kernel/seal/derive.go")
	if err != nil {
		t.Fatal(err)
	}
	real, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const cipher = "func newAEAD(key []byte) cipher.AEAD {"
	if !strings.Contains(string(real), cipher) {
		t.Fatal("package seal makes its cipher elsewhere now")
	}
	nothing, err := os.ReadFile("testdata/identity.txt")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(real), cipher, "func newAEAD([]byte) cipher.AEAD { return identity{} }\n\nfunc cipherOf(key []byte) cipher.AEAD {", 1)
	over := filepath.Join(dir, "derive.go")
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {file: over}})
	for name, data := range map[string][]byte{over: []byte(changed + string(nothing)), filepath.Join(dir, "overlay.json"): overlay} {
		if err == nil {
			err = os.WriteFile(name, data, 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "unsealed.test")
	if out, err := exec.Command("go", "test", "-c", "-vet=off", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}
