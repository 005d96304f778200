package identity_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/engine/identity"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/policy"
)

func TestOfficerLogsIn(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		for _, typed := range []string{login, " Wulan.ZZZ ", "ｗｕｌａｎ.zzz"} {
			in, err := w.enter(typed, password)
			must(w.t, err)
			if in.Officer != id || in.Temporary {
				w.t.Errorf("%q: entered as %+v", typed, in)
			}
		}
		_, err := w.enter(login, password+"!")
		refused(w.t, err, fault.NoSession, "identity.login_refused")
	})
}

// A guess must cost the same and say the same whether there is such an officer
// or not: same statements in the same order, same hashing, same words.
func TestUnknownLoginTakesThePathOfAWrongPassword(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		_, err := w.Create(context.Background(), identity.NewOfficer{Name: identity.Name{Full: "Tanpa Sandi"}, Login: "tanpa.sandi", Actor: actor})
		must(w.t, err)
		off, err := w.Create(context.Background(), identity.NewOfficer{Name: identity.Name{Full: "Sudah Pindah"}, Login: "sudah.pindah", Password: password, Actor: actor})
		must(w.t, err)
		must(w.t, w.Disable(context.Background(), off, actor))
		r := identity.Record(w.Engine)
		_, wrong := w.enter(login, "salah-sama-sekali")
		want := r.Take()
		if !slices.Contains(want, "hash") || len(want) < 8 {
			w.t.Fatalf("the recorder saw only %v", want)
		}
		for what, a := range map[string][2]string{
			"unknown login": {"tidak.ada", password}, "empty login": {"", password}, "empty password": {login, ""},
			"no password set": {"tanpa.sandi", password}, "disabled": {"sudah.pindah", password},
			"endless login": {strings.Repeat("x", 100_000), password}, "endless password": {login, strings.Repeat("x", 100_000)},
			"the id as login": {id, password}, "no UTF-8": {"\xff\xfe", "\xff"},
		} {
			_, err := w.enter(a[0], a[1])
			if got := r.Take(); !slices.Equal(got, want) {
				w.t.Errorf("%s: steps\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if err == nil || err.Error() != wrong.Error() {
				w.t.Errorf("%s: %v, want %v", what, err, wrong)
			}
		}
	})
}

func TestWrongPasswordsMustWaitLongerAndLonger(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		for range 5 {
			_, err := w.enter(login, "tebakan-salah-sekali")
			refused(w.t, err, fault.NoSession, "identity.login_refused")
		}
		_, err := w.enter(login, password)
		refused(w.t, err, fault.TooMany, "identity.wait")
		w.pass(29 * time.Second)
		_, err = w.enter(login, password)
		refused(w.t, err, fault.TooMany, "identity.wait")
		w.pass(2 * time.Second)
		_, err = w.enter(login, "tebakan-salah-sekali") // the sixth
		refused(w.t, err, fault.NoSession, "identity.login_refused")
		w.pass(31 * time.Second)
		_, err = w.enter(login, password)
		refused(w.t, err, fault.TooMany, "identity.wait")
		w.pass(30 * time.Second)
		_, err = w.enter(login, password)
		must(w.t, err)
		for range 5 { // a right one gave five new tries
			_, err = w.enter(login, "tebakan-salah-sekali")
			refused(w.t, err, fault.NoSession, "identity.login_refused")
		}
	})
}

func TestLongestWaitIsAQuarterOfAnHour(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		for range 20 {
			_, err := w.enter(login, "tebakan-salah-sekali")
			refused(w.t, err, fault.NoSession, "identity.login_refused")
			w.pass(15*time.Minute + time.Second)
		}
		_, err := w.enter(login, password)
		must(w.t, err)
	})
}

