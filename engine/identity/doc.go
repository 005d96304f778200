// Package identity knows who the officers are, lets them in, and answers who
// may do what.
//
// Nouns. An officer is a stream of events; its id is the stream's id and says
// nothing. Name, NIP, e-mail, login name and the text of a mandate are personal:
// they are sealed in the officer's own stream. A post is a role at a unit; an
// assignment is a post with its first and last day and its kind: definitive,
// plt (acting while the post is vacant) or plh (acting while its holder is
// away). A session is an officer at one browser.
//
// States of an officer: created → active ⇄ disabled. A password may be
// temporary: whoever gave it knows it, so its owner must choose another before
// doing anything else.
//
// Invariants:
//   - the rows officer and officer_post are folds of the clear parts of events
//     and can be rebuilt without any key (Fold);
//   - a password hash is in no event. It is a row that can be destroyed; the
//     event holds a hash of that row, so that one planted by hand is refused at
//     log-in and named by verify;
//   - a login name is found by HMAC under the index key, never stored in plain;
//   - an unknown login, a wrong password, a disabled officer and one without a
//     password run the same statements, spend the same hashing and answer the
//     same words (the drawn password of a demo's officer takes less hashing);
//   - a session row holds the SHA-256 of the token and nothing personal. It is
//     valid only while the officer's epoch is the one it began with: disabling
//     and every new password raise the epoch and so end all sessions at once,
//     on every node;
//   - only Allow decides, from the posts held at this moment (law/policy).
package identity
