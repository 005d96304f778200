package sink

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"pendopo/engine/notify/wire"
)

// File is the name of the file of all messages in its folder.
const File = "messages.jsonl"

// Sink writes into a folder. It is safe for use by many goroutines.
type Sink struct {
	dir string
	mu  sync.Mutex
}

// New makes a sink; the folder is made when something is written.
func New(dir string) *Sink { return &Sink{dir: dir} }

// Line is one message as it stands in the file.
type Line struct {
	At      time.Time `json:"at"`
	ID      string    `json:"id"`
	Channel string    `json:"channel"`
	To      string    `json:"to"`
	Subject string    `json:"subject,omitempty"`
	Text    string    `json:"text"`
	Link    string    `json:"link,omitempty"`
	Stop    string    `json:"stop,omitempty"`
}

// Send writes a message down; it has arrived then.
func (s *Sink) Send(_ context.Context, m wire.Message) (wire.Receipt, error) {
	line := Line{At: m.At, ID: m.ID, Channel: m.Channel, To: m.To, Text: m.Short, Link: m.Link, Stop: m.Stop}
	switch m.Channel {
	case wire.Email, wire.Letter:
		line.Subject, line.Text = m.Subject, m.Text
	case wire.Push:
		line.To, line.Subject, line.Text = endpoints(m.To), m.Subject, m.Opening()
	}
	data, err := json.Marshal(line)
	if err != nil {
		return wire.Receipt{}, wire.Never(wire.Refused, err)
	}
	if err := s.write(append(data, '\n')); err != nil {
		return wire.Receipt{}, wire.Fail(wire.Away, err)
	}
	return wire.Receipt{Ref: m.ID, Delivered: true, Parts: 1}, nil
}

// endpoints are the addresses of subscriptions, without their keys.
func endpoints(to string) string {
	list := strings.Split(to, "\n")
	for i, raw := range list {
		var s struct{ Endpoint string }
		if json.Unmarshal([]byte(raw), &s) == nil {
			list[i] = s.Endpoint
		}
	}
	return strings.Join(list, "\n")
}

func (s *Sink) write(line []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(s.dir, File), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(line); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
