package deadline

import "time"

// Why says why a day is counted or is not.
type Why string

// The reasons; each has the locale key "deadline.why.<reason>".
const (
	Counted     Why = "counted"
	Received    Why = "received"     // the clock began on this day
	Resumed     Why = "resumed"      // the clock went on again on this day
	Weekend     Why = "weekend"      // the office never works on this weekday
	OnHoliday   Why = "holiday"      // a public holiday
	OnLeave     Why = "leave"        // joint leave
	Standing    Why = "stopped"      // the clock stood still
	StoppedLast Why = "stopped_last" // the clock stopped on the last day: one day is left
	Closed      Why = "closed"       // working minutes: no office hours after the matter came in
)

// Proof is a due moment and how it came about. It is a fact: computed again
// with the calendar of that hash it is the same.
type Proof struct {
	Due      time.Time `json:"due,omitzero"` // in the unit's zone; zero while Stopped
	Zone     string    `json:"zone"`         // WIB, WITA, WIT
	Calendar string    `json:"calendar"`     // hash of the set
	Pattern  string    `json:"pattern"`
	Region   string    `json:"region,omitempty"`
	Hours    Hours     `json:"hours,omitempty"` // the unit's own, where it has any
	Span     Span      `json:"within"`
	Start    time.Time `json:"start"`
	Stops    []Stop    `json:"stops,omitempty"`

	// Stopped: the clock stands still, and no moment can be named. What is left
	// of the span then: LeftDays of a span in days, else LeftTime.
	Stopped  bool          `json:"stopped,omitempty"`
	LeftDays int           `json:"left_days,omitempty"`
	LeftTime time.Duration `json:"left_ns,omitempty"`

	// Days from the start to the due moment, or to where the clock stands.
	Days []Day `json:"days"`
}

// Day is one box of the day strip.
type Day struct {
	Date      Date              `json:"date"`
	Counted   bool              `json:"counted"`
	N         int               `json:"n,omitempty"` // which counted day; 0 for minutes and hours
	Why       Why               `json:"why"`
	Closed    Why               `json:"closed,omitempty"` // what the calendar says, whatever Why is
	Name      string            `json:"name,omitempty"`   // of the holiday, in Indonesian
	Names     map[string]string `json:"names,omitempty"`  // of the holiday, in every language
	Basis     string            `json:"basis,omitempty"`  // number of the decree that closed the day
	BasisDate Date              `json:"basis_date,omitempty"`
	Stop      bool              `json:"stop,omitempty"`   // the clock stood still on a part of the day
	Reason    string            `json:"reason,omitempty"` // why it did
	Ran       time.Duration     `json:"ran_ns,omitempty"` // minutes and hours: how long the clock ran
	Due       bool              `json:"due,omitempty"`    // the day of the due moment
	Today     bool              `json:"today,omitempty"`  // set by Strip alone
}

// Called is the holiday's name in a language, else in Indonesian.
func (d Day) Called(lang string) string {
	if n := d.Names[lang]; n != "" {
		return n
	}
	return d.Name
}

// In says in words of a language what a box of the strip shows: why the day is
// counted or not, with the name and the decree of a holiday, or with the reason
// of a stop as it stands in Reason (a door puts words there for the code).
func (d Day) In(text Text, lang string) string {
	words := text("deadline.why." + string(d.Why))
	switch {
	case d.Why == OnHoliday || d.Why == OnLeave:
		words = text("deadline.why.with", "why", words, "name", d.Called(lang))
		return text("deadline.why.basis", "why", words, "basis", d.Basis)
	case d.Why == Standing || d.Why == Resumed || d.Why == StoppedLast:
		if d.Reason == "" {
			return words
		}
		return text("deadline.why.with", "why", words, "name", d.Reason)
	case d.Stop:
		return text("deadline.why.stop_on_day", "why", words)
	case d.Name != "":
		return text("deadline.why.with", "why", words, "name", d.Called(lang))
	}
	return words
}

// Strip is the days of a proof as they are drawn now: with today marked, and
// while the clock stands still with the days it has stood until today.
func (c Clock) Strip(p Proof, now time.Time) ([]Day, error) {
	r, err := c.rules()
	if err != nil {
		return nil, err
	}
	m, err := r.local(now)
	if err != nil {
		return nil, err
	}
	today := m.date()
	out := make([]Day, len(p.Days), len(p.Days)+8)
	copy(out, p.Days)
	if p.Stopped && len(out) > 0 {
		reason := out[len(out)-1].Reason
		for d := out[len(out)-1].Date + 1; d <= today && len(out) < mostDays; d++ {
			box := r.box(d)
			box.Why, box.Stop, box.Reason = Standing, true, reason
			out = append(out, box)
		}
	}
	for i := range out {
		out[i].Today = out[i].Date == today
	}
	return out, nil
}

// box is a day with what the calendar says of it.
func (r *rules) box(d Date) Day {
	closed, named := r.look(d)
	box := Day{Date: d, Closed: closed}
	if named != nil {
		box.Name, box.Names = named.name["id"], named.name
		box.Basis, box.BasisDate = named.decree.Number, named.decree.Date
	}
	return box
}
