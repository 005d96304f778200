// Command torture kills the program again and again while 64 clients use it,
// and looks whether everything that was acknowledged is there, once.
//
//	go run ./test/torture [-kills N] [-seed N] [KIND…]
//
// Kinds: sqlite (the server on SQLite is killed), postgres (the server on
// PostgreSQL is killed), database (PostgreSQL is stopped at once under a server
// that stays). An interrupt ends the round early, with every look that belongs
// to its end. See docs/torture.md.
//
// Nouns: a round (one kind, so many kills), a life (from ready to the next
// kill), a citizen and an officer (clients with a story), an effect (something
// that was answered with success, so it must be there for good), the journal
// (all effects), a quick look (the effects since the last one, after every
// kill) and a whole look (everything, by every way there is).
//
// Invariants: a request without an answer is sent again under the same key
// until it has one; what is looked for is what was answered, never what was
// sent; a round that finds nothing wrong but acknowledged little fails.
package main
