package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"pendopo/app"
	"pendopo/feature/complaint/exchange"
	"pendopo/kernel/conf"
)

// ExchangeCmd is about reports that are sent on to other governments' servers.
type ExchangeCmd struct {
	Status    ExchangeStatusCmd    `cmd:"" help:"Reports that were sent on, those that want somebody first."`
	Retry     ExchangeRetryCmd     `cmd:"" help:"Let a report be sent again that failed, or say what became of it."`
	Reconcile ExchangeReconcileCmd `cmd:"" help:"Compare with what the other servers have, and name every report that is lost or doubled."`
}

// exchangeFile says with whom reports are exchanged.
type exchangeFile struct {
	Exchange string `help:"File that says with whom reports are exchanged." required:"" env:"PENDOPO_EXCHANGE" placeholder:"FILE.yaml"`
}

// useExchange takes a file up, when there is one.
func useExchange(in *app.Instance, file string) error {
	if file == "" {
		return nil
	}
	c, err := exchange.LoadConfig(file)
	if err == nil {
		in.UseExchange(c)
	}
	return err
}

// with opens the instance and its exchange.
func (f exchangeFile) with(env *Env, p conf.Place, do func(x *exchange.Exchange) error) error {
	c, err := exchange.LoadConfig(f.Exchange)
	if err != nil {
		return err
	}
	in, err := env.open(p, false)
	if err != nil {
		return err
	}
	defer in.Close()
	return do(in.UseExchange(c))
}

// ExchangeStatusCmd lists the outbox.
type ExchangeStatusCmd struct {
	conf.Place
	exchangeFile
	Peer  string `help:"Only of this server."`
	Limit int    `help:"How many at most." default:"50"`
	JSON  bool   `help:"Print one JSON array." name:"json"`
}

// Run lists.
func (c *ExchangeStatusCmd) Run(env *Env) error {
	return c.with(env, c.Place, func(x *exchange.Exchange) error {
		rows, err := x.Status(env.Ctx, c.Peer, c.Limit)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(env.Out).Encode(append([]exchange.Row{}, rows...))
		}
		w := tabwriter.NewWriter(env.Out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "server\treport\tstate\tits id there\tstatus there\ttries\twhy")
		for _, r := range rows {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", r.Peer, r.Code, r.State, dash(r.Remote), dash(r.Status), r.Attempts, dash(r.Reason))
		}
		return w.Flush()
	})
}

// ExchangeRetryCmd lets one be sent again.
type ExchangeRetryCmd struct {
	conf.Place
	exchangeFile
	Peer  string `arg:"" help:"Name of the server."`
	Code  string `arg:"" help:"Code of the report."`
	ID    string `help:"It has arrived after all, and has this id there." xor:"fate" placeholder:"ID"`
	Again bool   `help:"It has not arrived: send it as if for the first time." xor:"fate"`
	JSON  bool   `help:"Print one JSON object." name:"json"`
}

// Run lets it go.
func (c *ExchangeRetryCmd) Run(env *Env) error {
	return c.with(env, c.Place, func(x *exchange.Exchange) error {
		if err := x.Retry(env.Ctx, c.Peer, c.Code, c.ID, c.Again); err != nil {
			return err
		}
		return env.say(c.JSON, map[string]any{"peer": c.Peer, "code": c.Code}, "the server takes %s up again within a minute", c.Code)
	})
}

// ExchangeReconcileCmd compares.
type ExchangeReconcileCmd struct {
	conf.Place
	exchangeFile
	Peer string `help:"Only with this server."`
	Days int    `help:"How many days back." default:"90"`
	Mend bool   `help:"Take over the ids of reports that had arrived after all. Nothing is sent."`
	JSON bool   `help:"Print one JSON array." name:"json"`
}

// unread counts what the other servers have said and no officer has looked at.
func (c *ExchangeReconcileCmd) unread(env *Env, x *exchange.Exchange) error {
	list, err := x.Unread(env.Ctx, c.Peer)
	for _, b := range list {
		fmt.Fprintf(env.Out, "%s: %d updates that no officer has looked at, the first of %s; they stand at /desk/reports?show=said\n", b.Peer, b.Count, b.Since.Format(time.DateOnly))
	}
	return err
}

// Run prints every difference.
func (c *ExchangeReconcileCmd) Run(env *Env) error {
	return c.with(env, c.Place, func(x *exchange.Exchange) error {
		now := time.Now()
		list, err := x.Reconcile(env.Ctx, c.Peer, now.AddDate(0, 0, -c.Days), now, c.Mend)
		if err != nil && list == nil {
			return err
		}
		if c.JSON {
			if err := json.NewEncoder(env.Out).Encode(append([]exchange.Finding{}, list...)); err != nil {
				return err
			}
		}
		for _, f := range list {
			if !c.JSON {
				fmt.Fprintf(env.Out, "%s: %s %s %s %s\n", f.Peer, f.Kind, f.Code, strings.Join(f.Remote, ","), f.Why)
			}
		}
		if err != nil {
			return err
		}
		if !c.JSON {
			if err := c.unread(env, x); err != nil {
				return err
			}
		}
		if len(list) > 0 {
			return errFindings
		}
		if !c.JSON {
			fmt.Fprintf(env.Out, "every report of %d days is there once\n", c.Days)
		}
		return nil
	})
}
