// Package notify is the door for those who carry messages and those who want no
// more of them: gateways that report what became of a message, people who follow
// the link at the end of an e-mail.
//
// Invariants:
//   - a report is answered the same whatever it holds; only a wrong secret is
//     refused, and so is a channel that takes none: both alike;
//   - the link of an e-mail ends the messages to that address and shows nothing:
//     neither the address nor any case;
//   - looking at the link ends nothing: programs that fetch links do so before a
//     person has pressed anything.
package notify
