package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/ledger"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// TestTheVault: who tells something is kept apart from what is told.
func TestTheVault(t *testing.T) {
	inOneTown(t,
		story{"who tells never enters the case", whoTellsNeverEntersTheCase},
		story{"an anonymous reporter is nobodys to read", anAnonymousReporterIsNobodysToRead},
		story{"two guards open a vault together", twoGuardsOpenAVaultTogether},
		story{"a vault stays shut when its opening cannot be written", aVaultStaysShutWhenItsOpeningCannotBeWritten},
		story{"a report and its vault are written together", aReportAndItsVaultAreWrittenTogether},
		story{"who completes a report need not say again who they are", whoCompletesAReportNeedNotSayAgainWhoTheyAre},
		story{"a shredded report takes its vault along", aShreddedReportTakesItsVaultAlong},
		story{"a report that is taken over has its vault", aReportThatIsTakenOverHasItsVault},
		story{"an answer cannot unmask a reporter", anAnswerCannotUnmaskAReporter},
		story{"a changed vault is named", aChangedVaultIsNamed},
		story{"a late report has other guards", aLateReportHasOtherGuards}, // the clock goes on: last
	)
}

// unsealed is everything that a stream says, clear and sealed, as text.
func (w *town) unsealed(stream string) string {
	w.t.Helper()
	key, err := w.Keys.Get(stream)
	w.must(err)
	var out bytes.Buffer
	for _, ev := range w.events(stream) {
		out.Write(ev.Clear)
		if len(ev.Sealed) > 0 {
			plain, err := key.Open(ev.Sealed, ev.AAD())
			w.must(err)
			out.Write(plain)
		}
	}
	return out.String()
}

func (w *town) events(stream string) (events []event.Event) {
	w.t.Helper()
	w.must(w.DB.Read(context.Background(), func(tx db.Tx) (err error) {
		events, err = event.Load(tx, stream)
		return err
	}))
	return events
}

func ofReporter() []string {
	return []string{"Wulan", "Anggraeni", "81200000077", "banyusekar.example"}
}

// whoTellsNeverEntersTheCase opens the case with its own key, and every row
// that it has, and looks for what the reporter said of themself.
func whoTellsNeverEntersTheCase(t *testing.T, w *town) {
	ctx := context.Background()
	d, _, _, err := w.Cases.Begin("pengaduan", "portal", "id")
	w.must(err)
	d.Answers = streetLamp("ya", nil)
	w.must(w.Cases.SaveDraft(d))
	got, err := w.Cases.Submit(ctx, casework.Submission{
		Service: "pengaduan", Channel: "portal", Lang: "id", Draft: d.Stream, Answers: d.Answers, Once: once("v", "report"),
	})
	w.must(err)
	w.must(w.Jobs.Drain(ctx))
	c := w.now(got.Stream)
	if c.Vault == "" || c.Vault == got.Stream || w.count("draft") != 0 {
		t.Fatalf("vault %q, %d drafts", c.Vault, w.count("draft"))
	}
	answers, _, err := w.Cases.Own(ctx, got.Stream)
	w.must(err)
	row, err := json.Marshal(c)
	w.must(err)
	own, err := json.Marshal(answers)
	w.must(err)
	for _, value := range ofReporter() {
		for where, text := range map[string]string{"case": w.unsealed(got.Stream), "row": string(row), "what the applicant is given": string(own)} {
			if strings.Contains(text, value) {
				t.Errorf("the %s says %q", where, value)
			}
		}
		if !strings.Contains(w.unsealed(c.Vault), value) {
			t.Errorf("the vault does not keep %q", value)
		}
	}
	for _, p := range []casework.Person{{Name: reporterName}, {Phone: reporterPhone}} {
		found, err := w.Cases.Find(ctx, casework.Search{Person: p, Officer: "o", Purpose: casework.PurposeFind, See: anybody})
		if w.must(err); len(found.Cases) > 0 {
			t.Errorf("the report is found by who told it: %+v", p)
		}
	}
	contact, err := w.Cases.Contact(ctx, got.Stream)
	if w.must(err); contact.Phone != reporterPhone || contact.Email != reporterEmail || contact.Lang != "id" || contact.Name != "" || contact.Postal != nil {
		t.Errorf("who is to be told: %+v", contact)
	}
}

