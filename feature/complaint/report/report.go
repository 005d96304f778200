package report

import (
	"slices"
	"time"

	"pendopo/engine/caseview"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/place"
)

// State is where a report stands, as everybody may read it.
type State string

// The states of a report.
const (
	Waiting   State = "waiting"   // nobody has verified it yet
	Sent      State = "sent"      // with the unit that is to handle it
	Handled   State = "handled"   // that unit works on it
	Answered  State = "answered"  // done, says the unit; the reporter has not said anything yet
	Solved    State = "solved"    // the reporter says so, or the matter ended with what was asked for
	Silence   State = "silence"   // closed because the reporter said nothing
	Rejected  State = "rejected"  // not for this government to do, with a reason
	Merged    State = "merged"    // the same as another one, which goes on
	Withdrawn State = "withdrawn" // taken back by the reporter
)

// States are all of them, in the order of a report's life.
func States() []State {
	return []State{Waiting, Sent, Handled, Answered, Solved, Silence, Rejected, Merged, Withdrawn}
}

// Report is one row: what there is to know of a case without any key, and the
// words that were published. A zero moment has not come.
type Report struct {
	Stream   string
	Code     string
	Service  string
	Unit     string // that handles it now
	Source   string // the channel it came by
	Kind     string
	Category string
	Region   string
	Place    *place.Point // nil without one
	State    State
	Active   bool // it has not ended
	Received time.Time
	Verified time.Time // an officer has sent it on, or answered it
	Answered time.Time // the unit's first answer
	Finished time.Time // the work is done; none again once it was reopened
	Ended    time.Time
	Due      time.Time // of the promise
	Late     bool      // the promise was missed
	Reopened int
	Joined   int      // reports that were merged into this one
	Into     string   // stream of the one that this was merged into
	Flags    []string // why an officer should look twice
	Shown    bool     // everybody may read it
	SHA256   string   // of the words, while they are shown
	Title    string
	Text     string
	Photos   []string // ids of the files that are shown
	Supports int
	Updated  time.Time
	Version  int64
}

// Of is the row of a case, but for its code, its words and its supports. A case
// whose key was destroyed has none: see Table.Project.
func Of(c fold.Case, public definition.Public) Report {
	r := Report{
		Stream: c.Stream, Service: c.Service, Unit: c.Unit, Source: c.Channel, Received: c.Received, Active: c.Open(), State: StateOf(c),
		Reopened: c.Reopened, Joined: len(c.Merged), Into: c.Into, Flags: c.Flags, Updated: caseview.Openly(c).Changed, Version: c.Version,
	}
	answer := func(field string) string { s, _ := c.Answers[field].(string); return s }
	r.Kind, r.Category, r.Region = answer(public.Kind), answer(public.Category), answer(public.Region)
	point := answer(public.Place)
	if p := c.Public; p != nil && c.Outcome != definition.Withdrawn {
		r.Shown, r.SHA256, r.Photos = true, p.SHA256, p.Photos
		r.Kind, r.Category, r.Region, point = p.Kind, p.Category, p.Region, p.Place
	}
	if p, err := place.ParsePoint(point); err == nil {
		r.Place = &p
	}
	if d, ok := c.Deadline(fold.CaseDeadline); ok {
		r.Due, r.Late = d.Due, d.State == fold.Missed
	}
	r.moments(c.Marks)
	if !c.Open() && len(c.Marks) > 0 {
		r.Ended = ended(c)
	}
	return r
}

// moments reads from the marks when each stage was reached first, and when the
// work was done last.
func (r *Report) moments(marks []fold.Mark) {
	for _, m := range marks {
		if answers(m, !r.Verified.IsZero()) && r.Answered.IsZero() {
			r.Answered = m.At
		}
		if among(m, fold.Dispatched, fold.Approved, fold.Forwarded, fold.Finished, fold.Rejected, fold.Merged) && r.Verified.IsZero() {
			r.Verified = m.At
		}
		switch m.Kind {
		case fold.Finished:
			r.Finished = m.At
		case fold.Reopened:
			r.Finished = time.Time{}
		}
	}
}

// among reports whether somebody of an office did one of these.
func among(m fold.Mark, kinds ...string) bool {
	return m.By != nil && m.By.Who == "role" && slices.Contains(kinds, m.Kind)
}

// answers reports whether the reporter hears what is done about it: evidence, a
// reason why not or, once the report was sent on, the unit's word.
func answers(m fold.Mark, verified bool) bool {
	return among(m, fold.Finished, fold.Rejected) || verified && among(m, fold.Approved, fold.Forwarded, fold.Wrote)
}

// ended is when the case ended: events that came after move nothing.
func ended(c fold.Case) time.Time {
	for i := len(c.Marks) - 1; i >= 0; i-- {
		if c.Marks[i].Outcome != "" {
			return c.Marks[i].At
		}
	}
	return c.Changed
}

// StateOf puts where a case stands into one of the words that everybody reads.
func StateOf(c fold.Case) State {
	if !c.Open() {
		return endOf(c)
	}
	at := Waiting
	for _, m := range c.Marks {
		at = after(at, m)
	}
	return at
}

// after is where a mark leads: who verifies sends on, and who has it handles it.
func after(at State, m fold.Mark) State {
	switch m.Kind {
	case fold.Finished:
		return Answered
	case fold.Reopened:
		return Handled
	case fold.SentBack, fold.Objected:
		return Waiting
	case fold.Rejected:
		return Rejected // and the reporter may still object
	case fold.Dispatched:
		return Sent
	}
	switch {
	case at == Waiting && among(m, fold.Approved, fold.Forwarded):
		return Sent
	case at == Sent && among(m, fold.Approved, fold.Forwarded, fold.Asking, fold.Wrote, fold.Stopped, fold.Returned):
		return Handled
	}
	return at
}

// endOf tells the ends apart. What nobody answered any more is never counted as
// solved.
func endOf(c fold.Case) State {
	switch {
	case c.Into != "":
		return Merged
	case c.Outcome == definition.Withdrawn:
		return Withdrawn
	case c.Outcome == definition.Rejected:
		return Rejected
	case c.Outcome == definition.Closed && lapsed(c):
		return Silence
	}
	return Solved
}

// lapsed reports whether it was a deadline that ended the case.
func lapsed(c fold.Case) bool {
	for i := len(c.Marks) - 1; i >= 0; i-- {
		if c.Marks[i].Outcome != "" {
			return c.Marks[i].Kind == fold.Lapsed
		}
	}
	return false
}
