// Package redact finds what in a text tells who somebody is or how to reach him:
// numbers of identity cards and family cards, of tax, telephones, bank accounts,
// payment cards and vehicles, and addresses of e-mail. It is what a report is
// looked through with before everybody may read it.
//
// Nouns: span (a stretch of the text and what it is), cue (a word that says what
// the number beside it is: rekening, WA, NIK), shield (a stretch that only looks
// like one: an amount of money, a date, coordinates).
//
// It goes by form and by cues and knows no names: it helps the officer who reads
// the text, and takes his place in nothing. What it finds, and what it misses,
// is measured on the lines of testdata. It is pure and keeps nothing.
package redact
