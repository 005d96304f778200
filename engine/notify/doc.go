// Package notify tells people: that their application was received, came back,
// was decided; by SMS, WhatsApp, e-mail, web push or letter.
//
// Nouns. A notice is one thing to tell one person; a channel is a way to them;
// an attempt is one try by one channel; a report is what the other side tells
// later of an attempt. An adapter (sub-packages sink, gateway, mail, push) hands
// messages over to a channel. A stop is an address that wants no more. A digest is
// an officer's morning mail. A letter waits in the tray of a unit until a clerk has
// printed and posted it.
//
// States of a notice (state.go):
//
//	created → queued → sent → delivered
//	            ↓  ↑      ↓
//	           failed ←───┘   the next channel, when there is one
//	            ↓
//	           page           permanently failed: it stands on the page of the case
//
// Invariants:
//   - what is to be told is queued in the transaction of the event that it tells
//     of (After, Tell), and sent by kernel/job;
//   - an attempt is on disk before a byte of it leaves; a message has the same id
//     on every attempt of every channel;
//   - the next channel is taken only when it is proven that the one before did not
//     reach the person: refused, bounced, reported lost, or no proof within the
//     time that notices.yaml sets;
//   - every notice ends as delivered or page. What should stand in the record does
//     so by then as an event told, three days after it was queued at the latest; a
//     letter five working days after it came into the tray, or when it has counted;
//   - no letter is opened to a clerk before the record says that its address was
//     read, and none at all to somebody anonymous;
//   - address and words are sealed under the key of the notice's stream, and no
//     list, log line, job or error holds either. Words hold a code and what to do:
//     no name, no secret.
package notify
