// Package exchange sends reports on to other governments' servers and follows
// what becomes of them: a province's road, the state's electricity, the nation's
// SP4N-LAPOR!.
//
// Nouns: peer (another server, with an adapter for how it speaks), parcel (a
// report as it is sent: the words that an officer has looked at, and never who
// reported), mark (what is written into the parcel so that it can be found again
// over there), row (one parcel of the outbox), update (what a peer says of a
// report that it has).
//
// States of a row: waiting (to be sent), unsure (sent, and the answer was lost),
// token (the peer gives the id later), sent (the id is known), confirmed (the
// peer shows it), failed (it was refused, or nobody can know; an administrator
// decides).
//
// Invariants:
//   - a report is one row for each peer, and the row is written before anything is
//     sent: whatever is lost on the way, the row says what has to be asked;
//   - a row that is unsure is never sent again before the peer was asked whether
//     it has the report, unless the peer promises that the same key has one effect;
//   - where the peer can neither be asked nor promises that, the row fails rather
//     than that a report is doubled, and says so;
//   - an update is kept once by its id, masked, whoever sends it and however often;
//   - keys stand in files of their own, never in the configuration or the database.
package exchange
