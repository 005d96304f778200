// Package caseview puts a case into words: its state in a tag, where it is and
// who holds it, its timeline, its legal clock as the day strip, and the fields
// of its form as components. Every door shows the same case in the same words.
//
// Nouns: Words (one case in one language), Fields (a form's fields with what
// was answered or typed and what needs correcting).
//
// It decides nothing and reads nothing: state, definition, government and the
// proof of a deadline are given to it. It shows no sealed value that is not
// handed to it.
package caseview
