package policy

import (
	"fmt"

	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"
)

// Schema is what a policy can speak of, in Cedar's own schema language. Adding
// an attribute here means filling it in request.go; a test compares the two.
const Schema = `// A post is a role held at a unit.
type Post = { unit: Unit, role: Role };

entity Unit;
entity Role;
entity Government;

// Why a person's data is opened; written to the record of openings.
entity Purpose enum ["handle", "supervise"];

// What an action of a step means in law (the "kind" of a service file's action),
// stopping and resuming the clock, and what moves nothing: a message, showing the
// case to the public, hiding it, taking a question back, posting a letter.
entity Deed enum ["submit", "approve", "return", "reject", "forward", "deliver", "make", "withdraw", "object", "dispatch", "send_back", "ask", "finish", "merge", "confirm", "reopen", "stop", "resume", "write", "publish", "hide", "recall_asked", "post"];

// An officer, with what is held today: a mandate out of its dates is not here.
entity Officer {
  posts: Set<Post>,  // every role at its unit
  units: Set<Unit>,  // units with at least one role
  roles: Set<Role>,  // roles held at any unit
  heads: Set<Unit>   // units that the officer signs for (a role marked head: true)
};

// Someone who proved code and secret of a case, and someone who knows its code.
entity Applicant { case: Case };
entity Follower { case: Case };

entity Case {
  unit: Unit,           // the unit that answers for the case
  turn?: Post,          // whose step it is; absent when it is no officer's
  over?: Post,          // who may go over the number of returns; absent when nobody may
  escalated: Set<Post>, // to whom lateness brought it
  signs?: Post,         // who signs its document; absent while it has none
  shows: Set<Post>      // who may show it to the public, and hide it again
};

// The identity of who told a case, kept apart from it: the units that handle the
// case or did, and the post that guards the identity.
entity Vault { case: Case, units: Set<Unit>, guard: Post };

// One line of the record of openings: an officer opened a case of a unit.
entity Access { unit: Unit, case: Case, officer: Officer };

// A change of the government's files, and who asks for it to be published.
entity Proposal { by: Officer };

action list, oversee, enter appliesTo { principal: Officer, resource: Unit };
action state appliesTo { principal: [Officer, Applicant, Follower], resource: Case };
action open appliesTo { principal: [Officer, Applicant], resource: Case, context: { purpose?: Purpose } };
action act appliesTo { principal: [Officer, Applicant], resource: Case, context: { deed: Deed } };
action return_again appliesTo { principal: Officer, resource: Case };
action revoke appliesTo { principal: Officer, resource: Case };
action read_access appliesTo { principal: [Officer, Applicant], resource: Access };
action manage appliesTo { principal: Officer, resource: [Officer, Government] };
action operate, propose appliesTo { principal: Officer, resource: Government };
action publish appliesTo { principal: Officer, resource: Proposal };
action assign_alone appliesTo { principal: Officer, resource: Role };
action identify appliesTo { principal: Officer, resource: Vault };
`

// validator compiles Schema. It is made once per load of a folder.
func validator() (*validate.Validator, error) {
	var s schema.Schema
	if err := s.UnmarshalCedar([]byte(Schema)); err != nil {
		return nil, fmt.Errorf("policy schema: %w", err)
	}
	resolved, err := s.Resolve()
	if err != nil {
		return nil, fmt.Errorf("policy schema: %w", err)
	}
	return validate.New(resolved), nil
}
