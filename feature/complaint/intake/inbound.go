package intake

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
)

// mostInbound bounds one request of a gateway, in bytes.
const mostInbound = 64 << 10

// inbound takes in one text message. The answer to the request is the text message
// back; an empty one means that nothing is to be sent.
func (in *Intake) inbound(w http.ResponseWriter, r *http.Request) error {
	g, ok := in.gateway(r.PathValue("gateway"))
	body, err := page.ReadBody(r)
	if err != nil {
		return err
	}
	if ok && r.Method == http.MethodGet && g.Verify != "" && r.URL.Query().Get("hub.verify_token") != "" {
		return g.verify(w, r)
	}
	if !g.proves(r, body, in.Now()) || !ok {
		return errNotAGateway()
	}
	if (r.Method == http.MethodGet) != (g.Format == "query") {
		return fault.New(fault.NoMethod, "fault.method")
	}
	m, err := g.read(r, body)
	if err != nil {
		return err
	}
	reply, err := in.hear(r.Context(), g, r.PathValue("gateway"), m)
	if err != nil {
		return err
	}
	if g.Reply == "send" && reply.text != "" {
		if !in.say(r.Context(), g.Channel, m, reply.text) && reply.report != "" {
			if err := in.receipt(reply.report); err != nil {
				return err
			}
		}
		reply.text = ""
	}
	return g.answer(w, reply.text)
}

// say sends a text message back by the channel that notices go by. One that cannot
// be sent is not sent later: what it says can be asked for again with LACAK, and of
// a report a notice says that it came.
func (in *Intake) say(ctx context.Context, channel string, m texted, reply string) bool {
	if in.Texts.Send == nil {
		return false
	}
	id := hex.EncodeToString(in.Instance.IndexMAC("inbound reply", channel, m.ID)[:16])
	if err := in.Texts.Send(ctx, channel, id, strings.TrimPrefix(dialled(m.From), "+"), reply); err != nil {
		in.Log.WarnContext(ctx, "a text message could not be answered", "channel", channel)
		return false
	}
	return true
}

// gateway is the one of that name; a stranger's proof is compared all the same.
func (in *Intake) gateway(name string) (Gateway, bool) {
	if in.Texts.Gateways != nil {
		if g, ok := in.Texts.Gateways()[name]; ok {
			return g, true
		}
	}
	return Gateway{Header: "X-Secret", Secret: strings.Repeat("x", leastSecret)}, false
}

// verify answers the one question by which some gateways are set up.
func (g Gateway) verify(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	challenge := q.Get("hub.challenge")
	if !same(q.Get("hub.verify_token"), g.Verify) || len(challenge) > 100 || strings.ContainsFunc(challenge, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_'
	}) {
		return errNotAGateway()
	}
	return plainly(w, challenge)
}

func (g Gateway) answer(w http.ResponseWriter, reply string) error {
	page.Private(w)
	if g.Reply != "json" {
		return plainly(w, reply)
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]string{"reply": reply})
}

func plainly(w http.ResponseWriter, text string) error {
	page.Private(w)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write([]byte(text)) // a reader that has gone needs no answer
	return nil
}
