package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"pendopo/feature/complaint/georeport"
	"pendopo/law/redact"
)

// patience is how long a peer may take over one answer.
const patience = 30 * time.Second

// NewClient is the client by which peers are asked: it waits a bounded time and
// follows nobody elsewhere.
func NewClient() *http.Client {
	return &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// reply is an answer that was read whole.
type reply struct {
	status int
	kind   string // its Content-Type
	body   []byte
}

// ask sends a request and reads the answer. What never left is ErrUnsent.
func ask(client *http.Client, req *http.Request) (reply, error) {
	req.Header.Set("User-Agent", "Pendopo")
	req.GetBody = nil // else net/http sends a request with an Idempotency-Key again by itself when a connection ends
	res, err := client.Do(req)
	if err != nil {
		var dial *net.OpError
		if errors.As(err, &dial) && dial.Op == "dial" {
			return reply{}, fmt.Errorf("%w: %s", ErrUnsent, reasonOf(err))
		}
		return reply{}, errors.New(reasonOf(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, georeport.MostAnswer+1))
	if err != nil {
		return reply{}, errors.New("the answer broke off: " + reasonOf(err))
	}
	if res.StatusCode == http.StatusTooManyRequests {
		return reply{}, fmt.Errorf("%w: it asks for patience", ErrUnsent)
	}
	return reply{res.StatusCode, res.Header.Get("Content-Type"), body}, nil
}

// reasonOf is an error without the address that was asked, which may hold a key.
func reasonOf(err error) string {
	var dial *net.OpError
	switch {
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return "it took too long"
	case errors.As(err, &dial):
		return dial.Op + ": " + dial.Err.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ended"
	}
	return "no answer"
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// longestReason bounds what is kept of a peer's own words, in characters.
const longestReason = 300

// brief is somebody else's words as they may be kept: masked, one line, cut.
func brief(words string) string {
	words = strings.Join(strings.Fields(redact.Mask(strings.ToValidUTF8(words, ""))), " ")
	if utf8.RuneCountInString(words) > longestReason {
		words = string([]rune(words)[:longestReason]) + "…"
	}
	return words
}

// refusal is why a peer said no, in its own words where it has any.
func refusal(f georeport.Format, r reply) string {
	list, err := georeport.Records(f, r.body, "error")
	var said []string
	for _, one := range list {
		if d := one.Failure().Description; d != "" {
			said = append(said, d)
		}
	}
	if err != nil || len(said) == 0 {
		return fmt.Sprintf("status %d", r.status)
	}
	return fmt.Sprintf("status %d: %s", r.status, brief(strings.Join(said, "; ")))
}

// final reports whether a status says no for good: the request is at fault, not
// the server.
func final(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusConflict:
		return false
	}
	return status >= 300 && status < 500
}
