package portal

import (
	"slices"

	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/flow"
)

// Who told something is in a vault, and is asked for again only when the reporter
// wants to change it: leaving it out of what is sent leaves it as it was. Nothing of
// it is shown, for the door cannot open it.

// keepsContact reports that name and contact are in the vault, and that nothing that
// was asked for is about them.
func (x *repair) keepsContact() bool {
	return x.Case.Vault != "" && !slices.ContainsFunc(x.Defects, func(d flow.Defect) bool {
		f := x.Bound.Service.Field(d.ID)
		return f != nil && f.Vault
	})
}

// anew reports that name and contact are asked for though there are some.
func (x *repair) anew() bool { return x.Case.Vault != "" && x.Form == x.Bound.Form }

// askContact asks for name and contact anew.
func (x *repair) askContact() {
	if x.Form == x.Bound.Form {
		return
	}
	x.Form = x.Bound.Form
	x.settle(x.Env)
	for _, id := range x.Form.Pages(x.Env) {
		if x.vaulted(id) && !slices.Contains(x.Pages, id) {
			x.Pages = append(x.Pages, id)
		}
	}
}

// givenAnew reports that something was typed where name and contact are asked for anew.
func (x *repair) givenAnew(in input) bool {
	return in.Get("contact") != "" && slices.ContainsFunc(x.Bound.Form.Pages(x.Env), func(id string) bool {
		return slices.ContainsFunc(pageOf(x.Bound.Service, id).Fields, func(f definition.Field) bool { return f.Vault && in.Get(f.ID) != "" })
	})
}

// vaulted reports whether a page asks for a part of the identity.
func (x *repair) vaulted(pageID string) bool {
	for _, f := range pageOf(x.Bound.Service, pageID).Fields {
		if f.Vault {
			return true
		}
	}
	return false
}

// unmasks reports that somebody who told without a name wants to be named now: of
// that there is nothing in the vault.
func (x *repair) unmasks() bool {
	v := x.Bound.Service.Vault
	return v != nil && x.Case.Answers[v.Anonymous] != openly && x.Answers[v.Anonymous] == openly
}

// openly is the answer of who may be named to those who handle the report.
const openly = "tidak"

// keptWords says of name and contact that they are not asked again. Of who stays
// unnamed it says nothing, not even whether there is anything.
func (x *repair) keptWords(words *page.Printer) string {
	switch v := x.Bound.Service.Vault; {
	case v == nil || x.Form == x.Bound.Form:
		return ""
	case x.Answers[v.Anonymous] != openly:
		return words.T("portal.fix_contact_hidden")
	}
	return words.T("portal.fix_contact_kept")
}
