package flow

import (
	"slices"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/rule"
)

// env is what rules may see: the answers and the three inputs.
func (d *decision) env(a form.Answers) rule.Env {
	received := d.Facts.Received
	channel := d.Facts.Channel
	if d.State.Version > 0 {
		received, channel = d.State.Received, d.State.Channel
	}
	zone := time.UTC
	if clock, err := d.Clock(d.clocks.unit()); err == nil {
		zone = clock.Office.Zone // a unit without a clock fails where its deadline is computed
	}
	return rule.Env{Answers: a, Today: d.Now.In(zone), Received: received.In(zone), Channel: channel}
}

// submit begins a case: the form is checked, the clocks start at the moment
// the matter was received, and the first officer's turn begins.
func (d *decision) submit() error {
	if d.State.Version != 0 {
		return fault.New(fault.Conflict, "flow.already_submitted")
	}
	if err := d.admits(); err != nil {
		return err
	}
	clean, err := d.check()
	if err != nil {
		return err
	}
	clean, d.result.Vault = d.Form.Vaulted(clean)
	d.Answers = clean
	step := d.Service.Step(d.Service.Flow.Start)
	i := slices.IndexFunc(step.Actions, func(a definition.Action) bool { return a.Kind == definition.ActSubmit })
	if i < 0 {
		return errNoAction()
	}
	ch := d.filed(clean)
	ch.Service, ch.Channel, ch.Lang, ch.Unit = d.Service.ID, d.Facts.Channel, d.Facts.Lang, d.Facts.Unit
	ch.Commitment, ch.Evidence, ch.Parent = d.Facts.Commitment, d.Command.Evidence, d.Facts.Parent
	ch.Vault, ch.Flags = d.Facts.Vault, d.Facts.Flags
	ch.Step, ch.Action = step.ID, step.Actions[i].ID
	d.fee(&ch)
	if err := d.promise(&ch, d.Facts.Received); err != nil {
		return err
	}
	if err := d.enter(&ch, step.Actions[i].To, d.Facts.Received); err != nil {
		return err
	}
	d.emit(fold.Submitted, ch, d.private(clean))
	return d.follow(step.Actions[i].To, d.Facts.Received)
}

// admits checks channel and time received before anything else.
func (d *decision) admits() error {
	if !slices.Contains(d.Service.Channels, d.Facts.Channel) || (d.Facts.Channel == "internal") != (d.Facts.Parent != "") {
		return fault.New(fault.Invalid, "flow.channel_not_open")
	}
	if d.Facts.Received.After(d.Now) {
		return fault.New(fault.Invalid, "flow.received_in_future").At("received")
	}
	if d.Now.Sub(d.Facts.Received) > longestPaper {
		return fault.New(fault.Invalid, "flow.received_too_long_ago").At("received")
	}
	return nil
}

// longestPaper is how long ago a matter may have been received on paper; an
// older one needs a court's or an archive's word, not a form.
const longestPaper = 366 * 24 * time.Hour

// promise starts the promised clock, where it starts at receipt.
func (d *decision) promise(ch *fold.Change, at time.Time) error {
	if d.Service.Limit.Starts == "complete" {
		return nil
	}
	return d.startPromise(ch, at)
}

func (d *decision) startPromise(ch *fold.Change, at time.Time) error {
	l, err := d.clocks.start(fold.CaseDeadline, d.Service.Limit, d.clocks.unit(), at, true)
	if err != nil {
		return err
	}
	ch.Set = append(ch.Set, l)
	return nil
}

// check runs the whole form over the command's answers. Who sends it again may
// leave the identity in the vault as it is.
func (d *decision) check() (form.Answers, error) {
	f := d.Form
	if _, anew := f.Vaulted(d.Command.Answers); d.State.Vault != "" && len(anew) == 0 {
		f = f.Kept()
	}
	return f.Check(d.Command.Answers, d.env(d.Command.Answers))
}

// filed is the clear part of answers: what is marked not personal, which papers
// are still to come, and the hashes of those that came.
func (d *decision) filed(clean form.Answers) fold.Change {
	pending, seen := d.awaited(clean)
	return fold.Change{Answers: d.Form.Clear(clean), Pending: pending, Seen: seen, Files: d.Command.Files}
}

func (d *decision) private(clean form.Answers) Private {
	return Private{Answers: d.Form.Sealed(clean), Note: d.Command.Note}
}
