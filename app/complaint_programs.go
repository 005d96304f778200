package app

import (
	"context"
	"io"
	"strings"
	"time"

	"pendopo/engine/administration"
	"pendopo/feature/complaint/archive"
	"pendopo/feature/complaint/exchange"
	"pendopo/feature/complaint/open311"
	"pendopo/kernel/db"
)

// Open311Keys are the keys by which other programs file reports.
func (in *Instance) Open311Keys() *open311.Keys {
	return open311.NewKeys(in.DB, in.Instance.IndexMAC, in.Now)
}

// UseExchange says with whom reports are exchanged, before there are doors.
func (in *Instance) UseExchange(c exchange.Config) *exchange.Exchange {
	in.exchange = exchange.New(exchange.Deps{DB: in.DB, House: ourHouse{in}, Mac: in.Instance.IndexMAC, Log: in.Log, Now: in.Now, Base: in.Base, Config: c})
	return in.exchange
}

// exchanging sends reports on and follows them, where that was set up.
func (in *Instance) exchanging(ctx context.Context) error {
	if in.exchange == nil {
		<-ctx.Done()
		return nil
	}
	return in.exchange.Run(ctx)
}

// peers is who takes updates of other servers; nil where there are none.
func peers(in *Instance) open311.Exchange {
	if in.exchange == nil {
		return nil
	}
	return in.exchange
}

// ourHouse tells the exchange who we are.
type ourHouse struct{ in *Instance }

func (h ourHouse) Jurisdiction() string {
	p := h.in.Cases.Government().Profile
	if _, domain, ok := strings.Cut(p.Email, "@"); ok {
		return strings.ToLower(domain)
	}
	return p.Code
}

func (h ourHouse) Region(code string) string { return h.in.Cases.Catalogue().Regions().Name(code) }

func (h ourHouse) Zone() *time.Location { return h.in.Cases.Catalogue().Zone() }

// ImportReports takes in the reports of a file of another system.
func (in *Instance) ImportReports(ctx context.Context, m archive.Map, file io.ReadSeeker) (archive.Result, error) {
	return archive.Import(ctx, archive.Deps{DB: in.DB, Cases: in.Cases, Reports: in.reports, Now: in.Now,
		Note: func(ctx context.Context, source, sha256 string, rows int, do func(db.Tx) error) error {
			return in.Admin.Note(ctx, administration.Deed{Kind: administration.ReportsImported, Actor: "operator", Path: source, Hash: sha256, Findings: rows}, do)
		}}, m, file)
}
