package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"pendopo/engine/administration"
	"pendopo/kernel/fault"
	"pendopo/law/policy"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
)

// fileHead stands above every page about a file of a proposal.
type fileHead struct {
	Name, Path      string
	Proposal, Title string // address and name of the proposal
	Changed         bool
	Conflict        bool
	State           string
}

func (x *work) head(m me, file string) fileHead {
	h := fileHead{Name: name(m, file, x.files[file]), Path: file, Proposal: x.base(), Title: x.p.Title, Changed: x.p.Change(file) != nil, State: m.t("state_" + string(x.p.State))}
	for _, c := range x.conflicts {
		h.Conflict = h.Conflict || c == file
	}
	return h
}

// textView is a file as it is written, with what check says of its lines.
type textView struct {
	Head     fileHead
	Tabs     []tab
	Action   string
	Version  string
	Text     field.View
	Findings []lineFinding
	Errors   []errorsummary.Item
	Saved    bool
	Open     bool
}

// lineFinding is a finding of check with its line.
type lineFinding struct {
	Line    int
	Words   string
	Hint    string
	Excerpt string
	Warning bool
}

func (d *Door) text(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	file := r.URL.Query().Get("file")
	text, ok := x.files[file]
	if !ok {
		return fault.New(fault.Unknown, "admin.unknown_file")
	}
	return d.showText(w, r, m, x, file, text, "", 0)
}

func (d *Door) showText(w http.ResponseWriter, r *http.Request, m me, x *work, file, text, problem string, status int) error {
	at := "?file=" + url.QueryEscape(file)
	v := textView{Head: x.head(m, file), Tabs: x.tabs(m, file, "text"), Action: x.base() + "/text" + at, Version: strconv.FormatInt(x.p.Version, 10),
		Saved: r.URL.Query().Get("saved") != "", Open: x.p.Open(), Findings: lines(m, x, file),
		Text: field.View{ID: "text", Label: m.t("text_label"), Hint: m.t("text_hint"), Value: text, Error: problem, Rows: min(40, strings.Count(text, "\n")+4), Max: 256 << 10}}
	if problem != "" {
		v.Errors = []errorsummary.Item{{Field: "text", Text: problem}}
	}
	return d.page(w, r, m, view{Title: v.Head.Name, Body: textPage(v), Status: status})
}

// lines are the findings of a file in words.
func lines(m me, x *work, file string) (out []lineFinding) {
	for _, f := range x.of(file) {
		f = administration.InWords(f, m.words)
		out = append(out, lineFinding{f.Line, f.Message, f.Hint, f.Excerpt, f.Severity == "warning"})
	}
	return out
}

// saveText takes a whole file. What is no file of its kind is taken too: check
// says what is wrong, and it cannot be published.
func (d *Door) saveText(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	file := r.URL.Query().Get("file")
	before, ok := x.files[file]
	if !ok {
		return fault.New(fault.Unknown, "admin.unknown_file")
	}
	text := strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")
	if strings.Contains(before, "\r\n") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if err := d.Admin.Save(m.ctx, x.touch(m, version(r)), file, text); err != nil {
		words, status, err := refused(m, err)
		if err != nil {
			return err
		}
		for _, said := range words {
			return d.showText(w, r, m, x, file, text, said, status)
		}
	}
	return redirect(w, r, x.base()+"/text?file="+url.QueryEscape(file)+"&saved=yes")
}
