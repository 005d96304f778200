// Package policy decides who may do what: policies of the government folder
// (policy/*.cedar) over the words that schema.go lists, and nothing else.
//
// Nouns. A principal is an Officer (with the posts held today), an Applicant
// (who proved code and secret of one case) or a Follower (who knows a code). A
// resource is a Case, an Office (a unit's worklist and counter), an Access (one
// line of the record of openings), a Vault (the identity of who told a case), a
// Person (an officer being managed) or the Government. An action is one of the constants of request.go.
//
// Invariants. What no policy permits is refused, and a forbid wins over any
// permit. A policy that cannot be evaluated refuses the whole request: Cedar
// alone would skip it, and a skipped forbid permits. Which mandates are in date
// is settled before: a principal carries only what is held now, so no policy
// has to remember to ask.
//
// The package is pure: it reads no file and no clock. Check proves a folder's
// policies against the schema and reports every fault with line and column.
package policy
