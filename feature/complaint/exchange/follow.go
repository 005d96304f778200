package exchange

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/db"
)

// redeeming asks for the ids of tokens.
func (x *Exchange) redeeming(ctx context.Context, p *peer) error {
	can, ok := p.Peer.(Redeemer)
	if !ok {
		return nil
	}
	rows, err := x.query(ctx, `WHERE peer = ? AND state = 'token' AND due <= ? ORDER BY due LIMIT ?`, p.config.Name, x.now(), batch)
	for _, r := range rows {
		id, err := can.Redeem(ctx, r.Token)
		r.Attempts++
		r.Due = x.now().Add(wait(r.Attempts))
		switch {
		case err != nil:
			r.Reason = brief(err.Error())
		case id != "":
			r.State, r.Remote, r.Reason, r.Due = Sent, id, "", x.now()
		}
		if err := x.save(r); err != nil {
			return err
		}
	}
	return err
}

// following asks how the reports stand that a peer has.
func (x *Exchange) following(ctx context.Context, p *peer) error {
	rows, err := x.query(ctx, `WHERE peer = ? AND state IN ('sent', 'confirmed') AND status <> 'closed' AND due <= ? ORDER BY due LIMIT ?`, p.config.Name, x.now(), batch)
	if err != nil || len(rows) == 0 {
		return err
	}
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.Remote)
	}
	found, err := p.Look(ctx, Question{IDs: ids})
	if err != nil {
		return errors.Join(err, x.later(rows))
	}
	byID := map[string]georeport.Request{}
	for _, one := range found {
		byID[one.ID] = one
	}
	for _, r := range rows {
		if err := x.followed(p, r, byID[r.Remote]); err != nil {
			return err
		}
	}
	return nil
}

// later puts rows off of which nothing was learned.
func (x *Exchange) later(rows []Row) error {
	return x.db.Write(func(tx db.Tx) error {
		for _, r := range rows {
			r.Due = x.now().Add(firstWait)
			if err := save(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// followed writes down how one report stands; the zero request was not there.
func (x *Exchange) followed(p *peer, r Row, now georeport.Request) error {
	r.Due = x.now().Add(followSoon)
	if x.now().Sub(r.Made) > 24*time.Hour {
		r.Due = x.now().Add(followLate)
	}
	if now.ID == "" {
		r.Reason = "the peer shows no report with this id"
		return x.save(r)
	}
	status := georeport.TwoStates(now.Status)
	r.State, r.Reason = Confirmed, ""
	if status == r.Status {
		return x.save(r)
	}
	told := r.Status != "" || status == georeport.Closed // that it is open, as it began, is no news
	r.Status = status
	at := now.Updated
	if at.IsZero() {
		at.Time = x.now()
	}
	u := georeport.Update{ID: "status:" + r.Remote + ":" + status + ":" + at.UTC().Format("20060102150405"), Request: r.Remote, Status: status, Updated: at, Description: now.Notes}
	return x.db.Write(func(tx db.Tx) error {
		if told && !p.config.Updates {
			if _, err := keep(tx, r.Peer, r.Stream, u, brief(string(u.Description)), x.now()); err != nil {
				return err
			}
		}
		return save(tx, r)
	})
}

// overlap is how far before the last look updates are read again: a peer's own
// clock, and what it wrote late.
const overlap = time.Hour

// every is how often a peer is asked for updates.
const every = 5 * time.Minute

// reading takes the updates that a peer has.
func (x *Exchange) reading(ctx context.Context, p *peer) error {
	until, err := x.read(ctx, p.config.Name)
	now := x.now()
	if err != nil || now.Sub(until) < every {
		return err
	}
	from := until.Add(-overlap)
	if from.Before(now.Add(-georeport.MostSpan)) {
		from = now.Add(-georeport.MostSpan)
	}
	list, err := p.News(ctx, from, now)
	if err != nil {
		return err
	}
	for _, u := range list {
		if _, err := x.Received(ctx, p.config.Name, u); err != nil {
			return err
		}
	}
	return x.db.Write(func(tx db.Tx) error { return setRead(tx, p.config.Name, now) })
}

// Received keeps an update of a peer, once. False when the peer was never sent
// such a report: reports are named by the peer's id, or by our own.
func (x *Exchange) Received(ctx context.Context, name string, u georeport.Update) (bool, error) {
	if x.peer(name) == nil || u.ID == "" || u.Request == "" {
		return false, nil
	}
	rows, err := x.query(ctx, `WHERE peer = ? AND (remote = ? OR code = ?) LIMIT 1`, name, u.Request, u.Request)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	r := rows[0]
	err = x.db.Write(func(tx db.Tx) error {
		fresh, err := keep(tx, name, r.Stream, u, brief(string(u.Description)), x.now())
		if err != nil || !fresh {
			return err
		}
		_, err = tx.Exec(`UPDATE exchange_row SET status = ?, state = CASE WHEN state = 'sent' THEN 'confirmed' ELSE state END WHERE peer = ? AND stream = ?`,
			u.Status, name, r.Stream)
		return err
	})
	return err == nil, err
}

// telling tells a peer how its reports stand with us: solved, or open again.
func (x *Exchange) telling(ctx context.Context, p *peer) error {
	can, ok := p.Peer.(Teller)
	if !ok || !p.config.Updates {
		return nil
	}
	rows, err := x.changed(ctx, p.config.Name, x.now(), batch)
	for _, r := range rows {
		if err := x.tell(ctx, p, can, r); err != nil {
			return err
		}
	}
	return err
}

func (x *Exchange) tell(ctx context.Context, p *peer, can Teller, r Row) error {
	seen, ok, err := x.public(ctx, r.Stream)
	if err != nil || !ok {
		return err
	}
	was, is := settled(r.told), settled(seen.state)
	if was != is {
		id := strings.Join([]string{r.Code, seen.state, r.Made.UTC().Format("20060102150405")}, "-")
		err = can.Tell(ctx, georeport.Update{ID: id, Request: r.Remote, Status: is, Updated: georeport.Moment{Time: x.now().In(x.house.Zone())},
			Description: georeport.Text(stateWords(seen.state))})
	}
	var refused *Refused
	if errors.As(err, &refused) { // said once, it is not said again
		x.log.Warn("exchange", slog.String("peer", p.config.Name), slog.String("step", "tell"), slog.String("error", refused.Error()))
		err = nil
	}
	if err != nil {
		return err
	}
	r.told = seen.state
	return x.save(r)
}

// settled is a state of ours in the two of the specification.
func settled(state string) string {
	switch state {
	case "solved", "silence", "rejected", "merged", "withdrawn":
		return georeport.Closed
	}
	return georeport.Open
}

// stateWords are what a peer reads of a state of ours: neutral, and in both
// languages, since nobody knows who reads it.
func stateWords(state string) string {
	switch state {
	case "solved":
		return "Pelapor menyatakan sudah teratasi. / The reporter says that it is solved."
	case "silence":
		return "Ditutup karena pelapor tidak menanggapi. / Closed without a word of the reporter."
	case "withdrawn":
		return "Ditarik oleh pelapor. / Taken back by the reporter."
	case "merged":
		return "Sama dengan laporan lain. / The same as another report."
	case "rejected":
		return "Ditutup tanpa tindakan. / Closed without action."
	}
	return "Pelapor menyatakan belum teratasi. / The reporter says that it is not solved."
}
