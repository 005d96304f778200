// Package routing suggests which unit a report is for, of which category and of
// what kind it is, from its words, its place and what is known of it, and says
// why. An officer decides.
//
// Nouns: example (a report that somebody decided about, or a unit's own words in
// the definitions), tag (a fact beside the text, such as its category), label
// (what is suggested), hint (what the definitions say: this category usually
// goes to that unit), guess (a label, how likely it is, and the words, tags and
// hints that spoke for it).
//
// A model is one linear support vector machine for each label over the roots of
// words and over the letters within words, three and four in a row, which forgive
// spelling. How likely a guess is comes from a part of the examples that is held
// back. Below a bound a model says nothing. docs/routing.md says how well it does
// and what else was tried.
//
// It is pure: the same examples give the same model, to the last bit; a trained
// model is never changed and may be asked by many goroutines.
package routing
