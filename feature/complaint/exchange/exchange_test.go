package exchange_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pendopo/feature/complaint/exchange"
	"pendopo/feature/complaint/georeport"
)

func TestAReportIsSentOnAndFollowedToItsEnd(t *testing.T) {
	onBoth(t, func(p *provinsi, c *exchange.PeerConfig) { c.Updates = true }, func(t *testing.T, s *sender, p *provinsi) {
		code := s.report(1)
		s.rounds(1, time.Second)
		row := s.rows()[code]
		if row.State != exchange.Sent || row.Remote != "5000" {
			t.Fatalf("after sending: %+v", row)
		}
		got := p.requests[0]
		if !strings.HasSuffix(string(got.Description), "dekat jembatan.\n\n[banyusekarkab.example/"+code+"]") || got.Lat.Value != -7.05124 ||
			got.Media != "https://layanan.example/reports/"+georeport.Text(code)+"/photos/1" {
			t.Errorf("sent: %+v", got)
		}
		s.rounds(1, 2*time.Minute)
		if row = s.rows()[code]; row.State != exchange.Confirmed || row.Status != "open" {
			t.Errorf("shown over there: %+v", row)
		}
		p.updates = []georeport.Update{{ID: "u1", Request: "5000", Status: "closed", Updated: georeport.Moment{Time: s.now}, Description: "Sudah ditambal. Hubungi 0812-3456-7890."}}
		s.rounds(3, 10*time.Minute)
		if row = s.rows()[code]; row.Status != "closed" {
			t.Errorf("closed over there: %+v", row)
		}
		said, err := s.Updates(context.Background(), "stream-"+code)
		must(t, err)
		if len(said) != 1 || said[0].Status != "closed" || strings.Contains(said[0].Words, "3456") || !strings.HasPrefix(said[0].Words, "Sudah ditambal.") {
			t.Errorf("kept of what it said: %+v", said)
		}
		s.state(code, "solved")
		s.rounds(2, time.Minute)
		if len(p.told) != 1 || p.told[0].Get("status") != "CLOSED" || p.told[0].Get("service_request_id") != "5000" {
			t.Errorf("told: %v", p.told)
		}
		s.state(code, "handled")
		s.rounds(2, time.Minute)
		if len(p.told) != 2 || p.told[1].Get("status") != "OPEN" || p.told[0].Get("update_id") == p.told[1].Get("update_id") {
			t.Errorf("told again: %v", p.told)
		}
		if found, err := s.Reconcile(context.Background(), "", s.now.Add(-24*time.Hour), s.now, false); err != nil || len(found) != 0 {
			t.Errorf("reconciled: %v, %v", found, err)
		}
	})
}

// TestWhateverIsLostEveryReportArrivesOnce plants every fault of a network at
// random, before and after the other side has kept the report.
func TestWhateverIsLostEveryReportArrivesOnce(t *testing.T) {
	for name, idempotent := range map[string]bool{"a peer that can only be asked": false, "a peer whose keys have one effect": true} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(p *provinsi, _ *exchange.PeerConfig) {
				p.idempotent = idempotent
				p.faults = chance("", "", "cut before", "cut after", "500 before", "500 after", "garbage", "busy", "token")
			}, func(t *testing.T, s *sender, p *provinsi) {
				const reports = 40
				for n := range reports {
					s.report(n)
				}
				s.rounds(40, 20*time.Minute)
				there := p.marked()
				for code, row := range s.rows() {
					if there[code] != 1 || row.State != exchange.Confirmed {
						t.Errorf("%s is there %d times: %+v", code, there[code], row)
					}
				}
				if len(there) != reports || len(p.requests) != reports || p.posts < reports*3/2 {
					t.Errorf("%d reports there after %d tries", len(p.requests), p.posts)
				}
				if found, err := s.Reconcile(context.Background(), "provinsi", s.now.Add(-48*time.Hour), s.now, false); err != nil || len(found) != 0 {
					t.Errorf("reconciled: %v, %v", found, err)
				}
			})
		})
	}
}

