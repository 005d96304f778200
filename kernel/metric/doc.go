// Package metric counts what a program does and writes the counts in the text
// form that Prometheus reads (version 0.0.4).
//
// Nouns: a Set is everything that one program counts; a Counter and a Histogram
// are told of what happens; what is asked for (Ask) is read when somebody looks.
//
// Invariants:
//   - labels are bounded: a family keeps mostSeries of them, and what comes later
//     is counted under "other", so that a stranger cannot fill memory with them;
//   - telling takes no lock once a series is known, for it stands in every request;
//   - label values are words of this program, never what somebody typed.
package metric
