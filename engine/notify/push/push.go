package push

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"pendopo/engine/notify/wire"
)

// Config is what the notices file says of push.
type Config struct {
	Kind    string `yaml:"kind"`
	Key     string `yaml:"key"`     // VAPID private key: 32 bytes, base64url; `pendopo notices key` makes one
	Contact string `yaml:"contact"` // mailto: or https: of whoever runs this
	Private bool   `yaml:"private"` // also call addresses of private networks: a push service of one's own
	CA      string `yaml:"ca"`      // file of the certificates that are trusted; empty = the machine's

	// Hosts are the push services that may be called: names, or *.name for those
	// below one. None: those of the browsers in use; see Services.
	Hosts []string `yaml:"hosts"`
}

// Services are the push services of the browsers in use: of Chromium, Firefox,
// Safari, and Edge on Windows.
func Services() []string {
	return []string{"fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"}
}

// Push calls push services. It is safe for use by many goroutines.
type Push struct {
	contact string
	key     *ecdsa.PrivateKey
	public  []byte
	client  *http.Client
	hosts   []string
	private bool
	now     func() time.Time
}

// NewKey draws a VAPID key, as the notices file writes it.
func NewKey() (string, error) {
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(k.Bytes()), nil
}

// New checks a configuration.
func New(c Config) (*Push, error) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(c.Key, "="))
	if err != nil || len(raw) != 32 {
		return nil, errors.New("key: 32 bytes in base64url; `pendopo notices key` makes one")
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	if err != nil {
		return nil, errors.New("key: no key of P-256")
	}
	public, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(c.Contact, "mailto:") && !strings.HasPrefix(c.Contact, "https://") {
		return nil, errors.New("contact: mailto: or https:// of whoever runs this")
	}
	if len(c.Hosts) == 0 {
		c.Hosts = Services()
	}
	for _, h := range c.Hosts {
		if name := strings.TrimPrefix(h, "*."); name == "" || name != strings.ToLower(name) || strings.ContainsAny(name, "*/:@ ") {
			return nil, errors.New("hosts: names of push services in small letters, push.example.org or *.example.org")
		}
	}
	trusted, err := trust(c.CA)
	if err != nil {
		return nil, err
	}
	return &Push{contact: c.Contact, key: key, public: public, client: client(c.Private, trusted), hosts: c.Hosts, private: c.Private, now: time.Now}, nil
}

// trust reads the certificates of a file; nil of none.
func trust(file string) (*tls.Config, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("ca: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("ca: no certificate in that file")
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, nil
}

// Public is the key that browsers subscribe with.
func (p *Push) Public() string { return base64.RawURLEncoding.EncodeToString(p.public) }

// client calls public machines only: whoever subscribes names the address.
func client(private bool, trusted *tls.Config) *http.Client {
	d := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !private && !public(at.Addr()) {
			return errors.New("push: not a public address")
		}
		return nil
	}}
	return &http.Client{
		Transport:     &http.Transport{DialContext: d.DialContext, TLSClientConfig: trusted, TLSHandshakeTimeout: 10 * time.Second, MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLoopback() && !netip.MustParsePrefix("100.64.0.0/10").Contains(ip)
}

// Subscription is what a browser made, as the Push API writes it.
type Subscription struct {
	Endpoint string `json:"endpoint"`
	Keys     struct {
		P256dh string `json:"p256dh"`
		Auth   string `json:"auth"`
	} `json:"keys"`
}

// mostSubscription bounds what a browser sends, in bytes.
const mostSubscription = 2048

// ParseSubscription reads a subscription and gives its plain form.
func ParseSubscription(raw string) (s Subscription, plain string, err error) {
	if len(raw) > mostSubscription || json.Unmarshal([]byte(raw), &s) != nil {
		return s, "", errors.New("push: no subscription")
	}
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return s, "", errors.New("push: no address of a push service")
	}
	if _, _, err := s.keys(); err != nil {
		return s, "", err
	}
	out, err := json.Marshal(s)
	return s, string(out), err
}

// Admit reads a subscription of a browser whose push service may be called, and
// gives its plain form.
func (p *Push) Admit(raw string) (s Subscription, plain string, err error) {
	if s, plain, err = ParseSubscription(raw); err != nil {
		return s, "", err
	}
	if u, err := url.Parse(s.Endpoint); err != nil || !p.known(u) {
		return s, "", errors.New("push: no push service that is known here")
	}
	return s, plain, nil
}

// known reports whether an address is that of a push service that may be called.
func (p *Push) known(u *url.URL) bool {
	if port := u.Port(); port != "" && port != "443" && !p.private {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return slices.ContainsFunc(p.hosts, func(h string) bool {
		below, any := strings.CutPrefix(h, "*")
		return host == h || any && strings.HasSuffix(host, below)
	})
}

func (s Subscription) keys() (*ecdh.PublicKey, []byte, error) {
	point, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.Keys.P256dh, "="))
	if err != nil {
		return nil, nil, errors.New("push: no key")
	}
	secret, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.Keys.Auth, "="))
	if err != nil || len(secret) != 16 {
		return nil, nil, errors.New("push: no secret")
	}
	key, err := ecdh.P256().NewPublicKey(point)
	return key, secret, err
}

