package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pendopo/kernel/fault"
	"pendopo/law/definition/edit"
	"pendopo/law/policy"
)

// edit shows one part of a file.
func (d *Door) edit(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	return d.showEdit(w, r, m, x, edited{file: r.URL.Query().Get("file"), part: r.URL.Query().Get("part"), done: r.URL.Query().Get("saved") != ""})
}

// edited is which page of a file is shown, and what was typed when it was not taken.
type edited struct {
	file, part string
	done       bool
	typed      map[string]string
	problem    string
	status     int
}

func (e edited) query() string {
	return "?file=" + url.QueryEscape(e.file) + "&part=" + url.QueryEscape(e.part)
}

// editView is a part of a file with the ways to its other parts.
type editView struct {
	Head    fileHead
	Tabs    []tab
	Action  string
	Version string
	Sheet   sheetView
	Saved   bool
	Problem string
	Open    bool // may still be changed
}

// tab leads to another part of a file.
type tab struct {
	Href, Text string
	Here       bool
}

func (d *Door) showEdit(w http.ResponseWriter, r *http.Request, m me, x *work, e edited) error {
	f, err := x.file(e.file)
	if fault.Is(err, fault.Conflict) {
		return redirect(w, r, x.base()+"/text?file="+url.QueryEscape(e.file)) // only as text can it be mended
	}
	if err != nil {
		return err
	}
	kind := kindOf(e.file)
	if kind == "" {
		return redirect(w, r, x.base()+"/text?file="+url.QueryEscape(e.file))
	}
	e.part = known(kind, e.part)
	b := d.newForm(m, x, e.file, e.part, f)
	b.typed = e.typed
	v := editView{Head: x.head(m, e.file), Action: x.base() + "/edit" + e.query(), Version: strconv.FormatInt(x.p.Version, 10), Saved: e.done, Problem: e.problem, Open: x.p.Open()}
	v.Sheet = b.view()
	v.Tabs = x.tabs(m, e.file, e.part)
	return d.page(w, r, m, view{Title: v.Head.Name, Body: editPage(v), Status: e.status})
}

// known is a part that files of this kind have.
func known(kind, part string) string {
	if kind != "service" {
		return "all"
	}
	if slices.Contains(serviceParts, part) {
		return part
	}
	return serviceParts[0]
}

// tabs are the parts of a file, its text, and its preview.
func (x *work) tabs(m me, file, part string) (out []tab) {
	at := "?file=" + url.QueryEscape(file)
	if kind := kindOf(file); kind == "service" {
		for _, p := range serviceParts {
			out = append(out, tab{x.base() + "/edit" + at + "&part=" + p, m.t("part_" + p), p == part})
		}
	} else if kind != "" {
		out = append(out, tab{x.base() + "/edit" + at, m.t("part_all"), part == "all"})
	}
	out = append(out, tab{x.base() + "/text" + at, m.t("part_text"), part == "text"}, tab{x.base() + "/diff" + at, m.t("part_diff"), part == "diff"})
	if path.Dir(file) == "services" {
		id := strings.TrimSuffix(path.Base(file), ".yaml")
		out = append(out, tab{x.base() + "/preview/" + id, m.t("part_preview"), part == "preview"})
	}
	return out
}

// save takes what was typed into the file.
func (d *Door) save(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	e := edited{file: r.URL.Query().Get("file")}
	e.part = known(kindOf(e.file), r.URL.Query().Get("part"))
	f, err := x.file(e.file)
	if err != nil {
		return err
	}
	in := input{kind: kindOf(e.file), part: e.part, plan: plans(kindOf(e.file)), typed: r.PostForm, langs: x.languages()}
	out, err := in.take(f)
	if err == nil {
		err = d.Admin.Save(m.ctx, x.touch(m, version(r)), e.file, string(out.Bytes()))
	}
	if err != nil {
		words, status, err := refused(m, err)
		if err != nil {
			return err
		}
		e.typed, e.status = typed(r.PostForm), status
		for _, w := range words {
			e.problem = w
		}
		return d.showEdit(w, r, m, x, e)
	}
	return redirect(w, r, x.base()+"/edit"+e.query()+"&saved=yes#"+anchor(in.to))
}

