package caseview

import (
	"time"

	"pendopo/kernel/page"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/web/component/tag"
)

// Words puts one case into words of one language.
type Words struct {
	Printer    *page.Printer
	Government *definition.Government
	Service    *definition.Service // as the case is bound to it
	Zone       *time.Location      // of the unit that handles the case
}

// Tag is the state in one word, shape and colour.
func (w Words) Tag(c fold.Case, now time.Time) tag.View {
	kind, key := tag.Work, "caseview.tag_work"
	_, standing := c.Standing()
	switch {
	case c.Into != "":
		kind, key = tag.Done, "caseview.tag_merged"
	case c.Outcome == definition.Closed && Silent(c):
		kind, key = tag.Done, "caseview.tag_silence"
	case c.Revoked != "":
		kind, key = tag.Bad, "caseview.tag_revoked"
	case c.Outcome == definition.Granted:
		kind, key = tag.Good, "caseview.tag_granted"
	case c.Outcome == definition.Rejected:
		kind, key = tag.Bad, "caseview.tag_rejected"
	case c.Outcome == definition.Withdrawn:
		kind, key = tag.Done, "caseview.tag_withdrawn"
	case c.Outcome != "":
		kind, key = tag.Done, "caseview.tag_closed"
	case c.Ready():
		kind, key = tag.Good, "caseview.tag_granted"
	case w.waits(c):
		kind, key = tag.Bad, "caseview.tag_rejected"
	case c.Holder.Who == "applicant":
		kind, key = tag.Wait, "caseview.tag_yours"
	case standing:
		kind, key = tag.Pause, "caseview.tag_stopped"
	case Late(c, now):
		kind, key = tag.Late, "caseview.tag_late"
	}
	return tag.View{Kind: kind, Text: w.Say(key)}
}

// Noun is what a case of the service is called: "report" where it yields an answer
// and no product, "" for an application. A text whose key ends in _report is said in
// place of the one without.
func Noun(s *definition.Service) string {
	if s != nil && s.Product.Kind == "answer" {
		return "report"
	}
	return ""
}

// Say is a text about a case, in the words of its noun. On a page about one case
// page.About makes every text so; Say is for lists of many.
func (w Words) Say(key string, args ...any) string {
	if n := Noun(w.Service); n != "" && w.Printer.Has(key+"_"+n) {
		key += "_" + n
	}
	return w.Printer.T(key, args...)
}

// Matter is what a case is, in a list of many: its service, and of a report what it is
// about. That is clear, or no list may say it.
func (w Words) Matter(c fold.Case) string {
	name := w.Printer.Of(w.Service.Name)
	if w.Service.Public == nil {
		return name
	}
	f := w.Service.Field(w.Service.Public.Category)
	if f == nil || f.Personal {
		return name
	}
	for _, choice := range f.Choices {
		if choice.ID == c.Answers[f.ID] {
			return name + ": " + w.Printer.Of(choice.Text)
		}
	}
	return name
}

// Silent says that a case was closed because its applicant said nothing.
func Silent(c fold.Case) bool {
	if len(c.Marks) == 0 || c.Into != "" {
		return false
	}
	for i := len(c.Marks) - 1; i >= 0; i-- {
		if m := c.Marks[i]; m.Outcome != "" {
			return m.Kind == fold.Lapsed
		}
	}
	return false
}

// waits is a rejection that may still be objected to.
func (w Words) waits(c fold.Case) bool {
	step := w.Service.Step(c.Step)
	return step != nil && step.Kind == definition.StepWait && c.Reason != ""
}

// Late reports whether a clock that binds the government has run out.
func Late(c fold.Case, now time.Time) bool {
	for _, d := range c.Deadlines {
		if !d.Pauses && d.ID != fold.CaseDeadline {
			continue
		}
		if d.ID != fold.CaseDeadline && !c.At(d.ID) {
			continue
		}
		if d.State == fold.Missed || d.State == fold.Running && !d.Due.IsZero() && now.After(d.Due) {
			return true
		}
	}
	return false
}

