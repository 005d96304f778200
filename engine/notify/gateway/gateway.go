package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"pendopo/engine/notify/wire"
)

// Config is one gateway as the notices file writes it. Templates know {to} (with
// country code, digits alone), {plus} (the same with a plus sign), {text}, {id},
// {lang}, {link}, {report} (where to report), {name} (the kind of notice: the name
// of a WhatsApp template), {value1}, {value2} (its code and date).
type Config struct {
	Kind      string            `yaml:"kind"`
	URL       string            `yaml:"url"`
	Method    string            `yaml:"method"` // POST by default; GET with a form puts it into the address
	Headers   map[string]string `yaml:"headers"`
	Form      map[string]string `yaml:"form"`
	JSON      string            `yaml:"json"`       // body, when it is no form; placeholders stand inside strings
	Accepted  string            `yaml:"accepted"`   // a regular expression: an answer that says yes; empty = every 2xx
	Refused   string            `yaml:"refused"`    // an answer that says never
	Ref       string            `yaml:"ref"`        // path in a JSON answer (messages.0.id), or regular expression with one group
	KnowsIDs  bool              `yaml:"knows_ids"`  // the same {id} twice is one message to it
	Reports   *Reports          `yaml:"reports"`    // nil: it tells nothing later
	Plain     bool              `yaml:"plain_http"` // allow http:// to another machine
	Timeout   int               `yaml:"timeout_seconds"`
	Languages map[string]string `yaml:"languages"` // our language → its name for it, for {lang}
}

// Reports is how a gateway tells what became of a message.
type Reports struct {
	Secret    string   `yaml:"secret"`
	ID        string   `yaml:"id"`        // where our id stands: name of a value, or path in JSON
	Ref       string   `yaml:"ref"`       // where its own stands
	Status    string   `yaml:"status"`    // where the status stands
	Delivered []string `yaml:"delivered"` // statuses that mean it
	Failed    []string `yaml:"failed"`
}

// Gateway speaks to one gateway. It is safe for use by many goroutines.
type Gateway struct {
	Config
	client            *http.Client
	accepted, refused *regexp.Regexp
	ref               *regexp.Regexp
}

// mostAnswer bounds an answer, in bytes.
const mostAnswer = 64 << 10

// leastSecret is how short a secret of reports may be.
const leastSecret = 16

// New checks a configuration and makes a gateway of it.
func New(c Config) (*Gateway, error) {
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(c.URL)) // without placeholders
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("url: an address that begins with https://")
	}
	if u.Scheme == "http" && !c.Plain && !ownMachine(u.Hostname()) {
		return nil, errors.New("url: http:// carries numbers and words for everybody to read; use https://, or say plain_http: true on a network of your own")
	}
	if c.Method == "" {
		c.Method = http.MethodPost
	}
	if !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut}, c.Method) {
		return nil, errors.New("method: GET, POST or PUT")
	}
	if (len(c.Form) > 0) == (c.JSON != "") {
		return nil, errors.New("form or json: one of them says what is sent")
	}
	if c.JSON != "" && !json.Valid([]byte(c.JSON)) {
		return nil, errors.New("json: no JSON; placeholders stand inside strings")
	}
	if r := c.Reports; r != nil {
		if len(r.Secret) < leastSecret {
			return nil, fmt.Errorf("reports: a secret of %d characters or more", leastSecret)
		}
		if r.Status == "" || len(r.Delivered) == 0 {
			return nil, errors.New("reports: status and delivered say how to read one")
		}
	}
	g := &Gateway{Config: c, client: client()}
	return g, g.compile()
}

func (g *Gateway) compile() (err error) {
	for _, r := range []struct {
		name, text string
		into       **regexp.Regexp
	}{{"accepted", g.Accepted, &g.accepted}, {"refused", g.Config.Refused, &g.refused}} {
		if r.text == "" {
			continue
		}
		if *r.into, err = regexp.Compile(r.text); err != nil {
			return errors.New(r.name + ": no regular expression")
		}
	}
	if strings.Contains(g.Ref, "(") {
		if g.ref, err = regexp.Compile(g.Ref); err != nil || g.ref.NumSubexp() != 1 {
			return errors.New("ref: a path, or a regular expression with one group")
		}
	}
	return nil
}

func ownMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// client follows no redirect and keeps no connection: over one that was kept, net/http
// says a GET a second time when the answer to the first is lost.
func client() *http.Client {
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second,
		DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
	}
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Limit is how long an attempt may take; zero = as any.
func (g *Gateway) Limit() time.Duration { return time.Duration(g.Timeout) * time.Second }

// Send hands one message over.
func (g *Gateway) Send(ctx context.Context, m wire.Message) (wire.Receipt, error) {
	r, err := g.request(ctx, m)
	if err != nil {
		return wire.Receipt{}, wire.Never(wire.Refused, err)
	}
	answer, err := g.client.Do(r)
	if err != nil {
		return wire.Receipt{}, away(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if err != nil {
		return wire.Receipt{}, wire.Fail(wire.Slow, err) // it answered, and may have it
	}
	return g.judge(answer.StatusCode, body)
}

// away tells a gateway that was never reached from one that did not answer.
func away(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return wire.Fail(wire.Away, err)
	}
	return wire.Fail(wire.Slow, err)
}

// judge reads an answer.
func (g *Gateway) judge(status int, body []byte) (wire.Receipt, error) {
	switch {
	case g.refused != nil && g.refused.Match(body):
		return wire.Receipt{}, wire.Never(wire.Refused, nil)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return wire.Receipt{}, wire.Fail(wire.Login, nil)
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		return wire.Receipt{}, wire.Fail(wire.Away, nil)
	case status >= 500:
		return wire.Receipt{}, wire.Fail(wire.Unclear, nil)
	case status >= 400:
		return wire.Receipt{}, wire.Never(wire.Refused, nil)
	case status >= 300:
		return wire.Receipt{}, wire.Fail(wire.Away, nil)
	case g.accepted != nil && !g.accepted.Match(body):
		return wire.Receipt{}, wire.Fail(wire.Unclear, nil)
	}
	return wire.Receipt{Ref: g.reference(body), Parts: 1}, nil
}

// reference is what the gateway calls the message.
func (g *Gateway) reference(body []byte) string {
	switch {
	case g.ref != nil:
		if found := g.ref.FindSubmatch(body); found != nil {
			return string(found[1])
		}
	case g.Ref != "":
		return at(body, g.Ref)
	}
	return ""
}

// request writes a message as the gateway wants it.
func (g *Gateway) request(ctx context.Context, m wire.Message) (*http.Request, error) {
	values := g.values(m)
	address := fill(g.URL, values, url.QueryEscape)
	var body io.Reader
	kind := ""
	switch {
	case g.JSON != "":
		body, kind = strings.NewReader(fill(g.JSON, values, inJSON)), "application/json"
	case g.Method == http.MethodGet:
		address = joined(address, g.form(values))
	default:
		body, kind = strings.NewReader(g.form(values)), "application/x-www-form-urlencoded"
	}
	r, err := http.NewRequestWithContext(ctx, g.Method, address, body)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range g.Headers {
		r.Header.Set(name, fill(value, values, oneLine))
	}
	return r, nil
}

func joined(address, query string) string {
	if strings.Contains(address, "?") {
		return address + "&" + query
	}
	return address + "?" + query
}

func (g *Gateway) form(values map[string]string) string {
	out := url.Values{}
	for name, value := range g.Form {
		out.Set(name, fill(value, values, func(s string) string { return s }))
	}
	return out.Encode()
}

func (g *Gateway) values(m wire.Message) map[string]string {
	lang := m.Lang
	if own, ok := g.Languages[lang]; ok {
		lang = own
	}
	out := map[string]string{
		"to": m.To, "plus": "+" + m.To, "text": m.Short, "id": m.ID, "lang": lang, "link": m.Link, "report": m.Report, "name": m.Name, "value1": "", "value2": "",
	}
	for i, v := range m.Values {
		out[fmt.Sprintf("value%d", i+1)] = v
	}
	return out
}

var placeholder = regexp.MustCompile(`\{[a-z]+[0-9]?\}`)

// fill puts values in the place of their names, quoted for where they stand; what
// is no name stays as it is.
func fill(template string, values map[string]string, quote func(string) string) string {
	return placeholder.ReplaceAllStringFunc(template, func(name string) string {
		if v, known := values[name[1:len(name)-1]]; known {
			return quote(v)
		}
		return name
	})
}

// inJSON is a text as it stands between the quotes of a JSON string.
func inJSON(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return "" // not reached: a string always encodes
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimRight(b.String(), "\n"), `"`), `"`)
}

// oneLine keeps a value from beginning another header.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
