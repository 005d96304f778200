package admin

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pendopo/engine/administration"
	"pendopo/kernel/folder"
	"pendopo/law/policy"
	"pendopo/web/component/summary"
	"pendopo/web/component/table"
	"pendopo/web/component/tag"
)

// homeView is what waits for an administrator.
type homeView struct {
	Waiting []tab
	Facts   summary.View
	Places  []placeView
}

// placeView leads to a part of the door.
type placeView struct{ Href, Name, Help string }

func (d *Door) home(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.any(m, policy.Propose, policy.Manage, policy.Operate); err != nil {
		return err
	}
	v := homeView{}
	for _, p := range []struct {
		href, key string
		action    policy.Action
	}{
		{"/admin/government", "government", policy.Propose}, {"/admin/proposals", "proposals", policy.Propose}, {"/admin/versions", "versions", policy.Propose},
		{"/admin/officers", "officers", policy.Manage}, {"/admin/system", "system", policy.Operate}, {"/admin/record", "record", policy.Operate},
	} {
		if d.may(m, p.action, policy.Government{}) {
			v.Places = append(v.Places, placeView{p.href, m.t(p.key + "_title"), m.t("help_" + p.key)})
		}
	}
	if err := d.waiting(m, &v); err != nil {
		return err
	}
	return d.page(w, r, m, view{Title: m.t("home_title"), Body: homePage(v)})
}

// waiting are proposals and requests that somebody must look at.
func (d *Door) waiting(m me, v *homeView) error {
	list, err := d.Admin.Proposals(m.ctx)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.State == administration.Waiting {
			key := "waits_other"
			if p.Proposer != m.ID {
				key = "waits_you"
			}
			v.Waiting = append(v.Waiting, tab{Href: "/admin/proposals/" + p.ID, Text: p.Title + ": " + m.t(key)})
		}
	}
	asked, err := d.Admin.Asked(m.ctx)
	if err == nil && len(asked) > 0 {
		v.Waiting = append(v.Waiting, tab{Href: "/admin/officers", Text: m.t("requests_waiting", "n", len(asked))})
	}
	return err
}

// governmentView lists the files of the government by what they are.
type governmentView struct {
	Tables   []table.View
	Findings int
	Folder   string
	Barred   bool
}

// sections are the files in the order of the page.
func sections() []struct{ key, match string } {
	return []struct{ key, match string }{
		{"services", "services/"}, {"house", ""}, {"calendars", "calendars/"}, {"documents", "documents/"}, {"templates", "templates/"}, {"policy", "policy/"},
	}
}

func (d *Door) government(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	_, live, err := d.source(m.ctx)
	if err != nil {
		return err
	}
	changing, err := d.changing(m.ctx)
	if err != nil {
		return err
	}
	faulty := map[string]int{}
	for _, f := range d.checked.check(folder.Files(live)) {
		faulty[f.File]++
	}
	v := governmentView{}
	for _, s := range sections() {
		t := table.View{Caption: m.t("section_" + s.key), Columns: []table.Column{{Name: m.t("col_name")}, {Name: m.t("col_state")}}}
		for _, file := range sorted(live) {
			if strings.Contains(file, "/") != (s.match != "") || !strings.HasPrefix(file, s.match) {
				continue
			}
			t.Rows = append(t.Rows, []table.Cell{{Text: name(m, file, live[file]), Href: "/admin/start?file=" + url.QueryEscape(file)},
				{Show: tag.Tag(fileTag(m, faulty[file], changing[file]))}})
		}
		if len(t.Rows) > 0 {
			v.Tables = append(v.Tables, t)
		}
	}
	if d.House.Folder != nil {
		state := d.House.Folder()
		v.Folder, v.Barred = m.t("folder_"+state), state == "barred" || state == "other"
	}
	return d.page(w, r, m, view{Title: m.t("government_title"), Body: governmentPage(v)})
}

func fileTag(m me, findings, proposals int) tag.View {
	switch {
	case findings > 0:
		return tag.View{Kind: tag.Late, Text: m.t("file_faulty", "n", findings)}
	case proposals > 0:
		return tag.View{Kind: tag.Work, Text: m.t("file_changing", "n", proposals)}
	}
	return tag.View{Kind: tag.Good, Text: m.t("file_live")}
}

// changing counts the open proposals that change a file.
func (d *Door) changing(ctx context.Context) (map[string]int, error) {
	list, err := d.Admin.Proposals(ctx)
	out := map[string]int{}
	for _, p := range list {
		if err != nil || !p.Open() {
			continue
		}
		if p, err = d.Admin.Proposal(ctx, p.ID); err != nil {
			return nil, err
		}
		for _, c := range p.Changes {
			out[c.Path]++
		}
	}
	return out, err
}

func sorted(files map[string]string) (names []string) {
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// moment is a moment in the government's zone and the reader's language.
func (d *Door) moment(m me, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return m.words.Moment(at.In(d.Cases.Catalogue().Zone()))
}

// people names officers by id, each looked up once.
type people struct {
	d     *Door
	m     me
	names map[string]string
}

func (d *Door) people(m me) people { return people{d, m, map[string]string{}} }

// of is an officer's name; operator and system are said so.
func (p people) of(id string) string {
	if n, ok := p.names[id]; ok {
		return n
	}
	n := short(id)
	switch {
	case id == "" || id == "system" || id == "operator":
		n = p.m.t("who_" + map[string]string{"": "nobody", "system": "system", "operator": "operator"}[id])
	default:
		if who, err := p.d.Identity.Name(p.m.ctx, id); err == nil {
			n = who.Full
		}
	}
	p.names[id] = n
	return n
}
