// Package complaint is what reports of citizens have beyond a definition: public
// pages, a map, honest figures, feeds, and what a coordinator looks at.
//
// Nouns: report (the row of one case whose service has a public side; package
// report), shown (an officer has looked at its words and pictures, and they are
// public), support (somebody else has this too), follower (somebody who wants to
// hear of it), area (a region or a unit's territory), cell (a square of the map in
// which reports are counted together).
//
// States of a report as everybody may read them: waiting, sent, handled,
// answered, solved, silence, rejected, merged, withdrawn.
//
// Invariants:
//   - a report that is not shown has no public page, no place in a list, a map, a
//     feed or an answer to another program; in figures it is counted, and no
//     count below five is told;
//   - what is public are the words that an officer has looked at, never the
//     reporter's own; hidden again, they are gone everywhere at once;
//   - this folder and the lines of app that name it can be deleted, and the rest
//     builds: nothing but app imports it.
package complaint
