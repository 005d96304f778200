// Command bench measures Pendopo against limits of the same run: a handler
// that does the least that such work can be, behind the same net/http, on the
// same machine, in the same minute. Absolute figures of a shared machine mean
// little; ratios to such a limit mean something.
//
//	go run ./bench            prints the table (make bench)
//	go run ./bench -write     also writes it into docs/performance.md
//
// Three kinds of process take part, so that a client costs the limit and the
// subject the same: this one makes the load, `bench -limit` is the limit, and a
// freshly built pendopo serving a demo folder is the subject. Rounds alternate
// between limit and subject; the figure is the median of the ratios. All of it
// stays on the loopback, and every process is stopped by its id.
package main
