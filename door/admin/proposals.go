package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"pendopo/engine/administration"
	"pendopo/kernel/fault"
	"pendopo/law/policy"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/table"
	"pendopo/web/component/tag"
)

// beginView asks for a new proposal, and lists those that are open.
type beginView struct {
	Open, Ended table.View
	Title       field.View
	File        string // to be opened with it
	FileName    string
	Errors      []errorsummary.Item
	Drafts      []tab // of start: drafts that the file can be changed in
}

func (d *Door) proposals(w http.ResponseWriter, r *http.Request, m me) error {
	return d.showProposals(w, r, m, "", nil, 0)
}

// start asks in which proposal a file is to be changed.
func (d *Door) start(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	file := r.URL.Query().Get("file")
	_, live, err := d.source(m.ctx)
	if err != nil {
		return err
	}
	text, ok := live[file]
	if !ok {
		return fault.New(fault.Unknown, "admin.unknown_file")
	}
	v := beginView{File: file, FileName: name(m, file, text), Title: titleField(m)}
	list, err := d.Admin.Proposals(m.ctx)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Open() {
			v.Drafts = append(v.Drafts, tab{Href: "/admin/proposals/" + p.ID + "/edit?file=" + url.QueryEscape(file), Text: p.Title})
		}
	}
	return d.page(w, r, m, view{Title: v.FileName, Body: startPage(v), Narrow: true})
}

func titleField(m me) field.View {
	return field.View{ID: "title", Label: m.t("proposal_title"), Hint: m.t("proposal_title_hint"), Max: 120}
}

func (d *Door) showProposals(w http.ResponseWriter, r *http.Request, m me, typed string, problem fails, status int) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	list, err := d.Admin.Proposals(m.ctx)
	if err != nil {
		return err
	}
	v := beginView{Title: titleField(m), File: r.PostForm.Get("file")}
	v.Title.Value, v.Title.Error = typed, problem["title"]
	for at, words := range problem {
		v.Errors = append(v.Errors, errorsummary.Item{Field: at, Text: words})
	}
	columns := []table.Column{{Name: m.t("col_proposal")}, {Name: m.t("col_state")}, {Name: m.t("col_who")}, {Name: m.t("col_changed")}}
	v.Open = table.View{Caption: m.t("proposals_open"), Empty: m.t("proposals_none"), Columns: columns}
	v.Ended = table.View{Caption: m.t("proposals_ended"), Empty: m.t("proposals_none_ended"), Columns: columns}
	names := d.people(m)
	for _, p := range list {
		row := []table.Cell{{Text: p.Title, Href: "/admin/proposals/" + p.ID}, {Show: tag.Tag(stateTag(m, p.State))}, {Text: names.of(p.Author)}, {Text: d.moment(m, p.Changed)}}
		if p.Open() {
			v.Open.Rows = append(v.Open.Rows, row)
		} else {
			v.Ended.Rows = append(v.Ended.Rows, row)
		}
	}
	return d.page(w, r, m, view{Title: m.t("proposals_title"), Body: proposalsPage(v), Status: status})
}

func stateTag(m me, s administration.State) tag.View {
	kind := map[administration.State]tag.Kind{administration.Draft: tag.Work, administration.Waiting: tag.Wait, administration.Live: tag.Good, administration.GivenUp: tag.Done}[s]
	return tag.View{Kind: kind, Text: m.t("state_" + string(s))}
}

func (d *Door) begin(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	title := r.PostForm.Get("title")
	id, err := d.Admin.Begin(m.ctx, title, m.ID)
	if err != nil {
		words, status, err := refused(m, err)
		if err != nil {
			return err
		}
		return d.showProposals(w, r, m, title, words, status)
	}
	if file := r.PostForm.Get("file"); file != "" {
		return redirect(w, r, "/admin/proposals/"+id+"/edit?file="+url.QueryEscape(file))
	}
	return redirect(w, r, "/admin/proposals/"+id)
}

// proposalView is a proposal: what it changes, what check says, what may be done.
type proposalView struct {
	ID, Base, Title string
	Version         string
	State           tag.View
	Facts           []string
	Changes         []changeView
	Findings        []fileFinding
	Faulty, Open    bool
	Waiting         bool
	MayAgree, Own   bool
	Conflict        bool
	Confirm         field.View
	Problem         []errorsummary.Item
	Folder          string
}

// changeView is one changed file.
type changeView struct {
	Path, Name string
	New, Gone  bool
	Conflict   bool
	Findings   int
	Keys       []keyChange
	Lines      []line
	More       int
}

