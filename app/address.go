package app

import (
	"net/http"
	"net/netip"
	"strings"
)

// address is where a request came from, for counting log-ins and guesses: the
// connection's other end, or, behind a proxy that is believed, the last address
// in X-Forwarded-For that is no such proxy. What stands further left was
// written by the client and says nothing.
func (f Face) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	at := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && f.believes(at); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop.Unmap()
	}
	return at.String()
}

// fromProxy says that a request came straight from a proxy that is believed.
func (f Face) fromProxy(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && f.believes(peer.Addr().Unmap())
}

func (f Face) believes(a netip.Addr) bool {
	for _, p := range f.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
