// Package near says how likely it is that two reports tell of the same thing: by
// where, when, of what category, in which words and with which picture.
//
// Nouns: sketch (what is kept of a text to compare it by: 64 numbers that only
// the holder of a key can relate to words), print (64 bits of a picture that stay
// when it is scaled, compressed or brightened), likeness (how alike two reports
// are, part by part), score (all parts together, between 0 and 1).
//
// An officer who joins two reports sees the parts, not the score alone. The
// weights were chosen on pairs that a test makes; docs/duplicates.md has the
// figures. It is pure.
package near
