package page

import "net/http"

// policy is the content security policy around the hash of a page's style.
const (
	policyHead = "default-src 'none'; script-src 'self'; style-src "
	policyTail = "; img-src 'self' data:; media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// setHeaders gives every response what protects it. A page replaces the policy
// by one that knows its style.
func (s *Site) setHeaders(h http.Header, id string) {
	h["X-Request-Id"] = []string{id}
	h["Content-Security-Policy"] = barePolicy
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = sameOrigin
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["Permissions-Policy"] = noDevices
	if s.secure {
		h["Strict-Transport-Security"] = transport
	}
}

// Header values that never change; shared, never written to.
var (
	barePolicy  = []string{"default-src 'none'; frame-ancestors 'none'; sandbox"}
	noSniff     = []string{"nosniff"}
	sameOrigin  = []string{"same-origin"}
	anyOrigin   = []string{"*"}
	crossOrigin = []string{"cross-origin"}
	noDevices   = []string{"camera=(), geolocation=(self), microphone=()"} // a place is asked for by a press, as "where is it"
	transport   = []string{"max-age=31536000"}
	htmlType    = []string{"text/html; charset=utf-8"}
	noStore     = []string{"no-store"}
	noCache     = []string{"no-cache"}
	varyLang    = []string{"Accept-Encoding, Accept-Language, Cookie"}
	gzipCoding  = []string{"gzip"}
)

// Private says that nobody but the browser may see this answer, and that even
// it should forget.
func Private(w http.ResponseWriter) { w.Header()["Cache-Control"] = noStore }
