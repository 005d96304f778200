// Package admin is the administrator's door: the government's own files, the
// officers, and how the instance is.
//
// Nouns: me (who is logged in), house (the files as they are live), desk of a
// proposal (work: the files as a proposal would have them, with what check says
// of them), part (one page of a file in plain words: requirements, time, …),
// input (one value of a file with its label), finding (what check says, beside
// the input it is about).
//
// Invariants: every page asks the policies of the government; nothing changes
// what holds but an agreement of two persons; publishing and every change to an
// officer ask for the password once more; what is typed goes into a file by
// law/definition/edit alone, so comments and order stay; everything that is done
// is an event that the page of deeds shows; everything works without JavaScript.
package admin
