package script

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"

	"pendopo/app/cli"
)

// demo is one made demo that every script which asks for a town gets a copy of.
type demo struct {
	dir  string
	once sync.Once
	err  error
}

// town copies the demo to town and town-keys in the script's folder:
//
//	town
func (d *demo) town(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: town")
	}
	d.once.Do(func() {
		var complaints bytes.Buffer
		env := &cli.Env{Ctx: context.Background(), Out: io.Discard, Err: &complaints}
		if status := cli.Run(env, []string{"demo", "--make", "--data", d.dir + "/town"}); status != 0 {
			d.err = errors.New(complaints.String())
		}
	})
	ts.Check(d.err)
	for _, name := range []string{"town", "town-keys"} {
		ts.Check(os.CopyFS(ts.MkAbs(name), os.DirFS(d.dir+"/"+name)))
	}
	keys, err := os.ReadDir(ts.MkAbs("town-keys"))
	ts.Check(err)
	for _, k := range keys { // CopyFS widens what umask allows
		ts.Check(os.Chmod(ts.MkAbs("town-keys/"+k.Name()), 0o600))
	}
}

// status runs a command that must end with a status:
//
//	status 1 pendopo check broken
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND [ARGUMENT…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s ended with %d, not %d", args[1], got, want)
	}
}

// grab keeps what a group of a pattern matched in a file (stdout, stderr or
// another) as a variable:
//
//	grab CODE stdout '(\S+) letter ready'
func grab(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: grab NAME FILE PATTERN")
	}
	found := regexp.MustCompile("(?m)" + args[2]).FindStringSubmatch(ts.ReadFile(args[1]))
	if len(found) < 2 {
		ts.Fatalf("%s does not match in %s", args[2], args[1])
	}
	ts.Setenv(args[0], found[1])
}

// change replaces the first occurrence of a text in a file:
//
//	change gov/units.yaml 'from' 'to'
func change(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: change FILE FROM TO")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s has no %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o644))
}

// await waits until an address answers, or a file is there, and says a text if
// one is given:
//
//	await http://$ADDR/ Selamat
//	await log 'not published'
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: await URL|FILE [TEXT]")
	}
	end := time.NewTimer(2 * time.Minute)
	defer end.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		body, status, err := look(ts, args[0])
		if err == nil && (len(args) == 1 || bytes.Contains(body, []byte(args[1]))) {
			return
		}
		select {
		case <-tick.C:
		case <-end.C:
			ts.Fatalf("%d %v: %s", status, err, body)
		}
	}
}

func look(ts *testscript.TestScript, at string) (body []byte, status int, err error) {
	if strings.HasPrefix(at, "http:") {
		return get(at)
	}
	body, err = os.ReadFile(ts.MkAbs(at))
	return body, 0, err
}

func get(url string) (body []byte, status int, err error) {
	res, err := http.Get(url)
	if err != nil {
		return nil, 0, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return body, res.StatusCode, err
}

// fetch writes what an address answers to a file; ! wants no 200:
//
//	fetch http://$ADDR/log/checkpoint head
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: fetch URL FILE")
	}
	body, status, err := get(args[0])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o644))
	if neg == (status == http.StatusOK) {
		ts.Fatalf("%s answered %d", args[0], status)
	}
}

// query changes a database behind the program's back:
//
//	query town/pendopo.db 'DELETE FROM cases'
func query(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: query FILE STATEMENT")
	}
	base, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer base.Close()
	result, err := base.Exec(args[1])
	ts.Check(err)
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		ts.Fatalf("%s changed nothing: %v", args[1], err)
	}
}

// hangup sends SIGHUP to the program in the background:
//
//	hangup
func hangup(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: hangup")
	}
	for _, cmd := range ts.BackgroundCmds() {
		ts.Check(cmd.Process.Signal(syscall.SIGHUP))
	}
}

// help is what a command says of itself.
func help(t *testing.T, command ...string) string {
	t.Helper()
	var out bytes.Buffer
	env := &cli.Env{Ctx: context.Background(), Out: &out, Err: &out}
	if status := cli.Run(env, append(command, "--help")); status != 0 {
		t.Errorf("%v --help ended with %d", command, status)
	}
	return out.String()
}

// words are the commands that --help lists, each as its words.
func words(t *testing.T) [][]string {
	t.Helper()
	_, list, _ := strings.Cut(help(t), "Commands:\n")
	var out [][]string
	for _, m := range regexp.MustCompile(`(?m)^  (\w+(?: \w+)?)  `).FindAllStringSubmatch(list, -1) {
		out = append(out, strings.Fields(m[1]))
	}
	return out
}
