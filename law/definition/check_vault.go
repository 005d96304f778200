package definition

import (
	"fmt"
	"slices"
	"strings"

	"pendopo/law/rule/expr"
)

// vault checks what is kept apart of who tells something: that it can be, and
// that nothing else names it.
func (c *checks) vault() {
	first := c.vaultFields()
	v := c.service.Vault
	switch {
	case v == nil && first == "":
		return
	case v == nil:
		if !c.has("vault") {
			c.at(first, "vault_missing")
		}
		return
	case first == "":
		if c.clean("form") {
			c.at("vault", "vault_without_fields")
		}
		return
	}
	c.anonymous(v.Anonymous)
	c.guards(v.Guard)
	c.distinct(len(v.Reasons), "vault.reasons[%d].id", func(i int) string { return v.Reasons[i].ID })
	if c.has("vault.reasons") && len(v.Reasons) == 0 && c.clean("vault.reasons") {
		c.at("vault.reasons", "empty_list")
	}
	c.vaultNamed()
}

// vaultFields reports parts of the identity that do not stand on a page by
// themselves, and gives the place of the first that does.
func (c *checks) vaultFields() (first string) {
	var walk func(at string, fields []Field, inside bool)
	walk = func(at string, fields []Field, inside bool) {
		for i := range fields {
			at := fmt.Sprintf("%s.fields[%d]", at, i)
			switch f := &fields[i]; {
			case f.Vault && inside:
				c.at(at+".vault", "vault_inside")
			case f.Vault && first == "":
				first = at + ".vault"
			}
			walk(at, fields[i].Fields, true)
			for j := range fields[i].Instead {
				walk(fmt.Sprintf("%s.instead[%d]", at, j), fields[i].Instead[j].Fields, true)
			}
		}
	}
	for i, p := range c.service.Form.Pages {
		walk(fmt.Sprintf("form.pages[%d]", i), p.Fields, false)
	}
	return first
}

// anonymous: everyone is asked whether to be named, and the answer is no secret.
func (c *checks) anonymous(id string) {
	if id == "" {
		return
	}
	f := c.service.Field(id)
	if f == nil {
		c.at("vault.anonymous", "unknown_field", "field", id)
		return
	}
	if f.Kind == "" {
		return
	}
	said := []string{}
	for _, x := range f.Choices {
		said = append(said, x.ID)
	}
	slices.Sort(said)
	if f.Kind != KindChoice || f.Personal || !c.service.Always(id) || !slices.Equal(said, []string{"tidak", "ya"}) {
		c.at("vault.anonymous", "vault_anonymous", "field", id)
	}
}

// guards: somebody of a certain unit, never of whichever has the case, and one
// of them always of a unit that no case of the service comes to by itself.
func (c *checks) guards(posts Posts) {
	if !c.has("vault.guard") || !c.clean("vault.guard") {
		return
	}
	if len(posts) == 0 {
		c.at("vault.guard", "empty_list")
	}
	for i, a := range posts {
		c.guard(fmt.Sprintf("vault.guard[%d]", i), a, posts[:i])
	}
	if taking := c.service.Taking(); c.clean("vault.guard") {
		if _, left := posts.Outside(taking); !left {
			c.at("vault.guard", "vault_guards_all", "units", strings.Join(taking, ", "))
		}
	}
}

// guard checks one post; a second of the same unit is never the first that is free.
func (c *checks) guard(at string, a Actor, before Posts) {
	unit := c.first(at+".unit", at)
	c.knownRole(c.first(at+".role", at), a.Role)
	switch {
	case a.Who != "role" || a.Unit == "":
		c.at(unit, "vault_guard")
	case slices.ContainsFunc(before, func(b Actor) bool { return b.Unit == a.Unit }):
		c.at(unit, "vault_guard_twice", "unit", a.Unit)
	default:
		c.knownUnit(unit, a.Unit)
	}
}

// vaultNamed reports lists that name a part of the identity where it never is.
func (c *checks) vaultNamed() {
	named := func(at string, id string) {
		if f := c.service.Field(id); f != nil && f.Vault {
			c.at(at, "vault_named", "field", id)
		}
	}
	for i, s := range c.service.Flow.Steps {
		at := fmt.Sprintf("flow.steps[%d]", i)
		for j, id := range s.Sees {
			named(fmt.Sprintf("%s.sees[%d]", at, j), id)
		}
		for j, line := range s.Checklist {
			for k, id := range line.Fields {
				named(fmt.Sprintf("%s.checklist[%d].fields[%d]", at, j, k), id)
			}
		}
	}
}

// vaulted reports the use of a part of the identity in a rule of anything but
// its own page, and says whether it did.
func (c *checks) vaulted(r expr.Rule, read expr.Read, page int) bool {
	f := c.service.Field(read.Name)
	if f == nil || !f.Vault {
		return false
	}
	if at, onForm := index(r.Path, "form.pages"); onForm && at == page && !strings.HasSuffix(r.Path, fmt.Sprintf("pages[%d].show", at)) {
		return false
	}
	c.inRule(r.Path, read.Line, read.Column, "vault_named", "field", read.Name)
	return true
}
