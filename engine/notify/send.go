package notify

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/definition"
)

// sendTogether is how many attempts one job takes up, atOnce how many of them are
// under way at a time, and patience how long one may take: a gateway that does
// not answer must not hold up the other work of the program.
const (
	sendTogether = 40
	atOnce       = 10
	patience     = 10 * time.Second
)

// queue queues the k-th attempt by the present channel, from a moment on.
func (e *Engine) queue(tx db.Tx, n Notice, k int, at time.Time) error {
	at = e.awake(n, at)
	key := SendJob + "/" + n.ID + "/" + n.Channel + "/" + strconv.Itoa(k)
	return job.Enqueue(tx, job.Job{Kind: SendJob, Key: key, Payload: []byte(n.ID + "\n" + n.Channel + "\n" + strconv.Itoa(k)), RunAt: at})
}

// awake is the moment, or the end of the quiet hours that it falls into. Who has
// just acted is awake.
func (e *Engine) awake(n Notice, at time.Time) time.Time {
	if n.Urgent || n.Channel == wire.Email || n.Channel == wire.Letter {
		return at
	}
	return afterQuiet(e.house.Notices().Quiet, at, e.house.Zone(n.Unit))
}

// afterQuiet is a moment, or the end of the quiet hours around it in a zone.
func afterQuiet(q definition.Quiet, at time.Time, zone *time.Location) time.Time {
	from, err := time.Parse("15:04", q.From)
	until, err2 := time.Parse("15:04", q.Until)
	if err != nil || err2 != nil || q.From == q.Until {
		return at
	}
	local := at.In(zone)
	now := local.Hour()*60 + local.Minute()
	begin, end := from.Hour()*60+from.Minute(), until.Hour()*60+until.Minute()
	quiet := now >= begin && now < end
	if begin > end { // over midnight
		quiet = now >= begin || now < end
	}
	if !quiet {
		return at
	}
	y, m, d := local.Date()
	out := time.Date(y, m, d, until.Hour(), until.Minute(), 0, 0, zone)
	if !out.After(local) {
		out = time.Date(y, m, d+1, until.Hour(), until.Minute(), 0, 0, zone)
	}
	return out
}

// try is one attempt on its way.
type try struct {
	n       Notice
	k       int // the how manieth by this channel
	carrier Carrier
	attempt Attempt
	message wire.Message
	receipt wire.Receipt
	err     error
	skip    bool // there is nothing to hand over: err or again says what follows
	again   time.Time
}

