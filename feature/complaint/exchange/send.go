package exchange

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"pendopo/feature/complaint/georeport"
)

// How long rows wait.
const (
	firstWait  = time.Minute      // after the first failure; then twice as long each time
	longWait   = 6 * time.Hour    // at most
	settle     = 5 * time.Minute  // until a list that does not show a parcel is believed
	followSoon = 15 * time.Minute // between two looks at a report that is open over there
	followLate = 6 * time.Hour    // once it has stood unchanged for a day
	batch      = 20               // rows of one round
	around     = 10 * time.Minute // by which clocks may differ
)

// sending sends what is due.
func (x *Exchange) sending(ctx context.Context, p *peer) error {
	rows, err := x.query(ctx, `WHERE peer = ? AND state IN ('waiting', 'unsure') AND due <= ? ORDER BY due LIMIT ?`, p.config.Name, x.now(), batch)
	for _, r := range rows {
		if err := x.dispatch(ctx, p, r); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return err
}

// dispatch sends one row, or first asks what became of it.
func (x *Exchange) dispatch(ctx context.Context, p *peer, r Row) error {
	parcel, why, err := x.parcel(ctx, p, r)
	if err != nil {
		return err
	}
	if why != "" {
		return x.fail(r, why)
	}
	if r.State == Unsure {
		if known, err := x.settleUnsure(ctx, p, &r, parcel); known || err != nil {
			return err
		}
	}
	first := r.Begun.IsZero()
	r.State, r.Attempts = Unsure, r.Attempts+1 // before anything leaves: from here on nobody knows
	if first {
		r.Begun = x.now()
	}
	r.Due = x.now().Add(wait(r.Attempts))
	if err := x.save(r); err != nil {
		return err
	}
	receipt, err := p.Send(ctx, parcel)
	return x.answered(r, first, receipt, err)
}

// answered writes down what became of a try; first says that none before it can
// have arrived.
func (x *Exchange) answered(r Row, first bool, got georeport.Receipt, err error) error {
	var refused *Refused
	switch {
	case err == nil && got.ID != "":
		r.State, r.Remote, r.Reason, r.Begun, r.Due = Sent, got.ID, "", time.Time{}, x.now().Add(time.Minute)
	case err == nil:
		r.State, r.Token, r.Reason, r.Begun, r.Due = Token, got.Token, "", time.Time{}, x.now().Add(time.Minute)
	case errors.As(err, &refused) && first:
		r.State, r.Reason, r.Begun = Failed, refused.Reason, time.Time{}
	case errors.As(err, &refused):
		r.State, r.Reason = Failed, refused.Reason
	case errors.Is(err, ErrUnsent) && first:
		r.State, r.Reason, r.Begun = Waiting, brief(err.Error()), time.Time{}
	default:
		r.Reason = brief(err.Error())
	}
	return x.save(r)
}

// settleUnsure asks what became of a parcel whose answer was lost. True when
// that is known now, or has to be waited for.
func (x *Exchange) settleUnsure(ctx context.Context, p *peer, r *Row, parcel Parcel) (bool, error) {
	if p.config.Idempotent {
		return false, nil // sent again under the same key it is the same report
	}
	found, err := p.Look(ctx, Question{From: r.Begun.Add(-around), To: x.now().Add(around), Services: []string{parcel.Service}})
	if err != nil {
		r.Attempts++
		r.Due, r.Reason = x.now().Add(wait(r.Attempts)), "cannot be asked: "+brief(err.Error())
		return true, x.save(*r)
	}
	for _, one := range found {
		if matches(parcel, one) {
			return true, x.answered(*r, false, georeport.Receipt{ID: one.ID}, nil)
		}
	}
	switch {
	case p.config.Lists == afterReview:
		return true, x.fail(*r, "the answer was lost, and the peer shows nothing before it has looked: ask it, then `pendopo exchange retry` with --id or --again")
	case x.now().Sub(r.Begun) < settle:
		r.Due = r.Begun.Add(settle)
		return true, x.save(*r)
	}
	return false, nil
}

// matches reports whether a report over there is a parcel: by its mark or, where
// the mark was cut off, by place and beginning.
func matches(p Parcel, r georeport.Request) bool {
	text := string(r.Description)
	if strings.Contains(text, p.Mark) {
		return true
	}
	const sure = 60
	begin := []rune(p.Text)
	return len(begin) >= sure && strings.HasPrefix(text, string(begin[:sure])) && p.Lat.Known && r.Lat.Known && close(p.Lat.Value, r.Lat.Value) && close(p.Long.Value, r.Long.Value)
}

func close(a, b float64) bool { return a-b < 1e-5 && b-a < 1e-5 }

// fail gives a row up until an administrator decides.
func (x *Exchange) fail(r Row, why string) error {
	r.State, r.Reason = Failed, why
	return x.save(r)
}

// wait is for how long a row rests after so many tries.
func wait(attempts int) time.Duration {
	return min(firstWait<<min(attempts-1, 20), longWait)
}

// parcel makes what is sent of a row; why not, where it cannot be sent any more.
func (x *Exchange) parcel(ctx context.Context, p *peer, r Row) (Parcel, string, error) {
	seen, ok, err := x.public(ctx, r.Stream)
	if err != nil {
		return Parcel{}, "", err
	}
	if !ok || !seen.shown {
		return Parcel{}, "it is not shown any more", nil
	}
	route, ok := p.config.route(seen.category)
	if !ok {
		return Parcel{}, "the configuration sends category " + seen.category + " no more", nil
	}
	m := mark(x.house.Jurisdiction(), seen.code)
	text := seen.text
	if room := georeport.MostDescription - len([]rune(m)) - 2; len([]rune(text)) > room {
		text = string([]rune(text)[:room])
	}
	out := Parcel{Code: seen.code, Mark: m, Key: hex.EncodeToString(x.mac("exchange", r.Peer, r.Stream))[:32], Service: route.Code,
		Title: seen.title, Text: text + "\n\n" + m, Received: seen.received.In(x.house.Zone()), Attribute: route.Attributes}
	if seen.lat != nil && seen.lon != nil {
		out.Lat, out.Long = georeport.At(float64(*seen.lat)/1e5), georeport.At(float64(*seen.lon)/1e5)
	}
	if seen.region != "" {
		out.Address = x.house.Region(seen.region)
	}
	var photos []string
	if err := json.Unmarshal([]byte(seen.photos), &photos); err == nil && len(photos) > 0 && x.base != "" {
		out.Media = fmt.Sprintf("%s/reports/%s/photos/1", x.base, seen.code)
	}
	return out, "", nil
}
