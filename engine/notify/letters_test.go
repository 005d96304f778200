package notify_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/engine/notify"
	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

var clerk = notify.Clerk{Officer: "rina", By: fold.Holder{Who: "role", Role: "petugas", Unit: "dinas"}}

// byLetter leaves an applicant nothing but an address, and has a case wait for
// their answer: its time begins when they are told.
func (w *world) byLetter() (fold.Case, notify.Letter) {
	w.t.Helper()
	w.rules = definition.Notices{Order: []string{"sms", "email", "letter"}}.WithDefaults()
	w.contact = notify.Contact{Lang: "id", Name: "Sekar Wangi", Postal: "Jalan Kenanga 7, RT 2 RW 5\nKelurahan Sekararum"}
	c := w.happens(fold.Mark{Kind: fold.Finished, To: "reply"})
	waiting, _, all := w.tray("dinas")
	if len(waiting) != 1 || all != 1 {
		w.t.Fatalf("in the tray: %+v, %d in all", waiting, all)
	}
	return c, waiting[0]
}

func (w *world) tray(unit string) (waiting, posted []notify.Letter, all int) {
	w.t.Helper()
	waiting, posted, all, err := w.Tray(w.t.Context(), unit, time.Time{})
	w.must(err)
	return waiting, posted, all
}

func (w *world) today() string { return w.now().In(w.Zone("")).Format(time.DateOnly) }

// means are the ways by which the record says that notice was given.
func (w *world) means() (out []string) {
	for _, t := range w.told {
		out = append(out, t.Channel)
	}
	return out
}

// follows moves a case on, and tells the notices in the same transaction.
func (w *world) follows(before, after fold.Case) {
	w.t.Helper()
	after.Version = before.Version + 1
	w.cases[after.Stream] = after
	w.must(w.db.Write(func(tx db.Tx) error { return w.After(tx, w.service, before, after) }))
	w.work()
}

// TestALetterIsPrintedPostedAndCounts follows one from the tray to the record.
func TestALetterIsPrintedPostedAndCounts(t *testing.T) {
	onBoth(t, func(w *world) {
		c, l := w.byLetter()
		s, ok, err := w.Print(t.Context(), l.ID, clerk)
		w.must(err)
		words := strings.Join(s.Text, " ")
		if !ok || s.To != "Sekar Wangi" || len(s.Postal) != 2 || !strings.Contains(words, "AAAAA-BBBBB-C") || strings.Contains(words, "https://") || s.Wait != "3 working days" {
			t.Errorf("printed: %+v", s)
		}
		if !slices.Equal(w.read, []string{c.Stream + " rina"}) {
			t.Errorf("who read the address: %v", w.read)
		}
		if waiting, _, _ := w.tray("dinas"); waiting[0].Printed.IsZero() {
			t.Error("the tray does not say that it was printed")
		}
		var twice sync.WaitGroup
		errs := make([]error, 2)
		for i := range errs {
			twice.Go(func() {
				errs[i] = w.Engine.Post(context.Background(), l.ID, clerk, notify.Posting{Day: w.today(), Number: "RR123456789ID"})
			})
		}
		twice.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !fault.Is(errs[0], fault.Conflict) && !fault.Is(errs[1], fault.Conflict) {
			t.Fatalf("two officers posted it at once: %v, %v", errs[0], errs[1])
		}
		w.pass(72*time.Hour - time.Minute) // a day less than it takes
		w.work()
		waiting, posted, _ := w.tray("dinas")
		if len(waiting) != 0 || len(posted) != 1 || posted[0].Posted != "2026-03-17" || len(w.told) != 0 {
			t.Fatalf("waiting %+v, posted %+v, told %v", waiting, posted, w.told)
		}
		w.pass(24 * time.Hour)
		w.work()
		n, tries := w.only()
		if n.State != notify.Delivered || tries[0].Cost != w.rules.Channel("letter").Cost || !slices.Equal(w.means(), []string{"letter"}) {
			t.Errorf("it is %s, told by %v", n.State, w.means())
		}
		if len(w.posted) != 1 || w.posted[0].Number != "RR123456789ID" {
			t.Errorf("the record: %+v", w.posted)
		}
	})
}

// TestALetterThatComesBackIsSaidSo, in time and when it had counted as arrived.
func TestALetterThatComesBackIsSaidSo(t *testing.T) {
	onOne(t, func(w *world) {
		for _, late := range []bool{false, true} {
			w.told, w.posted = nil, nil
			_, l := w.byLetter()
			w.must(w.Engine.Post(t.Context(), l.ID, clerk, notify.Posting{Day: w.today()}))
			w.work()
			want := []string{"page"}
			if late {
				w.pass(5 * 24 * time.Hour)
				w.work()
				want = []string{"letter", "page"}
			}
			if err := w.Back(t.Context(), l.ID, clerk, "eaten"); !fault.Is(err, fault.Invalid) {
				t.Errorf("a reason that is none: %v", err)
			}
			w.must(w.Back(t.Context(), l.ID, clerk, "moved"))
			if err := w.Back(t.Context(), l.ID, clerk, "moved"); !fault.Is(err, fault.Unknown) {
				t.Errorf("it came back twice: %v", err)
			}
			w.work()
			if n, err := w.Letter(t.Context(), l.ID); err == nil {
				t.Errorf("it is still a letter: %+v", n)
			}
			if !slices.Equal(w.means(), want) || len(w.posted) != 2 || w.posted[1].Back != "moved" {
				t.Errorf("late %v: told by %v, record %+v", late, w.means(), w.posted)
			}
		}
	})
}