func TestAnAddressThatGuessesManyLoginsMustWait(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		for i := range 30 {
			_, err := w.enter("orang."+string(rune('a'+i%26))+string(rune('a'+i/26)), password)
			refused(w.t, err, fault.NoSession, "identity.login_refused")
		}
		_, err := w.enter(login, password)
		refused(w.t, err, fault.TooMany, "identity.wait")
		elsewhere := identity.Attempt{Login: login, Password: password, Address: "203.0.113.8"}
		_, err = w.Login(context.Background(), elsewhere)
		must(w.t, err)
	})
}

func TestAnOfficeThatLogsInAllDayIsNotHeldUp(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		for range 40 {
			_, err := w.enter(login, password)
			must(w.t, err)
		}
	})
}

func TestFailuresAreForgottenAfterADay(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		for range 3 {
			for range 4 {
				_, err := w.enter(login, "tebakan-salah-sekali")
				refused(w.t, err, fault.NoSession, "identity.login_refused")
			}
			w.pass(24*time.Hour + time.Second)
		}
	})
}

func TestIPv6IsCountedByNetwork(t *testing.T) {
	onBoth(t, func(w *world) {
		for i := range 30 {
			a := identity.Attempt{Login: "orang" + string(rune('a'+i%26)) + string(rune('a'+i/26)), Password: password, Address: "2001:db8:1:2::" + string(rune('1'+i%9))}
			_, err := w.Login(context.Background(), a)
			refused(w.t, err, fault.NoSession, "identity.login_refused")
		}
		_, err := w.Login(context.Background(), identity.Attempt{Login: "lain", Password: password, Address: "2001:db8:1:2:ffff::1"})
		refused(w.t, err, fault.TooMany, "identity.wait")
		_, err = w.Login(context.Background(), identity.Attempt{Login: "lain", Password: password, Address: "2001:db8:1:3::1"})
		refused(w.t, err, fault.NoSession, "identity.login_refused")
	})
}

// The count is in the database and taken before the answer is known: a second
// node, or forty guesses at once, get no more tries than one guesser.
func TestManyGuessesAtOnceGetNoMoreTries(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		var judged, turnedAway int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				_, err := w.enter(login, "tebakan-salah-sekali")
				mu.Lock()
				defer mu.Unlock()
				switch {
				case fault.Is(err, fault.NoSession):
					judged++
				case fault.Is(err, fault.TooMany):
					turnedAway++
				default:
					t.Errorf("unexpected: %v", err)
				}
			})
		}
		all.Wait()
		if judged != 5 || turnedAway != 11 {
			w.t.Errorf("%d judged, %d turned away; want 5 and 11", judged, turnedAway)
		}
	})
}

func TestWithoutPoliciesNobodyMayDoAnything(t *testing.T) {
	onBoth(t, func(w *world) {
		who := policy.Officer{ID: "o", Posts: []policy.Post{{Unit: "clinic", Role: "reviewer"}}}
		ask := policy.Request{Principal: who, Action: policy.List, Resource: policy.Office{Unit: "clinic"}}
		must(w.t, w.Require(w.t.Context(), ask))
		w.SetPolicies(nil)
		refused(w.t, w.Require(w.t.Context(), ask), fault.Forbidden, "identity.forbidden")
	})
}

func TestFullQueueTurnsAwayAndCountsNothing(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		free := identity.Hashers(w.Engine)
		r := identity.Record(w.Engine)
		_, err := w.enter(login, password)
		refused(w.t, err, fault.TooMany, "identity.busy")
		if steps := r.Take(); len(steps) != 0 {
			w.t.Errorf("a full queue still did %v", steps)
		}
		free()
		_, err = w.enter(login, password)
		must(w.t, err)
	})
}

func TestPlantedPasswordRowIsRefused(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		other, err := w.Create(context.Background(), identity.NewOfficer{Name: identity.Name{Full: "Orang Lain"}, Login: "orang.lain", Password: "sandi-milik-penyusup", Actor: actor})
		must(w.t, err)
		must(w.t, w.db.Write(func(tx db.Tx) error {
			_, err := tx.Exec(`UPDATE officer_password SET hash = (SELECT hash FROM officer_password WHERE officer = ?) WHERE officer = ?`, other, id)
			return err
		}))
		_, err = w.enter(login, "sandi-milik-penyusup")
		refused(w.t, err, fault.NoSession, "identity.login_refused")
	})
}

