// Package advice is what an officer is told beside a report before he decides:
// which unit, kind and category its words, its place and the definitions speak
// for, which reports may tell of the same thing, and what of its text tells who
// somebody is.
//
// Nouns: adviser (holds what was learned, answers the desk), learned (three
// models: unit, kind, category), sketch (what reports are compared by).
//
// It decides nothing and says why. Learned is only what this instance has closed
// and shows: public words. Models live in memory and are made anew at night;
// sketches are made by a pass every few seconds. docs/routing.md and
// docs/duplicates.md say how well they do.
package advice
