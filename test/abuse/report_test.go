package abuse

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pendopo/test/testkit/served"
)

// TestAFloodOfReportsIsBounded: many browsers behind one address send the same
// again and again. What is taken is taken whole; then they are told to wait, and
// a neighbour at another address is not.
func TestAFloodOfReportsIsBounded(t *testing.T) {
	s := served.Start(t)
	const browsers = 25
	var flood []*served.Client
	for range browsers {
		flood = append(flood, s.From("127.6.0.1"))
	}
	tokens := make([]string, browsers)
	for i, c := range flood {
		tokens[i] = c.Token(reportPage)
	}
	honest(t, s, func() {
		got := masses(t, browsers, 300*times(), func(i int) int {
			return reports(flood[i%browsers], tokens[i%browsers], i).Status
		})
		if got[http.StatusTooManyRequests] == 0 || got[http.StatusSeeOther] > 250 || got[http.StatusSeeOther]+got[http.StatusTooManyRequests] != 300*times() {
			t.Errorf("%v", got)
		}
	})
	neighbour := s.From("127.6.0.2")
	if got := reports(neighbour, neighbour.Token(reportPage), 0); got.Status != http.StatusSeeOther {
		t.Errorf("the neighbour: %d %.300s", got.Status, got.Body)
	}
	for i := range 40 * times() { // who is no gateway is told nothing, however often
		got := s.From("127.6.0.3").Must("POST", "/inbound/utama", strings.NewReader("sender=1"), "Content-Type", form, "X-Secret", fmt.Sprint(i))
		if got.Status != http.StatusNotFound {
			t.Fatalf("%d", got.Status)
		}
	}
}

const reportPage = "/report?service=pengaduan"

// reports sends one report as a browser without scripts does.
func reports(c *served.Client, token string, n int) served.Answer {
	v := url.Values{"_token": {token}, "key": {fmt.Sprintf("%032d%p", n, c)}, "service": {"pengaduan"}, "what": {"Lampu jalan mati sejak Senin."},
		"kind": {"pengaduan"}, "category": {"lampu"}, "region": {"33.60.01.2004"}, "anonymous": {"ya"}, "confidential": {"tidak"}}
	return c.Must("POST", "/report", strings.NewReader(v.Encode()), "Content-Type", form)
}
