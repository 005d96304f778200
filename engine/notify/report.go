package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/definition"
	"pendopo/law/flow"
)

// awaitProof queues the question whether there was proof, for the time that the
// government waits for it.
func (e *Engine) awaitProof(tx db.Tx, n Notice, attempt int) error {
	wait := definition.ClockTime(e.house.Notices().Channel(n.Channel).Proof)
	key := ProofJob + "/" + n.ID + "/" + n.Channel + "/" + strconv.Itoa(attempt)
	return job.Enqueue(tx, job.Job{Kind: ProofJob, Key: key, Payload: []byte(n.ID + "\n" + n.Channel), RunAt: e.moment().Add(wait / e.hasten)})
}

// proof ends the waiting for a report: silence means what notices.yaml says, but
// never an arrival where reports come.
func (e *Engine) proof(_ context.Context, j job.Job) error {
	id, rest, _ := strings.Cut(string(j.Payload), "\n")
	channel, mark, lying := strings.Cut(rest, "\n")
	return e.db.Write(func(tx db.Tx) error {
		n, err := hold(tx, id)
		if errors.Is(err, db.ErrNone) {
			return nil
		}
		if err != nil || n.State.Ended() || n.Channel != channel {
			return err
		}
		if nth, posted := strings.CutPrefix(mark, ofPosting); posted {
			if a, err := newest(tx, id); err != nil || strconv.Itoa(a.N) != nth {
				return err // it came back, and was posted again since
			}
		} else if lying {
			return e.unposted(tx, n, mark)
		}
		if n.State == Queued {
			return nil // it waits for the end of quiet hours, or is tried again
		}
		if channel == wire.Letter && e.Setup().Carriers[channel].Adapter == nil {
			return e.arrived(tx, &n, channel) // posted, and it did not come back
		}
		if e.house.Notices().Channel(channel).Silence == string(Delivered) && !e.Setup().Carriers[channel].Proves {
			return e.arrived(tx, &n, channel)
		}
		if err := e.endAttempt(tx, n.ID, channel, string(Failed), wire.Unproven); err != nil {
			return err
		}
		return e.lose(tx, &n, wire.Unproven)
	})
}

func (e *Engine) arrived(tx db.Tx, n *Notice, channel string) error {
	if err := e.endAttempt(tx, n.ID, channel, string(Delivered), ""); err != nil {
		return err
	}
	n.Channel = channel // by whichever way it came
	return e.move(tx, n, Arrived, "")
}

// endAttempt writes what became of the newest attempt by a channel.
func (e *Engine) endAttempt(tx db.Tx, id, channel, state, reason string) error {
	list, err := attemptsOf(tx, id)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(list) {
		if a.Channel != channel {
			continue
		}
		if a.State == string(Delivered) {
			return nil
		}
		a.State, a.Reason, a.Ended = state, reason, e.moment()
		return putAttempt(tx, a)
	}
	return nil
}

// Report takes in what a gateway tells of a message. What is told twice, too late
// or of a message that is not ours changes nothing, and is no fault: gateways
// repeat what is not answered.
func (e *Engine) Report(r wire.Report) error {
	return e.db.Write(func(tx db.Tx) error {
		if r.ID == "" && r.Ref != "" {
			a, found, err := byRef(tx, r.Channel, r.Ref)
			if err != nil || !found {
				return err
			}
			r.ID = a.Notice
		}
		n, err := hold(tx, r.ID)
		if errors.Is(err, db.ErrNone) || r.Outcome == wire.OnWay {
			return nil
		}
		if err != nil {
			return err
		}
		if !slices.Contains(n.Channels, r.Channel) {
			return nil // nothing of it ever went that way
		}
		return e.reported(tx, n, r)
	})
}

