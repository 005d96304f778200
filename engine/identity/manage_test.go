package identity_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"pendopo/engine/identity"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/law/policy"
)

func reviewerAt(unit string) identity.Assignment {
	return identity.Assignment{Unit: unit, Role: "reviewer", Kind: identity.Definitive, From: "2026-01-01"}
}

func TestMandateHoldsFromItsFirstToItsLastDayInTheZoneOfItsUnit(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		w.assign(id, identity.Assignment{Unit: "clinic", Role: "head", Kind: identity.Plt, From: "2026-03-18", Until: "2026-03-19"})
		w.assign(id, identity.Assignment{Unit: "harbour", Role: "reviewer", Kind: identity.Definitive, From: "2026-03-18", Until: "2026-03-18"})
		wib := time.FixedZone("WIB", 7*3600)
		waiting := policy.Case{ID: "c", Unit: "clinic", Turn: &policy.Post{Unit: "clinic", Role: "head"}}
		for _, c := range []struct {
			at              time.Time
			clinic, harbour bool
		}{
			{time.Date(2026, 3, 17, 21, 59, 59, 0, wib), false, false},
			{time.Date(2026, 3, 17, 22, 0, 0, 0, wib), false, true}, // midnight two hours further east
			{time.Date(2026, 3, 17, 23, 59, 59, 0, wib), false, true},
			{time.Date(2026, 3, 18, 0, 0, 0, 0, wib), true, true},
			{time.Date(2026, 3, 18, 22, 0, 0, 0, wib), true, false},
			{time.Date(2026, 3, 19, 23, 59, 59, 0, wib), true, false},
			{time.Date(2026, 3, 20, 0, 0, 0, 0, wib), false, false},
		} {
			w.pass(c.at.Sub(w.now()))
			who, err := w.Principal(context.Background(), id)
			must(w.t, err)
			got := w.Allow(t.Context(), policy.Request{Principal: who, Action: policy.Act, Resource: waiting, Deed: "approve"}).Allowed
			list := w.Allow(t.Context(), policy.Request{Principal: who, Action: policy.List, Resource: policy.Office{Unit: "harbour"}}).Allowed
			if got != c.clinic || list != c.harbour || (len(who.Heads) == 1) != c.clinic {
				w.t.Errorf("%s: acts at the clinic %v, lists the harbour %v, heads %v", c.at, got, list, who.Heads)
			}
		}
	})
}

func TestExpiredMandateIsForbidden(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		w.assign(id, identity.Assignment{Unit: "clinic", Role: "reviewer", Kind: identity.Plh, From: "2026-03-01", Until: "2026-03-16"})
		who, err := w.Principal(context.Background(), id)
		must(w.t, err)
		turn := policy.Post{Unit: "clinic", Role: "reviewer"}
		err = w.Require(t.Context(), policy.Request{Principal: who, Action: policy.Open, Resource: policy.Case{ID: "c", Unit: "clinic", Turn: &turn}, Purpose: policy.Handle})
		refused(w.t, err, fault.Forbidden, "identity.forbidden")
	})
}

func TestAssignmentTakenBackEndsAtOnce(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		id := w.officer()
		a := w.assign(id, reviewerAt("clinic"))
		before := w.now()
		w.pass(time.Minute)
		must(w.t, w.Unassign(ctx, id, a, actor))
		who, err := w.Principal(ctx, id)
		must(w.t, err)
		if len(who.Posts) != 0 {
			w.t.Errorf("still holds %v", who.Posts)
		}
		o, err := w.Officer(ctx, id)
		must(w.t, err)
		if len(o.Held(before, town{})) != 1 {
			w.t.Error("what was held before is forgotten")
		}
		refused(w.t, w.Unassign(ctx, id, a, actor), fault.Unknown, "identity.unknown_assignment")
		refused(w.t, w.Unassign(ctx, id, "no such", actor), fault.Unknown, "identity.unknown_assignment")
	})
}

func TestWhoActsForAHeadComesFirst(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		head := w.officer()
		deputy, err := w.Create(ctx, identity.NewOfficer{Name: identity.Name{Full: "Wakil Yang Ditunjuk"}, Login: "wakil", Actor: actor})
		must(w.t, err)
		w.assign(head, identity.Assignment{Unit: "clinic", Role: "head", Kind: identity.Definitive, From: "2026-01-01"})
		w.assign(deputy, identity.Assignment{Unit: "clinic", Role: "head", Kind: identity.Plh, From: "2026-03-16", Until: "2026-03-20"})
		holders, err := w.Holders(ctx, "clinic", "head", w.now())
		must(w.t, err)
		if len(holders) != 2 || holders[0].Officer != deputy || holders[1].Officer != head {
			w.t.Fatalf("holders %+v", holders)
		}
		s, err := w.Signatory(ctx, holders[0])
		must(w.t, err)
		if s.Name.Full != "Wakil Yang Ditunjuk" || s.Kind != identity.Plh || s.Mandate != mandate {
			w.t.Errorf("signatory %+v", s)
		}
		w.pass(7 * 24 * time.Hour)
		holders, err = w.Holders(ctx, "clinic", "head", w.now())
		must(w.t, err)
		if len(holders) != 1 || holders[0].Officer != head {
			w.t.Errorf("afterwards %+v", holders)
		}
		must(w.t, w.Disable(ctx, head, actor))
		if holders, err = w.Holders(ctx, "clinic", "head", w.now()); err != nil || len(holders) != 0 {
			w.t.Errorf("a disabled head still signs: %+v, %v", holders, err)
		}
	})
}

