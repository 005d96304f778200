package main

import (
	"context"
	"crypto/rand"
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
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// sameKey sends one application from sixteen callers to each of two nodes, and
// then once more to the third: one case, one answer.
func (c *cluster) sameKey(ctx context.Context, b *book) error {
	key := "nodes-" + rand.Text()
	var all sync.WaitGroup
	var mu sync.Mutex
	codes := map[string]int{}
	var failed []error
	hand := func(n *node) {
		one := newLoad(&book{}, n.url())
		got, err := one.submit(ctx, key, "10.8.0.1")
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			failed = append(failed, err, errors.New(strings.Join(one.wrong, "; ")))
			return
		}
		if codes[got.Code+got.Secret]++; codes[got.Code+got.Secret] == 1 {
			b.mu.Lock()
			b.accepted = append(b.accepted, got)
			b.mu.Unlock()
		}
	}
	for i := range 32 {
		all.Go(func() { hand(c.nodes[i%2]) })
	}
	all.Wait()
	hand(c.nodes[2])
	if len(codes) != 1 {
		failed = append(failed, fmt.Errorf("one key was answered with %d cases", len(codes)))
	}
	return errors.Join(failed...)
}

// live asks a node which definition it serves.
func live(n *node) string {
	res, err := http.Get(n.url() + "/api/v1/services/" + service)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	var view struct{ Definition string }
	_ = json.NewDecoder(res.Body).Decode(&view) // what is no answer has no definition
	return view.Definition
}