func (e *Engine) reported(tx db.Tx, n Notice, r wire.Report) error {
	if r.Outcome == wire.Arrived {
		if n.State.Ended() {
			return e.endAttempt(tx, n.ID, r.Channel, string(Delivered), "")
		}
		return e.arrived(tx, &n, r.Channel)
	}
	code := r.Code
	if code == "" {
		code = wire.Undelivered
	}
	if n.State.Ended() && n.Channel == r.Channel && n.State == Delivered {
		return nil // silence was taken for an arrival: the record cannot be turned back
	}
	if err := e.endAttempt(tx, n.ID, r.Channel, string(Failed), code); err != nil {
		return err
	}
	if n.Channel != r.Channel || n.State.Ended() {
		return nil
	}
	return e.lose(tx, &n, code)
}

// last puts on the page what nobody could be told in three days.
func (e *Engine) last(_ context.Context, j job.Job) error {
	return e.db.Write(func(tx db.Tx) error {
		n, err := hold(tx, string(j.Payload))
		if errors.Is(err, db.ErrNone) {
			return nil
		}
		if err != nil || n.State.Ended() || n.Channel == wire.Letter && e.Setup().ByLetter() {
			return err // a letter has days of its own
		}
		return e.move(tx, &n, GivenUp, wire.TooLate)
	})
}

// told has the record say that notice was given. Again, it does nothing. What came
// back while the record was told is looked at once more: another way may have ended.
func (e *Engine) told(ctx context.Context, j job.Job) error {
	for done := false; !done; {
		var err error
		if done, err = e.tell(ctx, string(j.Payload)); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) tell(ctx context.Context, id string) (done bool, err error) {
	var n Notice
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		n, err = read(tx, id)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return true, nil
	}
	if err != nil || n.Told != ToldWanted || n.Subject == "" || !n.State.Ended() {
		return true, err
	}
	err = e.cases.Told(ctx, n.Subject, flow.Told{Notice: n.ID, Channel: n.Channel, Step: n.Step, Version: n.Version, At: n.Changed})
	if err != nil && !fault.Is(err, fault.Gone) {
		return false, fmt.Errorf("notify: the record does not say that notice was given: %w", err)
	}
	err = e.db.Write(func(tx db.Tx) error {
		rows, err := tx.Exec(`UPDATE notice SET told = ? WHERE id = ? AND state = ? AND channel = ?`, ToldDone, n.ID, string(n.State), n.Channel)
		done = rows > 0
		return err
	})
	return done, err
}

// closing makes the reminder that silence closes a case soon, when it still will.
func (e *Engine) closing(ctx context.Context, j job.Job) error {
	o, err := parseOrder(j.Payload)
	if err != nil {
		return err
	}
	c, _, _, err := e.cases.Look(ctx, o.Case)
	if fault.Is(err, fault.Unknown) || c.Shredded {
		return nil
	}
	if err != nil {
		return err
	}
	d, ok := c.Deadline(o.Step)
	if !ok || c.Step != o.Step || !d.Due.Equal(o.Due) || d.State != "running" {
		return nil // answered, or the clock stands
	}
	return e.db.Write(func(tx db.Tx) error { return e.order(tx, o) })
}

// Retry queues anew what ended on the page, for an administrator who has mended
// a gateway. False: it is not there, or did not end so.
func (e *Engine) Retry(id string) (queued bool, err error) {
	err = e.db.Write(func(tx db.Tx) error {
		n, err := hold(tx, id)
		if errors.Is(err, db.ErrNone) || err == nil && n.State != Page {
			return nil
		}
		if err != nil {
			return err
		}
		if len(n.Channels) == 0 {
			return nil
		}
		before, err := attemptsOf(tx, id)
		if err != nil {
			return err
		}
		n.Channel = n.Channels[0]
		if err := e.move(tx, &n, Again, ""); err != nil {
			return err
		}
		queued = true
		return e.requeue(tx, n, madeBefore(before, n.Channel)+1, e.awake(n, e.moment()))
	})
	return queued, err
}
