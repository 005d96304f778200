package notify

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/page"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// A letter waits in the tray of the unit that handles its case until an officer has
// printed and posted it. That is the proof of this channel: what has not come back
// some days later has arrived.

const (
	lies     = "5 working days"    // for how long a letter may lie in the tray
	returned = 45 * 24 * time.Hour // for how long one that was posted is still listed

	ofPosting = "posted/" // before which attempt the question whether it arrived is about
)

// MostLetters is how many letters a page of the tray shows, and how many may be
// printed or posted at once.
const MostLetters = 50

// Clerk is an officer who looks after letters, and in which capacity.
type Clerk struct {
	Officer string // opaque id
	By      fold.Holder
}

// Letter is a letter without its address and words.
type Letter struct {
	Notice
	Printed time.Time // zero = not yet
	Posted  string    // the day; "" = not yet
	Counts  time.Time // posted: when it has arrived unless it comes back
}

// Sheet is a letter as it is printed.
type Sheet struct {
	Letter
	Code    string
	To      string        // name
	Postal  []string      // the lines below it
	Words   *page.Printer // in the receiver's language
	Subject string
	Text    []string // paragraphs
	Link    string   // how to follow; no secret in it
	Wait    string   // a time of the receiver's begins so long after the posting; "" = none does
}

// ByLetter reports whether letters are printed and posted by officers here.
func (s *Setup) ByLetter() bool {
	c, set := s.Carriers[wire.Letter]
	return set && c.Adapter == nil
}

// Tray lists the letters of a unit: those that wait, the oldest first, and how many
// they are in all; those that were posted, the newest first, before a moment (zero =
// now).
func (e *Engine) Tray(ctx context.Context, unit string, before time.Time) (waiting, posted []Letter, all int, err error) {
	now := e.moment()
	if before.IsZero() {
		before = now.Add(time.Hour) // nothing is newer
	}
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		if waiting, err = letters(tx, lettersWaiting, unit, MostLetters); err != nil {
			return err
		}
		if posted, err = letters(tx, lettersPosted, unit, now.Add(-returned), before, MostLetters); err != nil {
			return err
		}
		all, _, err = countLetters(tx, []string{unit})
		return err
	})
	for i := range posted {
		posted[i].Counts = e.counts(posted[i].Notice, posted[i].Posted)
	}
	return waiting, posted, all, err
}

// LettersWaiting counts the letters that wait at some units, and says since when the
// oldest of them does.
func (e *Engine) LettersWaiting(ctx context.Context, units []string) (n int, since time.Time, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		n, since, err = countLetters(tx, units)
		return err
	})
	return n, since, err
}

// Letter is one letter by its notice's id. Unknown: no letter, or none any more.
func (e *Engine) Letter(ctx context.Context, id string) (l Letter, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		n, err := read(tx, id)
		if errors.Is(err, db.ErrNone) || err == nil && n.Channel != wire.Letter {
			return errNoLetter()
		}
		if err != nil {
			return err
		}
		l, err = letterOf(tx, n)
		return err
	})
	return l, err
}

func errNoLetter() *fault.Fault { return fault.New(fault.Unknown, "notify.no_letter") }

// Print opens a letter to an officer who prints it. That its address was read stands
// in the record of the case before. A letter that nobody needs any more, or that may
// not be addressed any more, is taken out of the tray: ok is false then.
func (e *Engine) Print(ctx context.Context, id string, by Clerk) (s Sheet, ok bool, err error) {
	l, err := e.Letter(ctx, id)
	if err != nil || l.State != Queued {
		return s, false, err
	}
	c, service, code, err := e.cases.Look(ctx, l.Subject)
	if err != nil {
		return s, false, err
	}
	to := Contact{}
	if !c.Shredded && !overtaken(l.Notice, c) {
		if to, err = e.cases.Contact(ctx, l.Subject); err != nil && !fault.Is(err, fault.Gone) {
			return s, false, err
		}
	}
	if to.address(wire.Letter) == "" { // ended, shredded, or anonymous meanwhile
		return s, false, e.withdraw(id, c)
	}
	words, err := e.open(l.Notice)
	if err != nil {
		return s, false, err
	}
	if err := e.letters.ReadAddress(ctx, l.Subject, by); err != nil {
		return s, false, err
	}
	s = Sheet{Letter: l, Code: code, To: to.Name, Postal: strings.Split(to.Postal, "\n"), Words: e.words.Printer(words.Lang), Subject: words.Subject, Link: words.Link}
	s.Text = paragraphs(words, e.house.Name(words.Lang))
	if startsTold(service, l.Step) {
		s.Wait = e.house.Notices().Channel(wire.Letter).Proof
	}
	return s, true, e.db.Write(func(tx db.Tx) error { return e.printed(tx, id) })
}

