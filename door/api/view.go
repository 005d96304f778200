package api

import (
	"context"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// caseView is the state of a case: clear facts, for whoever has the code.
type caseView struct {
	Code       string     `json:"code"`
	Service    named      `json:"service"`
	Definition string     `json:"definition"`
	Version    int64      `json:"version"`
	Step       *named     `json:"step,omitempty"`
	Outcome    string     `json:"outcome,omitempty"`
	Holder     holder     `json:"holder"`
	Received   time.Time  `json:"received"`
	Changed    time.Time  `json:"changed"`
	Deadlines  []deadline `json:"deadlines"`
	Timeline   []mark     `json:"timeline"`
	Branches   []branch   `json:"branches,omitempty" doc:"Ways that it goes at once; step is then the one that joins them."`
	Fee        *int64     `json:"fee,omitempty" doc:"Whole rupiah, as worked out when it was sent; absent when the service has none."`
	Revoked    string     `json:"revoked,omitempty" doc:"Why its document was taken back: a code."`
	Into       *into      `json:"into,omitempty" doc:"How the case stands that goes on for this one, which was merged into it."`
	*private
}

type holder struct {
	Who  string `json:"who"`
	Role *named `json:"role,omitempty"`
	Unit *named `json:"unit,omitempty"`
}

type branch struct {
	ID      string `json:"id"`
	Step    *named `json:"step,omitempty"` // none when it has arrived
	Holder  holder `json:"holder"`
	Arrived bool   `json:"arrived"`
}

type deadline struct {
	ID     string    `json:"id" doc:"case, or the id of a step."`
	Within string    `json:"within"`
	From   time.Time `json:"from"`
	Due    time.Time `json:"due,omitzero" doc:"Absent while the clock stands."`
	State  string    `json:"state"`
}

type mark struct {
	Version  int64     `json:"version"`
	Kind     string    `json:"kind"`
	At       time.Time `json:"at"`
	Received time.Time `json:"received,omitzero"`
	Step     string    `json:"step,omitempty"`
	To       string    `json:"to,omitempty"`
	Outcome  string    `json:"outcome,omitempty"`
	By       *holder   `json:"by,omitempty"`
	Basis    string    `json:"basis,omitempty" doc:"The norm of the rule by which the system did it."`
	Unit     *named    `json:"unit,omitempty" doc:"That was asked, or took the case over."`
	Means    string    `json:"means,omitempty" doc:"By which way notice was given."`
}

// private is what the secret opens.
type private struct {
	Answers   form.Answers `json:"answers"`
	Defects   []defect     `json:"defects,omitempty" doc:"What to correct, all at once."`
	Reason    *reason      `json:"reason,omitempty" doc:"Why it was rejected."`
	Next      []next       `json:"next"`
	Documents []paper      `json:"documents"`
	Made      *made        `json:"made,omitempty" doc:"A product of another system."`
	Openings  []opening    `json:"openings" doc:"Who opened the answers, newest first."`
	Said      []saidView   `json:"said,omitempty" doc:"What officers said to the applicant, and the applicant to them, when they acted."`
	Messages  []message    `json:"messages,omitempty" doc:"What applicant and officers wrote to each other, oldest first."`
	Write     string       `json:"write,omitempty" doc:"Where a message is sent to; absent where there are none."`
	Reporter  string       `json:"reporter,omitempty" doc:"Where the reporter's name and contact are kept apart from the case: anonymous, when whoever handles it cannot open them, else apart. They are not given back."`
}

// made is a product of another system as it was taken in. Signature says what was
// found of its file: intact, extended, none or unknown; signers are whom the
// certificates name, and nobody vouches for their issuers.
type made struct {
	System    string   `json:"system,omitempty"`
	Number    string   `json:"number,omitempty"`
	Signature string   `json:"signature,omitempty" doc:"What was found of the signatures of its file: intact, extended, none or unknown."`
	Signers   []string `json:"signers,omitempty" doc:"Whom the certificates name; nobody vouches for their issuers."`
}

type defect struct {
	ID    string `json:"id"`
	Words string `json:"words"`
}

type reason struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Basis string `json:"basis"`
}

