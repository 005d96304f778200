// Package grid lays lines between symbols that stand in lanes, one symbol to a
// rank, so that no line touches a symbol it does not belong to. The chart of a
// procedure has its ranks from top to bottom, BPMN has them from left to right;
// both take their lines from here.
//
// Nouns: node (a symbol), rank (its place along the flow, its number in the
// list), lane (its place across), edge (from one node to another), border (the
// line between two lanes, with tracks for lines that pass along the flow), gap
// (the room before a rank, with tracks for lines that pass across).
//
// Invariants: a line ends at the edge of its two nodes; every other node is at
// least the width of a track away from it; two lines share no more than the
// last piece before a symbol that both lead to. The plan is made without any
// measure, so a caller may ask it how much room is needed before it decides
// where things stand.
package grid
