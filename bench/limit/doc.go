// Package limit is the least that a server's work can be: bare handlers behind
// net/http over bare SQLite or bare PostgreSQL. What a real program takes for
// the same work is said as a share of this.
//
//	GET  /               two words
//	POST /insert         the body as one row, synced; many requests to a commit
//	POST /insert-each    the same, one commit to a request
//	GET  /read/{key}/{n} one row by an index, answered with n bytes
//	GET  /one/{key}      one row by an index, as it is
//	GET  /list           the newest 20 rows and the number of all
//
// Written rows go to a table of their own, so that reading meets the same rows
// however much was written. PostgreSQL has only /insert-each, as /insert: it
// brings many commits into one sync by itself.
package limit
