package flow

import (
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/rule"
)

// Input is everything a decision depends on.
type Input struct {
	Service *definition.Service
	Form    *form.Form
	Rules   *rule.Program
	Clock   func(unit string) (deadline.Clock, error) // the legal clock of a unit
	State   fold.Case                                 // the zero Case before the first event
	Answers form.Answers                              // opened answers, when this step's rules name them
	Command Command
	Facts   Facts
	Now     time.Time
}

// The commands. Act stands for every action that a definition names.
const (
	DoSubmit    = "submit"    // applicant: the first time
	DoAct       = "act"       // an action of the present step
	DoStop      = "stop"      // officer: the clock stands, for a listed reason
	DoResume    = "resume"    // officer or system: it runs on
	DoLapse     = "lapse"     // system: a deadline has passed
	DoIssued    = "issued"    // system: the product was made
	DoSuspend   = "suspend"   // system, for a whole unit by two persons
	DoUnsuspend = "unsuspend" // likewise
	DoAmend     = "amend"     // system: a calendar changed
	DoShred     = "shred"     // system, after approvals: the key is destroyed
	DoPapers    = "papers"    // officer: papers awaited at the counter came; Answers says which
	DoRevoke    = "revoke"    // officer who may sign: the document is taken back
	DoConsulted = "consulted" // system: another unit was asked, by a case of its own
	DoAnswered  = "answered"  // system: that case has ended
	DoRecall    = "recall"    // system: the case that asked by this one waits no longer

	DoTold        = "told"         // system: the applicant was given notice of where the case is
	DoPost        = "post"         // officer: a letter with a notice was posted, or came back; moves nothing
	DoWrite       = "write"        // applicant or officer: a message; moves nothing
	DoPublish     = "publish"      // officer: shows the case to the public, in words that an officer has looked at
	DoHide        = "hide"         // officer: takes that back
	DoRecallAsked = "recall_asked" // officer: another unit need not help any more
	DoTookIn      = "took_in"      // system: another case was merged into this one
	DoRelay       = "relay"        // officer: passes on what another government said of the case, or sets it aside; moves nothing
)

// Command is what somebody, or a timer, wants of a case.
type Command struct {
	Do       string
	Action   string          // DoAct: id of the action
	Step     string          // the step at which it is done; "" = the only one where the actor may do it
	By       fold.Holder     // in which capacity
	Seen     int64           // version of the case that the actor saw; 0 for the system
	Answers  form.Answers    // submit, and act on a fill step; papers: field → uploads, or form.AtCounter where it was only looked at
	Files    []fold.File     // sealed attachments, already stored
	Checks   map[string]bool // review: the checklist as judged
	Defects  []Defect        // return: every one at once
	Reason   string          // reject, stop, revoke: id of a listed reason
	Note     string          // free words; sealed
	Deadline string          // lapse: id
	Evidence string          // suspend, revoke: code of the decree; received on paper: code of the evidence
	Number   string          // make: as the other system gave it
	File     *fold.File      // make: the file that came with it, already stored
	Receiver Receiver        // deliver, by an officer: who took it
	Given    form.Answers    // an action with fields: what whoever acts answers
	Unit     string          // dispatch, ask: the other unit
	Into     string          // merge: stream of the case that goes on for both
	Asked    string          // recall_asked: id of the question
	Public   *Words          // publish, or an act at a step that publishes: what everybody may read
	Photos   []string        // publish: which of the case's files go with it
	Word     *fold.Word      // relay: whose word, and what is to become of it; Note has the words, or why it is set aside
}

// Words are the public side of a case as an officer has looked at it.
type Words struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Receiver is who took a product at the counter.
type Receiver struct {
	Name     string `json:"name"`
	Relation string `json:"relation"` // one of Relations
}

// Relations are what a receiver may be to the applicant.
func Relations() []string { return []string{"self", "proxy", "family"} }

// Signer is whom a signature of a file names. Nobody vouches for it here: the
// certificate's issuer may be anyone.
type Signer struct {
	Name   string    `json:"name,omitempty"`
	Issuer string    `json:"issuer,omitempty"`
	At     time.Time `json:"at,omitzero"` // as the signature says
}

// Defect is one thing to correct: a field or a check of the list, in words.
type Defect struct {
	ID    string `json:"id"`
	Words string `json:"words"`
}

// Facts are what had to be looked up, drawn or priced before deciding.
type Facts struct {
	Stream     string    // submit: the new stream
	Channel    string    // submit
	Lang       string    // submit
	Unit       string    // submit: the unit that serves the answered region
	Commitment string    // submit: hex, to the stream's key
	Received   time.Time // when the matter reached the government; never after Now
	Document   *fold.Document
	Statement  []byte      // issued: the signed statement, which names the holder
	Signature  string      // make: what was found of the file's signatures; fold.SignatureIntact, …
	Signers    []Signer    // make: whom they name
	Asked      *fold.Asked // consulted, answered: the other case
	Parent     string      // submit: the case that asks by this one
	Vault      string      // submit: stream of the reporter's identity
	Flags      []string    // submit: why an officer should look twice; codes
	Told       *Told       // told
	Post       *Post       // post
	From       string      // took_in: the case that was merged
	Report     Private     // answered: what the unit that was asked found
	Files      []fold.File // answered: its pictures, resealed
}

// Told says how and when an applicant was given notice.
type Told struct {
	Notice  string // id of the notice
	Channel string // sms, whatsapp, email, push, letter; page when no other way led to them
	Step    string // at which the case stood
	Version int64  // of the case when there was this to tell; 0 = not known
	At      time.Time
}

// Means are the ways by which notice is given.
func Means() []string { return []string{"sms", "whatsapp", "email", "push", "letter", "page"} }

// Draft is an event before it is sealed, numbered and stored.
type Draft struct {
	Kind    string
	Change  fold.Change
	Private Private
	Series  string // when set, the store takes the next number of this register for Change.Number
}

// Private is the sealed part of an event.
type Private struct {
	Answers form.Answers `json:"answers,omitempty"`
	Defects []Defect     `json:"defects,omitempty"`
	Note    string       `json:"note,omitempty"`

	Statement []byte    `json:"statement,omitempty"` // issued: as in the QR code
	Number    string    `json:"number,omitempty"`    // made: as the other system gave it
	Signers   []Signer  `json:"signers,omitempty"`   // made: whom the file's signatures name
	Receiver  *Receiver `json:"receiver,omitempty"`  // delivered by an officer

	Given  form.Answers `json:"given,omitempty"`  // what whoever acted answered
	Public *Words       `json:"public,omitempty"` // published
}

// Empty reports whether there is nothing to seal.
func (p Private) Empty() bool {
	return p.Answers == nil && p.Defects == nil && p.Note == "" && p.Statement == nil &&
		p.Number == "" && p.Signers == nil && p.Receiver == nil && p.Given == nil && p.Public == nil
}

// EffectRender asks for the product to be made and signed.
const EffectRender = "render"

// Result is what a decision yields: events in order, and work that follows.
type Result struct {
	Drafts  []Draft
	Effects []string
	Vault   form.Answers // the reporter's identity, sealed apart: it stands in no draft
}

// Faults of a decision, by locale key.
func errEnded() *fault.Fault    { return fault.New(fault.Conflict, "flow.ended") }
func errStale() *fault.Fault    { return fault.New(fault.Conflict, "fault.acted_first") }
func errNotYours() *fault.Fault { return fault.New(fault.Forbidden, "flow.not_your_turn") }
func errNoAction() *fault.Fault { return fault.New(fault.Conflict, "flow.no_such_action") }
