// Command nodes runs Pendopo as an agency would that wants no single machine to be
// needed: three equal servers on one PostgreSQL. It starts the real program,
// uses it from many sides at once, kills what may die, and then looks for every
// answer that was given.
//
//	go test ./test/nodes     one server process of PostgreSQL, half a minute
//	go run ./test/nodes      with a streaming replica, a reverse proxy in front,
//	                         and failovers; prints figures (make nodes)
//
// Nouns: a cluster (nodes that share databases and instance keys), a node (one
// process with a data folder of its own), the load (clients that repeat with the
// same key until they are answered), the book (what was acknowledged).
package main
