package complaint

import (
	"slices"
	"strings"
	"sync"
	"time"

	"pendopo/engine/casework"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/place"
	"pendopo/web/component/tag"
)

// named puts the ids of rows into words of one language.
type named struct {
	*page.Printer
	government *definition.Government
	regions    definition.RegionSet
	services   []*casework.Bound // those with a public side
	zone       *time.Location
	whole      bool // every number is told, and no sum is wanted
}

// named reads the live files once for a page.
func (f *Feature) named(words *page.Printer) named {
	cat := f.Cases.Catalogue()
	g := cat.Government()
	n := named{Printer: words, government: g, regions: g.RegionSet(), zone: cat.Zone()}
	for _, b := range cat.Services() {
		if b.Service.Public != nil {
			n.services = append(n.services, b)
		}
	}
	return n
}

// choices are the answers of the field by which the public side of the live
// services names something, each once.
func (n named) choices(field func(*definition.Public) string) []definition.Choice {
	var out []definition.Choice
	for _, b := range n.services {
		f := b.Service.Field(field(b.Service.Public))
		if f == nil {
			continue
		}
		for _, c := range f.Choices {
			if !slices.ContainsFunc(out, func(o definition.Choice) bool { return o.ID == c.ID }) {
				out = append(out, c)
			}
		}
	}
	return out
}

func (n named) categories() []definition.Choice {
	return n.choices(func(p *definition.Public) string { return p.Category })
}

func (n named) kinds() []definition.Choice {
	return n.choices(func(p *definition.Public) string { return p.Kind })
}

// choice is the name of one of them; an id that no live service knows any more
// is shown as it stands.
func (n named) choice(list []definition.Choice, id string) string {
	for _, c := range list {
		if c.ID == id {
			return n.Of(c.Text)
		}
	}
	return id
}

func (n named) unit(id string) string {
	if u := n.government.Unit(id); u != nil {
		return n.Of(u.Name)
	}
	return id
}

// area is a region as people say it: the village and its district.
func (n named) area(code string) string {
	if code == "" {
		return ""
	}
	name := n.regions[code]
	if above := n.regions[code[:max(0, strings.LastIndex(code, "."))]]; name != "" && above != "" && strings.Count(code, ".") == 3 {
		return name + ", " + above
	}
	return name
}

// state is where a report stands: a word, a shape and a colour.
func (n named) state(r report.Report) tag.View {
	kinds := map[report.State]tag.Kind{
		report.Waiting: tag.Wait, report.Sent: tag.Work, report.Handled: tag.Work, report.Answered: tag.Wait, report.Solved: tag.Good,
		report.Silence: tag.Done, report.Rejected: tag.Bad, report.Merged: tag.Done, report.Withdrawn: tag.Done,
	}
	kind := kinds[r.State]
	if r.Active && r.Late && r.State != report.Answered {
		return tag.View{Kind: tag.Late, Text: n.T("complaint.state_" + string(r.State) + "_late")}
	}
	return tag.View{Kind: kind, Text: n.T("complaint.state_" + string(r.State))}
}

// title is what a report is called.
func (n named) title(r report.Report) string {
	if r.Title != "" {
		return r.Title
	}
	return n.choice(n.categories(), r.Category)
}

// ground keeps the boundaries of the live government, which are long to read.
type ground struct {
	mu    sync.Mutex
	of    *definition.Government
	areas *place.Areas
}

// boundaries are the areas of the live government; nil when it drew none.
func (f *Feature) boundaries() *place.Areas {
	g := f.Cases.Government()
	f.ground.mu.Lock()
	defer f.ground.mu.Unlock()
	if f.ground.of != g {
		f.ground.of, f.ground.areas = g, nil
		if len(g.Areas) > 0 {
			f.ground.areas = g.Boundaries()
		}
	}
	return f.ground.areas
}
