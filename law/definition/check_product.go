package definition

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var validityShape = regexp.MustCompile(`^[1-9]\d{0,2} (days?|months?|years?)$`)

// product checks what a case yields: an issued one has template, number and
// signatory; what is made elsewhere has none of them and no step that issues.
func (c *checks) product() {
	p := c.service.Product
	if p.Validity != "" && !validityShape.MatchString(p.Validity) {
		c.at("product.validity", "validity", "validity", p.Validity)
	}
	c.knownRole(c.first("product.signatory.role", "product.signatory"), p.Signatory.Role)
	c.knownUnit(c.first("product.signatory.unit", "product.signatory"), p.Signatory.Unit)
	switch p.Kind {
	case "":
	case "issued":
		c.issued(p)
	default:
		c.notIssued(p)
	}
}

func (c *checks) issued(p Product) {
	for _, key := range []string{"system", "file", "number", "sheet"} {
		if c.has("product." + key) {
			c.at("product."+key, "not_issued", "key", key, "kind", p.Kind)
		}
	}
	c.misplaced(StepMake, "make")
	g := c.folder.government
	_, known := g.Templates[p.Template]
	switch {
	case p.Template == "" && !c.has("product.template"):
		c.at("product", "product_without_template")
	case p.Template != "" && !known:
		c.at("product.template", "unknown_template", "template", p.Template, "known", nearestFirst(p.Template, c.folder.templateIDs()))
	}
	switch {
	case p.Numbering == "" && !c.has("product.numbering"):
		c.at("product", "product_without_number")
	case p.Numbering != "" && c.folder.numbers.root != nil && g.Numbering(p.Numbering) == nil:
		c.at("product.numbering", "unknown_number", "number", p.Numbering)
	}
	switch {
	case !c.has("product.signatory"):
		c.at("product", "product_without_signatory")
	case p.Signatory.Who != "role" && p.Signatory.Who != "":
		c.at("product.signatory", "signatory_role")
	}
}

func (c *checks) notIssued(p Product) {
	for _, key := range []string{"template", "numbering", "signatory"} {
		if c.has("product." + key) {
			c.at("product."+key, "not_issued", "key", key, "kind", p.Kind)
		}
	}
	c.misplaced(StepIssue, "issue")
	if p.Kind == "answer" {
		c.answerOnly(p)
		return
	}
	switch {
	case p.Kind == "made elsewhere" && !c.has("product.system"):
		c.at("product", "product_without_system")
	case p.Kind == "handed over" && c.has("product.file"):
		c.at("product.file", "not_issued", "key", "file", "kind", p.Kind)
	}
	if p.Number != "" {
		c.numberShape(p.Number)
	}
	for i, row := range p.Sheet {
		c.placeholders(fmt.Sprintf("product.sheet[%d].value", i), row.Value, c.service, false)
	}
}

// answerOnly: where the answer is all there is, nothing is numbered, made or handed over.
func (c *checks) answerOnly(p Product) {
	for _, key := range []string{"validity", "system", "file", "number", "sheet"} {
		if c.has("product." + key) {
			c.at("product."+key, "not_issued", "key", key, "kind", p.Kind)
		}
	}
	c.misplaced(StepMake, "make")
	c.misplaced(StepDeliver, "deliver")
}

// misplaced reports steps that make another kind of product.
func (c *checks) misplaced(kind StepKind, key string) {
	for i, s := range c.service.Flow.Steps {
		if s.Kind == kind {
			c.at(fmt.Sprintf("flow.steps[%d].kind", i), "not_issued", "key", key, "kind", c.service.Product.Kind)
		}
	}
}

// numberShape checks the shape of a number that is taken in where a product was
// made elsewhere.
func (c *checks) numberShape(shape string) {
	switch {
	case len(shape) > 60 || !strings.ContainsAny(shape, "9A"):
		c.at("product.number", "number_shape", "number", shape)
	case !slices.ContainsFunc(c.service.Flow.Steps, func(s Step) bool { return s.Kind == StepMake }) && c.clean("flow"):
		c.at("product.number", "number_without_make")
	}
}

// checkTemplates checks every template by itself and against each service that
// uses it.
func (f *folder) checkTemplates() {
	for _, id := range f.templateIDs() {
		t, s := f.government.Templates[id], f.templates[id]
		used := false
		for _, service := range f.government.Services {
			if service.Product.Template == id && id != "" {
				used = true
				f.checkTemplate(s, t, service)
			}
		}
		if !used && id != "" && !f.unread {
			s.at("id", "template_unused", "template", id)
		}
		if len(t.Blocks) == 0 && s.has("blocks") && s.clean("blocks") {
			s.at("blocks", "empty_list")
		}
	}
}

func (f *folder) templateIDs() []string {
	var ids []string
	for id := range f.templates {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (f *folder) checkTemplate(s *source, t Template, service *Service) {
	for i, id := range t.Proved {
		field := service.Field(id)
		at := fmt.Sprintf("proved[%d]", i)
		switch {
		case id == "":
		case field == nil:
			s.at(at, "template_field", "field", id, "service", service.ID)
		case field.Vault:
			s.at(at, "vault_named", "field", id)
		case field.Kind == KindFile || field.Kind == KindDeclaration || field.Kind == KindGroup:
			s.at(at, "template_kind", "field", id, "kind", string(field.Kind))
		}
	}
	for i, b := range t.Blocks {
		at := fmt.Sprintf("blocks[%d]", i)
		for _, lang := range sortedLanguages(b.Text) {
			s.placeholders(at+".paragraph."+lang, b.Text[lang], service, true)
		}
		for j, row := range b.Rows {
			s.placeholders(fmt.Sprintf("%s.table[%d].value", at, j), row.Value, service, false)
		}
	}
}

func sortedLanguages(t Text) []string {
	var langs []string
	for lang := range t {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	return langs
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// placeholders checks the fields that a text of a template names. A paragraph
// may only use answers that are always there; a row of a table whose answer is
// missing is left out of the document.
func (s *source) placeholders(at, text string, service *Service, always bool) {
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		name := m[1]
		if slices.Contains(Placeholders(), name) {
			if name == "valid_until" && service.Product.Validity == "" {
				s.inText(at, m[0], "template_no_validity", "service", service.ID)
			}
			continue
		}
		f := service.Field(name)
		switch {
		case f == nil:
			s.inText(at, m[0], "template_field", "field", name, "service", service.ID)
		case f.Vault:
			s.inText(at, m[0], "vault_named", "field", name)
		case f.Kind == KindFile || f.Kind == KindDeclaration || f.Kind == KindGroup:
			s.inText(at, m[0], "template_kind", "field", name, "kind", string(f.Kind))
		case always && !service.Always(name):
			s.inText(at, m[0], "template_optional", "field", name)
		}
	}
}

// inText reports a fault at a part of a text, where that part can be found on
// the lines of its scalar, or else at the scalar.
func (s *source) inText(at, part, code string, pairs ...string) {
	w, ok := s.places[at]
	if !ok {
		s.at(at, code, pairs...)
		return
	}
	own := s.of(w.value)
	for line := w.value.Line; line <= lastLine(w.value) && line <= len(own.lines); line++ {
		from := 1
		if line == w.value.Line {
			from = w.value.Column
		}
		rest := own.from(line, from)
		if i := strings.Index(rest, part); i >= 0 {
			own.add(line, from+len([]rune(rest[:i])), code, args(pairs))
			return
		}
	}
	s.node(w.value, code, pairs...)
}
