package notices

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	_ "embed"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendopo/test/testkit"
	"pendopo/test/testkit/port"
)

//go:embed smtpd.py
var smtpd string

// free is a port of this machine that nobody has.
func free(t testing.TB) string {
	t.Helper()
	addr, err := port.Free()
	if err != nil {
		t.Fatal(err)
	}
	_, number, _ := net.SplitHostPort(addr)
	return number
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// program is one that runs until the test ends; what it says goes into a file.
type program struct {
	name, log string
	ended     chan struct{}
}

func start(t testing.TB, log string, name string, args ...string) *program {
	t.Helper()
	out, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = out, out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := &program{filepath.Base(name), log, make(chan struct{})}
	go func() {
		defer close(p.ended)
		c.Wait() // killed, or its log says why
	}()
	t.Cleanup(func() {
		c.Process.Kill()
		<-p.ended
	})
	return p
}

// begun waits until a condition holds, or the program has ended: then it says how.
func (p *program) begun(t testing.TB, what string, condition func() bool) error {
	t.Helper()
	over := false
	testkit.Eventually(t, p.name+": "+what, func() bool {
		select {
		case <-p.ended:
			over = true
		default:
		}
		return over || condition()
	})
	if !over {
		return nil
	}
	said, err := os.ReadFile(p.log)
	return fmt.Errorf("%s ended before %s: %.2000s %w", p.name, what, said, err)
}

// listens waits until the program answers at a port.
func (p *program) listens(t testing.TB, port string) error {
	t.Helper()
	return p.begun(t, "port "+port+" answers", func() bool {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// post is an SMTP server with the faults of smtpd.py.
type post struct {
	port, ca, taken, bounces string
}

func newPost(t testing.TB, dir string) post {
	t.Helper()
	p := post{ca: filepath.Join(dir, "cert.pem"), taken: filepath.Join(dir, "taken"), bounces: filepath.Join(dir, "bounces")}
	key := filepath.Join(dir, "key.pem")
	certificate(t, p.ca, key)
	if err := os.MkdirAll(p.bounces, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, p.taken, "")
	script := write(t, filepath.Join(dir, "smtpd.py"), smtpd)
	c := exec.Command("/usr/bin/python3", script, p.ca, key, p.taken, p.bounces)
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		c.Process.Kill()
		c.Wait()
	})
	if _, err := fmt.Fscanln(out, &p.port); err != nil {
		t.Fatalf("the SMTP server did not say its port: %v", err) // why stands above
	}
	return p
}

// certificate makes one that only this test trusts.
func certificate(t testing.TB, cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	write(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	write(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})))
}

// phones are Kannel with a centre that takes every message: what it took stands
// in a file.
type phones struct {
	port  string // of the gateway
	taken string
}

// The parts of Kannel as Debian has them.
const (
	bearerbox = "/usr/sbin/bearerbox"
	smsbox    = "/usr/sbin/smsbox"
	fakesmsc  = "/usr/lib/kannel/test/fakesmsc"
)

// newPhones starts them; where a stranger took one of the ports first, on others.
func newPhones(t testing.TB, dir string) phones {
	t.Helper()
	for try := 1; ; try++ {
		p := phones{port: free(t), taken: filepath.Join(dir, "phones")}
		err := p.start(t, dir)
		if err == nil {
			return p
		}
		if try == 5 || !strings.Contains(err.Error(), "Address already in use") {
			t.Fatal(err)
		}
	}
}

func (p phones) start(t testing.TB, dir string) error {
	t.Helper()
	admin, box, centre := free(t), free(t), free(t)
	conf := write(t, filepath.Join(dir, "kannel.conf"), strings.NewReplacer("ADMIN", admin, "BOX", box, "CENTRE", centre, "PORT", p.port).Replace(kannel))
	bearer := start(t, filepath.Join(dir, "bearerbox.log"), bearerbox, "-v", "3", conf)
	if err := bearer.listens(t, box); err != nil {
		return err
	}
	if err := start(t, filepath.Join(dir, "smsbox.log"), smsbox, "-v", "3", conf).listens(t, p.port); err != nil {
		return err
	}
	c := start(t, p.taken, fakesmsc, "-H", "127.0.0.1", "-r", centre, "-m", "0", "-v", "0", "1 2 text nothing")
	return c.begun(t, "the centre is there", func() bool {
		said, err := os.ReadFile(p.taken)
		return err == nil && strings.Contains(string(said), "Connecting")
	})
}

const kannel = `group = core
admin-port = ADMIN
smsbox-port = BOX
admin-password = nobody-asks
box-allow-ip = "127.0.0.1"
dlr-storage = internal
log-level = 4

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = CENTRE
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = PORT
http-request-retry = 100
http-queue-delay = 1
log-level = 4

group = sendsms-user
username = pendopo
password = very-secret-word
max-messages = 1
user-allow-ip = "127.0.0.1"

group = sms-service
keyword = default
text = "no"
max-messages = 0
`

// setup is a notices file for both, through two lines.
func setup(p post, mailLine, smsLine, base string) string {
	return fmt.Sprintf(`channels:
  email:
    kind: smtp
    server: %s
    ca: %s
    user: pendopo
    password: very secret word
    from: layanan@example.test
    name: Kabupaten Contoh
    bounce: kembali@example.test
    bounces: %s
  sms:
    kind: http
    url: http://%s/cgi-bin/sendsms
    method: GET
    form: {username: pendopo, password: very-secret-word, to: "{to}", from: CONTOH, text: "{text}", dlr-mask: "19", dlr-url: "{report}&status=%%d"}
    accepted: "^(0: Accepted|3: Queued)"
    reports: {secret: a-secret-of-reports, id: id, status: status, delivered: ["1"], failed: ["2", "16"]}
`, mailLine, p.ca, p.bounces, smsLine)
}
