package definition

// Text is one text in every language of the government: language tag → words.
type Text map[string]string

// In gives the text in lang, or in the first language that has it.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	if s := t["id"]; s != "" {
		return s
	}
	return t["en"]
}

// Service is one layanan: its published standard, its form and its flow. It is
// what a service file says after defaults and `extends` are resolved.
type Service struct {
	Language  int        `json:"language"` // version of the definition language; 1
	ID        string     `json:"id" form:"id"`
	Name      Text       `json:"name"`
	Summary   Text       `json:"summary"`
	Extends   string     `json:"extends,omitempty" form:"id"` // the file that this one was merged into; see merge.go
	Words     []string   `json:"words,omitempty"`             // people's own words for it, for search
	Questions []string   `json:"questions,omitempty"`         // what people ask, in whole sentences, for search
	Need      string     `json:"need,omitempty" form:"id"`    // group on the home page: population, business, …
	Events    []string   `json:"events,omitempty"`            // life events that lead to it: birth, marriage, move, …
	Unit      At         `json:"unit"`                        // which unit handles a case
	Channels  []string   `json:"channels" enum:"portal|counter|api|sms|internal"`
	Variants  string     `json:"variants,omitempty" form:"name"` // id of the choice that requirements and pages differ by
	Proxy     bool       `json:"proxy,omitempty"`                // a proxy with a mandate may apply; see macro.go
	Standard  Standard   `json:"standard"`
	Form      Form       `json:"form"`
	Limit     Limit      `json:"limit"` // the promised time of the whole service
	Stops     []Stop     `json:"stops,omitempty"`
	Flow      Flow       `json:"flow"`
	Product   Product    `json:"product"`
	Postal    []string   `json:"postal,omitempty"`   // the lines below the name on an envelope, with {field}
	Vault     *Vault     `json:"vault,omitempty"`    // who tells, kept apart from what is told
	Public    *Public    `json:"public,omitempty"`   // what of a case everybody may read, once an officer has looked
	Messages  bool       `json:"messages,omitempty"` // applicant and officers may write to each other
	Survey    *Survey    `json:"survey,omitempty"`
	Reminders []Reminder `json:"reminders,omitempty"`
	Retention Retention  `json:"retention"`
}

// At names a unit: a fixed one, or the one that serves the region answered in a field.
// In a file the unit alone is short for {unit: …}.
type At struct {
	Unit   string `json:"unit,omitempty"`
	Region string `json:"region,omitempty"` // id of a region field
}

// Standard is the Standar Pelayanan: the 14 components of UU 25/2009 art. 21,
// as far as the rest of the file does not already say them (procedure, time and
// product follow from flow, limit and product).
type Standard struct {
	Requirements []Requirement `json:"requirements"`                   // 1 persyaratan
	Procedure    []Text        `json:"procedure"`                      // 2 in plain words; the flow is the exact form
	Fee          Fee           `json:"fee"`                            // 4 biaya
	Complaints   Text          `json:"complaints"`                     // 6 pengaduan
	LegalBasis   []Basis       `json:"legal_basis"`                    // 7 dasar hukum, dated
	Facilities   Text          `json:"facilities"`                     // 8 sarana
	Competence   Text          `json:"competence"`                     // 9 kompetensi pelaksana
	Supervision  Text          `json:"supervision"`                    // 10 pengawasan internal
	Staff        Text          `json:"staff"`                          // 11 jumlah pelaksana
	Guarantee    Text          `json:"guarantee"`                      // 12 jaminan pelayanan
	Safety       Text          `json:"safety"`                         // 13 jaminan keamanan
	Evaluation   Text          `json:"evaluation"`                     // 14 evaluasi kinerja
	Source       string        `json:"source,omitempty" form:"source"` // where the facts were taken from; an address, or "demo"
}

// Requirement is one thing to bring; When is CEL and may be empty (always).
type Requirement struct {
	ID      string       `json:"id" form:"id"`
	Text    Text         `json:"text"`
	When    string       `json:"when,omitempty" form:"rule"`
	For     []string     `json:"for,omitempty"`     // variants that want it; without it all
	Field   []string     `json:"field,omitempty"`   // the form fields that ask for it
	Instead []Substitute `json:"instead,omitempty"` // what may be brought in its place
}

// Substitute is what may be brought instead of a requirement.
type Substitute struct {
	ID   string `json:"id" form:"id"`
	Text Text   `json:"text"`
}

