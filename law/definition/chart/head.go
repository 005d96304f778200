package chart

import (
	"strconv"
	"strings"

	"pendopo/law/definition"
)

// Head is what the identity sheet says that no definition holds. Dates are in
// the words they are to be printed in; an empty one leaves a line to write on.
type Head struct {
	Number    string // nomor SOP; without it the unit's code and the service's id
	Made      string
	Revised   string
	Effective string
}

// identity is the identity sheet in words.
type identity struct {
	government, unit string
	facts            []fact // the small table at the right
	boxes            []fact // two in a row
}

type fact struct {
	label string
	lines []string
}

func (m *maker) identity(h Head) identity {
	unit, signs, code := m.unit()
	if h.Number == "" {
		h.Number = strings.ToUpper(code + "/" + m.s.ID)
	}
	one := func(key, words string) fact {
		if words == "" {
			words = blank
		}
		return fact{m.t(key), []string{words}}
	}
	return identity{
		government: m.g.Profile.Name.In(m.lang), unit: unit,
		facts: []fact{
			one("head_number", h.Number), one("head_made", h.Made), one("head_revised", h.Revised), one("head_effective", h.Effective),
			{m.t("head_approved"), []string{signs, "", "", blank}}, one("head_name", m.s.Name.In(m.lang)),
		},
		boxes: []fact{
			{m.t("head_basis"), m.basis()}, {m.t("head_qualification"), []string{m.s.Standard.Competence.In(m.lang), m.s.Standard.Staff.In(m.lang)}},
			{m.t("head_related"), m.related()}, {m.t("head_equipment"), []string{m.s.Standard.Facilities.In(m.lang), m.t("equipment_system")}},
			{m.t("head_warning"), m.warning()}, {m.t("head_record"), m.record()},
		},
	}
}

// blank is a line to write on.
const blank = "........................................"

// unit is the office that answers for the service, who signs for it, and its code.
func (m *maker) unit() (name, head, code string) {
	if u := m.g.Unit(m.s.Unit.Unit); u != nil {
		return u.Name.In(m.lang), or(u.Head.In(m.lang), m.g.Profile.Head.In(m.lang)), or(u.Code, u.ID)
	}
	if r := m.g.Role(m.s.Product.Signatory.Role); r != nil {
		return m.t("unit_region"), r.Name.In(m.lang), "SOP"
	}
	return m.t("unit_region"), m.g.Profile.Head.In(m.lang), "SOP"
}

func (m *maker) basis() []string {
	var out []string
	for _, b := range m.s.Standard.LegalBasis {
		line := b.Norm
		if text := b.Text.In(m.lang); text != "" {
			line += " (" + text + ")"
		}
		out = append(out, line)
	}
	return numbered(out)
}

// related are the procedures that this one hangs together with.
func (m *maker) related() []string {
	out := []string{m.t("related_standard", "service", m.s.Name.In(m.lang)), m.t("related_complaints")}
	for i := range m.s.Flow.Steps {
		if s := &m.s.Flow.Steps[i]; s.Kind == definition.StepConsult {
			out = append(out, m.t("related_procedure", "service", m.asked(s)))
		}
	}
	return numbered(out)
}

func (m *maker) warning() []string {
	promise := "promise"
	if m.s.Limit.Starts == "complete" {
		promise = "promise_complete"
	}
	out := []string{m.t(promise, "time", m.span(m.s.Limit.Within))}
	if late := m.lateness(&m.s.Limit); late != "" {
		out = append(out, late)
	}
	out = append(out, m.t("warning_withdraw"))
	for i := range m.s.Flow.Steps {
		if has(&m.s.Flow.Steps[i], definition.ActReturn) {
			return numbered(append(out, m.t("warning_return")))
		}
	}
	return numbered(out)
}

func (m *maker) record() []string {
	out := []string{m.t("record_events")}
	if m.s.Product.Numbering != "" {
		out = append(out, m.t("record_numbers", "product", m.s.Product.Name.In(m.lang)))
	}
	return numbered(append(out, m.t("record_kept", "n", m.s.Retention.Years, "basis", m.s.Retention.Basis)))
}

func numbered(lines []string) []string {
	for i := range lines {
		lines[i] = itoa(i+1) + ". " + lines[i]
	}
	return lines
}

func itoa(n int) string { return strconv.Itoa(n) }

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
