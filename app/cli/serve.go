package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/kernel/conf"
	"pendopo/law/definition"
)

// Listening is where and as what the doors answer.
type Listening struct {
	Addr  string   `help:"Address to listen on." default:"localhost:8080" env:"PENDOPO_ADDR" placeholder:"HOST:PORT"`
	Base  string   `help:"Address by which people reach it, printed on documents; http://ADDR by default." env:"PENDOPO_BASE" placeholder:"URL"`
	Proxy []string `help:"Address or range of a reverse proxy whose X-Forwarded-For is believed; may be repeated." env:"PENDOPO_PROXY" placeholder:"CIDR"`
	Limits
	Metrics string `help:"Address that answers /metrics for Prometheus; of this machine or a network of its own, never the public one. Off by default." name:"metrics-addr" env:"PENDOPO_METRICS_ADDR" placeholder:"HOST:PORT"`
	bound   net.Listener
	Pseudo  bool `help:"Offer a third language made of brackets, which shows texts that were never translated." env:"PENDOPO_PSEUDO"`
}

// Limits are how the server keeps within its machine, and how it ends.
type Limits struct {
	Connections int           `help:"Most connections at a time." default:"4096" env:"PENDOPO_CONNECTIONS" placeholder:"N"`
	PerAddress  int           `help:"Most connections from one address; those of --proxy are not counted." default:"512" name:"connections-per-address" env:"PENDOPO_CONNECTIONS_PER_ADDRESS" placeholder:"N"`
	Drain       time.Duration `help:"How long to go on answering after /readyz has said that the server stops; give it a little more than the proxy's interval of asking." default:"0s" env:"PENDOPO_DRAIN" placeholder:"TIME"`
}

// manners are the limits as the server keeps them.
func (l Listening) manners(proxies []netip.Prefix) (app.Manners, error) {
	if l.Connections < 1 || l.PerAddress < 1 || l.Drain < 0 {
		return app.Manners{}, fmt.Errorf("--connections and --connections-per-address are at least 1, --drain at least 0s")
	}
	m := app.Manners{Drain: l.Drain, Crowd: app.Crowd{Most: l.Connections, PerAddress: l.PerAddress, Proxies: proxies}}
	if l.Metrics == "" {
		return m, nil
	}
	if err := ownNetwork(l.Metrics); err != nil {
		return m, err
	}
	listener, err := net.Listen("tcp", l.Metrics)
	m.Metrics = listener
	return m, err
}

// ownNetwork refuses to show figures to the public: an address that anybody on
// the internet could reach, or all addresses of the machine.
func ownNetwork(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("--metrics-addr: %q is not HOST:PORT", addr)
	}
	ip, err := netip.ParseAddr(host)
	if host == "localhost" || err == nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()) {
		return nil
	}
	return fmt.Errorf("--metrics-addr: %s is not an address of this machine alone or of a private network; write 127.0.0.1:9090, or the machine's private address", addr)
}

// base is the address printed on documents.
func (l Listening) base() string {
	if l.Base != "" {
		return l.Base
	}
	host, port, err := net.SplitHostPort(l.Addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return "http://" + net.JoinHostPort("localhost", port)
	}
	return "http://" + l.Addr
}

// choosePort takes the port now when the system is to choose it (":0"): it is printed
// on documents and part of the name of the log, which are made before anybody listens.
func (l *Listening) choosePort() (err error) {
	host, port, err := net.SplitHostPort(l.Addr)
	if err != nil || port != "0" {
		return nil // an address that is none is refused when it is listened on
	}
	if l.bound, err = net.Listen("tcp", l.Addr); err != nil {
		return err
	}
	_, port, err = net.SplitHostPort(l.bound.Addr().String())
	l.Addr = net.JoinHostPort(host, port)
	return err
}

// listener is what was taken before, or is taken now.
func (l Listening) listener() (net.Listener, error) {
	if l.bound != nil {
		return l.bound, nil
	}
	return net.Listen("tcp", l.Addr)
}

// proxies reads the addresses and ranges of --proxy.
func (l Listening) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range l.Proxy {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("--proxy: %q is neither an address nor a range like 10.0.0.0/8", s)
		}
		out = append(out, p)
	}
	return out, nil
}

// ServeCmd publishes a folder and serves it.
type ServeCmd struct {
	conf.Place
	Listening
	Telling
	Copying    conf.Copying `embed:""`
	Government string       `help:"Government folder to publish at start and on SIGHUP; what was published before holds when it is empty." env:"PENDOPO_GOVERNMENT" placeholder:"DIR" type:"existingdir"`
	Untried    bool         `help:"Change the tables of an older version without trying it on a copy first; make a copy yourself." name:"upgrade-untried"`
	Exchange   string       `help:"File that says with whom reports are exchanged." env:"PENDOPO_EXCHANGE" placeholder:"FILE.yaml"` // feature/complaint
	Origin     string       `help:"Name of the public log when the instance is new; the host of --base followed by /log by default." env:"PENDOPO_ORIGIN"`
}

