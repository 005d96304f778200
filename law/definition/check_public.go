package definition

import (
	"fmt"
	"slices"

	"pendopo/law/rule/expr"
)

// public checks what of a case everybody may read.
func (c *checks) public() {
	p := c.service.Public
	c.publishing(p)
	if p == nil {
		return
	}
	for _, x := range []struct {
		key, id  string
		kind     Kind
		personal bool // the officer writes it anew
	}{
		{"title", p.Title, KindText, true}, {"text", p.Text, KindText, true}, {"photos", p.Photos, KindFile, true},
		{"category", p.Category, KindChoice, false}, {"kind", p.Kind, KindChoice, false},
		{"region", p.Region, KindRegion, false}, {"place", p.Place, KindPoint, false},
	} {
		at, f := "public."+x.key, c.service.Field(x.id)
		switch {
		case x.id == "":
		case f == nil:
			c.at(at, "unknown_field", "field", x.id)
		case f.Kind == "":
		case f.Kind != x.kind || f.Personal != x.personal || f.Vault || f.Kind == KindFile && !slices.Equal(f.Accept, []string{"image"}):
			c.at(at, "public_field", "field", x.id, "kind", string(x.kind))
		}
	}
	c.distinct(len(p.Reasons), "public.reasons[%d].id", func(i int) string { return p.Reasons[i].ID })
	if c.has("public.reasons") && len(p.Reasons) == 0 && c.clean("public.reasons") {
		c.at("public.reasons", "empty_list")
	}
}

// publishing: an officer looks before everybody does.
func (c *checks) publishing(p *Public) {
	found := false
	for i, s := range c.service.Flow.Steps {
		at := fmt.Sprintf("flow.steps[%d].publish", i)
		switch {
		case !s.Publish:
			continue
		case p == nil && !c.has("public"):
			c.at(at, "publish_without_public")
		case s.Actor.Who != "role" && s.Actor.Who != "":
			c.at(at, "publish_of_officer")
		}
		found = true
	}
	if p != nil && !found && c.clean("flow") {
		c.at("public", "public_without_step")
	}
}

// shown checks a read of the rule that keeps a case from the public: it is asked
// without opening anything.
func (c *checks) shown(r expr.Rule, read expr.Read) {
	if f := c.service.Field(read.Name); r.Path == "public.unless" && f != nil && f.Personal && !slices.Contains([]string{expr.Today, expr.Received, expr.Channel}, read.Name) {
		c.inRule(r.Path, read.Line, read.Column, "public_unless", "field", read.Name)
	}
}
