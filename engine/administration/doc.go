// Package administration is what administrators do to the house itself: changes
// of the government's files that two persons agree on, and the record of every
// deed.
//
// Nouns. A proposal is a set of changes of files, made on the files that are
// live; each change is the whole new text of one file. A conflict is a file that
// changed under a proposal. A deed is one thing an administrator did: an event
// of the stream administration/<month>. A waiting assignment is a role that a
// second administrator must agree to.
//
// States of a proposal: draft → proposed → published; proposed → draft when it
// is given back or changed; draft and proposed → dropped.
//
// Invariants:
//   - nothing of a proposal holds before it is published, and it is published by
//     another person than the one who brought it forward, in one transaction
//     with its state, and only on the very files it was looked at with;
//   - a change that another did to the same proposal meanwhile is a conflict,
//     never overwritten unseen;
//   - deeds are clear facts: ids, paths, hashes and words of closed lists, never
//     what somebody typed;
//   - definitions are public, so proposals are plain rows. They are no folds and
//     are not sealed.
package administration