// Where is the step the case is at, or how it ended.
func (w Words) Where(c fold.Case) string {
	switch {
	case c.Into != "":
		return w.Say("caseview.merged")
	case c.Outcome == definition.Closed && Silent(c):
		return w.Say("caseview.silence")
	case c.Outcome != "":
		return w.Say("caseview.outcome_" + c.Outcome)
	}
	return w.Step(c.Step)
}

// Step is the name of a step.
func (w Words) Step(id string) string {
	if s := w.Service.Step(id); s != nil {
		return w.Printer.Of(s.Name)
	}
	return ""
}

// Help is what a step means for the applicant.
func (w Words) Help(id string) string {
	if s := w.Service.Step(id); s != nil {
		return w.Printer.Of(s.Help)
	}
	return ""
}

// Holder names an office and not a person.
func (w Words) Holder(h fold.Holder) string {
	switch h.Who {
	case "applicant":
		return w.Say("caseview.applicant")
	case "system":
		return w.Printer.T("caseview.by_law")
	}
	role, unit := w.Role(h.Role), w.Unit(h.Unit)
	if role == "" || unit == "" {
		return role + unit
	}
	return role + ", " + unit
}

// Called is whom lateness called in: a role at the unit whose turn it is, or at
// another one.
func (w Words) Called(post string) string {
	role, unit := fold.Post(post)
	if unit == "" {
		return w.Role(role)
	}
	return w.Holder(fold.Holder{Who: "role", Role: role, Unit: unit})
}

// Role is the name of a role.
func (w Words) Role(id string) string {
	if r := w.Government.Role(id); r != nil {
		return w.Printer.Of(r.Name)
	}
	return ""
}

// Unit is the name of a unit.
func (w Words) Unit(id string) string {
	if u := w.Government.Unit(id); u != nil {
		return w.Printer.Of(u.Name)
	}
	return ""
}

// Reason is the words of a stop's or a rejection's reason, with its basis.
func (w Words) Reason(id string) string {
	switch id {
	case fold.StopReturned:
		return w.Printer.T("caseview.stop_returned")
	case fold.StopSuspended:
		return w.Printer.T("caseview.stop_suspended")
	case fold.HiddenKept:
		return w.Printer.T("caseview.hidden_kept")
	case fold.HiddenWithdrawn:
		return w.Printer.T("caseview.hidden_withdrawn")
	}
	if s := w.Service.Stop(id); s != nil {
		return w.Printer.Of(s.Text)
	}
	for _, step := range w.Service.Flow.Steps {
		for _, a := range step.Actions {
			for _, r := range a.Reasons {
				if r.ID == id {
					return w.reason(r)
				}
			}
		}
	}
	if p := w.Service.Public; p != nil {
		for _, r := range p.Reasons {
			if r.ID == id {
				return w.reason(r)
			}
		}
	}
	return ""
}

// Opening is why who told a case was opened to its guards.
func (w Words) Opening(id string) string {
	if v := w.Service.Vault; v != nil {
		for _, r := range v.Reasons {
			if r.ID == id {
				return w.reason(r)
			}
		}
	}
	return ""
}

func (w Words) reason(r definition.Reason) string {
	if r.Basis == "" {
		return w.Printer.Of(r.Text)
	}
	return w.Printer.T("caseview.reason_basis", "reason", w.Printer.Of(r.Text), "basis", r.Basis)
}

// Span is a time limit in words; one that cannot be read is shown as written.
func (w Words) Span(within string) string {
	s, err := deadline.ParseSpan(within)
	if err != nil {
		return within
	}
	return s.In(w.Printer.T)
}

// Clock is the deadline everybody watches: the promised limit of the service,
// or the limit of the present step before that one runs and after it was met: what
// was opened again is not on time because it once was.
func Clock(c fold.Case) (fold.Deadline, bool) {
	promised, ok := c.Deadline(fold.CaseDeadline)
	step, own := c.Deadline(c.Step)
	own = own && step.State != fold.Met
	if ok && (promised.State != fold.Met || c.Ready() || !own) {
		return promised, true
	}
	return step, own
}
