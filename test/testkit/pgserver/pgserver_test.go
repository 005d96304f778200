package pgserver

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) {
	if os.Getenv("PENDOPO_HOLD_POSTGRES") != "" {
		hold()
	}
	os.Exit(m.Run())
}

// hold starts a server, says where it is, and waits to be killed.
func hold() {
	s, err := Start()
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println(s.dir)
	bufio.NewReader(os.Stdin).ReadByte()
	s.Stop() // keeps s reachable until here
	os.Exit(0)
}

// gone waits until the folder of a server is removed.
func gone(t *testing.T, dir string) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("%s is still there", dir)
		}
	}
}

func TestDatabasesAreApartAndStopLeavesNothing(t *testing.T) {
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	a, drop, err := Database(ctx, s.URL, "a-b")
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := Database(ctx, s.URL, "other")
	if err != nil {
		t.Fatal(err)
	}
	if err := run(ctx, a, "CREATE TABLE x (y BIGINT)"); err != nil {
		t.Fatal(err)
	}
	if err := run(ctx, b, "SELECT y FROM x"); err == nil {
		t.Error("one database sees the other's table")
	}
	held, err := pgx.Connect(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close(ctx)
	if err := drop(); err != nil {
		t.Errorf("dropped while someone is connected: %v", err)
	}
	if err := run(ctx, a, "SELECT 1"); err == nil {
		t.Error("still there")
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	gone(t, s.dir)
}

func TestTheServerDiesWithAKilledProcess(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "PENDOPO_HOLD_POSTGRES=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	dir := lines.Text()
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("%q: %v", dir, err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	gone(t, dir)
}