// Shown is what a browser is sent: web/static/push-worker.js shows it.
type Shown struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	Tag   string `json:"tag"` // a second one of the same takes the place of the first
	Lang  string `json:"lang"`
}

// Send hands a message to every browser of a person. It has arrived at the push
// service when one of them was taken over; it is lost for good when all are gone.
func (p *Push) Send(ctx context.Context, m wire.Message) (wire.Receipt, error) {
	body, err := json.Marshal(Shown{m.Subject, m.Opening(), m.ID, m.Lang})
	if err != nil {
		return wire.Receipt{}, wire.Never(wire.Refused, err)
	}
	out, worst, taken := wire.Receipt{}, wire.Never(wire.BadAddress, nil), false
	for _, raw := range strings.Split(m.To, "\n") {
		s, _, err := p.Admit(raw)
		if err == nil {
			err = p.one(ctx, s, body, m.ID)
		} else {
			err = wire.Never(wire.Refused, nil)
		}
		code, good := "", false
		if err != nil {
			code, good = wire.Reason(err)
		}
		switch {
		case err == nil:
			taken = true
		case code == wire.BadAddress:
			out.Gone = append(out.Gone, raw)
		case !good:
			worst = err
		}
	}
	if taken {
		out.Ref, out.Parts = m.ID, 1
		return out, nil
	}
	return out, worst
}

// life is how long a push service keeps a message for a browser that is away.
const life = 24 * time.Hour

func (p *Push) one(ctx context.Context, s Subscription, body []byte, id string) error {
	sealed, err := seal(s, body)
	if err != nil {
		return wire.Never(wire.BadAddress, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Endpoint, bytes.NewReader(sealed))
	if err != nil {
		return wire.Never(wire.BadAddress, err)
	}
	token, err := p.token(r.URL)
	if err != nil {
		return wire.Fail(wire.Login, err)
	}
	r.Header.Set("Authorization", "vapid t="+token+", k="+p.Public())
	r.Header.Set("Content-Encoding", "aes128gcm")
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("TTL", fmt.Sprint(int(life.Seconds())))
	r.Header.Set("Urgency", "normal")
	r.Header.Set("Topic", topic(id+"\n"+s.Endpoint)) // a second one of the same id takes the place of the first
	answer, err := p.client.Do(r)
	if err != nil {
		return wire.Fail(wire.Away, err)
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 4096))
	switch {
	case answer.StatusCode/100 == 2:
		return nil
	case slices.Contains([]int{http.StatusNotFound, http.StatusGone}, answer.StatusCode):
		return wire.Never(wire.BadAddress, nil)
	case slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden}, answer.StatusCode):
		return wire.Fail(wire.Login, nil)
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500:
		return wire.Fail(wire.Away, nil)
	}
	return wire.Never(wire.Refused, nil)
}

// topic is an id as RFC 8030 takes it: at most 32 letters of base64url. It is another
// for each browser, so that it does not say which of them belong together.
func topic(id string) string {
	sum := sha256.Sum256([]byte(id))
	return base64.RawURLEncoding.EncodeToString(sum[:24])
}

// seal encrypts a message for one browser (RFC 8291, one record of RFC 8188).
func seal(s Subscription, plain []byte) ([]byte, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	own, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return sealWith(s, plain, salt, own)
}

func sealWith(s Subscription, plain, salt []byte, own *ecdh.PrivateKey) ([]byte, error) {
	theirs, secret, err := s.keys()
	if err != nil {
		return nil, err
	}
	shared, err := own.ECDH(theirs)
	if err != nil {
		return nil, err
	}
	info := slices.Concat([]byte("WebPush: info\x00"), theirs.Bytes(), own.PublicKey().Bytes())
	ikm, err := hkdf.Key(sha256.New, shared, secret, string(info), 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	const record = 4096
	head := binary.BigEndian.AppendUint32(slices.Clone(salt), record)
	head = append(head, byte(len(own.PublicKey().Bytes())))
	head = append(head, own.PublicKey().Bytes()...)
	return gcm.Seal(head, nonce, append(slices.Clone(plain), 2), nil), nil // 2: the last record
}

// token is a JWT for one push service (RFC 8292).
func (p *Push) token(to *url.URL) (string, error) {
	claims, err := json.Marshal(map[string]any{"aud": to.Scheme + "://" + to.Host, "exp": p.now().Add(12 * time.Hour).Unix(), "sub": p.contact})
	if err != nil {
		return "", err
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + enc.EncodeToString(claims)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, p.key, sum[:])
	if err != nil {
		return "", err
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return signed + "." + enc.EncodeToString(sig), nil
}
