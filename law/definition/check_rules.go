package definition

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"pendopo/law/rule/expr"
)

// rules compiles every rule of the service and checks what each one reads.
func (c *checks) rules() {
	var rules []expr.Rule
	for _, r := range c.service.Rules() {
		if w, ok := c.places[r.Path]; ok && c.exact(w.value) && !c.cut(w.value) {
			rules = append(rules, r)
		}
	}
	set, problems := expr.Compile(c.service.Inputs(), rules)
	for _, p := range problems {
		c.inRule(p.Path, p.Line, p.Column, p.Code, p.Args...)
	}
	for _, r := range rules {
		for _, read := range set.Reads(r.Path) {
			c.read(r, read)
		}
	}
}

// cut reports whether a comma has ended a rule inside braces, which was reported
// while reading.
func (s *source) cut(n *yaml.Node) bool {
	file := s.of(n).file
	return slices.ContainsFunc(s.report.findings, func(f Finding) bool {
		return f.Code == "comma_in_braces" && f.File == file && f.Line == n.Line && f.Column > n.Column
	})
}

// exact reports whether places inside a rule can be told; others are refused
// while reading.
func (s *source) exact(n *yaml.Node) bool {
	if n.Style&yaml.LiteralStyle != 0 {
		return true
	}
	return n.Style&(yaml.FoldedStyle|yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0 && s.onOneLine(n)
}

// inRule reports a fault inside a rule's text.
func (c *checks) inRule(path string, line, column int, code string, pairs ...string) {
	if code == "rule_unknown_name" {
		pairs = []string{"name", pairs[1], "known", nearestFirst(pairs[1], strings.Split(pairs[3], ", "))}
	}
	w, ok := c.places[path]
	if !ok {
		c.at(path, code, pairs...)
		return
	}
	row, col := c.inside(w.value, line, column)
	c.of(w.value).add(row, col, code, args(pairs))
}

// read checks one use of a field in a rule: on the form it must have been asked
// before; at a step it must be among what the step sees.
func (c *checks) read(r expr.Rule, read expr.Read) {
	if r.Item != "" && c.readInItem(r, read) {
		return
	}
	if r.Place != "" && slices.ContainsFunc(r.Beside, func(v expr.Var) bool { return v.Name == read.Name }) {
		c.readBeside(r, read)
		return
	}
	page, isField := c.asked[read.Name]
	if !isField || c.vaulted(r, read, page) {
		return
	}
	if at, onForm := index(r.Path, "form.pages"); onForm {
		show := strings.HasSuffix(r.Path, ".show")
		switch {
		case page > at:
			c.inRule(r.Path, read.Line, read.Column, "asked_later", "field", read.Name, "page", c.service.Form.Pages[page].ID)
		case page == at && (show || read.Name == r.Item):
			c.inRule(r.Path, read.Line, read.Column, "asked_same_page", "field", read.Name)
		}
	}
	c.shown(r, read)
	if at, inFlow := index(r.Path, "flow.steps"); inFlow {
		if !slices.Contains(c.service.Flow.Steps[at].Sees, read.Name) {
			c.inRule(r.Path, read.Line, read.Column, "unseen_field", "field", read.Name, "step", c.service.Flow.Steps[at].ID)
		}
	}
}

// readInItem checks the use of a field of the same item: whether it is shown
// hangs only on what is asked before it. It reports whether the name is one.
func (c *checks) readInItem(r expr.Rule, read expr.Read) bool {
	group := c.service.Field(r.Item)
	if group == nil {
		return false
	}
	inner := Asked(group.Fields)
	at := slices.IndexFunc(inner, func(f *Field) bool { return f.ID == read.Name })
	if at < 0 {
		return false
	}
	if !strings.HasSuffix(r.Path, ".show") {
		return true
	}
	owner := c.places[strings.TrimSuffix(r.Path, "show")+"id"].value
	self := slices.IndexFunc(inner, func(f *Field) bool { return owner != nil && f.ID == owner.Value })
	if self >= 0 && at >= self {
		c.inRule(r.Path, read.Line, read.Column, "asked_later_in_item", "field", read.Name)
	}
	return true
}

// index is the first index of a path that begins with prefix: form.pages[3].show → 3.
func index(path, prefix string) (int, bool) {
	rest, ok := strings.CutPrefix(path, prefix+"[")
	if !ok {
		return 0, false
	}
	number, _, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	return i, err == nil
}
