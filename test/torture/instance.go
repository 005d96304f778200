package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/form"
)

// service is what the citizens apply for: from the form to a clock in minutes,
// two officers, a number and a signed letter.
const service = "surat-keterangan-domisili"

// unit handles what they apply for.
const unit = "kel-sekararum"

// login is an officer of the instance and how to log in as them.
type login struct{ name, password, role, id string }

// instance is a Pendopo on disk and what is needed to serve it.
type instance struct {
	dir        string // holds everything
	program    string // pendopo itself, or what serves as it does
	government string // folder
	place      conf.Place
	officers   []login
	waiting    []string // streams made ahead whose limits pass soon

	within []string // what a command begins with to run where the instance is; empty = here
}

// run is a command to be run where the instance is.
func (in *instance) run(ctx context.Context, name string, args ...string) *exec.Cmd {
	all := append(append([]string{}, in.within...), append([]string{name}, args...)...)
	return exec.CommandContext(ctx, all[0], all[1:]...)
}

// build compiles a program of this module into a folder.
func build(dir, name string) (string, error) {
	out := filepath.Join(dir, filepath.Base(name))
	if text, err := exec.Command("go", "build", "-o", out, name).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w: %s", name, err, text)
	}
	return out, nil
}

// writeGovernment writes the demo's folder out. Its limits of working minutes
// become one minute of the clock, so that they pass while the rig runs, on
// Sundays too.
func writeGovernment(dir string) error {
	return fs.WalkDir(government.FS, ".", func(path string, d fs.DirEntry, err error) error {
		to := filepath.Join(dir, filepath.FromSlash(path))
		if err != nil || d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		text, err := fs.ReadFile(government.FS, path)
		if err != nil {
			return err
		}
		hurried := strings.NewReplacer("within: 10 working minutes", "within: 2 minutes",
			"within: 5 working minutes", "within: 1 minute", "within: 4 working minutes", "within: 1 minute").Replace(string(text))
		return os.WriteFile(to, []byte(hurried), 0o644)
	})
}

// make makes the instance: government, officers, and cases whose limits pass in
// the first seconds of the round.
func (in *instance) make(ctx context.Context, ahead int) error {
	if err := writeGovernment(in.government); err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Options{Place: in.place, Base: "http://localhost", Create: true, Origin: "torture.example/log", Lock: in.place.Database == ""})
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Publish(ctx, os.DirFS(in.government)); err != nil {
		return err
	}
	for i := range in.officers {
		if err := in.officers[i].make(ctx, a); err != nil {
			return err
		}
	}
	for i := range ahead {
		late := 60*time.Second - time.Duration(i)*500*time.Millisecond
		got, err := a.Cases.Submit(ctx, casework.Submission{
			Service: service, Channel: "counter", Lang: "id", Answers: applicant(), Received: time.Now().Add(-late), Evidence: "register_book",
		})
		if err != nil {
			return err
		}
		in.waiting = append(in.waiting, got.Stream)
	}
	return nil
}

func (l *login) make(ctx context.Context, a *app.Instance) (err error) {
	l.password = rand.Text()
	l.id, err = a.Identity.Create(ctx, identity.NewOfficer{
		Login: l.name, Name: identity.Name{Full: "Petugas " + l.name}, Password: l.password, Own: true,
	})
	if err != nil {
		return err
	}
	_, err = a.Identity.Assign(ctx, l.id, identity.Assignment{Unit: unit, Role: l.role, From: "2025-01-02", Kind: identity.Definitive}, "", "")
	return err
}

// applicant is what an invented person answers whose papers come to the
// counter: region 33.60 was given to no regency.
func applicant() form.Answers {
	return form.Answers{
		"name": "Sekar Wulandari", "nik": "3360015704950001", "birth_place": "Kawungraya", "birth_date": "1995-04-17",
		"sex": "perempuan", "phone": "+6281200000001", "region": "33.60.01.1001", "street": "Jalan Melati 4", "rt": int64(2),
		"rw": int64(5), "lives_since": "2020-01-01", "occupation": "bekerja", "purpose": "bank",
		"surat_pengantar": []string{form.AtCounter}, "ktp": []string{form.AtCounter}, "declaration": true,
	}
}

// flags are the flags of every command about this instance.
func (in *instance) flags() []string {
	f := []string{"--data", in.place.Data, "--keys-dir", in.place.InstanceKeys()}
	if in.place.Database != "" {
		f = append(f, "--database", in.place.Database, "--keys", in.place.Keys)
	}
	return f
}

// verify runs `pendopo verify` and gives what it printed when it was not content.
func (in *instance) verify(ctx context.Context, more ...string) error {
	out, err := in.command(ctx, append([]string{"verify"}, more...)...)
	if err != nil {
		return fmt.Errorf("pendopo verify: %w\n%s", err, out)
	}
	return nil
}

// command runs a command of the program beside the server.
func (in *instance) command(ctx context.Context, args ...string) (string, error) {
	verb := 1
	if len(args) > 1 && !strings.HasPrefix(args[1], "-") {
		verb = 2 // as in `log continue`
	}
	cmd := in.run(ctx, in.program, append(args[:verb:verb], append(in.flags(), args[verb:]...)...)...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
