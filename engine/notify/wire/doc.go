// Package wire is what notices and the channels that carry them have in common:
// a message, what became of it, and the one interface of an adapter.
//
// Nouns: a Message is one text for one address; a Receipt says that somebody
// else took it over; a Failure why nobody did; a Report what became of it later.
//
// Invariants:
//   - a message bears the same id on every attempt, so that a receiver may tell a
//     second one from a first;
//   - a Failure is a code and never holds an address, a text or an answer of the
//     other side: those go nowhere but to the channel itself.
package wire
