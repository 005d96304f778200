package main

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// Addresses of RFC 2544, which no network routes: on the databases' side of the
// cable and on the node's; one pair for the databases and one for the clients.
const (
	databasesAt = "198.18.9.1"
	nodeAt      = "198.18.9.6"
)

// cable leads from here to a network of one node's own, which is gone with the
// process that holds it.
type cable struct {
	hold *exec.Cmd
	in   []string // what a command begins with to run at the node's end
}

// lay needs root.
func lay() (*cable, error) {
	hold := exec.Command("sleep", "3600")
	hold.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if err := hold.Start(); err != nil {
		return nil, fmt.Errorf("a network of its own needs root: %w", err)
	}
	pid := strconv.Itoa(hold.Process.Pid)
	c := &cable{hold, []string{"nsenter", "--target", pid, "--net", "--"}}
	for _, line := range []string{
		"ip link add pendopo2 type veth peer name pendopo3 netns " + pid,
		"ip address add " + databasesAt + "/30 dev pendopo2",
		"ip address add 198.18.9.5/30 dev pendopo2",
		"ip link set pendopo2 up",
	} {
		if err := do(strings.Fields(line)); err != nil {
			return c, err
		}
	}
	return c, c.do("ip address add 198.18.9.2/30 dev pendopo3", "ip address add "+nodeAt+"/30 dev pendopo3", "ip link set pendopo3 up", "ip link set lo up")
}

// do runs commands at the node's end.
func (c *cable) do(lines ...string) error {
	for _, line := range lines {
		if err := do(append(c.in[:len(c.in):len(c.in)], strings.Fields(line)...)); err != nil {
			return err
		}
	}
	return nil
}

func do(args []string) error {
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// cut lets everything that the node sends to the databases vanish without a word,
// as a cable does that was pulled behind a switch.
func (c *cable) cut() error {
	return c.do("ip neighbour replace " + databasesAt + " lladdr 02:00:00:00:00:99 nud permanent dev pendopo3")
}

func (c *cable) mend() error { return c.do("ip neighbour delete " + databasesAt + " dev pendopo3") }

func (c *cable) remove() {
	_ = c.hold.Process.Kill()
	_ = c.hold.Wait() // killed
}
