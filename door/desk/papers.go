package desk

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/policy"
	"pendopo/web/component/actions"
	"pendopo/web/component/field"
	"pendopo/web/component/upload"
)

// What becomes of a paper that was brought to the counter.
const (
	paperKept   = "kept"   // scanned, and kept as a file
	paperLooked = "looked" // looked at, and given back
)

// mostPaper bounds one paper with all its pages, in bytes.
const mostPaper = 40 << 20

// awaited is a paper that will be brought to the counter. Whoever stands there
// may take it in; nothing that is sealed is opened for it.
type awaited struct {
	Label  string
	Takes  bool // this officer may
	Open   bool
	Action string
	Field  string
	Token  token
	File   upload.View
	Bar    []actions.Action
}

// pending are the papers still to come, each with its form.
func (d *Door) pending(x *matter, t typed) []awaited {
	_, refused := d.atCounter(x)
	var out []awaited
	for _, f := range x.papers() {
		v := awaited{Label: x.me.words.Of(f.Label)}
		if refused == nil && x.c.Open() && !x.c.Shredded {
			v = d.paperForm(x, f, t)
		}
		out = append(out, v)
	}
	return out
}

func (d *Door) paperForm(x *matter, f definition.Field, t typed) awaited {
	p := x.me.words
	v := awaited{Label: p.Of(f.Label), Takes: true, Action: x.base() + "/papers", Field: f.ID, Token: newToken(x.c.Version)}
	v.File = upload.View{View: field.View{ID: "paper-" + f.ID, Name: "file", Label: p.T("desk.paper_file", "paper", v.Label), Hint: takes(p, f)},
		Many: f.Max != nil && *f.Max > 1, Accept: caseview.Accept(f)}
	if v.Open = t.values.Get("field") == f.ID && t.fault != nil; v.Open {
		v.File.Error = p.TMap(t.fault.Key, t.fault.Args)
	}
	for _, b := range []struct{ do, key string }{{paperKept, "desk.paper_kept"}, {paperLooked, "desk.paper_looked"}} {
		v.Bar = append(v.Bar, actions.Action{Name: "do", Value: b.do, Text: p.T(b.key), Quiet: b.do == paperLooked})
	}
	return v
}

// papers are the fields whose papers are awaited.
func (x *matter) papers() []definition.Field {
	var out []definition.Field
	for _, id := range x.c.Pending {
		if f := x.b.Service.Field(id); f != nil {
			out = append(out, *f)
		}
	}
	return out
}

// atCounter is the capacity in which this officer takes in papers: a post at the
// unit that answers for the case, or the one whose turn it is.
func (d *Door) atCounter(x *matter) (fold.Holder, error) {
	by := capacity(x.me, x.what)
	for _, p := range x.me.Posts {
		if p.Unit == x.c.Unit && by.Unit != x.c.Unit {
			by = fold.Holder{Who: "role", Role: p.Role, Unit: p.Unit}
		}
	}
	return by, d.require(x.me, policy.Enter, policy.Office{Unit: by.Unit})
}

// brought is one paper as the form sent it.
type brought struct {
	values url.Values
	files  []string // ids of what was kept
	fault  error    // why a file was not
}

// papers takes in one paper that was awaited at the counter.
func (d *Door) papers(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	by, err := d.atCounter(x)
	if err != nil {
		return err
	}
	in, err := d.receivePaper(r, x)
	if err == nil {
		err = d.takeIn(r.Context(), x, by, in)
	}
	if err != nil || in.values.Get("do") != paperKept {
		d.giveBack(r.Context(), x, in.files)
	}
	return d.concludePaper(w, r, x, in.values, err)
}

// receivePaper reads the form part by part; files are kept as they come.
func (d *Door) receivePaper(r *http.Request, x *matter) (brought, error) {
	return d.receiveParts(r, func(in *brought, part io.Reader, name string) error { return d.keepPaper(x, in, part, name) })
}

