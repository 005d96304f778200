package flow_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pendopo/kernel/event"
	"pendopo/law/fold"
)

// tale is what a plain reading of the events says of a case, written without
// the fold's types: members of JSON, one event after the other.
type tale struct {
	step, outcome, turn, number, basis, reason string
	version                                    int64
	returns                                    int
	deadlines                                  map[string]string // id → state and due
	stops                                      []string
	pending, seen, files                       []any             // papers awaited, looked at, kept
	branches                                   []string          // in the order in which they began,
	on                                         map[string]string // each with its step, holder and escalation
	fee, made, revoked                         string

	unit, vault, into, asked, public string
	reopened                         int
	flags, merged, evidence          []any
	answers                          map[string]any
}

// reference reads events as a clerk would read a file, top to bottom.
func reference(events []event.Event) tale {
	t := tale{deadlines: map[string]string{}, on: map[string]string{}}
	for _, e := range events {
		var m map[string]any
		if err := json.Unmarshal(e.Clear, &m); err != nil {
			panic(err)
		}
		t.version = e.Version
		text := func(key string) string { s, _ := m[key].(string); return s }
		if to := text("to"); to != "" {
			t.step, t.outcome = to, ""
		}
		if out := text("outcome"); out != "" {
			t.step, t.outcome = "", out
		}
		if h, ok := m["holder"].(map[string]any); ok {
			t.turn = fmt.Sprint(h["who"], h["role"], h["unit"])
		}
		t.branch(m, text("to") != "" || text("outcome") != "")
		switch e.Kind {
		case "submitted":
			if m["fee"] != nil {
				t.fee = fmt.Sprint(m["fee"])
			}
		case "made":
			t.made = fmt.Sprint(m["made"])
		case "revoked":
			t.revoked = text("reason")
		case "returned", "sent_back":
			t.returns++
		case "numbered":
			t.number = text("number")
		case "rejected":
			t.reason = text("reason")
		}
		if b := text("basis"); b != "" && e.Kind == "lapsed" {
			t.basis = b
		}
		t.clocks(m)
		t.stop(m)
		t.papers(e.Kind, m)
		t.complaint(e.Kind, m)
	}
	return t
}

// complaint: who has it, what was added to it, with which cases it is bound up.
func (t *tale) complaint(kind string, m map[string]any) {
	text := func(key string) string { s, _ := m[key].(string); return s }
	switch kind {
	case "submitted":
		t.unit, t.vault = text("unit"), text("vault")
		t.flags, _ = m["flags"].([]any)
	case "dispatched", "sent_back":
		if u := text("unit"); u != "" {
			t.unit = u
		}
	case "reopened":
		t.reopened++
	case "merged":
		t.into = text("into")
	case "took_in":
		t.merged = append(t.merged, text("from"))
	case "published":
		t.public = fmt.Sprint(m["public"])
	case "hidden":
		t.public = ""
	}
	answers, _ := m["answers"].(map[string]any)
	switch kind {
	case "submitted", "resubmitted":
		t.answers = answers
		if len(t.evidence) > 0 {
			t.files = append(slices.Clip(t.files), t.evidence...)
		}
	case "papers":
		t.add(answers)
	default:
		t.add(answers)
		files, _ := m["files"].([]any)
		t.files, t.evidence = append(t.files, files...), append(t.evidence, files...)
	}
}

func (t *tale) add(answers map[string]any) {
	if len(answers) == 0 {
		return
	}
	all := maps.Clone(t.answers)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, answers)
	t.answers = all
}

// publicOf is the public side of a case as the reference prints it.
func publicOf(c fold.Case) string {
	if c.Public == nil {
		return ""
	}
	return fmt.Sprint(asJSON(c.Public))
}

// printed: no answers and none at all are alike.
func printed(v any) string {
	if m, ok := v.(map[string]any); !ok || len(m) == 0 {
		return ""
	}
	return fmt.Sprint(v)
}

// asJSON is a value as a reader of JSON meets it.
func asJSON(v any) (out any) {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		panic(err)
	}
	return out
}

// branch: whatever leads the case elsewhere ends its branches; an event says of
// those it names how they stand.
func (t *tale) branch(m map[string]any, elsewhere bool) {
	if elsewhere {
		t.branches, t.on = nil, map[string]string{}
	}
	list, _ := m["branches"].([]any)
	for _, x := range list {
		b := x.(map[string]any)
		id := b["id"].(string)
		if t.on[id] == "" {
			t.branches = append(t.branches, id)
		}
		h := b["holder"].(map[string]any)
		t.on[id] = fmt.Sprint(b["step"], h["who"], h["role"], h["unit"], b["escalated"], b["called"], b["arrived"])
	}
}

// papers: sending the form says anew what there is; what comes to the counter
// is added, and says what is still missing.
func (t *tale) papers(kind string, m map[string]any) {
	list := func(key string) []any { l, _ := m[key].([]any); return l }
	switch kind {
	case "submitted", "resubmitted":
		t.pending, t.seen, t.files = list("pending"), list("seen"), list("files")
	case "papers":
		t.pending, t.seen, t.files = list("pending"), append(t.seen, list("seen")...), append(t.files, list("files")...)
	}
}

