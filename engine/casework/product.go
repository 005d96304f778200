package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// ProductFacts is what a document is made of, as far as the case knows.
type ProductFacts struct {
	Case       fold.Case
	Bound      *Bound
	Government *definition.Government
	Values     map[string]string // field → words in Indonesian; "" when unanswered
	Signs      fold.Holder       // the role at the unit that signs
	DecidedBy  string            // opaque id of the officer who decided; empty when the law or a rule granted
	Rule       string            // the norm of the rule by which the system granted it
	Date       time.Time         // of the document, in the zone of the unit
	Until      time.Time         // end of validity; zero = none
}

// Product gathers what the case's document is made of. It opens sealed answers
// for a machine, so it notes that first, as for a person.
func (e *Engine) Product(ctx context.Context, stream string, texts *page.Catalogue) (ProductFacts, error) {
	f := ProductFacts{Government: e.cat.Government()}
	var err error
	if f.Case, err = e.state(ctx, stream); err != nil {
		return f, err
	}
	if f.Bound, err = e.cat.At(ctx, f.Case.Definition); err != nil {
		return f, err
	}
	if f.Case.Number == "" || f.Bound.Template == nil {
		return f, fault.New(fault.Conflict, "casework.no_product")
	}
	if err := e.note(ctx, stream, Reader{Actor: "system", By: system, Purpose: PurposeDocument}); err != nil {
		return f, err
	}
	if f.Values, err = e.values(ctx, f.Bound, f.Case, texts.Printer("id")); err != nil {
		return f, err
	}
	if err := f.sign(ctx, e); err != nil {
		return f, err
	}
	return f, f.date(e)
}

// values are the answers in words.
func (e *Engine) values(ctx context.Context, b *Bound, c fold.Case, words *page.Printer) (map[string]string, error) {
	answers, _, err := e.read(ctx, c)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, p := range b.Service.Form.Pages {
		for _, f := range definition.Asked(p.Fields) {
			out[f.ID] = b.Form.Show(*f, answers[f.ID], words.Lang(), words)
		}
	}
	return out, nil
}

// sign finds the signing role and who decided.
func (f *ProductFacts) sign(ctx context.Context, e *Engine) error {
	a := f.Bound.Service.Product.Signatory
	f.Signs = fold.Holder{Who: "role", Role: a.Role, Unit: a.Unit}
	if f.Signs.Unit == "" {
		f.Signs.Unit = f.Case.Unit
	}
	var events []event.Event
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, f.Case.Stream)
		return err
	})
	for _, ev := range events {
		if ev.Kind == fold.Approved {
			f.DecidedBy = ev.Actor // the last approval is the decision
		}
	}
	if m, ok := fold.Granted(f.Case); ok && m.Basis != "" {
		f.DecidedBy, f.Rule = "", m.Basis
	}
	if f.Case.Basis != "" {
		f.DecidedBy, f.Rule = "", ""
	}
	return err
}

// date is the day the number was taken, and the end of validity counted from it.
func (f *ProductFacts) date(e *Engine) error {
	clock, err := e.cat.Clock(f.Signs.Unit)
	if err != nil {
		return err
	}
	for _, m := range f.Case.Marks {
		if m.Kind == fold.Numbered {
			f.Date = m.At.In(clock.Office.Zone)
		}
	}
	if f.Date.IsZero() {
		return errors.New("casework: the case has a number and no event that took it")
	}
	f.Until, err = validUntil(f.Bound.Service.Product.Validity, f.Date)
	return err
}

// Issued commits that the product was made. A second time with the same facts,
// after a crash of the caller, it does nothing.
func (e *Engine) Issued(ctx context.Context, stream string, facts flow.Facts) error {
	return retry(func() error {
		before, err := e.present(ctx, stream)
		if err != nil {
			return err
		}
		if d := before.Document; d != nil && d.ID == facts.Document.ID {
			return nil
		}
		_, err = e.command(ctx, before, flow.Command{Do: flow.DoIssued, By: system}, act{facts: facts})
		return err
	})
}

// validUntil is the last day of a validity like "6 months" or "5 years" that
// begins on a day: the same day of the month it ends in, or that month's last.
func validUntil(validity string, from time.Time) (time.Time, error) {
	if validity == "" {
		return time.Time{}, nil
	}
	var n int
	var unit string
	if _, err := fmt.Sscanf(validity, "%d %s", &n, &unit); err != nil {
		return time.Time{}, fmt.Errorf("casework: validity %q: %w", validity, err)
	}
	y, m, d := from.Date()
	switch strings.TrimSuffix(unit, "s") {
	case "day":
		return time.Date(y, m, d+n, 0, 0, 0, 0, from.Location()), nil
	case "month":
		return clampDay(y, m+time.Month(n), d, from.Location()), nil
	case "year":
		return clampDay(y+n, m, d, from.Location()), nil
	}
	return time.Time{}, fmt.Errorf("casework: validity %q has no known unit", validity)
}

// clampDay is a day of a month, or the month's last day when it is shorter.
func clampDay(y int, m time.Month, d int, zone *time.Location) time.Time {
	last := time.Date(y, m+1, 0, 0, 0, 0, 0, zone)
	if d >= last.Day() {
		return last
	}
	return time.Date(last.Year(), last.Month(), d, 0, 0, 0, 0, zone)
}
