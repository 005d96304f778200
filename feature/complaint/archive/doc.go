// Package archive takes in reports of another system from a file: those that
// have ended as rows of an archive, those that are open as cases.
//
// Nouns: map (a file that says what the columns of the other file mean), line (one
// report of it), fault (what is wrong with a line, by line and name of its column).
//
// Invariants: an archived row is no claim of the record. Its source says that it
// is from a file, it has no events and no clock, and one event says which file it
// was, by its SHA-256, and how many rows it gave. A line is known by its source
// and key, so a file read twice, or again after it was cut off, gives nothing
// twice. Only public facts are kept: kind of matter, place, times, and one text
// that is masked. What a line says is never repeated in a fault. A file of any
// length is read in bounded memory.
package archive
