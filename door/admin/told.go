package admin

import (
	"time"

	"pendopo/web/component/table"
)

// told are the notices of today by state, failures with their reason, and what
// messages cost this month: counts, and nothing of anybody.
func (d *Door) told(m me) (states, costs table.View, err error) {
	if d.Notices == nil {
		return states, costs, nil
	}
	now := d.Now().In(d.Site.Zone())
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location())
	states = table.View{Caption: m.t("told_title"), Empty: m.t("told_none"), Columns: []table.Column{
		{Name: m.t("told_state")}, {Name: m.t("told_channel")}, {Name: m.t("told_why")}, {Name: m.t("told_n"), Number: true},
	}}
	counts, err := d.Notices.Counts(m.ctx, today)
	if err != nil {
		return states, costs, err
	}
	word := func(kind, id string) table.Cell {
		if id == "" {
			return table.Cell{}
		}
		return table.Cell{Text: m.words.T("notify." + kind + "_" + id)}
	}
	for _, c := range counts {
		states.Rows = append(states.Rows, []table.Cell{word("state", string(c.State)), word("channel", c.Channel), word("reason", c.Reason), {Text: m.words.Number(c.N)}})
	}
	costs = table.View{Caption: m.t("told_cost_title"), Empty: m.t("told_cost_none"), Columns: []table.Column{
		{Name: m.t("told_channel")}, {Name: m.t("told_messages"), Number: true}, {Name: m.t("told_cost"), Number: true},
	}}
	paid, err := d.Notices.Costs(m.ctx, month, month.AddDate(0, 1, 0))
	for _, c := range paid {
		costs.Rows = append(costs.Rows, []table.Cell{word("channel", c.Channel), {Text: m.words.Number(c.Messages)}, {Text: m.words.Rupiah(c.Rupiah)}})
	}
	return states, costs, err
}
