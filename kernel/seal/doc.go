// Package seal keeps what is personal unreadable without its key, and lets
// that key be destroyed.
//
// Nouns: an Instance is a folder of five keys, outside the data and the same on
// every node. A StreamKey seals one stream: a case, a register entry, an
// account. Keys is the store of wrapped stream keys and of the blind index;
// it lives apart from the data, so that copies of the data may be old and
// copies of the keys never are.
//
// Invariants:
//   - a stream key is written and synced before anybody is given it;
//   - a key is stored only wrapped, together with the name of its wrap key;
//   - a shredded key is first listed in shredded.list, then overwritten; a store
//     restored from an older copy applies the list before it gives out any key;
//   - no key ever prints: StreamKey and Instance show themselves as hidden.
package seal
