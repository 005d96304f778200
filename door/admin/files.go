package admin

import (
	"archive/tar"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition/edit"
	"pendopo/law/policy"
	"pendopo/web/component/choice"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
)

// versionsView is what was published when, newest first.
type versionsView struct {
	Folder string
	Rows   []versionView
	Title  string
	Errors []errorsummary.Item
}

type versionView struct {
	Hash, Short, At, Who, Title string
	Proposal                    string
	Live                        bool
}

func (d *Door) versions(w http.ResponseWriter, r *http.Request, m me) error {
	return d.showVersions(w, r, m, nil, 0)
}

func (d *Door) showVersions(w http.ResponseWriter, r *http.Request, m me, problem fails, status int) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	list, err := d.Cases.SourceVersions(m.ctx)
	if err != nil {
		return err
	}
	v, names := versionsView{}, d.people(m)
	for _, words := range problem {
		v.Errors = append(v.Errors, errorsummary.Item{Text: words})
	}
	for i, s := range list[:min(100, len(list))] {
		row := versionView{Hash: s.Hash, Short: s.Hash[:12], At: d.moment(m, s.At), Live: i == 0, Who: m.t("from_folder")}
		var who []string
		for _, id := range s.By {
			who = append(who, names.of(id))
		}
		if len(who) > 0 {
			row.Who = m.words.List(who)
		}
		if s.Proposal != "" {
			if p, err := d.Admin.Proposal(m.ctx, s.Proposal); err == nil {
				row.Title, row.Proposal = p.Title, "/admin/proposals/"+p.ID
			}
		}
		v.Rows = append(v.Rows, row)
	}
	if d.House.Folder != nil {
		v.Folder = m.t("folder_" + d.House.Folder())
	}
	return d.page(w, r, m, view{Title: m.t("versions_title"), Body: versionsPage(v), Status: status})
}

// takeBack begins a proposal that brings an earlier version back.
func (d *Door) takeBack(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	hash := r.PathValue("hash")
	list, err := d.Cases.SourceVersions(m.ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(s casework.SourceVersion) bool { return s.Hash == hash })
	if i < 0 {
		return fault.New(fault.Unknown, "casework.unknown_version")
	}
	id, err := d.Admin.TakeBack(m.ctx, hash, m.t("take_back_title", "at", d.moment(m, list[i].At)), m.ID)
	if err != nil {
		words, status, err := refused(m, err)
		if err != nil {
			return err
		}
		return d.showVersions(w, r, m, words, status)
	}
	return redirect(w, r, "/admin/proposals/"+id)
}

func (d *Door) versionFiles(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	files, err := d.Admin.At(m.ctx, r.PathValue("hash"))
	if err != nil {
		return err
	}
	return d.tar(w, files)
}

func (d *Door) proposalFiles(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	return d.tar(w, x.files)
}

// tar sends files as one archive.
func (d *Door) tar(w http.ResponseWriter, files map[string]string) error {
	w.Header().Set("Content-Type", "application/x-tar")
	w.Header().Set("Content-Disposition", `attachment; filename="government.tar"`)
	out := tar.NewWriter(w)
	for _, file := range sorted(files) {
		head := &tar.Header{Name: "government/" + file, Mode: 0o644, Size: int64(len(files[file])), ModTime: d.Now().UTC().Truncate(time.Second)}
		if err := out.WriteHeader(head); err != nil {
			return err
		}
		if _, err := out.Write([]byte(files[file])); err != nil {
			return err
		}
	}
	return out.Close()
}

// newView asks for a new file: a service like another, or a decree.
type newView struct {
	Base, Version string
	Copy          []choiceOrField
	Decree        []choiceOrField
	Errors        []errorsummary.Item
}

// choiceOrField is one question of a form.
type choiceOrField struct {
	Select *choice.View
	Text   *field.View
}

func (d *Door) newFile(w http.ResponseWriter, r *http.Request, m me) error {
	return d.showNew(w, r, m, nil, 0)
}

func (d *Door) showNew(w http.ResponseWriter, r *http.Request, m me, problem fails, status int) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	v := newView{Base: x.base(), Version: strconv.FormatInt(x.p.Version, 10)}
	text := func(id, label, hint string) choiceOrField {
		return choiceOrField{Text: &field.View{ID: id, Label: m.t(label), Hint: hint, Value: r.PostForm.Get(id), Error: problem[id], Max: 200}}
	}
	like := choice.View{View: field.View{ID: "like", Label: m.t("new_like"), Error: problem["like"]}, Blank: m.t("none")}
	for _, file := range sorted(x.files) {
		if path.Dir(file) == "services" {
			like.Options = append(like.Options, choice.Option{ID: file, Text: name(m, file, x.files[file]), Chosen: file == r.PostForm.Get("like")})
		}
	}
	v.Copy = []choiceOrField{{Select: &like}, text("service_name", "new_service_name", ""), text("service", "new_service", m.t("new_service_hint"))}
	v.Decree = []choiceOrField{text("decree", "f_decree", ""), text("decree_date", "f_decree_date", m.t("h_date")), text("date", "new_day", m.t("h_date"))}
	for _, lang := range x.languages() {
		v.Decree = append(v.Decree, text("day_"+lang, "new_day_name", language(m, lang)))
	}
	for at, words := range problem {
		v.Errors = append(v.Errors, errorsummary.Item{Field: at, Text: words})
	}
	return d.page(w, r, m, view{Title: m.t("new_title"), Body: newPage(v), Status: status, Narrow: true})
}

