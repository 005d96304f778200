package demo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"pendopo/app"
)

// Seed makes officers and cases that are not there yet. The instance must run
// on the given clock, which is the real one again when Seed returns. Starting a
// second time doubles nothing.
func Seed(ctx context.Context, in *app.Instance, clock *Clock, progress func(done, total int)) ([]Login, error) {
	settle, err := hurry(in)
	if err != nil {
		return nil, err
	}
	logins, err := seed(ctx, in, clock, progress)
	return logins, errors.Join(err, settle())
}

// hurry lets a demo that is new be made without waiting for the disk; nobody has
// done anything in it that a power cut could lose. One that was made before waits.
func hurry(in *app.Instance) (settle func() error, err error) {
	if _, err := os.Stat(filepath.Join(in.Place.Data, loginFile)); errors.Is(err, os.ErrNotExist) {
		return in.Hurry()
	}
	return func() error { return nil }, nil
}

func seed(ctx context.Context, in *app.Instance, clock *Clock, progress func(done, total int)) ([]Login, error) {
	today := clock.Now()
	office, err := in.Cases.Catalogue().Clock("dpmptsp")
	if err != nil {
		return nil, err
	}
	w := &world{in: in, clock: clock, office: office, today: today, ids: map[string]string{}}
	defer clock.Set(time.Time{})
	clock.Set(w.at(60, "07:00"))
	logins, err := Logins(ctx, in)
	if err != nil {
		return nil, err
	}
	for _, l := range logins {
		if w.ids[l.Login], err = in.Identity.FindLogin(ctx, l.Login); err != nil {
			return nil, err
		}
	}
	w.tell()
	if err := w.reports(); err != nil {
		return nil, err
	}
	return logins, w.run(ctx, progress)
}
