package notify

// State of a notice.
type State string

// The states.
const (
	Created   State = "created"   // to be told; how is not known yet
	Queued    State = "queued"    // the way is chosen
	Sent      State = "sent"      // the other side took it over
	Delivered State = "delivered" // it arrived: proven, or not disproven in time
	Failed    State = "failed"    // by this channel it did not arrive
	Page      State = "page"      // by none: it stands on the page of the case
)

// States are all of them in the order of a notice's life.
func States() []State { return []State{Created, Queued, Sent, Delivered, Failed, Page} }

// Happening is what moves a notice.
type Happening string

// The happenings.
const (
	Chosen   Happening = "chosen"   // a channel was found
	Accepted Happening = "accepted" // the other side took it over
	Arrived  Happening = "arrived"  // proof of delivery
	Retried  Happening = "retried"  // not taken over; the same channel again later
	Lost     Happening = "lost"     // by this channel never
	GivenUp  Happening = "given_up" // no channel is left
	Again    Happening = "again"    // an administrator has it tried once more
	Reversed Happening = "reversed" // a letter came back, perhaps after it had counted as arrived
)

// Next is the state that follows, and whether the happening means anything in
// this one. Nothing moves a notice that has ended: a loss that is told after a
// delivery is told too late, and so is the reverse. Only a person has what stands on
// the page tried again, or brings back a letter that had counted as arrived.
func Next(s State, h Happening) (State, bool) {
	switch s {
	case Page:
		if h == Again {
			return Queued, true
		}
	case Created:
		switch h {
		case Chosen:
			return Queued, true
		case GivenUp:
			return Page, true
		}
	case Queued:
		switch h {
		case Accepted:
			return Sent, true
		case Retried:
			return Queued, true
		case Arrived:
			return Delivered, true
		case Lost:
			return Failed, true
		case GivenUp:
			return Page, true
		}
	case Delivered:
		if h == Reversed {
			return Failed, true
		}
	case Sent:
		switch h {
		case Arrived:
			return Delivered, true
		case Lost, Reversed:
			return Failed, true
		case GivenUp:
			return Page, true
		}
	case Failed:
		switch h {
		case Chosen:
			return Queued, true
		case Arrived:
			return Delivered, true
		case GivenUp:
			return Page, true
		}
	}
	return s, false
}

// Ended reports whether nothing more happens to a notice.
func (s State) Ended() bool { return s == Delivered || s == Page }
