// Package ledger makes the record one that cannot be rewritten unseen.
//
// Every event is a leaf of a Merkle log (RFC 6962). One leader gives the
// leaves their places, keeps the tiles, and signs a head; the log is public
// under /log/ in the C2SP forms (tlog-tiles, tlog-checkpoint, signed-note) and
// shows 32-byte leaves and nothing else.
//
// Nouns: a leaf is an event's hash at its index; a tile is 256 hashes of one
// level; a head (checkpoint) is a signed size and root; a receipt is a promise,
// signed at once, that an event will be in the log within a minute; a proof
// shows that it is. Logs are numbered from 1: `log continue --lost` opens the
// next one, under a new origin, when part of the record was lost.
//
// States of an event: appended (its id is in unsequenced) → leaf → proven by
// the next published head, all within a second.
//
// Invariants:
//   - unsequenced, leaf, tile and head change in one transaction of the leader;
//   - a head is announced after it is in the database and, synced, in heads/;
//   - a node shows a head to nobody before it stands in its own heads/, and keeps
//     those that other nodes sign within a second;
//   - no head is signed while the database is behind the newest head of heads/,
//     or differs from it: a restored old copy cannot fork the log by itself;
//   - tiles and heads can be computed again from leaf, and leaf from event.
package ledger
