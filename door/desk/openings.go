package desk

import (
	"net/http"

	"pendopo/law/fold"
	"pendopo/law/policy"
	"pendopo/web/component/table"
)

// openingsView is who has opened a case.
type openingsView struct {
	Code, Base string
	Table      table.View
	Own        int // openings of one's own, which nobody audits alone
}

// openings lists who opened a case, in which capacity and what for. Each line is
// a question of its own to the policies: nobody audits themself.
func (d *Door) openings(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	m = x.me
	line := policy.Access{Case: x.c.Stream, Unit: x.c.Unit}
	if err := d.require(m, policy.ReadAccess, line); err != nil {
		return err
	}
	seen, err := d.Cases.Openings(r.Context(), x.c.Stream)
	if err != nil {
		return err
	}
	t := m.words.T
	v := openingsView{Code: x.code, Base: x.base(), Table: table.View{
		Caption: t("desk.openings_title"), Empty: t("desk.openings_none"),
		Columns: []table.Column{{Name: t("desk.openings_when")}, {Name: t("desk.openings_who")}, {Name: t("desk.openings_why")}},
	}}
	names := map[string]string{}
	for _, s := range seen {
		line.Officer = s.Actor
		if !d.may(m, policy.ReadAccess, line) {
			v.Own++
			continue
		}
		who := x.words.Holder(fold.Holder{Who: "role", Role: s.Role, Unit: s.Unit})
		if s.Role == "" {
			who = t("desk.openings_" + whose(s.Actor))
		}
		if n := d.name(r.Context(), names, s.Actor); n != "" {
			who = n + ", " + who
		}
		v.Table.Rows = append(v.Table.Rows, []table.Cell{
			{Text: m.words.Moment(s.At.In(x.words.Zone))}, {Text: who}, {Text: t("desk.purpose_" + s.Purpose)},
		})
	}
	if v.Own > 0 {
		v.Table.Empty = t("desk.openings_no_other")
	}
	return d.page(w, r, m, view{Title: t("desk.openings_title"), Body: openingsPage(v)})
}

// whose names who opened without holding a post.
func whose(actor string) string {
	if actor == "system" {
		return "system"
	}
	return "applicant"
}
