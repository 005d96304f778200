package notify_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pendopo/engine/notify"
	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

func report(w *world, status string) error {
	return w.Receive("sms", "sixteen-letters-x", wire.Told{Body: []byte(`{"ref":"gw-1","status":"` + status + `"}`)})
}

// returned is what most of these tests tell.
var returned = fold.Mark{Kind: fold.Returned, Step: "review", To: "fix", By: &fold.Holder{Who: "role"}}

func TestANoticeIsSentProvenAndRecorded(t *testing.T) {
	onBoth(t, func(w *world) {
		w.happens(returned)
		n, a := w.only()
		if n.State != notify.Sent || len(a) != 1 || a[0].Ref != "gw-1" || len(w.told) != 0 {
			w.t.Fatalf("before any proof: %+v %+v, told %v", n, a, w.told)
		}
		form, err := url.ParseQuery(w.asked[0])
		w.must(err)
		if form.Get("to") != "6281200004711" || form.Get("id") != n.ID || !strings.Contains(form.Get("text"), "AAAAA-BBBBB-C") || !strings.Contains(form.Get("text"), "31 Maret 2026") {
			w.t.Errorf("the gateway was asked %v", form)
		}
		w.must(report(w, "DELIVRD"))
		w.must(report(w, "DELIVRD")) // gateways repeat themselves
		w.must(report(w, "UNDELIV")) // and contradict themselves
		w.work()
		n, a = w.only()
		if n.State != notify.Delivered || a[0].State != "delivered" || len(w.told) != 1 || w.told[0].Channel != "sms" || w.told[0].Step != "fix" || w.told[0].Notice != n.ID {
			w.t.Errorf("%+v %+v, told %+v", n, a, w.told)
		}
	})
}

func TestTheNextChannelIsTakenOnlyWhenTheFirstIsProvenLost(t *testing.T) {
	for name, lose := range map[string]func(w *world){
		"a report says so":  func(w *world) { w.must(report(w, "UNDELIV")) },
		"no report in time": func(w *world) { w.pass(2*time.Hour + time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(w *world) {
				w.happens(returned)
				w.pass(time.Hour)
				w.work()
				if n, _ := w.only(); n.State != notify.Sent {
					w.t.Fatalf("nothing is proven yet: %+v", n)
				}
				lose(w)
				w.work()
				n, a := w.only()
				if n.State != notify.Delivered || n.Channel != "email" || len(a) != 2 || a[0].State != "failed" || len(w.asked) != 1 || len(w.told) != 1 || w.told[0].Channel != "email" {
					w.t.Errorf("%+v %+v, told %+v", n, a, w.told)
				}
			})
		})
	}
}

func TestTroubleIsTriedAgainUnderTheSameID(t *testing.T) {
	onOne(t, func(w *world) {
		w.answer["/sms"] = func(rw http.ResponseWriter) { rw.WriteHeader(http.StatusServiceUnavailable) }
		w.happens(returned)
		for _, wait := range []time.Duration{time.Minute, 10 * time.Minute, time.Hour} {
			before := len(w.asked)
			w.pass(wait - time.Second)
			w.work()
			if len(w.asked) != before {
				w.t.Fatalf("tried again before %v", wait)
			}
			w.pass(time.Second)
			w.work()
			if len(w.asked) != before+1 {
				w.t.Fatalf("not tried again after %v", wait)
			}
		}
		w.answer["/sms"] = nil
		w.pass(4 * time.Hour)
		w.work()
		n, a := w.only()
		if n.State != notify.Sent || len(a) != 5 || a[4].State != "sent" {
			w.t.Errorf("%+v, %d attempts", n, len(a))
		}
		for _, asked := range w.asked {
			if !strings.Contains(asked, n.ID) {
				w.t.Errorf("an attempt had another id: %s", asked)
			}
		}
	})
}

func TestAnAnswerThatIsLostIsNotAskedForTwice(t *testing.T) {
	onOne(t, func(w *world) {
		w.answer["/sms"] = func(rw http.ResponseWriter) { rw.WriteHeader(http.StatusBadGateway) }
		w.happens(returned)
		w.pass(time.Hour)
		w.work()
		if n, _ := w.only(); n.State != notify.Sent || len(w.asked) != 1 {
			w.t.Fatalf("%+v, asked %d times: it may have the message", n, len(w.asked))
		}
		n, _ := w.only()
		w.must(w.Receive("sms", "sixteen-letters-x", wire.Told{Values: url.Values{"id": {n.ID}}, Body: []byte(`{"status":"DELIVRD"}`)}))
		w.work()
		if n, _ := w.only(); n.State != notify.Delivered || len(w.told) != 1 {
			w.t.Errorf("%+v", n)
		}
	})
}

func TestNoTelephoneRingsInTheQuietHours(t *testing.T) {
	onOne(t, func(w *world) {
		w.at = time.Date(2026, 3, 17, 15, 30, 0, 0, time.UTC) // 22:30 in Jakarta
		w.happens(returned)
		if len(w.asked) != 0 {
			w.t.Fatal("it rang at half past ten")
		}
		w.pass(7*time.Hour + 29*time.Minute)
		w.work()
		if len(w.asked) != 0 {
			w.t.Fatal("it rang before six")
		}
		w.pass(time.Minute)
		w.work()
		if len(w.asked) != 1 {
			w.t.Error("it did not ring at six")
		}
	})
}

