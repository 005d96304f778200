// Command peers measures Pendopo beside programs of the same kind, each
// installed by its own script and run on the same machine in the same run:
// PocketBase, Strapi, Temporal and DBOS, with bare handlers over SQLite and
// PostgreSQL as the limits. README.md says what each does for one request and
// how durably.
//
//	go run ./bench/peers -install     installs them, which takes minutes once
//	go run ./bench/peers -write       measures, and writes docs/performance.md
//	go run ./bench/peers -quick       short rounds, to see that all of it works
//
// `make bench-peers` does the first two. A peer that cannot be installed or
// fails stands in the table with its reason. All of it stays on the loopback;
// every process is ended by its id, and dies with this one if this one is
// killed.
package main
