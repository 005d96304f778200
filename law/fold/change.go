package fold

import (
	"slices"
	"strings"
	"time"
)

// Schema is the number of the Change layout that new events carry.
const Schema = 1

// The kinds of event of a case.
const (
	Submitted   = "submitted"   // the matter reached the government
	Resubmitted = "resubmitted" // the applicant answered a return
	Approved    = "approved"    // a step was passed
	Returned    = "returned"    // back to the applicant with every defect
	Rejected    = "rejected"    // no, with a legal reason
	Forwarded   = "forwarded"   // to another role or unit, undecided
	Withdrawn   = "withdrawn"   // taken back by the applicant
	Objected    = "objected"    // the applicant objects to a rejection
	Stopped     = "stopped"     // the clock stands, for a listed reason
	Resumed     = "resumed"     // the clock runs on from where it stood
	Suspended   = "suspended"   // the whole unit stands still
	Unsuspended = "unsuspended" // the unit works again
	Lapsed      = "lapsed"      // a deadline passed; says what lateness did
	Numbered    = "numbered"    // the product took its number
	Issued      = "issued"      // the product was made and signed
	Delivered   = "delivered"   // the applicant has the product
	Amended     = "amended"     // a calendar changed; old and new due moments
	RuleFailed  = "rule_failed" // a rule could not be evaluated; a person decides
	Shredded    = "shredded"    // the key of the case was destroyed
	Papers      = "papers"      // what was to be brought to the counter came there
	Joined      = "joined"      // all branches had arrived, and the case went on as one
	Taken       = "made"        // the product was made elsewhere, and taken in
	Revoked     = "revoked"     // the document was taken back
	Consulted   = "consulted"   // another unit was asked, by a case of its own
	Answered    = "answered"    // that case has ended
	Dispatched  = "dispatched"  // another unit took the case over
	SentBack    = "sent_back"   // it was not that unit's; back to whoever sent it
	Asking      = "asking"      // another unit is to help, by a case of its own that is being made
	Recalled    = "recalled"    // that help is no longer wanted
	Finished    = "finished"    // the work is done, with evidence
	Confirmed   = "confirmed"   // the applicant says that it is solved
	Reopened    = "reopened"    // the applicant says that it is not
	Merged      = "merged"      // the same matter as another case, which goes on for both
	TookIn      = "took_in"     // another case was merged into this one
	Told        = "told"        // the applicant was given notice
	Posted      = "posted"      // an officer posted a letter with a notice
	CameBack    = "came_back"   // that letter came back
	Wrote       = "wrote"       // a message between applicant and officer
	Published   = "published"   // everybody may read it now, in words that an officer has looked at
	Hidden      = "hidden"      // that was taken back
	Relayed     = "relayed"     // an officer looked at the word of another government, and passed it on or set it aside
)

// HiddenKept is why a case is no longer shown without an officer's word: the
// applicant keeps it from the public now.
const HiddenKept = "kept"

// HiddenWithdrawn is why a case that was taken back is no longer shown.
const HiddenWithdrawn = "withdrawn"

