// Package search finds the service that somebody means, by everyday words,
// misspelt or not, in Indonesian or English.
//
// Nouns: term (a word brought to its root), entry (one service with the words
// of its parts, each part with a weight), index (all entries of one government
// in one language, in memory).
//
// A query is read word by word: words that say nothing are dropped, what people
// say becomes what services say (the government's synonyms), a word that nobody
// knows becomes the nearest one that is known. Ranking is BM25 over the parts
// of a service.
//
// It is pure: an index is built once for a publication and a language, is never
// changed and may be asked by many goroutines. docs/search.md says how well it
// does.
package search
