// Command shifted serves an instance as `pendopo serve` does, by a clock that is
// off by what a file says, a duration such as -3h, read at every look. It takes
// the flags that the rig gives to `pendopo serve`.
package main

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"pendopo/app"
	"pendopo/kernel/conf"
)

func main() {
	flags := flag.NewFlagSet("shifted", flag.ExitOnError)
	var p conf.Place
	flags.StringVar(&p.Data, "data", "", "")
	flags.StringVar(&p.KeysDir, "keys-dir", "", "")
	addr := flags.String("addr", "", "")
	base := flags.String("base", "", "")
	flags.String("proxy", "", "")
	flags.String("government", "", "")
	p.Node = "node1"
	if err := flags.Parse(os.Args[2:]); err != nil { // the first is the command, serve
		os.Exit(2)
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := serve(p, *addr, *base, log); err != nil {
		log.Error("shifted", slog.Any("error", err))
		os.Exit(2)
	}
}

func serve(p conf.Place, addr, base string, log *slog.Logger) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	in, err := app.Open(ctx, app.Options{Place: p, Base: base, Lock: true, Log: log, Now: now})
	if err != nil {
		return err
	}
	defer in.Close()
	h, err := in.Handler(app.Face{Base: base})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return in.Serve(ctx, l, h)
}

// now is the time that the file SHIFT makes of the clock's.
func now() time.Time {
	text, err := os.ReadFile(os.Getenv("SHIFT"))
	if err != nil {
		return time.Now()
	}
	by, err := time.ParseDuration(strings.TrimSpace(string(text)))
	if err != nil {
		return time.Now()
	}
	return time.Now().Add(by)
}
