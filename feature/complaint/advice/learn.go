package advice

import (
	"context"
	"time"

	"pendopo/feature/complaint/report"
	"pendopo/law/definition"
	"pendopo/law/routing"
)

// learned is what was learned at a moment.
type learned struct {
	of                   *definition.Government
	at                   time.Time
	unit, kind, category *routing.Model
	reports              int // closed ones among the examples
}

// nightly is how often everything is learned anew.
const nightly = 24 * time.Hour

// known is what was learned, or what the definitions say until something is.
func (a *Adviser) known(ctx context.Context) (*learned, error) {
	if l := a.learned.Load(); l != nil && l.of == a.Cases.Government() {
		return l, nil
	}
	return a.learn(ctx)
}

// learn reads what this instance has closed and shows, and trains.
func (a *Adviser) learn(ctx context.Context) (*learned, error) {
	l := &learned{of: a.Cases.Government(), at: a.Now()}
	var unit, kind, category []routing.Example
	closed, after := false, ""
	for l.reports < routing.MostExamples {
		p, err := a.Reports.List(ctx, report.Filter{Active: &closed}, after, report.MostRows)
		if err != nil {
			return nil, err
		}
		for _, r := range p.Reports {
			if !finished(r) {
				continue
			}
			l.reports++
			text := r.Title + "\n" + r.Text
			unit = append(unit, routing.Example{Text: text, Tags: tags(r.Category, r.Region), Label: r.Unit})
			kind = append(kind, routing.Example{Text: text, Label: r.Kind})
			category = append(category, routing.Example{Text: text, Label: r.Category})
		}
		if after = p.Next; after == "" {
			break
		}
	}
	for _, b := range a.Cases.Catalogue().Services() {
		start := routing.StartOf(l.of, b.Service)
		unit, kind, category = append(unit, start.Unit...), append(kind, start.Kind...), append(category, start.Category...)
	}
	l.unit, l.kind, l.category = routing.Train(unit), routing.Train(kind), routing.Train(category)
	a.learned.Store(l)
	return l, nil
}

// finished reports whether a report's unit is one that dealt with it: what was
// rejected, merged or taken back says nothing about who is right for it, nor does
// what another system closed.
func finished(r report.Report) bool {
	return r.Source != report.Archived && (r.State == report.Solved || r.State == report.Silence)
}

// tags are the facts beside the text of a report.
func tags(category, region string) []string {
	var out []string
	if category != "" {
		out = append(out, categoryTag+category)
	}
	if region != "" {
		out = append(out, regionTag+region)
	}
	return out
}

// Beginnings of tags.
const (
	categoryTag = "category:"
	regionTag   = "region:"
)

// Run keeps what is known up to date until ctx ends: sketches every few seconds,
// models at once and then nightly.
func (a *Adviser) Run(ctx context.Context) error {
	tick := time.NewTicker(pass)
	defer tick.Stop()
	for {
		if a.Cases.Government() != nil {
			if l := a.learned.Load(); l == nil || a.Now().Sub(l.at) >= nightly || l.of != a.Cases.Government() {
				if _, err := a.learn(ctx); err != nil {
					return err
				}
			}
			if _, err := a.SketchAll(ctx); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