func (t *tale) clocks(m map[string]any) {
	ends, _ := m["end"].([]any)
	for _, x := range ends {
		id := x.(map[string]any)["id"].(string)
		_, due, _ := strings.Cut(t.deadlines[id], " ")
		t.deadlines[id] = x.(map[string]any)["state"].(string) + " " + due
	}
	sets, _ := m["set"].([]any)
	for _, x := range sets {
		d := x.(map[string]any)
		t.deadlines[d["id"].(string)] = fmt.Sprint(d["state"], " ", d["due"])
	}
}

func (t *tale) stop(m map[string]any) {
	s, ok := m["stop"].(map[string]any)
	if !ok {
		return
	}
	if s["to"] == nil {
		t.stops = append(t.stops, fmt.Sprint(s["reason"], " stands"))
		return
	}
	for i, open := range t.stops {
		if open == fmt.Sprint(s["reason"], " stands") {
			t.stops[i] = fmt.Sprint(s["reason"], " over")
			return
		}
	}
}

// differs names the first thing in which the fold says otherwise.
func (t tale) differs(c fold.Case) string {
	h := map[string]any{"role": nilIfEmpty(c.Holder.Role), "unit": nilIfEmpty(c.Holder.Unit)}
	returns := 0
	for _, n := range c.Returns {
		returns += n
	}
	pairs := [][2]any{
		{t.step, c.Step}, {t.outcome, c.Outcome}, {t.number, c.Number}, {t.basis, c.Basis}, {t.reason, c.Reason},
		{t.version, c.Version}, {t.returns, returns}, {t.turn, fmt.Sprint(c.Holder.Who, h["role"], h["unit"])},
		{len(t.deadlines), len(c.Deadlines)}, {len(t.stops), len(c.Stops)},
		{len(t.branches), len(c.Branches)}, {t.fee, feeOf(c)}, {t.made, madeOf(c)}, {t.revoked, c.Revoked},
		{t.pending, c.Pending}, {t.seen, c.Seen}, {len(t.files), len(c.Files)}, {int64(len(c.Marks)), c.Version},
		{t.unit, c.Unit}, {t.vault, c.Vault}, {t.into, c.Into}, {t.reopened, c.Reopened}, {t.flags, c.Flags}, {t.merged, c.Merged},
		{len(t.evidence), len(c.Evidence)}, {t.public, publicOf(c)}, {len(t.answers), len(c.Answers)}, {printed(t.answers), printed(asJSON(c.Answers))},
	}
	for i, p := range pairs {
		if fmt.Sprint(p[0]) != fmt.Sprint(p[1]) {
			return fmt.Sprintf("%d: reference %v, fold %v", i, p[0], p[1])
		}
	}
	for i, b := range c.Branches {
		want := fmt.Sprint(nilIfEmpty(b.Step), b.Holder.Who, nilIfEmpty(b.Holder.Role), nilIfEmpty(b.Holder.Unit), nilIfEmpty(b.Escalated), calledBefore(b), b.Arrived)
		if !b.Arrived {
			want = strings.TrimSuffix(want, "false") + "<nil>"
		}
		if i >= len(t.branches) || t.branches[i] != b.ID || squeeze(t.on[b.ID]) != squeeze(want) {
			return fmt.Sprintf("branch %d: reference %v %q, fold %q", i, t.branches, t.on[b.ID], want)
		}
	}
	for _, d := range c.Deadlines {
		if got := t.deadlines[d.ID]; got != plainly(d) {
			return fmt.Sprintf("deadline %s: reference %q, fold %q", d.ID, got, plainly(d))
		}
	}
	for i, s := range c.Stops {
		want := s.Reason + " over"
		if s.To.IsZero() {
			want = s.Reason + " stands"
		}
		if t.stops[i] != want {
			return fmt.Sprintf("stop %d: reference %q, fold %q", i, t.stops[i], want)
		}
	}
	return ""
}

func plainly(d fold.Deadline) string {
	if d.Due.IsZero() {
		return d.State + " <nil>"
	}
	text, err := d.Due.MarshalText()
	if err != nil {
		panic(err)
	}
	return d.State + " " + string(text)
}

// squeeze takes spaces away: Sprint sets them between some values only.
func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

func feeOf(c fold.Case) string {
	if c.Fee == nil {
		return ""
	}
	return fmt.Sprint(float64(*c.Fee))
}

func madeOf(c fold.Case) string {
	if c.Made == nil {
		return ""
	}
	return fmt.Sprint(asJSON(c.Made))
}

// calledBefore is how the reference prints who was called in before the last.
func calledBefore(b fold.Branch) any {
	if len(b.Called) == 0 {
		return nil
	}
	return b.Called
}

func nilIfEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}
