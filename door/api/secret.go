package api

import (
	"net/http"
	"strings"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
)

// errUnknown is the one answer to an unknown code, the code of a draft where a
// case is asked for, and a wrong secret.
func errUnknown() *fault.Fault { return fault.New(fault.Unknown, "api.unknown_case") }

// bearer is the secret of the Authorization header. What is no bearer token is
// an empty secret, which opens nothing; given is false without the header.
func bearer(r *http.Request) (secret string, given bool) {
	header := r.Header.Get("Authorization")
	scheme, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", header != ""
	}
	return strings.TrimSpace(secret), true
}

// unlock checks code and secret, at the pace of guesses.
func (d *Door) unlock(r *http.Request, code, secret string) (casework.Found, error) {
	f, err := d.Cases.Unlock(r.Context(), code, secret, d.Address(r))
	if fault.Is(err, fault.Unknown) {
		return casework.Found{}, errUnknown()
	}
	return f, err
}

// owned is the stream of the case that code and bearer secret open. Without a
// secret it is 401 for every code.
func (d *Door) owned(w http.ResponseWriter, r *http.Request) (stream string, err error) {
	page.Private(w)
	secret, given := bearer(r)
	if !given {
		w.Header().Set("WWW-Authenticate", `Bearer realm="pendopo"`)
		return "", fault.New(fault.NoSession, "api.secret_missing")
	}
	f, err := d.unlock(r, r.PathValue("code"), secret)
	if err == nil && f.Draft {
		err = errUnknown()
	}
	return f.Stream, err
}

// keyOf is the request's idempotency key; every request that makes something
// has one.
func keyOf(r *http.Request) (string, error) {
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) != 1 || keys[0] == "" {
		return "", fault.New(fault.Malformed, "api.key_missing")
	}
	if err := (casework.Once{Key: keys[0]}).Check(); err != nil {
		return "", fault.New(fault.Malformed, "casework.key_length")
	}
	return keys[0], nil
}
