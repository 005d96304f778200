// Package report is the table of reports: one row for each case whose service
// has a public side, folded from the case in the transaction of its events.
//
// Nouns: report (a row), words (title and text that an officer has looked at),
// state (what everybody may read of where it stands), cell (a square of a grid,
// by which areas are asked for), query and page (what a list asks for and gets).
//
// Invariants: a row is a function of the case and of the words that were
// published, so it can be made anew; the words are kept only while the report is
// shown, and are gone with the key of their case; every question for many rows
// is answered from an index and by key, not by counting rows to skip.
package report
