// Package edit changes a YAML file of a government without rewriting it:
// comments, order, quotes and blank lines stay as whoever wrote them left them.
//
// Nouns: file (the bytes and the tree over them), node (a value with its path
// and the bytes where it stands), path (as check names places:
// standard.requirements[0].text.id), value (what is put in).
//
// Invariants: a change touches the bytes of the changed node and nothing else;
// every change is parsed again and compared with the tree that was meant, node
// by node, before it is given out, so a change that would not parse, or would
// mean something else, is refused with ErrCannot. The package is pure.
package edit