// TestALetterThatComesBackWhileItIsRecorded: the record says what was true, and then
// the way that followed.
func TestALetterThatComesBackWhileItIsRecorded(t *testing.T) {
	onBoth(t, func(w *world) {
		_, l := w.byLetter()
		w.must(w.Engine.Post(t.Context(), l.ID, clerk, notify.Posting{Day: w.today()}))
		w.pass(5 * 24 * time.Hour)
		w.telling = func() {
			w.telling = nil
			w.must(w.Back(t.Context(), l.ID, clerk, "moved"))
		}
		w.work()
		if n, _ := w.only(); n.Told != notify.ToldDone || !slices.Equal(w.means(), []string{"letter", "page"}) {
			t.Errorf("the record: %v, told %v", w.means(), n.Told)
		}
	})
}

// TestALetterPostedAgainCountsFromThen, and not from the posting that came to nothing.
func TestALetterPostedAgainCountsFromThen(t *testing.T) {
	onOne(t, func(w *world) {
		_, l := w.byLetter()
		post := func() { w.must(w.Engine.Post(t.Context(), l.ID, clerk, notify.Posting{Day: w.today()})); w.work() }
		post()
		w.pass(2 * 24 * time.Hour)
		w.must(w.Back(t.Context(), l.ID, clerk, "unclaimed"))
		w.work()
		if again, err := w.Retry(l.ID); err != nil || !again {
			t.Fatal(again, err)
		}
		w.work()
		post()
		w.pass(2 * 24 * time.Hour)
		w.work()
		if n, _ := w.only(); n.State != notify.Sent {
			t.Errorf("two days after it was posted again it is %s", n.State)
		}
		w.pass(2 * 24 * time.Hour)
		w.work()
		if n, _ := w.only(); n.State != notify.Delivered {
			t.Errorf("four days after it was posted again it is %s", n.State)
		}
	})
}

// TestWhatNobodyPostsStandsOnThePage, and not before its days are over: a weekend
// does not send it there.
func TestWhatNobodyPostsStandsOnThePage(t *testing.T) {
	onOne(t, func(w *world) {
		w.byLetter()
		w.pass(5*24*time.Hour - time.Minute)
		w.work()
		if len(w.told) != 0 {
			t.Fatalf("told by %v", w.means())
		}
		w.pass(2 * time.Minute)
		w.work()
		if n, _ := w.only(); n.State != notify.Page || n.Reason != wire.Unposted || !slices.Equal(w.means(), []string{"page"}) {
			t.Errorf("it is %s because of %s, told by %v", n.State, n.Reason, w.means())
		}
	})
}

// TestATrayHoldsWhatIsStillToBeSaid: a letter goes with its case to another unit, and
// out of the tray when the applicant has answered, when the case was shredded or when
// whoever told it wants to be anonymous now.
func TestATrayHoldsWhatIsStillToBeSaid(t *testing.T) {
	onBoth(t, func(w *world) {
		c, _ := w.byLetter()
		moved := c
		moved.Unit = "lain"
		w.follows(c, moved)
		if here, _, _ := w.tray("dinas"); len(here) != 0 {
			t.Errorf("the old unit still has %+v", here)
		}
		if there, _, _ := w.tray("lain"); len(there) != 1 {
			t.Errorf("the new unit has %+v", there)
		}
		answered := w.cases[c.Stream]
		answered.Step = "review"
		w.follows(w.cases[c.Stream], answered)
		if there, _, _ := w.tray("lain"); len(there) != 0 {
			t.Errorf("answered, and still %+v", there)
		}
		c, l := w.byLetter()
		shredded := c
		shredded.Shredded = true
		w.follows(c, shredded)
		if waiting, _, all := w.tray("dinas"); len(waiting) != 0 || all != 0 {
			t.Errorf("shredded, and still %+v", waiting)
		}
		if err := w.Engine.Post(t.Context(), l.ID, clerk, notify.Posting{Day: w.today()}); !fault.Is(err, fault.Unknown) {
			t.Errorf("posting what is gone: %v", err)
		}
		_, l = w.byLetter()
		w.contact.Name, w.contact.Postal = "", ""
		reads := len(w.read)
		if _, ok, err := w.Print(t.Context(), l.ID, clerk); ok || err != nil || len(w.read) != reads {
			t.Errorf("whoever has no address any more: %v, %v, read %v", ok, err, w.read)
		}
		if waiting, _, _ := w.tray("dinas"); len(waiting) != 0 {
			t.Errorf("without an address: %+v", waiting)
		}
	})
}

// TestADayOfPostingCanBeMeant: not tomorrow, not before the letter was there.
func TestADayOfPostingCanBeMeant(t *testing.T) {
	onOne(t, func(w *world) {
		_, l := w.byLetter()
		for _, p := range []notify.Posting{{Day: "2026-03-18"}, {Day: "2026-03-16"}, {Day: "kemarin"}, {Day: w.today(), Number: strings.Repeat("9", flow.MostPostNumber+1)}} {
			if err := w.Engine.Post(t.Context(), l.ID, clerk, p); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q was taken: %v", p.Day, err)
			}
		}
	})
}
