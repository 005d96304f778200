package notify

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/job"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// order is the payload of MakeJob: what happened, and nothing of anybody.
type order struct {
	ID      string    `json:"id"`
	Case    string    `json:"case"`
	Kind    string    `json:"kind"`
	Version int64     `json:"version"`
	Step    string    `json:"step,omitempty"`
	Due     time.Time `json:"due,omitzero"`
	Urgent  bool      `json:"urgent,omitempty"`
	Record  bool      `json:"record,omitempty"` // the record is to say that notice was given
}

// After queues, in the transaction of its events, what is to be told of a case
// that went from before to after. Of a case by which one unit asks another nobody
// outside is told. Where this instance can send by no channel, only that is told
// which starts a clock: on the page of the case.
func (e *Engine) After(tx db.Tx, s *definition.Service, before, after fold.Case) error {
	if after.Shredded {
		return Forget(tx, after.Stream) // with the event: whatever a crash keeps from following
	}
	if after.Parent != "" {
		return nil
	}
	if err := e.keepTrays(tx, before, after); err != nil {
		return err
	}
	o, any := happened(s, before, after)
	if !any || !e.Setup().Any() && !startsTold(s, o.Step) {
		return e.remind(tx, s, before, after)
	}
	o.ID, o.Case = event.NewID(), after.Stream
	o.Record = recorded(o.Kind) || startsTold(s, o.Step)
	if err := e.order(tx, o); err != nil {
		return err
	}
	return e.remind(tx, s, before, after)
}

// Receipt has it told that a case came in which began by text message, where no
// answer could say so. Twice is once.
func (e *Engine) Receipt(stream string) error {
	if !e.Setup().Any() {
		return nil
	}
	o := order{ID: hex.EncodeToString(e.in.IndexMAC("notice receipt", stream)[:16]), Case: stream, Kind: Receipt}
	return e.db.Write(func(tx db.Tx) error { return e.order(tx, o) })
}

func (e *Engine) order(tx db.Tx, o order) error {
	payload, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return job.Enqueue(tx, job.Job{Kind: MakeJob, Key: MakeJob + "/" + o.ID, Payload: payload})
}

// startsTold reports whether a clock of a step begins when its applicant was told.
func startsTold(s *definition.Service, step string) bool {
	st := s.Step(step)
	return st != nil && st.Limit != nil && st.Limit.Starts == "told"
}

// happened is what there is to tell of new events: the last that means something
// to the applicant, for one commit is one notice.
func happened(s *definition.Service, before, after fold.Case) (o order, any bool) {
	for _, m := range after.Marks {
		if m.Version <= before.Version {
			continue
		}
		kind := kindOf(s, m)
		if kind == Receipt && after.Channel == wire.SMS {
			kind = "" // its answer is the receipt
		}
		if kind == "" && startsTold(s, m.To) {
			kind = Turn // whatever led there, lateness too: else the time would never begin
		}
		if kind == "" {
			continue
		}
		o, any = order{Kind: kind, Version: after.Version, Step: after.Step, Urgent: m.By != nil && m.By.Who == "applicant"}, true
	}
	if d, ok := after.Deadline(after.Step); ok && d.State == fold.Running {
		o.Due = d.Due
	}
	return o, any
}

// kindOf is the kind of notice that a mark asks for; "" for none.
func kindOf(s *definition.Service, m fold.Mark) string {
	switch m.Kind {
	case fold.Submitted:
		return Receipt
	case fold.Returned:
		return Returned
	case fold.Rejected:
		return Rejected
	case fold.Finished:
		return Finished
	case fold.Reopened:
		return Reopened
	case fold.Merged:
		return Merged
	case fold.Wrote:
		if m.By != nil && m.By.Who != "applicant" {
			return Wrote
		}
		return ""
	case fold.Issued, fold.Taken:
		return Ready
	case fold.Lapsed:
		return lapsed(m)
	case fold.Told, fold.Posted, fold.CameBack, fold.Withdrawn, fold.Objected, fold.Confirmed, fold.Shredded, fold.Delivered:
		return ""
	}
	return moved(s, m)
}

// lapsed is what lateness did to the applicant.
func lapsed(m fold.Mark) string {
	for _, did := range m.Late {
		switch did {
		case "grant":
			return Late
		case "close":
			return Closed
		}
	}
	return ""
}

// moved is what it means to the applicant that the case went where it went.
func moved(s *definition.Service, m fold.Mark) string {
	switch m.Outcome {
	case definition.Granted:
		return Granted
	case definition.Closed:
		return Closed
	case definition.Rejected:
		return Rejected
	}
	step := s.Step(m.To)
	switch {
	case step == nil:
		return ""
	case step.Kind == definition.StepDeliver:
		return Ready
	case step.Actor.Who == "applicant" || startsTold(s, step.ID):
		return Turn
	}
	return ""
}

// remind queues the word that silence will close a case, some days before it does.
func (e *Engine) remind(tx db.Tx, s *definition.Service, before, after fold.Case) error {
	step := s.Step(after.Step)
	if step == nil || step.Actor.Who != "applicant" || step.Limit == nil || !closes(step.Limit) || !e.Setup().Any() {
		return nil
	}
	d, running := after.Deadline(after.Step)
	if old, had := before.Deadline(after.Step); !running || d.State != fold.Running || had && old == d {
		return nil
	}
	ahead := definition.ClockTime(e.house.Notices().Closing)
	at := d.Due.Add(-ahead)
	if !at.After(e.now()) {
		return nil // it has just been told by when to answer
	}
	payload, err := json.Marshal(order{ID: event.NewID(), Case: after.Stream, Kind: Closing, Version: after.Version, Step: after.Step, Due: d.Due})
	if err != nil {
		return err
	}
	return job.Enqueue(tx, job.Job{Kind: ClosingJob, Payload: payload, RunAt: at})
}

// closes reports whether silence ends the case.
func closes(l *definition.Limit) bool {
	for _, late := range l.Late {
		if late.Do == "close" {
			return true
		}
	}
	return false
}
