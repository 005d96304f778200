package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"pendopo/app"
	"pendopo/engine/notify"
	"pendopo/engine/notify/push"
	"pendopo/engine/notify/wire"
	"pendopo/kernel/conf"
)

// Telling is by which channels people are told.
type Telling struct {
	Notices string `help:"File of the channels by which people are told, with their secrets: 0600, neither in the data folder nor in the government's. Without it nobody is told but on the page of the case." env:"PENDOPO_NOTICES" placeholder:"FILE"`
}

// setup reads the file; nil where none is named.
func (t Telling) setup(p conf.Place) (*notify.Setup, error) {
	if t.Notices == "" {
		return nil, nil
	}
	file, err := filepath.Abs(t.Notices)
	if err != nil {
		return nil, err
	}
	data, err := filepath.Abs(p.Data)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(file, data+string(filepath.Separator)) {
		return nil, errors.New("--notices lies in the data folder: a copy of the data would carry its secrets")
	}
	return notify.ReadSetup(file, p.NoticesFolder())
}

// NoticesCmd is about what people are told. None of it shows an address.
type NoticesCmd struct {
	List  NoticesListCmd  `cmd:"" help:"Notices by state, and those of one state."`
	Cost  NoticesCostCmd  `cmd:"" help:"What messages cost, by channel, in one month."`
	Retry NoticesRetryCmd `cmd:"" help:"Have what ended on the page tried again, all or one."`
	Test  NoticesTestCmd  `cmd:"" help:"Send a test message by one channel, now."`
	Key   NoticesKeyCmd   `cmd:"" help:"Draw a key for notifications of browsers."`
}

// NoticesListCmd lists.
type NoticesListCmd struct {
	conf.Place
	State string `help:"Only these: created, queued, sent, delivered, failed, page." enum:"created,queued,sent,delivered,failed,page," default:""`
	Days  int    `help:"Counts of how many days." default:"1"`
	Limit int    `help:"How many at most." default:"50"`
	JSON  bool   `help:"Print one JSON object." name:"json"`
}

// Run lists counts, or the notices of a state.
func (c *NoticesListCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	if c.State != "" {
		return c.list(env, in)
	}
	counts, err := in.Notices.Counts(env.Ctx, in.Now().AddDate(0, 0, -c.Days))
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(counts)
	}
	words := env.Texts.Printer("en")
	w := tabwriter.NewWriter(env.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "state\tchannel\tnotices\twhy")
	for _, n := range counts {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", n.State, n.Channel, n.N, why(words.T, n.Reason))
	}
	return w.Flush()
}

// why is a reason in words.
func why(words func(string, ...any) string, code string) string {
	if code == "" {
		return ""
	}
	return words("notify.reason_" + code)
}

func (c *NoticesListCmd) list(env *Env, in *app.Instance) error {
	list, err := in.Notices.List(env.Ctx, notify.State(c.State), c.Limit)
	if err != nil {
		return err
	}
	type line struct {
		ID      string    `json:"id"`
		Kind    string    `json:"kind"`
		Code    string    `json:"code,omitempty"`
		Channel string    `json:"channel"`
		Reason  string    `json:"reason,omitempty"`
		Changed time.Time `json:"changed"`
	}
	out := []line{}
	for _, n := range list {
		l := line{ID: n.ID, Kind: n.Kind, Channel: n.Channel, Reason: n.Reason, Changed: n.Changed}
		if n.Subject != "" {
			l.Code = in.Cases.Code(n.Subject)
		}
		out = append(out, l)
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(out)
	}
	words := env.Texts.Printer("en")
	w := tabwriter.NewWriter(env.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "id\tkind\tcase\tchannel\tsince\twhy")
	for _, l := range out {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", l.ID, l.Kind, l.Code, l.Channel, l.Changed.Format("2006-01-02 15:04Z"), why(words.T, l.Reason))
	}
	return w.Flush()
}

// NoticesCostCmd adds up.
type NoticesCostCmd struct {
	conf.Place
	Month string `help:"Which month, 2026-03; the present one by default." placeholder:"YYYY-MM"`
	JSON  bool   `help:"Print one JSON array." name:"json"`
}

