// Package portal is the citizen's door: find a service, read its standard,
// apply one page at a time, follow the case, fetch and check documents. All of
// it works without JavaScript and on the weakest phone.
//
// Nouns: draft (a form in progress, reached by code and secret), case page
// (state for whoever has the code; answers, papers and actions for whoever
// shows the secret too).
//
// Invariants: a secret is never in an address, only in a form and in a cookie
// that the browser sends to that one draft or case; a page of a draft keeps
// whatever was acceptable on it, also when something else needs correcting;
// sending twice has one effect.
package portal
