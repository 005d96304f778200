// Package sp4n imitates SP4N-LAPOR! as far as its closed documentation lets one
// guess: reports that are filed with a reference, a tracking id, follow-ups of
// agencies. What is assumed is said in docs/exchange.md; nobody who runs it has
// to take this for the real one.
package sp4n
