// Package port chooses addresses for servers that a test starts as processes of
// their own, and may kill and start again. A port that the kernel chose a moment
// ago is anybody's: every connection that leaves this machine may take it.
package port

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
)

// The ports are below those that Linux gives to whoever names none (32768 and
// above, /proc/sys/net/ipv4/ip_local_port_range).
const lowest, highest = 18000, 32767

// Free is an address of the loopback at which nobody listens. No other process
// that asks here is given its port while this one lives, so that it stays free
// between two starts of a server, too.
func Free() (addr string, err error) {
	err = errors.New("no port is free")
	for range 1000 {
		port := lowest + rand.IntN(highest-lowest+1)
		if err = claim(port); err != nil {
			continue
		}
		var l net.Listener
		if l, err = net.Listen("tcp", ":"+strconv.Itoa(port)); err == nil {
			return "127.0.0.1:" + strconv.Itoa(port), l.Close()
		}
	}
	return "", err
}

// claim holds the UDP port of the same number, which no server here uses, until
// this process ends: nothing closes it sooner.
func claim(port int) error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return errors.Join(err, syscall.Close(fd))
	}
	return nil
}