func (d *Door) makeFile(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	make := x.copyService
	if r.PostForm.Get("do") == "decree" {
		make = x.decree
	}
	file, text, err := make(r.PostForm)
	if err == nil {
		err = d.Admin.Save(m.ctx, x.touch(m, version(r)), file, text)
	}
	if err != nil {
		words, status, err := refused(m, err)
		if err != nil {
			return err
		}
		return d.showNew(w, r, m, words, status)
	}
	return redirect(w, r, x.base()+"/edit?file="+url.QueryEscape(file))
}

var (
	serviceID = regexp.MustCompile(`^[a-z][a-z0-9-]{2,59}$`)
	dayShape  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// copyService makes a service like another, under another name.
func (x *work) copyService(form url.Values) (file, text string, err error) {
	like, id, called := form.Get("like"), form.Get("service"), strings.TrimSpace(form.Get("service_name"))
	file = "services/" + id + ".yaml"
	_, taken := x.files[file]
	var faults []*fault.Fault
	if x.files[like] == "" || path.Dir(like) != "services" {
		faults = append(faults, fault.New(fault.Invalid, "admin.choose").At("like"))
	}
	if !serviceID.MatchString(id) || taken {
		faults = append(faults, fault.New(fault.Invalid, "admin.service_id").At("service"))
	}
	if called == "" {
		faults = append(faults, fault.New(fault.Invalid, "admin.fill_all").At("service_name"))
	}
	if len(faults) > 0 {
		return "", "", fault.Join(faults)
	}
	f, err := x.file(like)
	if err != nil {
		return "", "", err
	}
	for at, value := range map[string]string{"id": id, "name.id": called} {
		if f, err = f.Set(at, value); err != nil {
			return "", "", cannot("like", err)
		}
	}
	return file, string(f.Bytes()), nil
}

// decree makes the calendar of a new decree about the region's own holidays.
func (x *work) decree(form url.Values) (file, text string, err error) {
	number := strings.TrimSpace(form.Get("decree"))
	var faults []*fault.Fault
	for _, at := range []string{"decree_date", "date"} {
		if _, err := time.Parse(time.DateOnly, form.Get(at)); err != nil || !dayShape.MatchString(form.Get(at)) {
			faults = append(faults, fault.New(fault.Invalid, "identity.day").At(at))
		}
	}
	named := edit.Map{}
	for _, lang := range x.languages() {
		said := strings.TrimSpace(form.Get("day_" + lang))
		if said == "" {
			faults = append(faults, fault.New(fault.Invalid, "admin.fill_all").At("day_"+lang))
		}
		named = append(named, edit.Pair{Key: lang, Value: edit.Text(said)})
	}
	if number == "" {
		faults = append(faults, fault.New(fault.Invalid, "admin.fill_all").At("decree"))
	}
	if len(faults) > 0 {
		return "", "", fault.Join(faults)
	}
	code := ""
	if f, err := edit.Parse([]byte(x.files["government.yaml"])); err == nil && f.At("code") != nil {
		code = f.At("code").Value
	}
	id := "region_" + strings.ReplaceAll(code, ".", "_") + "_" + strings.ReplaceAll(form.Get("date"), "-", "_")
	file = "calendars/" + strings.ReplaceAll(id, "_", "-") + ".yaml"
	if _, taken := x.files[file]; taken {
		return "", "", fault.New(fault.Conflict, "admin.decree_taken").At("date")
	}
	return file, edit.Write(edit.Map{
		{Key: "calendar", Value: edit.Text(id)}, {Key: "version", Value: edit.Word("1")}, {Key: "scope", Value: edit.Text("region")}, {Key: "region", Value: edit.Text(code)},
		{Key: "decree", Value: edit.Map{{Key: "number", Value: edit.Text(number)}, {Key: "date", Value: edit.Text(form.Get("decree_date"))}}},
		{Key: "days", Value: edit.List{edit.Map{{Key: "date", Value: edit.Text(form.Get("date"))}, {Key: "kind", Value: edit.Text("holiday")}, {Key: "name", Value: named}}}},
	}), nil
}
