package ledger

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/test/testkit"
)

const origin = "example.invalid/log"

// rig is a record with a ledger over it.
type rig struct {
	*Ledger
	t      testing.TB
	folder string
	clock  time.Time
	next   map[string]int64
}

func newRig(t testing.TB, d *db.DB) *rig {
	t.Helper()
	if err := d.Migrate(context.Background(), "record", event.Schema()); err != nil {
		t.Fatal(err)
	}
	in, err := seal.CreateInstance(filepath.Join(t.TempDir(), "keys"), origin)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, folder: filepath.Join(t.TempDir(), "heads"), next: map[string]int64{}}
	r.clock = time.Date(2026, 3, 17, 2, 0, 0, 0, time.UTC)
	r.open(d, in)
	return r
}

// open makes a new ledger over the same record, as a restart does.
func (r *rig) open(d *db.DB, in *seal.Instance) {
	l, err := New(d, in, r.folder)
	if err != nil {
		r.t.Fatal(err)
	}
	l.now = func() time.Time { r.clock = r.clock.Add(time.Millisecond); return r.clock }
	r.Ledger = l
}

func (r *rig) restart() { r.open(r.db, r.in) }

// append adds n events to a stream.
func (r *rig) append(stream string, n int) (events []event.Event) {
	r.t.Helper()
	for range n {
		r.next[stream]++
		r.clock = r.clock.Add(time.Millisecond)
		e := event.Event{
			ID: event.NewID(), Stream: stream, Version: r.next[stream], Kind: "moved", Schema: 1, Entered: r.clock,
			Node: "n1", Actor: "a1", Definition: "d1", Clear: []byte(`{"step":"review"}`), Sealed: []byte("ciphertext"),
		}
		e.Finish()
		events = append(events, e)
	}
	if err := r.db.Write(func(tx db.Tx) error { return event.Append(tx, events...) }); err != nil {
		r.t.Fatal(err)
	}
	return events
}

func (r *rig) sequence() int {
	r.t.Helper()
	n, err := r.Sequence(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *rig) head() Head {
	r.t.Helper()
	h, err := r.Head()
	if err != nil {
		r.t.Fatal(err)
	}
	return h
}

// findings runs Verify.
func (r *rig) findings() (list []Finding) {
	r.t.Helper()
	if err := r.Verify(context.Background(), func(f Finding) { list = append(list, f) }); err != nil {
		r.t.Fatal(err)
	}
	return list
}

func (r *rig) wantSound() {
	r.t.Helper()
	if list := r.findings(); len(list) > 0 {
		r.t.Fatalf("a sound record has findings: %v", list)
	}
}

func wantFault(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if f := fault.Of(err); err == nil || f.Kind != kind || f.Key != key {
		t.Fatalf("got %v, want %s", err, key)
	}
}

// onBoth runs a test with a rig on each database.
func onBoth(t *testing.T, run func(t *testing.T, r *rig)) {
	t.Helper()
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) { run(t, newRig(t, d)) })
}

func TestEveryEventGetsOneLeafAndAProof(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		if h := r.head(); h.Log != 0 || h.Size != 0 {
			t.Fatalf("before the first round: %+v", h)
		}
		if n := r.sequence(); n != 0 || r.head().Size != 0 || r.head().Log != 1 {
			t.Fatalf("the first round signs the empty log: %d, %+v", n, r.head())
		}
		var events []event.Event
		for _, n := range []int{1, 2, 254, 1, 300} { // over the edge of a tile
			events = append(events, r.append(fmt.Sprintf("case-%d", n), n)...)
			if _, ok, err := r.Proof(events[len(events)-1].ID); ok || err != nil {
				t.Fatalf("proof before the round: %v, %v", ok, err)
			}
			if got := r.sequence(); got != n {
				t.Fatalf("sequenced %d of %d", got, n)
			}
		}
		if n := r.sequence(); n != 0 || r.head().Size != int64(len(events)) {
			t.Fatalf("an idle round: %d, size %d", n, r.head().Size)
		}
		for i, e := range events {
			p, ok, err := r.Proof(e.ID)
			if err != nil || !ok || p.Index != int64(i) {
				t.Fatalf("proof %d: %+v, %v, %v", i, p, ok, err)
			}
			if _, err := p.Check(e.Leaf, r.in.LogVerifierKey(origin)); err != nil {
				t.Fatalf("proof %d does not hold: %v", i, err)
			}
			if _, err := p.Check([32]byte{1}, r.in.LogVerifierKey(origin)); err == nil {
				t.Fatalf("proof %d holds for another leaf", i)
			}
		}
		_, _, err := r.Proof("no such event")
		wantFault(t, err, fault.Unknown, "ledger.event_unknown")
		r.wantSound()
		r.restart() // the edge is read from the tiles now
		r.append("later", 3)
		r.sequence()
		r.wantSound()
	})
}

