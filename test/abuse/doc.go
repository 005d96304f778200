// Package abuse does to the real program what strangers do: it sends slowly, too
// much, nonsense and masses, from addresses of the loopback, and each time wants
// an answer that says no, bounded memory, and an honest visitor who is served
// meanwhile. The short round runs with all tests; PENDOPO_ABUSE=long (make abuse)
// makes it larger.
package abuse
