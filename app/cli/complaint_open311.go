package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"pendopo/feature/complaint/open311"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
)

// Open311Cmd is about programs that file reports by Open311.
type Open311Cmd struct {
	Key Open311KeyCmd `cmd:"" help:"Keys by which other programs file reports."`
}

// Open311KeyCmd makes, lists and revokes keys.
type Open311KeyCmd struct {
	Add    Open311AddCmd    `cmd:"" help:"Make a key for a program. It is printed once."`
	List   Open311ListCmd   `cmd:"" help:"List keys, without the keys themselves."`
	Revoke Open311RevokeCmd `cmd:"" help:"End a key, from now on."`
}

// Open311AddCmd makes a key.
type Open311AddCmd struct {
	conf.Place
	Label string `arg:"" help:"Whose it is: name of the program, and whom to call."`
	Pace  int    `help:"How many reports in a minute; 0 for as many as come." default:"30"`
	Peer  string `help:"Name of the server in the exchange that the key belongs to: it may send updates."`
	JSON  bool   `help:"Print one JSON object." name:"json"`
}

// mostPace is more than any program files by hand of people, in a minute.
const mostPace = 100_000

// Run makes the key and prints it.
func (c *Open311AddCmd) Run(env *Env) error {
	if c.Pace < 0 || c.Pace > mostPace {
		return fmt.Errorf("--pace is between 0 and %d", mostPace)
	}
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	made, secret, err := in.Open311Keys().Make(c.Label, c.Peer, c.Pace)
	if err != nil {
		return err
	}
	return env.say(c.JSON, map[string]any{"id": made.ID, "key": secret}, "key %s: %s\nIt is not shown again.", made.ID, secret)
}

// Open311ListCmd lists keys.
type Open311ListCmd struct {
	conf.Place
	JSON bool `help:"Print one JSON array." name:"json"`
}

// Run lists.
func (c *Open311ListCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	list, err := in.Open311Keys().List(env.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(append([]open311.Key{}, list...))
	}
	w := tabwriter.NewWriter(env.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "id\twhose\treports a minute\tpeer\tmade\trevoked")
	for _, k := range list {
		revoked := "-"
		if !k.Revoked.IsZero() {
			revoked = k.Revoked.Format(time.DateOnly)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\n", k.ID, k.Label, k.Pace, dash(k.Peer), k.Created.Format(time.DateOnly), revoked)
	}
	return w.Flush()
}

// Open311RevokeCmd ends a key.
type Open311RevokeCmd struct {
	conf.Place
	ID   string `arg:"" help:"Id of the key, as listed."`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// Run revokes.
func (c *Open311RevokeCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := in.Open311Keys().Revoke(c.ID); err != nil {
		if errors.Is(err, db.ErrNone) {
			return fmt.Errorf("there is no key %q that is good; `pendopo open311 key list` names them", c.ID)
		}
		return err
	}
	return env.say(c.JSON, map[string]any{"id": c.ID, "revoked": true}, "key %s is good no more", c.ID)
}
