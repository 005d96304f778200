package event_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

var noon = time.Date(2026, 3, 17, 12, 0, 0, 123456789, time.FixedZone("WIT", 9*3600))

// fresh is a finished event; edit changes it before it is finished.
func fresh(stream string, version int64, edit func(*event.Event)) event.Event {
	e := event.Event{ID: event.NewID(), Stream: stream, Version: version, Kind: "submitted", Schema: 1, Entered: noon, Node: "n1", Actor: "applicant",
		Definition: "d", Clear: []byte(`{ "b":1,  "a":"é" }`), Sealed: []byte{1, 2, 3}}
	if edit != nil {
		edit(&e)
	}
	e.Finish()
	return e
}

func onBoth(t *testing.T, run func(t *testing.T, d *db.DB)) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		if err := d.Migrate(context.Background(), "record", event.Schema()); err != nil {
			t.Fatal(err)
		}
		run(t, d)
	})
}

func put(d *db.DB, events ...event.Event) error {
	return d.Write(func(tx db.Tx) error { return event.Append(tx, events...) })
}

func load(t *testing.T, d *db.DB, stream string) (events []event.Event) {
	t.Helper()
	err := d.Read(context.Background(), func(tx db.Tx) (err error) { events, err = event.Load(tx, stream); return err })
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// examples are the worked examples of the leaf; they never change.
func examples() []event.Event {
	salt := bytes.Repeat([]byte{7}, 16)
	list := []event.Event{
		{ID: "01958b2c-0000-7000-8000-000000000001", Stream: "01958b2c-0000-7000-8000-00000000000a", Version: 1, Kind: "submitted", Schema: 1,
			Entered: time.UnixMicro(1773716400000000), Node: "n1", Actor: "applicant", Definition: "sha256:00", Clear: []byte(`{"step":"review"}`), Sealed: []byte("ciphertext"), Salt: salt},
		{ID: "01958b2c-0000-7000-8000-000000000002", Stream: "access/01958b2c", Version: 12, Kind: "opened", Schema: 3,
			Entered: time.UnixMicro(1773716400000001), Received: time.UnixMicro(-1), Evidence: "stamp", Node: "desa-3", Salt: salt},
	}
	for i := range list {
		list[i].Finish()
	}
	return list
}

func TestTheLeafIsExactlyAsDocumented(t *testing.T) {
	var out bytes.Buffer
	for _, e := range examples() {
		fmt.Fprintf(&out, "%s\nleaf %x\naad  %x\n\n", describe(t, e), e.Leaf, e.AAD())
	}
	testkit.Golden(t, "leaf.txt", out.Bytes())
}

func describe(t *testing.T, e event.Event) string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"id": e.ID, "stream": e.Stream, "version": e.Version, "kind": e.Kind, "schema": e.Schema,
		"entered": e.Entered.UnixMicro(), "received": e.Received.UnixMicro(), "evidence": e.Evidence, "node": e.Node, "actor": e.Actor,
		"definition": e.Definition, "clear": string(e.Clear), "sealed": hex.EncodeToString(e.Sealed), "salt": hex.EncodeToString(e.Salt)})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestTheLeafAsAStrangerComputesIt follows the package comment and not the code.
