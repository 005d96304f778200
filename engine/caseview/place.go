package caseview

import (
	"strings"

	"github.com/a-h/templ"

	"pendopo/law/definition"
	nation "pendopo/law/region"
	"pendopo/web/component/field"
	"pendopo/web/component/region"
)

// mostFound is how many places of a search are shown: one screen.
const mostFound = 12

// anywhere asks for a place of the whole nation. What stands in the lists
// follows from what was chosen above them.
func (f Fields) anywhere(d definition.Field, v field.View) templ.Component {
	out := region.View{View: v}
	wanted := levelOf(d)
	if out.Find = strings.TrimSpace(f.Typed.Get(d.ID + "-find")); out.Find != "" {
		for _, p := range nation.National().Find(nation.Question{Text: out.Find, Level: wanted, Limit: mostFound}) {
			out.Found = append(out.Found, region.Place{Code: p.Code, Name: nation.National().Full(p.Code), Chosen: p.Code == v.Value})
		}
	}
	out.Levels, out.More = f.levels(d, v.Value, wanted)
	return region.Region(out)
}

// levelOf is the level of place that a field asks for: the village unless it
// says so.
func levelOf(d definition.Field) nation.Level {
	for l := nation.Province; l < nation.Village; l++ {
		if l.String() == d.Level {
			return l
		}
	}
	return nation.Village
}

// levels are the lists down to the first in which nothing is chosen.
func (f Fields) levels(d definition.Field, answer string, wanted nation.Level) (out []region.Level, more bool) {
	above := ""
	for l := nation.Province; l <= wanted; l++ {
		list := region.Level{Part: l.String(), Label: f.Printer.T("component.place_" + l.String())}
		if l == wanted {
			list.Part = ""
		}
		chosen := f.chosen(d, list.Part, answer, l)
		next := ""
		for _, p := range nation.National().Below(above) {
			if p.Code == chosen {
				next = p.Code
			}
			list.Places = append(list.Places, region.Place{Code: p.Code, Name: p.Name, Chosen: p.Code == chosen})
		}
		out = append(out, list)
		if next == "" {
			return out, l < wanted
		}
		above = next
	}
	return out, false
}

// chosen is the place of a level: the one typed on this page, or the one that
// the answer lies in.
func (f Fields) chosen(d definition.Field, part, answer string, l nation.Level) string {
	if part != "" && f.Typed.Has(d.ID+"-"+part) {
		return f.Typed.Get(d.ID + "-" + part)
	}
	for nation.LevelOf(answer) > l {
		answer = nation.Parent(answer)
	}
	return answer
}