func TestAStreamsEventsKeepTheirOrderWhenIdsDoNot(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		ids := []string{event.NewID(), event.NewID(), event.NewID()}
		for version, id := range map[int64]string{1: ids[2], 2: ids[1], 3: ids[0]} {
			r.next["s"] = version
			_ = id
		}
		for version, id := range []string{ids[2], ids[1], ids[0]} {
			e := event.Event{ID: id, Stream: "s", Version: int64(version + 1), Kind: "k", Schema: 1, Entered: r.clock, Node: "n", Actor: "a"}
			e.Finish()
			if err := r.db.Write(func(tx db.Tx) error { return event.Append(tx, e) }); err != nil {
				t.Fatal(err)
			}
		}
		r.sequence()
		var got []string
		err := r.db.Read(context.Background(), func(tx db.Tx) error {
			list, err := Since(tx, 0, 10)
			for _, p := range list {
				got = append(got, fmt.Sprintf("%d:%d", p.Position, p.Version))
			}
			return err
		})
		if err != nil || strings.Join(got, " ") != "0:1 1:2 2:3" {
			t.Errorf("leaf order: %v, %v", got, err)
		}
	})
}

func TestRunSequencesAtOnceAndTellsFollowers(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.now = time.Now
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- r.Run(ctx) }()
		sizes := r.Following(ctx)
		var last event.Event
		for i := range 5 {
			last = r.append(fmt.Sprintf("case-%d", i), 2)[1]
		}
		deadline := time.After(time.Minute)
		for size := int64(0); size < 10; {
			select {
			case size = <-sizes:
			case <-deadline:
				t.Fatal("the followers were not told")
			}
		}
		if _, ok, err := r.Proof(last.ID); !ok || err != nil {
			t.Errorf("proof after the note: %v, %v", ok, err)
		}
		cancel()
		if err := <-done; err != context.Canceled {
			t.Errorf("Run ended with %v", err)
		}
		for range sizes { // closes
		}
		r.wantSound()
	})
}

func TestAReceiptIsAPromiseThatIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		e := r.append("case", 1)[0]
		receipt := encode(t, r.Receipt(e))
		wantFault(t, r.VerifyReceipt(receipt), fault.Unavailable, "ledger.receipt_pending")
		r.sequence()
		if err := r.VerifyReceipt(receipt); err != nil {
			t.Fatal(err)
		}
		never := e
		never.ID = event.NewID()
		never.Finish()
		broken := encode(t, r.Receipt(never))
		wantFault(t, r.VerifyReceipt(broken), fault.Unavailable, "ledger.receipt_pending")
		r.clock = r.clock.Add(2 * time.Minute)
		wantFault(t, r.VerifyReceipt(broken), fault.Internal, "ledger.receipt_broken")
	})
}

