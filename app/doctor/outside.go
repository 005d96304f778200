package doctor

import (
	"errors"
	"net/netip"
	"net/url"
	"time"

	"pendopo/kernel/backup"
)

// How old things may be before somebody should look.
const (
	lagging    = 10 * time.Minute
	unwritten  = 5 * time.Minute // a running server renews its status far more often
	rehearsed  = 35 * 24 * time.Hour
	oldestCopy = 26 * time.Hour
)

// backups: whether what is here is also elsewhere, and comes back.
func backups(x *examination) error {
	if err := x.copies(); err != nil {
		return err
	}
	r, err := backup.Last(x.Place.Data)
	switch {
	case errors.Is(err, backup.ErrNever):
		x.find(Warning, "rehearsal_never")
	case err != nil:
		return err
	case r.Trouble != "":
		x.find(Error, "rehearsal_broken", "when", r.At.UTC().Format(time.RFC3339), "cause", r.Trouble)
	case !r.OK:
		x.find(Error, "rehearsal_bad", "when", r.At.UTC().Format(time.RFC3339), "n", len(r.Findings)+r.MoreFound)
	case x.now.Sub(r.At) > rehearsed:
		x.find(Warning, "rehearsal_old", "days", int64(x.now.Sub(r.At)/(24*time.Hour)))
	}
	return nil
}

// copies looks at the continuous copy. On PostgreSQL the server's own archive
// takes its place, which only its rehearsal shows.
func (x *examination) copies() error {
	s, err := backup.LastStatus(x.Place.Data)
	switch {
	case errors.Is(err, backup.ErrNever):
		if x.Place.Database == "" {
			x.find(Warning, "backup_never")
		}
	case err != nil:
		return err
	case s.Trouble != "":
		x.find(Error, "backup_trouble", "cause", s.Trouble)
	case x.running && x.now.Sub(s.Written) > unwritten:
		x.find(Error, "backup_silent", "minutes", int64(x.now.Sub(s.Written)/time.Minute))
	case x.running && s.Lag(x.now) > lagging:
		x.find(Error, "backup_lags", "minutes", int64(s.Lag(x.now)/time.Minute))
	case !x.running && s.Lag(x.now) > oldestCopy:
		x.find(Warning, "backup_old", "hours", int64(s.Lag(x.now)/time.Hour))
	}
	return nil
}

// face: how people reach the server.
func face(x *examination) error {
	if x.Base == "" {
		x.find(Note, "face_untold")
		return nil
	}
	u, err := url.Parse(x.Base)
	if err != nil || u.Host == "" {
		x.find(Error, "face_no_address", "base", x.Base)
		return nil
	}
	if own(u.Hostname()) {
		x.find(Note, "face_local", "base", x.Base)
		return nil
	}
	if u.Scheme != "https" {
		x.find(Error, "face_plain", "base", x.Base)
		return nil
	}
	if len(x.Proxies) == 0 {
		x.find(Warning, "face_no_proxy")
	}
	for _, p := range x.Proxies {
		if p.Bits() == 0 {
			x.find(Error, "face_every_proxy", "proxy", p.String())
		}
	}
	return nil
}

// own says that a host is this machine.
func own(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