func (c changeView) address(base, page string) string {
	return base + "/" + page + "?file=" + url.QueryEscape(c.Path)
}

// fileFinding is what check says, with the way to where it can be mended.
type fileFinding struct {
	File, Href, Words string
	Warning           bool
}

func (d *Door) proposal(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	return d.showProposal(w, r, m, nil, 0)
}

func (d *Door) showProposal(w http.ResponseWriter, r *http.Request, m me, problem fails, status int) error {
	x, err := d.open(r)
	if err != nil {
		return err
	}
	p := x.p
	v := proposalView{ID: p.ID, Base: x.base(), Title: p.Title, Version: strconv.FormatInt(p.Version, 10), State: stateTag(m, p.State), Changes: x.changes(m),
		Faulty: x.faulty(), Open: p.Open(), Waiting: p.State == administration.Waiting, Own: p.Proposer == m.ID, Conflict: len(x.conflicts) > 0,
		MayAgree: d.may(m, policy.Publish, policy.Proposal{ID: p.ID, By: p.Proposer}),
		Confirm:  confirmField(m, problem["confirm"])}
	for at, words := range problem {
		v.Problem = append(v.Problem, errorsummary.Item{Field: at, Text: words})
	}
	if p.Open() {
		for _, f := range x.findings {
			f = administration.InWords(f, m.words)
			v.Findings = append(v.Findings, fileFinding{name(m, f.File, x.files[f.File]), x.finding(f.File, f.Line, f.Column), f.Message + " " + f.Hint, f.Severity == "warning"})
		}
	}
	names := d.people(m)
	v.Facts = []string{m.t("begun_by", "who", names.of(p.Author), "at", d.moment(m, p.Created))}
	if p.Proposer != "" {
		v.Facts = append(v.Facts, m.t("proposed_by", "who", names.of(p.Proposer)))
	}
	if p.Approver != "" {
		v.Facts = append(v.Facts, m.t("agreed_by", "who", names.of(p.Approver), "at", d.moment(m, p.Changed)))
		if d.House.Folder != nil {
			v.Folder = m.t("folder_" + d.House.Folder())
		}
	}
	return d.page(w, r, m, view{Title: p.Title, Body: proposalPage(v), Status: status})
}

// confirmField asks for the password once more.
func confirmField(m me, problem string) field.View {
	return field.View{ID: "confirm", Label: m.t("confirm"), Hint: m.t("confirm_hint"), Type: "password", Complete: "current-password", Width: "m", Max: 800, Error: problem}
}

// finding is where a finding can be mended: at its field, or in the text.
func (x *work) finding(file string, line, column int) string {
	at := "?file=" + url.QueryEscape(file)
	f, err := x.file(file)
	if err != nil {
		return x.base() + "/text" + at
	}
	place := f.Find(line, column)
	plan := plans(kindOf(file))
	for p := place; p != ""; p = up(p) {
		if r := plan.row("", patternOf(kindOf(file), p)); r != nil {
			return x.base() + "/edit" + at + "&part=" + r.part + "#" + anchor(place)
		}
	}
	return x.base() + "/text" + at + "#l" + strconv.Itoa(line)
}

// deed is what is done with a proposal as a whole.
func (d *Door) deed(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	if err := d.doDeed(r, m, x); err != nil {
		words, status, err := refused(m, err)
		if err != nil {
			return err
		}
		return d.showProposal(w, r, m, words, status)
	}
	return redirect(w, r, x.base())
}

func (d *Door) doDeed(r *http.Request, m me, x *work) error {
	t, file := x.touch(m, version(r)), r.PostForm.Get("file")
	switch r.PostForm.Get("do") {
	case "propose":
		if x.faulty() {
			return fault.New(fault.Invalid, "administration.faulty")
		}
		if err := d.confirm(r, m); err != nil {
			return err
		}
		return d.Admin.Propose(m.ctx, t)
	case "approve":
		if err := d.require(m, policy.Publish, policy.Proposal{ID: x.p.ID, By: x.p.Proposer}); err != nil {
			return err
		}
		if err := d.confirm(r, m); err != nil {
			return err
		}
		return d.Admin.Approve(m.ctx, t)
	case "return":
		return d.Admin.Return(m.ctx, t)
	case "drop":
		return d.Admin.Drop(m.ctx, t)
	case "undo":
		return d.Admin.Undo(m.ctx, t, file)
	case "keep":
		return d.Admin.Keep(m.ctx, t, file)
	}
	return fault.New(fault.Invalid, "admin.choose")
}
