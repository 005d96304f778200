package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// client is one connection with an address of its own.
type client struct {
	base  string
	from  string // the address it says it comes from
	lang  string
	rng   *rand.Rand
	http  *http.Client
	tried *tries
}

// tries counts what became of requests.
type tries struct{ sent, answered, cut, later atomic.Int64 }

func newClient(base string, n int, seed uint64, t *tries) *client {
	jar, _ := cookiejar.New(nil) // without options it cannot fail
	return &client{
		base: base, from: fmt.Sprintf("10.7.%d.%d", n/250, n%250+1), lang: "id", rng: rand.New(rand.NewPCG(seed, uint64(n))), tried: t,
		http: &http.Client{
			Jar: jar, Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 1, MaxConnsPerHost: 1},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// request is what a client sends, as often as it must.
type request struct {
	method, path string
	header       map[string]string
	body         []byte
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request, again and again with the same key, until it is answered.
// No answer and "later" (503) are the same: not known, to be asked again.
func (c *client) ask(ctx context.Context, r request) (reply, error) {
	for {
		got, err := c.once(ctx, r)
		wait := 20 * time.Millisecond
		switch {
		case err == nil && got.status != http.StatusServiceUnavailable:
			c.tried.answered.Add(1)
			return got, nil
		case err == nil && got.header.Get("Retry-After") == "":
			return got, fmt.Errorf("%s %s answered 503 without Retry-After", r.method, r.path)
		case err == nil:
			c.tried.later.Add(1)
			wait *= 4
		case ctx.Err() == nil:
			c.tried.cut.Add(1)
		}
		if err := c.pause(ctx, wait, 5*wait); err != nil {
			return reply{}, err
		}
	}
}

// once sends a request and reads the whole answer.
func (c *client) once(ctx context.Context, r request) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, bytes.NewReader(r.body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("X-Forwarded-For", c.from)
	req.Header.Set("Accept-Language", c.lang)
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	c.tried.sent.Add(1)
	res, err := c.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, body}, err
}

// pause waits a random while.
func (c *client) pause(ctx context.Context, least, most time.Duration) error {
	return c.sleep(ctx, least+time.Duration(c.rng.Int64N(int64(most-least))))
}

func (c *client) sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// key is an idempotency key that nobody else has.
func (c *client) key() string {
	return fmt.Sprintf("torture-%016x%016x", c.rng.Uint64(), c.rng.Uint64())
}

// text is a file's worth of bytes that look like a PDF.
func (c *client) pdf(size int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	for b.Len() < size {
		fmt.Fprintf(&b, "%016x", c.rng.Uint64())
	}
	b.WriteString("\nstartxref\n0\n%%EOF\n")
	return b.Bytes()
}

// send posts a form, again until it is answered.
func (c *client) send(ctx context.Context, to string, v url.Values) (reply, error) {
	return c.ask(ctx, request{method: http.MethodPost, path: to, body: []byte(v.Encode()),
		header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
}

func (c *client) get(ctx context.Context, path string) (reply, error) {
	return c.ask(ctx, request{method: http.MethodGet, path: path})
}

// errWrong is an answer that must not be.
var errWrong = errors.New("wrong answer")

func wrong(r request, got reply, why string) error {
	body := string(got.body)
	if i := strings.Index(body, "<main"); i > 0 {
		body = body[i:]
	}
	return fmt.Errorf("%w: %s: %s %s answered %d: %.600s", errWrong, why, r.method, r.path, got.status, body)
}
