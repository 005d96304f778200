// Package page is the HTTP plumbing under every door: texts and languages,
// rendering, forms that cannot be forged, errors that people can read, and an
// access log that names nobody.
//
// Nouns: a Site is one running web face of a government; a Route is one line
// of a door's table; a View is one page to show; a Printer writes one
// language; a Catalogue holds all of them.
//
// Invariants:
//   - every response carries the security headers and a request id;
//   - inline style is allowed by its hash only, inline script never;
//   - a page never answers a request that changes something unless its form
//     token belongs to the browser that sends it;
//   - a fault reaches people as its public words alone; an internal one shows
//     the request id, which the log shows too;
//   - the log has the route's pattern, never the address asked for, and
//     nothing that anybody typed.
package page
