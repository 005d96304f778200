// Package simulation lets a service run before it opens: cases arrive, officers
// work through them, applicants answer, deadlines pass. What happens to a case
// is decided by flow.Decide and folded by law/fold, as in the engine; only the
// people are imitated.
//
// Nouns: setup (who arrives, who works, how long things take), case, task (a
// case that waits for somebody at a step), desk (the officers of one role at one
// unit, who take tasks in the order in which they came), result.
//
// Invariants: the same setup and seed give the same result, byte for byte. Each
// case has chances of its own, so that a run with more officers has the same
// applicants with the same matters. Nobody works outside office hours; a task
// that is begun is finished, however late it gets, unless lateness takes the
// case away. Cases are conserved: what arrived has ended or is still open.
//
// What is not imitated: answers. Conditions on answers are left out, so every
// action is open, every limit is the one without a condition, and the system
// grants nothing by a rule.
package simulation