func anybody(context.Context, fold.Case) (fold.Holder, bool, error) { return fold.Holder{}, true, nil }

// anAnonymousReporterIsNobodysToRead: no reader gets through, and none is
// noted as if they had.
func anAnonymousReporterIsNobodysToRead(t *testing.T, w *town) {
	ctx := context.Background()
	for _, anonymous := range []string{"ya", "tidak"} {
		got := w.tells(streetLamp(anonymous, nil))
		hidden, err := w.Cases.Anonymous(ctx, w.now(got.Stream))
		if w.must(err); hidden != (anonymous == "ya") {
			t.Errorf("anonymous %s: %t", anonymous, hidden)
		}
		a, err := w.Cases.Identity(ctx, got.Stream, casework.Reader{Actor: "o", By: w.now(got.Stream).Holder, Purpose: "anything"})
		openings, e := w.Cases.Openings(ctx, got.Stream)
		w.must(e)
		if anonymous == "ya" {
			if f := fault.Of(err); f == nil || f.Key != "casework.anonymous" || a != nil || len(openings) != 0 {
				t.Errorf("an anonymous reporter: %v, %v, %+v", a, err, openings)
			}
			continue
		}
		if w.must(err); a["name"] != reporterName || len(openings) != 1 || openings[0].Purpose != casework.PurposeIdentity {
			t.Errorf("a reporter with a name: %v, %+v", a, openings)
		}
		if d, err := w.Cases.Open(ctx, got.Stream, casework.Reader{Actor: "o", Purpose: casework.PurposeHandle}); err != nil || d.Answers["name"] != nil {
			t.Errorf("opening the case opens the vault: %v, %v", d.Answers, err)
		}
	}
}

// guards makes the first two who guard identities, and gives a right opening of
// a case.
func (w *town) guards(stream string) casework.VaultOpening {
	return w.guardsAt("inspektorat", stream, "asih", "bagas")
}

func (w *town) guardsAt(unit, stream string, logins ...string) casework.VaultOpening {
	w.t.Helper()
	post := fold.Holder{Who: "role", Role: "penjaga_identitas", Unit: unit}
	o := casework.VaultOpening{Stream: stream, Reason: "court", Words: "Penetapan Pengadilan Negeri Banyusekar"}
	for i, login := range logins {
		id, err := w.Identity.FindLogin(context.Background(), login)
		if err != nil {
			id = w.officer(login, "Penjaga "+login, post.Unit, post.Role)
		}
		o.Guards[i] = casework.Guard{Officer: id, By: post}
	}
	return o
}

// twoGuardsOpenAVaultTogether: whoever is not both of them, both times, is
// refused, and a refusal opens and writes nothing.
func twoGuardsOpenAVaultTogether(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.verified("dishub")
	vault := w.now(got.Stream).Vault
	right := w.guards(got.Stream)
	guard := right.Guards[0]
	both := w.officer("candra", "Penjaga yang juga petugas", "inspektorat", "penjaga_identitas")
	w.assign(both, "dishub", "pengelola_pengaduan")
	before := w.officer("damar", "Penjaga yang juga koordinator", "inspektorat", "penjaga_identitas")
	w.assign(before, "setda", "koordinator_pengaduan")
	stranger := w.officer("elok", "Inspektur", "inspektorat", "inspektur")
	for name, spoil := range map[string]func(*casework.VaultOpening){
		"one officer twice":               func(o *casework.VaultOpening) { o.Guards[1] = guard },
		"nobody beside":                   func(o *casework.VaultOpening) { o.Guards[1] = casework.Guard{By: guard.By} },
		"who is no guard":                 func(o *casework.VaultOpening) { o.Guards[1].Officer = stranger },
		"in another capacity":             func(o *casework.VaultOpening) { o.Guards[0].By.Role = "inspektur" },
		"a guard of another unit":         func(o *casework.VaultOpening) { o.Guards[0].By.Unit = "dishub" },
		"who works where it is handled":   func(o *casework.VaultOpening) { o.Guards[1].Officer = both },
		"who works where it was verified": func(o *casework.VaultOpening) { o.Guards[0].Officer = before },
		"an officer who is not there":     func(o *casework.VaultOpening) { o.Guards[0].Officer = "nobody" },
		"for no listed reason":            func(o *casework.VaultOpening) { o.Reason = "curiosity" },
		"without words":                   func(o *casework.VaultOpening) { o.Words = "" },
		"with a book of words":            func(o *casework.VaultOpening) { o.Words = strings.Repeat("k", 2001) },
	} {
		o := right
		spoil(&o)
		if a, err := w.Cases.OpenVault(ctx, o); err == nil || a != nil || len(w.events(vault)) != 1 {
			t.Errorf("%s: %v, %v, %d events", name, a, err, len(w.events(vault)))
		}
	}
	a, err := w.Cases.OpenVault(ctx, right)
	if w.must(err); a["name"] != reporterName || a["phone"] != reporterPhone {
		t.Errorf("opened: %v", a)
	}
	openings, err := w.Cases.Openings(ctx, got.Stream)
	w.must(err)
	if len(openings) != 1 || openings[0].Purpose != casework.PurposeVault || openings[0].Actor != guard.Officer ||
		openings[0].Second != right.Guards[1].Officer || openings[0].Reason != "court" {
		t.Errorf("the reporter reads %+v", openings)
	}
	if clear := string(w.events(vault)[1].Clear); strings.Contains(clear, "Penetapan") {
		t.Error("the guards' words stand in the clear part")
	}
}

