package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/smtp"
	"net/textproto"
	"os"
	"strings"
	"time"

	"pendopo/engine/notify/wire"
)

// Config is one server as the notices file writes it.
type Config struct {
	Kind     string `yaml:"kind"`
	Server   string `yaml:"server"` // host:port
	TLS      string `yaml:"tls"`    // starttls (default), tls, or none: only to this machine
	CA       string `yaml:"ca"`     // file of the certificates that are trusted; empty = the machine's
	User     string `yaml:"user"`
	Password string `yaml:"password"`
	From     string `yaml:"from"`    // address that people see
	Name     string `yaml:"name"`    // before it
	Bounce   string `yaml:"bounce"`  // address to which bounces come; its local part gets +ID. Empty = from
	Bounces  string `yaml:"bounces"` // folder new of the Maildir in which they arrive
	Hello    string `yaml:"hello"`   // name of this machine
	Secret   string `yaml:"secret"`  // of bounces that a mail server posts instead
}

// Mail speaks to one server. It is safe for use by many goroutines.
type Mail struct {
	Config
	host string
	tls  *tls.Config
	idle chan *line
}

// line is a connection at rest.
type line struct {
	*smtp.Client
	conn  net.Conn
	since time.Time
}

// How many connections are kept for the next messages, and for how long.
const (
	keptLines = 8
	keptFor   = 20 * time.Second
)

// New checks a configuration.
func New(c Config) (*Mail, error) {
	host, _, err := net.SplitHostPort(c.Server)
	if err != nil {
		return nil, errors.New("server: host:port, such as mail.example.go.id:587")
	}
	if c.Bounce == "" {
		c.Bounce = c.From
	}
	for name, address := range map[string]string{"from": c.From, "bounce": c.Bounce} {
		if a, err := netmail.ParseAddress(address); err != nil || a.Address != address || strings.ContainsAny(address, "\r\n") {
			return nil, errors.New(name + ": an address, such as layanan@example.go.id")
		}
	}
	if c.TLS == "" {
		c.TLS = "starttls"
	}
	if c.TLS != "starttls" && c.TLS != "tls" && c.TLS != "none" {
		return nil, errors.New("tls: starttls, tls or none")
	}
	if ip := net.ParseIP(host); c.TLS == "none" && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("tls: none carries addresses for everybody to read; only to this machine")
	}
	if c.Hello == "" {
		c.Hello = "localhost"
	}
	m := &Mail{Config: c, host: host, idle: make(chan *line, keptLines), tls: &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}}
	if c.CA == "" {
		return m, nil
	}
	pem, err := os.ReadFile(c.CA)
	if err != nil {
		return nil, fmt.Errorf("ca: %w", err)
	}
	m.tls.RootCAs = x509.NewCertPool()
	if !m.tls.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("ca: no certificate in that file")
	}
	return m, nil
}

// Sender is the envelope's sender of a notice.
func (m *Mail) Sender(id string) string {
	local, domain, _ := strings.Cut(m.Bounce, "@")
	return local + "+" + id + "@" + domain
}

// Send hands one e-mail over.
func (m *Mail) Send(ctx context.Context, msg wire.Message) (wire.Receipt, error) {
	if !sendable(msg.To) {
		return wire.Receipt{}, wire.Never(wire.BadAddress, nil)
	}
	l, kept, err := m.connected(ctx)
	if err != nil {
		return wire.Receipt{}, err
	}
	err = m.give(ctx, l, msg)
	if err != nil && kept && errors.Is(err, errGone) { // it had closed meanwhile: nothing of this message was said
		if l, err = m.dial(ctx); err == nil {
			err = m.give(ctx, l, msg)
		}
	}
	if err != nil {
		if errors.Is(err, errGone) {
			err = wire.Fail(wire.Away, nil)
		}
		return wire.Receipt{}, err
	}
	m.rest(l)
	return wire.Receipt{Ref: msg.ID, Parts: 1}, nil
}

// sendable reports whether an address can stand in an envelope.
func sendable(to string) bool {
	at := strings.LastIndexByte(to, '@')
	return at > 0 && at < len(to)-1 && len(to) <= 254 && !strings.ContainsAny(to, " \r\n\t<>,;\"")
}

