package exchange

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"time"

	"pendopo/feature/complaint/georeport"
)

// Peer is another server, whatever it speaks.
type Peer interface {
	// Send hands a report over. An error is one of three: Refused (it will not be
	// taken so), ErrUnsent (it has not arrived; try again), or any other: nobody
	// knows whether it arrived.
	Send(ctx context.Context, p Parcel) (georeport.Receipt, error)
	// Look gives what it has: of some ids, or of a time and codes.
	Look(ctx context.Context, q Question) ([]georeport.Request, error)
	// News gives what it says of reports within a time.
	News(ctx context.Context, from, to time.Time) ([]georeport.Update, error)
}

// Teller is a peer that takes updates too.
type Teller interface {
	Tell(ctx context.Context, u georeport.Update) error
}

// Redeemer is a peer that gives tokens.
type Redeemer interface {
	// Redeem gives the id that a token has become; "" while it has not.
	Redeem(ctx context.Context, token string) (string, error)
}

// Parcel is a report as it is sent: what everybody may read of it.
type Parcel struct {
	Code      string // our id of it
	Mark      string // how it is found again over there; part of the text
	Key       string // the same for every try
	Service   string // the peer's service_code
	Title     string
	Text      string // with the mark at its end
	Lat, Long georeport.Degrees
	Address   string
	Media     string
	Received  time.Time
	Attribute map[string]string
}

// Question is what a peer is asked for: ids, or what it had from a peer in a time.
type Question struct {
	IDs      []string
	From, To time.Time
	Services []string
}

// Refused says that a peer will not take a report so. Its reason is the peer's
// own words, masked and cut.
type Refused struct{ Reason string }

func (r *Refused) Error() string { return "refused: " + r.Reason }

// ErrUnsent says that nothing has arrived: it can be tried again.
var ErrUnsent = errors.New("the peer could not be reached, or is too busy")

// newPeer is the adapter of a configuration.
func newPeer(c PeerConfig, client *http.Client) Peer {
	if c.Kind == kindSP4N {
		return &sp4n{config: c, client: client}
	}
	return &open311{config: c, client: client}
}

// mark is what a parcel carries so that it is found again: who sent it, and its
// code, which anybody may know.
func mark(jurisdiction, code string) string { return "[" + jurisdiction + "/" + code + "]" }

var marked = regexp.MustCompile(`\[([a-z0-9][a-z0-9.-]{0,100})/([0-9A-Z-]{11,40})\]`)

// codeIn is the code of ours that a text over there carries; "" when it carries
// none.
func codeIn(jurisdiction, text string) string {
	for _, m := range marked.FindAllStringSubmatch(text, 5) {
		if m[1] == jurisdiction {
			return m[2]
		}
	}
	return ""
}