func TestTheLeafAsAStrangerComputesIt(t *testing.T) {
	for _, e := range examples() {
		h := sha256.New()
		h.Write([]byte("pendopo/event/1"))
		sealed := sha256.Sum256(e.Sealed)
		for _, column := range []string{e.ID, e.Stream, fmt.Sprint(e.Version), e.Kind, fmt.Sprint(e.Schema), fmt.Sprint(e.Entered.UnixMicro()),
			fmt.Sprint(e.Received.UnixMicro()), e.Evidence, e.Node, e.Actor, e.Definition, string(e.Clear), string(sealed[:]), string(e.Salt)} {
			n := len(column)
			h.Write([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
			h.Write([]byte(column))
		}
		if got := [32]byte(h.Sum(nil)); got != e.Leaf {
			t.Errorf("%s: %x, want %x", e.Kind, e.Leaf, got)
		}
	}
}

func TestEveryColumnIsInTheLeaf(t *testing.T) {
	changes := map[string]func(*event.Event){
		"id": func(e *event.Event) { e.ID += "x" }, "stream": func(e *event.Event) { e.Stream += "x" }, "version": func(e *event.Event) { e.Version++ },
		"kind": func(e *event.Event) { e.Kind += "x" }, "schema": func(e *event.Event) { e.Schema++ },
		"entered": func(e *event.Event) { e.Entered = e.Entered.Add(time.Microsecond) }, "received": func(e *event.Event) { e.Received = e.Received.Add(-time.Microsecond) },
		"evidence": func(e *event.Event) { e.Evidence = "x" }, "node": func(e *event.Event) { e.Node += "x" }, "actor": func(e *event.Event) { e.Actor += "x" },
		"definition": func(e *event.Event) { e.Definition += "x" }, "clear": func(e *event.Event) { e.Clear = append([]byte(" "), e.Clear...) },
		"sealed": func(e *event.Event) { e.Sealed = nil }, "salt": func(e *event.Event) { e.Salt = make([]byte, 16) },
		"border": func(e *event.Event) { e.Node, e.Actor = e.Node+e.Actor[:1], e.Actor[1:] },
	}
	first := fresh("s", 1, nil)
	seen := map[[32]byte]string{first.Leaf: "unchanged"}
	for name, change := range changes {
		e := first
		change(&e)
		if had, ok := seen[e.LeafHash()]; ok {
			t.Errorf("%s has the leaf of %s", name, had)
		}
		seen[e.LeafHash()] = name
	}
}

func TestAnEventComesBackByteForByte(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		events := []event.Event{
			fresh("s", 1, func(e *event.Event) { e.Received, e.Evidence = noon.Add(-48*time.Hour), "stamp" }),
			fresh("s", 2, func(e *event.Event) { e.Sealed, e.Clear = nil, nil }),
			fresh("s", 3, func(e *event.Event) { e.Sealed = []byte{} }),
		}
		if err := put(d, events...); err != nil {
			t.Fatal(err)
		}
		got := load(t, d, "s")
		if diff := cmp.Diff(events, got); diff != "" {
			t.Error(diff)
		}
		for _, e := range got {
			if e.LeafHash() != e.Leaf {
				t.Errorf("version %d hashes to another leaf", e.Version)
			}
		}
		if len(load(t, d, "none")) != 0 {
			t.Error("an unknown stream has events")
		}
	})
}

func TestEveryAppendedEventWaitsForTheLedger(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		signal, stop := d.Watch(event.Topic)
		defer stop()
		if err := put(d, fresh("s", 1, nil), fresh("s", 2, nil)); err != nil {
			t.Fatal(err)
		}
		<-signal
		var waiting, known int
		err := d.Read(context.Background(), func(tx db.Tx) error {
			return tx.Row("SELECT COUNT(*), COUNT(e.id) FROM unsequenced u LEFT JOIN event e ON e.id = u.id").Scan(&waiting, &known)
		})
		if err != nil || waiting != 2 || known != 2 {
			t.Error(err, waiting, known)
		}
	})
}

func TestOneWriterWinsAVersion(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		if err := put(d, fresh("s", 1, nil)); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		errs := make([]error, 16)
		for i := range errs {
			e := fresh("s", 2, nil)
			all.Go(func() { errs[i] = put(d, e) })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, event.ErrStale) || !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "fault.acted_first" {
				t.Errorf("a loser got %v", err)
			}
		}
		if won != 1 || len(load(t, d, "s")) != 2 {
			t.Errorf("%d won", won)
		}
	})
}