// errGone says that a connection at rest had been closed by the other side.
var errGone = errors.New("mail: the connection is gone")

// connected is a connection at rest, or a new one.
func (m *Mail) connected(ctx context.Context) (l *line, kept bool, err error) {
	for {
		select {
		case l = <-m.idle:
			if time.Since(l.since) < keptFor {
				return l, true, nil
			}
			l.Close()
		default:
			l, err = m.dial(ctx)
			return l, false, err
		}
	}
}

// rest keeps a connection for the next message.
func (m *Mail) rest(l *line) {
	l.since = time.Now()
	select {
	case m.idle <- l:
	default:
		l.Quit()
	}
}

func (m *Mail) dial(ctx context.Context) (*line, error) {
	d := net.Dialer{Timeout: 10 * time.Second}
	conn, err := d.DialContext(ctx, "tcp", m.Server)
	if err != nil {
		return nil, wire.Fail(wire.Away, err)
	}
	bound(ctx, conn)
	if m.TLS == "tls" {
		secure := tls.Client(conn, m.tls)
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, trouble(err)
		}
		conn = secure
	}
	c, err := smtp.NewClient(conn, m.host)
	if err != nil {
		conn.Close()
		return nil, trouble(err)
	}
	l := &line{Client: c, conn: conn}
	if err := m.greet(l); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// trouble tells a certificate that cannot be trusted from a server that is away.
func trouble(err error) error {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &certificate) {
		return wire.Fail(wire.Trust, err)
	}
	return wire.Fail(wire.Away, err)
}

// greet secures a connection and logs in.
func (m *Mail) greet(l *line) error {
	if err := l.Hello(m.Hello); err != nil {
		return wire.Fail(wire.Away, err)
	}
	if m.TLS == "starttls" {
		if ok, _ := l.Extension("STARTTLS"); !ok {
			return wire.Fail(wire.Trust, nil) // or somebody in between has taken it out
		}
		if err := l.StartTLS(m.tls); err != nil {
			return trouble(err)
		}
	}
	if m.User == "" {
		return nil
	}
	if err := l.Auth(smtp.PlainAuth("", m.User, m.Password, m.host)); err != nil {
		return refusal(err, wire.Login)
	}
	return nil
}

// refusal is what an answer of the server means. For good is what begins with 5,
// but for a log-in: that is ours to mend.
func refusal(err error, code string) error {
	var answer *textproto.Error
	switch {
	case !errors.As(err, &answer):
		return wire.Fail(wire.Away, err)
	case code == wire.Login:
		return wire.Fail(wire.Login, err)
	case answer.Code >= 500:
		return wire.Never(code, err)
	}
	return wire.Fail(wire.Away, err)
}

// give says one message to the server.
func (m *Mail) give(ctx context.Context, l *line, msg wire.Message) (err error) {
	bound(ctx, l.conn)
	defer func() {
		if err != nil {
			l.Close()
		}
	}()
	if err := l.Mail(m.Sender(msg.ID)); err != nil {
		var answer *textproto.Error
		if !errors.As(err, &answer) || answer.Code == 421 {
			return errGone
		}
		return refusal(err, wire.Refused)
	}
	if err := l.Rcpt(msg.To); err != nil {
		return refusal(err, wire.BadAddress)
	}
	w, err := l.Data()
	if err != nil {
		return refusal(err, wire.Refused)
	}
	if _, err := w.Write(m.compose(msg)); err != nil {
		return wire.Fail(wire.Slow, err)
	}
	if err := w.Close(); err != nil {
		var answer *textproto.Error
		if !errors.As(err, &answer) {
			return wire.Fail(wire.Slow, err) // the last word was lost: perhaps it has it
		}
		return refusal(err, wire.Refused)
	}
	return nil
}

// bound ends a connection with the attempt.
func bound(ctx context.Context, conn net.Conn) {
	until, ok := ctx.Deadline()
	if !ok {
		until = time.Now().Add(30 * time.Second)
	}
	conn.SetDeadline(until)
}
