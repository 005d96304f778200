package caseview

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/choice"
	"pendopo/web/component/date"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/money"
	"pendopo/web/component/place"
	"pendopo/web/component/region"
	"pendopo/web/component/upload"
)

// Fields shows the fields of a form with what was answered, or with what was
// typed when some of it needs correcting.
type Fields struct {
	Words
	Form    *form.Form
	Env     form.Env
	Answers form.Answers
	Typed   url.Values                    // nil = show Answers
	Faults  map[string]string             // field → what to correct
	Files   map[string]upload.File        // kept files by id
	Limit   func(definition.Field) string // words of what a file field takes
	Pieces  string                        // address below which files may come in pieces; empty = nowhere
	Carry   bool                          // kept files travel in the form itself
	Focus   string                        // the item of a group that was just added
	Promise string                        // words for bringing a paper later; empty = the applicant's own
	Map     *place.Map                    // on which a point may be tapped; nil = none
	Prefix  string                        // before every name on the page
	Camera  bool                          // photos are of what is here now: the camera opens at once
}

// Show is the component of one field.
func (f Fields) Show(d definition.Field) templ.Component {
	return f.show(d, f.Form.Required(d.ID, f.Env))
}

func (f Fields) show(d definition.Field, required bool) templ.Component {
	v := field.View{ID: f.Prefix + d.ID, Label: f.Printer.Of(d.Label), Hint: f.hint(d), Error: f.Faults[d.ID],
		Optional: !required, Value: f.text(d)}
	switch d.Kind {
	case definition.KindDate:
		return f.date(d, v)
	case definition.KindChoice:
		return f.choice(d, v)
	case definition.KindMoney:
		return money.Money(v)
	case definition.KindRegion:
		return f.region(d, v)
	case definition.KindFile:
		return f.upload(d, v)
	case definition.KindDeclaration:
		return f.declaration(v)
	case definition.KindPoint:
		return place.Place(place.View{View: v, Map: f.Map})
	}
	return field.Text(typed(d, v))
}

// typed sets what a keyboard and a browser should offer.
func typed(d definition.Field, v field.View) field.View {
	switch {
	case d.Kind == definition.KindNIK:
		v.Mode, v.Width, v.Max = "numeric", "m", 24
	case d.Kind == definition.KindNumber:
		v.Mode, v.Width, v.Max = "numeric", "m", 20
	case d.Kind == definition.KindPhone:
		v.Type, v.Width, v.Max, v.Complete = "tel", "m", 24, "tel"
	case d.Kind == definition.KindEmail:
		v.Type, v.Mode, v.Max, v.Complete = "email", "email", 254, "email"
	case d.Long:
		v.Rows, v.Max = 4, 4000
	case d.Name:
		v.Complete = "name"
	}
	return v
}

func (f Fields) hint(d definition.Field) string {
	own := f.Printer.Of(d.Hint)
	switch {
	case d.Kind == definition.KindDate && !f.Env.Today.IsZero():
		return strings.TrimSpace(own + " " + f.Printer.T("caseview.hint_date", "date", form.Sample(&d, f.Env.Today).Format("2 1 2006")))
	case own != "":
		return own
	}
	switch d.Kind {
	case definition.KindMoney:
		return f.Printer.T("caseview.hint_money")
	case definition.KindFile:
		return f.Limit(d)
	}
	return ""
}

// text is the value as it stands in the box.
func (f Fields) text(d definition.Field) string {
	if f.Typed != nil {
		return f.Typed.Get(d.ID)
	}
	switch v := f.Answers[d.ID].(type) {
	case string:
		if rest, ok := strings.CutPrefix(v, "+62"); ok && d.Kind == definition.KindPhone {
			return "0" + rest
		}
		return v
	case int64:
		return f.Printer.Number(v)
	}
	return ""
}

func (f Fields) date(d definition.Field, v field.View) templ.Component {
	out := date.View{View: v, Birth: strings.Contains(d.ID, "birth")}
	if f.Typed != nil {
		out.Day, out.Month, out.Year = f.Typed.Get(d.ID+"-day"), f.Typed.Get(d.ID+"-month"), f.Typed.Get(d.ID+"-year")
		return date.Date(out)
	}
	if s, ok := f.Answers[d.ID].(string); ok {
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			out.Day, out.Month, out.Year = strconv.Itoa(t.Day()), strconv.Itoa(int(t.Month())), strconv.Itoa(t.Year())
		}
	}
	return date.Date(out)
}

// manyChoices is where a list of buttons becomes a list to pull down.
const manyChoices = 8

func (f Fields) choice(d definition.Field, v field.View) templ.Component {
	out := choice.View{View: v, Blank: f.Printer.T("component.choose")}
	for _, c := range d.Choices {
		out.Options = append(out.Options, choice.Option{ID: c.ID, Text: f.Printer.Of(c.Text), Chosen: c.ID == v.Value})
	}
	if len(out.Options) > manyChoices {
		return choice.Select(out)
	}
	return choice.Radios(out)
}

func (f Fields) declaration(v field.View) templ.Component {
	on := f.Answers[v.ID] == true
	if f.Typed != nil {
		on = f.Typed.Get(v.ID) != ""
	}
	words := v.Label
	v.Label = f.Printer.T("caseview.declaration")
	return choice.Boxes(choice.View{View: v, Options: []choice.Option{{ID: "yes", Text: words, Chosen: on}}})
}

