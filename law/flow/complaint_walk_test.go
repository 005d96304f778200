package flow_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// What the random walks do beside the actions of a step, where a service has it:
// notice, messages, the public side, help, another case merged into this one.

// beside are those things, for the walk to have seen.
func beside(s *definition.Service) (out []string) {
	if s.Messages {
		out = append(out, "wrote", "told", "took in")
	}
	if s.Public != nil {
		out = append(out, "published", "hidden", "published with an act")
	}
	if slices.ContainsFunc(s.Flow.Steps, func(step definition.Step) bool { return asksHelp(&step) }) {
		out = append(out, "helping", "helped", "recalled")
	}
	for i := range out {
		out[i] = s.ID + " " + out[i]
	}
	return out
}

func asksHelp(s *definition.Step) bool {
	return slices.ContainsFunc(s.Actions, func(a definition.Action) bool { return a.Kind == definition.ActAsk })
}

// varyTold draws what a reporter says.
func (r *run) varyTold(rnd *rand.Rand) {
	if r.b.ID == "pengaduan" {
		r.answers["kind"] = []string{"pengaduan", "aspirasi", "informasi"}[rnd.IntN(3)]
		r.answers["confidential"] = []string{"ya", "tidak", "tidak"}[rnd.IntN(3)]
	}
	if r.b.Vault != nil && rnd.IntN(3) == 0 {
		r.answers["anonymous"] = "ya"
		delete(r.answers, "name")
		delete(r.answers, "phone")
	}
}

// aside draws what moves no step.
func (r *run) aside(rnd *rand.Rand) (flow.Command, string, bool) {
	if c, what, ok := r.theSystem(rnd); ok {
		return c, what, true
	}
	switch rnd.IntN(12) {
	case 0:
		if r.b.Messages {
			return flow.Command{Do: flow.DoWrite, By: applicant, Note: "Masih menunggu."}, "wrote", true
		}
	case 1:
		if step := r.b.Step(r.state.Step); r.b.Public != nil && step != nil && step.Publish {
			c := flow.Command{Do: flow.DoPublish, By: r.state.Holder, Public: &flow.Words{Title: "Jalan berlubang", Text: "Sedang ditangani."}}
			if rnd.IntN(2) == 0 && len(r.state.Files) > 0 {
				c.Photos = []string{r.state.Files[0].ID}
			}
			return c, "published", true
		}
	case 2:
		if r.state.Public != nil {
			return flow.Command{Do: flow.DoHide, By: at("setda", "koordinator_pengaduan"), Reason: "personal_data"}, "hidden", true
		}
	case 3:
		if open := r.state.Helping(""); len(open) > 0 {
			return flow.Command{Do: flow.DoRecallAsked, By: r.state.Holder, Asked: open[0].ID}, "recalled", true
		}
	case 4:
		if r.b.Messages && len(r.state.Merged) < 2 {
			return flow.Command{Do: flow.DoTookIn, By: system, Into: fmt.Sprint("other-", len(r.state.Merged))}, "took in", true
		}
	}
	return flow.Command{}, "", false
}

// theSystem draws what jobs bring: notice of where the case is, the case by which
// help is given, and its end.
func (r *run) theSystem(rnd *rand.Rand) (flow.Command, string, bool) {
	step := r.b.Step(r.state.Step)
	if step != nil && step.Limit != nil && step.Limit.Starts == "told" && rnd.IntN(2) == 0 {
		return flow.Command{Do: flow.DoTold, By: system}, "told", true
	}
	for _, q := range r.state.Helping("") {
		switch {
		case rnd.IntN(2) == 0:
		case q.Case == "":
			return flow.Command{Do: flow.DoConsulted, By: system, Asked: q.ID}, "helping", true
		default:
			return flow.Command{Do: flow.DoAnswered, By: system, Asked: q.ID}, "helped", true
		}
	}
	return flow.Command{}, "", false
}

// learned are the facts of what the system does.
func (r *run) learned(c flow.Command) (f flow.Facts) {
	switch c.Do {
	case flow.DoTold:
		f.Told = &flow.Told{Notice: "step", Channel: flow.Means()[int(r.state.Version)%6], Step: r.state.Step, At: r.now}
	case flow.DoTookIn:
		f.From = c.Into
	case flow.DoConsulted, flow.DoAnswered:
		q, ok := r.state.Question(c.Asked)
		if !ok {
			return f
		}
		if c.Do == flow.DoConsulted {
			q.Case = "case of " + q.ID
		} else {
			q.Outcome = "granted"
			f.Report, f.Files = flow.Private{Given: form.Answers{"work_words": "Sudah ditambal"}}, []fold.File{{ID: "upload-after", Hash: "h"}}
		}
		f.Asked = &q
	}
	return f
}

