package cli

import (
	"errors"
	"fmt"
	"time"

	"pendopo/app"
	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
)

// BackupCmd copies an instance at once, beside a server or without one.
type BackupCmd struct {
	conf.Place
	ToData string `arg:"" help:"Empty folder for the data."`
	ToKeys string `arg:"" help:"Empty folder for the keys, on another medium, with other people."`
	JSON   bool   `help:"Print one JSON object." name:"json"`
}

// Run copies.
func (c *BackupCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	w, err := in.Backup(env.Ctx, c.ToData, c.ToKeys)
	if err != nil {
		return err
	}
	return env.say(c.JSON, w, "copied as of %s, %d bytes: the data to %s, the keys to %s.\nKeep the keys apart and no longer than days; `pendopo rehearse --backup %s --backup-keys %s` proves both.",
		w.At.Format(time.RFC3339), w.Bytes, c.ToData, c.ToKeys, c.ToData, c.ToKeys)
}

// RestoreCmd brings an instance back from copies.
type RestoreCmd struct {
	conf.Place
	conf.Copies
	At   string `help:"Restore the data as of this moment, 2026-03-17T09:00:00+07:00; the newest without it. Keys are always the newest." placeholder:"MOMENT"`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// restored is what restore prints as JSON.
type restored struct {
	backup.Restored
	Head   int64  `json:"log_size"`
	Behind string `json:"behind,omitempty"` // why the log would not go on
}

// Run restores, opens what came back, and says what is to be done next.
func (c *RestoreCmd) Run(env *Env) error {
	at, err := c.moment()
	if err != nil {
		return err
	}
	if c.Database != "" {
		return errors.New("restore brings back SQLite; for PostgreSQL see docs/operating.md")
	}
	if err := errors.Join(c.Place.Check(), c.Copies.Check()); err != nil {
		return err
	}
	data, keys, err := app.OpenPlaces(c.Copies)
	if err != nil {
		return err
	}
	var r restored
	if r.Restored, err = backup.Restore(env.Ctx, backup.Wanted{Data: data, Keys: keys, At: at, Into: c.Place}); err != nil {
		return err
	}
	in, err := env.open(c.Place, true) // applies the list of what was destroyed before any key is given
	if err != nil {
		return err
	}
	defer in.Close()
	head, err := in.Ledger.Head()
	if err != nil {
		return err
	}
	r.Head = head.Size
	if err := in.Ledger.Agrees(env.Ctx); err != nil {
		r.Behind = env.explain(err)
	}
	return c.tell(env, r)
}

func (c *RestoreCmd) moment() (at time.Time, err error) {
	if c.At == "" {
		return at, nil
	}
	if at, err = time.Parse(time.RFC3339Nano, c.At); err != nil {
		return at, fmt.Errorf("--at is a moment with its zone, as 2026-03-17T09:00:00+07:00")
	}
	return at, nil
}

func (c *RestoreCmd) tell(env *Env, r restored) error {
	next := "Prove it with `pendopo verify`, then start the server."
	switch {
	case r.Behind != "":
		next = r.Behind
	case c.At == "":
		next += "\nIf anyone holds a newer signed head than this log of " + fmt.Sprint(r.Head) + " leaves, events were lost: put that head into heads/, and say so by `pendopo log continue --lost`."
	}
	return env.say(c.JSON, r, "restored as of %s; keys as of %s\n%s", r.State.Format(time.RFC3339Nano), r.Keys.Format(time.RFC3339Nano), next)
}
