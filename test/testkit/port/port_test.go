package port

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"
)

// asker names the variable by which this program is another process that asks.
const asker = "PENDOPO_PORTS"

const each = 200

func TestMain(m *testing.M) {
	if os.Getenv(asker) == "" {
		os.Exit(m.Run())
	}
	for range each {
		addr, err := Free()
		if err != nil {
			addr = err.Error()
		}
		os.Stdout.WriteString(addr + "\n")
	}
	os.Stdin.Read(make([]byte, 1)) // keeps them until the test has looked
}

// Four processes draw eight hundred ports of fifteen thousand: without regard to
// one another some twenty would be drawn twice.
func TestNoPortIsGivenTwice(t *testing.T) {
	var mu sync.Mutex
	var all sync.WaitGroup
	given := map[string]int{}
	for range 4 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), asker+"=1")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Wait()
		defer in.Close()
		all.Go(func() {
			lines := bufio.NewScanner(out)
			for n := 0; n < each && lines.Scan(); n++ {
				mu.Lock()
				given[lines.Text()]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(given) != 4*each {
		t.Errorf("%d different ports were given, want %d", len(given), 4*each)
	}
	for addr := range given {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			t.Fatalf("%s: %v", addr, err)
		}
		l.Close()
	}
}