// Fee in whole rupiah; 0 is free. In a file the number alone is short for
// {rupiah: …}.
type Fee struct {
	Rupiah int64     `json:"rupiah"`
	Text   Text      `json:"text,omitempty"`
	Source string    `json:"source,omitempty" form:"source"`
	Cases  []FeeCase `json:"cases,omitempty"` // the first that holds; else Rupiah
}

// FeeCase is what the fee is under a condition: whole rupiah, or a rule that
// computes them from the answers.
type FeeCase struct {
	When   string `json:"when" form:"rule"`
	Rupiah int64  `json:"rupiah,omitempty"`
	Amount string `json:"amount,omitempty" form:"rule"` // CEL that gives whole rupiah
	Text   Text   `json:"text"`
}

// Basis is a norm with its date: legal facts are always dated.
type Basis struct {
	Norm string `json:"norm"`             // UU 25/2009
	Date string `json:"date" form:"date"` // 2009-07-18
	Text Text   `json:"text,omitempty"`
}

// Form is the pages of fields, in the order they are asked.
type Form struct {
	Pages []Page `json:"pages"`
}

// Page is one screen of a citizen's form.
type Page struct {
	ID     string   `json:"id" form:"id"`
	Title  Text     `json:"title"`
	Help   Text     `json:"help,omitempty"`
	Show   string   `json:"show,omitempty" form:"rule"` // CEL; empty = always
	For    []string `json:"for,omitempty"`              // variants that are asked it; without it all
	Fields []Field  `json:"fields"`
}

// Kind of a field.
type Kind string

// The kinds of field and what an answer of each is in JSON.
const (
	KindText        Kind = "text"        // string
	KindNumber      Kind = "number"      // integer
	KindDate        Kind = "date"        // string 2026-03-17
	KindChoice      Kind = "choice"      // string, id of one choice
	KindMoney       Kind = "money"       // integer rupiah
	KindNIK         Kind = "nik"         // string of 16 digits
	KindPhone       Kind = "phone"       // string, E.164 (+62…)
	KindRegion      Kind = "region"      // string, region code 33.60.01.2001
	KindFile        Kind = "file"        // list of upload ids
	KindDeclaration Kind = "declaration" // true
	KindGroup       Kind = "group"       // list of objects by field id: several children, witnesses, signs
	KindPoint       Kind = "point"       // string "-7.05123,110.91234": latitude and longitude, WGS84
	KindEmail       Kind = "email"       // string
	KindPerson      Kind = "person"      // only in files: stands for the fields of its parts; see macro.go
)

// Field is one question.
type Field struct {
	ID       string    `json:"id" form:"name"` // lower_snake, unique in the form
	Kind     Kind      `json:"kind" enum:"text|number|date|choice|money|nik|phone|region|file|declaration|group|point|email|person"`
	Label    Text      `json:"label"`
	Hint     Text      `json:"hint,omitempty"`
	Personal bool      `json:"personal"`                      // default true; free text is never false
	Optional bool      `json:"optional,omitempty"`            // may be left out
	Vault    bool      `json:"vault,omitempty"`               // part of the reporter's identity: kept apart from the case
	Internal bool      `json:"internal,omitempty"`            // of an action: what the officer gives is not shown to the applicant
	Show     string    `json:"show,omitempty" form:"rule"`    // CEL: asked at all; may use fields of earlier pages
	Require  string    `json:"require,omitempty" form:"rule"` // CEL: an optional field that is required when true
	Valid    []Rule    `json:"valid,omitempty"`               // CEL, each with its own words
	Choices  []Choice  `json:"choices,omitempty"`
	Long     bool      `json:"long,omitempty"`                          // text of several lines
	Name     bool      `json:"name,omitempty"`                          // this text is the applicant's name
	Min      *int64    `json:"min,omitempty"`                           // number, money: least value; text: least length in runes; file: least count
	Max      *int64    `json:"max,omitempty"`                           // likewise most
	After    string    `json:"after,omitempty" form:"date"`             // date: earliest, 2006-01-02 or "today" or "today-1y"
	Before   string    `json:"before,omitempty" form:"date"`            // date: latest, likewise
	Accept   []string  `json:"accept,omitempty" enum:"image|pdf|audio"` // file
	MaxBytes int64     `json:"max_bytes,omitempty"`
	Level    string    `json:"level,omitempty" enum:"province|regency|district|village"`                                                         // region
	Scope    string    `json:"scope,omitempty" enum:"nation"`                                                                                    // region: anywhere in Indonesia, not only where the government serves
	Counter  bool      `json:"counter,omitempty"`                                                                                                // file: may be brought to the counter instead
	Instead  []Instead `json:"instead,omitempty"`                                                                                                // file: other papers that count in its place
	Item     Text      `json:"item,omitempty"`                                                                                                   // group: what one of them is called: Anak
	Fields   []Field   `json:"fields,omitempty"`                                                                                                 // group: what is asked of each
	Parts    []string  `json:"parts,omitempty" enum:"name|nik|birth_place|birth_date|sex|religion|marital|occupation|citizenship|phone|address"` // person
}

