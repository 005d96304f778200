package wire

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Message is one text for one address.
type Message struct {
	ID      string // the notice's own, the same on every attempt
	Channel string // one of Channels
	Lang    string // BCP 47
	To      string // telephone number with country code and no sign, e-mail address, or subscription
	Subject string // e-mail
	Text    string // all words: e-mail, letter; push has its first paragraph
	Short   string // SMS, WhatsApp: at most 160 characters of GSM-7
	Link    string // where to read more; no secret in it
	Stop    string // where to end such messages; no secret of a case in it
	Report  string // address for delivery reports, with the channel's secret; "" = none
	Name    string // WhatsApp: name of the template
	Values  []string
	At      time.Time
}

// Opening is the first paragraph of all words: what a notification holds, which
// bears its sender and its link itself and cannot be replied to.
func (m Message) Opening() string {
	first, _, _ := strings.Cut(m.Text, "\n\n")
	return first
}

// The channels.
const (
	SMS      = "sms"
	WhatsApp = "whatsapp"
	Email    = "email"
	Push     = "push"
	Letter   = "letter"
	Page     = "page" // no way led to the person: it stands on the page of the case
)

// Channels are all ways to somebody, in no order.
func Channels() []string { return []string{SMS, WhatsApp, Email, Push, Letter} }

// Receipt says that the other side took a message over.
type Receipt struct {
	Ref       string // its own name for the message; "" when it gives none
	Delivered bool   // it has arrived already
	Parts     int    // how many messages it is paid as; 0 is one

	// Gone are those of several addresses that nobody has any more, also beside a
	// Failure.
	Gone []string
}

// Adapter carries messages of one channel.
type Adapter interface {
	// Send hands a message over. Its error is a Failure, or one of the context.
	Send(ctx context.Context, m Message) (Receipt, error)
}

// The codes of failures; each has words under notify.reason_.
const (
	Refused     = "refused"     // the other side does not take it, and will not
	Away        = "away"        // it cannot be reached, or has trouble
	Slow        = "slow"        // it did not answer in time: perhaps it has it
	BadAddress  = "bad_address" // nobody has this address
	Bounced     = "bounced"     // it came back
	Undelivered = "undelivered" // the report says so
	Unproven    = "unproven"    // no proof came in time
	NoAddress   = "no_address"  // the person gave none
	NotSetUp    = "not_set_up"  // this instance cannot send by this channel
	Stopped     = "stopped"     // the person wants no such messages
	Login       = "login"       // our log-in is refused
	Trust       = "trust"       // the connection cannot be trusted
	Unclear     = "unclear"     // the answer cannot be understood: perhaps it has it
	Gone        = "gone"        // the case was shredded meanwhile
	Unposted    = "unposted"    // nobody posted the letter in time
	CameBack    = "came_back"   // the post returned it
	Overtaken   = "overtaken"   // the case went on before the letter was posted
	TooLate     = "too_late"    // by then it stood on the page
)

// Failure says why a message was not taken over. For good: no later try helps.
type Failure struct {
	Code string
	Good bool // for good
	err  error
}

// Fail makes a failure that a later try may mend. The cause is not kept beyond
// its kind: it may hold what was sent.
func Fail(code string, cause error) error { return &Failure{Code: code, err: kindOf(cause)} }

// Never makes a failure for good.
func Never(code string, cause error) error {
	return &Failure{Code: code, Good: true, err: kindOf(cause)}
}

// Error is the code and the kind of the cause.
func (f *Failure) Error() string {
	if f.err == nil {
		return "notice: " + f.Code
	}
	return "notice: " + f.Code + ": " + f.err.Error()
}

// Reason is the code of an error of Send, and whether it is for good.
func Reason(err error) (code string, good bool) {
	var f *Failure
	if errors.As(err, &f) {
		return f.Code, f.Good
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return Slow, false
	}
	return Away, false
}

// kindOf keeps of a cause only its type: its words may repeat an address.
func kindOf(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%T", err)
}

// Outcome is what became of a message.
type Outcome string

// The outcomes that a report can tell.
const (
	Arrived Outcome = "delivered"
	Lost    Outcome = "failed"
	OnWay   Outcome = "" // nothing final
)

// Report is what the other side tells later of a message: by the notice's id, or
// by its own.
type Report struct {
	Channel string
	ID      string
	Ref     string
	Outcome Outcome
	Code    string // of a loss; Undelivered when it says no more
}

// Told is what came to the address for reports.
type Told struct {
	Values url.Values // of the address and of a form
	Type   string     // of the body
	Body   []byte
}
