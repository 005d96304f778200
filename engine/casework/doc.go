// Package casework runs cases: it takes commands from the doors and the
// timers, lets law/flow decide, seals what is personal, and commits events,
// rows, numbers and work in one transaction.
//
// Nouns: case, draft (a form not yet sent), code and secret (how a citizen
// finds a case again), once (an idempotency key), catalogue (what was
// published), row (the fold of a case), access (an opening of sealed values),
// vault (who told a case, apart from it), question (another unit is asked by a
// case of its own).
//
// States of a case are the steps of its definition and the four outcomes.
//
// Invariants. Prepare outside, commit inside: parsing, rules, folding and
// sealing run on the caller's goroutine; the transaction inserts, takes gapless
// numbers and queues work. A row is the fold of clear parts and nothing else.
// The same key with the same request has one effect and one answer. Nobody
// opens a sealed value without an access event that was written first. What
// belongs into a vault is never sealed into a case. A case keeps the definition
// it began with.
package casework
