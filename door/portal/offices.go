package portal

import (
	"net/http"
	"strings"
	"time"

	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web/component/summary"
)

// officesView is where people can go.
type officesView struct {
	Title   string
	Offices []officeView
}

// officeView is one office; Map opens the map that a device has, and asks nobody
// else.
type officeView struct {
	ID, Name string
	Facts    summary.View
	Map      string
}

// officesPage lists the offices with address, telephone and hours.
func (p *Portal) officesPage(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r.Context())
	v := officesView{Title: words.T("portal.offices_title")}
	for _, u := range p.Cases.Government().Units {
		o := officeView{ID: u.ID, Name: words.Of(u.Name)}
		o.Facts.Rows = []summary.Row{{Label: words.T("portal.office_address"), Values: []string{u.Address}}}
		if u.Phone != "" {
			o.Facts.Rows = append(o.Facts.Rows, summary.Row{Label: words.T("portal.office_phone"), Values: []string{u.Phone}, Numb: true})
		}
		o.Facts.Rows = append(o.Facts.Rows, summary.Row{Label: words.T("portal.office_hours"), Values: hours(words, u.Hours), Numb: true})
		if u.Place != "" {
			o.Map = "geo:" + strings.ReplaceAll(u.Place, " ", "")
		}
		v.Offices = append(v.Offices, o)
	}
	return p.show(w, r, page.View{Title: v.Title, Body: officesBody(v)})
}

// hours are the office hours as people read them: days of the same hours in one
// line.
func hours(words *page.Printer, of definition.OfficeHours) []string {
	days := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	var out []string
	for i := 0; i < len(days); {
		same := strings.Join(of[days[i]], ", ")
		j := i + 1
		for j < len(days) && strings.Join(of[days[j]], ", ") == same {
			j++
		}
		name := words.Weekday(time.Weekday((i + 1) % 7))
		if j > i+1 {
			name = words.T("portal.office_days", "from", name, "to", words.Weekday(time.Weekday(j%7)))
		}
		if same == "" {
			same = words.T("portal.office_closed")
		}
		out = append(out, name+": "+strings.ReplaceAll(same, "-", "–"))
		i = j
	}
	return out
}
