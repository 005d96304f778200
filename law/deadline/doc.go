// Package deadline is the legal clock: from a span that a norm promises ("5
// working days"), the moment a matter was received, the calendar of the office
// and the times the clock stood still, it computes the due moment and the proof
// of it, day by day.
//
// Nouns: span (how long), calendar (one decree's holidays, or the week patterns
// of offices), set (all calendars of a government under one hash), office (week
// pattern, zone and hours of a unit), clock (an office under a set), stop (a
// time the clock stands still), proof (the due moment and every day, counted or
// not, and why).
//
// Rules:
//   - A clock runs after its start and up to the beginning of a stop, again
//     after the end of a stop: (start, stop], (resumption, …].
//   - A day counts if the clock was running at its first moment in the unit's
//     zone. So the day of receipt and the day of resumption do not count, and
//     the day of a stop does, except the last one: a stop that begins on the
//     last day before the due moment leaves one day.
//   - Working days skip what the calendar skips; a working day is due at the
//     end of office hours of the last counted day, a calendar day at 23:59:59.
//     An office that is open until midnight is due at 23:59:59 as well.
//   - Minutes and hours run through exact intervals: all the time, or the
//     office hours of working days. They are due at the earliest moment at
//     which the span has run.
//   - A working day, minute or hour is never counted in a year that no national
//     calendar covers: the fault names the year.
//   - Zones are WIB, WITA and WIT, fixed offsets without summer time.
//
// The package is pure: no file, no SQL, no clock of the machine.
package deadline
