package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"pendopo/app"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
)

// house is an instance in a folder, with the demo government published.
func house(t *testing.T) conf.Place {
	t.Helper()
	place := conf.Place{Data: filepath.Join(t.TempDir(), "data"), Node: "test"}
	in, err := app.Open(context.Background(), app.Options{Place: place, Lock: true, Create: true, Origin: "test.example/log"})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, err := in.Publish(context.Background(), government.FS); err != nil {
		t.Fatal(err)
	}
	return place
}

// officer runs `pendopo officer …` in a house.
func officer(t *testing.T, place conf.Place, stdin string, args ...string) (out, complaint string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	env := &Env{Ctx: context.Background(), In: strings.NewReader(stdin), Out: &o, Err: &e}
	status = Run(env, append([]string{"officer"}, append(args, "--data", place.Data)...))
	return o.String(), e.String(), status
}

// must is officer for what has to succeed.
func must(t *testing.T, place conf.Place, stdin string, args ...string) string {
	t.Helper()
	out, complaint, status := officer(t, place, stdin, args...)
	if status != fine {
		t.Fatalf("officer %v: %d %s", args, status, complaint)
	}
	return out
}

func enters(t *testing.T, place conf.Place, login, password string) error {
	t.Helper()
	in, err := app.Open(context.Background(), app.Options{Place: place})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	_, err = in.Identity.Login(context.Background(), identity.Attempt{Login: login, Password: password})
	return err
}

func TestOfficerIsAddedAssignedAndListed(t *testing.T) {
	place := house(t)
	var added struct{ ID, Login, Password string }
	decode(t, must(t, place, "", "add", "budi.uji", "--name", "Budi Uji, S.Kom.", "--json"), &added)
	if err := enters(t, place, "budi.uji", added.Password); err != nil {
		t.Errorf("the printed password does not let in: %v", err)
	}
	must(t, place, "", "assign", "budi.uji", "--unit", "dpmptsp", "--role", "petugas_ptsp", "--from", "2026-01-01")
	var given struct{ Assignment string }
	decode(t, must(t, place, "", "assign", added.ID, "--unit", "dpmptsp", "--role", "koordinator_perizinan",
		"--kind", "plh", "--from", "2026-01-01", "--until", "2026-01-31", "--json"), &given)
	must(t, place, "", "unassign", "budi.uji", given.Assignment)
	must(t, place, "", "rename", "budi.uji", "--name", "Budi Uji, M.Kom.", "--nip", "198001012005011001")
	must(t, place, "", "disable", "budi.uji")
	var list []listed
	decode(t, must(t, place, "", "list", "--json"), &list)
	if len(list) != 1 || list[0].ID != added.ID || list[0].Name != "Budi Uji, M.Kom." || list[0].NIP == "" || !list[0].Disabled ||
		!list[0].Temporary || len(list[0].Assignments) != 2 || list[0].Assignments[1].Ended == "" || list[0].Assignments[1].Until != "2026-01-31" {
		t.Errorf("list says %+v", list)
	}
	text := must(t, place, "", "list")
	for _, part := range []string{"budi.uji", "Budi Uji, M.Kom.", "disabled", "petugas_ptsp at dpmptsp", "plh from 2026-01-01 until 2026-01-31, ended "} {
		if !strings.Contains(text, part) {
			t.Errorf("list does not say %q:\n%s", part, text)
		}
	}
	if enters(t, place, "budi.uji", added.Password) == nil {
		t.Error("a disabled officer got in")
	}
	must(t, place, "", "enable", "budi.uji")
	if err := enters(t, place, "budi.uji", added.Password); err != nil {
		t.Errorf("enabled again: %v", err)
	}
}

func TestPasswordIsReadOrMadeAndNeverAnArgument(t *testing.T) {
	place := house(t)
	out := must(t, place, "padi-menguning-7\nnot read\n", "add", "budi.uji", "--name", "Budi Uji", "--password-stdin")
	if strings.Contains(out, "padi") {
		t.Errorf("a password that was typed is printed: %s", out)
	}
	if err := enters(t, place, "budi.uji", "padi-menguning-7"); err != nil {
		t.Error(err)
	}
	out = must(t, place, "", "password", "budi.uji")
	_, rest, _ := strings.Cut(out, "password ")
	made, _, _ := strings.Cut(rest, "\n")
	if err := enters(t, place, "budi.uji", made); err != nil {
		t.Errorf("the password made here (%d characters) does not let in: %v", len(made), err)
	}
	if enters(t, place, "budi.uji", "padi-menguning-7") == nil {
		t.Error("the old password still lets in")
	}
	for _, args := range [][]string{
		{"add", "lain", "--name", "Lain", "--password", "rahasia-sekali-1"},
		{"password", "budi.uji", "rahasia-sekali-1"},
	} {
		if _, _, status := officer(t, place, "", args...); status != failed {
			t.Errorf("%v was taken", args)
		}
	}
}

func TestOfficerCommandsSayWhatIsWrong(t *testing.T) {
	place := house(t)
	must(t, place, "", "add", "budi.uji", "--name", "Budi Uji")
	for _, c := range []struct {
		stdin, want string
		args        []string
	}{
		{"", "This log-in name is taken", []string{"add", "budi.uji", "--name", "Lain"}},
		{"", "A NIP has 18 digits", []string{"add", "lain", "--name", "Lain", "--nip", "123"}},
		{"pendek\n", "A password has at least 12 characters", []string{"add", "lain", "--name", "Lain", "--password-stdin"}},
		{"", "There is no such officer", []string{"disable", "nobody"}},
		{"", "There is no such unit", []string{"assign", "budi.uji", "--unit", "moon", "--role", "lurah"}},
		{"", "There is no such role", []string{"assign", "budi.uji", "--unit", "dpmptsp", "--role", "king"}},
		{"", "needs a last day", []string{"assign", "budi.uji", "--unit", "dpmptsp", "--role", "petugas_ptsp", "--kind", "plt"}},
		{"", "There is no such assignment", []string{"unassign", "budi.uji", "nothing"}},
	} {
		_, complaint, status := officer(t, place, c.stdin, c.args...)
		if status != failed || !strings.Contains(complaint, c.want) {
			t.Errorf("%v: %d %s", c.args, status, complaint)
		}
	}
	if _, complaint, status := officer(t, conf.Place{Data: t.TempDir()}, "", "list"); status != failed || !strings.Contains(complaint, "no instance") {
		t.Errorf("an empty folder: %d %s", status, complaint)
	}
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}