// Run adds up a month in the government's own zone.
func (c *NoticesCostCmd) Run(env *Env) error {
	in, err := env.open(c.Place, false)
	if err != nil {
		return err
	}
	defer in.Close()
	zone := time.UTC
	if in.Cases.Government() != nil {
		zone = in.Cases.Catalogue().Zone()
	}
	now := in.Now().In(zone)
	from := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, zone)
	if c.Month != "" {
		if from, err = time.ParseInLocation("2006-01", c.Month, zone); err != nil {
			return errors.New("--month is a year and a month, such as 2026-03")
		}
	}
	costs, err := in.Notices.Costs(env.Ctx, from, from.AddDate(0, 1, 0))
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(costs)
	}
	words := env.Texts.Printer("en")
	w := tabwriter.NewWriter(env.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "%s\tmessages\tcost\n", from.Format("2006-01"))
	var sum int64
	for _, x := range costs {
		sum += x.Rupiah
		fmt.Fprintf(w, "%s\t%d\t%s\n", x.Channel, x.Messages, words.Rupiah(x.Rupiah))
	}
	fmt.Fprintf(w, "all\t\t%s\n", words.Rupiah(sum))
	return w.Flush()
}

// NoticesRetryCmd has notices tried again.
type NoticesRetryCmd struct {
	conf.Place
	ID   string `arg:"" optional:"" help:"Which one; all of the last seven days without it."`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// Run queues them; a server sends them.
func (c *NoticesRetryCmd) Run(env *Env) error {
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	ids := []string{c.ID}
	if c.ID == "" {
		const most = 10000
		list, err := in.Notices.List(env.Ctx, notify.Page, most)
		if err != nil {
			return err
		}
		ids = nil
		for _, n := range list {
			if n.Changed.After(in.Now().AddDate(0, 0, -7)) {
				ids = append(ids, n.ID)
			}
		}
	}
	n := 0
	for _, id := range ids {
		again, err := in.Notices.Retry(id)
		if err != nil {
			return err
		}
		if again {
			n++
		}
	}
	if c.ID != "" && n == 0 {
		return &statusError{findings, errors.New("no notice of this id ended on the page")}
	}
	return env.say(c.JSON, map[string]int{"queued": n}, "%d notices are tried again by the server", n)
}

// NoticesTestCmd sends one message.
type NoticesTestCmd struct {
	conf.Place
	Telling
	Channel string `arg:"" help:"sms, whatsapp or email." enum:"sms,whatsapp,email"`
	To      string `arg:"" help:"Telephone number or e-mail address; your own."`
	JSON    bool   `help:"Print one JSON object." name:"json"`
}

// Run sends at once and says how that went; nothing is kept of it.
func (c *NoticesTestCmd) Run(env *Env) error {
	setup, err := c.setup(c.Place)
	if err != nil {
		return err
	}
	if setup == nil {
		return errors.New("--notices names the file of the channels; without it there is nothing to test")
	}
	carrier, set := setup.Carriers[c.Channel]
	if !set || carrier.Adapter == nil {
		return fmt.Errorf("the notices file has no channel %s", c.Channel)
	}
	words := env.Texts.Printer("id")
	to := c.To
	if c.Channel != wire.Email {
		if to = notify.Dialled(c.To); to == "" {
			return errors.New("this is no telephone number")
		}
	}
	id := "test-" + time.Now().UTC().Format("20060102150405")
	text := words.T("notify.test_text", "house", "Pendopo")
	_, err = carrier.Adapter.Send(env.Ctx, wire.Message{ID: id, Channel: c.Channel, Lang: "id", To: to, Subject: words.T("notify.test_subject"), Text: text, Short: text, Name: notify.Test})
	if err != nil {
		code, _ := wire.Reason(err)
		return &statusError{findings, errors.New(env.Texts.Printer("en").T("notify.reason_" + code))}
	}
	return env.say(c.JSON, map[string]string{"id": id}, "the gateway took the message %s", id)
}

// NoticesKeyCmd draws a key.
type NoticesKeyCmd struct{}

// Run prints it, for the notices file.
func (c *NoticesKeyCmd) Run(env *Env) error {
	key, err := push.NewKey()
	if err == nil {
		fmt.Fprintln(env.Out, key)
	}
	return err
}
