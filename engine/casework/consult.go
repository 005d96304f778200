package casework

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendopo/kernel/blob"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/seal"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// A step of kind consult, or an action of kind ask, asks another unit by a case of
// one of its services, with an applicant who is no person, its own key and its own
// clocks. Jobs carry word between the two, each queued in the transaction of the
// event that it follows, and each of which may run again:
//
//	ConsultJob  the case stands at the step: make the other, and say so in this one
//	AskJob      help was asked for: likewise
//	AnswerJob   the other has ended: carry this one on, or bring it what was found
//	RecallJob   this one waits no longer: take the other back
const (
	ConsultJob = "casework.consult" // payload: stream, a line feed, id of the step
	AskJob     = "casework.ask"     // payload: stream, a line feed, id of the question
	AnswerJob  = "casework.answer"  // payload: stream of the case that was asked for
	RecallJob  = "casework.recall"  // likewise
)

// queue leaves to jobs what a commit leaves to be said between cases, and to a
// unit that takes a case over.
func (p *prepared) queue(tx db.Tx, after fold.Case) error {
	for _, j := range append(p.questions(after), p.moves(after)...) {
		if err := job.Enqueue(tx, j); err != nil {
			return err
		}
	}
	return nil
}

// questions are the jobs between a case and those by which it asks.
func (p *prepared) questions(after fold.Case) (jobs []job.Job) {
	for _, step := range flow.ToAsk(p.service, after) {
		if !p.before.At(step) {
			jobs = append(jobs, job.Job{Kind: ConsultJob, Payload: []byte(after.Stream + "\n" + step)})
		}
	}
	for _, asked := range flow.ToHelp(after) {
		if _, before := p.before.Question(asked.ID); !before {
			jobs = append(jobs, job.Job{Kind: AskJob, Payload: []byte(after.Stream + "\n" + asked.ID)})
		}
	}
	for _, asked := range flow.Recalled(p.before, after) {
		jobs = append(jobs, job.Job{Kind: RecallJob, Payload: []byte(asked.Case)})
	}
	if after.Parent != "" && (p.before.Version == 0 || p.before.Open()) && !after.Open() {
		jobs = append(jobs, job.Job{Kind: AnswerJob, Payload: []byte(after.Stream)})
	}
	return jobs
}

// moves are the jobs of a case that was merged, or that another unit took over:
// what was ordered for that unit, and the calendar that holds, are carried out on
// it. A walk over the open cases of units may have passed it by.
func (p *prepared) moves(after fold.Case) (jobs []job.Job) {
	if p.before.Into == "" && after.Into != "" {
		jobs = append(jobs, job.Job{Kind: MergeJob, Payload: []byte(after.Stream)})
	}
	if p.before.Version > 0 && p.before.Unit != after.Unit {
		jobs = append(jobs, job.Job{Kind: SuspendJob, Payload: []byte(after.Stream)})
	}
	return jobs
}

func (e *Engine) consult(ctx context.Context, j job.Job) error {
	stream, step, _ := strings.Cut(string(j.Payload), "\n")
	return e.Consult(ctx, stream, step)
}

// Consult makes the case by which another unit is asked at a step where nobody
// has been asked yet. Again, it does nothing.
func (e *Engine) Consult(ctx context.Context, stream, step string) error {
	before, err := e.present(ctx, stream)
	if err != nil {
		return err
	}
	b, err := e.cat.At(ctx, before.Definition)
	if err != nil {
		return err
	}
	if slices.Contains(flow.ToAsk(b.Service, before), step) {
		asked, err := e.ask(ctx, b, before, step)
		if err != nil {
			return err
		}
		if err = e.tell(ctx, stream, flow.DoConsulted, flow.Facts{Asked: &asked}); err != nil {
			return err
		}
	}
	return e.orphan(ctx, stream, step)
}

// question is the key of what a case asks at a step, each time that it comes there.
func question(c fold.Case, step string) Once {
	asked := 0
	for _, a := range c.Asked {
		if a.Step == step {
			asked++
		}
	}
	return Once{Scope: "consult/" + c.Stream, Key: step + "/" + strconv.Itoa(asked), Request: []byte(step)}
}

// orphan takes back a case that was made for a question which nobody asks any
// more: this one went on in the moment between.
func (e *Engine) orphan(ctx context.Context, stream, step string) error {
	c, err := e.state(ctx, stream)
	if err != nil {
		return err
	}
	other, err := e.StreamOf(ctx, question(c, step))
	if err != nil || other == "" {
		return err
	}
	return e.takeBack(ctx, other)
}