// typed keeps what somebody typed, to be shown once more.
func typed(form url.Values) map[string]string {
	out := map[string]string{}
	for k, v := range form {
		if strings.HasPrefix(k, "v.") || strings.HasPrefix(k, "n.") {
			out[k] = strings.Join(v, "\n")
		}
	}
	return out
}

// version is the version of the proposal that the form was made from.
func version(r *http.Request) int64 {
	n, _ := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	return n
}

// input is a form as it was sent.
type input struct {
	kind, part string
	plan       plan
	typed      url.Values
	langs      []string
	to         string // where the page goes on
}

// take puts everything that was typed and differs into the file.
func (in *input) take(f *edit.File) (*edit.File, error) {
	var err error
	for _, name := range in.names() {
		if f, err = in.set(f, strings.TrimPrefix(name, "v.")); err != nil {
			return nil, cannot(name, err)
		}
	}
	if list := in.typed.Get("add"); list != "" {
		if f, err = in.add(f, list); err != nil {
			return nil, err
		}
		in.to = fmt.Sprintf("%s[%d]", list, f.At(list).Items-1)
	}
	if item := in.typed.Get("remove"); item != "" {
		if f, err = in.remove(f, item); err != nil {
			return nil, cannot(item, err)
		}
		in.to = item[:max(0, strings.LastIndexByte(item, '['))]
	}
	return f, nil
}

// cannot says that a change would mean rewriting the file.
func cannot(at string, err error) error {
	return fault.New(fault.Invalid, "admin.cannot").At(at).Because(err)
}

