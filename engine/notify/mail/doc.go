// Package mail hands e-mail to an SMTP server and reads the bounces that come
// back.
//
// Nouns: a server is the one to which everything goes; the envelope's sender
// holds the id of the notice (VERP), so that a bounce says which it belongs to
// whatever the other side's words are; a bounce is a delivery status notification
// (RFC 3464), or the plain one of qmail.
//
// Invariants:
//   - log-in and mail go over TLS that was verified, but to this very machine;
//   - the Message-ID is made of the notice's id: the same on every attempt;
//   - what a server answers is kept as a code of three digits at most: its words
//     may repeat the address;
//   - a bounce is trusted for nothing but one id and one of three outcomes. What is
//     no bounce, such as the answer of somebody on holiday, says nothing.
package mail
