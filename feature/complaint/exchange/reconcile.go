package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pendopo/feature/complaint/georeport"
)

// Kinds of finding.
const (
	Lost    = "lost"    // we hold it for sent, and the peer has it not
	Doubled = "doubled" // the peer has it several times
	Found   = "found"   // we did not know whether it had arrived: it had
	Orphan  = "orphan"  // the peer has one that carries our mark, and we have no row for it
	Stuck   = "stuck"   // it failed, or nobody knows
	Differs = "differs" // the peer has it under another id than we think
)

// Finding is one thing that is not as it should be.
type Finding struct {
	Kind   string   `json:"kind"`
	Peer   string   `json:"peer"`
	Code   string   `json:"code"`
	Remote []string `json:"remote,omitempty"`
	Why    string   `json:"why,omitempty"`
}

// Reconcile compares the outbox with what each peer has of a time, both ways,
// and names every report that is lost or doubled. With mend it takes over the ids
// of reports that had arrived after all; nothing is sent.
func (x *Exchange) Reconcile(ctx context.Context, name string, from, to time.Time, mend bool) ([]Finding, error) {
	var all []Finding
	var failed []error
	for _, p := range x.peers {
		if name != "" && p.config.Name != name {
			continue
		}
		list, err := x.compare(ctx, p, from, to, mend)
		all = append(all, list...)
		if err != nil {
			failed = append(failed, fmt.Errorf("peer %s: %w", p.config.Name, err))
		}
	}
	return all, errors.Join(failed...)
}

// compare is Reconcile for one peer.
func (x *Exchange) compare(ctx context.Context, p *peer, from, to time.Time, mend bool) ([]Finding, error) {
	var services []string
	for _, r := range p.config.Send {
		if !slices.Contains(services, r.Code) {
			services = append(services, r.Code)
		}
	}
	theirs, err := p.Look(ctx, Question{From: from.Add(-around), To: to.Add(around), Services: services})
	if err != nil {
		return nil, err
	}
	rows, err := x.query(ctx, `WHERE peer = ? AND made >= ? AND made <= ? ORDER BY code`, p.config.Name, from, to)
	if err != nil {
		return nil, err
	}
	return x.differences(ctx, p, rows, theirs, mend)
}

func (x *Exchange) differences(ctx context.Context, p *peer, rows []Row, theirs []georeport.Request, mend bool) ([]Finding, error) {
	there := map[string][]string{} // code of ours → ids over there
	ids := map[string]bool{}
	for _, t := range theirs {
		ids[t.ID] = true
		if code := codeIn(x.house.Jurisdiction(), string(t.Description)); code != "" && !slices.Contains(there[code], t.ID) {
			there[code] = append(there[code], t.ID)
		}
	}
	var out []Finding
	for _, r := range rows {
		list, err := x.judge(ctx, p, r, there[r.Code], ids, mend)
		if err != nil {
			return out, err
		}
		out = append(out, list...)
		delete(there, r.Code)
	}
	for code, remote := range there {
		known, err := x.query(ctx, `WHERE peer = ? AND code = ? LIMIT 1`, p.config.Name, code)
		if err != nil {
			return out, err
		}
		switch {
		case len(known) == 0:
			out = append(out, Finding{Orphan, p.config.Name, code, remote, "the peer has it, and the outbox does not: was an older copy brought back?"})
		case len(remote) > 1:
			out = append(out, Finding{Doubled, p.config.Name, code, remote, ""})
		}
	}
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.Kind+a.Code, b.Kind+b.Code) })
	return out, nil
}

// judge compares one row with the ids under which a peer has its report.
func (x *Exchange) judge(ctx context.Context, p *peer, r Row, there []string, listed map[string]bool, mend bool) ([]Finding, error) {
	var out []Finding
	if len(there) > 1 {
		out = append(out, Finding{Doubled, r.Peer, r.Code, there, ""})
	}
	switch {
	case r.Remote == "" && len(there) > 0:
		out = append(out, Finding{Found, r.Peer, r.Code, there, "it had arrived; state here: " + string(r.State)})
		if mend {
			r.State, r.Remote, r.Reason, r.Begun, r.Due = Sent, there[0], "", time.Time{}, x.now()
			return out, x.save(r)
		}
	case r.State == Failed || r.State == Unsure:
		out = append(out, Finding{Stuck, r.Peer, r.Code, nil, r.Reason})
	case r.Remote != "" && len(there) > 0 && !slices.Contains(there, r.Remote):
		out = append(out, Finding{Differs, r.Peer, r.Code, append([]string{r.Remote}, there...), "the first id is ours, the others are what the peer has"})
	case r.Remote != "" && len(there) == 0 && !listed[r.Remote]:
		one, err := p.Look(ctx, Question{IDs: []string{r.Remote}}) // it may lie outside of the time, or be shown to nobody yet
		if err != nil {
			return out, err
		}
		if !slices.ContainsFunc(one, func(q georeport.Request) bool { return q.ID == r.Remote }) {
			out = append(out, Finding{Lost, r.Peer, r.Code, []string{r.Remote}, "sent, and the peer has it not"})
		}
	}
	return out, nil
}

// ErrNoRow says that there is no such row, or none that could be sent again.
var ErrNoRow = errors.New("no report with this code is waiting, unsure or failed there")

// Retry lets a row be sent again. With an id it is known to have arrived under
// it; with again it is known not to have arrived. With neither it goes on as it
// stands: what is unsure is asked for first.
func (x *Exchange) Retry(ctx context.Context, peer, code, id string, again bool) error {
	rows, err := x.query(ctx, `WHERE peer = ? AND code = ? AND state IN ('waiting', 'unsure', 'failed')`, peer, code)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return ErrNoRow
	}
	r := rows[0]
	r.Due, r.Attempts, r.Reason = x.now(), 0, ""
	switch {
	case id != "":
		r.State, r.Remote, r.Begun = Sent, id, time.Time{}
	case again || r.Begun.IsZero():
		r.State, r.Begun = Waiting, time.Time{}
	default:
		r.State = Unsure
	}
	return x.save(r)
}
