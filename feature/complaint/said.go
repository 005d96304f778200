package complaint

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"pendopo/engine/casework"
	"pendopo/feature/complaint/exchange"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
)

// saidUnits are the units of whose reports an officer decides what becomes of
// another government's words: those where the officer holds the post of a step
// that publishes; everywhere for whoever looks at reports before any unit has them.
func saidUnits(cases *casework.Engine, who Officer) []string {
	units := []string{}
	for _, b := range cases.Catalogue().Services() {
		for _, s := range b.Service.Flow.Steps {
			if b.Service.Public == nil || !s.Publish || s.Actor.Who != "role" {
				continue
			}
			for _, p := range who.Posts {
				switch {
				case p.Role != s.Actor.Role:
				case s.Actor.Unit == "":
					units = append(units, p.Unit)
				case s.Actor.Unit == p.Unit:
					return everywhere()
				}
			}
		}
	}
	slices.Sort(units)
	return slices.Compact(units)
}

// everywhere stands for every unit.
func everywhere() []string { return nil }

// unread are reports of which another government has said something that nobody
// has looked at; none for nobody's units.
func unread(ctx context.Context, inbox *exchange.Inbox, units []string) ([]exchange.Unread, error) {
	if units != nil && len(units) == 0 {
		return nil, nil
	}
	return inbox.Unread(ctx, units...)
}

// deskSaid are the reports of which another government has said something that
// nobody has looked at: what has waited longest first.
func (f *Feature) deskSaid(ctx context.Context, n named, units []string) ([]deskRow, error) {
	list, err := unread(ctx, f.Inbox, units)
	if err != nil {
		return nil, err
	}
	var out []deskRow
	for _, u := range list[:min(len(list), mostAtDesk)] {
		r, err := f.Reports.Stream(ctx, u.Stream)
		if fault.Is(err, fault.Unknown) {
			continue // shredded meanwhile
		}
		if err != nil {
			return nil, err
		}
		row, err := f.deskRow(ctx, n, r)
		if err != nil {
			return nil, err
		}
		row.Href += "#said"
		row.Facts = append(row.Facts, n.T("complaint.said_by", "peer", u.Peer, "n", u.Count, "day", n.DateShort(u.Since.In(n.zone))))
		if f.Inbox.Late(u) {
			row.Flags = append(row.Flags, n.T("complaint.said_late"))
		}
		out = append(out, row)
	}
	return out, nil
}

// DeskNotes are what an officer is to know before the day's work: that another
// government has said something which nobody has looked at for too long.
func DeskNotes(ctx context.Context, cases *casework.Engine, inbox *exchange.Inbox, words *page.Printer, who Officer) ([]templ.Component, error) {
	list, err := unread(ctx, inbox, saidUnits(cases, who))
	late := 0
	for _, u := range list {
		if inbox.Late(u) {
			late++
		}
	}
	if err != nil || late == 0 {
		return nil, err
	}
	return []templ.Component{saidNote(words.T("complaint.said_note", "n", late))}, nil
}
