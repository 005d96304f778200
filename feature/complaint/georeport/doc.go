// Package georeport is the wire of Open311 GeoReport v2, with mySociety's
// servicerequestupdates: what its resources look like as JSON and as XML, how
// its moments are written, and how the answers of other servers are read. It is
// what our server and our client have in common, and knows nothing of either.
//
// Nouns: service (a kind of thing one may report), definition (the further
// questions of a service), request (a report), receipt (the answer to a report
// that was accepted), update (a change of a report's state), failure (one line
// of an error answer), record (one such thing as another server wrote it: names
// and texts).
//
// Invariants: what is written has every field of the specification, also the
// empty ones (null in JSON, an empty element in XML), and is UTF-8. What is read
// is read by name and leniently, because servers differ: numbers or strings,
// wrapped lists or bare ones, one element or several. It is bounded in depth and
// number, and never trusted further than its text.
package georeport
