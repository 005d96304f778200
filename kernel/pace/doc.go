// Package pace bounds how often a stranger may try something, on all nodes
// together.
//
// Nouns: a pace (so many at once, then one in every so long); a caller's key (an
// address, a code), which the database sees as an HMAC; an attempt (one try by
// one or several keys); the book (one row for each key that has tried lately).
//
// Two things are paced. What costs something whenever it is done (opening a draft)
// is counted each time: Take. What only a guesser does often (a wrong secret) is
// counted when it was wrong: Begin looks at the book, Wrong writes into it, and
// whoever is right costs no write.
//
// Invariants:
//   - An attempt also counts in the memory of its node before it is judged, so
//     that many at once cannot all see a low count: over what the book says, a
//     node judges one burst at most.
//   - It never fails open. When the book cannot be read or written the attempt is
//     fault.Unavailable, whether it would have been right or wrong once it was
//     counted; the memory of the node goes on counting meanwhile.
//   - Memory is bounded, and a row goes a minute after it has ceased to mean
//     anything.
package pace
