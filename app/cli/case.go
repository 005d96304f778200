package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/kernel/conf"
	"pendopo/law/fold"
)

// CaseCmd is about cases. None of it opens a sealed value.
type CaseCmd struct {
	List    CaseListCmd    `cmd:"" help:"Open cases, the most urgent first."`
	Show    CaseShowCmd    `cmd:"" help:"State, deadlines and timeline of one case."`
	Shred   CaseShredCmd   `cmd:"" help:"Destroy the key of a case that has ended."`
	Suspend CaseSuspendCmd `cmd:"" help:"Let every clock of a unit stand, or run on again; two officers order it."`
}

// CaseListCmd lists open cases.
type CaseListCmd struct {
	conf.Place
	Unit  string `help:"Only cases that wait at this unit."`
	Limit int    `help:"How many at most." default:"50"`
	JSON  bool   `help:"Print one JSON array." name:"json"`
}

// Run lists.
func (c *CaseListCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	page, err := in.Cases.List(env.Ctx, casework.Worklist{Posts: posts(in, c.Unit), Limit: c.Limit})
	if err != nil {
		return err
	}
	for i := range page.Cases {
		page.Cases[i].Vault = ""
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(page.Cases)
	}
	w := tabwriter.NewWriter(env.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "code\tservice\tstep\twaits for\tdue")
	for _, x := range page.Cases {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", in.Cases.Code(x.Stream), x.Service, x.Step, waitsFor(x), dueOf(in, x))
	}
	return w.Flush()
}

// waitsFor is whose turn it is, or whose turns where the case goes several ways.
func waitsFor(x fold.Case) string {
	var all []string
	for _, b := range x.Branches {
		if !b.Arrived {
			all = append(all, b.Holder.Role+" at "+b.Holder.Unit)
		}
	}
	if len(all) == 0 {
		return x.Holder.Role + " at " + x.Holder.Unit
	}
	return strings.Join(all, ", ")
}

// posts is every role at a unit, or at all of them.
func posts(in *app.Instance, unit string) []fold.Holder {
	var out []fold.Holder
	g := in.Cases.Government()
	for _, u := range g.Units {
		for _, r := range g.Roles {
			if unit == "" || u.ID == unit {
				out = append(out, fold.Holder{Who: "role", Role: r.ID, Unit: u.ID})
			}
		}
	}
	return out
}

func dueOf(in *app.Instance, c fold.Case) string {
	due := ""
	var first time.Time
	for _, d := range c.Deadlines {
		if d.State == fold.Running && (first.IsZero() || d.Due.Before(first)) {
			first = d.Due
			due = d.Due.In(in.Cases.Catalogue().Zone()).Format("2006-01-02 15:04")
		}
	}
	return due
}

// CaseShowCmd shows the clear part of one case.
type CaseShowCmd struct {
	conf.Place
	Code string `arg:"" help:"Code of the case."`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// Run shows.
func (c *CaseShowCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	x, err := in.Cases.Track(env.Ctx, c.Code)
	if err != nil {
		return err
	}
	x.Vault = "" // whose identity is kept where is nobody's here
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(x)
	}
	showCase(env.Out, in, x)
	return nil
}

func showCase(out io.Writer, in *app.Instance, x fold.Case) {
	zone := in.Cases.Catalogue().Zone()
	fmt.Fprintf(out, "%s  %s at %s\n", in.Cases.Code(x.Stream), x.Service, x.Unit)
	fmt.Fprintf(out, "stream %s, version %d, definition %.12s\n", x.Stream, x.Version, x.Definition)
	fmt.Fprintf(out, "step %s, outcome %s, waits for %s %s\n", dash(x.Step), dash(x.Outcome), x.Holder.Who, x.Holder.Role)
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for _, b := range x.Branches {
		fmt.Fprintf(w, "branch\t%s\t%s\t%s %s\t%t\n", b.ID, dash(b.Step), b.Holder.Who, b.Holder.Role, b.Arrived)
	}
	for _, d := range x.Deadlines {
		due := "" // it stands still: nobody knows yet
		if !d.Due.IsZero() {
			due = d.Due.In(zone).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "deadline\t%s\t%s\t%s\t%s\n", d.ID, d.Within, d.State, dash(due))
	}
	for _, m := range x.Marks {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t\n", m.At.In(zone).Format("2006-01-02 15:04"), m.Kind, m.Step, dash(m.To+m.Outcome))
	}
	w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// CaseShredCmd destroys the key of a case.
type CaseShredCmd struct {
	conf.Place
	Code   string `arg:"" help:"Code of the case."`
	Reason string `help:"Code of the reason: retention or erasure." enum:"retention,erasure" required:""`
	Actor  string `help:"Log-in of the officer who orders it." required:""`
	JSON   bool   `help:"Print one JSON object." name:"json"`
	Yes    bool   `help:"Yes: names, answers, files and the document of this case can never be read again." required:""`
}

// Run shreds.
func (c *CaseShredCmd) Run(env *Env) error {
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	x, err := in.Cases.Track(env.Ctx, c.Code)
	if err != nil {
		return err
	}
	actor, err := in.Identity.FindLogin(env.Ctx, c.Actor)
	if err != nil {
		return err
	}
	if err := in.Shred(env.Ctx, x.Stream, c.Reason, actor); err != nil {
		return err
	}
	return env.say(c.JSON, map[string]any{"stream": x.Stream, "shredded": true}, "the key is destroyed; the log still verifies")
}

// CaseSuspendCmd suspends a whole unit.
type CaseSuspendCmd struct {
	conf.Place
	Unit     string   `arg:"" help:"Unit."`
	By       []string `help:"Log-ins of the two officers who order it." required:""`
	Evidence string   `help:"Number of the letter that orders it."`
	End      bool     `help:"The unit works again: the clocks run on."`
	JSON     bool     `help:"Print one JSON object." name:"json"`
}

// Run suspends or ends a suspension.
func (c *CaseSuspendCmd) Run(env *Env) error {
	if len(c.By) != 2 {
		return fmt.Errorf("--by names two officers")
	}
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	s := casework.Suspension{Unit: c.Unit, Evidence: c.Evidence, End: c.End}
	for i, login := range c.By {
		if s.By[i], err = in.Identity.FindLogin(env.Ctx, login); err != nil {
			return err
		}
	}
	n, err := in.Cases.Suspend(env.Ctx, s)
	var left *casework.Unfinished
	if err != nil && !errors.As(err, &left) {
		return err
	}
	if err := env.say(c.JSON, counted{n}, "%d open cases of %s", n, c.Unit); err != nil || left == nil {
		return err
	}
	for stream, why := range left.Failed {
		fmt.Fprintf(env.Err, "case %s: %s\n", stream, env.explain(why))
	}
	fmt.Fprintln(env.Err, "the order stands; a server tries these again, from a minute from now on")
	return errFindings
}
