// Package pushed is a push service of one's own and the browsers behind it: each
// has the private key of its subscription and opens what it is sent, by RFC 8188
// and RFC 8291, written from the standards and not from the sender.
package pushed