// Run serves until it is told to stop.
func (c *ServeCmd) Run(env *Env) error {
	if err := c.choosePort(); err != nil {
		return err
	}
	setup, err := c.setup(c.Place)
	if err != nil {
		return err
	}
	in, err := app.Open(env.Ctx, app.Options{
		Place: c.Place, Base: c.base(), Lock: c.Database == "", Create: c.Government != "", Origin: originOf(c.Origin, c.base()),
		Log: env.logger(slog.LevelInfo), Untried: c.Untried, Notices: setup,
	})
	if err != nil {
		return err
	}
	defer in.Close()
	if c.Government != "" {
		in.KeepFolder(c.Government)
	}
	if err := c.publish(env, in); err != nil && !c.stillServes(in, err) {
		return err
	}
	if in.Cases.Government() == nil {
		return fmt.Errorf("nothing has been published here; give --government DIR")
	}
	if err := in.Cases.Recheck(env.Ctx); err != nil {
		return err
	}
	if err := in.KeepCopies(env.Ctx, c.Copying); err != nil {
		return err
	}
	err = useExchange(in, c.Exchange) // feature/complaint
	if err != nil {
		return err
	}
	go c.rehearseEvery(env, in.Log)
	c.onHangup(env, in)
	return serve(env, in, c.Listening, false)
}

func (c *ServeCmd) publish(env *Env, in *app.Instance) error {
	if c.Government == "" {
		return nil
	}
	return publish(env, os.DirFS(c.Government), in.PublishFolder, false)
}

// stillServes says whether to go on with what was published before: a slip in a
// file must not take every service away when the machine starts anew.
func (c *ServeCmd) stillServes(in *app.Instance, err error) bool {
	if !errors.Is(err, casework.ErrFindings) || in.Cases.Government() == nil {
		return false
	}
	in.Log.Error("not published; what held before still holds", slog.Any("error", err))
	return true
}

// onHangup publishes again on SIGHUP; a folder with faults changes nothing.
func (c *ServeCmd) onHangup(env *Env, in *app.Instance) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	go func() {
		defer signal.Stop(hangup)
		for {
			select {
			case <-env.Ctx.Done():
				return
			case <-hangup:
				if err := c.publish(env, in); err != nil {
					in.Log.Error("not published; what held before still holds", slog.Any("error", err))
				}
				c.retell(in)
			}
		}
	}()
}

// retell reads the channels again; a file with faults changes nothing.
func (c *ServeCmd) retell(in *app.Instance) {
	setup, err := c.setup(c.Place)
	if err != nil {
		in.Log.Error("the channels were not read again; those before still hold", slog.Any("error", err))
	} else if setup != nil {
		in.Notices.Use(setup)
	}
}

// serve answers on the address until ctx ends.
func serve(env *Env, in *app.Instance, l Listening, demo bool) error {
	proxies, err := l.proxies()
	if err != nil {
		return err
	}
	h, err := in.Handler(app.Face{Demo: demo, Pseudo: l.Pseudo, Base: l.base(), Proxies: proxies, Doctor: examine(in, l.base(), proxies)})
	if err != nil {
		return err
	}
	manners, err := l.manners(proxies)
	if err != nil {
		return err
	}
	listener, err := l.listener()
	if err != nil {
		return err
	}
	fmt.Fprintf(env.Out, "Pendopo %s: %s\n", in.Cases.Government().Profile.Name.In("en"), l.base())
	return in.ServeWith(env.Ctx, listener, h, manners)
}

// publish proves and stores a folder and prints what changed, or every fault.
func publish(env *Env, fsys fs.FS, do func(context.Context, fs.FS) (casework.Published, error), asJSON bool) error {
	p, err := do(env.Ctx, fsys)
	if asJSON {
		if e := json.NewEncoder(env.Out).Encode(p); e != nil {
			return e
		}
		return found(err)
	}
	printFindings(env, p.Findings)
	if err != nil {
		return found(err)
	}
	for _, s := range p.Services {
		fmt.Fprintf(env.Out, "published %s\n", s)
	}
	for _, s := range p.TakenBack {
		fmt.Fprintf(env.Out, "taken back %s\n", s)
	}
	if p.Calendar {
		fmt.Fprintln(env.Out, "published the calendar")
	}
	return nil
}

// found tells findings, which end with status 1, from a command that could not run.
func found(err error) error {
	if errors.Is(err, casework.ErrFindings) {
		return &statusError{findings, err}
	}
	return err
}

func printFindings(env *Env, list []definition.Finding) {
	for _, f := range list {
		fmt.Fprintln(env.Err, f)
	}
}

// originOf names the public log after the host that people know.
func originOf(given, base string) string {
	if given != "" {
		return given
	}
	host := base
	for _, scheme := range []string{"https://", "http://"} {
		if len(base) > len(scheme) && base[:len(scheme)] == scheme {
			host = base[len(scheme):]
		}
	}
	return host + "/log"
}

// PublishCmd stores a folder as what holds from now on.
type PublishCmd struct {
	conf.Place
	Dir  string `arg:"" help:"Government folder." type:"existingdir"`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// Run publishes.
func (c *PublishCmd) Run(env *Env) error {
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := publish(env, os.DirFS(c.Dir), in.Publish, c.JSON); err != nil {
		return err
	}
	return in.Cases.Amend(env.Ctx) // all other work waits for a server: this command knows no --base
}
