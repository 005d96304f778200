package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"

	"pendopo/engine/caseview"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/choice"
	"pendopo/web/component/field"
	"pendopo/web/component/upload"
)

// What became of a paper beside paperLooked and paperKept: it will be brought.
const paperLater = "yes"

// paperAsked is a paper that may be looked at, follow later, or be kept as a file.
type paperAsked struct {
	field.View
	Files     []upload.File
	Ways      []choice.Option
	FileLabel string
	Accept    string
	Many      bool
}

func (e *entry) paper(show caseview.Fields, f definition.Field) paperAsked {
	t := e.me.words.T
	label := e.me.words.Of(f.Label)
	v := paperAsked{
		View:      field.View{ID: f.ID, Label: label, Hint: show.Limit(f), Error: show.Faults[f.ID], Optional: !show.Form.Required(f.ID, show.Env)},
		FileLabel: t("desk.paper_file", "paper", label), Accept: caseview.Accept(f), Many: f.Max != nil && *f.Max > 1,
	}
	for _, id := range e.values[f.ID] {
		if file, ok := show.Files[id]; ok {
			v.Files = append(v.Files, file)
		}
	}
	came := e.values.Get(f.ID + "-counter")
	if len(v.Files) > 0 {
		came = paperKept
	}
	for _, way := range []string{paperLooked, paperLater, paperKept} {
		v.Ways = append(v.Ways, choice.Option{ID: way, Text: t("desk.paper_way_" + way), Chosen: came == way})
	}
	return v
}

// identifier is a name as rules write it.
var identifier = regexp.MustCompile(`[a-z][a-z0-9_]*`)

// deciding are the fields on which it depends what is asked: those that a rule
// of the form names, and the one that the variants differ by.
func deciding(s *definition.Service) []string {
	named := map[string]bool{s.Variants: true}
	mention := func(rules ...string) {
		for _, rule := range rules {
			for _, word := range identifier.FindAllString(rule, -1) {
				named[word] = true
			}
		}
	}
	var out []string
	for _, p := range s.Form.Pages {
		mention(p.Show)
		for _, f := range everyField(p) {
			mention(f.Show, f.Require)
		}
	}
	for _, p := range s.Form.Pages {
		for _, f := range everyField(p) {
			if named[f.ID] {
				out = append(out, f.ID)
			}
		}
	}
	return out
}

// everyField is every question of a page, those inside groups as well.
func everyField(p definition.Page) []*definition.Field {
	all := definition.Asked(p.Fields)
	for _, f := range all {
		all = append(all, definition.Asked(f.Fields)...)
	}
	return all
}

// off says that field j of page i is not asked by what is known so far. A rule
// that cannot say yet, for what it asks about is not typed, is waited for.
func (e *entry) off(i, j int) bool {
	p := e.b.Service.Form.Pages[i]
	path := fmt.Sprintf("form.pages[%d]", i)
	return !e.b.Form.Shown(p.Fields[j].ID, e.env()) || e.unsaid(p.Show, path+".show") ||
		e.unsaid(p.Fields[j].Show, fmt.Sprintf("%s.fields[%d].show", path, j))
}

func (e *entry) unsaid(rule, path string) bool {
	if rule == "" {
		return false
	}
	_, err := e.b.Rules.Bool(path, e.env())
	return err != nil
}

// read takes what was typed as answers so far. What is wrong with it is said when
// the form is sent.
func (e *entry) read() {
	for _, p := range e.b.Service.Form.Pages {
		e.answers, _ = e.b.Form.ParsePage(p.ID, e.values, e.answers, e.env())
	}
}

// asked says which fields are not asked by what was typed so far. Nothing of it
// is kept: the page asks again whenever an answer changes that others depend on.
func (d *Door) asked(w http.ResponseWriter, r *http.Request, m me) error {
	e, err := d.newEntry(r, m, r.PathValue("service"))
	if err != nil {
		return err
	}
	e.values = r.PostForm
	e.gather()
	e.read()
	off := []string{}
	for i, p := range e.b.Service.Form.Pages {
		for j, f := range p.Fields {
			if e.off(i, j) {
				off = append(off, f.ID)
			}
			for n := range form.Items(e.values, f.ID) {
				for _, inner := range f.Fields {
					if named := inItem(f, n, inner); !e.b.Form.Shown(named.ID, e.env()) {
						off = append(off, named.ID)
					}
				}
			}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string][]string{"off": off})
}
