// Package follow tells people by SMS, WhatsApp or e-mail how a shown report goes
// on that is not theirs. Who told one that was merged hears of the other through
// engine/notify, by the code that they know.
//
// Nouns: follower (a contact that wants to hear of one report), asked (nobody has
// typed the code that was sent there yet), confirmed, end (its key is destroyed).
//
// Invariants:
//   - a contact is told of reports only after the code that was sent to it was
//     typed;
//   - no answer tells whether a contact follows already: each asking is a new
//     follower, and the second of one contact is never confirmed beside the first;
//   - a contact lies sealed under a key of its own. It is destroyed when the
//     follower says so, the code is not typed in time, the report is hidden or
//     shredded, and a week after it ended;
//   - what is to be told is queued in the transaction of the event that changed
//     the public state, beside the row of the report.
package follow
