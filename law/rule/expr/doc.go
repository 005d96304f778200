// Package expr compiles and evaluates the conditions of a definition: CEL over
// the fields of one form. It knows neither forms nor services, only variables
// and rules, so that law/definition can check rules and law/rule can run them.
//
// Nouns: variable (a field's name and type, or an input), rule (a text at a
// path), problem (why a rule is refused, and where in its text), set (compiled
// rules).
//
// Invariants. Every rule yields true or false, or a whole number where one is
// computed. A group is a list of objects, typed field by field; an item taken by
// its number needs a condition that says it is there. A variable that may be missing
// has the type optional(T), so a rule that does not say what happens then does
// not compile. There is no clock: today, received and channel are inputs. Dates
// are timestamps at 00:00 UTC. Evaluation has a cost limit; a rule that fails
// is an error, never false.
package expr