// aVaultStaysShutWhenItsOpeningCannotBeWritten.
func aVaultStaysShutWhenItsOpeningCannotBeWritten(t *testing.T, w *town) {
	got := w.verified("dishub")
	o := w.guards(got.Stream)
	w.must(w.exec(`ALTER TABLE unsequenced RENAME TO unsequenced_gone`))
	if a, err := w.Cases.OpenVault(context.Background(), o); err == nil || a != nil {
		t.Errorf("opened without an event: %v", a)
	}
	w.must(w.exec(`ALTER TABLE unsequenced_gone RENAME TO unsequenced`))
}

// aReportAndItsVaultAreWrittenTogether: what cannot write the one writes
// neither.
func aReportAndItsVaultAreWrittenTogether(t *testing.T, w *town) {
	events, cases := w.count("event"), w.count("cases")
	w.must(w.exec(`ALTER TABLE vault RENAME TO vault_gone`))
	_, err := w.Cases.Submit(context.Background(), casework.Submission{Service: "pengaduan", Channel: "portal", Lang: "id", Answers: streetLamp("ya", nil)})
	if err == nil || w.count("cases") != cases || w.count("event") != events {
		t.Errorf("%v: %d cases, %d events more", err, w.count("cases")-cases, w.count("event")-events)
	}
	w.must(w.exec(`ALTER TABLE vault_gone RENAME TO vault`))
}

// whoCompletesAReportNeedNotSayAgainWhoTheyAre, and may.
func whoCompletesAReportNeedNotSayAgainWhoTheyAre(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.tells(streetLamp("tidak", nil))
	vault := w.now(got.Stream).Vault
	w.acts(casework.Deed{Stream: got.Stream, Action: "return", By: w.now(got.Stream).Holder, Actor: "koordinator", Checks: map[string]bool{"clear": false, "ours": true, "decent": true},
		Defects: []flow.Defect{{ID: "clear", Words: "Lampu yang mana?"}}})
	unnamed := form.Answers{"what": "Lampu kedua dari pasar mati sejak hari Senin.", "name": nil, "phone": nil, "email": nil}
	w.acts(casework.Deed{Stream: got.Stream, Action: "submit", By: applicant(), Answers: streetLamp("ya", unnamed)})
	c := w.now(got.Stream)
	hidden, err := w.Cases.Anonymous(ctx, c)
	w.must(err)
	contact, err := w.Cases.Contact(ctx, got.Stream)
	w.must(err)
	if !hidden || c.Vault != vault || contact.Phone != reporterPhone || len(w.events(vault)) != 2 {
		t.Errorf("anonymous from now on: %t, %+v, %d events", hidden, contact, len(w.events(vault)))
	}
	if text := w.unsealed(got.Stream); strings.Contains(text, reporterPhone) {
		t.Error("sent again, the identity is in the case")
	}
}

