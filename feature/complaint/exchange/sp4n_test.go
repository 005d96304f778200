package exchange_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pendopo/feature/complaint/exchange"
	"pendopo/kernel/db"
	"pendopo/test/sp4n"
	"pendopo/test/testkit"
)

// TestTheNationsServerIsABridgeOfTheSameKind sends reports to the simulator of
// SP4N-LAPOR! while answers are lost, and reads what agencies say.
func TestTheNationsServerIsABridgeOfTheSameKind(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		var s *sender
		lapor := &sp4n.Lapor{Token: "rahasia", Now: func() time.Time { return s.now }, Fault: chance("", "before", "after")}
		srv := httptest.NewServer(lapor)
		t.Cleanup(srv.Close)
		s = newSender(t, d, configured(t, srv.URL).Peers...)
		const reports = 12
		for n := range reports {
			s.report(n)
		}
		s.rounds(40, 20*time.Minute)
		if got := lapor.Reports(); len(got) != reports || got[0].Class != "pengaduan" || got[0].Category != "42" || got[0].Location == "" {
			t.Errorf("%d reports there: %+v", len(got), got)
		}
		for code, row := range s.rows() {
			if row.State != exchange.Confirmed || row.Status != "open" {
				t.Errorf("%s: %+v", code, row)
			}
		}
		one := lapor.Reports()[0]
		lapor.Answer(one.Tracking, "selesai", "Sudah diperbaiki oleh balai besar.")
		s.rounds(2, 10*time.Minute)
		for code, row := range s.rows() {
			if row.Remote != one.Tracking {
				continue
			}
			said, err := s.Updates(context.Background(), "stream-"+code)
			must(t, err)
			if row.Status != "closed" || len(said) != 1 || said[0].Words != "Sudah diperbaiki oleh balai besar." {
				t.Errorf("%+v, %+v", row, said)
			}
		}
	})
}

// configured is a configuration from a file, its key beside it.
func configured(t *testing.T, url string) exchange.Config {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "lapor.key"), []byte("rahasia\n"), 0o600))
	file := filepath.Join(dir, "exchange.yaml")
	must(t, os.WriteFile(file, []byte(`
peers:
  - name: lapor
    kind: sp4n
    url: `+url+`/
    insecure: true
    key_file: lapor.key
    send:
      - {category: jalan-provinsi, service_code: "42"}
`), 0o600))
	c, err := exchange.LoadConfig(file)
	must(t, err)
	return c
}
