package admin

import (
	"net/http"
	"slices"
	"time"

	"pendopo/engine/administration"
	"pendopo/law/policy"
	"pendopo/web/component/table"
)

// mostDeeds is how many deeds the page shows.
const mostDeeds = 200

// done is one line of the page of deeds.
type done struct {
	at   time.Time
	what string
	href string
	who  string
}

// record shows what administrators have done: who, what, when.
func (d *Door) record(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Operate, policy.Government{}); err != nil {
		return err
	}
	list, err := d.Admin.Deeds(m.ctx, mostDeeds)
	if err != nil {
		return err
	}
	officers, err := d.Identity.Deeds(m.ctx, mostDeeds)
	if err != nil {
		return err
	}
	names := d.people(m)
	var all []done
	for _, e := range list {
		all = append(all, d.line(m, e, names))
	}
	for _, e := range officers {
		all = append(all, done{e.At, names.of(e.Officer) + ": " + d.officerDeed(m, e), "/admin/officers/" + e.Officer, e.Actor})
	}
	slices.SortStableFunc(all, func(a, b done) int { return b.at.Compare(a.at) })
	v := table.View{Caption: m.t("record_title"), Empty: m.t("record_none"), Columns: []table.Column{{Name: m.t("col_when")}, {Name: m.t("col_what")}, {Name: m.t("col_who")}}}
	for _, e := range all[:min(mostDeeds, len(all))] {
		v.Rows = append(v.Rows, []table.Cell{{Text: d.moment(m, e.at)}, {Text: e.what, Href: e.href}, {Text: names.of(e.who)}})
	}
	return d.page(w, r, m, view{Title: m.t("record_title"), Body: recordPage(v)})
}

// line is a deed in words.
func (d *Door) line(m me, e administration.Deed, names people) done {
	out := done{at: e.At, what: m.t("deed_" + e.Kind), who: e.Actor}
	switch {
	case e.Proposal != "":
		out.href = "/admin/proposals/" + e.Proposal
		if p, err := d.Admin.Proposal(m.ctx, e.Proposal); err == nil {
			out.what += ": " + p.Title
		}
		if e.Path != "" {
			out.what += " (" + e.Path + ")"
		}
	case e.Officer != "":
		out.what += ": " + names.of(e.Officer) + ", " + d.post(m, e.Unit, e.Role)
	case e.Kind == administration.Verified && e.Findings > 0:
		out.what += ": " + m.t("verify_found", "n", e.Findings)
	case e.Reason != "":
		out.what += ": " + m.t("drop_"+e.Reason)
	}
	return out
}
