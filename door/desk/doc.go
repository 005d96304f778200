// Package desk is the officer's door: the worklist by role and unit, the case
// with its papers, clock and actions, and the counter where a matter is typed
// in for whoever stands there.
//
// Nouns: me (who is logged in, with what is held at this moment), worklist (a
// list without any sealed value, the most urgent first), case page (the case as
// this officer may see it), work (what may be done now), entry (the form at the
// counter), slip (what the visitor takes home).
//
// Invariants: every page asks the policies of the government, never a role by
// name; no sealed value is shown before its opening was recorded, and none in a
// list; whoever supervises opens by an act of their own, never by following a
// link; every form carries the version that was seen and a key of its own, so
// that a second sending does nothing and a stale one says so; everything works
// without JavaScript and by keyboard alone.
package desk
