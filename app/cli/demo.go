package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"pendopo/app"
	"pendopo/app/demo"
	"pendopo/engine/notify"
	"pendopo/government"
	"pendopo/kernel/conf"
)

// DemoCmd makes and serves the demo. A second start finds the same folder and
// doubles nothing.
type DemoCmd struct {
	conf.Place
	Listening
	Telling
	Government string `help:"Another government folder; its services must be the demo's." placeholder:"DIR" type:"existingdir"`
	Make       bool   `help:"Only make it; do not serve."`
	JSON       bool   `help:"Print log-ins and sample cases as one JSON object." name:"json"`
}

// Run makes the instance, prints how to log in as whom, and serves.
func (c *DemoCmd) Run(env *Env) error {
	if err := c.choosePort(); err != nil {
		return err
	}
	clock := &demo.Clock{}
	setup, err := c.setup(c.Place)
	if err != nil {
		return err
	}
	in, err := app.Open(env.Ctx, app.Options{
		Place: c.Place, Base: c.base(), Lock: c.Database == "", Create: true, Origin: originOf("", c.base()),
		Log: env.logger(slog.LevelWarn), Now: clock.Now, Notices: setup, Since: clock.Now().AddDate(0, -4, 0), // before the oldest report
	})
	if err != nil {
		return err
	}
	defer in.Close()
	if setup == nil {
		if err := c.writeDown(in); err != nil {
			return err
		}
	}
	if c.Government != "" {
		in.KeepFolder(c.Government)
	}
	if err := c.publish(env, in); err != nil {
		return err
	}
	logins, err := demo.Seed(env.Ctx, in, clock, progressLine(env.Err))
	if err != nil {
		return err
	}
	if err := sequenceAll(env.Ctx, in); err != nil {
		return err
	}
	samples, err := demo.Samples(env.Ctx, in)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(env.Out).Encode(map[string]any{"base": c.base(), "logins": logins, "cases": samples})
	} else {
		c.greet(env, in, logins, samples)
	}
	if err != nil {
		return err
	}
	if c.Make {
		return nil
	}
	return serve(env, in, c.Listening, true)
}

// writeDown lets people be told into a file, browsers that ask for it too.
func (c *DemoCmd) writeDown(in *app.Instance) error {
	setup := notify.FileSetup(c.NoticesFolder())
	if err := setup.Offer(in.Instance.IndexMAC("notices push")); err != nil {
		return err
	}
	in.Notices.Use(setup)
	return nil
}

// publish publishes the demo's folder; a program that wants JSON gets one
// object and not two.
func (c *DemoCmd) publish(env *Env, in *app.Instance) error {
	quiet := *env
	if c.JSON {
		quiet.Out = io.Discard
	}
	return publish(&quiet, folder(c.Government), in.PublishFolder, false)
}

// sequenceAll brings what was made into the log before anybody looks.
func sequenceAll(ctx context.Context, in *app.Instance) error {
	for {
		if n, err := in.Ledger.Sequence(ctx); err != nil || n == 0 {
			return err
		}
	}
}

// progressLine draws one line that grows; where nobody watches it is not drawn
// again and again.
func progressLine(out io.Writer) func(done, total int) {
	terminal := isTerminal(out)
	return func(done, total int) {
		const width = 30
		if !terminal && done < total {
			return
		}
		filled := width * done / total
		fmt.Fprintf(out, "\rmaking the demo  [%s%s] %3d%%", strings.Repeat("#", filled), strings.Repeat(".", width-filled), 100*done/total)
		if done == total {
			fmt.Fprintln(out)
		}
	}
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// greet says where to go and as whom.
func (c *DemoCmd) greet(env *Env, in *app.Instance, logins []demo.Login, samples []demo.Sample) {
	g := in.Cases.Government()
	fmt.Fprintf(env.Out, "\n%s (invented; a demo)\n\n", g.Profile.Name.In("id"))
	fmt.Fprintf(env.Out, "  Citizens   %s/\n  Officers   %s/desk\n  Log        %s/log/checkpoint\n\n", c.base(), c.base(), c.base())
	fmt.Fprintf(env.Out, "  %-10s %-18s %s\n", "log-in", "password", "who")
	for _, l := range logins {
		fmt.Fprintf(env.Out, "  %-10s %-18s %s, %s, %s\n", l.Login, l.Password, l.Name, g.Role(l.Role).Name.In("id"), g.Unit(l.Unit).Name.In("id"))
	}
	fmt.Fprintf(env.Out, "\n  %-14s %-10s %s\n", "code", "secret", "an applicant's case, at "+c.base()+"/track")
	for _, s := range samples {
		fmt.Fprintf(env.Out, "  %-14s %-10s %s\n", s.Code, s.Secret, s.What)
	}
	fmt.Fprintln(env.Out)
}

// folder is a government folder, or the embedded one.
func folder(dir string) fs.FS {
	if dir == "" {
		return government.FS
	}
	return os.DirFS(dir)
}

// InitCmd writes the embedded government out.
type InitCmd struct {
	Dir  string `arg:"" help:"Folder to make; it must not exist or be empty."`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// Run writes every file of the embedded government.
func (c *InitCmd) Run(env *Env) error {
	if names, err := os.ReadDir(c.Dir); err == nil && len(names) > 0 {
		return fmt.Errorf("%s is not empty", c.Dir)
	}
	if err := os.CopyFS(c.Dir, government.FS); err != nil {
		return err
	}
	return env.say(c.JSON, map[string]string{"dir": c.Dir}, "wrote a government to %s; change it, then `pendopo check %s`", c.Dir, c.Dir)
}
