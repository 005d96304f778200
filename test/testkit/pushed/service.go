package pushed

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Service is a push service. It takes what it is sent until it is told to Answer
// otherwise.
type Service struct {
	URL string
	ca  string
	key string

	mu     sync.Mutex
	got    map[string][]Message
	answer map[string]int
}

// Message is what came for one address.
type Message struct {
	Header http.Header
	Body   []byte
}

// NewService starts one for the length of a test.
func NewService(t testing.TB) *Service {
	t.Helper()
	s := &Service{got: map[string][]Message{}, answer: map[string]int{}}
	server := httptest.NewTLSServer(http.HandlerFunc(s.take))
	t.Cleanup(server.Close)
	s.URL, s.ca = server.URL, filepath.Join(t.TempDir(), "push.pem")
	if err := os.WriteFile(s.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s.key = base64.RawURLEncoding.EncodeToString(k.Bytes())
	return s
}

// Channel is the line of a notices file by which browsers are told through it.
func (s *Service) Channel() string {
	return fmt.Sprintf(`{kind: push, key: %q, contact: "mailto:admin@example.test", private: true, hosts: ["127.0.0.1"], ca: %q}`, s.key, s.ca)
}

// Answer has every further message for an address answered by a status.
func (s *Service) Answer(endpoint string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer[endpoint] = status
}

// Got is what came for an address.
func (s *Service) Got(endpoint string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got[endpoint]
}

func (s *Service) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 8<<10))
	if err != nil {
		return
	}
	at := s.URL + r.URL.Path
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got[at] = append(s.got[at], Message{r.Header, body})
	if status := s.answer[at]; status != 0 {
		w.WriteHeader(status)
		return
	}
	w.WriteHeader(http.StatusCreated)
}
