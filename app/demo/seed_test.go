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
	"pendopo/law/definition"
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
		"record ", "validate ", "late_report ", "produce ", "examine ", "order ", "traffic ", "judge ",
		" granted", " rejected", " withdrawn",
	} {
		if states[state] == 0 {
			t.Errorf("no case in state %q; there are %v", state, states)
		}
	}
	everyService(t, in)
	whole(t, in)
}

// everyService wants a case of each service, those that only units ask included.
func everyService(t *testing.T, in *app.Instance) {
	t.Helper()
	g, findings := definition.Read(government.FS)
	if definition.Failed(findings) {
		t.Fatal(findings)
	}
	has := countBy(t, in, `SELECT service, '' FROM cases`)
	for _, s := range g.Services {
		if has[s.ID+" "] == 0 && s.Product.Kind != "answer" {
			t.Errorf("the demo has no case of %s", s.ID)
		}
	}
}

func count(t *testing.T, in *app.Instance) map[string]int {
	t.Helper()
	return countBy(t, in, `SELECT step, outcome FROM cases`)
}

// countBy counts what a query of two columns gives.
func countBy(t *testing.T, in *app.Instance, query string) map[string]int {
	t.Helper()
	out := map[string]int{}
	err := in.DB.Read(context.Background(), func(tx db.Tx) error {
		rows, err := tx.Query(query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a, b string
			if err := rows.Scan(&a, &b); err != nil {
				return err
			}
			out[a+" "+b]++
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