// paragraphs are the words of a letter: those of an e-mail but for the address at
// their end, which stands on the paper as a picture too, and the sender, whose it is.
func paragraphs(c content, house string) (out []string) {
	for _, p := range strings.Split(c.Text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" && p != c.Link && p != house {
			out = append(out, p)
		}
	}
	return out
}

// printed notes that a letter was printed, once: it has not left yet.
func (e *Engine) printed(tx db.Tx, id string) error {
	list, err := attemptsOf(tx, id)
	if err != nil {
		return err
	}
	if i := len(list) - 1; i >= 0 && list[i].Channel == wire.Letter && list[i].State == Begun {
		return nil
	}
	return putAttempt(tx, Attempt{Notice: id, N: len(list) + 1, Channel: wire.Letter, State: Begun, Begun: e.moment()})
}

// withdraw takes a letter out of the tray that is not to be sent any more.
func (e *Engine) withdraw(id string, c fold.Case) error {
	return e.db.Write(func(tx db.Tx) error {
		n, err := hold(tx, id)
		if err != nil || n.Channel != wire.Letter || n.State != Queued {
			return err
		}
		switch {
		case c.Shredded:
			return e.lose(tx, &n, wire.Gone)
		case overtaken(n, c):
			return e.move(tx, &n, GivenUp, wire.Overtaken)
		}
		return e.lose(tx, &n, wire.NoAddress)
	})
}

// Posting is what an officer says of a letter that was posted.
type Posting struct {
	Day    string // 2026-03-17; not after today, nor before the letter was there
	Number string // of registered mail; "" = of none
}

// posted is the payload of PostedJob: what the record is to say, and who said it.
type posted struct {
	Notice string      `json:"notice"`
	Nth    int         `json:"nth"` // the how manieth time
	Clerk  string      `json:"clerk"`
	By     fold.Holder `json:"by"`
	Day    string      `json:"day,omitempty"`
	Back   string      `json:"back,omitempty"`
	Number []byte      `json:"number,omitempty"` // sealed
}

// Post takes in that a letter was posted. Of two officers who say so at once the
// second hears that it was said.
func (e *Engine) Post(ctx context.Context, id string, by Clerk, p Posting) error {
	l, err := e.Letter(ctx, id)
	if err != nil {
		return err
	}
	if err := e.mayBePosted(l, p); err != nil {
		return err
	}
	order := posted{Notice: id, Clerk: by.Officer, By: by.By, Day: p.Day}
	if p.Number != "" {
		key, err := e.keys.Get(l.Stream)
		if err != nil {
			return err
		}
		order.Number = sealingKey(key).Seal([]byte(p.Number), l.aad())
	}
	return e.db.Write(func(tx db.Tx) error {
		n, err := hold(tx, id)
		if err != nil {
			return err
		}
		if n.Channel != wire.Letter || n.State != Queued {
			return errPosted()
		}
		if err := e.printed(tx, id); err != nil {
			return err
		}
		a, err := newest(tx, id)
		if err != nil {
			return err
		}
		a.State, a.Ref, a.Cost = string(Sent), p.Day, e.house.Notices().Channel(wire.Letter).Cost
		if err := putAttempt(tx, a); err != nil {
			return err
		}
		if err := e.move(tx, &n, Accepted, ""); err != nil {
			return err
		}
		if err := e.record(tx, order); err != nil {
			return err
		}
		return job.Enqueue(tx, job.Job{Kind: ProofJob, Key: ProofJob + "/" + id + "/" + wire.Letter + "/" + strconv.Itoa(a.N),
			Payload: []byte(id + "\n" + wire.Letter + "\n" + ofPosting + strconv.Itoa(a.N)), RunAt: e.soon(e.counts(n, p.Day))})
	})
}