// region lists the places of the field's level, grouped by the level above.
func (f Fields) region(d definition.Field, v field.View) templ.Component {
	if d.Scope != "" {
		return f.anywhere(d, v)
	}
	out := region.View{View: v}
	for _, above := range f.levelAbove(d.Level) {
		g := region.Group{Name: above.Name}
		for _, r := range f.Government.Below(above.Code) {
			g.Places = append(g.Places, region.Place{Code: r.Code, Name: r.Name, Chosen: r.Code == v.Value})
		}
		if len(g.Places) > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
	return region.Region(out)
}

// levelAbove is the regions right above a level; one without name or code
// stands for the top.
func (f Fields) levelAbove(level string) []definition.Region {
	var out []definition.Region
	above := map[string]string{"regency": "province", "district": "regency", "village": "district"}[level]
	for _, r := range f.Government.Regions {
		if definition.LevelOf(r.Code) == above {
			out = append(out, r)
		}
	}
	if out == nil {
		return []definition.Region{{}}
	}
	return out
}

func (f Fields) upload(d definition.Field, v field.View) templ.Component {
	out := upload.View{View: v, Many: d.Max != nil && *d.Max > 1, Counter: d.Counter, Accept: Accept(d), Carry: f.Carry, Promise: f.Promise}
	if f.Pieces != "" {
		out.Pieces = f.Pieces + d.ID
	}
	out.Camera = f.Camera && out.Accept == pictures
	ids, _ := f.Answers[d.ID].([]string)
	for _, id := range ids {
		if id == form.AtCounter {
			out.Brings = true
		} else if file, ok := f.Files[id]; ok {
			out.Files = append(out.Files, file)
		}
	}
	return upload.Upload(out)
}

// pictures is what is offered where nothing but a picture is taken.
const pictures = "image/*"

// Accept is what a browser's file dialogue offers for a file field.
func Accept(d definition.Field) string {
	offers := map[string]string{"image": pictures, "pdf": "application/pdf", "audio": "audio/*"}
	accept := d.Accept
	if len(accept) == 0 {
		accept = []string{"image", "pdf"}
	}
	out := make([]string, len(accept))
	for i, a := range accept {
		out[i] = offers[a]
	}
	return strings.Join(out, ",")
}

// Answer is an answer as people read it; empty when there is none.
func Answer(words *page.Printer, f *form.Form, d definition.Field, v any) string {
	if d.Kind == definition.KindChoice {
		for _, c := range d.Choices {
			if c.ID == v {
				return words.Of(c.Text)
			}
		}
	}
	return f.Show(d, v, words.Lang(), words)
}

// Target is the id of the element that a link to a field's fault leads to.
func Target(d definition.Field) string {
	switch {
	case d.Kind == definition.KindDate:
		return d.ID + "-day"
	case d.Kind == definition.KindRegion && d.Scope != "":
		return d.ID + "-find"
	case d.Kind == definition.KindPoint:
		return d.ID + "-box"
	case d.Kind == definition.KindDeclaration, d.Kind == definition.KindChoice && len(d.Choices) <= manyChoices:
		return d.ID + "-1"
	}
	return d.ID
}

// Faults puts what needs correcting into words: by field, and as the list at
// the top of the page. An error that is no located fault is given back.
func Faults(s *definition.Service, p *page.Printer, err error) (map[string]string, []errorsummary.Item, error) {
	f := fault.Of(err)
	if f == nil {
		return nil, nil, nil
	}
	all := f.More
	if f.Field != "" {
		all = append([]*fault.Fault{f}, all...)
	}
	if len(all) == 0 {
		return nil, nil, err
	}
	words := map[string]string{}
	var items []errorsummary.Item
	for _, m := range asAsked(s, all) {
		if m.Kind == fault.Internal {
			return nil, nil, err
		}
		text := p.TMap(m.Key, called(m.Args))
		item := errorsummary.Item{Text: text}
		if d := named(s, m.Field); d != nil {
			item.Field = Target(*d)
			words[m.Field] = text
		}
		items = append(items, item)
	}
	return words, items, nil
}

// asAsked are faults in the order in which the form asks, whatever was found first.
func asAsked(s *definition.Service, all []*fault.Fault) []*fault.Fault {
	at, n := map[string]int{}, 0
	for _, p := range s.Form.Pages {
		for _, f := range definition.Asked(p.Fields) {
			n++
			at[f.ID] = n
		}
	}
	place := func(f *fault.Fault) int {
		id, _, _ := strings.Cut(f.Field, ".")
		return at[id]
	}
	return slices.SortedStableFunc(slices.Values(all), func(a, b *fault.Fault) int { return cmp.Compare(place(a), place(b)) })
}

// called are the arguments of a fault with the label as it stands in a sentence: that
// of a question without its mark.
func called(args map[string]any) map[string]any {
	label, ok := args["label"].(definition.Text)
	if !ok {
		return args
	}
	plain := definition.Text{}
	for lang, words := range label {
		plain[lang] = strings.TrimRight(words, "?")
	}
	args = maps.Clone(args)
	args["label"] = plain
	return args
}
