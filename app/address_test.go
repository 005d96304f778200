package app

import (
	"net/http"
	"net/netip"
	"testing"
)

func TestTheClientIsWhoTheTrustedProxySays(t *testing.T) {
	f := Face{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	for _, c := range []struct {
		peer, forwarded, want string
	}{
		{"203.0.113.9:4000", "", "203.0.113.9"},
		{"203.0.113.9:4000", "198.51.100.1", "203.0.113.9"}, // not a proxy: its header is its own claim
		{"127.0.0.1:4000", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:4000", "10.9.9.9, 198.51.100.1", "198.51.100.1"}, // the left part was written by the client
		{"127.0.0.1:4000", "198.51.100.1, 127.0.0.2", "198.51.100.1"},
		{"127.0.0.1:4000", "198.51.100.1, nonsense", "127.0.0.1"},
		{"[::1]:4000", "2001:db8::7", "2001:db8::7"},
		{"[::ffff:127.0.0.1]:4000", "198.51.100.1", "198.51.100.1"},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{}}
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := f.address(r); got != c.want {
			t.Errorf("from %s with %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}
