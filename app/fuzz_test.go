package app

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

// FuzzForwardedFor: whatever stands in X-Forwarded-For, an address comes out that
// is no believed proxy's word about itself.
func FuzzForwardedFor(f *testing.F) {
	for _, s := range []string{"", "203.0.113.9", "203.0.113.9, 10.0.0.1", "::1,,", "[2001:db8::1]:80", "10.0.0.1, 10.0.0.2", "a,b", ", ,", "fe80::1%eth0"} {
		f.Add(s, "10.0.0.1:80")
		f.Add(s, "203.0.113.7:80")
	}
	face := Face{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	f.Fuzz(func(t *testing.T, header, remote string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-For", header)
		got := face.address(r)
		peer, err := netip.ParseAddrPort(remote)
		if err != nil {
			if got != remote {
				t.Errorf("%q", got)
			}
			return
		}
		if _, err := netip.ParseAddr(got); err != nil {
			t.Errorf("%q is no address", got)
		}
		if !face.believes(peer.Addr().Unmap()) && got != peer.Addr().Unmap().String() {
			t.Errorf("a stranger at %s said to be %s", remote, got)
		}
	})
}