func errPosted() *fault.Fault { return fault.New(fault.Conflict, "notify.letter_posted") }

// mayBePosted looks at what an officer says of a posting.
func (e *Engine) mayBePosted(l Letter, p Posting) error {
	zone := e.house.Zone(l.Unit)
	_, err := time.Parse(time.DateOnly, p.Day)
	switch {
	case l.State != Queued:
		return errPosted()
	case err != nil || p.Day > e.moment().In(zone).Format(time.DateOnly) || p.Day < l.Changed.In(zone).Format(time.DateOnly):
		return fault.New(fault.Invalid, "notify.letter_day").At("day")
	case len([]rune(p.Number)) > flow.MostPostNumber:
		return fault.New(fault.Invalid, "notify.letter_number").With("n", int64(flow.MostPostNumber)).At("number")
	}
	return nil
}

// Back takes in that the post returned a letter: the next channel follows, or the
// page. That it had counted as arrived stays in the record, beside this.
func (e *Engine) Back(ctx context.Context, id string, by Clerk, reason string) error {
	if !slices.Contains(flow.Backs(), reason) {
		return fault.New(fault.Invalid, "notify.letter_reason").At("reason")
	}
	return e.db.Write(func(tx db.Tx) error {
		n, err := hold(tx, id)
		if errors.Is(err, db.ErrNone) || err == nil && (n.Channel != wire.Letter || n.State != Sent && n.State != Delivered) {
			return errNoLetter()
		}
		if err != nil {
			return err
		}
		a, err := newest(tx, id)
		if err != nil {
			return err
		}
		a.State, a.Reason, a.Ended = string(Failed), wire.CameBack, e.moment()
		if err := putAttempt(tx, a); err != nil {
			return err
		}
		if n.Told == ToldDone {
			n.Told = ToldWanted
		}
		if err := e.move(tx, &n, Reversed, wire.CameBack); err != nil {
			return err
		}
		if err := e.record(tx, posted{Notice: id, Clerk: by.Officer, By: by.By, Back: reason}); err != nil {
			return err
		}
		return e.choose(tx, &n, wire.Letter)
	})
}

// record has the record of the case say what an officer did with a letter.
func (e *Engine) record(tx db.Tx, o posted) error {
	list, err := attemptsOf(tx, o.Notice)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.Channel == wire.Letter && (o.Back == "" && a.State != Begun || o.Back != "" && a.Reason == wire.CameBack) {
			o.Nth++
		}
	}
	payload, err := json.Marshal(o)
	if err != nil {
		return err
	}
	what := "posted"
	if o.Back != "" {
		what = "back"
	}
	return job.Enqueue(tx, job.Job{Kind: PostedJob, Key: PostedJob + "/" + o.Notice + "/" + what + "/" + strconv.Itoa(o.Nth), Payload: payload})
}

// recordPosted writes it. Again, it does nothing.
func (e *Engine) recordPosted(ctx context.Context, j job.Job) error {
	var o posted
	if err := json.Unmarshal(j.Payload, &o); err != nil {
		return err
	}
	var n Notice
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		n, err = read(tx, o.Notice)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	p := flow.Post{Notice: o.Notice, Day: o.Day, Back: o.Back}
	if len(o.Number) > 0 {
		key, err := e.keys.Get(n.Stream)
		if fault.Is(err, fault.Gone) {
			return nil
		}
		if err != nil {
			return err
		}
		plain, err := sealingKey(key).Open(o.Number, n.aad())
		if err != nil {
			return err
		}
		p.Number = string(plain)
	}
	err = e.letters.Post(ctx, n.Subject, Clerk{o.Clerk, o.By}, p, o.Nth)
	if fault.Is(err, fault.Gone) {
		return nil
	}
	return err
}