// Change is the clear part of every event of a case. It holds flow facts and
// answers marked not personal, and never free text.
type Change struct {
	Service    string          `json:"service,omitempty"`    // submitted
	Channel    string          `json:"channel,omitempty"`    // submitted: portal, counter, api
	Lang       string          `json:"lang,omitempty"`       // submitted: the applicant's language
	Unit       string          `json:"unit,omitempty"`       // submitted, dispatched, sent_back: the unit that handles the case
	Commitment string          `json:"commitment,omitempty"` // submitted: hex, to the stream's data key
	Step       string          `json:"step,omitempty"`       // where it happened
	Action     string          `json:"action,omitempty"`     // the definition's action id
	To         string          `json:"to,omitempty"`         // the step that follows
	Outcome    string          `json:"outcome,omitempty"`    // the end that follows
	Holder     *Holder         `json:"holder,omitempty"`     // who must act then
	By         *Holder         `json:"by,omitempty"`         // in which capacity the actor acted
	Reason     string          `json:"reason,omitempty"`     // code of a listed reason
	Basis      string          `json:"basis,omitempty"`      // the norm of a grant by lateness or by rule
	Checks     map[string]bool `json:"checks,omitempty"`     // a reviewer's checklist
	Defects    []string        `json:"defects,omitempty"`    // ids of fields or checks sent back; the words are sealed
	Answers    map[string]any  `json:"answers,omitempty"`    // answers marked not personal; of an action: those that it adds or corrects
	Pending    []string        `json:"pending,omitempty"`    // papers to be brought to the counter
	Files      []File          `json:"files,omitempty"`      // hashes of sealed attachments
	Papers     []string        `json:"papers,omitempty"`     // papers: the fields whose papers came
	Seen       []string        `json:"seen,omitempty"`       // those of them that were looked at on paper and not kept
	Set        []Deadline      `json:"set,omitempty"`        // deadlines that begin, or stand anew
	End        []End           `json:"end,omitempty"`        // deadlines that end
	Complete   *time.Time      `json:"complete,omitempty"`   // when the file counted as complete
	Stop       *Stop           `json:"stop,omitempty"`       // a stop that begins, or the one that ends
	Late       []string        `json:"late,omitempty"`       // lapsed: what lateness did: remind, escalate, grant, …
	Escalated  string          `json:"escalated,omitempty"`  // lapsed: the post that is called in; see Post
	Called     []string        `json:"called,omitempty"`     // lapsed: posts that are called in with it
	Deadline   string          `json:"deadline,omitempty"`   // lapsed: which; told: the one that begins with it
	Series     string          `json:"series,omitempty"`     // numbered: the register
	Number     string          `json:"number,omitempty"`     // numbered: as printed
	Document   *Document       `json:"document,omitempty"`   // issued
	Rule       string          `json:"rule,omitempty"`       // rule_failed: path of the rule; approved, forwarded: of the one by which the system did it
	Evidence   string          `json:"evidence,omitempty"`   // suspended, revoked: code of the decree; received: code of the kind of evidence
	Fee        *int64          `json:"fee,omitempty"`        // submitted: whole rupiah, where the service has a fee
	Branches   []Branch        `json:"branches,omitempty"`   // branches that begin, or stand anew
	Made       *Made           `json:"made,omitempty"`       // made: what was taken in
	Relation   string          `json:"relation,omitempty"`   // delivered by an officer: who took it: self, proxy, family
	Asked      *Asked          `json:"asked,omitempty"`      // consulted, asking, recalled, answered: the other case
	Parent     string          `json:"parent,omitempty"`     // submitted: the case that asks by this one
	Vault      string          `json:"vault,omitempty"`      // submitted: stream of the reporter's identity
	Flags      []string        `json:"flags,omitempty"`      // submitted: why an officer should look twice; codes
	Into       string          `json:"into,omitempty"`       // merged: the case that goes on
	From       string          `json:"from,omitempty"`       // took_in: the case that was merged
	Notice     string          `json:"notice,omitempty"`     // told, posted, came_back: id of the notice
	Day        string          `json:"day,omitempty"`        // posted: the date on which it was, 2026-03-17
	Means      string          `json:"means,omitempty"`      // told: sms, whatsapp, email, push, letter, page
	Public     *Public         `json:"public,omitempty"`     // published
	Word       *Word           `json:"word,omitempty"`       // relayed: whose word, and what became of it
}

// Word is what another government said of a case, without its words.
type Word struct {
	From string `json:"from"` // name of the peer, as it was set up
	ID   string `json:"id"`   // hex, of the peer's own id: that is somebody else's text
	As   string `json:"as"`   // what became of it: see the words below
}

// What became of the word of another government.
const (
	WordMessage = "message" // sent to the applicant
	WordPublic  = "public"  // everybody reads it among what happened
	WordBoth    = "both"
	WordAside   = "aside" // neither, with a reason
)

// Reads reports whether everybody may read the word of such a mark of a case that is
// shown: what was passed on before the case was last hidden is not shown with it again,
// for it may be why it was hidden.
func Reads(all []Mark, m Mark) bool {
	return m.Word.Public() && !slices.ContainsFunc(all, func(h Mark) bool { return h.Kind == Hidden && h.Version > m.Version })
}

// Public reports whether everybody may read it.
func (w *Word) Public() bool { return w != nil && (w.As == WordPublic || w.As == WordBoth) }

// Public is the public side of a case: answers that are no longer anybody's
// secret, and the hash of the words that an officer has looked at. The words
// themselves are sealed, so that they can still be destroyed.
type Public struct {
	SHA256   string   `json:"sha256"` // hex, of title, two line feeds, text
	Category string   `json:"category,omitempty"`
	Kind     string   `json:"kind,omitempty"`
	Region   string   `json:"region,omitempty"`
	Place    string   `json:"place,omitempty"`
	Photos   []string `json:"photos,omitempty"` // ids of files of the case
}

// Holder says who must act, or in which capacity somebody acted.
type Holder struct {
	Who  string `json:"who"` // applicant, role, system
	Role string `json:"role,omitempty"`
	Unit string `json:"unit,omitempty"`
}

// Branch is one of several ways that a case goes at once. Its id is the step
// that it began with.
type Branch struct {
	ID        string   `json:"id"`
	Step      string   `json:"step,omitempty"`      // where it is; none when it has arrived
	Holder    Holder   `json:"holder"`              // who must act there
	Escalated string   `json:"escalated,omitempty"` // post that lateness called in there last; see Post
	Called    []string `json:"called,omitempty"`    // posts that it called in there before: they keep their right
	Arrived   bool     `json:"arrived,omitempty"`   // it waits for the others
}