// Instead are papers that count in the place of a file: when all its fields are
// answered, the file itself is not wanted.
type Instead struct {
	ID     string  `json:"id" form:"id"`
	Text   Text    `json:"text"`
	Fields []Field `json:"fields"`
}

// Rule is a CEL condition over the answers with the words shown when it is false.
type Rule struct {
	Rule string `json:"rule" form:"rule"`
	Text Text   `json:"text"`
}

// Choice is one value of a choice field.
type Choice struct {
	ID    string   `json:"id" form:"id"`
	Text  Text     `json:"text"`
	Words []string `json:"words,omitempty"` // people's own words for it, for search and for suggesting it
	Unit  *At      `json:"unit,omitempty"`  // who usually handles what has this answer; a suggestion
}

// Limit is a legal time: so many units, from a beginning, on a basis. In a file
// the time alone ("5 working days") is short for {within: …}.
type Limit struct {
	Within string      `json:"within" form:"span"`                             // "5 working days"; see law/deadline.ParseSpan
	Starts string      `json:"starts,omitempty" enum:"received|complete|told"` // received (default) or complete: the promised limit; told: a step of the applicant
	Basis  string      `json:"basis,omitempty"`
	Source string      `json:"source,omitempty" form:"source"` // "demo": our own figure, shown as such
	Late   []Late      `json:"late,omitempty"`
	Cases  []LimitCase `json:"cases,omitempty"` // the first that holds when the clock starts; else Within
}

// LimitCase is the time under a condition: another channel, a late report.
type LimitCase struct {
	When   string `json:"when" form:"rule"`
	Within string `json:"within" form:"span"`
	Text   Text   `json:"text,omitempty"` // when it holds, for people
	Basis  string `json:"basis,omitempty"`
	Source string `json:"source,omitempty" form:"source"`
}

// Late is what lateness does by itself. Automation may remind, escalate, grant,
// close or count the file as complete; it never rejects. In a file "remind"
// alone is short for {do: remind}.
type Late struct {
	Do     string `json:"do" enum:"remind|escalate|grant|close|complete"`
	Role   string `json:"role,omitempty"`                 // escalate: to whom, at the unit whose turn it is
	Unit   string `json:"unit,omitempty"`                 // escalate: at this unit instead
	To     string `json:"to,omitempty"`                   // grant, close, complete: step or outcome that follows
	Basis  string `json:"basis,omitempty"`                // grant: the norm that deems it approved
	Source string `json:"source,omitempty" form:"source"` // "demo": our own rule where the real standard is silent
}

// Stop is a listed reason for which the promised clock may stand still.
type Stop struct {
	ID    string `json:"id" form:"id"`
	Text  Text   `json:"text"`
	Max   int    `json:"max"`               // how many times in one case
	Total string `json:"total" form:"span"` // how long in all: "10 working days"
}

// Flow is the steps; the case begins at Start.
type Flow struct {
	Start string `json:"start"`
	Steps []Step `json:"steps"`
}

// StepKind says what happens at a step.
type StepKind string

// The kinds of step of this version of the language.
const (
	StepFill    StepKind = "fill"    // the applicant answers the form (at the start, or again after a return)
	StepReview  StepKind = "review"  // an officer goes through a checklist
	StepDecide  StepKind = "decide"  // an officer decides
	StepIssue   StepKind = "issue"   // the system numbers, renders and signs the product
	StepDeliver StepKind = "deliver" // the product is there for the applicant, on screen or at the counter
	StepWait    StepKind = "wait"    // nothing to do until the limit passes

	StepParallel StepKind = "parallel" // several branches at once; goes on when all have arrived
	StepConsult  StepKind = "consult"  // a case of another service, at another unit, under its own clock
	StepMake     StepKind = "make"     // an officer makes the product in another system and takes it in
)

// Outcomes a case can end with; actions lead to a step or to one of these.
const (
	Granted   = "granted"
	Rejected  = "rejected"
	Withdrawn = "withdrawn"
	Closed    = "closed"
)