func TestHeadsFolderRefusesAnOlderDatabase(t *testing.T) {
	url := testkit.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	d := testkit.Open(t, url, db.Options{})
	r := newRig(t, d)
	r.append("case", 3)
	r.sequence()
	if err := d.Checkpoint(); err != nil {
		t.Fatal(err)
	}
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lost := r.append("case", 4)
	r.sequence()
	signed := r.head()
	restored := filepath.Join(t.TempDir(), "restored.db")
	if err := os.WriteFile(restored, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	r.open(testkit.Open(t, "sqlite:"+restored, db.Options{}), r.in)
	r.next["case"] = 3
	wantFault(t, r.Run(context.Background()), fault.Internal, "ledger.behind")
	if list := r.findings(); len(list) != 1 || list[0].Key != "ledger.head_missing" || list[0].Row != "1/7" {
		t.Errorf("verify of the restored record: %v", list)
	}
	_, err = r.Continue(context.Background(), false)
	wantFault(t, err, fault.Internal, "ledger.behind")
	wantContinues(t, r, signed)
	wantFault(t, r.VerifyReceipt(encode(t, r.Receipt(lost[0]))), fault.Unavailable, "ledger.receipt_pending")
}

// wantContinues opens the next log, and looks at what it says and does.
func wantContinues(t *testing.T, r *rig, signed Head) {
	t.Helper()
	h, err := r.Continue(context.Background(), true)
	if err != nil || h.Log != 2 || h.Size != 1 || !strings.HasPrefix(string(h.Note), origin+"/2\n1\n") {
		t.Fatalf("continued as %+v, %v", h, err)
	}
	_, err = r.Continue(context.Background(), true)
	wantFault(t, err, fault.Conflict, "ledger.nothing_lost")
	r.restart()
	e := r.append("case", 2)[1]
	r.sequence()
	r.wantSound()
	p, ok, err := r.Proof(e.ID)
	if err != nil || !ok || p.Origin != origin+"/2" || p.Index != 2 {
		t.Fatalf("proof in the new log: %+v, %v, %v", p, ok, err)
	}
	if err := r.VerifyReceipt(encode(t, r.Receipt(e))); err != nil {
		t.Error(err)
	}
	wantFault(t, r.VerifyHead(signed.Note), fault.Internal, "ledger.shortened")
	var said event.Event
	var all []Placed
	err = r.db.Read(context.Background(), func(tx db.Tx) (err error) {
		if all, err = Since(tx, 2, 10); err != nil {
			return err
		}
		events, err := event.Load(tx, "log/2")
		said = events[0]
		return err
	})
	if err != nil || len(all) != 4 || all[1].Event != said.ID || all[1].Position != 3 {
		t.Fatalf("positions run on over logs: %+v, %v", all, err)
	}
	for _, want := range []string{`"held":3`, `"signed":7`, `"differs":false`, `"origin":"` + origin + `"`} {
		if !strings.Contains(string(said.Clear), want) {
			t.Errorf("the first leaf does not say %s: %s", want, said.Clear)
		}
	}
}

func TestAForkedDatabaseIsNotSigned(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.append("case", 3)
		r.sequence()
		// Another history was signed with the same keys at the same size.
		other := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
		other.in, other.folder = r.in, r.folder
		if err := os.RemoveAll(r.folder); err != nil {
			t.Fatal(err)
		}
		other.restart()
		other.append("case", 3)
		other.sequence()
		r.restart()
		_, err := r.Sequence(context.Background())
		wantFault(t, err, fault.Internal, "ledger.forked")
		if list := r.findings(); len(list) != 1 || list[0].Key != "ledger.folder_differs" {
			t.Errorf("verify: %v", list)
		}
	})
}

func TestACutHeadsFileIsNoHindrance(t *testing.T) {
	r := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
	for range 3 {
		r.append("case", 1)
		r.sequence()
	}
	file := filepath.Join(r.folder, "000001-2026-03.heads")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for cut := len(whole) - 1; cut > 0; cut -= 13 {
		if err := os.WriteFile(file, whole[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		r.restart()
		r.sequence() // writes the newest head again
		r.restart()
		if h, err := r.heads.newest(); err != nil || !h.same(r.head()) {
			t.Fatalf("cut at %d: newest is %+v, %v", cut, h, err)
		}
		r.wantSound()
	}
}

func TestWithoutItsFolderNothingIsSigned(t *testing.T) {
	r := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
	if err := os.WriteFile(r.folder, []byte("a file where the folder should be"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Sequence(context.Background()); err == nil {
		t.Error("a head was signed and not kept")
	}
}
