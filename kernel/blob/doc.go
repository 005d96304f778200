// Package blob keeps files that people hand in, and documents that were made,
// sealed in a store of their own.
//
// A blob belongs to a stream and is sealed under that stream's key, its name
// and type too: shredding the stream's key ends it, wherever copies of the
// store lie. It comes in pieces (Create, Append, Append, …, Finish) that may be
// hours and devices apart; what a cut-off Append had received is kept.
//
// States: receiving → finished → claimed. A blob that nobody claims is swept
// 24 hours after its last piece. Claim after the event that names its hash was
// committed (by a job of the same transaction) or when a draft that lives
// longer refers to it; Delete when the stream is shredded or the draft ends.
//
// Invariants:
//   - plain bytes are never written; a piece is sealed before it is stored;
//   - a chunk opens only as this blob's chunk with this number, and the last
//     one only as the last: moved, swapped, missing or cut chunks are noticed;
//   - Finish has read every chunk back, and returns after the sync: an event
//     may name SealedHash then;
//   - the size is known to whoever sees the store; name, type and content are not.
package blob