// next is something that the applicant may do now.
type next struct {
	Action string         `json:"action"`
	Kind   string         `json:"kind"`
	Label  string         `json:"label"`
	Href   string         `json:"href"`
	Body   map[string]any `json:"body" doc:"JSON Schema (2020-12) of the request."`
}

type paper struct {
	ID         string `json:"id"`
	Kind       string `json:"kind" doc:"product or attachment."`
	Name       string `json:"name"`
	Type       string `json:"type"`
	Number     string `json:"number,omitempty"`
	Date       string `json:"date,omitempty"`
	ValidUntil string `json:"valid_until,omitempty"`
	Bytes      int64  `json:"bytes,omitempty"`
	Href       string `json:"href"`
	Words      string `json:"words,omitempty" doc:"Where the document is in words; papers that were handed in have none."`
}

type opening struct {
	At      time.Time `json:"at"`
	Role    *named    `json:"role,omitempty"`
	Unit    *named    `json:"unit,omitempty"`
	Purpose string    `json:"purpose"`
	Reason  string    `json:"reason,omitempty" doc:"vault: code of the reason for which two guards opened who told it."`
}

func casePath(code string) string { return "/api/v1/cases/" + code }

// teller puts one case into words of the caller's language.
type teller struct {
	words      *page.Printer
	government *definition.Government
	service    *definition.Service
	zone       *time.Location
}

func (d *Door) tellerOf(ctx context.Context, b *casework.Bound, unit string) teller {
	t := teller{page.Words(ctx), d.Cases.Government(), b.Service, d.Cases.Catalogue().Zone()}
	if clock, err := d.Cases.Catalogue().Clock(unit); err == nil {
		t.zone = clock.Office.Zone
	}
	return t
}

// tell is the part of a case that its code shows.
func (t teller) tell(code string, c fold.Case) caseView {
	v := caseView{
		Code: code, Service: named{ID: c.Service, Name: t.words.Of(t.service.Name)}, Definition: c.Definition,
		Version: c.Version, Step: t.step(c.Step), Outcome: c.Outcome, Holder: t.holder(c.Holder),
		Received: t.local(c.Received), Changed: t.local(c.Changed), Deadlines: []deadline{}, Timeline: []mark{},
		Fee: c.Fee, Revoked: c.Revoked,
	}
	for _, b := range c.Branches {
		v.Branches = append(v.Branches, branch{b.ID, t.step(b.Step), t.holder(b.Holder), b.Arrived})
	}
	for _, l := range c.Deadlines {
		v.Deadlines = append(v.Deadlines, deadline{l.ID, l.Within, t.local(l.From), t.local(l.Due), l.State})
	}
	for _, m := range c.Marks {
		out := mark{Version: m.Version, Kind: m.Kind, At: t.local(m.At), Received: t.local(m.Received), Step: m.Step, To: m.To, Outcome: m.Outcome, Basis: m.Basis, Unit: t.unit(m.Unit), Means: m.Means}
		if m.By != nil {
			by := t.holder(*m.By)
			out.By = &by
		}
		v.Timeline = append(v.Timeline, out)
	}
	return v
}

func (t teller) local(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.In(t.zone)
}

func (t teller) step(id string) *named {
	s := t.service.Step(id)
	if s == nil {
		return nil
	}
	return &named{ID: id, Name: t.words.Of(s.Name), Help: t.words.Of(s.Help)}
}

func (t teller) holder(h fold.Holder) holder {
	return holder{h.Who, t.role(h.Role), t.unit(h.Unit)}
}

func (t teller) role(id string) *named {
	if id == "" {
		return nil
	}
	out := &named{ID: id}
	if r := t.government.Role(id); r != nil {
		out.Name = t.words.Of(r.Name)
	}
	return out
}

func (t teller) unit(id string) *named {
	if id == "" {
		return nil
	}
	out := &named{ID: id}
	if u := t.government.Unit(id); u != nil {
		out.Name = t.words.Of(u.Name)
	}
	return out
}

// reason is why the case was rejected, in the words of the definition.
func (t teller) reason(id string) *reason {
	for _, s := range t.service.Flow.Steps {
		for _, a := range s.Actions {
			for _, x := range a.Reasons {
				if x.ID == id {
					return &reason{id, t.words.Of(x.Text), x.Basis}
				}
			}
		}
	}
	return nil
}
