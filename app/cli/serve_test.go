package cli

import (
	"net"
	"strings"
	"testing"
)

// TestAPortThatTheSystemChoosesIsTheOneThatIsSaid: what is printed on documents
// is where the server listens, and never port 0 or no host.
func TestAPortThatTheSystemChoosesIsTheOneThatIsSaid(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", ":0", "[::]:0"} {
		l := Listening{Addr: addr}
		if err := l.choosePort(); err != nil {
			t.Fatal(err)
		}
		got, err := l.listener()
		if err != nil {
			t.Fatal(err)
		}
		defer got.Close()
		_, port, _ := net.SplitHostPort(got.Addr().String())
		host := map[bool]string{true: "127.0.0.1", false: "localhost"}[strings.HasPrefix(addr, "127")]
		if want := "http://" + host + ":" + port; l.base() != want || port == "0" {
			t.Errorf("%s is said to be at %s, and is at %s", addr, l.base(), want)
		}
	}
	fixed := Listening{Addr: "localhost:8080"}
	if err := fixed.choosePort(); err != nil || fixed.bound != nil || fixed.base() != "http://localhost:8080" {
		t.Errorf("a port that is named: %v, %s", err, fixed.base())
	}
}
