// Package cli is the command line: one struct per command, filled from flags
// and PENDOPO_… variables by kong. A command answers 0 when all is well, 1 when
// it found something, 2 when it could not run.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"pendopo/app"
	"pendopo/kernel/conf"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/web"
)

// commands is every command of the program.
type commands struct {
	Demo     DemoCmd     `cmd:"" help:"Make and serve a demo government with invented people, in a folder."`
	Serve    ServeCmd    `cmd:"" help:"Publish a government folder and serve it."`
	Init     InitCmd     `cmd:"" help:"Write the demo government out as files, to begin one's own with."`
	Check    CheckCmd    `cmd:"" help:"Prove a government folder and name every fault. Writes nothing."`
	Schema   SchemaCmd   `cmd:"" help:"Write JSON Schemas of the files of a government, for editors."`
	Draw     DrawCmd     `cmd:"" help:"Draw the procedure of each service as a chart."`
	Simulate SimulateCmd `cmd:"" help:"Let a service run with imitated people: waiting, lateness, officers needed."`
	Search   SearchCmd   `cmd:"" help:"Look for services as people do, and measure how well they are found."`
	Publish  PublishCmd  `cmd:"" help:"Prove a government folder and store it as what holds from now on."`
	Deadline DeadlineCmd `cmd:"" help:"Count a legal time limit, day by day."`
	Verify   VerifyCmd   `cmd:"" help:"Prove the record: every event, the log, and every row."`
	Rebuild  RebuildCmd  `cmd:"" help:"Make every row anew from the record."`
	Officer  OfficerCmd  `cmd:"" help:"Officers, their roles and passwords."`
	Case     CaseCmd     `cmd:"" help:"Cases: show one, list some, shred one, suspend a unit."`
	Open311  Open311Cmd  `cmd:"" name:"open311" help:"Programs that file reports by Open311: their keys."`                        // feature/complaint
	Exchange ExchangeCmd `cmd:"" help:"Reports that are sent on to other governments: how they stand, what was lost or doubled."` // feature/complaint
	Report   ReportCmd   `cmd:"" help:"Reports: measure how well units and kinds are suggested."`
	Document DocumentCmd `cmd:"" help:"Documents: verify one offline, take one back."`
	Keys     KeysCmd     `cmd:"" help:"Instance keys: rotate the wrapping key, make the index anew."`
	Backup   BackupCmd   `cmd:"" help:"Copy an instance at once into two folders, data and keys apart."`
	Restore  RestoreCmd  `cmd:"" help:"Bring an instance back from its copies."`
	Rehearse RehearseCmd `cmd:"" help:"Restore the newest copies into a scratch folder, prove them and open every sealed value."`
	Notices  NoticesCmd  `cmd:"" help:"What people are told: by state, what it cost, trying again, a test message."`
	Log      LogCmd      `cmd:"" help:"The public log: its head, and how to continue after a loss."`
	Doctor   DoctorCmd   `cmd:"" help:"Look at everything, the machine included, and say what to do. Changes nothing."`
	Version  VersionCmd  `cmd:"" help:"Print the version."`
}

// Env is what every command runs in.
type Env struct {
	Ctx   context.Context
	In    io.Reader
	Out   io.Writer
	Err   io.Writer
	Texts *page.Catalogue
}

// Exit statuses.
const (
	fine     = 0
	findings = 1
	failed   = 2
)

// errFindings says that a command ran and found something; it has been printed.
var errFindings = errors.New("findings")

// Main runs the program and gives its exit status.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	return Run(&Env{Ctx: ctx, In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, args)
}

// Run is Main with its surroundings given, for tests.
func Run(env *Env, args []string) int {
	var cmds commands
	status := -1
	parser, err := kong.New(&cmds, kong.Name("pendopo"), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Description("The digital public-service platform of a local government in one program."),
		kong.Writers(env.Out, env.Err), kong.Exit(func(code int) { status = code }), kong.Bind(env))
	if err != nil {
		fmt.Fprintln(env.Err, "pendopo:", err)
		return failed
	}
	k, err := parser.Parse(args)
	if status >= 0 { // --help has been printed
		return status
	}
	if err != nil {
		fmt.Fprintf(env.Err, "pendopo: %v\nSee `pendopo --help`.\n", err)
		return failed
	}
	if env.Texts == nil {
		if env.Texts, err = page.LoadCatalogue(web.Locale(), false); err != nil {
			fmt.Fprintln(env.Err, "pendopo:", err)
			return failed
		}
	}
	return env.status(k.Run(env))
}

// status prints what went wrong, once, and says how the program ends.
func (env *Env) status(err error) int {
	var words *statusError
	switch {
	case err == nil:
		return fine
	case errors.As(err, &words):
		fmt.Fprintln(env.Err, "pendopo:", words.err)
		return words.status
	case errors.Is(err, errFindings):
		return findings
	}
	fmt.Fprintln(env.Err, "pendopo:", env.explain(err))
	return failed
}

// statusError is an error with an exit status of its own.
type statusError struct {
	status int
	err    error
}

func (s *statusError) Error() string { return s.err.Error() }

// Unwrap gives what the status was given for.
func (s *statusError) Unwrap() error { return s.err }

// explain gives a fault's public words, followed by its cause: at the command
// line the reader is the one who runs the machine.
func (env *Env) explain(err error) string {
	var f *fault.Fault
	if !errors.As(err, &f) || env.Texts == nil {
		return err.Error()
	}
	words := env.Texts.Printer("en").TMap(f.Key, f.Args)
	if f.Field != "" {
		words = f.Field + ": " + words
	}
	for _, m := range f.More {
		words += "\n  " + env.explain(m)
	}
	if f.Cause != nil {
		words += " (" + f.Cause.Error() + ")"
	}
	return words
}

// say prints words for people, or one JSON object for programs.
func (env *Env) say(asJSON bool, v any, words string, args ...any) error {
	if asJSON {
		return json.NewEncoder(env.Out).Encode(v)
	}
	_, err := fmt.Fprintf(env.Out, words+"\n", args...)
	return err
}

// logger writes structured lines to the standard error.
func (env *Env) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(env.Err, &slog.HandlerOptions{Level: level}))
}

// open opens an existing instance; lock when the command writes.
func (env *Env) open(p conf.Place, lock bool) (*app.Instance, error) {
	return app.Open(env.Ctx, app.Options{Place: p, Lock: lock && p.Database == "", Log: env.logger(slog.LevelWarn)})
}