// passOn fills in what the actions ask for by which a matter is passed around.
func (r *run) passOn(rnd *rand.Rand, step *definition.Step, a *definition.Action, c *flow.Command) {
	c.Given = given(rnd, a)
	for _, v := range c.Given {
		if ids, ok := v.([]string); ok {
			for _, id := range ids {
				c.Files = append(c.Files, fold.File{ID: id, Hash: "h"})
			}
		}
	}
	c.Note = "Penjelasan"
	switch a.Kind {
	case definition.ActDispatch, definition.ActAsk:
		c.Unit = []string{"dlh", "dpupr", "dishub", "kel-sekararum"}[rnd.IntN(4)]
	case definition.ActSendBack:
		if r.state.Returns[step.ID] > 0 {
			c.By.Role = a.Over
		}
	case definition.ActMerge:
		c.Into = "another"
	case definition.ActConfirm, definition.ActReopen:
		c.By = applicant
	case definition.ActReturn:
		if slices.Contains(complaints(), r.b.ID) {
			c.Defects = []flow.Defect{{ID: "what", Words: "Kurang jelas"}}
		}
	}
	if step.Publish && rnd.IntN(4) == 0 && r.answers["confidential"] == "tidak" && a.Kind != definition.ActWithdraw {
		c.Public = &flow.Words{Title: "Laporan", Text: "Ditangani."}
	}
}

// given answers what an action asks.
func given(rnd *rand.Rand, a *definition.Action) form.Answers {
	if len(a.Fields) == 0 {
		return nil
	}
	out := form.Answers{}
	for _, f := range a.Fields {
		switch f.Kind {
		case definition.KindChoice:
			out[f.ID] = f.Choices[rnd.IntN(len(f.Choices))].ID
		case definition.KindFile:
			out[f.ID] = []string{"upload-" + f.ID}
		case definition.KindText:
			out[f.ID] = "Kata petugas"
		}
	}
	return out
}

// afterwards does what may still be done when a case has ended.
func (r *run) afterwards(rnd *rand.Rand, seen visits) {
	for range 3 {
		c := []flow.Command{
			{Do: flow.DoWrite, By: applicant, Note: "Terima kasih."}, {Do: flow.DoTold, By: system},
			{Do: flow.DoTookIn, By: system, Into: "late"}, {Do: flow.DoHide, By: at("setda", "koordinator_pengaduan"), Reason: "harm"},
		}[rnd.IntN(4)]
		before := r.state
		if err := r.do(c, r.facts(c)); err == nil {
			r.note(seen, c.Do)
			r.hold(before, c.Do+" afterwards")
		}
	}
}

// complaintHolds are the promises that complaints add.
func (r *run) complaintHolds(before fold.Case) string {
	for _, broken := range []string{r.toldOnce(), r.sentBackOnce(), r.asksHere(), r.staysPrivate(), r.movesNothing(before)} {
		if broken != "" {
			return broken
		}
	}
	return ""
}

// toldOnce: however often notice is given, it begins one deadline for each time
// that the case comes to the step.
func (r *run) toldOnce() string {
	begun := map[string]int{}
	for _, m := range r.state.Marks {
		if m.To != "" {
			begun[m.To] = 0
		}
		if m.Kind == fold.Told && m.Deadline != "" {
			if begun[m.Deadline]++; begun[m.Deadline] > 1 {
				return "a second notice began " + m.Deadline + " again"
			}
		}
	}
	for _, step := range r.b.Flow.Steps {
		d, running := r.state.Deadline(step.ID)
		if step.Limit != nil && step.Limit.Starts == "told" && running && d.State == fold.Running && begun[step.ID] != 1 {
			return step.ID + " runs and nobody was told"
		}
	}
	return ""
}

// sentBackOnce: who says a second time that a case is not theirs is a supervisor.
func (r *run) sentBackOnce() string {
	times := map[string]int{}
	for _, m := range r.state.Marks {
		if m.Kind != fold.SentBack {
			continue
		}
		for _, a := range r.b.Step(m.Step).Actions {
			if a.Kind == definition.ActSendBack && times[m.Step] >= a.Most() && m.By.Role != a.Over {
				return "sent back once too often by " + m.By.Role
			}
		}
		times[m.Step]++
	}
	return ""
}

// asksHere: no question outlives the step at which it was asked, and what is
// finished leaves none open.
func (r *run) asksHere() string {
	for _, q := range r.state.Helping("") {
		if !r.state.At(q.Step) {
			return "a question of " + q.Step + " is open elsewhere"
		}
	}
	seen := map[string]bool{}
	for _, q := range r.state.Asked {
		if seen[q.ID] {
			return "two questions are " + q.ID
		}
		seen[q.ID] = q.ID != ""
	}
	return ""
}

// staysPrivate: what the reporter wants kept is never shown, and no event names
// the reporter.
func (r *run) staysPrivate() string {
	if r.state.Public != nil && r.state.Answers["confidential"] == "ya" {
		return "a confidential report is shown"
	}
	return ""
}

// movesNothing: messages, notice and the public side change no step, turn or unit.
func (r *run) movesNothing(before fold.Case) string {
	last := r.state.Marks[len(r.state.Marks)-1]
	if !slices.Contains([]string{fold.Wrote, fold.Told, fold.Published, fold.Hidden, fold.TookIn, fold.Asking, fold.Recalled}, last.Kind) {
		return ""
	}
	moved := func(c fold.Case) string {
		return strings.Join([]string{c.Step, c.Outcome, c.Unit, c.Holder.Role, c.Holder.Unit}, "|")
	}
	if diff := differs(moved(before), moved(r.state)); diff != "" {
		return last.Kind + " moved the case: " + diff
	}
	return ""
}