// aShreddedReportTakesItsVaultAlong.
func aShreddedReportTakesItsVaultAlong(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.tells(streetLamp("tidak", nil))
	w.acts(casework.Deed{Stream: got.Stream, Action: "withdraw", By: applicant()})
	vault := w.now(got.Stream).Vault
	w.must(w.Shred(ctx, got.Stream, "erasure", "officer-1"))
	if _, err := w.Keys.Get(vault); !fault.Is(err, fault.Gone) {
		t.Errorf("the key of the vault: %v", err)
	}
	if _, err := w.Cases.Identity(ctx, got.Stream, casework.Reader{Actor: "o"}); !fault.Is(err, fault.Gone) {
		t.Errorf("who told it: %v", err)
	}
	if _, err := w.Cases.OpenVault(ctx, w.guards(got.Stream)); !fault.Is(err, fault.Gone) {
		t.Errorf("by its guards: %v", err)
	}
	if _, err := w.Cases.Contact(ctx, got.Stream); !fault.Is(err, fault.Gone) {
		t.Errorf("to be told: %v", err)
	}
	w.sequenced()
	w.whole()
	_, err := w.Rebuild(ctx)
	w.must(err)
	w.whole()
}

// aChangedVaultIsNamed: its row and its events.
func aChangedVaultIsNamed(t *testing.T, w *town) {
	ctx := context.Background()
	got, other := w.tells(streetLamp("ya", nil)), w.tells(streetLamp("tidak", nil))
	vault := w.now(got.Stream).Vault
	w.sequenced()
	w.whole()
	for _, change := range []string{
		`UPDATE vault SET anonymous = 0 WHERE stream = '` + vault + `'`,
		`UPDATE vault SET anonymous = 7 WHERE stream = '` + vault + `'`,
		`UPDATE vault SET about = '` + other.Stream + `' WHERE stream = '` + vault + `'`,
		`UPDATE vault SET stream = 'x' || stream WHERE stream = '` + vault + `'`,
		`DELETE FROM vault WHERE stream = '` + vault + `'`,
		`INSERT INTO vault (stream, about, anonymous) VALUES ('zz', 'zz', 0)`,
	} {
		w.must(w.exec(change))
		if !w.finds("vault", "") {
			t.Errorf("after %s verify found nothing", change)
		}
		_, err := w.Rebuild(ctx)
		w.must(err)
		w.whole()
	}
	w.unguarded("event", func() {
		w.must(w.exec(`UPDATE event SET clear = replace(clear, '"anonymous":true', '"anonymous":false') WHERE stream = '` + vault + `'`))
		found := false
		w.must(w.Ledger.Verify(ctx, func(f ledger.Finding) { found = true }))
		if !found || !w.finds("vault", "") {
			t.Error("a changed event of a vault is not found")
		}
	})
}

// anAnswerCannotUnmaskAReporter: what the case says of it, were it corrected, is
// not what the vault goes by.
func anAnswerCannotUnmaskAReporter(t *testing.T, w *town) {
	got := w.tells(streetLamp("ya", nil))
	w.must(w.exec(`UPDATE cases SET state = replace(state, '"anonymous":"ya"', '"anonymous":"tidak"') WHERE stream = '` + got.Stream + `'`))
	if w.now(got.Stream).Answers["anonymous"] != "tidak" {
		t.Fatal("the answer was not changed")
	}
	if a, err := w.Cases.Identity(t.Context(), got.Stream, casework.Reader{Actor: "o"}); !fault.Is(err, fault.Forbidden) || a != nil {
		t.Errorf("%v, %v", a, err)
	}
	_, err := w.Rebuild(t.Context())
	w.must(err)
}

// aReportThatIsTakenOverHasItsVault: many are written in one commit, by another way.
func aReportThatIsTakenOverHasItsVault(t *testing.T, w *town) {
	held, move, err := w.Cases.HoldSubmit(casework.Submission{Service: "pengaduan", Channel: "api", Lang: "id", Answers: streetLamp("ya", nil)})
	w.must(err)
	bulk := w.Cases.NewBulk()
	w.must(bulk.Commit([]*casework.Move{move}))
	w.must(bulk.Flush())
	for _, value := range ofReporter() {
		if strings.Contains(w.unsealed(held.State.Stream), value) || !strings.Contains(w.unsealed(held.State.Vault), value) {
			t.Errorf("%q is not in the vault alone", value)
		}
	}
	if held.Answers["name"] != nil || held.Answers["what"] == nil {
		t.Errorf("at hand: %v", held.Answers)
	}
}

