package admin

import (
	"net/http"
	"slices"
	"strings"

	"pendopo/engine/administration"
	"pendopo/kernel/fault"
	"pendopo/law/definition/edit"
	"pendopo/law/policy"
)

// keyChange is one value that differs: where it stands in words, and both.
type keyChange struct{ Where, Old, New string }

// line is a line of the comparison of two texts: ' ' in both, '-' only in what is
// live, '+' only in the proposal, '…' where lines are left out.
type line struct {
	Mark byte
	Text string
}

// diffView compares a file with the live one.
type diffView struct {
	Head  fileHead
	Tabs  []tab
	Keys  []keyChange
	Lines []line
	New   bool
	Gone  bool
}

func (d *Door) difference(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	file := r.URL.Query().Get("file")
	if _, ok := x.files[file]; !ok && x.p.Change(file) == nil {
		return fault.New(fault.Unknown, "admin.unknown_file")
	}
	v := x.compare(m, file)
	return d.page(w, r, m, view{Title: v.Head.Name, Body: diffPage(v)})
}

// before is the text a file is compared with: what is live, or of an ended
// proposal nothing more is known.
func (x *work) compare(m me, file string) diffView {
	old, had := x.live[file]
	text, has := x.files[file]
	v := diffView{Head: x.head(m, file), Tabs: x.tabs(m, file, "diff"), New: !had, Gone: !has}
	if !has {
		v.Head.Name = name(m, file, old)
	}
	v.Keys = keyChanges(m, file, old, text)
	v.Lines = textDiff(old, text)
	return v
}

// keyChanges compares two files value by value.
func keyChanges(m me, file, old, text string) (out []keyChange) {
	a, errA := edit.Parse([]byte(old))
	b, errB := edit.Parse([]byte(text))
	if errA != nil || errB != nil {
		return nil
	}
	was, is := values(a), values(b)
	for _, n := range b.Nodes() {
		k := steady(b, n.Path)
		if v, ok := is[k]; ok && was[k] != v {
			out = append(out, keyChange{where(m, file, b, n), was[k], v})
			delete(is, k)
		}
	}
	for _, n := range a.Nodes() {
		k := steady(a, n.Path)
		if _, ok := is[k]; ok || was[k] == "" || b.At(n.Path) != nil && sameKey(out, where(m, file, b, b.At(n.Path))) {
			continue
		}
		if _, there := values(b)[k]; !there && n.Scalar {
			out = append(out, keyChange{where(m, file, a, n), was[k], ""})
		}
	}
	return out
}

func sameKey(list []keyChange, where string) bool {
	return slices.ContainsFunc(list, func(c keyChange) bool { return c.Where == where })
}

// values are the scalars of a file by steady path.
func values(f *edit.File) map[string]string {
	out := map[string]string{}
	for _, n := range f.Nodes() {
		if n.Scalar {
			out[steady(f, n.Path)] = n.Value
		}
	}
	return out
}

// steady is a path with the ids of items in the place of their numbers, so that
// an item that moved is the same.
func steady(f *edit.File, p string) string {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		if p[i] != '[' {
			b.WriteByte(p[i])
			continue
		}
		end := i + strings.IndexByte(p[i:], ']')
		if n := f.At(p[:end+1]); n != nil && n.Child("id") != nil {
			b.WriteString("[" + n.Child("id").Value + "]")
		} else {
			b.WriteString(p[i : end+1])
		}
		i = end
	}
	return b.String()
}

// where says in words where a value stands: the boxes it is in and its label.
func where(m me, file string, f *edit.File, n *edit.Node) string {
	kind := kindOf(file)
	p := plans(kind)
	say := form{m: m, file: f, kind: kind, plan: p}
	var words []string
	for i := range n.Path {
		if n.Path[i] != ']' {
			continue
		}
		item := f.At(n.Path[:i+1])
		if g := p.group("", patternOf(kind, n.Path[:i+1])); g != nil && item != nil {
			words = append(words, m.t("g_"+g.label)+" “"+say.says(item)+"”")
		}
	}
	above := n.Path[:max(0, strings.LastIndexByte(n.Path, '.'))]
	if r := p.row("", patternOf(kind, n.Path)); r != nil && r.label != "" {
		words = append(words, say.label(n, r))
	} else if r := p.row("", patternOf(kind, above)); r != nil && r.label != "" && n.Key != "" {
		words = append(words, m.t("f_"+r.label)+" ("+language(m, n.Key)+")")
	} else {
		return n.Path
	}
	return strings.Join(words, " · ")
}

// mostCompared bounds the table that finds what two texts share, in cells; texts
// that differ more are shown one after the other.
const mostCompared = 4 << 20

// textDiff compares two texts line by line, with three lines around each change.
func textDiff(old, text string) []line {
	if old == text {
		return nil
	}
	a, b := split(old), split(text)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var all []line
	for _, s := range a[:head] {
		all = append(all, line{' ', s})
	}
	all = append(all, middle(a[head:len(a)-tail], b[head:len(b)-tail])...)
	for _, s := range a[len(a)-tail:] {
		all = append(all, line{' ', s})
	}
	return around(all, 3)
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}

// middle compares the parts that differ by their longest common lines.
func middle(a, b []string) (out []line) {
	if len(a)*len(b) > mostCompared {
		for _, s := range a {
			out = append(out, line{'-', s})
		}
		for _, s := range b {
			out = append(out, line{'+', s})
		}
		return out
	}
	table := make([][]int32, len(a)+1)
	for i := range table {
		table[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, line{' ', a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && table[i+1][j] >= table[i][j+1]:
			out = append(out, line{'-', a[i]})
			i++
		default:
			out = append(out, line{'+', b[j]})
			j++
		}
	}
	return out
}

// around keeps the lines near a change.
func around(all []line, near int) (out []line) {
	keep := make([]bool, len(all))
	for i, l := range all {
		if l.Mark == ' ' {
			continue
		}
		for j := max(0, i-near); j <= min(len(all)-1, i+near); j++ {
			keep[j] = true
		}
	}
	for i, l := range all {
		switch {
		case keep[i]:
			out = append(out, l)
		case len(out) == 0 || out[len(out)-1].Mark != '~':
			out = append(out, line{'~', "…"})
		}
	}
	return out
}

// changes are the files that a proposal changes, for its page.
func (x *work) changes(m me) (out []changeView) {
	for _, c := range x.p.Changes {
		v := changeView{Path: c.Path, Name: name(m, c.Path, c.Body), Conflict: slices.Contains(x.conflicts, c.Path), Findings: len(x.of(c.Path))}
		if c.Gone {
			v.Name = name(m, c.Path, x.live[c.Path])
		}
		if x.p.State != administration.Live {
			diff := x.compare(m, c.Path)
			v.Keys, v.Lines, v.New, v.Gone = diff.Keys, diff.Lines, diff.New, diff.Gone
		}
		v.More = max(0, len(v.Keys)-mostKeys)
		v.Keys = v.Keys[:min(mostKeys, len(v.Keys))]
		out = append(out, v)
	}
	return out
}

// mostKeys is how many values of one file the page of a proposal shows.
const mostKeys = 60
