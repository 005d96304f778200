package app_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// module is the path of this module, with the slash that follows it.
const module = "pendopo/"

// floors are the floors of the house from the ground up. A package may import
// what stands below it, never what stands above.
func floors() map[string]int {
	return map[string]int{"web": 0, "kernel": 1, "law": 2, "engine": 3, "door": 4, "feature": 4, "app": 5, "cmd": 6}
}

// together are the floors whose packages may use one another. On every other
// floor a package has only itself and its own sub-packages.
func together(floor string) bool {
	return floor == "web" || floor == "kernel" || floor == "law" || floor == "app"
}

// beside are folders that stand on no floor: the programs and helpers of tests
// and measurements, which may import what they like and which nobody imports
// but tests, and the embedded demo.
func beside(floor string) bool { return floor == "test" || floor == "bench" || floor == "government" }

// worldly are the packages that reach files, networks, databases or chance, all
// of which law does without: it decides from what it is given.
func worldly() []string {
	return []string{
		"os", "os/exec", "net", "net/http", "database/sql", "math/rand", "math/rand/v2", "crypto/rand", "syscall",
		module + "kernel/db", module + "kernel/blob", module + "kernel/job", module + "kernel/ledger", module + "kernel/page", module + "kernel/seal",
	}
}

// split cuts an import path of ours, or a folder, into floor and module: the
// first two names of its path.
func split(p string) (floor, name string) {
	parts := strings.SplitN(strings.TrimPrefix(p, module), "/", 3)
	if len(parts) > 1 {
		return parts[0], parts[1]
	}
	return parts[0], ""
}

// refusal says why a package in dir may not import path, or is empty.
func refusal(dir, path string, test bool) string {
	if !strings.HasPrefix(path, module) {
		return ""
	}
	from, own := split(dir)
	to, other := split(path)
	height, onFloor := floors()[from]
	depth, known := floors()[to]
	switch {
	case beside(from):
		return ""
	case !onFloor:
		return from + " is no floor of the house: put the package on one, or name it in this test"
	case to == "government" && (from == "app" || test), to == "test" && test:
		return ""
	case to == "app" && test && (from == "door" || from == "feature"):
		return "" // a door is tested as app mounts it
	case to == "government":
		return "the demo government is data; only app and tests import it"
	case to == "test" || to == "bench":
		return "production never imports " + to
	case !known:
		return to + " is no floor of the house"
	case depth > height:
		return fmt.Sprintf("imports go down: %s stands below %s", from, to)
	case depth == height && from != to:
		return fmt.Sprintf("imports never go sideways: a %s and a %s meet in app", from, to)
	case depth == height && own != other && !together(from):
		return fmt.Sprintf("imports never go sideways: %s/%s and %s/%s know each other only through interfaces that app fills", from, own, to, other)
	}
	return ""
}

// refusals are all imports that the rule refuses, each with its reason.
func refusals(files []source) []string {
	var out []string
	for _, f := range files {
		for _, p := range f.imports() {
			if why := refusal(f.dir, p, f.test); why != "" {
				out = append(out, f.path+" imports "+p+": "+why)
			}
			if floor, _ := split(f.dir); floor == "law" && !f.test && slices.Contains(worldly(), p) {
				out = append(out, f.path+" imports "+p+": law decides from what it is given; it opens, looks up and draws nothing")
			}
		}
	}
	return out
}

func TestImportsGoDownNeverSideways(t *testing.T) {
	files := read(t, os.DirFS(".."))
	if len(files) < 150 {
		t.Fatalf("only %d files were read; the rule saw next to nothing", len(files))
	}
	for _, r := range refusals(files) {
		t.Error(r)
	}
}