// late lets the whole time of a report pass, and gives what it has become.
func (w *town) late(stream string) fold.Case {
	w.t.Helper()
	d, _ := w.now(stream).Deadline(fold.CaseDeadline)
	w.clock.now = d.Due.Add(time.Second)
	for n := 1; n > 0; {
		var err error
		n, err = w.Cases.Lapse(context.Background())
		w.must(err)
	}
	return w.now(stream)
}

// opensTo tries every guards' post and says at which units they were let in.
func (w *town) opensTo(stream string) (units []string) {
	w.t.Helper()
	for _, o := range []casework.VaultOpening{w.guards(stream), w.guardsAt("dpmptsp", stream, "widi", "seno"), w.guardsAt("setda", stream, "bagyo", "nanik")} {
		before := len(w.events(w.now(stream).Vault))
		a, err := w.Cases.OpenVault(context.Background(), o)
		if err == nil && a["name"] == reporterName {
			units = append(units, o.Guards[0].By.Unit)
			continue
		}
		if f := fault.Of(err); f == nil || f.Kind != fault.Forbidden || a != nil || len(w.events(w.now(stream).Vault)) != before {
			w.t.Errorf("the guards at %s: %v, %v", o.Guards[0].By.Unit, a, err)
		}
	}
	return units
}

// aLateReportHasOtherGuards: whom lateness called in guards no more, also when
// the step was left since, or the report was joined to one that was late; and of
// what lies with all of the guards nobody opens anything.
func aLateReportHasOtherGuards(t *testing.T, w *town) {
	early, inspected, licensed := w.verified("dishub"), w.verified("inspektorat"), w.verified("dpmptsp")
	joined := w.verified("dishub")
	for what, x := range map[string]struct {
		stream string
		want   []string
	}{
		"in time": {early.Stream, []string{"inspektorat"}}, "at the inspectorate": {inspected.Stream, []string{"dpmptsp"}}, "at the licensing office": {licensed.Stream, []string{"inspektorat"}},
	} {
		if got := w.opensTo(x.stream); !slices.Equal(got, x.want) {
			t.Errorf("%s: opened at %v, want %v", what, got, x.want)
		}
	}
	c := w.late(early.Stream)
	if !slices.Contains(c.CalledIn(), "inspektur@inspektorat") {
		t.Fatalf("called in: %v", c.CalledIn())
	}
	if got := w.opensTo(early.Stream); !slices.Equal(got, []string{"dpmptsp"}) {
		t.Errorf("late: opened at %v", got)
	}
	w.acts(casework.Deed{Stream: early.Stream, Action: "answer", By: fold.Holder{Who: "role", Role: "inspektur", Unit: "inspektorat"}, Actor: "inspektur",
		Given: form.Answers{"first_answer": "Lampu diganti hari ini."}})
	if got := w.opensTo(early.Stream); len(w.now(early.Stream).CalledIn()) > 0 || !slices.Equal(got, []string{"dpmptsp"}) {
		t.Errorf("answered since: opened at %v", got)
	}
	w.late(licensed.Stream)
	if got := w.opensTo(licensed.Stream); len(got) > 0 {
		t.Errorf("with every guard: opened at %v", got)
	}
	_, err := w.Cases.OpenVault(context.Background(), w.guards(licensed.Stream))
	if f := fault.Of(err); f == nil || f.Key != "casework.no_guard" {
		t.Errorf("with every guard: %v", err)
	}
	fresh := w.verified("dishub")
	if got := w.opensTo(fresh.Stream); !slices.Equal(got, []string{"inspektorat"}) {
		t.Errorf("in time: opened at %v", got)
	}
	w.must(w.merges(fresh.Stream, joined.Stream))
	if got := w.opensTo(fresh.Stream); !slices.Equal(got, []string{"dpmptsp"}) {
		t.Errorf("joined to a late one: opened at %v", got)
	}
}
