package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"pendopo/app"
	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
)

// RehearseCmd restores the newest copies into a scratch folder and proves them.
type RehearseCmd struct {
	conf.Copies
	Data     string   `help:"Data folder of the instance: the report is kept there for doctor and the desk." default:"pendopo-data" env:"PENDOPO_DATA" placeholder:"DIR"`
	Dumps    Dumps    `embed:""`
	Archives Archives `embed:""`
	Scratch  string   `help:"Folder to restore into; made, holding keys while it stands, and removed. Beside the data folder by default." placeholder:"DIR"`
	JSON     bool     `help:"Print one JSON object." name:"json"`
}

// Run rehearses: 0 when everything is whole and opens, 1 when not, 2 when it
// could not be tried.
func (c *RehearseCmd) Run(env *Env) error {
	r := app.Rehearsal{Copies: c.Copies, Scratch: c.scratch(), Live: c.Data, Now: time.Now}
	if c.Dumps.Record != "" {
		if c.Dumps.Keys == "" || c.Dumps.Folder == "" || c.Dumps.Server == "" {
			return errors.New("--dump goes with --keys-dump, --keys-dir and --server")
		}
		return env.report(app.RehearseDumps(env.Ctx, r, app.Dumps(c.Dumps)), c.Data, c.JSON)
	}
	if c.Archives.Base != "" {
		return c.archives(env, r)
	}
	if err := c.Copies.Check(); err != nil {
		return err
	}
	return env.report(app.Rehearse(env.Ctx, r), c.Data, c.JSON)
}

// Dumps are what is rehearsed of PostgreSQL.
type Dumps struct {
	Record string `help:"Dump of the record, by pg_dump, in place of --backup." name:"dump" placeholder:"FILE" type:"existingfile"`
	Keys   string `help:"Dump of the key store, likewise." name:"keys-dump" placeholder:"FILE" type:"existingfile"`
	Folder string `help:"Folder of the instance keys with the newest shredded.list; read, not changed." name:"keys-dir" env:"PENDOPO_KEYS_DIR" placeholder:"DIR"`
	Heads  string `help:"Folder of the signed heads." placeholder:"DIR"`
	Server string `help:"postgres:// address of a user who may make databases; the dumps are restored there and dropped again." env:"PENDOPO_REHEARSE_SERVER" placeholder:"URL"`
}

// Archives are PostgreSQL's own continuous archive.
type Archives struct {
	Base         string    `help:"Base backup of the record's server, by pg_basebackup, in place of --backup or --dump." placeholder:"DIR" type:"existingdir"`
	WAL          string    `help:"Folder where archive_command has put that server's log." name:"wal" placeholder:"DIR"`
	Database     string    `help:"Name of the record's database in it." default:"pendopo" placeholder:"NAME"`
	KeysBase     string    `help:"Base backup of the key store's server, when it is another." name:"keys-base" placeholder:"DIR"`
	KeysWAL      string    `help:"Its log." name:"keys-wal" placeholder:"DIR"`
	KeysDatabase string    `help:"Name of the key store's database." name:"keys-database" default:"pendopo_keys" placeholder:"NAME"`
	Until        time.Time `help:"Moment to bring the record back to, as 2026-03-17T09:00:00+07:00; the end of the log by default." format:"2006-01-02T15:04:05Z07:00"`
	Superuser    string    `help:"A superuser of those servers." default:"postgres"`
}

// archives rehearses PostgreSQL's archive.
func (c *RehearseCmd) archives(env *Env, r app.Rehearsal) error {
	a := c.Archives
	if a.WAL == "" || c.Dumps.Folder == "" || (a.KeysBase == "") != (a.KeysWAL == "") {
		return errors.New("--base goes with --wal and --keys-dir, and --keys-base with --keys-wal")
	}
	return env.report(app.RehearseArchives(env.Ctx, r, app.Archives{
		Record: app.Archive{Base: a.Base, WAL: a.WAL, Database: a.Database},
		Keys:   app.Archive{Base: a.KeysBase, WAL: a.KeysWAL, Database: a.KeysDatabase},
		Folder: c.Dumps.Folder, Heads: c.Dumps.Heads, Until: a.Until, Super: a.Superuser,
	}), c.Data, c.JSON)
}