func TestWhatAnOfficerMayNotBe(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		id := w.officer()
		_, err := w.Create(ctx, identity.NewOfficer{Name: identity.Name{Full: "Lain"}, Login: "WULAN.ZZZ", Actor: actor})
		refused(w.t, err, fault.Conflict, "identity.login_taken")
		_, err = w.Create(ctx, identity.NewOfficer{Name: identity.Name{Full: "x", NIP: "123"}, Login: "a b", Password: "pendek", Actor: actor})
		refusedAt(w.t, err, "name", "identity.name")
		refusedAt(w.t, err, "nip", "identity.nip")
		refusedAt(w.t, err, "login", "identity.login_form")
		refusedAt(w.t, err, "password", "identity.password_short")
		_, err = w.Assign(ctx, id, identity.Assignment{Unit: "moon", Role: "king", Kind: "x", From: "2026-02-30", Until: "soon"}, "", actor)
		for field, key := range map[string]string{
			"unit": "identity.unknown_unit", "role": "identity.unknown_role", "kind": "identity.unknown_kind",
			"from": "identity.day", "until": "identity.day",
		} {
			refusedAt(w.t, err, field, key)
		}
		_, err = w.Assign(ctx, id, identity.Assignment{Unit: "clinic", Role: "head", Kind: identity.Plt, From: "2026-03-01"}, "", actor)
		refusedAt(w.t, err, "until", "identity.until_needed")
		_, err = w.Assign(ctx, id, identity.Assignment{Unit: "clinic", Role: "head", Kind: identity.Plt, From: "2026-03-02", Until: "2026-03-01"}, "", actor)
		refusedAt(w.t, err, "until", "identity.until_before_from")
		_, err = w.Assign(ctx, "no such officer", reviewerAt("clinic"), "", actor)
		refused(w.t, err, fault.Unknown, "identity.unknown_officer")
		for words, key := range map[string]string{
			"sebelas-ksr": "identity.password_short", "aaaaaaaaaaaaaaaa": "identity.password_guessable",
			"x-wulan.zzz-2026": "identity.password_guessable", string(make([]byte, 201)): "identity.password_long",
		} {
			refusedAt(w.t, w.SetPassword(ctx, id, words, actor), "password", key)
		}
		if n := versions(w, id); n != 2 {
			w.t.Errorf("refusals left %d events, want 2", n)
		}
	})
}

func versions(w *world, id string) (n int) {
	must(w.t, w.db.Read(context.Background(), func(tx db.Tx) error {
		events, err := event.Load(tx, id)
		n = len(events)
		return err
	}))
	return n
}

func TestTwoAtOnceBothGetTheirChange(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		var all sync.WaitGroup
		errs := make(chan error, 2)
		for _, unit := range []string{"clinic", "harbour"} {
			all.Go(func() {
				_, err := w.Assign(context.Background(), id, reviewerAt(unit), mandate, actor)
				errs <- err
			})
		}
		all.Wait()
		must(w.t, <-errs)
		must(w.t, <-errs)
		who, err := w.Principal(context.Background(), id)
		must(w.t, err)
		if len(who.Posts) != 2 {
			w.t.Errorf("holds %v", who.Posts)
		}
	})
}

func TestTimeInAStreamNeverRunsBack(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		w.pass(-time.Hour)
		w.assign(id, reviewerAt("clinic"))
	})
}

func TestNewNameIsShownAndTheOldOneKept(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		id := w.officer()
		must(w.t, w.Rename(ctx, id, identity.Name{Full: "Wulandari Zzz, S.H.", NIP: nip}, actor))
		name, err := w.Name(ctx, id)
		must(w.t, err)
		if name.Full != "Wulandari Zzz, S.H." {
			w.t.Errorf("name %+v", name)
		}
		_, err = w.enter(login, password)
		must(w.t, err)
	})
}

func TestShreddedOfficerHasNoNameAndNoLogin(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		id := w.officer()
		w.assign(id, reviewerAt("clinic"))
		must(w.t, w.db.Write(func(tx db.Tx) error { return w.Forget(tx, id) }))
		must(w.t, w.keys.Shred(id))
		_, err := w.Name(ctx, id)
		if !fault.Is(err, fault.Gone) {
			w.t.Errorf("name: %v", err)
		}
		_, err = w.enter(login, password)
		refused(w.t, err, fault.NoSession, "identity.login_refused")
		if d := differences(w); len(d) != 0 {
			w.t.Errorf("verify finds %v after shredding", d)
		}
		if _, err := w.Officer(ctx, id); err != nil {
			w.t.Errorf("the clear part is gone too: %v", err)
		}
	})
}