func TestASlowAnswerIsAskedForAndNotSentAgain(t *testing.T) {
	onBoth(t, nil, func(t *testing.T, s *sender, p *provinsi) {
		code := s.report(1)
		p.faults = func() string { return "slow" }
		s.rounds(1, time.Second)
		if row := s.rows()[code]; row.State != exchange.Unsure || row.Reason != "it took too long" {
			t.Errorf("after the slow answer: %+v", row)
		}
		s.rounds(3, 2*time.Minute)
		if row := s.rows()[code]; row.State != exchange.Confirmed || p.posts != 1 || len(p.requests) != 1 {
			t.Errorf("%d tries: %+v", p.posts, row)
		}
	})
}

func TestAPeerThatIsDownForAnHourLosesNothing(t *testing.T) {
	onBoth(t, nil, func(t *testing.T, s *sender, p *provinsi) {
		p.down = true
		code := s.report(1)
		s.rounds(12, 5*time.Minute)
		if row := s.rows()[code]; row.State == exchange.Sent || row.State == exchange.Failed || row.Attempts == 0 || row.Attempts > 12 {
			t.Errorf("while it is down: %+v", row)
		}
		p.down = false
		s.rounds(12, 30*time.Minute)
		if row := s.rows()[code]; row.State != exchange.Confirmed || len(p.requests) != 1 {
			t.Errorf("when it is back: %+v", row)
		}
	})
}

func TestWhereNobodyListensNothingHasArrived(t *testing.T) {
	onBoth(t, func(p *provinsi, c *exchange.PeerConfig) { c.Lists = "after_review"; c.URL = closedPort(t) }, func(t *testing.T, s *sender, p *provinsi) {
		code := s.report(1)
		s.rounds(5, 30*time.Minute)
		if row := s.rows()[code]; row.State != exchange.Waiting || !row.Begun.IsZero() || !strings.Contains(row.Reason, "could not be reached") {
			t.Errorf("%+v", row)
		}
	})
}

func TestARefusalIsForGoodAndSaysWhy(t *testing.T) {
	onBoth(t, nil, func(t *testing.T, s *sender, p *provinsi) {
		code := s.report(1)
		p.faults = func() string { return "refuse" }
		s.rounds(5, time.Hour)
		row := s.rows()[code]
		if row.State != exchange.Failed || p.posts != 1 || !strings.Contains(row.Reason, "wants attribute lajur") || strings.Contains(row.Reason, "081234567890") {
			t.Errorf("%d tries: %+v", p.posts, row)
		}
		found, err := s.Reconcile(context.Background(), "", s.now.Add(-24*time.Hour), s.now, false)
		if err != nil || len(found) != 1 || found[0].Kind != exchange.Stuck {
			t.Errorf("reconciled: %v, %v", found, err)
		}
		p.faults = func() string { return "" }
		must(t, s.Retry(context.Background(), "provinsi", code, "", false))
		s.rounds(2, 2*time.Minute)
		if row := s.rows()[code]; row.State != exchange.Confirmed {
			t.Errorf("sent again: %+v", row)
		}
		if err := s.Retry(context.Background(), "provinsi", code, "", true); err != exchange.ErrNoRow {
			t.Errorf("one that has arrived is sent again: %v", err)
		}
	})
}

// TestWhatNobodyCanKnowIsNotSentTwice: the answer is lost, and the peer lists
// nothing before review.
func TestWhatNobodyCanKnowIsNotSentTwice(t *testing.T) {
	onBoth(t, func(p *provinsi, c *exchange.PeerConfig) { p.hidden = true; c.Lists = "after_review" }, func(t *testing.T, s *sender, p *provinsi) {
		code := s.report(1)
		p.faults = func() string { return "cut after" }
		s.rounds(6, time.Hour)
		if row := s.rows()[code]; row.State != exchange.Failed || p.posts != 1 {
			t.Fatalf("%d tries: %+v", p.posts, row)
		}
		p.hidden = false // it was looked at over there
		found, err := s.Reconcile(context.Background(), "", s.now.Add(-24*time.Hour), s.now, true)
		if err != nil || len(found) != 1 || found[0].Kind != exchange.Found || found[0].Remote[0] != "5000" {
			t.Errorf("reconciled: %v, %v", found, err)
		}
		s.rounds(1, time.Minute)
		if row := s.rows()[code]; row.State != exchange.Confirmed || row.Remote != "5000" || p.posts != 1 {
			t.Errorf("taken over: %+v", row)
		}
	})
}

