// Package rule runs the conditions of a published definition.
//
// Nouns: program (all rules of one service, compiled once), env (the answers
// and inputs that a rule is asked with).
//
// Invariants: a rule is found by its path in the service file; it answers true,
// false or an error, and an error never counts as false: the step stops for a
// person. Rules read answers and three inputs, and nothing else.
package rule