func TestWhatMustNotGetIntoTheRecord(t *testing.T) {
	cases := map[string]func() event.Event{
		"not finished": func() event.Event {
			return event.Event{ID: event.NewID(), Stream: "s", Version: 2, Kind: "k", Entered: noon, Node: "n"}
		},
		"changed after":    func() event.Event { e := fresh("s", 2, nil); e.Actor = "another"; return e },
		"a gap":            func() event.Event { return fresh("s", 3, nil) },
		"a gap at first":   func() event.Event { return fresh("new", 2, nil) },
		"version 0":        func() event.Event { return fresh("s", 0, nil) },
		"back in time":     func() event.Event { return fresh("s", 2, func(e *event.Event) { e.Entered = noon.Add(-time.Second) }) },
		"no kind":          func() event.Event { return fresh("s", 2, func(e *event.Event) { e.Kind = "" }) },
		"no node":          func() event.Event { return fresh("s", 2, func(e *event.Event) { e.Node = "" }) },
		"from the future":  func() event.Event { return fresh("s", 2, func(e *event.Event) { e.Received = noon.Add(time.Second) }) },
		"without evidence": func() event.Event { return fresh("s", 2, func(e *event.Event) { e.Received = noon.Add(-time.Hour) }) },
	}
	onBoth(t, func(t *testing.T, d *db.DB) {
		if err := put(d, fresh("s", 1, nil)); err != nil {
			t.Fatal(err)
		}
		for name, make := range cases {
			if err := put(d, make()); err == nil || errors.Is(err, event.ErrStale) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := put(d, fresh("s", 2, nil)); err != nil || len(load(t, d, "s")) != 2 {
			t.Errorf("the right one: %v", err)
		}
	})
}

func TestTheRecordRefusesChange(t *testing.T) {
	statements := []string{"UPDATE event SET actor = 'another'", "UPDATE event SET leaf = salt", "DELETE FROM event", "UPDATE leaf SET idx = 7", "DELETE FROM leaf",
		"UPDATE head SET size = 7", "DELETE FROM head"}
	own := map[db.Dialect][]string{
		db.SQLite: {"INSERT OR REPLACE INTO event SELECT * FROM event", "INSERT OR REPLACE INTO leaf SELECT * FROM leaf", "INSERT OR REPLACE INTO head SELECT * FROM head",
			"INSERT OR REPLACE INTO leaf SELECT log, idx + 1, event, hash FROM leaf"},
		db.Postgres: {"TRUNCATE event", "TRUNCATE leaf", "TRUNCATE head"},
	}
	onBoth(t, func(t *testing.T, d *db.DB) {
		err := d.Write(func(tx db.Tx) error {
			_, err := tx.Exec("INSERT INTO leaf (log, idx, event, hash) VALUES (1, 0, 'e', ?)", []byte{1})
			_, err2 := tx.Exec("INSERT INTO head (log, size, root, note, at) VALUES (1, 1, ?, 'n', 0)", []byte{1})
			return errors.Join(err, err2, event.Append(tx, fresh("s", 1, nil)))
		})
		if err != nil {
			t.Fatal(err)
		}
		before := load(t, d, "s")
		for _, statement := range append(statements, own[d.Dialect()]...) {
			err := d.Write(func(tx db.Tx) error { _, err := tx.Exec(statement); return err })
			if !db.IsRefused(err) && !db.IsConflict(err) {
				t.Errorf("%s: %v", statement, err)
			}
		}
		if diff := cmp.Diff(before, load(t, d, "s")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWalkGoesByStreamAndVersion(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		err := put(d, fresh("b", 1, nil), fresh("a", 1, nil), fresh("b", 2, nil), fresh("a", 2, nil))
		if err != nil {
			t.Fatal(err)
		}
		var order []string
		enough := errors.New("enough")
		walk := func(limit int) error {
			order = nil
			return d.Read(context.Background(), func(tx db.Tx) error {
				return event.Walk(tx, func(e event.Event) error {
					order = append(order, fmt.Sprint(e.Stream, e.Version))
					if len(order) == limit {
						return enough
					}
					return nil
				})
			})
		}
		if err := walk(0); err != nil || strings.Join(order, " ") != "a1 a2 b1 b2" {
			t.Error(err, order)
		}
		if err := walk(2); !errors.Is(err, enough) || len(order) != 2 {
			t.Error(err, order)
		}
	})
}

func TestIDsSortByTimeAndAADBindsItsFourColumns(t *testing.T) {
	last := ""
	for range 1000 {
		id := event.NewID()
		if id <= last || len(id) != 36 || id[14] != '7' {
			t.Fatalf("%s after %s", id, last)
		}
		last = id
	}
	a, b := fresh("s", 11, nil), fresh("s", 1, nil)
	b.ID, b.Kind = a.ID, "1"+a.Kind
	if bytes.Equal(a.AAD(), b.AAD()) {
		t.Error("two events, one associated data")
	}
}
