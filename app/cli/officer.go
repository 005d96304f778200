package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"pendopo/app"
	"pendopo/engine/identity"
	"pendopo/kernel/conf"
	"pendopo/kernel/fault"
)

// operator is the actor of what is done at the command line of the machine.
const operator = "operator"

// OfficerCmd is the commands about officers. An officer is named by log-in
// name or by id. No password is ever an argument: other users of the machine
// can read those.
type OfficerCmd struct {
	Add      OfficerAddCmd      `cmd:"" help:"Add an officer. The password is made here and printed once, or read with --password-stdin."`
	List     OfficerListCmd     `cmd:"" help:"List officers with their roles."`
	Assign   OfficerAssignCmd   `cmd:"" help:"Give an officer a role at a unit, from and until a day."`
	Unassign OfficerUnassignCmd `cmd:"" help:"Take an assignment back, from now on."`
	Rename   OfficerRenameCmd   `cmd:"" help:"Record a new name or NIP."`
	Email    OfficerEmailCmd    `cmd:"" help:"Set where an officer is told each working morning what is due, late and new."`
	Password OfficerPasswordCmd `cmd:"" help:"Give a new password and end every session of the officer."`
	Disable  OfficerDisableCmd  `cmd:"" help:"Shut an officer out at once."`
	Enable   OfficerEnableCmd   `cmd:"" help:"Let a disabled officer in again."`
}

// who names an officer.
type who struct {
	conf.Place
	Officer string `arg:"" help:"Log-in name or id."`
}

