// Package backup copies an instance away while it runs, brings it back, and
// keeps what the last rehearsal said.
//
// Nouns: a Report is what a rehearsal found; a Status is how far the copy lags
// behind.
//
// Invariants:
//   - data and keys never go to one place: whoever holds a copy of the data
//     must not hold its keys with it;
//   - a report holds counts, moments and ids, never a value that was opened.
package backup