// Step is a status of the case: who must act, by when, with which actions.
type Step struct {
	ID        string      `json:"id" form:"id"`
	Kind      StepKind    `json:"kind" enum:"fill|review|decide|issue|deliver|wait|parallel|consult|make"`
	Name      Text        `json:"name"`
	Help      Text        `json:"help,omitempty"`
	Actor     Actor       `json:"actor"`
	Limit     *Limit      `json:"limit,omitempty"`    // every step of an officer or of kind wait, and every return to the applicant, has one
	Complete  bool        `json:"complete,omitempty"` // this review judges completeness; leaving it forward starts the promised clock
	Checklist []CheckLine `json:"checklist,omitempty"`
	Sees      []string    `json:"sees,omitempty"`     // field ids whose answers rules of this step may read
	Stops     []string    `json:"stops,omitempty"`    // ids of the listed stops that may be used at this step
	Straight  []Straight  `json:"straight,omitempty"` // review, decide: actions that the system takes by itself under a rule
	Branches  []string    `json:"branches,omitempty"` // parallel: the first step of each
	Consult   *Consult    `json:"consult,omitempty"`
	Publish   bool        `json:"publish,omitempty"` // whoever acts here may show the case to the public, or hide it; see Public
	Actions   []Action    `json:"actions"`
}

// Straight lets the system take an action that carries the case on, without a
// person: straight-through processing. It never rejects and never returns.
type Straight struct {
	When   string `json:"when" form:"rule"`
	Action string `json:"action"`
	Basis  string `json:"basis"`
}

// Consult asks another unit by a case of one of its services.
type Consult struct {
	Service string `json:"service" form:"id"` // one with the channel internal
	Pass    []Pass `json:"pass"`
}

// Pass hands an answer of this case to a field of the other.
type Pass struct {
	Field string `json:"field" form:"name"` // of the other service
	From  string `json:"from" form:"name"`  // of this one
}

// Actor of a step: the applicant, a role at the case's unit or at a named one,
// or the system. In a file: applicant, system, or {role: …, unit: …}.
type Actor struct {
	Who  string `json:"who" enum:"applicant|role|system"`
	Role string `json:"role,omitempty"` // id of a role
	Unit string `json:"unit,omitempty"` // empty = the case's own unit
}

// CheckLine is one line of a reviewer's checklist.
type CheckLine struct {
	ID     string   `json:"id" form:"id"`
	Text   Text     `json:"text"`
	When   string   `json:"when,omitempty" form:"rule"` // CEL over the answers
	Fields []string `json:"fields,omitempty"`
}

// ActionKind says what an action means in law, whatever its label says.
type ActionKind string

// The kinds of action of this version of the language.
const (
	ActSubmit   ActionKind = "submit"    // applicant: sends the form, first or again
	ActApprove  ActionKind = "approve"   // officer: all is well, go on
	ActReturn   ActionKind = "return"    // officer: back with every defect at once
	ActReject   ActionKind = "reject"    // officer: no, with a legal reason
	ActForward  ActionKind = "forward"   // officer: to another unit or role, the matter itself undecided
	ActIssue    ActionKind = "issue"     // system: product made
	ActDeliver  ActionKind = "deliver"   // officer or applicant: product received
	ActWithdraw ActionKind = "withdraw"  // applicant: takes the matter back
	ActObject   ActionKind = "object"    // applicant: objects to a rejection
	ActJoin     ActionKind = "join"      // system: all branches have arrived
	ActAnswered ActionKind = "answered"  // system: the unit that was asked has ended its case
	ActDispatch ActionKind = "dispatch"  // officer: another unit takes the case over
	ActSendBack ActionKind = "send_back" // officer: not ours, back to whoever sent it; undecided
	ActAsk      ActionKind = "ask"       // officer: another unit helps, by a case of its own; this one stays where it is
	ActFinish   ActionKind = "finish"    // officer: the work is done, with evidence; the promised clock ends
	ActMerge    ActionKind = "merge"     // officer: the same matter as another case, which goes on for both
	ActConfirm  ActionKind = "confirm"   // applicant: solved
	ActReopen   ActionKind = "reopen"    // applicant: not solved
	ActMake     ActionKind = "make"      // officer: the product was made elsewhere; its number, and its file where there is one
)