// with opens the instance, finds the officer and runs what is to be done.
func (w who) with(env *Env, do func(in *app.Instance, id string) error) error {
	in, err := env.open(w.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	id, err := in.Identity.FindLogin(env.Ctx, w.Officer)
	if fault.Is(err, fault.Unknown) {
		var o identity.Officer
		o, err = in.Identity.Officer(env.Ctx, w.Officer)
		id = o.ID
	}
	if err != nil {
		return err
	}
	return do(in, id)
}

// secret is where a new password comes from.
type secret struct {
	Stdin bool `help:"Read the password from the first line of the standard input in place of making one." name:"password-stdin"`
	JSON  bool `help:"Print one JSON object." name:"json"`
}

// longestLine bounds what is read as a password.
const longestLine = 4096

func (s secret) take(env *Env) (string, error) {
	if !s.Stdin {
		return identity.NewPassword(), nil
	}
	line, err := bufio.NewReader(io.LimitReader(env.In, longestLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// tell prints the outcome; the password only when it was made here.
func (s secret) tell(env *Env, id, login, password string) error {
	if s.Stdin {
		password = ""
	}
	if s.JSON {
		return json.NewEncoder(env.Out).Encode(struct {
			ID       string `json:"id"`
			Login    string `json:"login"`
			Password string `json:"password,omitempty"`
		}{id, login, password})
	}
	fmt.Fprintf(env.Out, "officer  %s\nlog-in   %s\n", id, login)
	if password != "" {
		fmt.Fprintf(env.Out, "password %s\nIt is shown this once, and must be changed at the first log-in.\n", password)
	}
	return nil
}

// OfficerAddCmd adds an officer.
type OfficerAddCmd struct {
	conf.Place
	secret
	Login string `arg:"" help:"Log-in name: 3 to 40 of a-z 0-9 . _ -"`
	Name  string `help:"Full name, with titles as documents print it." required:""`
	NIP   string `help:"Civil servant's number, 18 digits." name:"nip"`
}

// Run adds the officer and prints the password, once.
func (c *OfficerAddCmd) Run(env *Env) error {
	password, err := c.take(env)
	if err != nil {
		return err
	}
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	id, err := in.Identity.Create(env.Ctx, identity.NewOfficer{
		Name: identity.Name{Full: c.Name, NIP: c.NIP}, Login: c.Login, Password: password, Actor: operator,
	})
	if err != nil {
		return err
	}
	return c.tell(env, id, c.Login, password)
}

// OfficerPasswordCmd gives a new password.
type OfficerPasswordCmd struct {
	who
	secret
}

// Run sets the password and prints it, once.
func (c *OfficerPasswordCmd) Run(env *Env) error {
	password, err := c.take(env)
	if err != nil {
		return err
	}
	return c.with(env, func(in *app.Instance, id string) error {
		if err := in.Identity.SetPassword(env.Ctx, id, password, operator); err != nil {
			return err
		}
		login, err := in.Identity.LoginName(env.Ctx, id)
		if err != nil {
			return err
		}
		return c.tell(env, id, login, password)
	})
}

// OfficerAssignCmd gives a role.
type OfficerAssignCmd struct {
	who
	Unit    string `help:"Unit, by the id of the government folder." required:""`
	Role    string `help:"Role, likewise." required:""`
	From    string `help:"First day, 2026-03-17; today in UTC when left out." placeholder:"DAY"`
	Until   string `help:"Last day; plt and plh have one." placeholder:"DAY"`
	Kind    string `help:"definitive, plt (the post is vacant) or plh (its holder is away)." enum:"definitive,plt,plh" default:"definitive"`
	Mandate string `help:"The decree as documents print it." placeholder:"TEXT"`
	JSON    bool   `help:"Print one JSON object." name:"json"`
}

// Run assigns and prints the assignment's id.
func (c *OfficerAssignCmd) Run(env *Env) error {
	return c.with(env, func(in *app.Instance, id string) error {
		if c.From == "" {
			c.From = in.Now().UTC().Format(time.DateOnly)
		}
		assignment, err := in.Identity.Assign(env.Ctx, id, identity.Assignment{
			Unit: c.Unit, Role: c.Role, From: c.From, Until: c.Until, Kind: identity.Kind(c.Kind),
		}, c.Mandate, operator)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(env.Out).Encode(map[string]string{"officer": id, "assignment": assignment})
		}
		fmt.Fprintf(env.Out, "assignment %s\n", assignment)
		return nil
	})
}

// told says what was done where a program asks; for a person, silence is yes.
type told struct {
	JSON bool `help:"Print one JSON object." name:"json"`
}

func (t told) done(env *Env, officer string, err error) error {
	if err != nil || !t.JSON {
		return err
	}
	return json.NewEncoder(env.Out).Encode(map[string]string{"id": officer})
}

// OfficerUnassignCmd takes a role back.
type OfficerUnassignCmd struct {
	who
	told
	Assignment string `arg:"" help:"Id of the assignment, as list shows it."`
}

// Run ends the assignment.
func (c *OfficerUnassignCmd) Run(env *Env) error {
	return c.with(env, func(in *app.Instance, id string) error {
		return c.done(env, id, in.Identity.Unassign(env.Ctx, id, c.Assignment, operator))
	})
}

// OfficerRenameCmd records a new name.
type OfficerRenameCmd struct {
	who
	told
	Name string `help:"Full name, with titles as documents print it." required:""`
	NIP  string `help:"Civil servant's number, 18 digits." name:"nip"`
}

// Run records the name.
func (c *OfficerRenameCmd) Run(env *Env) error {
	return c.with(env, func(in *app.Instance, id string) error {
		return c.done(env, id, in.Identity.Rename(env.Ctx, id, identity.Name{Full: c.Name, NIP: c.NIP}, operator))
	})
}

// OfficerEmailCmd sets an address.
type OfficerEmailCmd struct {
	who
	told
	Address string `arg:"" optional:"" help:"E-mail address; left out, the officer is told no more."`
}

// Run records the address.
func (c *OfficerEmailCmd) Run(env *Env) error {
	return c.with(env, func(in *app.Instance, id string) error {
		return c.done(env, id, in.Identity.SetEmail(env.Ctx, id, c.Address, operator))
	})
}

// OfficerDisableCmd shuts an officer out.
type OfficerDisableCmd struct {
	who
	told
}

// Run disables the officer and ends every session.
func (c *OfficerDisableCmd) Run(env *Env) error {
	return c.with(env, func(in *app.Instance, id string) error {
		return c.done(env, id, in.Identity.Disable(env.Ctx, id, operator))
	})
}

// OfficerEnableCmd lets an officer in again.
type OfficerEnableCmd struct {
	who
	told
}

// Run enables the officer.
func (c *OfficerEnableCmd) Run(env *Env) error {
	return c.with(env, func(in *app.Instance, id string) error {
		return c.done(env, id, in.Identity.Enable(env.Ctx, id, operator))
	})
}

// OfficerListCmd lists officers.
type OfficerListCmd struct {
	conf.Place
	JSON bool `help:"Print one JSON array." name:"json"`
}

// listed is an officer as list prints it.
type listed struct {
	ID          string       `json:"id"`
	Login       string       `json:"login"`
	Name        string       `json:"name"`
	NIP         string       `json:"nip,omitempty"`
	Disabled    bool         `json:"disabled"`
	Temporary   bool         `json:"temporary_password"`
	Assignments []listedPost `json:"assignments"`
}

// listedPost is an assignment as list prints it.
type listedPost struct {
	ID    string `json:"id"`
	Unit  string `json:"unit"`
	Role  string `json:"role"`
	Kind  string `json:"kind"`
	From  string `json:"from"`
	Until string `json:"until,omitempty"`
	Ended string `json:"ended,omitempty"`
}

// Run lists every officer, oldest first.
func (c *OfficerListCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	officers, err := in.Identity.Officers(env.Ctx)
	if err != nil {
		return err
	}
	all := []listed{}
	for _, o := range officers {
		l, err := c.listed(env, in, o)
		if err != nil {
			return err
		}
		all = append(all, l)
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(all)
	}
	return printOfficers(env.Out, all)
}

// listed opens what an officer's list line needs; of a shredded one nothing is left.
func (c *OfficerListCmd) listed(env *Env, in *app.Instance, o identity.Officer) (listed, error) {
	l := listed{ID: o.ID, Disabled: o.Disabled, Temporary: o.Temporary, Assignments: []listedPost{}}
	for _, a := range o.Assignments {
		p := listedPost{ID: a.ID, Unit: a.Unit, Role: a.Role, Kind: string(a.Kind), From: a.From, Until: a.Until}
		if !a.Ended.IsZero() {
			p.Ended = a.Ended.Format(time.RFC3339)
		}
		l.Assignments = append(l.Assignments, p)
	}
	name, err := in.Identity.Name(env.Ctx, o.ID)
	if fault.Is(err, fault.Gone) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	l.Name, l.NIP = name.Full, name.NIP
	l.Login, err = in.Identity.LoginName(env.Ctx, o.ID)
	return l, err
}

func printOfficers(out io.Writer, all []listed) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for _, o := range all {
		state := "active"
		if o.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", o.Login, o.Name, state, o.ID)
		for _, a := range o.Assignments {
			fmt.Fprintf(w, "\t%s at %s\t%s %s\t%s\n", a.Role, a.Unit, a.Kind, days(a), a.ID)
		}
	}
	return w.Flush()
}

func days(a listedPost) string {
	words := "from " + a.From
	if a.Until != "" {
		words += " until " + a.Until
	}
	if a.Ended != "" {
		words += ", ended " + a.Ended
	}
	return words
}
