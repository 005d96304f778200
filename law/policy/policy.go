package policy

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"
)

// File is one policy file: its name (for faults) and its text.
type File struct {
	Name string
	Text []byte
}

// Set is the policies of a government, proved and ready. It is safe for
// concurrent use and never changes.
type Set struct {
	policies  *cedar.PolicySet
	validator *validate.Validator
}

// Decision is the answer: allowed or not, and the id of the policy that decided
// (the first by name when several did). Policy is empty when none permitted.
// Err, for the log, says what could not be evaluated; then the answer is no.
type Decision struct {
	Allowed bool
	Policy  string
	Err     error
}

// Parse reads policy files and proves them; the error joins every Fault.
func Parse(files ...File) (*Set, error) {
	v, err := validator()
	if err != nil {
		return nil, err
	}
	found, faults := read(files, v)
	if len(faults) > 0 {
		return nil, join(faults)
	}
	set := cedar.NewPolicySet()
	for _, p := range found {
		set.Add(types.PolicyID(p.id), p.policy)
	}
	return &Set{policies: set, validator: v}, nil
}

func join(faults []Fault) error {
	errs := make([]error, len(faults))
	for i, f := range faults {
		errs[i] = f
	}
	return errors.Join(errs...)
}

// Allow answers one question. It fails closed: a request that the schema does
// not know, or a policy that fails on it, is a no.
func (s *Set) Allow(r Request) Decision {
	if s == nil {
		return Decision{} // nothing has been published: nobody may do anything
	}
	if err := r.complete(); err != nil {
		return Decision{Err: err}
	}
	request, entities := r.cedar()
	if err := s.validator.Request(request); err != nil {
		return Decision{Err: fmt.Errorf("policy: %w", err)}
	}
	verdict, diagnostic := cedar.Authorize(s.policies, entities, request)
	if len(diagnostic.Errors) > 0 {
		failed := diagnostic.Errors[0]
		return Decision{Policy: string(failed.PolicyID), Err: fmt.Errorf("policy %s: %s", failed.PolicyID, failed.Message)}
	}
	return Decision{Allowed: verdict == cedar.Allow, Policy: first(diagnostic.Reasons)}
}

// complete refuses what the schema's validator lets pass: it knows the type of
// a closed list, not its members.
func (r Request) complete() error {
	switch {
	case r.Principal == nil || r.Resource == nil:
		return errors.New("policy: no principal or no resource")
	case r.Purpose != "" && !slices.Contains(purposes(), string(r.Purpose)):
		return errors.New("policy: no such purpose")
	case r.Deed != "" && !slices.Contains(deeds(), r.Deed):
		return errors.New("policy: no such deed")
	}
	return nil
}

func first(reasons []types.DiagnosticReason) string {
	ids := make([]string, len(reasons))
	for i, r := range reasons {
		ids[i] = string(r.PolicyID)
	}
	if len(ids) == 0 {
		return ""
	}
	return slices.Min(ids)
}
