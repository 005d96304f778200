// Package attachment takes in the papers that people send with a matter: it
// looks at the content and not at the name, makes every picture anew so that
// nothing hidden in it (place, device, a second file) stays, and keeps the
// bytes sealed under the key of the draft or case they belong to.
//
// Nouns: file field (what the form asks for: pictures, PDF, a voice note, how
// large), file (what was kept).
//
// Invariants: nothing is written in plain, not even for a moment; a picture is
// decoded only when its stated size is within bounds; a file that is not what
// the field takes leaves nothing behind. A voice note is known by its first
// bytes and kept as it came, without the words that describe it.
package attachment
