package app

import (
	"context"
	"net"
	"os"
	"strconv"
	"time"
)

// What systemd is told by a unit of Type=notify (sd_notify(3)).
const (
	nowReady    = "READY=1"
	nowStopping = "STOPPING=1"
	nowAlive    = "WATCHDOG=1"
)

// supervisor is systemd, or nobody.
type supervisor struct {
	socket string        // empty: nobody listens
	every  time.Duration // how often it wants to hear that we live; 0: it does not
}

// supervision is what the environment says of it.
func supervision() supervisor {
	s := supervisor{socket: os.Getenv("NOTIFY_SOCKET")}
	usec, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err == nil && usec > 0 && (os.Getenv("WATCHDOG_PID") == "" || os.Getenv("WATCHDOG_PID") == strconv.Itoa(os.Getpid())) {
		s.every = time.Duration(usec) * time.Microsecond / 2
	}
	return s
}

// tell says something in one datagram. A name that begins with @ lies outside
// the file system, which package net writes in the same way.
func (s supervisor) tell(state string) error {
	if s.socket == "" {
		return nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"})
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write([]byte(state))
	return err
}

// keepTelling says that the program lives, until ctx ends. It says no more than
// that goroutines run: a disk that hangs is not mended by starting again.
func (s supervisor) keepTelling(ctx context.Context) {
	if s.socket == "" || s.every == 0 {
		return
	}
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = s.tell(nowAlive) // when it cannot be told, systemd acts, which is right
		case <-ctx.Done():
			return
		}
	}
}
