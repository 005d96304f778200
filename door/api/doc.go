// Package api is the door for programs: the same services, cases and documents
// as JSON, with RFC 9457 problems in the language of the caller.
//
// Nouns: upload group (the files of one application before it is one; a draft
// whose code and secret are the group's token, see docs/decisions/0401), key
// (Idempotency-Key: the same key and request have one effect and one answer),
// secret (opens what is personal; in the Authorization header, never in an
// address).
//
// Invariants: whatever a caller sends is refused at its place by a JSON pointer
// and never repeated; an unknown code, a draft's code and a wrong secret are
// the same answer after the same work; a repeated request is answered as
// the first was, also when the definition has changed since; no
// other origin's page may read an answer, but for the public log and keys.
package api
