package portal

import (
	"context"
	"math"
	"slices"
	"time"

	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web/component/requirements"
	"pendopo/web/component/summary"
)

// needed is what to bring, for everybody and for each variant.
func needed(words *page.Printer, s *definition.Service) requirements.View {
	var v requirements.View
	item := func(q definition.Requirement) requirements.Item {
		i := requirements.Item{Text: words.Of(q.Text)}
		for _, x := range q.Instead {
			i.Instead = append(i.Instead, words.Of(x.Text))
		}
		return i
	}
	for _, q := range s.Standard.Requirements {
		if len(q.For) == 0 {
			v.All = append(v.All, item(q))
		}
	}
	f := s.Field(s.Variants)
	if f == nil {
		return v
	}
	for _, c := range f.Choices {
		x := requirements.Variant{Name: words.Of(c.Text)}
		for _, q := range s.Standard.Requirements {
			if slices.Contains(q.For, c.ID) {
				x.Items = append(x.Items, item(q))
			}
		}
		v.Variants = append(v.Variants, x)
	}
	return v
}

// facts are what everybody asks first.
func (p *Portal) facts(words *page.Printer, s *definition.Service) summary.View {
	rows := []summary.Row{
		{Label: words.T("portal.fact_time"), Values: promised(words, s)},
		{Label: words.T("portal.fact_fee"), Values: fees(words, s)},
		{Label: words.T("portal.fact_product"), Values: []string{product(words, s)}},
		{Label: words.T("portal.fact_office"), Values: p.office(words, s)},
	}
	var how []string
	for _, c := range s.Channels {
		if c != "api" {
			how = append(how, words.T("portal.channel_"+c))
		}
	}
	return summary.View{Rows: append(rows, summary.Row{Label: words.T("portal.fact_how"), Values: how})}
}

// promised is the time of the service, and the times of its cases.
func promised(words *page.Printer, s *definition.Service) []string {
	in := func(within string) string {
		if s.Limit.Starts == "complete" {
			return words.T("portal.limit_complete", "span", span(words, within))
		}
		return span(words, within)
	}
	out := []string{in(s.Limit.Within)}
	for _, c := range s.Limit.Cases {
		when := words.Of(c.Text)
		if len(c.Text) == 0 {
			when = words.T("portal.case_some")
		}
		out = append(out, words.T("portal.case_value", "case", when, "value", in(c.Within)))
	}
	return out
}

// fees is what the service costs, and what its cases cost.
func fees(words *page.Printer, s *definition.Service) []string {
	f := s.Standard.Fee
	out := []string{words.Fee(f.Rupiah)}
	if text := words.Of(f.Text); len(f.Text) > 0 && text != out[0] {
		out = append(out, text)
	}
	for _, c := range f.Cases {
		if c.Amount != "" {
			out = append(out, words.T("portal.fee_counted", "case", words.Of(c.Text)))
			continue
		}
		out = append(out, words.T("portal.case_value", "case", words.Of(c.Text), "value", words.Fee(c.Rupiah)))
	}
	return out
}

func product(words *page.Printer, s *definition.Service) string {
	name := words.Of(s.Product.Name)
	if s.Product.Validity == "" {
		return name
	}
	return words.T("portal.product_valid", "name", name, "span", validity(words, s.Product.Validity))
}

// office is the unit that serves, and where it is; one found by region is said
// so.
func (p *Portal) office(words *page.Printer, s *definition.Service) []string {
	u := p.Cases.Government().Unit(s.Unit.Unit)
	if u == nil {
		return []string{words.T("portal.office_by_region")}
	}
	out := []string{words.Of(u.Name), u.Address}
	if u.Phone != "" {
		out = append(out, u.Phone)
	}
	return out
}

// offices are the units that serve by region, each with where it is.
func (p *Portal) offices(words *page.Printer, s *definition.Service) []summary.Row {
	f := s.Field(s.Unit.Region)
	if f == nil {
		return nil
	}
	var out []summary.Row
	for _, u := range p.Cases.Government().Units {
		if u.Region != "" && definition.LevelOf(u.Region) == f.Level {
			out = append(out, summary.Row{Label: words.Of(u.Name), Values: []string{u.Address, u.Phone}})
		}
	}
	return out
}

// taken says how long it really took, once that is known of enough cases.
func (p *Portal) taken(ctx context.Context, words *page.Printer, service string) (string, error) {
	if p.Times == nil {
		return "", nil
	}
	count, median, p90, err := p.Times.Times(ctx, service)
	if err != nil || count < fewestTimes {
		return "", err
	}
	return words.T("portal.taken", "n", count, "median", lasted(words, median), "most", lasted(words, p90)), nil
}

// lasted is a time in the unit that people would use.
func lasted(words *page.Printer, d time.Duration) string {
	up := func(unit time.Duration) int { return max(1, int(math.Ceil(float64(d)/float64(unit)))) }
	switch {
	case d <= 90*time.Minute:
		return words.T("portal.lasted_minutes", "n", up(time.Minute))
	case d <= 24*time.Hour:
		return words.T("portal.lasted_hours", "n", up(time.Hour))
	}
	return words.T("portal.lasted_days", "n", up(24*time.Hour))
}
