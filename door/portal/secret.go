package portal

import (
	"context"
	"net/http"
	"strings"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
)

// The secret of a draft or case is kept by the browser alone, in a cookie that
// it sends to the pages of that one code. It ends with the browser's session:
// telephones and computers are shared here.
const secretCookie = "secret"

// newCookie marks the first look at a receipt, where the secret is shown.
const newCookie = "new"

// voucherLength is how many characters of the cookie's end are not the secret but
// the sign that it has opened this code before.
const voucherLength = 32

// keepSecret gives the browser a secret that has opened a code, for the pages
// below a path.
func (p *Portal) keepSecret(w http.ResponseWriter, path, code, secret string) {
	http.SetCookie(w, &http.Cookie{Name: secretCookie, Value: bare(secret) + p.Cases.Voucher(code, bare(secret)), Path: path, HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode})
}

// dropSecret makes the browser forget it.
func (p *Portal) dropSecret(w http.ResponseWriter, path string) {
	http.SetCookie(w, &http.Cookie{Name: secretCookie, Path: path, MaxAge: -1, HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode})
}

// bare keeps what a cookie may hold.
func bare(secret string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, secret)
}

// secretOf is the secret of the cookie, and the voucher beside it.
func secretOf(r *http.Request) (secret, voucher string) {
	c, err := r.Cookie(secretCookie)
	if err != nil {
		return "", ""
	}
	at := max(0, len(c.Value)-voucherLength)
	if at == 0 {
		return c.Value, ""
	}
	return c.Value[:at], c.Value[at:]
}

// known says that this browser has opened the code before.
func (p *Portal) known(r *http.Request, code string) bool {
	secret, voucher := secretOf(r)
	return voucher != "" && voucher == p.Cases.Voucher(code, secret)
}

// tracked finds a case for whoever has its code; only those who have not opened
// it before are counted when they are wrong.
func (p *Portal) tracked(r *http.Request, code string) (fold.Case, error) {
	if p.known(r, code) {
		return p.Cases.Track(r.Context(), code)
	}
	return p.Cases.TrackFrom(r.Context(), code, p.Address(r))
}

// printed is a code as it stands on paper and in addresses: XXXXX-XXXXX-C.
func printed(code string) (string, bool) {
	c, ok := casework.ParseCode(code)
	if !ok {
		return "", false
	}
	return c[:5] + "-" + c[5:10] + "-" + c[10:], true
}

// code reads the code of the address. One that is written otherwise than we
// print it is sent to its own address, where the cookie is.
func code(r *http.Request) (c, elsewhere string, err error) {
	given := r.PathValue("code")
	c, ok := printed(given)
	if !ok {
		return "", "", fault.New(fault.Unknown, "fault.unknown_case")
	}
	if c != given {
		return c, strings.Replace(r.URL.Path, given, c, 1), nil
	}
	return c, "", nil
}

// opened is what the secret of this browser opens at a code; ok is false when
// it has none or a wrong one.
func (p *Portal) opened(ctx context.Context, r *http.Request, code string) (casework.Found, bool, error) {
	secret, voucher := secretOf(r)
	if secret == "" {
		return casework.Found{}, false, nil
	}
	f, err := p.Cases.Reopen(ctx, code, secret, voucher, p.Address(r))
	if fault.Is(err, fault.Unknown) {
		return f, false, nil
	}
	return f, err == nil, err
}
