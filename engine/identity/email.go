package identity

import (
	"context"
	"net/mail"
	"strings"

	"pendopo/kernel/event"
	"pendopo/kernel/fault"
)

// longestEmail is what a mail server takes (RFC 5321, 4.5.3.1), in bytes.
const longestEmail = 254

// SetEmail records where an officer is told what waits; "" ends that. An address
// that is already so writes nothing.
func (e *Engine) SetEmail(ctx context.Context, id, address, actor string) error {
	address, ok := plainEmail(address)
	if !ok {
		return fault.New(fault.Invalid, "identity.email").At("email")
	}
	if old, err := e.Email(ctx, id); err != nil || old == address {
		return err
	}
	return e.change(ctx, edit{officer: id, actor: actor, decide: always(change{reachable, clear{Mail: address != ""}, &sealed{Email: address}})})
}

// Email opens an officer's e-mail address; "" where none is known.
func (e *Engine) Email(ctx context.Context, id string) (string, error) {
	s, err := e.open(ctx, id, func(ev event.Event) bool { return ev.Kind == created || ev.Kind == reachable })
	return s.Email, err
}

// plainEmail is an address as it is kept: nothing around it, its domain in small
// letters.
func plainEmail(address string) (string, bool) {
	address = strings.TrimSpace(address)
	if address == "" {
		return "", true
	}
	a, err := mail.ParseAddress(address)
	if err != nil || a.Address != address || len(address) > longestEmail || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", false
	}
	local, domain, _ := strings.Cut(address, "@")
	if strings.Contains(domain, "@") || !strings.Contains(strings.Trim(domain, "."), ".") {
		return "", false
	}
	return local + "@" + strings.ToLower(domain), true
}
