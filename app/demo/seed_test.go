package demo_test

import (
	"context"
	"testing"

	"pendopo/app"
	"pendopo/app/demo"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/ledger"
)

// TestDemoShowsEveryStateOnceAndVerifies makes the demo twice: the second time
// doubles nothing, every step and outcome of the services has a case, and the
// record verifies.
func TestDemoShowsEveryStateOnceAndVerifies(t *testing.T) {
	ctx := context.Background()
	clock := &demo.Clock{}
	in, err := app.Open(ctx, app.Options{
		Place: conf.Place{Data: t.TempDir() + "/data", Node: "demo"}, Base: "http://localhost:8080",
		Create: true, Origin: "localhost/log", Now: clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if p, err := in.Publish(ctx, government.FS); err != nil {
		t.Fatalf("%v %v", err, p.Findings)
	}
	quiet := func(int, int) {}
	logins, err := demo.Seed(ctx, in, clock, quiet)
	if err != nil {
		t.Fatal(err)
	}
	states := count(t, in)
	again, err := demo.Seed(ctx, in, clock, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if len(again) != len(logins) || again[0] != logins[0] {
		t.Error("a second start says other log-ins")
	}
	for state, n := range count(t, in) {
		if states[state] != n {
			t.Errorf("%s: %d cases at first, %d after a second start", state, states[state], n)
		}
	}
	for _, state := range []string{
		"review ", "sign ", "deliver ", "fill ", "completeness ", "recommendation ", "decide ", "reconsider ",
		" granted", " rejected", " withdrawn",
	} {
		if states[state] == 0 {
			t.Errorf("no case in state %q; there are %v", state, states)
		}
	}
	whole(t, in)
}

func count(t *testing.T, in *app.Instance) map[string]int {
	t.Helper()
	out := map[string]int{}
	err := in.DB.Read(context.Background(), func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT step, outcome FROM cases`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var step, outcome string
			if err := rows.Scan(&step, &outcome); err != nil {
				return err
			}
			out[step+" "+outcome]++
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func whole(t *testing.T, in *app.Instance) {
	t.Helper()
	ctx := context.Background()
	for {
		n, err := in.Ledger.Sequence(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if err := in.Ledger.Verify(ctx, func(f ledger.Finding) { t.Errorf("log: %v", f) }); err != nil {
		t.Fatal(err)
	}
	if err := in.VerifyRows(ctx, func(words string) { t.Error(words) }); err != nil {
		t.Fatal(err)
	}
}
