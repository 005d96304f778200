package intake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"pendopo/kernel/fault"
)

// Gateway is how somebody else's machine hands us the text messages that people
// send: where in its request the parts stand, and how it proves that it is it.
type Gateway struct {
	Channel string `yaml:"channel"` // sms, whatsapp: by which answers go
	Format  string `yaml:"format"`  // form, json, query
	From    string `yaml:"from"`    // name of the member with the telephone number; in JSON a path: messages.0.from
	Text    string `yaml:"text"`
	ID      string `yaml:"id"`    // the gateway's own id of the message: the same one comes once
	Ref     string `yaml:"ref"`   // of messages in parts: what the parts have in common
	Part    string `yaml:"part"`  // which part, from 1
	Parts   string `yaml:"parts"` // of how many

	Secret    string `yaml:"secret"`    // at least 16 characters
	Header    string `yaml:"header"`    // in which the secret stands
	Signature string `yaml:"signature"` // or: header with hex HMAC-SHA256 of the body under the secret
	Time      string `yaml:"time"`      // header with the seconds since 1970, signed before the body with a dot between
	Window    string `yaml:"window"`    // how old a signed request may be: 5m
	Verify    string `yaml:"verify"`    // what the gateway shows once, when it is set up (hub.verify_token)

	Reply string `yaml:"reply"` // body: the answer to the request is the text message back; json: its member reply; send: by the channel, as notices go
}

// leastSecret is the least length of a gateway's secret.
const leastSecret = 16

// ReadGateways reads the gateways of an instance from YAML: a map by name, which
// is the part "inbound" of the notices file. An error names the gateway and what is
// wrong with it, never a value.
func ReadGateways(data []byte) (map[string]Gateway, error) {
	var all map[string]Gateway
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&all); err != nil {
		return nil, errors.New("inbound gateways: a member that is unknown, or a value that is not text")
	}
	for name, g := range all {
		if err := g.check(); err != nil {
			return nil, fmt.Errorf("gateway %s: %w", name, err)
		}
	}
	return all, nil
}

func (g Gateway) check() error {
	_, bad := g.window()
	switch {
	case !slices.Contains([]string{"sms", "whatsapp"}, g.Channel):
		return errors.New("channel is sms or whatsapp")
	case !slices.Contains([]string{"form", "json", "query"}, g.Format):
		return errors.New("format is form, json or query")
	case g.From == "" || g.Text == "" || g.ID == "":
		return errors.New("from, text and id name the members of a message")
	case len(g.Secret) < leastSecret:
		return fmt.Errorf("secret has at least %d characters", leastSecret)
	case (g.Header == "") == (g.Signature == ""):
		return errors.New("either header or signature says how it proves itself")
	case g.Format == "query" && g.Signature != "":
		return errors.New("a query has no body to sign: use header")
	case !slices.Contains([]string{"body", "json", "send"}, g.Reply):
		return errors.New("reply is body, json or send")
	case bad != nil:
		return errors.New("window is a time such as 5m")
	}
	return nil
}

func (g Gateway) window() (time.Duration, error) {
	if g.Window == "" {
		return 5 * time.Minute, nil
	}
	return time.ParseDuration(g.Window)
}

// errNotAGateway is for a name that is none, and for a proof that fails: alike.
func errNotAGateway() *fault.Fault { return fault.New(fault.Unknown, "intake.gateway_unknown") }

// proves says whether a request comes from the gateway, in constant time.
func (g Gateway) proves(r *http.Request, body []byte, now time.Time) bool {
	if g.Header != "" {
		return same(strings.TrimPrefix(r.Header.Get(g.Header), "Bearer "), g.Secret)
	}
	mac := hmac.New(sha256.New, []byte(g.Secret))
	if g.Time != "" {
		stamp := r.Header.Get(g.Time)
		if !g.fresh(stamp, now) {
			return false
		}
		mac.Write([]byte(stamp + "."))
	}
	mac.Write(body)
	given, err := hex.DecodeString(strings.TrimPrefix(r.Header.Get(g.Signature), "sha256="))
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

// same compares two secrets by their hashes: neither length nor content shows in time.
func same(given, want string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(want))
	return hmac.Equal(a[:], b[:])
}

func (g Gateway) fresh(stamp string, now time.Time) bool {
	n, err := strconv.ParseInt(stamp, 10, 64)
	window, bad := g.window()
	if err != nil || bad != nil {
		return false
	}
	age := now.Sub(time.Unix(n, 0))
	return age < window && age > -window
}

// texted is a text message as a gateway hands it in.
type texted struct {
	From, Text, ID   string
	Ref, Part, Parts string
}

// read finds the parts of a message in a request.
func (g Gateway) read(r *http.Request, body []byte) (m texted, err error) {
	var get func(path string) string
	switch g.Format {
	case "query":
		get = r.URL.Query().Get
	case "form":
		values, bad := url.ParseQuery(string(body))
		get, err = values.Get, bad
	default:
		var tree any
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		err = d.Decode(&tree)
		get = func(path string) string { return at(tree, path) }
	}
	if err != nil {
		return m, fault.New(fault.Malformed, "fault.body_malformed")
	}
	part := func(name string) string {
		if name == "" {
			return ""
		}
		return get(name)
	}
	return texted{From: part(g.From), Text: part(g.Text), ID: part(g.ID), Ref: part(g.Ref), Part: part(g.Part), Parts: part(g.Parts)}, nil
}

// at follows a path through JSON: members by name, items by number.
func at(tree any, path string) string {
	for step := range strings.SplitSeq(path, ".") {
		switch here := tree.(type) {
		case map[string]any:
			tree = here[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(here) {
				return ""
			}
			tree = here[n]
		default:
			return ""
		}
	}
	switch v := tree.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
