package definition

import (
	"fmt"
	"regexp"
	"slices"
)

// fee checks what the service costs: a sum, or a rule that computes it, for
// each case.
func (c *checks) fee() {
	fee := c.service.Standard.Fee
	if fee.Rupiah < 0 {
		c.at(c.first("standard.fee.rupiah", "standard.fee"), "not_positive")
	}
	for i, x := range fee.Cases {
		at := fmt.Sprintf("standard.fee.cases[%d]", i)
		switch {
		case c.has(at+".rupiah") == c.has(at+".amount"):
			c.at(at, "fee_one_of")
		case x.Rupiah < 0:
			c.at(at+".rupiah", "not_positive")
		}
	}
}

// variants checks the choice by which requirements and pages differ.
func (c *checks) variants() {
	id := c.service.Variants
	if id != "" {
		f := c.service.Field(id)
		switch {
		case f == nil:
			c.at("variants", "unknown_field", "field", id)
			return
		case f.Kind == "":
			return
		case f.Kind != KindChoice || f.Personal || !c.service.Always(id):
			c.at("variants", "variants_field", "field", id)
			return
		}
	}
	for i, r := range c.service.Standard.Requirements {
		c.variant(fmt.Sprintf("standard.requirements[%d].for", i), r.For)
	}
	for i, p := range c.service.Form.Pages {
		at := fmt.Sprintf("form.pages[%d].for", i)
		c.variant(at, p.For)
		if len(p.For) > 0 && id != "" && c.asked[id] >= i {
			c.at(at, "for_before_choice", "field", id)
		}
	}
}

// variant checks the list of variants of one requirement or page.
func (c *checks) variant(at string, ids []string) {
	if !c.has(at) {
		return
	}
	if c.service.Variants == "" {
		c.at(at, "for_without_variants")
		return
	}
	f := c.service.Field(c.service.Variants)
	var known []string
	for _, choice := range f.Choices {
		known = append(known, choice.ID)
	}
	c.distinct(len(ids), at+"[%d]", func(i int) string { return ids[i] })
	for i, id := range ids {
		if id != "" && !slices.Contains(known, id) {
			c.at(fmt.Sprintf("%s[%d]", at, i), "unknown_variant", "variant", id, "known", nearestFirst(id, known))
		}
	}
	if len(ids) == 0 && c.clean(at) {
		c.at(at, "empty_list")
	}
}

// substitutes checks what may be brought in the place of a requirement.
func (c *checks) substitutes() {
	for i, r := range c.service.Standard.Requirements {
		at := fmt.Sprintf("standard.requirements[%d].instead", i)
		c.distinct(len(r.Instead), at+"[%d].id", func(j int) string { return r.Instead[j].ID })
	}
}

var reminderShape = regexp.MustCompile(`^([a-z][a-z0-9_]*)([+-]\d{1,4}[dmy])$`)

// later checks what happens after the end: the survey and the reminders.
func (c *checks) later() {
	if s := c.service.Survey; s != nil {
		c.distinct(len(s.Questions), "survey.questions[%d].id", func(i int) string { return s.Questions[i].ID })
	}
	list := c.service.Reminders
	c.distinct(len(list), "reminders[%d].id", func(i int) string { return list[i].ID })
	for i, r := range list {
		c.reminder(fmt.Sprintf("reminders[%d].at", i), r.At)
	}
}

func (c *checks) reminder(at, when string) {
	if when == "" {
		return
	}
	m := reminderShape.FindStringSubmatch(when)
	if m == nil {
		c.at(at, "reminder_shape", "at", when)
		return
	}
	switch f := c.service.Field(m[1]); {
	case m[1] == "issued":
	case m[1] == "valid_until" && c.service.Product.Validity == "":
		c.at(at, "reminder_validity")
	case m[1] == "valid_until":
	case f == nil:
		c.at(at, "unknown_field", "field", m[1])
	case f.Kind != KindDate && f.Kind != "":
		c.at(at, "reminder_field", "field", m[1])
	}
}
