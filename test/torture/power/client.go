package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"
)

// client speaks to the server over connections of its own, one request at a
// time, and knows of each answer which one it is on its connection.
type client struct {
	http    http.Client
	base    string
	life    int
	port    int // of the connection that the last request went over
	counts  map[int]int
	cookies map[string]string
	token   string // of forms
	from    string // the address that a proxy would report
}

func newClient(address string, life int) *client {
	return &client{base: "http://" + address, life: life, counts: map[int]int{}, cookies: map[string]string{}, http: http.Client{
		Transport:     &http.Transport{MaxConnsPerHost: 1, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       patience,
	}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// reply is an answer and which one it was.
type reply struct {
	status int
	header http.Header
	body   []byte
	at     answer
}

// send asks and wants an answer of a certain status.
func (c *client) send(want int, method, path string, body []byte, header ...string) (reply, error) {
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		c.port = i.Conn.LocalAddr().(*net.TCPAddr).Port
	}})
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("X-Forwarded-For", c.from)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	r := reply{status: res.StatusCode, header: res.Header, at: answer{c.life, c.port, c.counts[c.port]}}
	c.counts[c.port]++
	if r.body, err = io.ReadAll(res.Body); err == nil && r.status != want {
		err = fmt.Errorf("%s %s: %d, not %d: %.300s", method, path, r.status, want, r.body)
	}
	return r, err
}

// json asks with a JSON body and reads a JSON answer.
func (c *client) json(want int, method, path string, in, out any, header ...string) (reply, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return reply{}, err
	}
	r, err := c.send(want, method, path, body, append(header, "Content-Type", "application/json")...)
	if err != nil || out == nil {
		return r, err
	}
	return r, json.Unmarshal(r.body, out)
}

// visit opens a page with a form, as a browser does before it sends one.
func (c *client) visit(path string) error {
	r, err := c.send(http.StatusOK, "GET", path, nil)
	c.keep(r)
	_, rest, _ := strings.Cut(string(r.body), `name="_token" value="`)
	c.token, _, _ = strings.Cut(rest, `"`)
	return errors.Join(err, whether(err == nil && c.token == "", path+" has no form"))
}

// keep keeps the cookies of an answer.
func (c *client) keep(r reply) {
	for _, set := range (&http.Response{Header: r.header}).Cookies() {
		c.cookies[set.Name] = set.Value
	}
}

// form sends a form as a browser does.
func (c *client) form(path string, values url.Values) (reply, error) {
	var cookies []string
	for name, value := range c.cookies {
		cookies = append(cookies, name+"="+value)
	}
	values.Set("_token", c.token)
	r, err := c.send(http.StatusSeeOther, "POST", path, []byte(values.Encode()), "Content-Type", "application/x-www-form-urlencoded",
		"Sec-Fetch-Site", "same-origin", "Cookie", strings.Join(cookies, "; "))
	c.keep(r)
	return r, err
}

// until asks again until the answer has a status: for what follows by itself.
func (c *client) until(want int, path string, header ...string) (r reply, err error) {
	for began := time.Now(); time.Since(began) < patience; time.Sleep(20 * time.Millisecond) {
		if r, err = c.send(want, "GET", path, nil, header...); err == nil {
			return r, nil
		}
	}
	return r, err
}