// lay puts a letter into the tray: when nobody has posted it in time, the next
// channel follows.
func (e *Engine) lay(tx db.Tx, n Notice) error {
	mark := strconv.FormatInt(n.Changed.UnixMicro(), 36)
	return job.Enqueue(tx, job.Job{Kind: ProofJob, Key: ProofJob + "/" + n.ID + "/" + n.Channel + "/lies/" + mark,
		Payload: []byte(n.ID + "\n" + n.Channel + "\n" + mark), RunAt: e.soon(e.due(n.Unit, lies, n.Changed))})
}

// unposted ends the waiting of a letter in the tray, when it still is the same
// waiting.
func (e *Engine) unposted(tx db.Tx, n Notice, mark string) error {
	if n.State != Queued || strconv.FormatInt(n.Changed.UnixMicro(), 36) != mark {
		return nil
	}
	return e.lose(tx, &n, wire.Unposted)
}

// Until is by when a letter that waits has to be posted.
func (e *Engine) Until(l Letter) time.Time { return e.due(l.Unit, lies, l.Changed) }

// counts is when a letter that was posted on a day has arrived.
func (e *Engine) counts(n Notice, day string) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, e.house.Zone(n.Unit))
	if err != nil {
		return time.Time{}
	}
	return e.due(n.Unit, e.house.Notices().Channel(wire.Letter).Proof, at.Add(12*time.Hour))
}

// due is the end of a span by the calendar of a unit. Where no calendar reaches so
// far, every day counts half: a letter never waits for a file.
func (e *Engine) due(unit, span string, from time.Time) time.Time {
	if d := definition.ClockTime(span); d > 0 {
		return from.Add(d)
	}
	if e.letters != nil {
		if at, err := e.letters.Due(unit, span, from); err == nil {
			return at.UTC()
		}
	}
	s, err := deadline.ParseSpan(span)
	if err != nil {
		return from
	}
	return from.AddDate(0, 0, 2*s.N)
}

// soon is a moment as far away as tests want it.
func (e *Engine) soon(at time.Time) time.Time {
	now := e.moment()
	return now.Add(at.Sub(now) / e.hasten)
}

// overtaken reports whether a letter that was not posted yet says what nobody need
// hear any more: the case has left the step at which something was asked, or has
// ended since.
func overtaken(n Notice, c fold.Case) bool {
	if n.Kind == Vault {
		return false
	}
	for _, m := range slices.Backward(c.Marks) {
		if m.Version > n.Version && m.Outcome != "" {
			return true
		}
	}
	return asks(n.Kind) && n.Step != "" && !c.At(n.Step)
}

// asks are the kinds that ask the applicant to do something at a step.
func asks(kind string) bool {
	return slices.Contains([]string{Returned, Turn, Finished, Rejected, Closing}, kind)
}

// keepTrays keeps letters that wait with their case, in its transaction: at the unit
// that has it now, and only while there is somebody to tell.
func (e *Engine) keepTrays(tx db.Tx, before, after fold.Case) error {
	if before.Version == 0 || !e.Setup().ByLetter() {
		return nil
	}
	if before.Unit != after.Unit {
		if _, err := tx.Exec(`UPDATE notice SET unit = ? WHERE subject = ? AND channel = 'letter'`, after.Unit, after.Stream); err != nil {
			return err
		}
	}
	if before.Step == after.Step && before.Open() == after.Open() {
		return nil
	}
	list, err := notices(tx.Query(`SELECT `+noticeColumns+` FROM notice `+lettersOfCase, after.Stream))
	for _, n := range list {
		if !overtaken(n, after) {
			continue
		}
		if n, err = hold(tx, n.ID); err != nil {
			return err
		}
		if n.State != Queued || n.Channel != wire.Letter {
			continue
		}
		if err := e.move(tx, &n, GivenUp, wire.Overtaken); err != nil {
			return err
		}
	}
	return err
}
