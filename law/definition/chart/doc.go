// Package chart draws the flow of a service as the official chart of a
// procedure (PermenPANRB 35/2012): one row for each activity, one lane for each
// actor, and five symbols: capsule (begin, end), box (activity), diamond
// (decision), arrow, pentagon (connector to another activity).
//
// Invariants: a decision is the only place where ways part, and has two ways
// out or more; every way out ends at a symbol; the same definition gives the
// same bytes.
package chart
