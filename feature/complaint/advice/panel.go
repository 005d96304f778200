package advice

import (
	"fmt"
	"strings"
	"time"

	"pendopo/engine/caseview"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/near"
	"pendopo/law/routing"
)

// panel is what is known about a report, before it is put into words.
type panel struct {
	names    names
	service  *definition.Service
	units    []routing.Guess
	kind     remark
	category remark
	same     []likely
}

// shown is the panel in words.
type shown struct{ parts []section }

type section struct {
	title string
	lines []line
}

// line is one suggestion: what, how likely, and why.
type line struct{ what, how, why string }

// names puts ids into words of the reader's language.
type names struct {
	*page.Printer
	government *definition.Government
}

func (a *Adviser) names(words *page.Printer) names { return names{words, a.Cases.Government()} }

func (n names) unit(id string) string {
	if u := n.government.Unit(id); u != nil {
		return n.Of(u.Name)
	}
	return id
}

func (n names) region(code string) string {
	if name := n.government.RegionSet()[code]; name != "" {
		return name
	}
	return code
}

// choice is the name of an answer; an id that the form does not know stands as it is.
func (n names) choice(s *definition.Service, field, id string) string {
	if f := s.Field(field); f != nil {
		for _, c := range f.Choices {
			if c.ID == id {
				return n.Of(c.Text)
			}
		}
	}
	return id
}

// advice is the panel for the desk. Without anything to say nothing is shown.
func (v panel) advice(m matter, picks map[string]string) caseview.Advice {
	out := caseview.Advice{Picks: picks}
	var units, answers, same []line
	for _, g := range v.units {
		out.Units = append(out.Units, g.Label)
		units = append(units, line{v.names.unit(g.Label), v.how(g.Chance), v.why(g, m)})
	}
	for _, r := range []remark{v.kind, v.category} {
		if r.guess != nil {
			answers = append(answers, line{v.names.choice(v.service, r.field, r.guess.Label), v.how(r.guess.Chance), v.why(*r.guess, m)})
		}
	}
	for _, l := range v.same {
		title := cut(v.title(l.row), mostTitle)
		out.Same = append(out.Same, caseview.Same{Code: l.row.Code, Text: title + " · " + v.alike(l, m.row)})
		same = append(same, line{l.row.Code, title, v.alike(l, m.row)})
	}
	var s shown
	for _, part := range []section{{v.names.T("advice.units"), units}, {v.names.T("advice.answers"), answers}, {v.names.T("advice.same"), same}} {
		if len(part.lines) > 0 {
			s.parts = append(s.parts, part)
		}
	}
	if len(s.parts) > 0 {
		out.Show = show(s)
	}
	return out
}

const mostTitle = 60

// title is what another report is called: its public title, else its category. Its
// own words are not shown to whoever has not opened it.
func (v panel) title(r report.Report) string {
	if r.Title != "" {
		return r.Title
	}
	return v.names.choice(v.service, v.service.Public.Category, r.Category)
}

// Chances in words.
const (
	veryLikely = 0.7
	mayBe      = 0.4
)

func (v panel) how(chance float64) string {
	switch {
	case chance >= veryLikely:
		return v.names.T("advice.very_likely")
	case chance >= mayBe:
		return v.names.T("advice.likely")
	}
	return v.names.T("advice.perhaps")
}

// why are the words, the facts and the definitions that spoke for a label.
func (v panel) why(g routing.Guess, m matter) string {
	var parts []string
	if len(g.Words) > 0 {
		quoted := make([]string, len(g.Words))
		for i, w := range g.Words {
			quoted[i] = "“" + w + "”"
		}
		parts = append(parts, v.names.T("advice.by_words", "words", v.names.List(quoted)))
	}
	hinted := map[string]bool{}
	for _, h := range g.Hints {
		hinted[h] = true
	}
	for _, t := range g.Tags {
		hinted[routing.FromCategory] = hinted[routing.FromCategory] || strings.HasPrefix(t, categoryTag)
		hinted[routing.FromPlace] = hinted[routing.FromPlace] || strings.HasPrefix(t, regionTag)
	}
	if hinted[routing.FromCategory] {
		parts = append(parts, v.names.T("advice.by_category", "category", v.names.choice(v.service, v.service.Public.Category, m.row.Category)))
	}
	if hinted[routing.FromPlace] {
		parts = append(parts, v.names.T("advice.by_place", "place", v.names.region(m.row.Region)))
	}
	return strings.Join(parts, "; ")
}

// alike says what two reports have in common.
func (v panel) alike(l likely, mine report.Report) string {
	var parts []string
	switch {
	case l.alike.Metres >= 0:
		parts = append(parts, v.names.T("advice.metres", "n", int64(l.alike.Metres)))
	case l.alike.Village:
		parts = append(parts, v.names.T("advice.village"))
	}
	parts = append(parts, v.when(l.row.Received.Sub(mine.Received)))
	for _, part := range []struct {
		is  bool
		key string
	}{{l.alike.Category, "advice.same_category"}, {l.alike.Copied >= muchOf, "advice.copied"}, {l.alike.Copied < muchOf && l.alike.Words >= someOf, "advice.words"}, {l.alike.Picture, "advice.picture"}} {
		if part.is {
			parts = append(parts, v.names.T(part.key))
		}
	}
	key := "advice.perhaps"
	if l.alike.Score >= near.Certain {
		key = "advice.very_likely"
	}
	return v.names.T(key) + ": " + strings.Join(parts, ", ")
}

// From these shares on words are said to be alike.
const (
	muchOf = 0.5
	someOf = 0.2
)

// when is how long before or after another report came.
func (v panel) when(after time.Duration) string {
	hours := int64(after.Abs().Hours())
	key, n := "hours", hours
	if hours >= 48 {
		key, n = "days", hours/24
	}
	if hours == 0 {
		return v.names.T("advice.same_hour")
	}
	side := "later"
	if after < 0 {
		side = "earlier"
	}
	return v.names.T(fmt.Sprintf("advice.%s_%s", key, side), "n", n)
}