// ask makes the other case, once for each time that this one comes to the step.
func (e *Engine) ask(ctx context.Context, b *Bound, c fold.Case, step string) (fold.Asked, error) {
	q := b.Service.Step(step).Consult
	asked := fold.Asked{Step: step, Service: q.Service}
	if err := e.note(ctx, c.Stream, Reader{Actor: "system", By: system, Purpose: PurposeConsult}); err != nil {
		return asked, err
	}
	answers, _, err := e.read(ctx, c)
	if err != nil {
		return asked, err
	}
	asked.Case, err = e.inquire(ctx, c, Submission{
		Service: q.Service, Channel: "internal", Lang: c.Lang, Actor: "system", By: system, Answers: passed(q, answers), parent: c.Stream,
		Once: question(c, step),
	})
	if err != nil {
		return asked, err
	}
	other, err := e.state(ctx, asked.Case)
	asked.Unit = other.Unit
	return asked, err
}

// inquire submits an application whose papers are another case's. What was made
// before a crash is found again by its key; files without a case are swept.
func (e *Engine) inquire(ctx context.Context, from fold.Case, s Submission) (stream string, err error) {
	if stream, err = e.StreamOf(ctx, s.Once); err != nil || stream != "" {
		return stream, err
	}
	err = retry(func() error {
		b, err := e.bound(s)
		if err != nil {
			return err
		}
		var key seal.StreamKey
		if stream, key, err = e.keys.Take(); err != nil {
			return err
		}
		passed := s
		if passed.Answers, err = e.reseal(ctx, fieldsOf(b.Service), b.Form.Stored(s.Answers), from.Stream, stream, key); err != nil {
			return err
		}
		p, err := e.prepareSubmit(b, passed, stream, key)
		if err != nil {
			return err
		}
		_, err = e.commit(p)
		return err
	})
	return stream, err
}

// copyFile stores a file once more, under another stream and key.
func (e *Engine) copyFile(ctx context.Context, id string, old seal.StreamKey, stream string, key seal.StreamKey) (string, error) {
	r, f, err := e.blobs.Open(ctx, id, old)
	if err != nil {
		return "", err
	}
	defer r.Close()
	into, err := e.blobs.Create(stream, key, blob.Info{Name: f.Name, Type: f.Type})
	if err != nil {
		return "", err
	}
	if _, err = e.blobs.Append(into, key, 0, r); err == nil {
		_, err = e.blobs.Finish(into, key)
	}
	return into, err
}

func (e *Engine) answer(ctx context.Context, j job.Job) error {
	return e.Answer(ctx, string(j.Payload))
}

// Answer carries on the case that asked by this one, which has ended. Again, it
// does nothing.
func (e *Engine) Answer(ctx context.Context, stream string) error {
	other, err := e.state(ctx, stream)
	if err != nil {
		return err
	}
	before, err := e.present(ctx, other.Parent)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(before.Asked, func(a fold.Asked) bool { return a.Case == other.Stream })
	if i < 0 {
		return errors.New("casework: the case that asked does not know of the question yet") // its own job says so first
	}
	asked := before.Asked[i]
	if asked.Outcome != "" || !before.At(asked.Step) {
		return nil
	}
	asked.Outcome, asked.Number = other.Outcome, other.Number
	if asked.ID != "" {
		return e.report(ctx, before, other, asked)
	}
	return e.tell(ctx, before.Stream, flow.DoAnswered, flow.Facts{Asked: &asked})
}

// tell gives a case word of another. What was said before, or is no longer waited
// for, is no fault.
func (e *Engine) tell(ctx context.Context, stream, do string, facts flow.Facts) error {
	err := retry(func() error {
		before, err := e.present(ctx, stream)
		if err == nil {
			_, err = e.command(ctx, before, flow.Command{Do: do, By: system}, act{actor: "system", facts: facts})
		}
		return err
	})
	if f := fault.Of(err); f != nil && f.Key == "flow.not_asking" {
		return nil
	}
	return err
}

// recall takes back a case that was asked for.
func (e *Engine) recall(ctx context.Context, j job.Job) error {
	return e.takeBack(ctx, string(j.Payload))
}

func (e *Engine) takeBack(ctx context.Context, stream string) error {
	return retry(func() error {
		before, err := e.present(ctx, stream)
		if err != nil || !before.Open() {
			return err
		}
		_, err = e.command(ctx, before, flow.Command{Do: flow.DoRecall, By: system}, act{actor: "system"})
		return err
	})
}

// Due is by when the unit that was asked has promised its answer; zero when it
// has answered, while its clock stands, or before its case is made.
func (e *Engine) Due(ctx context.Context, asked fold.Asked) (time.Time, error) {
	if asked.Outcome != "" || asked.Case == "" {
		return time.Time{}, nil
	}
	other, err := e.state(ctx, asked.Case)
	if err != nil {
		return time.Time{}, err
	}
	d, _ := other.Deadline(fold.CaseDeadline)
	return d.Due, nil
}

// AskedBy is the unit whose case asks by this one; "" when nobody does.
func (e *Engine) AskedBy(ctx context.Context, c fold.Case) (unit string, err error) {
	if c.Parent == "" {
		return "", nil
	}
	parent, err := e.state(ctx, c.Parent)
	return parent.Unit, err
}
