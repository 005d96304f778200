// Package push hands short messages to browsers that asked for them: Web Push
// (RFC 8030), sealed for the browser alone (RFC 8291, RFC 8188) and signed with the
// instance's own key (VAPID, RFC 8292).
//
// Nouns: a subscription is what a browser made: an address at its maker's push
// service, its public key and a shared secret; the VAPID key says to that service
// that all messages are of one sender.
//
// Invariants:
//   - the push service sees neither words nor code, only that a message came;
//   - only https:// addresses of public machines are called: a subscription comes
//     from a stranger;
//   - a subscription that is gone is a loss for good.
package push
