// Package chart draws the flow of a service as the official chart of a
// procedure (SOP AP, PermenPANRB 35/2012): an identity sheet, then a table with
// one row for each activity, one lane for each actor, and the standard quality
// (completeness, time, output) beside it. It knows five symbols: capsule (begin
// and end), box (activity), diamond (decision), arrow, and pentagon (goes on at
// another page). One layout has two painters, SVG and PDF, and a twin in words.
//
// Nouns: plan (the flow in rows, lanes and exits), row, exit, sheet (one page,
// laid out), symbol, arrow, words (a line of text in its cell), twin.
//
// Invariants: lanes are the actors; every step is drawn once; a decision is the
// only place where ways part and has two or more; arrows begin and end at
// symbols and cross none; text stays in its cell; the same definition gives the
// same bytes. What no symbol can say stands in words in the last column: what
// runs at the same time, what lateness does, what the system does by a rule.
package chart
