package policy

import (
	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
)

// Action is what somebody wants to do.
type Action string

// The actions of the schema, and on what each is asked.
const (
	List        Action = "list"         // Office: see its worklist
	Oversee     Action = "oversee"      // Office: see who is late, overloaded and appointed; let its clocks stand, with a second officer
	Enter       Action = "enter"        // Office: type in a case, or take in papers, for someone at the counter
	State       Action = "state"        // Case: timeline, deadlines, whose turn; nothing personal
	Open        Action = "open"         // Case: sealed answers and papers; an officer gives a Purpose
	Act         Action = "act"          // Case: do what the step offers; gives a Deed
	ReturnAgain Action = "return_again" // Case: send back once more than the service allows
	Revoke      Action = "revoke"       // Case: take its document back
	ReadAccess  Action = "read_access"  // Access: see that somebody opened a case, when and why
	Manage      Action = "manage"       // Person or Government: add, assign, disable officers
	Operate     Action = "operate"      // Government: dead jobs, health, the log
	Propose     Action = "propose"      // Government: change its files in a proposal
	Publish     Action = "publish"      // Proposal: agree to it, so that it holds
	AssignAlone Action = "assign_alone" // Role: give it without a second person
	Identify    Action = "identify"     // Vault: open who told a case, with another guard
)

// Actions are all of them, in the order above.
func Actions() []Action {
	return []Action{List, Oversee, Enter, State, Open, Act, ReturnAgain, Revoke, ReadAccess, Manage, Operate, Propose, Publish, AssignAlone, Identify}
}

// Purpose is why a person's data is opened.
type Purpose string

// The purposes of the schema.
const (
	Handle    Purpose = "handle"    // the step is the officer's own
	Supervise Purpose = "supervise" // the officer answers for who handles it
)

func purposes() []string { return []string{string(Handle), string(Supervise)} }

// deeds are the kinds of action that a person can do, as service files name
// them (definition.ActionKind), and stopping and resuming the clock; what the
// system does is no question here. Writing to one another, showing a case to the
// public, hiding it and taking a question back are deeds too.
func deeds() []string {
	return []string{"submit", "approve", "return", "reject", "forward", "deliver", "make", "withdraw", "object",
		"dispatch", "send_back", "ask", "finish", "merge", "confirm", "reopen", "stop", "resume",
		"write", "publish", "hide", "recall_asked", "post"}
}

// Post is a role held at a unit.
type Post struct{ Unit, Role string }

// Principal is who asks: an Officer, an Applicant or a Follower.
type Principal interface{ principal() types.Entity }

// Officer asks with what is held now. Heads are the units the officer signs for.
type Officer struct {
	ID    string
	Posts []Post
	Heads []string
}

// Applicant proved code and secret of one case.
type Applicant struct{ Case string }

// Follower knows the code of one case.
type Follower struct{ Case string }

// Resource is what is asked for: an Office, a Case, an Access, a Person, a Vault, a Proposal, a Duty or the Government.
type Resource interface{ resource() types.Entity }

// Office is a unit: its worklist and its counter.
type Office struct{ Unit string }

// Case is one case, as far as deciding access needs it.
type Case struct {
	ID        string // stream id
	Unit      string // the unit that answers for it
	Turn      *Post  // whose step it is; nil when it is the applicant's, the system's or nobody's
	Over      *Post  // who may go over the number of returns; nil when nobody may
	Escalated []Post // to whom lateness brought it
	Signs     *Post  // who signs its document; nil while it has none
	Shows     []Post // who may show it to the public, and hide it again
}

// Vault is the identity of who told a case: the units that handle the case or
// did, and the post that guards it.
type Vault struct {
	Case  string
	Units []string
	Guard Post
}

// Access is one line of the record of openings.
type Access struct{ Case, Unit, Officer string }

// Person is an officer as somebody who is managed.
type Person struct{ ID string }

// Proposal is a change of the government's files, and the officer who asks for
// it to be published.
type Proposal struct{ ID, By string }

// Duty is a role as something to be given.
type Duty struct{ Role string }

// Government is the whole instance.
type Government struct{}

