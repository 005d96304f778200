package notify

import (
	"context"
	"crypto/subtle"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"pendopo/engine/notify/mail"
	"pendopo/engine/notify/wire"
)

// Receive takes in what a gateway sent to the address for reports of a channel.
// An unknown channel, one that takes no reports and another secret are refused
// alike; whatever else it holds is taken in silence.
func (e *Engine) Receive(channel, secret string, t wire.Told) error {
	c := e.Setup().Carriers[channel]
	if c.Secret == "" || c.Read == nil || subtle.ConstantTimeCompare([]byte(c.Secret), []byte(secret)) != 1 {
		return errNoReports()
	}
	for _, r := range c.Read(channel, t) {
		if err := e.Report(r); err != nil {
			return err
		}
	}
	return nil
}

// everyBounce is how often mailboxes of bounces are looked into.
const everyBounce = 30 * time.Second

// RunBounces reads the mailboxes to which bounces come, until ctx ends.
func (e *Engine) RunBounces(ctx context.Context) error {
	tick := time.NewTicker(everyBounce / e.hasten)
	defer tick.Stop()
	for {
		if err := e.CollectBounces(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// CollectBounces reads them once. A mailbox in which nothing has ever arrived may
// not be there yet.
func (e *Engine) CollectBounces() error {
	for channel, c := range e.Setup().Carriers {
		if c.Bounces == "" {
			continue
		}
		n, err := mail.Collect(c.Bounces, e.Report)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if n > 0 {
			e.log.Info("bounces were read", slog.String("channel", channel), slog.Int("n", n))
		}
	}
	return nil
}
