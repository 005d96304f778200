package page

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"pendopo/kernel/fault"
)

// TokenField is the name of the hidden field that carries the form token.
const TokenField = "_token"

// TokenHeader carries the form token of a request that a script of ours makes.
// Another site cannot set it without asking first, and is told no.
const TokenHeader = "X-Form-Token"

const (
	formCookie   = "form"
	bindingBytes = 16
	nonceBytes   = 8
	tokenMAC     = 16
)

// token makes a fresh token for the form cookie of this browser, and the
// cookie when there is none. Each is different, so that compressing a page
// that also repeats somebody's words tells nothing about it.
func (rq *request) token(r *http.Request) string {
	if rq.binding == nil {
		rq.binding = binding(r)
	}
	if rq.binding == nil {
		rq.bind()
	}
	var raw [nonceBytes + sha256.Size]byte
	rand.Read(raw[:nonceBytes])
	rq.site.tokenSum(raw[:nonceBytes], rq.binding, raw[:nonceBytes])
	return base64.RawURLEncoding.EncodeToString(raw[:nonceBytes+tokenMAC])
}

// tokenSum appends the MAC of binding and nonce to dst.
func (s *Site) tokenSum(dst, binding, nonce []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("pendopo/form/1"))
	mac.Write(binding)
	mac.Write(nonce)
	return mac.Sum(dst)
}

func (rq *request) bind() {
	rq.binding = make([]byte, bindingBytes)
	rand.Read(rq.binding)
	http.SetCookie(rq.w, &http.Cookie{Name: formCookie, Value: base64.RawURLEncoding.EncodeToString(rq.binding),
		Path: "/", HttpOnly: true, Secure: rq.site.secure, SameSite: http.SameSiteLaxMode})
}

// Rebind gives the browser a new form cookie: at log-in and log-out, so that
// no token from before is good after.
func Rebind(r *http.Request) {
	if rq := of(r.Context()); rq != nil {
		rq.bind()
	}
}

// binding reads the form cookie.
func binding(r *http.Request) []byte {
	c, err := r.Cookie(formCookie)
	if err != nil {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(b) != bindingBytes {
		return nil
	}
	return b
}

func (s *Site) checkToken(r *http.Request, token string) error {
	refused := fault.New(fault.Forbidden, "fault.form_expired")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != nonceBytes+tokenMAC {
		return refused
	}
	cookie := binding(r)
	if cookie == nil {
		return refused
	}
	sum := s.tokenSum(nil, cookie, raw[:nonceBytes])
	if !hmac.Equal(sum[:tokenMAC], raw[nonceBytes:]) {
		return refused
	}
	return nil
}

// Token is a form token for a script of ours that sends a form without its page.
func Token(r *http.Request) string {
	if rq := of(r.Context()); rq != nil {
		return rq.token(r)
	}
	return ""
}