// Request is one question. Purpose goes with Open by an officer, Deed (the kind
// of a service file's action) with Act; the other actions take neither.
type Request struct {
	Principal Principal
	Action    Action
	Resource  Resource
	Purpose   Purpose
	Deed      string
}

func (o Officer) principal() types.Entity {
	var posts, units, roles, heads []types.Value
	for _, p := range o.Posts {
		posts = append(posts, p.value())
		units = append(units, uid("Unit", p.Unit))
		roles = append(roles, uid("Role", p.Role))
	}
	for _, u := range o.Heads {
		heads = append(heads, uid("Unit", u))
	}
	return entity(uid("Officer", o.ID), types.RecordMap{
		"posts": types.NewSet(posts...), "units": types.NewSet(units...),
		"roles": types.NewSet(roles...), "heads": types.NewSet(heads...),
	})
}

// The id of an Applicant or a Follower is the case's: nobody knows who it is.
func (a Applicant) principal() types.Entity {
	return entity(uid("Applicant", a.Case), types.RecordMap{"case": uid("Case", a.Case)})
}

func (f Follower) principal() types.Entity {
	return entity(uid("Follower", f.Case), types.RecordMap{"case": uid("Case", f.Case)})
}

func (o Office) resource() types.Entity { return entity(uid("Unit", o.Unit), nil) }

func (p Person) resource() types.Entity { return Officer{ID: p.ID}.principal() }

func (p Proposal) resource() types.Entity {
	return entity(uid("Proposal", p.ID), types.RecordMap{"by": uid("Officer", p.By)})
}

func (d Duty) resource() types.Entity { return entity(uid("Role", d.Role), nil) }

func (Government) resource() types.Entity { return entity(uid("Government", "this"), nil) }

func (a Access) resource() types.Entity {
	return entity(uid("Access", a.Case+"/"+a.Officer), types.RecordMap{
		"unit": uid("Unit", a.Unit), "case": uid("Case", a.Case), "officer": uid("Officer", a.Officer),
	})
}

func (c Case) resource() types.Entity {
	var escalated []types.Value
	for _, p := range c.Escalated {
		escalated = append(escalated, p.value())
	}
	var shows []types.Value
	for _, p := range c.Shows {
		shows = append(shows, p.value())
	}
	facts := types.RecordMap{"unit": uid("Unit", c.Unit), "escalated": types.NewSet(escalated...), "shows": types.NewSet(shows...)}
	if c.Turn != nil {
		facts["turn"] = c.Turn.value()
	}
	if c.Over != nil {
		facts["over"] = c.Over.value()
	}
	if c.Signs != nil {
		facts["signs"] = c.Signs.value()
	}
	return entity(uid("Case", c.ID), facts)
}

func (v Vault) resource() types.Entity {
	var units []types.Value
	for _, u := range v.Units {
		units = append(units, uid("Unit", u))
	}
	return entity(uid("Vault", v.Case), types.RecordMap{
		"case": uid("Case", v.Case), "units": types.NewSet(units...), "guard": v.Guard.value(),
	})
}

func (p Post) value() types.Value {
	return types.NewRecord(types.RecordMap{"unit": uid("Unit", p.Unit), "role": uid("Role", p.Role)})
}

func uid(kind, id string) types.EntityUID {
	return types.NewEntityUID(types.EntityType(kind), types.String(id))
}

func entity(id types.EntityUID, facts types.RecordMap) types.Entity {
	return types.Entity{UID: id, Attributes: types.NewRecord(facts)}
}

// cedar turns the question into Cedar's form. A principal that is also the
// resource (an officer managing themself) keeps the principal's facts.
func (r Request) cedar() (cedar.Request, types.EntityMap) {
	who, what := r.Principal.principal(), r.Resource.resource()
	context := types.RecordMap{}
	if r.Purpose != "" {
		context["purpose"] = uid("Purpose", string(r.Purpose))
	}
	if r.Deed != "" {
		context["deed"] = uid("Deed", r.Deed)
	}
	entities := types.EntityMap{what.UID: what}
	entities[who.UID] = who
	return cedar.Request{
		Principal: who.UID, Action: uid("Action", string(r.Action)), Resource: what.UID,
		Context: types.NewRecord(context),
	}, entities
}
