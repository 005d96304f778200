package definition

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"pendopo/law/deadline"
)

// Notices is notices.yaml: by which channels people are told, when, and at what
// cost. Which gateways carry them is no matter of the government's files but of
// each instance, for it takes secrets.
type Notices struct {
	Order    []string     `json:"order" enum:"push|whatsapp|sms|email|letter"` // the first that leads to the person
	Kinds    []NoticeKind `json:"kinds,omitempty"`
	Channels []Channel    `json:"channels,omitempty"`
	Quiet    Quiet        `json:"quiet,omitempty"`
	Digest   string       `json:"digest,omitempty"`            // "07:00": when officers are told what is due; empty: never
	Retry    []string     `json:"retry,omitempty" form:"span"` // after how long the same channel is tried again
	Closing  string       `json:"closing,omitempty" form:"span"`
}

// NoticeKind is an order of its own for one kind of notice.
type NoticeKind struct {
	ID    string   `json:"id" enum:"receipt|returned|ready|granted|rejected|finished|reopened|message|vault|late|closing|closed|merged|joined|turn"`
	Order []string `json:"order" enum:"push|whatsapp|sms|email|letter"`
}

// Channel is what one way to people costs and when it counts as having led there.
type Channel struct {
	ID      string `json:"id" enum:"push|whatsapp|sms|email|letter"`
	Cost    int64  `json:"cost,omitempty"`                            // whole rupiah for one message
	Proof   string `json:"proof,omitempty" form:"span"`               // how long a report is waited for
	Silence string `json:"silence,omitempty" enum:"delivered|failed"` // what no report by then means
}

// Quiet are the hours in which no telephone rings.
type Quiet struct {
	From  string `json:"from"`  // "21:00", in the zone of the unit
	Until string `json:"until"` // "06:00"
}

var hourShape = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

// WithDefaults are the notices of a government as they are kept: what its file
// leaves open is filled in, also when it has none.
func (n Notices) WithDefaults() Notices {
	if len(n.Order) == 0 {
		n.Order = []string{"push", "whatsapp", "sms", "email", "letter"}
	}
	if n.Quiet.From == "" {
		n.Quiet = Quiet{"21:00", "06:00"}
	}
	if len(n.Retry) == 0 {
		n.Retry = []string{"1 minute", "10 minutes", "1 hour", "4 hours"}
	}
	if n.Closing == "" {
		n.Closing = "3 calendar days"
	}
	own := n.Channels
	n.Channels = []Channel{
		{ID: "sms", Proof: "2 hours", Silence: "failed"}, {ID: "whatsapp", Proof: "30 minutes", Silence: "failed"},
		{ID: "push", Proof: "5 minutes", Silence: "delivered"}, {ID: "email", Proof: "24 hours", Silence: "delivered"},
		{ID: "letter", Proof: "3 working days", Silence: "delivered"},
	}
	for _, c := range own {
		i := slices.IndexFunc(n.Channels, func(o Channel) bool { return o.ID == c.ID })
		if i < 0 {
			continue // reported by check
		}
		if c.Proof == "" {
			c.Proof = n.Channels[i].Proof
		}
		if c.Silence == "" {
			c.Silence = n.Channels[i].Silence
		}
		n.Channels[i] = c
	}
	return n
}

// OrderFor is the order of channels for a kind of notice.
func (n Notices) OrderFor(kind string) []string {
	for _, k := range n.Kinds {
		if k.ID == kind {
			return k.Order
		}
	}
	return n.Order
}

// Channel finds what is said of a channel.
func (n Notices) Channel(id string) Channel {
	for _, c := range n.Channels {
		if c.ID == id {
			return c
		}
	}
	return Channel{ID: id}
}

// ClockTime is a span of clock time or calendar days as a length; zero for any
// other and for none.
func ClockTime(span string) time.Duration {
	s, err := deadline.ParseSpan(span)
	if err != nil {
		return 0
	}
	switch s.Unit {
	case deadline.Minute:
		return time.Duration(s.N) * time.Minute
	case deadline.Hour:
		return time.Duration(s.N) * time.Hour
	case deadline.CalendarDay:
		return time.Duration(s.N) * 24 * time.Hour
	}
	return 0
}

// longestProof keeps the chain of all channels within the three days by which
// everybody has been told.
const longestProof = 48 * time.Hour

// readNotices takes notices.yaml; a government may have none.
func (f *folder) readNotices(langs []string) {
	var optional bool
	f.notices = f.file("notices.yaml", &optional)
	f.decode(f.notices, langs, &f.government.Notices)
}

// checkNotices: nothing twice, times that can be meant.
func (f *folder) checkNotices() {
	n, s := f.government.Notices, f.notices
	if s.root == nil {
		return
	}
	s.distinct(len(n.Order), "order[%d]", func(i int) string { return n.Order[i] })
	s.distinct(len(n.Kinds), "kinds[%d].id", func(i int) string { return n.Kinds[i].ID })
	s.distinct(len(n.Channels), "channels[%d].id", func(i int) string { return n.Channels[i].ID })
	for i, k := range n.Kinds {
		s.distinct(len(k.Order), fmt.Sprintf("kinds[%d].order[%%d]", i), func(j int) string { return k.Order[j] })
	}
	for _, h := range []struct{ at, hour string }{{"quiet.from", n.Quiet.From}, {"quiet.until", n.Quiet.Until}, {"digest", n.Digest}} {
		if h.hour != "" && !hourShape.MatchString(h.hour) {
			s.at(h.at, "hour", "hour", h.hour)
		}
	}
	for i, r := range n.Retry {
		f.noticeTime(fmt.Sprintf("retry[%d]", i), r)
	}
	f.noticeTime("closing", n.Closing)
	for i, c := range n.Channels {
		at := fmt.Sprintf("channels[%d]", i)
		if c.ID == "letter" {
			f.letterTime(at+".proof", c.Proof)
		} else {
			f.noticeTime(at+".proof", c.Proof)
		}
		if c.Cost < 0 {
			s.at(at+".cost", "negative_cost")
		}
	}
}

// letterTime: a letter is on its way for days, and office days are not those of
// the post alone.
func (f *folder) letterTime(at, span string) {
	if span == "" || !f.notices.clean(at) {
		return
	}
	s, err := deadline.ParseSpan(span)
	switch {
	case err != nil: // reported where it was read
	case !s.Unit.Days() && ClockTime(span) == 0:
		f.notices.at(at, "clock_time", "span", span)
	case s.Unit.Days() && s.N > longestPost:
		f.notices.at(at, "letter_too_slow", "span", span, "most", itoa(longestPost))
	}
}

// longestPost is for how many days a letter may count as under way at most.
const longestPost = 14

// noticeTime: the time of a message is clock time, and short enough.
func (f *folder) noticeTime(at, span string) {
	if span == "" || !f.notices.clean(at) {
		return
	}
	switch d := ClockTime(span); {
	case d == 0:
		f.notices.at(at, "clock_time", "span", span)
	case d > longestProof && at != "closing":
		f.notices.at(at, "notice_too_slow", "span", span)
	}
}
