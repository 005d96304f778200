// Package sink is the channel of a demo: what would have been sent stands in
// a file that its owner alone reads, one line of JSON for each message.
//
// Invariants: a message that is handed over twice stands there twice, with the
// same id; the folder is 0700, the file 0600.
package sink