func TestLogsAndErrorsCarryNothingPersonal(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		w.assign(id, reviewerAt("clinic"))
		ctx := context.Background()
		var said []string
		note := func(err error) {
			if err == nil {
				t.Error("went through")
				return
			}
			said = append(said, err.Error())
		}
		for range 7 {
			_, err := w.enter(login, "Rahasia-"+password)
			note(err)
		}
		_, err := w.Create(ctx, identity.NewOfficer{Name: identity.Name{Full: fullName, NIP: nip}, Login: login, Actor: actor})
		note(err)
		_, err = w.Create(ctx, identity.NewOfficer{Name: identity.Name{Full: fullName + "\n", NIP: nip + "9"}, Login: login + "/", Password: login, Actor: actor})
		note(err)
		note(w.SetPassword(ctx, id, login+"-dan-panjang", actor))
		_, err = w.Assign(ctx, id, identity.Assignment{Unit: fullName, Role: nip, Kind: "x", From: login}, mandate, actor)
		note(err)
		for _, secret := range []string{fullName, "Wulandari", nip, login, password, mandate, "203.0.113.7"} {
			if strings.Contains(w.log.String(), secret) || strings.Contains(strings.Join(said, "\n"), secret) {
				t.Errorf("a log line or an error says %q:\n%s\n%s", secret, w.log.String(), strings.Join(said, "\n"))
			}
		}
	})
}

// Nothing of an officer may be readable in the database, and each of the words
// would be found if it were: the control looks for the id, which is there.
func TestDatabaseHoldsNothingPersonalInPlain(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		w.assign(id, reviewerAt("clinic"))
		_, err := w.enter(login, password)
		must(w.t, err)
		dump := everything(w)
		if strings.Count(dump, id) < 5 || !strings.Contains(dump, "clinic") {
			w.t.Fatal("the control words are not found: the test looks in the wrong place")
		}
		for _, secret := range []string{fullName, "Wulandari", nip, login, password, mandate, "203.0.113.7"} {
			if strings.Contains(dump, secret) {
				w.t.Errorf("the database holds %q in plain", secret)
			}
		}
	})
}

// everything is every column of every table that identity writes, as text.
func everything(w *world) string {
	var out strings.Builder
	must(w.t, w.db.Read(context.Background(), func(tx db.Tx) error {
		for table, columns := range map[string]string{
			"officer": "id, login_check, password_check", "officer_post": "officer, unit, role, kind, from_day, until_day",
			"officer_login": "officer, token", "officer_password": "officer, hash", "officer_session": "officer, data, token",
			"login_failure": "token", "event": "stream, kind, actor, clear, sealed",
		} {
			rows, err := tx.Query("SELECT " + columns + " FROM " + table)
			if err != nil {
				return err
			}
			for rows.Next() {
				cells := make([][]byte, strings.Count(columns, ",")+1)
				into := make([]any, len(cells))
				for i := range cells {
					into[i] = &cells[i]
				}
				if err := rows.Scan(into...); err != nil {
					return err
				}
				for _, c := range cells {
					out.Write(append(c, '\n'))
				}
			}
			if err := rows.Err(); err != nil {
				return err
			}
		}
		return nil
	}))
	return out.String()
}

func TestOfficerIsFoundByLoginAndNamed(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		found, err := w.FindLogin(context.Background(), "WULAN.zzz")
		must(w.t, err)
		if found != id {
			w.t.Errorf("found %q, want %q", found, id)
		}
		_, err = w.FindLogin(context.Background(), "tidak.ada")
		refused(w.t, err, fault.Unknown, "identity.unknown_officer")
		name, err := w.Name(context.Background(), id)
		must(w.t, err)
		if name.Full != fullName || name.NIP != nip {
			w.t.Errorf("name %+v", name)
		}
	})
}
