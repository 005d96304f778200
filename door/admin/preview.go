package admin

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	lawform "pendopo/law/form"
	"pendopo/law/policy"
)

// previewView is a service as citizens would see it.
type previewView struct {
	Head    fileHead
	Tabs    []tab
	Page    templ.Component // nil when it cannot be shown
	Forms   []formPreview
	Problem string
}

// formPreview is one page of the form.
type formPreview struct {
	Title, Help, When string
	Fields            []templ.Component
}

func (d *Door) preview(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Propose, policy.Government{}); err != nil {
		return err
	}
	x, err := d.open(r)
	if err != nil {
		return err
	}
	id := r.PathValue("service")
	file := "services/" + id + ".yaml"
	if _, ok := x.files[file]; !ok {
		return fault.New(fault.Unknown, "admin.unknown_file")
	}
	v := previewView{Head: x.head(m, file), Tabs: x.tabs(m, file, "preview")}
	if x.faulty() {
		v.Problem = m.t("preview_faulty")
	} else if err := d.fillPreview(m, x, id, &v); err != nil {
		return err
	}
	return d.page(w, r, m, view{Title: v.Head.Name, Body: previewPage(v)})
}

// fillPreview shows the page of the service and every page of its form, from
// files that nobody has published.
func (d *Door) fillPreview(m me, x *work, id string, v *previewView) (err error) {
	if d.House.Preview != nil {
		if v.Page, err = d.House.Preview(m.ctx, m.words, x.files, id); err != nil {
			return err
		}
	}
	cases, err := d.Cases.Preview(x.files)
	if err != nil {
		return err
	}
	b, err := cases.Catalogue().Live(id)
	if err != nil {
		return err
	}
	fields := caseview.Fields{Words: caseview.Words{Printer: m.words, Government: cases.Government(), Service: b.Service, Zone: cases.Catalogue().Zone()},
		Form: b.Form, Env: lawform.Env{Today: d.Now()}, Limit: func(f definition.Field) string { return strings.Join(f.Accept, ", ") }}
	for _, p := range b.Service.Form.Pages {
		page := formPreview{Title: m.words.Of(p.Title), When: p.Show}
		if len(p.Help) > 0 {
			page.Help = m.words.Of(p.Help)
		}
		for _, f := range p.Fields {
			page.Fields = append(page.Fields, fields.Show(f))
		}
		v.Forms = append(v.Forms, page)
	}
	return nil
}
