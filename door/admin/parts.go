package admin

import (
	"path"
	"regexp"
	"strings"
)

// The parts of a service, in the order of their pages. Other files have one part.
var serviceParts = []string{"general", "requirements", "time", "work", "form", "standard"}

// row says which value of a file is shown on which part, and what it is called.
type row struct {
	pattern string // a path with [] for every number
	part    string
	label   string // locale key admin.f_<label>
	control string // "" by what stands there; span, money, channels, calendar, parent, resets, per, day
}

// group is a list whose items are shown as boxes of their own.
type group struct {
	pattern  string   // of an item
	part     string   // parts, with commas
	label    string   // what an item is called
	optional []string // keys that may be added
	add      []string // what is asked of a new one; nil: none is added here
	remove   bool
}

// plan is how files of one kind are shown.
type plan struct {
	rows   []row
	groups []group
}

// kindOf is the kind of a file by its path; "" is shown as text only.
func kindOf(name string) string {
	switch dir := path.Dir(name); {
	case name == "government.yaml", name == "units.yaml", name == "roles.yaml", name == "numbers.yaml", name == "regions.yaml":
		return strings.TrimSuffix(name, ".yaml")
	case dir == "services" || dir == "templates":
		return "service"
	case dir == "calendars" && path.Base(name) != "patterns.yaml":
		return "calendar"
	}
	return ""
}

// plans are the plans of every kind.
func plans(kind string) plan {
	switch kind {
	case "service":
		return servicePlan()
	case "units":
		return plan{
			rows: []row{{"units[].name", "all", "name", ""}, {"units[].head", "all", "head", ""}, {"units[].code", "all", "code", ""},
				{"units[].parent", "all", "parent", "parent"}, {"units[].region", "all", "region", ""}, {"units[].address", "all", "address", ""},
				{"units[].phone", "all", "phone", ""}, {"units[].calendar", "all", "week", "calendar"}, {"units[].hours.*", "all", "hours", "day"}},
			groups: []group{{"units[]", "all", "unit", []string{"code", "parent", "region", "phone"}, []string{"name", "address", "calendar"}, true}},
		}
	case "roles":
		return plan{rows: []row{{"roles[].name", "all", "name", ""}}, groups: []group{{"roles[]", "all", "role", nil, []string{"name"}, true}}}
	case "numbers":
		return plan{rows: []row{{"numbers[].pattern", "all", "pattern", ""}, {"numbers[].resets", "all", "resets", "resets"}, {"numbers[].per", "all", "per", "per"}},
			groups: []group{{"numbers[]", "all", "number", nil, nil, false}}}
	case "regions":
		return plan{rows: []row{{"regions.*", "all", "", ""}}}
	case "government":
		return plan{rows: []row{{"name", "all", "name", ""}, {"short", "all", "short", ""}, {"head", "all", "head", ""}, {"address", "all", "address", ""},
			{"phone", "all", "phone", ""}, {"email", "all", "email", ""}, {"accent", "all", "accent", ""}}}
	case "calendar":
		return plan{rows: []row{{"decree.number", "all", "decree", ""}, {"decree.date", "all", "decree_date", ""}, {"days[].date", "all", "date", ""},
			{"days[].name", "all", "name", ""}}, groups: []group{{"days[]", "all", "day", nil, []string{"date", "name"}, true}}}
	}
	return plan{}
}

