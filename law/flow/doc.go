// Package flow decides what may happen next in a case. It is the functional
// core: definition, calendar, state, answers, command, facts and now go in;
// events and effects come out. It reads nothing, writes nothing and knows no
// clock of its own; the web, the tests and the simulator call this one function.
//
// Nouns: command (what somebody or a timer wants), draft (an event to be
// sealed and stored), effect (work that follows: number, render, tell).
//
// Invariants. An action changes a case only from the step it belongs to, by
// the one whose turn it is, seen at the case's present version. The system
// never rejects. A stop has a listed reason, a bounded number and a bounded
// length; a clock that resumes goes on where it stood. A deadline fires once.
// Every step of an officer runs under a deadline, and every end settles all
// deadlines.
package flow
