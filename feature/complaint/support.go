package complaint

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"time"

	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
)

// Who has this too says so without an account: one browser counts once. The
// browser is known by a cookie that only this instance can make, and the database
// keeps an HMAC of cookie and report together.
const (
	browserCookie = "browser"
	browserBytes  = 16
	browserYear   = 365 * 24 * 60 * 60
)

// supporting is how often one address may say it: a village may share one.
var supporting = pace.Pace{Burst: 60, Every: 30 * time.Second}

// browser reads the cookie; nil without a good one.
func (f *Feature) browser(r *http.Request) []byte {
	c, err := r.Cookie(browserCookie)
	if err != nil {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(raw) != 2*browserBytes || !hmac.Equal(raw[browserBytes:], f.browserMAC(raw[:browserBytes])) {
		return nil
	}
	return raw[:browserBytes]
}

func (f *Feature) browserMAC(id []byte) []byte {
	return f.Instance.IndexMAC("complaint browser", string(id))[:browserBytes]
}

// newBrowser gives a browser its cookie.
func (f *Feature) newBrowser(w http.ResponseWriter) []byte {
	id := make([]byte, browserBytes)
	rand.Read(id)
	value := base64.RawURLEncoding.EncodeToString(append(append([]byte{}, id...), f.browserMAC(id)...))
	http.SetCookie(w, &http.Cookie{Name: browserCookie, Value: value, Path: "/reports", MaxAge: browserYear, HttpOnly: true, Secure: f.Secure, SameSite: http.SameSiteLaxMode})
	return id
}

// supporter is how the database knows a browser at one report.
func (f *Feature) supporter(browser []byte, stream string) []byte {
	return f.Instance.IndexMAC("complaint support", string(browser), stream)
}

// hasSupported reports whether this browser has this too.
func (f *Feature) hasSupported(r *http.Request, stream string) (bool, error) {
	id := f.browser(r)
	if id == nil {
		return false, nil
	}
	return f.Reports.Supported(r.Context(), stream, f.supporter(id, stream))
}

// support counts this browser among those who have this too, once.
func (f *Feature) support(w http.ResponseWriter, r *http.Request) error {
	x, err := f.shown(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	if !x.Active {
		return fault.New(fault.Conflict, "complaint.support_ended")
	}
	if ok, err := f.supporting.Take(pace.Network(f.Address(r))); err != nil {
		return err
	} else if !ok {
		return fault.New(fault.TooMany, "complaint.too_many")
	}
	id := f.browser(r)
	if id == nil {
		id = f.newBrowser(w)
	}
	if err := f.Reports.Support(x.Stream, f.supporter(id, x.Stream), f.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, "/reports/"+x.Code, http.StatusSeeOther)
	return nil
}
