// Package doctor looks at a whole instance, the machine under it included, and
// says what is wrong and what to do.
//
// Nouns: a Finding is one thing that is not as it should be; a level says how
// much it matters (error: something is broken or will be lost; warning: act soon;
// note: good to know).
//
// Invariants:
//   - it changes nothing but one small file of its own, which it removes, and
//     works beside a running server, on a stopped one and on a read-only disk;
//   - a part that cannot be looked at is a finding, and the others are still
//     looked at;
//   - a finding holds no personal value.
package doctor
