package db

import (
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// How the two ends of a connection learn that the other is gone when nothing
// says so (a cut cable, a dead machine): a silent connection is probed after
// quiet, then every probe, and given up after probes of them; what was sent is
// given up when nobody acknowledged it for unheard. So a lock that a node held
// is free again within about eleven seconds of its last sign of life.
const (
	quiet   = 5 * time.Second
	probe   = 2 * time.Second
	probes  = 3
	unheard = 10 * time.Second
)

// serverSide is the same, and the like, for the server's end. A server that ends
// the session of a leader who froze (its kernel still acknowledges) is asked for
// by leading.
var serverSide = [...][2]string{
	{"lock_timeout", "10s"},
	{"tcp_keepalives_idle", "5"},
	{"tcp_keepalives_interval", "2"},
	{"tcp_keepalives_count", "3"},
	{"tcp_user_timeout", "10s"},
	{"client_connection_check_interval", "2s"},
	{"idle_in_transaction_session_timeout", "60s"},
}

// steady prepares connections so that a lost one is noticed in bounded time. What
// the address itself sets stays.
func steady(c *pgx.ConnConfig) {
	for _, set := range serverSide {
		if _, given := c.RuntimeParams[set[0]]; !given {
			c.RuntimeParams[set[0]] = set[1]
		}
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	dialer := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: quiet, Interval: probe, Count: probes},
		Control: func(network, _ string, conn syscall.RawConn) error {
			if !strings.HasPrefix(network, "tcp") {
				return nil
			}
			return giveUp(conn, unheard)
		},
	}
	c.DialFunc = dialer.DialContext
	c.OnNotice = noteWarning
}

// leading is the configuration of a connection that holds a lead: the leader asks
// every second, so one that is silent for long has frozen and loses the lead.
func leading(c *pgx.ConnConfig) *pgx.ConnConfig {
	c = c.Copy()
	c.RuntimeParams["idle_session_timeout"] = "15s"
	c.RuntimeParams["idle_in_transaction_session_timeout"] = "15s"
	return c
}

// warned is where a connection keeps the last warning of the server.
const warned = "pendopo/warned"

// noteWarning remembers a warning until the commit under way has looked.
func noteWarning(c *pgconn.PgConn, n *pgconn.Notice) {
	if n.SeverityUnlocalized == "WARNING" {
		c.CustomData()[warned] = n.Message
	}
}