// Action leads from its step to another or to an outcome.
type Action struct {
	ID      string     `json:"id" form:"id"`
	Kind    ActionKind `json:"kind" enum:"submit|approve|return|reject|forward|issue|deliver|withdraw|object|join|answered|make|dispatch|send_back|ask|finish|merge|confirm|reopen"`
	Label   Text       `json:"label"`
	To      string     `json:"to"`
	When    string     `json:"when,omitempty" form:"rule"`                                 // CEL: offered only when true
	Reasons []Reason   `json:"reasons,omitempty"`                                          // reject: one must be chosen
	Max     int        `json:"max,omitempty"`                                              // return, send_back: how often; default 1; one more needs Over. reopen: how often; default 2
	Over    string     `json:"over,omitempty"`                                             // return, send_back: role that may go over Max
	Fields  []Field    `json:"fields,omitempty"`                                           // what is asked of whoever acts; a choice of the form's own corrects that answer
	Units   []string   `json:"units,omitempty"`                                            // dispatch, ask: to which; any when empty
	Consult *Consult   `json:"consult,omitempty"`                                          // ask: by a case of which service, and what is passed on
	Outcome string     `json:"outcome,omitempty" enum:"granted|rejected|withdrawn|closed"` // answered: of the other case; without it any other
}

// Reason is a legal ground with its basis.
type Reason struct {
	ID    string `json:"id" form:"id"`
	Text  Text   `json:"text"`
	Basis string `json:"basis"`
}

// Product is what the case yields.
type Product struct {
	Kind      string     `json:"kind" enum:"issued|made elsewhere|handed over|answer"`
	Name      Text       `json:"name"`
	Template  string     `json:"template,omitempty"`  // id of a document template; issued only
	Numbering string     `json:"numbering,omitempty"` // id of the number register
	Validity  string     `json:"validity,omitempty"`  // "3 months", "5 years", empty = no end
	Signatory Actor      `json:"signatory,omitempty"`
	System    string     `json:"system,omitempty"` // made elsewhere, handed over: where it is made: SIAK
	File      bool       `json:"file,omitempty"`   // made elsewhere: a file comes with it
	Number    string     `json:"number,omitempty"` // made elsewhere, handed over: the shape of its number: 9 a digit, A a letter, anything else itself
	Sheet     []TableRow `json:"sheet,omitempty"`  // what is typed into that system, in its order
}

// Vault keeps apart who tells something from what is told. The fields with
// `vault: yes` are sealed under a key of their own; where the reporter wants to be
// anonymous, two guards together open it, for a listed reason, and the reporter
// reads that they did (Perpres 76/2013; UU 31/2014 for witnesses).
type Vault struct {
	Anonymous string   `json:"anonymous" form:"name"` // a choice of ya and tidak, not personal
	Guard     Posts    `json:"guard"`                 // who opens it, two together: the first whose unit has no part in the case
	Reasons   []Reason `json:"reasons"`
}

// Public says which answers make the public side of a case. Its words and
// pictures are those that an officer has looked at, never the reporter's own.
type Public struct {
	Title    string   `json:"title,omitempty" form:"name"`
	Text     string   `json:"text" form:"name"`
	Category string   `json:"category" form:"name"` // a choice
	Kind     string   `json:"kind,omitempty" form:"name"`
	Region   string   `json:"region,omitempty" form:"name"`
	Place    string   `json:"place,omitempty" form:"name"` // a point
	Photos   string   `json:"photos,omitempty" form:"name"`
	Unless   string   `json:"unless,omitempty" form:"rule"` // never shown while this holds
	Reasons  []Reason `json:"reasons"`                      // of hiding it again
}

// Survey asks how it was, after the case has ended.
type Survey struct {
	After      string     `json:"after" form:"span"`
	Instrument string     `json:"instrument" enum:"skm"` // the nine elements of PermenPANRB 14/2017
	Questions  []Question `json:"questions,omitempty"`   // more than those
}

// Question is one more question of a survey, answered from 1 to 4.
type Question struct {
	ID   string `json:"id" form:"id"`
	Text Text   `json:"text"`
}

// Reminder says when to remind a person after the case has ended.
type Reminder struct {
	ID   string `json:"id" form:"id"`
	At   string `json:"at"` // valid_until-30d, issued+1y, or a date field: birth_date+17y
	Text Text   `json:"text"`
}

// Retention says how long the case is kept before destruction may be proposed.
type Retention struct {
	Years  int    `json:"years"`
	Basis  string `json:"basis"`
	Source string `json:"source,omitempty" form:"source"` // "demo": our own figure
}
