package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"pendopo/kernel/conf"
)

const failed = 2

func main() {
	place, m := conf.Place{Node: "node1"}, measuring{}
	cases := flag.Int("cases", 10_000, "how many cases there are to be")
	flag.StringVar(&place.Data, "data", "", "the data folder to make, or to go on with")
	flag.StringVar(&place.Database, "database", "", "postgres:// address of the record")
	flag.StringVar(&place.Keys, "keys", "", "postgres:// address of the key store")
	drawn := flag.Int("drawn", 1000, "every so-manieth document is drawn as a letter; the others are small stand-ins")
	flag.StringVar(&m.small.place.Data, "small", "", "measure: the folder of the smaller instance")
	flag.StringVar(&m.large.place.Data, "large", "", "measure: the folder of the larger instance")
	flag.StringVar(&m.small.place.Database, "small-database", "", "measure: its record on PostgreSQL")
	flag.StringVar(&m.small.place.Keys, "small-keys", "", "measure: its key store on PostgreSQL")
	flag.StringVar(&m.large.place.Database, "large-database", "", "measure: the larger's record on PostgreSQL")
	flag.StringVar(&m.large.place.Keys, "large-keys", "", "measure: its key store on PostgreSQL")
	flag.StringVar(&m.binary, "pendopo", "", "measure this binary instead of building one")
	flag.IntVar(&m.repeats, "repeats", 150, "measure: how often each page is asked for")
	flag.BoolVar(&m.whole, "whole", false, "measure verify and rebuild too: minutes for a million cases")
	flag.BoolVar(&m.write, "write", false, "write the table into docs/performance.md")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch {
	case m.small.place.Data != "" && m.large.place.Data != "":
		err = m.run(ctx)
	case place.Data != "":
		err = makeCases(ctx, place, *cases, *drawn)
	default:
		err = errors.New("give -data to make cases, or -small and -large to measure")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "growth:", err)
		os.Exit(failed)
	}
}

var errCutOff = errors.New("the making of this folder was cut off: some of its cases cannot be found; delete it")

// makeCases makes a folder, or goes on with one that was paused.
func makeCases(ctx context.Context, place conf.Place, cases, drawn int) (err error) {
	p, err := readProgress(place.Data)
	switch {
	case errors.Is(err, os.ErrNotExist):
		p = progress{Cases: cases, Until: time.Now().Truncate(time.Second)}
	case err != nil:
		return err
	case p.State == finished:
		fmt.Printf("%s: %d cases are there\n", place.Data, p.Made)
		return nil
	case p.State == making:
		return errCutOff
	}
	t, err := openTown(ctx, place, p.Until)
	if t != nil && t.Instance != nil {
		defer func() { err = errors.Join(err, t.Close()) }()
	}
	if err != nil {
		return err
	}
	if err := t.settle(ctx); err != nil {
		return err
	}
	p.State = making
	if err := p.save(place.Data); err != nil {
		return err
	}
	p, err = seed(ctx, t, p, drawn, os.Stdout)
	if err != nil {
		return err
	}
	fmt.Printf("\n%s: %d cases, %d events, %.0f s\n", p.State, p.Made, p.Events, p.Took)
	return p.save(place.Data)
}
