package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"pendopo/app"
	"pendopo/kernel/conf"
	"pendopo/kernel/ledger"
)

// VerifyCmd proves the record. It runs beside a server.
type VerifyCmd struct {
	conf.Place
	Head    string `help:"Also prove that today's log extends this older head." placeholder:"FILE|URL"`
	Receipt string `help:"Also prove that the promise of this receipt was kept." placeholder:"FILE" type:"existingfile"`
	JSON    bool   `help:"Print one JSON object." name:"json"`
}

// verdict is what verify prints as JSON.
type verdict struct {
	OK       bool     `json:"ok"`
	Events   int64    `json:"log_size"`
	Root     string   `json:"root"`
	Waiting  int64    `json:"waiting"` // events that the log will take in when a server runs
	Findings []string `json:"findings"`
}

// Run verifies; it ends with 1 when something is wrong.
func (c *VerifyCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	v := verdict{Findings: []string{}}
	if err := c.record(env, in, &v); err != nil {
		return err
	}
	if err := c.promises(env, in, &v); err != nil {
		return err
	}
	v.OK = len(v.Findings) == 0
	return c.print(env, v)
}

// record compares events, log, and rows.
func (c *VerifyCmd) record(env *Env, in *app.Instance, v *verdict) error {
	err := in.Ledger.Verify(env.Ctx, func(f ledger.Finding) { v.add("log", env.difference(f)) })
	if err != nil {
		return err
	}
	if err := in.VerifyRows(env.Ctx, func(words string) { v.add("fold", words) }); err != nil {
		return err
	}
	head, err := in.Ledger.Head()
	if err != nil {
		return err
	}
	v.Events, v.Root = head.Size, fmt.Sprintf("%x", head.Root)
	v.Waiting, err = in.Ledger.Waiting(env.Ctx)
	return err
}

// promises checks an older head and a receipt.
func (c *VerifyCmd) promises(env *Env, in *app.Instance, v *verdict) error {
	if c.Head != "" {
		older, err := fetch(env, c.Head)
		if err != nil {
			return err
		}
		if err := in.Ledger.VerifyHead(older); err != nil {
			v.add("head", env.explain(err))
		}
	}
	if c.Receipt == "" {
		return nil
	}
	receipt, err := os.ReadFile(c.Receipt)
	if err != nil {
		return err
	}
	if err := in.Ledger.VerifyReceipt(receipt); err != nil {
		v.add("receipt", env.explain(err))
	}
	return nil
}

// difference says in words what differs, with its key for whoever looks it up.
func (env *Env) difference(f ledger.Finding) string {
	words := env.Texts.Printer("en").T(f.Key, "table", f.Table, "row", f.Row, "column", f.Column)
	return words + " [" + f.Key + "]"
}

func (v *verdict) add(part, words string) { v.Findings = append(v.Findings, part+": "+words) }

func (c *VerifyCmd) print(env *Env, v verdict) error {
	if c.JSON {
		if err := json.NewEncoder(env.Out).Encode(v); err != nil {
			return err
		}
	} else {
		for _, f := range v.Findings {
			fmt.Fprintln(env.Out, f)
		}
		if v.OK {
			fmt.Fprintf(env.Out, "the record is whole: %d events in the log, %d waiting for it, root %s\n", v.Events, v.Waiting, v.Root)
		} else {
			fmt.Fprintf(env.Out, "the record is NOT whole; differences: %d, the first is named first\n", len(v.Findings))
		}
	}
	if !v.OK {
		return errFindings
	}
	return nil
}

// longestHead bounds what is read as a head: a signed note is short.
const longestHead = 64 << 10

// fetch reads a file, or an address that begins with http.
func fetch(env *Env, from string) ([]byte, error) {
	if !strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "https://") {
		return os.ReadFile(from)
	}
	client := http.Client{Timeout: 20 * time.Second}
	req, err := http.NewRequestWithContext(env.Ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", from, res.Status)
	}
	return io.ReadAll(io.LimitReader(res.Body, longestHead))
}

// counted is what a command that goes through many prints as JSON.
type counted struct {
	Count int `json:"count"`
}

// RebuildCmd makes every row anew.
type RebuildCmd struct {
	conf.Place
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run rebuilds.
func (c *RebuildCmd) Run(env *Env) error {
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	n, err := in.Rebuild(env.Ctx)
	if err != nil {
		return err
	}
	return env.say(c.JSON, counted{n}, "made the rows of %d cases anew from the record", n)
}

// KeysCmd is about the instance keys.
type KeysCmd struct {
	Rotate  KeysRotateCmd  `cmd:"" help:"Replace an instance key."`
	Reindex KeysReindexCmd `cmd:"" help:"Make the blind index anew from the sealed answers."`
	Shares  KeysSharesCmd  `cmd:"" help:"Print three sheets of paper, of which any two recover the keys."`
	Recover KeysRecoverCmd `cmd:"" help:"Make a lost key folder anew from two sheets."`
}

// KeysRotateCmd replaces one instance key.
type KeysRotateCmd struct {
	conf.Place
	JSON  bool   `help:"Print one JSON object." name:"json"`
	Which string `arg:"" help:"Which key: wrap, the one that wraps the keys of all streams." enum:"wrap"`
}

// Run rotates; no event is touched.
func (c *KeysRotateCmd) Run(env *Env) error {
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	n, err := in.Keys.RotateWrap(env.Ctx)
	if err != nil {
		return err
	}
	return env.say(c.JSON, counted{n}, "wrapped the keys of %d streams under a new key; no event was touched", n)
}

// KeysReindexCmd makes the blind index anew.
type KeysReindexCmd struct {
	conf.Place
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run makes the index anew.
func (c *KeysReindexCmd) Run(env *Env) error {
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	n, err := in.Cases.Reindex(env.Ctx)
	if err != nil {
		return err
	}
	return env.say(c.JSON, counted{n}, "made the index entries of %d cases anew", n)
}

// LogCmd is about the public log.
type LogCmd struct {
	Head     LogHeadCmd     `cmd:"" help:"Print the newest signed head."`
	Continue LogContinueCmd `cmd:"" help:"Begin a new log after events were lost, naming the old head and the missing range."`
}

// LogHeadCmd prints the newest head as a signed note.
type LogHeadCmd struct {
	conf.Place
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run prints the head.
func (c *LogHeadCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	head, err := in.Ledger.Head()
	if err != nil {
		return err
	}
	return env.sayHead(c.JSON, head)
}

// sayHead prints a signed head as it is, or as JSON.
func (env *Env) sayHead(asJSON bool, h ledger.Head) error {
	return env.say(asJSON, map[string]any{"size": h.Size, "root": fmt.Sprintf("%x", h.Root), "note": string(h.Note)}, "%s", strings.TrimSuffix(string(h.Note), "\n"))
}

// LogContinueCmd opens a new origin after a loss.
type LogContinueCmd struct {
	conf.Place
	JSON bool `help:"Print one JSON object." name:"json"`
	Lost bool `help:"Yes: events that the newest head on disk counts are lost." required:""`
}

// Run continues the log.
func (c *LogContinueCmd) Run(env *Env) error {
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	head, err := in.Ledger.Continue(env.Ctx, c.Lost)
	if err != nil {
		return err
	}
	return env.sayHead(c.JSON, head)
}

// VersionCmd prints the version.
type VersionCmd struct {
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run prints what was built, and from what.
func (c *VersionCmd) Run(env *Env) error {
	v := app.Version()
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(v)
	}
	fmt.Fprintf(env.Out, "pendopo %s %s\n", v.Version, v.Go)
	return nil
}