// CallIn is the branch as it stands when lateness has called in a post there.
func (b Branch) CallIn(post string) Branch {
	b.Called = before(b.Called, b.Escalated, post)
	b.Escalated = post
	return b
}

// Post splits whom lateness called in: a role, and the unit where it is held;
// none when that is the unit whose turn it is.
func Post(called string) (role, unit string) {
	role, unit, _ = strings.Cut(called, "@")
	return role, unit
}

// AtUnit is a role as it is called in at a unit; Post splits it again.
func AtUnit(role, unit string) string {
	if unit == "" {
		return role
	}
	return role + "@" + unit
}

// CalledIn are the posts that lateness has called in where the branch is, the
// last first. Each may act there until the branch moves.
func (b Branch) CalledIn() []string { return calledIn(b.Escalated, b.Called) }

// before are the posts that lateness called in before one that it calls in now.
func before(called []string, last, now string) []string {
	if last == "" || last == now {
		return called
	}
	return slices.DeleteFunc(append(slices.Clip(called), last), func(role string) bool { return role == now })
}

func calledIn(last string, called []string) []string {
	if last == "" {
		return nil
	}
	return append([]string{last}, called...)
}

// Asked is another unit that was asked at a step, by a case of its own.
type Asked struct {
	ID      string `json:"id,omitempty"` // of help that was asked for: step/number; none at a consult step
	Step    string `json:"step"`
	Case    string `json:"case"` // its stream; none while it is being made
	Service string `json:"service"`
	Unit    string `json:"unit"`
	Outcome string `json:"outcome,omitempty"` // how that case ended, withdrawn when the step was left before; none while it is open
	Number  string `json:"number,omitempty"`  // of its document, as printed
}

// Made is a product of another system as it was taken in: nothing of it names a
// person. Its number, and who signed its file, are sealed.
type Made struct {
	Numbered  bool   `json:"numbered,omitempty"`  // it has a number
	File      *File  `json:"file,omitempty"`      // it came with a file
	Signature string `json:"signature,omitempty"` // what the file's electronic signatures are: see the words below
}

// What was found of the electronic signatures of a file that was taken in.
const (
	SignatureIntact   = "intact"   // every one holds, and the last covers the whole file; whom it belongs to is not vouched for
	SignatureExtended = "extended" // every one holds, and something was added after the last
	SignatureNone     = "none"     // there is none
	SignatureUnknown  = "unknown"  // there is one of a kind that this program cannot check
)

// File is an attachment, known by the hash of its sealed bytes.
type File struct {
	ID   string `json:"id"`
	Hash string `json:"hash"` // hex SHA-256 of the sealed bytes
}

// Document is the product as issued.
type Document struct {
	ID       string    `json:"id"`               // hex of the 128-bit document id
	Hash     string    `json:"hash"`             // hex SHA-256 of the stored sealed bytes
	SHA256   string    `json:"sha256,omitempty"` // hex, of the file as handed out; salted, so it tells nothing
	Template string    `json:"template"`         // hash of the template
	Blob     string    `json:"blob"`
	Date     time.Time `json:"date"`
	Until    time.Time `json:"until,omitzero"` // end of validity; zero = none
}

// States of a deadline.
const (
	Running = "running"
	Paused  = "paused" // stopped: Due is zero until it resumes
	Met     = "met"
	Missed  = "missed"  // passed; may still be the clock that everybody watches
	Dropped = "dropped" // ended without being met or missed, as by a withdrawal
)

// CaseDeadline is the id of the promised limit of the whole service; every
// other deadline has the id of its step.
const CaseDeadline = "case"

// StopDeadline is the id of the bound on a stop's own length.
const StopDeadline = "stop"

// Deadline is one running legal clock, with what the calendar said.
type Deadline struct {
	ID       string    `json:"id"`
	Within   string    `json:"within"` // "5 working days"
	From     time.Time `json:"from"`
	Due      time.Time `json:"due,omitzero"`
	Unit     string    `json:"unit"`     // whose office hours
	Calendar string    `json:"calendar"` // hash of the calendar that said so
	State    string    `json:"state"`
	Pauses   bool      `json:"pauses,omitempty"` // stands still while a stop stands; the applicant's own time does not
	Was      time.Time `json:"was,omitzero"`     // amended: the due moment before
}

// End says which deadline ends, and how.
type End struct {
	ID    string `json:"id"`
	State string `json:"state"` // met, missed, dropped
}

// Stop is a time in which the clock stands.
type Stop struct {
	Reason string    `json:"reason"` // id of the definition's stop, "returned", or "suspended"
	From   time.Time `json:"from"`
	To     time.Time `json:"to,omitzero"`    // zero = still standing
	Step   string    `json:"step,omitempty"` // of the branch at which it was called, where the case has several
}

// Reasons for a stop that no definition lists.
const (
	StopReturned  = "returned"  // the applicant is correcting the file
	StopSuspended = "suspended" // the unit as a whole; outside the case's own bound
)
