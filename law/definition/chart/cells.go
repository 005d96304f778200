package chart

import (
	"strings"

	"pendopo/law/definition"
)

// does says what the actor does, in an active verb without a subject. The names
// of steps are what an applicant reads ("Being checked"), so the verb comes from
// the kind of step.
func (m *maker) does(s *definition.Step) string {
	product := m.s.Product.Name.In(m.lang)
	switch s.Kind {
	case definition.StepReview:
		switch {
		case s.Complete:
			return m.t("do_complete")
		case forwards(s):
			return m.t("do_forward")
		}
	case definition.StepDecide:
		if m.afterObjection(s) {
			return m.t("do_objection")
		}
		if has(s, definition.ActFinish) {
			return m.t(map[bool]string{true: "do_answer", false: "do_handle"}[forwards(s)])
		}
		if forwards(s) && !has(s, definition.ActReject) {
			return m.t("do_route")
		}
		if m.s.Product.Kind == "issued" && s.Actor.Role == m.s.Product.Signatory.Role {
			return m.t("do_sign")
		}
	case definition.StepIssue:
		return m.t("do_issue", "product", product)
	case definition.StepDeliver:
		return m.t("do_deliver_"+s.Actor.Who, "product", product)
	case definition.StepWait:
		if has(s, definition.ActConfirm) {
			return m.t("do_reply")
		}
		if !has(s, definition.ActObject) {
			return m.t("do_wait_plain")
		}
	case definition.StepParallel:
		return m.t("do_parallel", "n", len(s.Branches))
	case definition.StepConsult:
		return m.t("do_consult", "service", m.asked(s))
	case definition.StepMake:
		return m.t("do_make", "product", product, "system", m.s.Product.System)
	}
	return m.t("do_" + string(s.Kind))
}

// forwards reports whether a review hands the matter on without judging it.
func forwards(s *definition.Step) bool {
	return has(s, definition.ActForward) && !has(s, definition.ActApprove)
}

// afterObjection reports whether an objection leads to a step.
func (m *maker) afterObjection(s *definition.Step) bool {
	for i := range m.s.Flow.Steps {
		for _, a := range m.s.Flow.Steps[i].Actions {
			if a.Kind == definition.ActObject && a.To == s.ID {
				return true
			}
		}
	}
	return false
}

func has(s *definition.Step, kind definition.ActionKind) bool {
	for _, a := range s.Actions {
		if a.Kind == kind {
			return true
		}
	}
	return false
}

// asked is the service that a consultation asks.
func (m *maker) asked(s *definition.Step) string {
	if s.Consult == nil {
		return ""
	}
	if other := m.g.Service(s.Consult.Service); other != nil {
		return other.Name.In(m.lang)
	}
	return s.Consult.Service
}

// needs is the completeness that an activity starts from.
func (m *maker) needs(s *definition.Step) string {
	switch s.Kind {
	case definition.StepFill:
		return m.t("need_fill", "n", len(m.s.Standard.Requirements))
	case definition.StepReview:
		return m.t("need_review", "n", len(s.Checklist))
	case definition.StepMake:
		return m.t("need_make", "system", m.s.Product.System)
	case definition.StepDeliver:
		return m.s.Product.Name.In(m.lang)
	case definition.StepWait:
		if has(s, definition.ActConfirm) {
			return m.t("need_reply")
		}
	}
	return m.t("need_" + string(s.Kind))
}

// time is the limit of a step, and its other times under conditions.
func (m *maker) time(s *definition.Step) string {
	if s.Limit == nil {
		return ""
	}
	out := m.span(s.Limit.Within)
	for _, c := range s.Limit.Cases {
		out += "; " + m.t("time_case", "time", m.span(c.Within))
	}
	return out
}

// output is what an activity yields.
func (m *maker) output(s *definition.Step) string {
	product := m.s.Product.Name.In(m.lang)
	switch s.Kind {
	case definition.StepIssue, definition.StepMake:
		return m.t("out_numbered", "product", product)
	case definition.StepDeliver:
		return m.t("out_delivered", "product", product)
	case definition.StepReview:
		if forwards(s) {
			return m.t("out_forward")
		}
	case definition.StepWait:
		if has(s, definition.ActConfirm) {
			return m.t("out_reply")
		}
	case definition.StepDecide:
		if has(s, definition.ActFinish) {
			return m.t("out_handle")
		}
	}
	return m.t("out_" + string(s.Kind))
}

// note is what the symbols cannot say.
func (m *maker) note(s *definition.Step) string {
	var out []string
	add := func(key string, args ...any) { out = append(out, m.t(key, args...)) }
	if s.Complete && m.s.Limit.Starts == "complete" {
		add("note_complete", "time", m.span(m.s.Limit.Within))
	}
	for _, a := range s.Actions {
		switch a.Kind {
		case definition.ActReturn:
			add("note_return", "n", a.Most())
		case definition.ActReject:
			add("note_reject", "n", len(a.Reasons))
		case definition.ActSendBack:
			add("note_send_back", "n", a.Most())
		case definition.ActReopen:
			add("note_reopen", "n", a.Most())
		case definition.ActMerge:
			add("note_merge")
		}
	}
	if has(s, definition.ActAsk) {
		add("note_ask")
	}
	if s.Limit != nil && s.Limit.Starts == "told" {
		add("note_told")
	}
	for _, x := range s.Straight {
		add("note_straight", "basis", x.Basis)
	}
	if s.Kind == definition.StepParallel {
		add("note_parallel", "rows", m.branchRows(s))
	}
	if s.Kind == definition.StepConsult && s.Consult != nil {
		if other := m.g.Service(s.Consult.Service); other != nil {
			add("note_consult", "time", m.span(other.Limit.Within))
		}
	}
	if len(s.Stops) > 0 {
		add("note_stops")
	}
	if s.Limit != nil {
		if late := m.lateness(s.Limit); late != "" && s.Kind != definition.StepWait {
			out = append(out, late)
		}
	}
	return strings.Join(out, " ")
}

// branchRows are the numbers of the rows at which branches begin.
func (m *maker) branchRows(s *definition.Step) string {
	var out []string
	for _, b := range s.Branches {
		out = append(out, itoa(m.row(b)+1))
	}
	return strings.Join(out, ", ")
}

// lateness says what happens when a limit passes.
func (m *maker) lateness(l *definition.Limit) string {
	var out []string
	for _, late := range l.Late {
		who := m.role(late.Role)
		if u := m.g.Unit(late.Unit); u != nil && u.Code != "" {
			who += " (" + u.Code + ")"
		}
		out = append(out, m.t("late_"+late.Do, "who", who, "basis", late.Basis))
	}
	if len(out) == 0 {
		return ""
	}
	return m.t("late", "what", strings.Join(out, "; "))
}
