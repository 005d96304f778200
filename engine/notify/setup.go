package notify

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"pendopo/engine/notify/gateway"
	"pendopo/engine/notify/mail"
	"pendopo/engine/notify/push"
	"pendopo/engine/notify/sink"
	"pendopo/engine/notify/wire"
)

// mostSetup bounds the notices file, in bytes.
const mostSetup = 256 << 10

// ReadSetup reads the notices file of an instance: which gateway carries which
// channel, with its secrets. Nobody but its owner may read it. Folder is where
// channels of kind file write unless they name another. An error names the
// channel and what is wrong with it, never a value.
func ReadSetup(name, folder string) (*Setup, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s holds secrets and others may read it: chmod 600 %s", name, name)
	}
	if info.Size() > mostSetup || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file of channels", name)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return ParseSetup(data, folder)
}

// ParseSetup reads the text of a notices file.
func ParseSetup(data []byte, folder string) (*Setup, error) {
	var file struct {
		Channels map[string]yaml.Node `yaml:"channels"`
		Inbound  yaml.Node            `yaml:"inbound"`

		Strangers Strangers `yaml:"strangers"`
	}
	if err := strict(data, &file); err != nil {
		return nil, errors.New("the notices file cannot be read: " + place(err))
	}
	if err := file.Strangers.check(); err != nil {
		return nil, err
	}
	s := &Setup{Carriers: map[string]Carrier{}, Strangers: file.Strangers}
	if !file.Inbound.IsZero() {
		inbound, err := yaml.Marshal(&file.Inbound)
		if err != nil {
			return nil, errors.New("the notices file cannot be read: " + place(err))
		}
		s.Inbound = inbound
	}
	for channel, node := range file.Channels {
		if !slices.Contains(wire.Channels(), channel) {
			return nil, fmt.Errorf("%s is no channel; there are %s", channel, strings.Join(wire.Channels(), ", "))
		}
		c, err := s.carrier(channel, &node, folder)
		if err != nil {
			return nil, fmt.Errorf("channel %s: %w", channel, err)
		}
		s.Carriers[channel] = c
	}
	return s, nil
}

// carrier makes one channel of its part of the file.
func (s *Setup) carrier(channel string, node *yaml.Node, folder string) (Carrier, error) {
	var is struct {
		Kind string `yaml:"kind"`
	}
	if err := node.Decode(&is); err != nil {
		return Carrier{}, errors.New(place(err))
	}
	text, err := yaml.Marshal(node)
	if err != nil {
		return Carrier{}, err
	}
	switch {
	case is.Kind == "file":
		return fileCarrier(text, folder)
	case is.Kind == "http" && (channel == wire.SMS || channel == wire.WhatsApp):
		return gatewayCarrier(text)
	case is.Kind == "smtp" && channel == wire.Email:
		return mailCarrier(text)
	case is.Kind == "push" && channel == wire.Push:
		return s.pushCarrier(text)
	case is.Kind == "desk" && channel == wire.Letter:
		return Carrier{Kind: "desk"}, nil
	}
	return Carrier{}, errors.New("kind: file; http for sms and whatsapp, smtp for email, push for push, desk for letter")
}

func fileCarrier(text []byte, folder string) (Carrier, error) {
	var c struct {
		Kind   string `yaml:"kind"`
		Folder string `yaml:"folder"`
	}
	if err := strict(text, &c); err != nil {
		return Carrier{}, errors.New(place(err))
	}
	if c.Folder != "" {
		folder = c.Folder
	}
	return Carrier{Kind: "file", Adapter: sink.New(folder), Repeats: true}, nil
}

func gatewayCarrier(text []byte) (Carrier, error) {
	var c gateway.Config
	if err := strict(text, &c); err != nil {
		return Carrier{}, errors.New(place(err))
	}
	g, err := gateway.New(c)
	if err != nil {
		return Carrier{}, err
	}
	out := Carrier{Kind: "http", Adapter: g, Repeats: c.KnowsIDs, Limit: g.Limit()}
	if c.Reports != nil {
		out.Proves, out.Secret, out.Read = true, c.Reports.Secret, g.Read
	}
	return out, nil
}

func mailCarrier(text []byte) (Carrier, error) {
	var c mail.Config
	if err := strict(text, &c); err != nil {
		return Carrier{}, errors.New(place(err))
	}
	m, err := mail.New(c)
	if err != nil {
		return Carrier{}, err
	}
	// The same Message-ID twice is one mail to whoever reads it (RFC 5322, 3.6.4),
	// and who is not answered must say it again (RFC 5321, 4.5.4.1).
	return Carrier{Kind: "smtp", Adapter: m, Repeats: true, Secret: c.Secret, Bounces: c.Bounces, Read: m.Read}, nil
}

func (s *Setup) pushCarrier(text []byte) (Carrier, error) {
	var c push.Config
	if err := strict(text, &c); err != nil {
		return Carrier{}, errors.New(place(err))
	}
	p, err := push.New(c)
	if err != nil {
		return Carrier{}, err
	}
	s.offer(p)
	return Carrier{Kind: "push", Adapter: p, Repeats: true}, nil
}

// FileSetup is a set-up whose every channel writes into a folder: a demo's.
func FileSetup(folder string) *Setup {
	out, s := sink.New(folder), &Setup{Carriers: map[string]Carrier{}}
	for _, channel := range wire.Channels() {
		s.Carriers[channel] = Carrier{Kind: "file", Adapter: out, Repeats: true}
	}
	delete(s.Carriers, wire.Letter)
	s.Carriers[wire.Letter] = Carrier{Kind: "desk"}
	return s
}

// Offer lets browsers subscribe, though their channel writes into a file: a
// demo's. The key is drawn from a secret of the instance of at least 32 bytes, so
// that every start and every node has the same.
func (s *Setup) Offer(secret []byte) error {
	p, err := push.New(push.Config{Key: base64.RawURLEncoding.EncodeToString(secret[:32]), Contact: "mailto:demo@localhost"})
	if err == nil {
		s.offer(p)
	}
	return err
}

func (s *Setup) offer(p *push.Push) {
	s.Push = p.Public()
	s.admit = func(subscription string) (string, error) {
		_, plain, err := p.Admit(subscription)
		return plain, err
	}
}

// strict decodes YAML and refuses keys that are not known.
func strict(data []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// place keeps of an error of YAML what is no value: the file holds secrets.
func place(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return "no such file"
	}
	words := err.Error()
	if i := strings.IndexByte(words, '`'); i >= 0 {
		words = words[:i] + "…"
	}
	line, _, _ := strings.Cut(words, "\n  ")
	return line
}