// publish makes another definition live by the command line while all nodes
// serve, and says how long the last of them took to show it. What was live
// before is refused by every node at once.
func (c *cluster) publish(ctx context.Context, name string) (took time.Duration, err error) {
	before := live(c.nodes[0])
	if before == "" {
		return 0, errors.New("a node does not say what it serves")
	}
	if err := c.writeGovernment("id: Surat keterangan domisili", "id: "+name); err != nil {
		return 0, err
	}
	if _, err := c.run(ctx, c.program, c.nodes[0], "publish", c.government()); err != nil {
		return 0, err
	}
	began := time.Now()
	for _, n := range c.nodes {
		if err := refuses(ctx, n, before); err != nil {
			return 0, err
		}
	}
	for _, n := range c.nodes {
		if err := until(ctx, n.name+" shows what was published", func() bool { d := live(n); return d != "" && d != before }); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

// commands are given beside the running nodes: another officer may log in at
// once, an office stands still and works again, a case that has ended is
// destroyed for every node.
func (c *cluster) commands(ctx context.Context, b *book) error {
	l := newLoad(b, c.nodes[1].url(), c.nodes[2].url())
	ended, err := l.submit(ctx, "nodes-"+rand.Text(), "10.8.0.2")
	if err != nil {
		return err
	}
	for l.withdraw(ctx, ended); !ended.Withdrawn; l.withdraw(ctx, ended) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	for _, args := range [][]string{
		{"officer", "add", "wiratno", "--name", "Wiratno Contoh"},
		{"case", "suspend", unit, "--by", actor, "--by", "wiratno", "--evidence", "800/1/2026"},
		{"case", "suspend", unit, "--by", actor, "--by", "wiratno", "--end"},
		{"case", "shred", ended.Code, "--reason", "retention", "--actor", actor, "--yes"},
	} {
		out, err := c.run(ctx, c.program, c.nodes[0], args...)
		if err != nil && !strings.Contains(out, "a server tries these again") {
			return err
		}
	}
	for _, n := range c.nodes {
		status, body, err := newLoad(b, n.url()).ask(ctx, http.MethodGet, "/api/v1/cases/"+ended.Code, nil, map[string]string{"Authorization": "Bearer " + ended.Secret})
		if err != nil || status == http.StatusOK && strings.Contains(string(body), "Sekar") {
			return fmt.Errorf("%s shows what was destroyed: %d %.300s, %w", n.name, status, body, err)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	ended.Shredded = true
	return nil
}

// refuses wants 409 for an application to a definition that is no longer live.
func refuses(ctx context.Context, n *node, definition string) error {
	raw, err := json.Marshal(map[string]any{"definition": definition, "channel": "api", "answers": applicant()})
	if err != nil {
		return err
	}
	l := newLoad(&book{}, n.url())
	status, body, err := l.ask(ctx, http.MethodPost, "/api/v1/services/"+service+"/cases", raw,
		map[string]string{"Content-Type": "application/json", "Idempotency-Key": "nodes-" + rand.Text()})
	if err == nil && status != http.StatusConflict {
		err = fmt.Errorf("%s answers %d to what is no longer live: %.200s", n.name, status, body)
	}
	return err
}

// browser keeps its cookies whichever node it asks.
type browser struct {
	http *http.Client
	last string // page
}

func newBrowser() *browser {
	jar, _ := cookiejar.New(nil) // without options it cannot fail
	return &browser{http: &http.Client{Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

var tokenField = regexp.MustCompile(`name="_token" value="([^"]+)"`)

func (b *browser) do(req *http.Request, err error) (status int, to string, failed error) {
	if err != nil {
		return 0, "", err
	}
	res, err := b.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	var page strings.Builder
	if _, err := io.Copy(&page, res.Body); err != nil {
		return 0, "", err
	}
	b.last = page.String()
	return res.StatusCode, res.Header.Get("Location"), nil
}

func (b *browser) get(n *node, path string) (int, string, error) {
	return b.do(http.NewRequest(http.MethodGet, n.url()+path, nil))
}

// post sends a form with the token of the last page, wherever that came from.
func (b *browser) post(n *node, path string, form url.Values) (int, string, error) {
	if m := tokenField.FindStringSubmatch(b.last); m != nil {
		form.Set("_token", m[1])
	}
	req, err := http.NewRequest(http.MethodPost, n.url()+path, strings.NewReader(form.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.do(req, err)
}

// session logs in at one node with a form of another, works at the third, and
// logs out there: then it is over everywhere.
func (c *cluster) session() error {
	b := newBrowser()
	first, second, third := c.nodes[0], c.nodes[1], c.nodes[2]
	if _, _, err := b.get(first, "/desk/login"); err != nil {
		return err
	}
	status, to, err := b.post(second, "/desk/login", url.Values{"login": {actor}, "password": {c.password}})
	if err != nil || status != http.StatusSeeOther || strings.Contains(to, "login") {
		return fmt.Errorf("log-in at %s with a form of %s: %d %s, %w", second.name, first.name, status, to, err)
	}
	if status, _, err = b.get(third, "/desk"); err != nil || status != http.StatusOK {
		return fmt.Errorf("the session of %s at %s: %d, %w", second.name, third.name, status, err)
	}
	if _, _, err = b.get(first, "/desk/account"); err != nil {
		return err
	}
	if status, _, err = b.post(third, "/desk/logout", url.Values{}); err != nil || status != http.StatusSeeOther {
		return fmt.Errorf("log-out at %s: %d, %w", third.name, status, err)
	}
	if status, to, err = b.get(first, "/desk"); err != nil || status != http.StatusSeeOther {
		return fmt.Errorf("after log-out %s answers %d %s, %w", first.name, status, to, err)
	}
	return nil
}

// draft begins a form at one node and goes on at the others.
func (c *cluster) draft() error {
	b := newBrowser()
	if _, _, err := b.get(c.nodes[0], "/services/"+service); err != nil {
		return err
	}
	status, to, err := b.post(c.nodes[1], "/services/"+service+"/start", url.Values{})
	if err != nil || status != http.StatusSeeOther || !strings.HasPrefix(to, "/draft/") {
		return fmt.Errorf("a draft begun at %s: %d %s, %w", c.nodes[1].name, status, to, err)
	}
	for _, n := range c.nodes {
		if status, _, err := b.get(n, to); err != nil || status != http.StatusOK {
			return fmt.Errorf("the draft at %s: %d, %w", n.name, status, err)
		}
	}
	return nil
}

// pieces sends a file whose pieces arrive at one node after another.
func (c *cluster) pieces(ctx context.Context) error {
	data := "%PDF-1.4\n" + strings.Repeat(rand.Text(), 30_000) + "\nstartxref\n0\n%%EOF\n"
	l := newLoad(&book{}, c.nodes[0].url(), c.nodes[1].url(), c.nodes[2].url())
	status, body, err := l.ask(ctx, http.MethodPost, "/api/v1/uploads?service="+service+"&field=ktp", nil, map[string]string{
		"Idempotency-Key": "nodes-" + rand.Text(), "Upload-Length": strconv.Itoa(len(data)), "Content-Disposition": `attachment; filename="ktp.pdf"`})
	var up struct{ Upload, Group string }
	if err != nil || status != http.StatusCreated || json.Unmarshal(body, &up) != nil {
		return fmt.Errorf("an upload: %d %.200s, %w", status, body, err)
	}
	var now struct {
		Offset int64
		Whole  bool
	}
	for at := 0; at < len(data); at = int(now.Offset) {
		end := min(len(data), at+len(data)/7+1)
		status, body, err = l.ask(ctx, http.MethodPatch, "/api/v1/uploads/"+up.Upload, []byte(data[at:end]), map[string]string{
			"Upload-Group": up.Group, "Upload-Offset": strconv.Itoa(at), "Content-Type": "application/offset+octet-stream"})
		if err != nil || status != http.StatusOK || json.Unmarshal(body, &now) != nil || int(now.Offset) != end {
			return fmt.Errorf("a piece from %d on: %d %.200s, %w", at, status, body, err)
		}
	}
	if !now.Whole {
		return errors.New("the file is not whole")
	}
	return nil
}

// guess tries wrong secrets of one case at all nodes at once, and says how many
// were judged before the guesser had to wait.
func (c *cluster) guess(ctx context.Context, a *accepted) (judged int, err error) {
	var right, later atomic.Int64
	var all sync.WaitGroup
	for i := range 150 {
		all.Go(func() {
			l := newLoad(&book{}, c.nodes[i%3].url())
			status, _, err := l.once(ctx, http.MethodGet, l.targets[0]+"/api/v1/cases/"+a.Code, nil,
				map[string]string{"Authorization": "Bearer AAAA-AAA" + string(rune('A'+i%10)), "X-Forwarded-For": "203.0.113.7"})
			switch {
			case err != nil:
			case status == http.StatusNotFound:
				right.Add(1)
			case status == http.StatusTooManyRequests:
				later.Add(1)
			}
		})
		if i%30 == 29 {
			all.Wait() // five waves: within a wave they run at the same time
		}
	}
	if right.Load()+later.Load() != 150 {
		return int(right.Load()), fmt.Errorf("of 150 guesses %d were judged and %d put off", right.Load(), later.Load())
	}
	return int(right.Load()), nil
}

// newer builds a program that knows one migration more, as the next release would.
func newer(dir string) (string, error) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		if root, err = os.Getwd(); err != nil { // go run, from the root of the tree
			return "", err
		}
	}
	extra := filepath.Join(dir, "next.sql")
	text := "-- +goose Up\nALTER TABLE cases ADD COLUMN note TEXT NOT NULL DEFAULT '';\nCREATE TABLE next_release (one INTEGER PRIMARY KEY);\n"
	if err := os.WriteFile(extra, []byte(text), 0o600); err != nil {
		return "", err
	}
	place := filepath.Join(root, "engine", "casework", "schema", "9999_next_release.sql")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{place: extra}})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		return "", err
	}
	return build(dir, "pendopo-next", "-overlay", file)
}

// roll stops each node in order and starts it with another program, while the
// others serve.
func (c *cluster) roll(ctx context.Context, program string) error {
	for _, n := range c.nodes {
		if err := n.stop(ctx); err != nil {
			return err
		}
		if err := c.start(n, program); err != nil {
			return err
		}
		if err := n.ready(ctx); err != nil {
			return err
		}
	}
	return nil
}
