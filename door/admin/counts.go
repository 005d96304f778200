package admin

import (
	"time"

	"pendopo/engine/caseview"
	"pendopo/web/component/table"
)

// soon is what counts as about to be late.
const soon = 24 * time.Hour

// counts are the open work of every unit and service, and how long each service
// really took within a year: nothing personal.
func (d *Door) counts(m me) (open, paces table.View, err error) {
	work, err := d.Cases.Counts(m.ctx, soon)
	if err != nil {
		return open, paces, err
	}
	words := caseview.Words{Printer: m.words, Government: d.Cases.Government()}
	number := func(n int64) table.Cell { return table.Cell{Text: m.words.Number(n)} }
	open = table.View{Caption: m.t("counts_title"), Empty: m.t("counts_none"), Columns: []table.Column{
		{Name: m.t("counts_unit")}, {Name: m.t("counts_service")}, {Name: m.t("counts_open"), Number: true},
		{Name: m.t("counts_late"), Number: true}, {Name: m.t("counts_soon"), Number: true},
	}}
	for _, c := range work {
		open.Rows = append(open.Rows, []table.Cell{{Text: words.Unit(c.Unit)}, {Text: d.serviceName(m, c.Service)}, number(c.Open), number(c.Late), number(c.Soon)})
	}
	paces = table.View{Caption: m.t("paces_title"), Empty: m.t("paces_none"), Columns: []table.Column{
		{Name: m.t("counts_service")}, {Name: m.t("paces_answers"), Number: true}, {Name: m.t("paces_median"), Number: true}, {Name: m.t("paces_most"), Number: true},
	}}
	for _, b := range d.Cases.Catalogue().Services() {
		n, half, most, err := d.Times.Times(m.ctx, b.Service.ID)
		if err != nil {
			return open, paces, err
		}
		if n > 0 {
			paces.Rows = append(paces.Rows, []table.Cell{{Text: m.words.Of(b.Service.Name)}, number(int64(n)), {Text: length(m, half)}, {Text: length(m, most)}})
		}
	}
	return open, paces, nil
}

// serviceName is a service's name; one that is no longer offered keeps its id.
func (d *Door) serviceName(m me, id string) string {
	b, err := d.Cases.Catalogue().Live(id)
	if err != nil {
		return id
	}
	return m.words.Of(b.Service.Name)
}

// length is a time in words: days from two days on, hours from two hours on,
// else minutes.
func length(m me, took time.Duration) string {
	switch {
	case took >= 48*time.Hour:
		return m.t("days", "n", int(took/(24*time.Hour)))
	case took >= 2*time.Hour:
		return m.t("hours", "n", int(took/time.Hour))
	}
	return m.t("minutes", "n", int(took/time.Minute))
}