func servicePlan() plan {
	p := plan{rows: []row{
		{"name", "general", "name", ""}, {"summary", "general", "summary", ""}, {"words", "general", "words", ""}, {"questions", "general", "questions", ""},
		{"need", "general", "need", ""}, {"events", "general", "events", ""}, {"channels", "general", "channels", "channels"},
		{"product.name", "general", "product", ""}, {"product.validity", "general", "validity", ""},
		{"retention.years", "general", "retention", ""}, {"reminders[].text", "general", "text", ""},

		{"standard.requirements[].text", "requirements", "text", ""}, {"standard.requirements[].instead[].text", "requirements", "instead", ""},
		{"standard.procedure[]", "requirements", "step", ""},

		{"limit", "time", "limit", "span"}, {"limit.within", "time", "limit", "span"}, {"limit.cases[].within", "time", "limit_case", "span"},
		{"standard.fee", "time", "fee", "money"}, {"standard.fee.rupiah", "time", "fee", "money"}, {"standard.fee.text", "time", "fee_text", ""},
		{"standard.fee.cases[].rupiah", "time", "fee", "money"}, {"standard.fee.cases[].text", "time", "fee_text", ""},
		{"stops[].text", "time", "text", ""}, {"stops[].max", "time", "stop_max", "number"}, {"stops[].total", "time", "stop_total", "span"},
		{"flow.steps[].limit", "time", "limit_step", "span"}, {"flow.steps[].limit.within", "time", "limit_step", "span"}, {"flow.steps[].limit.cases[].within", "time", "limit_case", "span"},

		{"flow.steps[].name", "work", "step_name", ""}, {"flow.steps[].help", "work", "help", ""}, {"flow.steps[].checklist[].text", "work", "check", ""},
		{"flow.steps[].actions[].label", "work", "button", ""}, {"flow.steps[].actions[].reasons[].text", "work", "reason", ""}, {"flow.steps[].actions[].reasons[].basis", "work", "basis", ""},

		{"form.pages[].title", "form", "page", ""}, {"form.pages[].help", "form", "help", ""}, {"form.pages[].fields[].label", "form", "label", ""},
		{"form.pages[].fields[].hint", "form", "hint", ""}, {"form.pages[].fields[].item", "form", "item", ""}, {"form.pages[].fields[].choices[].text", "form", "choice", ""},
		{"form.pages[].fields[].valid[].text", "form", "valid", ""}, {"form.pages[].fields[].instead[].text", "form", "instead", ""},

		{"standard.legal_basis[].norm", "standard", "norm", ""}, {"standard.legal_basis[].date", "standard", "date", ""}, {"standard.legal_basis[].text", "standard", "text", ""},
	}, groups: []group{
		{"standard.requirements[]", "requirements", "requirement", nil, []string{"text"}, true},
		{"standard.procedure[]", "requirements", "step", nil, []string{""}, true},
		{"stops[]", "time", "stop", nil, nil, false}, {"standard.fee.cases[]", "time", "fee_case", nil, nil, false},
		{"flow.steps[]", "work,time", "step", nil, nil, false},
		{"flow.steps[].checklist[]", "work", "check", nil, []string{"text"}, true},
		{"flow.steps[].actions[]", "work", "action", nil, nil, false},
		{"flow.steps[].actions[].reasons[]", "work", "reason", nil, []string{"text", "basis"}, true},
		{"form.pages[]", "form", "page", []string{"help"}, nil, false}, {"form.pages[].fields[]", "form", "field", []string{"hint"}, nil, false},
		{"form.pages[].fields[].choices[]", "form", "choice", nil, nil, false},
		{"standard.legal_basis[]", "standard", "legal", nil, []string{"norm", "date"}, true},
	}}
	for _, c := range []string{"complaints", "facilities", "competence", "supervision", "staff", "guarantee", "safety", "evaluation"} {
		p.rows = append(p.rows, row{"standard." + c, "standard", "std_" + c, ""})
	}
	return p
}

var (
	index  = regexp.MustCompile(`\[\d+\]`)
	nested = regexp.MustCompile(`(fields|instead)\[\]\.fields\[\]`)
)

// patternOf is a path as the plans name it.
func patternOf(kind, p string) string {
	p = index.ReplaceAllString(p, "[]")
	for strings.HasPrefix(p, "form.pages[]") && nested.MatchString(p) {
		p = nested.ReplaceAllString(p, "fields[]")
	}
	p = strings.Replace(p, "fields[].fields[]", "fields[]", 1)
	switch {
	case kind == "regions" && strings.HasPrefix(p, "regions."):
		return "regions.*"
	case kind == "units" && strings.HasPrefix(p, "units[].hours."):
		if strings.Contains(p, "[]") && strings.HasSuffix(p, "[]") {
			return p
		}
		return "units[].hours.*"
	}
	return p
}

func (p plan) row(part, pattern string) *row {
	for i := range p.rows {
		if r := &p.rows[i]; r.pattern == pattern && (part == "" || r.part == part) {
			return r
		}
	}
	return nil
}

func (p plan) group(part, pattern string) *group {
	for i := range p.groups {
		if g := &p.groups[i]; g.pattern == pattern && (part == "" || strings.Contains(","+g.part+",", ","+part+",")) {
			return g
		}
	}
	return nil
}