func TestWhoHasJustActedIsAwake(t *testing.T) {
	onOne(t, func(w *world) {
		w.at = time.Date(2026, 3, 17, 15, 30, 0, 0, time.UTC)
		w.happens(fold.Mark{Kind: fold.Submitted, To: "review", By: &fold.Holder{Who: "applicant"}})
		if len(w.asked) != 1 || len(w.told) != 0 {
			w.t.Errorf("asked %d times, told %v: a receipt goes at once and stands in no record", len(w.asked), w.told)
		}
	})
}

func TestWhoWantsNoMoreGetsNoMore(t *testing.T) {
	onBoth(t, func(w *world) {
		if meant, err := w.Heard("sms", "+62 812 0000 4711", " stop. "); !meant || err != nil {
			w.t.Fatal(meant, err)
		}
		if meant, err := w.Heard("sms", "0812", "LACAK X"); meant || err != nil {
			w.t.Fatal(meant, err)
		}
		w.happens(returned)
		n, _ := w.only()
		if len(w.asked) != 0 || n.Channel != "email" || n.State != notify.Delivered {
			w.t.Fatalf("%+v", n)
		}
		link, err := url.Parse(w.StopLink("email", "Sri@example.test"))
		w.must(err)
		if strings.Contains(link.String(), "sri") || strings.Contains(link.String(), "AAAAA") {
			w.t.Errorf("the link names somebody: %s", link)
		}
		w.must(w.Stop(link.Query().Get("token"), false))
		w.must(w.db.Write(func(tx db.Tx) error { _, err := tx.Exec("DELETE FROM notice"); return err }))
		w.happens(returned)
		if n, _ := w.only(); n.State != notify.Page || n.Reason != wire.Stopped {
			w.t.Errorf("%+v", n)
		}
		for _, bad := range []string{"", "x", strings.Repeat("A", 43)[:40]} {
			if err := w.Stop(bad, false); !fault.Is(err, fault.Unknown) {
				w.t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestEverybodyIsToldInThreeDaysIfOnlyOnThePage(t *testing.T) {
	onOne(t, func(w *world) {
		w.contact.Email = ""
		w.rules.Channels[0].Proof = "48 hours"
		w.answer["/sms"] = func(rw http.ResponseWriter) { rw.WriteHeader(http.StatusServiceUnavailable) }
		w.rules.Retry = []string{"40 hours", "40 hours"}
		w.happens(returned)
		w.pass(72*time.Hour + time.Second)
		w.work()
		n, _ := w.only()
		if n.State != notify.Page || n.Reason != wire.TooLate || len(w.told) != 1 || w.told[0].Channel != "page" {
			w.t.Fatalf("%+v, told %+v", n, w.told)
		}
		w.answer["/sms"] = nil
		if again, err := w.Retry(n.ID); !again || err != nil {
			w.t.Fatal(again, err)
		}
		w.work()
		if n, _ := w.only(); n.State != notify.Sent || len(w.told) != 1 {
			w.t.Errorf("%+v: tried again, and told once", n)
		}
	})
}

func TestWithoutChannelsOnlyWhatStartsAClockIsTold(t *testing.T) {
	onOne(t, func(w *world) {
		w.Use(&notify.Setup{})
		w.happens(returned)
		counts, err := w.Counts(w.t.Context(), time.Time{})
		if err != nil || len(counts) != 0 {
			w.t.Fatal(counts, err)
		}
		w.happens(fold.Mark{Kind: fold.Finished, Step: "review", To: "reply", By: &fold.Holder{Who: "role"}})
		n, _ := w.only()
		if n.State != notify.Page || n.Reason != wire.NotSetUp || len(w.told) != 1 || w.told[0].Channel != "page" || w.told[0].Step != "reply" {
			w.t.Errorf("%+v, told %+v", n, w.told)
		}
	})
}

// TestWhateverLeadsToAClockThatStartsWhenToldIsTold: lateness, an objection, a text message.
func TestWhateverLeadsToAClockThatStartsWhenToldIsTold(t *testing.T) {
	for name, m := range map[string]fold.Mark{
		"lateness":     {Kind: fold.Lapsed, Step: "review", To: "reply", Late: []string{"remind", "complete"}},
		"an objection": {Kind: fold.Objected, Step: "fix", To: "reply", By: &fold.Holder{Who: "applicant"}},
		"a message":    {Kind: fold.Submitted, To: "reply", By: &fold.Holder{Who: "applicant"}},
	} {
		t.Run(name, func(t *testing.T) {
			onOne(t, func(w *world) {
				w.Use(&notify.Setup{})
				w.happens(m)
				n, _ := w.only()
				if n.State != notify.Page || len(w.told) != 1 || w.told[0].Step != "reply" {
					t.Errorf("%+v, told %+v", n, w.told)
				}
			})
		})
	}
}

func TestSilenceThatClosesACaseIsAnnouncedBefore(t *testing.T) {
	onOne(t, func(w *world) {
		c := w.happens(returned)
		w.must(report(w, "DELIVRD"))
		w.must(w.db.Write(func(tx db.Tx) error { _, err := tx.Exec("DELETE FROM notice"); return err }))
		w.pass(11*24*time.Hour - time.Minute)
		w.work()
		if len(w.asked) != 1 {
			w.t.Fatal("reminded too early")
		}
		w.pass(time.Minute)
		w.work()
		if n, _ := w.only(); n.Kind != notify.Closing || len(w.asked) != 2 || n.Subject != c.Stream {
			w.t.Errorf("%+v", n)
		}
	})
}

func TestAnAnswerInTimeNeedsNoReminder(t *testing.T) {
	onOne(t, func(w *world) {
		c := w.happens(returned)
		c.Step = "review"
		w.cases[c.Stream] = c
		w.pass(12 * 24 * time.Hour)
		w.work()
		if list, err := w.List(w.t.Context(), notify.Queued, 10); err != nil || len(list) != 0 || len(w.asked) != 1 {
			w.t.Errorf("%v %v, asked %d times", list, err, len(w.asked))
		}
	})
}

func TestAShreddedCaseTellsNobodyAnything(t *testing.T) {
	onBoth(t, func(w *world) {
		w.at = time.Date(2026, 3, 17, 15, 30, 0, 0, time.UTC)
		c := w.happens(returned)
		w.must(w.keys.Shred(c.Stream))
		w.must(w.db.Write(func(tx db.Tx) error { return notify.Forget(tx, c.Stream) }))
		w.pass(8 * time.Hour)
		w.work()
		n, _ := w.only()
		if len(w.asked) != 0 || n.State != notify.Page || n.Reason != wire.Gone {
			w.t.Errorf("%+v, asked %v", n, w.asked)
		}
	})
}

func TestOnlyWhoKnowsTheSecretReports(t *testing.T) {
	onOne(t, func(w *world) {
		w.happens(returned)
		for channel, secret := range map[string]string{"sms": "sixteen-letters-y", "email": "", "push": "x", "": ""} {
			if err := w.Receive(channel, secret, wire.Told{Body: []byte(`{"ref":"gw-1","status":"DELIVRD"}`)}); !fault.Is(err, fault.Unknown) {
				w.t.Errorf("%s: %v", channel, err)
			}
		}
		for _, body := range []string{"", "[", `[1,2]`, `{"ref":{}}`, `{"ref":"gw-99","status":"DELIVRD"}`, `{"ref":"gw-1","status":"ENROUTE"}`} {
			w.must(w.Receive("sms", "sixteen-letters-x", wire.Told{Body: []byte(body)}))
		}
		if n, _ := w.only(); n.State != notify.Sent {
			w.t.Errorf("%+v", n)
		}
	})
}

// TestNoListHoldsAnAddress looks for the planted number, address and words in
// every column of every table.
func TestNoListHoldsAnAddress(t *testing.T) {
	onBoth(t, func(w *world) {
		w.happens(returned)
		w.pass(3 * time.Hour)
		w.work()
		w.must(w.db.Read(w.t.Context(), func(tx db.Tx) error {
			for _, table := range []string{"notice", "notice_attempt", "notice_stop", "notice_browser", "job"} {
				for _, column := range columnsOf(table) {
					rows, err := tx.Query("SELECT " + column + " FROM " + table)
					if err != nil {
						return err
					}
					for rows.Next() {
						var v any
						if err := rows.Scan(&v); err != nil {
							return err
						}
						var raw []byte
						switch v := v.(type) {
						case string:
							raw = []byte(v)
						case []byte:
							raw = v
						}
						for _, planted := range []string{"4711", "sri@", "AAAAA"} {
							if bytes.Contains(raw, []byte(planted)) {
								w.t.Errorf("%s.%s holds %q", table, column, planted)
							}
						}
					}
					if err := rows.Err(); err != nil {
						return err
					}
					rows.Close()
				}
			}
			return nil
		}))
	})
}

func columnsOf(table string) []string {
	return map[string][]string{
		"notice":         {"id", "stream", "subject", "kind", "step", "service", "unit", "state", "channels", "channel", "reason", "sealed"},
		"notice_attempt": {"notice", "channel", "state", "reason", "ref"}, "notice_stop": {"mac"}, "notice_browser": {"id", "stream", "sealed"},
		"job": {"kind", "key", "payload", "cause"},
	}[table]
}

func TestTheCostOfEveryAttemptIsKept(t *testing.T) {
	onBoth(t, func(w *world) {
		w.rules = definition.Notices{Order: []string{"sms", "email"}, Channels: []definition.Channel{{ID: "sms", Cost: 350}}}.WithDefaults()
		w.happens(returned)
		costs, err := w.Costs(w.t.Context(), noon.Add(-time.Hour), noon.Add(time.Hour))
		if err != nil || len(costs) != 1 || costs[0] != (notify.Cost{Channel: "sms", Messages: 1, Rupiah: 350}) {
			w.t.Errorf("%+v %v", costs, err)
		}
	})
}
