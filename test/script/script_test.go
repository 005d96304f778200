package script

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pendopo/app/cli"
	"pendopo/test/testkit"
	"pendopo/test/testkit/port"
)

// TestMain lets this test program be the program pendopo too.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pendopo": func() { os.Exit(cli.Main(os.Args[1:])) }})
}

func TestCommands(t *testing.T) {
	d := &demo{dir: t.TempDir()}
	testscript.Run(t, testscript.Params{
		Dir:                 ".",
		RequireExplicitExec: false,
		UpdateScripts:       *testkit.Update,
		Setup: func(env *testscript.Env) error {
			addr, err := port.Free()
			env.Setenv("ADDR", addr)
			env.Setenv("PENDOPO_DATA", "town")
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"town": d.town, "status": status, "grab": grab, "papers": papers, "await": await, "fetch": fetch, "change": change,
			"hangup": hangup, "query": query, "sheets": sheets, "quoted": quoted,
		},
	})
}

// TestEveryCommandHasAStoryAndHelp: what --help lists is what there are scripts
// for, and every command says what its flags and variables are.
func TestEveryCommandHasAStoryAndHelp(t *testing.T) {
	scripts, err := filepath.Glob("*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, s := range scripts {
		told = append(told, strings.TrimSuffix(s, ".txtar"))
	}
	commands := words(t)
	if len(commands) < 15 {
		t.Fatalf("--help lists only %q", commands)
	}
	for _, c := range commands {
		if !slices.Contains(told, c[0]) {
			t.Errorf("no story tells of %s", c[0])
		}
		text := help(t, c...)
		if !strings.HasPrefix(text, "Usage: pendopo "+strings.Join(c, " ")) {
			t.Errorf("%v --help says %q", c, text)
		}
		if strings.Contains(text, "--data=") && !strings.Contains(text, "$PENDOPO_DATA") {
			t.Errorf("%v --help names no variable for --data", c)
		}
	}
}
