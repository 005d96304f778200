// Package fold turns the events of one case into its present state.
//
// Nouns: change (the clear part of an event), case (the state), holder (who
// must act now), deadline, stop, mark (one line of the timeline).
//
// Invariants. Fold reads clear parts only, so a case can be folded before and
// after its key is destroyed, by anyone who has the record. It never calls a
// rule, a calendar, a definition or a clock: what those said stands in the
// event. Every kind and schema number that was ever written stays foldable;
// testdata keeps one of each. Fold(a+b) is the same as folding b onto Fold(a).
package fold
