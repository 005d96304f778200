package admin

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"pendopo/engine/administration"
	"pendopo/law/definition"
	"pendopo/law/definition/edit"
	"pendopo/web/component/choice"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
)

// sheetView is one part of a file: boxes of inputs.
type sheetView struct {
	Box    box
	Errors []errorsummary.Item
}

// box is a list item, or the file itself: its inputs and the boxes within.
type box struct {
	ID, Title, Remove string
	Words             string // on the button that takes it out
	Inputs            []templ.Component
	Boxes             []box
	Add               *adding // in the place of a box: asks for a new one
}

// adding asks for a new item of a list.
type adding struct {
	Path, Title, Button string
	Inputs              []templ.Component
}

// form builds the inputs of a part of a file.
type form struct {
	m        me
	x        *work
	file     *edit.File
	kind     string
	part     string
	plan     plan
	typed    map[string]string // what was typed and not taken
	found    map[string][]said // by path
	langs    []string
	used     map[string]bool
	problems []errorsummary.Item
}

// said is what check says, and where it can be mended.
type said struct{ words, href string }

// mostInputs bounds a page; what has more is edited as text.
const mostInputs = 700

// newForm prepares the inputs, with what check says put to their places.
func (d *Door) newForm(m me, x *work, name, part string, f *edit.File) *form {
	b := &form{m: m, x: x, file: f, kind: kindOf(name), part: part, langs: x.languages(), found: map[string][]said{}, used: map[string]bool{}}
	b.plan = plans(b.kind)
	for _, finding := range x.of(name) {
		w := administration.InWords(finding, m.words)
		words := w.Message
		if w.Hint != "" {
			words += " " + w.Hint
		}
		at := f.Find(finding.Line, finding.Column)
		b.found[at] = append(b.found[at], said{words, x.finding(name, finding.Line, finding.Column)})
	}
	return b
}

// view is the whole part.
func (b *form) view() sheetView {
	root := b.file.At("")
	v := sheetView{Box: b.box(root, "")}
	for _, at := range slices.Sorted(maps.Keys(b.found)) { // what belongs to no input of this page
		for _, s := range b.found[at] {
			v.Errors = append(v.Errors, errorsummary.Item{Text: b.m.t("finding_elsewhere", "words", s.words), Href: s.href})
		}
	}
	v.Errors = append(b.problems, v.Errors...)
	return v
}

func (b *form) box(n *edit.Node, title string) box {
	out := box{ID: anchor(n.Path), Title: title}
	b.fill(&out, n)
	return out
}

// fill puts what stands below a node into a box.
func (b *form) fill(out *box, n *edit.Node) {
	for _, c := range n.Children() {
		pattern := patternOf(b.kind, c.Path)
		r, g := b.plan.row(b.part, pattern), b.plan.group(b.part, pattern)
		switch {
		case len(b.used) > mostInputs:
		case g != nil:
			if inner := b.item(c, g, r); len(inner.Inputs)+len(inner.Boxes) > 0 {
				out.Boxes = append(out.Boxes, inner)
			}
		case r != nil && (!c.Map || r.control == ""):
			out.Inputs = append(out.Inputs, b.inputs(c, r)...)
		default:
			b.fill(out, c)
		}
	}
	if g := b.plan.group(b.part, patternOf(b.kind, n.Path)+"[]"); g != nil && g.add != nil && n.List {
		a := b.adding(n, g)
		out.Boxes = append(out.Boxes, box{Add: &a})
	}
}

// item is the box of one item of a list.
func (b *form) item(n *edit.Node, g *group, r *row) box {
	label := b.m.t("g_" + g.label)
	title := label
	if said := b.says(n); said != "" && r == nil {
		title = label + ": " + said
	} else {
		title = fmt.Sprintf("%s %s", label, b.number(n))
	}
	var out box
	if r != nil { // the item is itself what is typed
		out = box{ID: anchor(n.Path), Title: title, Inputs: b.inputs(n, r)}
	} else {
		out = b.box(n, title)
	}
	for _, key := range g.optional {
		if n.Map && n.Child(key) == nil {
			if r := b.plan.row(b.part, patternOf(b.kind, n.Path)+"."+key); r != nil {
				out.Inputs = append(out.Inputs, b.missing(n.Path+"."+key, r)...)
			}
		}
	}
	if g.remove {
		out.Remove, out.Words = n.Path, b.m.t("remove", "what", strings.ToLower(label))
	}
	return out
}