// TestTheImportRuleFindsPlantedViolations plants one import per file, each
// refused for the reason beside it, among imports that are allowed.
func TestTheImportRuleFindsPlantedViolations(t *testing.T) {
	for _, c := range []struct{ file, imports, why string }{
		{"kernel/db/db.go", "law/fold", "kernel stands below law"},
		{"law/flow/flow.go", "engine/casework", "law stands below engine"},
		{"engine/casework/engine.go", "door/portal", "engine stands below door"},
		{"door/portal/module.go", "app", "door stands below app"},
		{"app/app.go", "cmd/pendopo", "app stands below cmd"},
		{"web/web.go", "kernel/page", "web stands below kernel"},
		{"web/component/field/field.go", "law/definition", "web stands below law"},
		{"engine/casework/more.go", "engine/document", "engine/casework and engine/document know each other"},
		{"engine/caseview/deep/x.go", "engine/casework/y", "engine/caseview and engine/casework know each other"},
		{"door/portal/more.go", "door/desk", "door/portal and door/desk know each other"},
		{"feature/queue/module.go", "feature/survey", "feature/queue and feature/survey know each other"},
		{"feature/queue/more.go", "door/portal", "a feature and a door meet in app"},
		{"door/desk/module.go", "feature/queue", "a door and a feature meet in app"},
		{"cmd/pendopo/main.go", "cmd/other", "cmd/pendopo and cmd/other know each other"},
		{"law/rule/rule.go", "government", "only app and tests import it"},
		{"engine/casework/kit.go", "test/testkit", "production never imports test"},
		{"app/speed.go", "bench", "production never imports bench"},
		{"util/util.go", "kernel/db", "util is no floor"},
		{"app/lost.go", "helpers", "helpers is no floor"},
		{"law/form/open_test.go", "engine/casework", "law stands below engine"},
		{"law/flow/chance.go", "kernel/db", "law decides from what it is given"},
	} {
		got := refusals(read(t, planted(c.file, `"pendopo/`+c.imports+`"`)))
		if len(got) != 1 || !strings.HasPrefix(got[0], c.file+" imports pendopo/"+c.imports) || !strings.Contains(got[0], c.why) {
			t.Errorf("%s importing %s: refused with %q, want one refusal saying %q", c.file, c.imports, got, c.why)
		}
	}
	if got := refusals(read(t, planted("law/flow/file.go", `"os"`))); len(got) != 1 {
		t.Errorf("law opening files: %q", got)
	}
}

// planted is a tree in which every import is allowed but the one given.
func planted(file, imports string) fstest.MapFS {
	tree := fstest.MapFS{}
	for path, lines := range map[string]string{
		"cmd/pendopo/main_ok.go":              `"pendopo/app/cli"`,
		"app/cli/cli.go":                      `"pendopo/app"; "pendopo/app/demo"; "pendopo/government"`,
		"app/ok.go":                           `"pendopo/door/portal"; "pendopo/engine/casework"; "pendopo/web"`,
		"door/portal/ok.go":                   `"pendopo/engine/casework"; "pendopo/web/component/field"; "pendopo/door/portal/part"`,
		"door/portal/part/ok.go":              `"pendopo/door/portal/other"`,
		"engine/casework/ok.go":               `"pendopo/law/flow"; "pendopo/kernel/db"; "pendopo/engine/casework/part"`,
		"engine/casework/part/ok.go":          `"pendopo/engine/casework"`,
		"engine/casework/ok_test.go":          `"pendopo/test/testkit"; "pendopo/government"`,
		"law/flow/ok.go":                      `"pendopo/law/fold"; "pendopo/kernel/fault"; "time"`,
		"kernel/db/ok.go":                     `"pendopo/kernel/fault"; "database/sql"; "os"`,
		"kernel/page/ok.go":                   `"pendopo/web/component/layout"; "pendopo/web/scope"`,
		"web/component/ok.go":                 `"pendopo/web/scope"`,
		"test/testkit/ok.go":                  `"pendopo/kernel/db"; "pendopo/app"`,
		"bench/ok.go":                         `"pendopo/app"; "pendopo/test/testkit"`,
		"government/ok.go":                    `"embed"`,
		"law/flow/testdata/not_code.go":       `"pendopo/app"`,
		"test/browser/node_modules/x/file.go": `"pendopo/app"`,
	} {
		tree[path] = &fstest.MapFile{Data: []byte("package x\nimport (" + lines + ")\n")}
	}
	tree[file] = &fstest.MapFile{Data: []byte("package x\nimport " + imports + "\n")}
	return tree
}
