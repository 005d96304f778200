package exchange

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"pendopo/kernel/db"
)

// Deps is what the exchange stands on.
type Deps struct {
	DB     *db.DB
	House  House
	Mac    func(parts ...string) []byte
	Log    *slog.Logger
	Now    func() time.Time
	Base   string       // of the portal, for the addresses of pictures; empty = not known
	Client *http.Client // nil = NewClient
	Config Config
}

// House is what the exchange must know of the government that sends.
type House interface {
	Jurisdiction() string      // the name by which it signs parcels: its domain
	Region(code string) string // name of a place, from the smallest to the largest
	Zone() *time.Location
}

// Exchange sends reports on and follows them.
type Exchange struct {
	db    *db.DB
	house House
	mac   func(parts ...string) []byte
	log   *slog.Logger
	now   func() time.Time
	base  string
	peers []*peer
}

// peer is another server with the adapter that speaks to it.
type peer struct {
	config PeerConfig
	Peer
}

// New makes it.
func New(d Deps) *Exchange {
	if d.Client == nil {
		d.Client = NewClient()
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	x := &Exchange{db: d.DB, house: d.House, mac: d.Mac, log: d.Log, now: d.Now, base: d.Base}
	for _, c := range d.Config.Peers {
		x.peers = append(x.peers, &peer{c, newPeer(c, d.Client)})
	}
	return x
}

// tick is how often there may be something to do.
const tick = 15 * time.Second

// Run exchanges until ctx ends, on one node at a time.
func (x *Exchange) Run(ctx context.Context) error {
	if len(x.peers) == 0 {
		<-ctx.Done()
		return nil
	}
	return x.db.Lead(ctx, "exchange", func(ctx context.Context, _ db.Leader) error {
		for {
			x.Round(ctx)
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(tick):
			}
		}
	})
}

// Round does once, for every peer, whatever there is to do. What fails is logged,
// stays in its row, and keeps no other peer from its turn.
func (x *Exchange) Round(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for _, p := range x.peers {
		all.Go(func() { x.turn(ctx, p) })
	}
}

// turn is one peer's part of a round.
func (x *Exchange) turn(ctx context.Context, p *peer) {
	for _, step := range []struct {
		name string
		do   func(context.Context, *peer) error
	}{{"enlist", x.enlisting}, {"send", x.sending}, {"redeem", x.redeeming}, {"follow", x.following}, {"news", x.reading}, {"tell", x.telling}} {
		if err := step.do(ctx, p); err != nil && ctx.Err() == nil {
			x.log.Warn("exchange", slog.String("peer", p.config.Name), slog.String("step", step.name), slog.String("error", err.Error()))
		}
	}
}

func (x *Exchange) enlisting(_ context.Context, p *peer) error {
	n, err := x.enlist(p, x.now())
	if n > 0 {
		x.log.Info("exchange", slog.String("peer", p.config.Name), slog.Int64("reports", n))
	}
	return err
}

// Peers are the names of those with whom reports are exchanged.
func (x *Exchange) Peers() []string {
	var out []string
	for _, p := range x.peers {
		out = append(out, p.config.Name)
	}
	return out
}

func (x *Exchange) peer(name string) *peer {
	i := slices.IndexFunc(x.peers, func(p *peer) bool { return p.config.Name == name })
	if i < 0 {
		return nil
	}
	return x.peers[i]
}

// Status are the rows of a peer, those that want somebody first; of all peers
// when it is empty.
func (x *Exchange) Status(ctx context.Context, peer string, most int) ([]Row, error) {
	return x.query(ctx, `WHERE (? = '' OR peer = ?) ORDER BY CASE state WHEN 'failed' THEN 0 WHEN 'unsure' THEN 1 WHEN 'waiting' THEN 2 ELSE 3 END, due, code LIMIT ?`, peer, peer, most)
}