// sendAll carries out attempts, some at a time: each is on disk before it leaves,
// and what became of it as soon as it is known, whatever the others take.
func (e *Engine) sendAll(ctx context.Context, jobs []job.Job) error {
	tries, err := e.prepare(ctx, jobs)
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	slots, errs := make(chan struct{}, atOnce), make([]error, len(tries))
	for i, t := range tries {
		slots <- struct{}{}
		all.Go(func() {
			errs[i] = e.carry(ctx, t)
			<-slots
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// carry hands one message over.
func (e *Engine) carry(ctx context.Context, t *try) error {
	if !t.skip {
		if err := e.db.Write(func(tx db.Tx) error { return putAttempt(tx, t.attempt) }); err != nil {
			return err
		}
		limit := t.carrier.Limit
		if limit == 0 {
			limit = patience
		}
		one, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		t.receipt, t.err = t.carrier.Adapter.Send(one, t.message)
		e.fuse(t.n.Channel).felt(t.err, e.now(), rests/e.hasten)
	}
	return e.db.Write(func(tx db.Tx) error {
		if err := e.forgetGone(tx, t.n, t.receipt.Gone); err != nil {
			return err
		}
		return e.settle(tx, t)
	})
}

// prepare reads what jobs want sent and opens it, outside of any transaction.
func (e *Engine) prepare(ctx context.Context, jobs []job.Job) ([]*try, error) {
	var tries []*try
	for _, j := range jobs {
		id, rest, _ := strings.Cut(string(j.Payload), "\n")
		channel, number, _ := strings.Cut(rest, "\n")
		k, err := strconv.Atoi(number)
		if err != nil {
			return nil, errors.New("notify: a job that cannot be read")
		}
		if slices.ContainsFunc(tries, func(t *try) bool { return t.n.ID == id }) {
			continue // two jobs of one notice in a batch: the first decides
		}
		t, err := e.ready(ctx, id, channel, k)
		if err != nil {
			return nil, err
		}
		if t != nil {
			tries = append(tries, t)
		}
	}
	return tries, nil
}

// ready is an attempt that may leave now; nil when it is no longer wanted.
func (e *Engine) ready(ctx context.Context, id, channel string, k int) (*try, error) {
	var n Notice
	var before []Attempt
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		if n, err = read(tx, id); err == nil {
			before, err = attemptsOf(tx, id)
		}
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if n.State != Queued || n.Channel != channel || madeBefore(before, channel) >= k {
		return nil, nil // carried out already, or the notice went another way
	}
	t := &try{n: n, k: k}
	return t, e.equip(ctx, t, before)
}

// madeBefore counts the attempts by a channel of which the outcome is known.
func madeBefore(list []Attempt, channel string) (n int) {
	for _, a := range list {
		if a.Channel == channel && a.State != Begun {
			n++
		}
	}
	return n
}

// equip gives an attempt what it needs, or says why it cannot be made.
func (e *Engine) equip(ctx context.Context, t *try, before []Attempt) error {
	now, channel := e.moment(), t.n.Channel
	carrier, set := e.Setup().Carriers[channel]
	if !set {
		t.skip, t.err = true, wire.Never(wire.NotSetUp, nil)
		return nil
	}
	t.carrier = carrier
	if carrier.Adapter == nil {
		t.skip = true // by hand: it lies with the letters
		return nil
	}
	if at := e.awake(t.n, now); at.After(now) {
		t.skip, t.again = true, at
		return nil
	}
	if at := e.fuse(channel).until(now); at.After(now) {
		t.skip, t.again = true, at
		return nil
	}
	c, err := e.open(t.n)
	if fault.Is(err, fault.Gone) {
		t.skip, t.err = true, wire.Never(wire.Gone, nil)
		return nil
	}
	if err != nil {
		return err
	}
	return e.address(ctx, t, c, before, now)
}

// address writes the message of an attempt.
func (e *Engine) address(ctx context.Context, t *try, c content, before []Attempt, now time.Time) error {
	channel, to := t.n.Channel, c.To.address(t.n.Channel)
	stopped, err := e.stopped(ctx, channel, to)
	if err == nil && channel == wire.Push {
		to, err = e.still(ctx, t.n)
		stopped = to == ""
	}
	if err != nil {
		return err
	}
	if stopped {
		t.skip, t.err = true, wire.Never(wire.Stopped, nil)
		return nil
	}
	n := len(before) + 1
	if last := len(before) - 1; last >= 0 && before[last].State == Begun && before[last].Channel == channel {
		n = before[last].N // the process died over it
		if !t.carrier.Repeats {
			t.attempt, t.skip, t.err = before[last], true, wire.Fail(wire.Slow, nil)
			return nil
		}
	}
	t.attempt = Attempt{Notice: t.n.ID, N: n, Channel: channel, State: Begun, Begun: now}
	t.message = wire.Message{
		ID: t.n.ID, Channel: channel, Lang: c.Lang, To: to, Subject: c.Subject, Text: c.Text, Short: c.Short, Link: c.Link,
		Name: t.n.Kind, Values: c.Values, At: t.n.Made,
	}
	if channel == wire.Email {
		t.message.Stop = e.StopLink(channel, to)
	}
	if t.carrier.Secret != "" {
		t.message.Report = e.reportAddress(channel, t.n.ID)
	}
	return nil
}

// settle writes what became of an attempt, and what follows.
func (e *Engine) settle(tx db.Tx, t *try) error {
	now := e.moment()
	n, err := hold(tx, t.n.ID)
	if err != nil {
		return err
	}
	if n.State != Queued || n.Channel != t.n.Channel {
		return e.noteLate(tx, t, now) // a report was faster than the answer to the sending
	}
	code, good := "", false
	if t.err != nil {
		code, good = wire.Reason(t.err)
	}
	switch {
	case !t.again.IsZero():
		return e.requeue(tx, n, t.k, t.again)
	case t.skip && t.err == nil: // by hand
		return e.lay(tx, n)
	case t.skip && code != wire.Slow:
		return e.lose(tx, &n, code)
	case t.err == nil:
		return e.sent(tx, n, t, now)
	case doubtful(code) && !t.carrier.Repeats:
		t.receipt.Ref = ""
		return e.sent(tx, n, t, now) // perhaps it has it: only a report, or none, can say
	}
	t.attempt.State, t.attempt.Reason, t.attempt.Ended = string(Failed), code, now
	if err := putAttempt(tx, t.attempt); err != nil {
		return err
	}
	retry := e.house.Notices().Retry
	if good || t.k > len(retry) {
		return e.lose(tx, &n, code)
	}
	if err := e.move(tx, &n, Retried, code); err != nil {
		return err
	}
	return e.queue(tx, n, t.k+1, now.Add(definition.ClockTime(retry[t.k-1])/e.hasten))
}

// doubtful reports whether after such a failure the other side may have the
// message all the same.
func doubtful(code string) bool { return code == wire.Slow || code == wire.Unclear }

// requeue puts an attempt off that has not been made: its own job is still there,
// so the next one has another key.
func (e *Engine) requeue(tx db.Tx, n Notice, k int, at time.Time) error {
	key := SendJob + "/" + n.ID + "/" + n.Channel + "/" + strconv.Itoa(k) + "/" + strconv.FormatInt(at.Unix(), 36)
	return job.Enqueue(tx, job.Job{Kind: SendJob, Key: key, Payload: []byte(n.ID + "\n" + n.Channel + "\n" + strconv.Itoa(k)), RunAt: at})
}

// sent writes that the other side took a message over.
func (e *Engine) sent(tx db.Tx, n Notice, t *try, now time.Time) error {
	a := t.attempt
	a.State, a.Ref = string(Sent), short(t.receipt.Ref)
	a.Cost = e.house.Notices().Channel(n.Channel).Cost * int64(max(1, t.receipt.Parts))
	if t.receipt.Delivered {
		a.State, a.Ended = string(Delivered), now
	}
	if err := putAttempt(tx, a); err != nil {
		return err
	}
	if t.receipt.Delivered {
		return e.move(tx, &n, Arrived, "")
	}
	if err := e.move(tx, &n, Accepted, ""); err != nil {
		return err
	}
	return e.awaitProof(tx, n, a.N)
}

// noteLate keeps what an attempt cost and was called whose notice had moved on by
// the time it was answered. What a report has said of it stands.
func (e *Engine) noteLate(tx db.Tx, t *try, now time.Time) error {
	if t.skip {
		return nil
	}
	a := t.attempt
	list, err := attemptsOf(tx, a.Notice)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(list, func(o Attempt) bool { return o.N == a.N }); i >= 0 {
		a = list[i]
	}
	if a.State == Begun {
		a.State = string(Failed)
		a.Reason, _ = wire.Reason(t.err)
		if t.err == nil {
			a.State, a.Reason = string(Sent), ""
		}
		a.Ended = now
	}
	if t.err == nil {
		a.Ref = short(t.receipt.Ref)
		a.Cost = e.house.Notices().Channel(a.Channel).Cost * int64(max(1, t.receipt.Parts))
	}
	return putAttempt(tx, a)
}

// short bounds what a gateway calls a message.
func short(ref string) string {
	const most = 200
	if len(ref) > most {
		return ""
	}
	return ref
}

// lose ends the way by the present channel and takes the next.
func (e *Engine) lose(tx db.Tx, n *Notice, code string) error {
	if err := e.move(tx, n, Lost, code); err != nil {
		return err
	}
	return e.choose(tx, n, n.Channel)
}

// move takes a notice to its next state and, when it has ended, has the record
// say so.
func (e *Engine) move(tx db.Tx, n *Notice, h Happening, reason string) error {
	next, ok := Next(n.State, h)
	if !ok {
		return errors.New("notify: " + string(h) + " means nothing to a notice that is " + string(n.State))
	}
	n.State, n.Changed = next, e.moment()
	n.Reason = reason
	if next == Page {
		n.Channel = wire.Page
	}
	if err := update(tx, *n); err != nil {
		return err
	}
	if next.Ended() && n.Told == ToldWanted {
		return job.Enqueue(tx, job.Job{Kind: ToldJob, Key: ToldJob + "/" + n.ID, Payload: []byte(n.ID)})
	}
	return nil
}

// fuse keeps a channel that has failed several times in a row from being tried by
// every notice anew.
type fuse struct {
	mu     sync.Mutex
	failed int
	open   time.Time
}

// How many failures in a row blow the fuse, and how long it rests.
const (
	blows = 5
	rests = 30 * time.Second
)

func (e *Engine) fuse(channel string) *fuse {
	f, _ := e.fuses.LoadOrStore(channel, &fuse{})
	return f.(*fuse)
}

// felt takes in how an attempt went. What is the fault of one address says
// nothing about the channel.
func (f *fuse) felt(err error, now time.Time, rest time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	code, good := "", false
	if err != nil {
		code, good = wire.Reason(err)
	}
	switch {
	case err == nil:
		f.failed = 0
	case good && code != wire.Login && code != wire.Trust:
	default:
		if f.failed++; f.failed >= blows {
			f.failed, f.open = blows-1, now.Add(rest) // one more failure blows it again
		}
	}
}

// until is until when the channel rests.
func (f *fuse) until(now time.Time) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open.After(now) {
		return f.open
	}
	return now
}
