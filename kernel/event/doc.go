// Package event is the record: append-only rows that nothing may change, each
// with the leaf that the public log will hold.
//
// An event belongs to a stream and has the next version of it. Its clear part
// holds flow facts only and never free text; its sealed part is ciphertext bound
// to AAD. Everything is prepared outside of a transaction (Finish computes the
// leaf); Append only inserts.
//
// # The leaf
//
// The leaf of an event is
//
//	SHA-256("pendopo/event/1" ‖ f1 ‖ f2 ‖ … ‖ f14)
//
// where each f is one column as uint32 big-endian length ‖ bytes, in the order
//
//	 1 id          text
//	 2 stream      text
//	 3 version     decimal
//	 4 kind        text
//	 5 schema      decimal
//	 6 entered     decimal, microseconds since 1970 UTC
//	 7 received    decimal, microseconds since 1970 UTC
//	 8 evidence    text, empty when received is entered
//	 9 node        text
//	10 actor       text
//	11 definition  text
//	12 clear       the JSON bytes as stored
//	13 sealed      SHA-256 of the ciphertext, 32 bytes, also of an empty one
//	14 salt        16 bytes
//
// Text is UTF-8. Decimal is the number as ASCII digits with "-" in front of a
// negative one and no leading zero: what a receipt prints is what was hashed, and
// a verifier in any language needs no byte order but that of the lengths. The
// prefix itself has no length. An empty column is four zero bytes. A testdata
// file holds worked examples.
//
// # Tables
//
// Schema has the record's tables, the ledger's among them: event; unsequenced
// (ids waiting for their leaf); leaf, head and tile.
package event