// names are the values that were sent, in a steady order. Boxes that are all
// empty send nothing: their name comes along as seen.
func (in *input) names() (out []string) {
	for name := range in.typed {
		if strings.HasPrefix(name, "v.") && !strings.Contains(name, "#") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// set puts one value into the file.
func (in *input) set(f *edit.File, at string) (*edit.File, error) {
	text := strings.TrimSpace(strings.ReplaceAll(in.typed.Get("v."+at), "\r\n", "\n"))
	if unit, ok := in.typed["v."+at+"#unit"]; ok && text != "" {
		text += " " + unit[0]
		if unit[0] == "" {
			text = strings.TrimSpace(text)
		}
	}
	n := f.At(at)
	r := in.rowOf(at)
	if r == nil {
		return f, nil // not a value of this page
	}
	switch {
	case n == nil:
		return in.put(f, at, text)
	case n.List:
		return in.list(f, n, r, at)
	case !n.Scalar:
		return f, nil
	case text == strings.TrimSpace(strings.TrimRight(n.Value, "\n")), spansEqual(text, n.Value):
		return f, nil
	case text == "" && in.optional(at):
		return f.Remove(at)
	}
	return f.Set(at, text)
}

// spansEqual compares 1 working day and 1 working days.
func spansEqual(a, b string) bool { return strings.TrimSuffix(a, "s") == strings.TrimSuffix(b, "s") }

// rowOf is the plan's row of a path; the language of a text is no part of it.
func (in *input) rowOf(at string) *row {
	if r := in.plan.row(in.part, patternOf(in.kind, at)); r != nil {
		return r
	}
	if i := strings.LastIndexByte(at, '.'); i > 0 && slices.Contains(in.langs, at[i+1:]) {
		return in.plan.row(in.part, patternOf(in.kind, at[:i]))
	}
	return nil
}

// optional reports whether a key may be left out of its item.
func (in *input) optional(at string) bool {
	i := strings.LastIndexByte(at, '.')
	if i < 0 {
		return false
	}
	g := in.plan.group(in.part, patternOf(in.kind, at[:i]))
	return g != nil && slices.Contains(g.optional, at[i+1:])
}

// put adds a key that was not there, when something was typed for it.
func (in *input) put(f *edit.File, at, text string) (*edit.File, error) {
	i := strings.LastIndexByte(at, '.')
	if text == "" || i < 0 {
		return f, nil
	}
	above, key := at[:i], at[i+1:]
	if f.At(above) != nil {
		return f.Put(above, "", key, edit.Text(text))
	}
	j := strings.LastIndexByte(above, '.') // the first language of a new text
	if j < 0 || !slices.Contains(in.langs, key) {
		return f, nil
	}
	return f.Put(above[:j], "", above[j+1:], edit.Map{{Key: key, Value: edit.Text(text)}})
}

// list writes a list of words anew when it differs.
func (in *input) list(f *edit.File, n *edit.Node, r *row, at string) (*edit.File, error) {
	all := in.typed["v."+at]
	if r.control != "channels" {
		separator := "\n"
		if r.control == "day" {
			separator = ","
		}
		all = strings.Split(strings.ReplaceAll(strings.Join(all, "\n"), "\r\n", "\n"), separator)
	}
	var want []string
	var items edit.List
	for _, s := range all {
		if s = strings.TrimSpace(s); s != "" {
			want, items = append(want, s), append(items, edit.Text(s))
		}
	}
	var have []string
	for _, c := range n.Children() {
		have = append(have, c.Value)
	}
	if slices.Equal(want, have) {
		return f, nil
	}
	return f.Replace(at, items)
}

// add puts a new item into a list, under an id made of its words.
func (in *input) add(f *edit.File, list string) (*edit.File, error) {
	n := f.At(list)
	g := in.plan.group(in.part, patternOf(in.kind, list)+"[]")
	if n == nil || g == nil || g.add == nil {
		return nil, fault.New(fault.Invalid, "admin.cannot").At(list)
	}
	item := edit.Map{}
	first := ""
	for _, key := range g.add {
		v, words, err := in.fresh("n." + list + "#" + key)
		if err != nil {
			return nil, err
		}
		if first == "" {
			first = words
		}
		if key == "" {
			return f.Add(list, n.Items, v)
		}
		item = append(item, edit.Pair{Key: key, Value: v})
	}
	if !slices.Contains([]string{"calendar", "service"}, in.kind) || g.label != "legal" && g.label != "day" {
		item = append(edit.Map{{Key: "id", Value: edit.Text(freshID(n, first))}}, item...)
	}
	if g.label == "day" {
		item = append(item, edit.Pair{Key: "kind", Value: edit.Text("holiday")})
	}
	out, err := f.Add(list, n.Items, item)
	if err != nil {
		return nil, cannot(list, err)
	}
	return out, nil
}

// fresh is what was typed for a key of a new item: words alone or in every language.
func (in *input) fresh(name string) (v edit.Value, words string, err error) {
	if all, ok := in.typed[name]; ok {
		words = strings.TrimSpace(all[0])
		v = edit.Text(words)
	} else {
		text := edit.Map{}
		for _, lang := range in.langs {
			said := strings.TrimSpace(in.typed.Get(name + "#" + lang))
			if said == "" {
				return nil, "", fault.New(fault.Invalid, "admin.fill_all").At(name + "#" + lang)
			}
			text = append(text, edit.Pair{Key: lang, Value: edit.Text(said)})
		}
		v, words = text, strings.TrimSpace(in.typed.Get(name+"#id"))
	}
	if words == "" {
		return nil, "", fault.New(fault.Invalid, "admin.fill_all").At(name)
	}
	return v, words, nil
}

// freshID makes an id of words that no item of the list has.
func freshID(list *edit.Node, words string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(words) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_") && (unicode.IsSpace(r) || unicode.IsPunct(r)):
			b.WriteByte('_')
		}
		if b.Len() >= 28 {
			break
		}
	}
	id := strings.Trim(b.String(), "_")
	if id == "" {
		id = "item"
	}
	taken := map[string]bool{}
	for _, c := range list.Children() {
		if n := c.Child("id"); n != nil {
			taken[n.Value] = true
		}
	}
	for n := 2; taken[id]; n++ {
		id = fmt.Sprintf("%s_%d", strings.TrimRight(id, "_0123456789"), n)
	}
	return id
}

// remove takes an item out that may be taken out here.
func (in *input) remove(f *edit.File, at string) (*edit.File, error) {
	if g := in.plan.group(in.part, patternOf(in.kind, at)); g == nil || !g.remove {
		return nil, edit.ErrNoNode
	}
	return f.Remove(at)
}
