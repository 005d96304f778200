package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"pendopo/bench/load"
	"pendopo/test/testkit/pgserver"
)

// ourselves is what a Pendopo under measurement needs to know.
type ourselves struct {
	flags      []string // where its data are
	definition string   // hash of the service applied for
	cookie     string   // of an officer who has logged in
}

// pendopoOn is Pendopo over one of its databases, filled with the demo.
func pendopoOn(database string) *subject {
	o := &ourselves{}
	return &subject{
		name: "Pendopo", version: "of this tree", database: database, front: "/services/" + load.Service, list: true,
		program: o.program, request: o.request, prepare: o.prepare,
	}
}

// program makes the demo when there is none yet.
func (o *ourselves) program(s *subject) load.Program {
	if o.flags == nil {
		o.flags = []string{"--data", filepath.Join(s.dir, "data")}
		if err := o.demo(s); err != nil {
			return load.Program{Args: []string{"/bin/sh", "-c", `echo "$0"; exit 1`, err.Error()}}
		}
	}
	args := append([]string{s.b.binary, "serve", "--addr", s.addr, "--base", "http://" + s.addr}, o.flags...)
	return load.Program{Args: args, Ready: load.Get("/", "id", false)}
}

func (o *ourselves) demo(s *subject) error {
	if s.postgres != nil {
		for flag, name := range map[string]string{"--database": "record", "--keys": "keys"} {
			address, _, err := pgserver.Database(s.b.ctx, s.postgres.server.URL, name)
			if err != nil {
				return err
			}
			o.flags = append(o.flags, flag, address)
		}
	}
	return s.b.command(2*time.Minute, s.b.binary, append([]string{"demo", "--make"}, o.flags...)...)
}

// prepare logs an officer in and hands in what is to be read and listed, the
// way everybody does.
func (o *ourselves) prepare(s *subject) error {
	r, raw, err := load.Fetch(s.addr, load.Get("/api/v1/services/"+load.Service, "id", false))
	if err != nil || r.Status != 200 {
		return fmt.Errorf("the service: status %d, %w", r.Status, err)
	}
	var service struct{ Definition string }
	if err := json.Unmarshal(raw[r.Head:], &service); err != nil {
		return err
	}
	o.definition = service.Definition
	if err := o.login(s); err != nil {
		return err
	}
	l := s.collecting(`"code":\s*"([^"]+)"`)
	for began := time.Now(); len(s.ids) < s.b.rows; {
		if _, err := l.Run(clients, 500*time.Millisecond, &s.b.from); err != nil {
			return err
		}
		if time.Since(began) > 2*time.Minute {
			return fmt.Errorf("only %d of %d rows could be handed in", len(s.ids), s.b.rows)
		}
	}
	return nil
}

func (o *ourselves) request(s *subject, kind string) load.Load {
	switch kind {
	case accept:
		return load.Load{Status: 201, Next: func(b []byte, n int64) []byte { return load.Apply(b, o.definition, n) }}
	case page:
		return load.Load{Status: 200, Next: s.turns("/track/%s")}
	case list:
		return load.Load{Status: 200, Next: always("GET /desk HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: " + o.cookie + "\r\n\r\n")}
	}
	return load.Load{Status: 200, Next: s.turns("/api/v1/cases/%s")}
}

// login is that of the officer at whose unit the applications arrive, whose
// random password the demo keeps in its folder.
func (o *ourselves) login(s *subject) error {
	raw, err := os.ReadFile(filepath.Join(o.flags[1], "demo-logins.json"))
	if err != nil {
		return err
	}
	var all []struct{ Login, Password, Unit, Role string }
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for _, l := range all {
		if l.Unit == "kel-sekararum" && l.Role == "petugas_layanan" {
			return o.enter(s, l.Login, l.Password)
		}
	}
	return errors.New("the demo has no officer for what is handed in")
}

// enter fills the form of the desk as a browser does and keeps the cookies.
func (o *ourselves) enter(s *subject, login, password string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	client := &http.Client{Jar: jar, Timeout: load.Patience}
	address := "http://" + s.addr + "/desk/login"
	body, _, err := visit(s.b.ctx, client, address, nil)
	if err != nil {
		return err
	}
	token := regexp.MustCompile(`name="_token"[^>]*value="([^"]+)"`).FindStringSubmatch(body)
	if token == nil {
		return errors.New("the form of the log-in has no token")
	}
	_, where, err := visit(s.b.ctx, client, address, url.Values{"_token": {token[1]}, "login": {login}, "password": {password}})
	if err != nil {
		return err
	}
	if where.Path != "/desk" {
		return fmt.Errorf("after the log-in one is at %s", where.Path)
	}
	var cookies []string
	for _, c := range jar.Cookies(where) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	o.cookie = strings.Join(cookies, "; ")
	return nil
}

// visit gets a page, or sends a form when there is one, and says where that led.
func visit(ctx context.Context, client *http.Client, address string, form url.Values) (body string, where *url.URL, err error) {
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", nil, err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	got, err := client.Do(r)
	if err != nil {
		return "", nil, err
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(got.Body, 1<<20))
	if err == nil && got.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s answered %d", method, address, got.StatusCode)
	}
	return string(raw), got.Request.URL, err
}