// TestReconcileNamesEveryReportThatIsLostOrDoubled plants one of each.
func TestReconcileNamesEveryReportThatIsLostOrDoubled(t *testing.T) {
	onBoth(t, nil, func(t *testing.T, s *sender, p *provinsi) {
		good, lost, doubled, moved := s.report(1), s.report(2), s.report(3), s.report(4)
		s.rounds(2, 2*time.Minute)
		var kept []georeport.Request
		for _, q := range p.requests {
			switch {
			case strings.Contains(string(q.Description), lost):
				continue
			case strings.Contains(string(q.Description), doubled):
				again := q
				again.ID = "9001"
				kept = append(kept, again)
			case strings.Contains(string(q.Description), moved):
				q.ID = "9002"
			}
			kept = append(kept, q)
		}
		orphan := p.requests[0]
		orphan.ID, orphan.Description = "9003", "Jalan rusak [banyusekarkab.example/ZZZZZ-ZZZZZ-Z]"
		foreign := orphan
		foreign.ID, foreign.Description = "9004", "Jalan rusak [kabupaten-lain.example/"+georeport.Text(good)+"]"
		p.requests = append(kept, orphan, foreign)
		found, err := s.Reconcile(context.Background(), "provinsi", s.now.Add(-24*time.Hour), s.now.Add(time.Hour), false)
		must(t, err)
		want := map[string]string{exchange.Lost: lost, exchange.Doubled: doubled, exchange.Differs: moved, exchange.Orphan: "ZZZZZ-ZZZZZ-Z"}
		if len(found) != len(want) {
			t.Errorf("found %+v", found)
		}
		for _, f := range found {
			if want[f.Kind] != f.Code {
				t.Errorf("found %+v", f)
			}
		}
	})
}

func TestAPeerMaySendItsUpdatesToUs(t *testing.T) {
	onBoth(t, nil, func(t *testing.T, s *sender, p *provinsi) {
		code := s.report(1)
		s.rounds(1, time.Second)
		ctx := context.Background()
		u := georeport.Update{ID: "push-1", Request: "5000", Status: "closed", Description: "Selesai."}
		for range 3 { // and repeats them
			if ok, err := s.Received(ctx, "provinsi", u); !ok || err != nil {
				t.Fatal(ok, err)
			}
		}
		said, err := s.Updates(ctx, "stream-"+code)
		must(t, err)
		if len(said) != 1 || s.rows()[code].Status != "closed" || s.rows()[code].State != exchange.Confirmed {
			t.Errorf("%v %+v", said, s.rows()[code])
		}
		for _, other := range []georeport.Update{{ID: "x", Request: "unknown", Status: "open"}, {ID: "", Request: "5000"}} {
			if ok, err := s.Received(ctx, "provinsi", other); ok || err != nil {
				t.Errorf("%+v: %v, %v", other, ok, err)
			}
		}
		if ok, _ := s.Received(ctx, "kabupaten-lain", u); ok {
			t.Error("a peer that there is not was heard")
		}
		s.shred(code)
		for _, id := range []string{"push-1", "push-2"} { // and years later it speaks of it again
			u.ID = id
			if _, err := s.Received(ctx, "provinsi", u); err != nil {
				t.Error(err)
			}
		}
		if said, err = s.Updates(ctx, "stream-"+code); err != nil || len(said) != 0 {
			t.Errorf("kept of a report that was shredded: %+v, %v", said, err)
		}
	})
}

func TestWhatIsHiddenAgainIsNotSent(t *testing.T) {
	onBoth(t, nil, func(t *testing.T, s *sender, p *provinsi) {
		p.down = true
		code := s.report(1)
		s.rounds(1, time.Second)
		p.down = false
		s.hide(code)
		s.rounds(10, time.Hour)
		if row := s.rows()[code]; row.State != exchange.Failed || len(p.requests) != 0 || row.Reason != "it is not shown any more" {
			t.Errorf("%+v", row)
		}
	})
}