// receiveParts reads a form part by part and gives each file to keep. What a
// field does not take is told at it, and the rest is read on.
func (d *Door) receiveParts(r *http.Request, keep func(in *brought, part io.Reader, name string) error) (in brought, err error) {
	parts := page.PartsOf(r)
	if parts == nil {
		return brought{values: r.PostForm}, nil
	}
	in.values = url.Values{}
	for {
		part, err := parts.Next()
		if err != nil || part == nil {
			return in, err
		}
		if part.Name == "file" {
			err = in.keepFile(part, keep)
		} else {
			var v string
			v, err = part.Value()
			in.values.Add(part.Name, v)
		}
		if err != nil {
			return in, err
		}
	}
}

// keepFile keeps one file. A fault at a field is remembered, and the file read over.
func (in *brought) keepFile(part *page.Part, keep func(in *brought, part io.Reader, name string) error) error {
	if part.File != "" && in.fault == nil {
		if err := keep(in, part, part.File); fault.Of(err) != nil && fault.Of(err).Field != "" {
			in.fault = err
		} else if err != nil {
			return err
		}
	}
	_, err := io.Copy(io.Discard, part)
	return err
}

// keepPaper keeps one file of an awaited paper.
func (d *Door) keepPaper(x *matter, in *brought, part io.Reader, name string) error {
	all := x.papers()
	i := slices.IndexFunc(all, func(f definition.Field) bool { return f.ID == in.values.Get("field") })
	if i < 0 {
		return nil
	}
	b, err := d.Attachments.Take(x.c.Stream, all[i], name, part)
	if err == nil {
		in.files = append(in.files, b.ID)
	}
	return err
}

// takeIn records what came. The request under the key is what was pressed and
// not the ids of files: sent a second time it is the same.
func (d *Door) takeIn(ctx context.Context, x *matter, by fold.Holder, in brought) error {
	id, do := in.values.Get("field"), in.values.Get("do")
	once, err := onceOf(x.me, "papers", in.values.Get("once"), []string{x.code, id, do})
	if err != nil {
		return err
	}
	if done, err := d.repeated(ctx, once); err != nil || done {
		d.giveBack(ctx, x, in.files)
		return err
	}
	seen, err := strconv.ParseInt(in.values.Get("seen"), 10, 64)
	if err != nil || seen < 1 {
		return fault.New(fault.Malformed, "fault.body_malformed")
	}
	if seen != x.c.Version {
		return fault.New(fault.Conflict, "fault.acted_first")
	}
	deed := casework.Deed{Stream: x.c.Stream, Seen: seen, Do: flow.DoPapers, Actor: x.ID, By: by, Once: once, Answers: form.Answers{}}
	switch {
	case do == paperLooked && id != "":
		deed.Answers[id] = []string{form.AtCounter}
	case do != paperKept || id == "":
		return fault.New(fault.Invalid, "flow.paper_none").At(id)
	case in.fault != nil:
		return in.fault
	case len(in.files) == 0:
		return fault.New(fault.Invalid, "desk.paper_no_file").At(id)
	default:
		deed.Answers[id] = in.files
	}
	_, err = d.Cases.Act(ctx, deed)
	return err
}

// giveBack lets go of files that no event names.
func (d *Door) giveBack(ctx context.Context, x *matter, files []string) {
	for _, id := range files {
		if d.Attachments.Remove(x.c.Stream, id) != nil {
			d.Log.DebugContext(ctx, "a paper that was not taken in stays until it is swept")
		}
	}
}

// concludePaper leads back to the case, or shows it again with what to correct.
func (d *Door) concludePaper(w http.ResponseWriter, r *http.Request, x *matter, v url.Values, err error) error {
	f := fault.Of(err)
	switch {
	case f == nil:
		return redirect(w, r, x.base())
	case f.Key == "fault.acted_first":
		return d.stale(w, r, x)
	case f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.TooLarge && f.Kind != fault.WrongType:
		return err
	}
	if err := d.handled(r.Context(), x); err != nil {
		return err
	}
	return d.showCase(w, r, x, typed{v, f})
}