func (c *RehearseCmd) scratch() string {
	if c.Scratch != "" {
		return filepath.Clean(c.Scratch)
	}
	return filepath.Clean(c.Data) + "-rehearsal"
}

// report keeps a report beside the data, where there are any, prints it, and
// gives the status it stands for.
func (env *Env) report(r backup.Report, data string, asJSON bool) error {
	if info, err := os.Stat(data); err == nil && info.IsDir() {
		if err := r.Keep(data); err != nil {
			return err
		}
	}
	if asJSON {
		if err := json.NewEncoder(env.Out).Encode(r); err != nil {
			return err
		}
	} else {
		env.printReport(r)
	}
	switch {
	case r.Trouble != "":
		return &statusError{failed, errors.New("the rehearsal could not be finished: " + r.Trouble)}
	case !r.OK:
		return errFindings
	}
	return nil
}

func (env *Env) printReport(r backup.Report) {
	for _, f := range r.Findings {
		fmt.Fprintln(env.Out, f)
	}
	if r.MoreFound > 0 {
		fmt.Fprintf(env.Out, "and %d more\n", r.MoreFound)
	}
	if r.Trouble != "" {
		return
	}
	words := "NOT everything is whole"
	if r.OK {
		words = "everything is whole and opens"
	}
	fmt.Fprintf(env.Out, "%s: %d events of %d streams proved, %d sealed values opened, %d destroyed on purpose; as of %s, in %.1f s\n",
		words, r.Events, r.Streams, r.Opened, r.Shredded, r.State.Format(time.RFC3339), r.Seconds)
}

// firstRehearsal is how long after the first start the first rehearsal is made,
// when it is not wanted sooner.
const firstRehearsal = 10 * time.Minute

// rehearseEvery has a process of its own rehearse again and again, so that the
// server's memory and its turn at the processor stay its own.
func (c *ServeCmd) rehearseEvery(env *Env, log *slog.Logger) {
	if !c.Copying.Given() || c.Copying.Rehearse <= 0 {
		return
	}
	next := time.Now().Add(min(firstRehearsal, c.Copying.Rehearse))
	if last, err := backup.Last(c.Place.Data); err == nil && last.At.Add(c.Copying.Rehearse).After(next) {
		next = last.At.Add(c.Copying.Rehearse)
	}
	for {
		select {
		case <-env.Ctx.Done():
			return
		case <-time.After(time.Until(next)):
		}
		next = time.Now().Add(c.Copying.Rehearse)
		if err := c.rehearse(env.Ctx); err != nil && env.Ctx.Err() == nil {
			log.Error("rehearsal of the copies", slog.Any("error", err))
		}
	}
}

// lowest is the priority that waits for everyone else.
const lowest = 19

// rehearse runs this program once more. The addresses go by the environment:
// they may hold a secret, and arguments can be read by other users.
func (c *ServeCmd) rehearse(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, os.Args[0], "rehearse", "--data", c.Place.Data)
	cmd.Env = append(os.Environ(), "PENDOPO_BACKUP="+c.Copying.Data, "PENDOPO_BACKUP_KEYS="+c.Copying.Keys, "GOMAXPROCS=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	var said tail
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return err
	}
	// A hardened unit forbids this; then it has one processor and takes its turn.
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, cmd.Process.Pid, lowest)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, said)
	}
	return nil
}

// tail keeps the last of what a program said.
type tail []byte

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	const most = 2000
	*t = append(*t, p...)
	if len(*t) > most {
		*t = (*t)[len(*t)-most:]
	}
	return len(p), nil
}