// number is the place of an item in its list, from 1.
func (b *form) number(n *edit.Node) string {
	open := strings.LastIndexByte(n.Path, '[')
	var i int
	_, _ = fmt.Sscanf(n.Path[open:], "[%d]", &i)
	return fmt.Sprint(i + 1)
}

// says is what an item is about, in its own words.
func (b *form) says(n *edit.Node) string {
	for _, key := range []string{"name", "title", "label", "text"} {
		c := n.Child(key)
		if c == nil {
			continue
		}
		for _, lang := range []string{b.m.words.Lang(), "id"} {
			if w := c.Child(lang); w != nil {
				return cut(w.Value)
			}
		}
	}
	for _, key := range []string{"norm", "when", "date", "id"} {
		if c := n.Child(key); c != nil {
			return cut(c.Value)
		}
	}
	return ""
}

// cut is a text as a heading takes it.
func cut(s string) string {
	const most = 70
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// label is what an input is called; of places and hours it is their key.
func (b *form) label(n *edit.Node, r *row) string {
	switch {
	case r.label == "":
		return n.Key
	case r.control == "day":
		return b.m.t("f_hours", "days", days(b.m, n.Key))
	}
	return b.m.t("f_" + r.label)
}

// inputs are those of one value: a text has one for each language.
func (b *form) inputs(n *edit.Node, r *row) []templ.Component {
	label := b.label(n, r)
	if !n.Map {
		return []templ.Component{b.input(n.Path, label, value(n), r, n.List)}
	}
	var out []templ.Component
	for _, lang := range b.langs {
		text := ""
		if c := n.Child(lang); c != nil {
			text = value(c)
		}
		out = append(out, b.input(n.Path+"."+lang, b.inLanguage(label, lang), text, r, false))
	}
	return out
}

func (b *form) inLanguage(label, lang string) string {
	return label + " (" + language(b.m, lang) + ")"
}

func language(m me, lang string) string {
	if key := "admin.lang_" + lang; m.words.Has(key) {
		return m.words.T(key)
	}
	return lang
}

// missing are the inputs of a key that is not there yet.
func (b *form) missing(path string, r *row) []templ.Component {
	label := b.m.t("f_" + r.label)
	if b.isText(r) {
		var out []templ.Component
		for _, lang := range b.langs {
			out = append(out, b.input(path+"."+lang, b.inLanguage(label, lang), "", r, false))
		}
		return out
	}
	return []templ.Component{b.input(path, label, "", r, false)}
}

// isText reports whether a key holds words in every language.
func (b *form) isText(r *row) bool {
	switch r.label {
	case "code", "parent", "region", "address", "phone", "week", "basis", "norm", "date":
		return false
	}
	return true
}

// value is a scalar as it is typed, or a list with each item on its own line.
func value(n *edit.Node) string {
	if n.Scalar {
		return strings.TrimRight(n.Value, "\n")
	}
	var lines []string
	for _, c := range n.Children() {
		lines = append(lines, c.Value)
	}
	return strings.Join(lines, "\n")
}

// input is one question about a value, with what check says of it.
func (b *form) input(path, label, value string, r *row, list bool) templ.Component {
	b.used[path] = true
	v := field.View{ID: anchor(path), Name: "v." + path, Label: label, Value: value, Error: b.said(path), Max: 4000}
	if t, ok := b.typed["v."+path]; ok {
		v.Value = t
	}
	if v.Error != "" {
		b.problems = append(b.problems, errorsummary.Item{Field: v.ID, Text: label + ": " + v.Error})
	}
	switch r.control {
	case "span":
		return b.span(v)
	case "money":
		v.Prefix, v.Mode, v.Width, v.Max = "Rp", "numeric", "m", 12
	case "number":
		v.Mode, v.Width, v.Max = "numeric", "s", 6
	case "day":
		v.Hint = b.m.t("h_hours")
		v.Value = strings.ReplaceAll(v.Value, "\n", ", ")
		return field.Text(v)
	case "channels", "calendar", "parent", "resets", "per":
		return b.choose(v, r.control, list)
	}
	switch {
	case list:
		v.Rows, v.Hint = min(12, max(3, strings.Count(v.Value, "\n")+2)), b.m.t("h_lines")
	case len(v.Value) > 44 || strings.Contains(v.Value, "\n"):
		v.Rows = min(10, 2+len(v.Value)/60+strings.Count(v.Value, "\n"))
	}
	if r.label == "date" || r.label == "decree_date" {
		v.Hint, v.Width = b.m.t("h_date"), "m"
	}
	return field.Text(v)
}

// said is what check says about a value or what is in it, and takes it from
// what is still to be said.
func (b *form) said(path string) string {
	var out []string
	for at, all := range b.found {
		if at == path || strings.HasPrefix(at, path+".") || strings.HasPrefix(at, path+"[") {
			for _, s := range all {
				out = append(out, s.words)
			}
			delete(b.found, at)
		}
	}
	return strings.Join(out, " ")
}

// choose is a question with few answers.
func (b *form) choose(v field.View, control string, many bool) templ.Component {
	chosen := map[string]bool{}
	for _, one := range strings.Split(v.Value, "\n") {
		chosen[one] = true
	}
	var all []choice.Option
	for _, o := range b.options(control) {
		o.Chosen = chosen[o.ID]
		all = append(all, o)
	}
	if many || control == "channels" {
		return choice.Boxes(choice.View{View: v, Options: all})
	}
	return choice.Select(choice.View{View: v, Options: all, Blank: b.m.t("none")})
}

func (b *form) options(control string) (all []choice.Option) {
	if control == "parent" {
		g, _ := definition.Read(b.x.files)
		for _, u := range g.Units {
			all = append(all, choice.Option{ID: u.ID, Text: b.m.words.Of(u.Name)})
		}
		return all
	}
	for _, id := range map[string][]string{"channels": {"portal", "counter", "api", "sms", "internal"}, "calendar": {"five_day", "six_day", "round_the_clock"},
		"resets": {"yearly", "never"}, "per": {"unit", "government"}}[control] {
		all = append(all, choice.Option{ID: id, Text: b.m.t("o_" + id)})
	}
	return all
}

// spanUnits are the units of a length of time, as files write them.
func spanUnits() []string {
	return []string{"working days", "calendar days", "working hours", "hours", "working minutes", "minutes"}
}

// span asks for a length of time: a number and its unit.
func (b *form) span(v field.View) templ.Component {
	count, unit, _ := strings.Cut(v.Value, " ")
	if !strings.HasSuffix(unit, "s") && unit != "" {
		unit += "s" // 1 working day
	}
	if typed, ok := b.typed[v.Name+"#unit"]; ok {
		unit = typed
	}
	n := field.View{ID: v.ID, Name: v.Name, Label: v.Label, Value: count, Error: v.Error, Mode: "numeric", Width: "s", Max: 4}
	u := choice.View{View: field.View{ID: v.ID + "-unit", Name: v.Name + "#unit", Label: b.m.t("unit_of_time")}}
	for _, s := range spanUnits() {
		u.Options = append(u.Options, choice.Option{ID: s, Text: b.m.t("span_" + strings.ReplaceAll(s, " ", "_")), Chosen: s == unit})
	}
	return spanInput(n, u)
}

// adding is the question for a new item of a list.
func (b *form) adding(list *edit.Node, g *group) adding {
	label := b.m.t("g_" + g.label)
	a := adding{Path: list.Path, Title: b.m.t("add_title", "what", strings.ToLower(label)), Button: b.m.t("add", "what", strings.ToLower(label))}
	for _, key := range g.add {
		name := "n." + list.Path + "#" + key
		r := b.plan.row(b.part, strings.TrimSuffix(g.pattern+"."+key, "."))
		if r == nil {
			r = &row{label: key}
		}
		if b.isText(r) {
			for _, lang := range b.langs {
				a.Inputs = append(a.Inputs, b.fresh(name+"#"+lang, b.inLanguage(b.m.t("f_"+r.label), lang), r))
			}
			continue
		}
		a.Inputs = append(a.Inputs, b.fresh(name, b.m.t("f_"+r.label), r))
	}
	return a
}

func (b *form) fresh(name, label string, r *row) templ.Component {
	v := field.View{ID: anchor(name), Name: name, Label: label, Value: b.typed[name], Max: 1000}
	if r.control == "calendar" {
		return b.choose(v, r.control, false)
	}
	if r.label == "date" {
		v.Hint, v.Width = b.m.t("h_date"), "m"
	}
	return field.Text(v)
}

// anchor is a path as an id of HTML.
func anchor(path string) string {
	return "v-" + strings.Trim(strings.NewReplacer(".", "-", "[", "-", "]", "", "#", "-", " ", "-").Replace(path), "-")
}

// days are a day or a range of days of a file, in words.
func days(m me, key string) string {
	first, last, ranged := strings.Cut(key, "-")
	words := m.t("day_" + first)
	if ranged {
		words += " – " + m.t("day_"+last)
	}
	return words
}
