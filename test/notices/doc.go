// Package notices sends many notices through a real SMTP server (aiosmtpd) and a
// real SMS gateway (Kannel), with faults planted in both and in the lines to them,
// over kills of the sending process, and counts: every one is delivered exactly
// once or reported.
//
// `make notices` sends ten thousand; `make test` some hundred.
package notices
