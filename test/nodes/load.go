package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// accepted is an application that was acknowledged.
type accepted struct {
	Key, Code, Secret, Stream string
	Withdrawn, Shredded       bool
}

// book is what was acknowledged, and how it went.
type book struct {
	mu       sync.Mutex
	accepted []*accepted
	wrong    []string // answers that must not be
	sent     atomic.Int64
	retried  atomic.Int64 // without an answer, or told to come later
	seen     atomic.Int64 // at another node than the one that accepted
	longest  atomic.Int64 // until an answer, in nanoseconds, with all retries
}

func (b *book) fault(words string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = append(b.wrong, fmt.Sprintf(words, args...))
}

// load is clients at work.
type load struct {
	*book
	targets    []string // addresses; a client that gets no answer goes to the next
	definition atomic.Pointer[string]
	ending     atomic.Bool
	clients    sync.WaitGroup
	turn       atomic.Int64
	http       *http.Client
	rest       time.Duration // of a client between two applications
}

func newLoad(b *book, targets ...string) *load {
	return &load{book: b, targets: targets, rest: 20 * time.Millisecond, http: &http.Client{Timeout: 45 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
}

// begin lets clients work until end.
func (l *load) begin(ctx context.Context, clients int) {
	for i := range clients {
		l.clients.Go(func() {
			for n := 0; !l.ending.Load() && ctx.Err() == nil; n++ {
				l.apply(ctx, fmt.Sprintf("10.9.%d.%d", i, n%250))
				pause(ctx, l.rest)
			}
		})
	}
}

// end waits until every client has its last answer.
func (l *load) end() {
	l.ending.Store(true)
	l.clients.Wait()
}

// next is where to ask now.
func (l *load) next() string { return l.targets[int(l.turn.Add(1))%len(l.targets)] }

// apply hands one application in, looks for it at another node, and takes every
// fourth back.
func (l *load) apply(ctx context.Context, from string) {
	got, err := l.submit(ctx, "nodes-"+rand.Text(), from)
	if errors.Is(err, errOver) { // look again what is live
		l.definition.Store(nil)
		return
	}
	if err != nil {
		return
	}
	if !l.find(ctx, got) {
		return
	}
	if l.turn.Load()%4 == 0 {
		l.withdraw(ctx, got)
	}
}

// errOver says that the definition is no longer live.
var errOver = errors.New("the definition is over")

// serves asks what is live, once.
func (l *load) serves(ctx context.Context) (string, error) {
	if d := l.definition.Load(); d != nil {
		return *d, nil
	}
	status, body, err := l.ask(ctx, http.MethodGet, "/api/v1/services/"+service, nil, nil)
	var view struct{ Definition string }
	if err == nil && (status != http.StatusOK || json.Unmarshal(body, &view) != nil || view.Definition == "") {
		err = fmt.Errorf("the service is answered %d: %.200s", status, body)
	}
	if err != nil {
		return "", err
	}
	l.definition.Store(&view.Definition)
	return view.Definition, nil
}

func (l *load) submit(ctx context.Context, key, from string) (*accepted, error) {
	definition, err := l.serves(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(map[string]any{"definition": definition, "channel": "api", "answers": applicant()})
	if err != nil {
		return nil, err
	}
	path, header := "/api/v1/services/"+service+"/cases", map[string]string{
		"Content-Type": "application/json", "Idempotency-Key": key, "X-Forwarded-For": from}
	if l.turn.Load()%10 == 0 { // hang up in the middle, before the commit or after it, and ask elsewhere
		soon, hangUp := context.WithTimeout(ctx, time.Duration(1+l.turn.Load()/10%12)*time.Millisecond)
		_, _, _ = l.once(soon, http.MethodPost, l.next()+path, raw, header)
		hangUp()
	}
	status, answer, err := l.ask(ctx, http.MethodPost, path, raw, header)
	if err != nil {
		return nil, err
	}
	if status == http.StatusConflict {
		return nil, errOver
	}
	var view struct {
		Code, Secret string
		Receipt      struct{ Event struct{ Stream string } }
	}
	if status != http.StatusCreated || json.Unmarshal(answer, &view) != nil || view.Receipt.Event.Stream == "" {
		l.fault("an application answered %d: %.300s", status, answer)
		return nil, fmt.Errorf("answered %d", status)
	}
	a := &accepted{Key: key, Code: view.Code, Secret: view.Secret, Stream: view.Receipt.Event.Stream}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accepted = append(l.accepted, a)
	return a, nil
}

// find looks for a case at whichever node is next: it is there at once.
func (l *load) find(ctx context.Context, a *accepted) bool {
	status, body, err := l.ask(ctx, http.MethodGet, "/api/v1/cases/"+a.Code, nil, nil)
	if err != nil {
		return false
	}
	if status != http.StatusOK {
		l.fault("what was accepted is answered %d elsewhere: %.300s", status, body)
		return false
	}
	l.seen.Add(1)
	return true
}

func (l *load) withdraw(ctx context.Context, a *accepted) {
	status, body, err := l.ask(ctx, http.MethodPost, "/api/v1/cases/"+a.Code+"/actions/withdraw", []byte(`{"version":1}`), map[string]string{
		"Content-Type": "application/json", "Idempotency-Key": "nodes-" + rand.Text(), "Authorization": "Bearer " + a.Secret})
	switch {
	case err != nil:
	case status == http.StatusOK:
		l.mu.Lock()
		a.Withdrawn = true
		l.mu.Unlock()
	case status != http.StatusConflict: // a deadline may have been faster
		l.fault("an action answered %d: %.300s", status, body)
	}
}

// ask sends a request until it is answered, each time to the next node. No answer
// and "later" are the same.
func (l *load) ask(ctx context.Context, method, path string, body []byte, header map[string]string) (int, []byte, error) {
	for began := time.Now(); ; {
		status, answer, err := l.once(ctx, method, l.next()+path, body, header)
		if err == nil && status < 500 {
			l.took(time.Since(began))
			return status, answer, nil
		}
		if err == nil && status == http.StatusInternalServerError {
			l.fault("%s %s answered 500: %.300s", method, path, answer)
		}
		l.retried.Add(1)
		if pause(ctx, 100*time.Millisecond); ctx.Err() != nil {
			return 0, nil, ctx.Err()
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func (l *load) took(d time.Duration) {
	for {
		most := l.longest.Load()
		if int64(d) <= most || l.longest.CompareAndSwap(most, int64(d)) {
			return
		}
	}
}

func (l *load) once(ctx context.Context, method, url string, body []byte, header map[string]string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	l.sent.Add(1)
	res, err := l.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}
