package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"pendopo/kernel/ledger"
)

// citizen applies, follows, takes back and fetches.
type citizen struct {
	*client
	journal    *journal
	definition string
	matters    []*matter // of this citizen
	toOfficers chan<- task
	ending     *atomic.Bool // begin nothing new
	resting    *atomic.Bool
	log        *logReader
}

// live does one thing after another until the round ends.
func (c *citizen) live(ctx context.Context) error {
	for !c.ending.Load() {
		if c.resting.Load() {
			if err := c.sleep(ctx, 50*time.Millisecond); err != nil {
				return nil
			}
			continue
		}
		if err := c.something(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		if err := c.pause(ctx, 10*time.Millisecond, 120*time.Millisecond); err != nil {
			return nil
		}
	}
	return nil
}

// something is what citizens do, as often as they do it.
func (c *citizen) something(ctx context.Context) error {
	switch n := c.rng.IntN(100); {
	case n < 45 || len(c.matters) == 0:
		return c.apply(ctx, nil)
	case n < 55:
		return c.applyWithPaper(ctx)
	case n < 65:
		return c.again(ctx)
	case n < 80:
		return c.prove(ctx, c.own())
	default:
		return c.follow(ctx, c.own())
	}
}

// own is one of the citizen's newer applications.
func (c *citizen) own() *matter {
	newest := c.matters[max(0, len(c.matters)-20):]
	return newest[c.rng.IntN(len(newest))]
}

// apply hands an application in.
func (c *citizen) apply(ctx context.Context, p *paper) error {
	a := applicant()
	a["nik"] = fmt.Sprintf("336001570495%04d", 1+c.rng.IntN(9999))
	body := map[string]any{"definition": c.definition, "channel": "api", "answers": a}
	if p != nil {
		a["ktp"], body["uploads"] = []string{p.upload}, p.group
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r := request{http.MethodPost, "/api/v1/services/" + service + "/cases",
		map[string]string{"Content-Type": "application/json", "Idempotency-Key": c.key()}, raw}
	got, err := c.ask(ctx, r)
	if err != nil {
		return err
	}
	done, err := readAccepted(r, got)
	if err != nil {
		return err
	}
	done.paper = p
	e := done.receipt.Event
	c.journal.acknowledged(effect{what: "application", stream: e.Stream, version: 1, event: e.ID, kind: "submitted",
		scope: "api/submit", key: r.header["Idempotency-Key"]})
	c.journal.accepted(done)
	c.matters = append(c.matters, &matter{accepted: done, version: 1})
	if c.rng.IntN(8) == 0 {
		select {
		case c.toOfficers <- task{done.code, e.Stream}:
		default: // they have enough to do
		}
	}
	return nil
}

// readAccepted reads what an application was answered.
func readAccepted(r request, got reply) (*accepted, error) {
	var view struct {
		Code, Secret string
		Receipt      json.RawMessage
	}
	if got.status != http.StatusCreated || json.Unmarshal(got.body, &view) != nil || view.Code == "" || view.Secret == "" {
		return nil, wrong(r, got, "an application")
	}
	receipt, err := ledger.ReadReceipt(view.Receipt)
	if err != nil {
		return nil, wrong(r, got, "its receipt")
	}
	if _, err := receipt.Check(receipt.Key); err != nil {
		return nil, wrong(r, got, "its receipt's signature")
	}
	return &accepted{request: r, code: view.Code, secret: view.Secret, receipt: receipt}, nil
}

// again sends an application again that was accepted before: the same answer.
func (c *citizen) again(ctx context.Context) error {
	before := c.journal.earlier(c.rng)
	if before == nil {
		return nil
	}
	got, err := c.ask(ctx, before.request)
	if err != nil {
		return err
	}
	return c.sameAs(before, got)
}

func (c *citizen) sameAs(before *accepted, got reply) error {
	now, err := readAccepted(before.request, got)
	if err != nil {
		return err
	}
	if now.code != before.code || now.secret != before.secret || now.receipt.Event != before.receipt.Event {
		c.journal.fault("the same key was answered with another case: %s and %s", before.code, now.code)
	}
	c.journal.count("repeated")
	return nil
}

// secretHeader opens what is personal.
func (a *accepted) secretHeader() map[string]string {
	return map[string]string{"Authorization": "Bearer " + a.secret}
}

func (a *accepted) path() string { return "/api/v1/cases/" + a.code }

// caseState is what the API says of a case.
type caseState struct {
	Version   int64
	Outcome   string
	Step      *struct{ ID string }
	Next      []struct{ Action, Href string }
	Documents []struct{ Kind, Href, Type string }
}

// state asks how a case stands.
func (c *client) state(ctx context.Context, a *accepted) (s caseState, err error) {
	r := request{method: http.MethodGet, path: a.path(), header: a.secretHeader()}
	got, err := c.ask(ctx, r)
	if err != nil {
		return s, err
	}
	if got.status != http.StatusOK || json.Unmarshal(got.body, &s) != nil {
		return s, wrong(r, got, "a case that was accepted")
	}
	return s, nil
}

// follow looks at a case and does what the applicant may do, now and then.
func (c *citizen) follow(ctx context.Context, m *matter) error {
	s, err := c.state(ctx, m.accepted)
	if err != nil {
		return err
	}
	if s.Version < m.version {
		c.journal.fault("case %s was at version %d and is at %d", m.code, m.version, s.Version)
	}
	m.version = s.Version
	c.journal.count("followed")
	for _, n := range s.Next {
		if n.Action == "received" || n.Action == "withdraw" && c.rng.IntN(3) == 0 {
			return c.act(ctx, m, n.Action, n.Href)
		}
	}
	return nil
}

// kinds of event that the applicant's actions make.
func kindOf(action string) string {
	if action == "received" {
		return "delivered"
	}
	return "withdrawn"
}

// act carries an action out at the version that was seen.
func (c *citizen) act(ctx context.Context, m *matter, action, href string) error {
	h := m.secretHeader()
	h["Content-Type"], h["Idempotency-Key"] = "application/json", c.key()
	r := request{http.MethodPost, href, h, []byte(`{"version":` + strconv.FormatInt(m.version, 10) + `}`)}
	got, err := c.ask(ctx, r)
	if err != nil {
		return err
	}
	if got.status == http.StatusConflict { // an officer or a timer was faster
		c.journal.count("too late")
		return nil
	}
	var s caseState
	if got.status != http.StatusOK || json.Unmarshal(got.body, &s) != nil {
		return wrong(r, got, "an action that was offered")
	}
	c.journal.acknowledged(effect{what: action, stream: m.receipt.Event.Stream, version: m.version + 1, kind: kindOf(action),
		scope: "api/act/" + m.receipt.Event.Stream, key: h["Idempotency-Key"]})
	m.version++
	return nil
}

// prove fetches the receipt and, once the event has its place, its proof.
func (c *citizen) prove(ctx context.Context, m *matter) error {
	return c.client.prove(ctx, m.accepted, c.log, c.journal)
}

func (c *client) prove(ctx context.Context, a *accepted, log *logReader, j *journal) error {
	r := request{method: http.MethodGet, path: a.path() + "/receipt", header: a.secretHeader()}
	got, err := c.ask(ctx, r)
	if err != nil {
		return err
	}
	var view struct {
		Receipt json.RawMessage
		Proof   *ledger.InclusionProof
	}
	if got.status != http.StatusOK && got.status != http.StatusAccepted || json.Unmarshal(got.body, &view) != nil {
		return wrong(r, got, "a receipt")
	}
	now, err := ledger.ReadReceipt(view.Receipt)
	if err != nil || now.Event != a.receipt.Event || now.Leaf != a.receipt.Leaf {
		return wrong(r, got, "a receipt that differs from the first")
	}
	if view.Proof == nil {
		return nil
	}
	if err := log.checkInclusion(a.receipt, *view.Proof); err != nil {
		return wrong(r, got, err.Error())
	}
	j.count("proved")
	return nil
}

// sizes of papers: most are small; some are cut into chunks of the store.
func (c *citizen) size() int {
	if c.rng.IntN(20) == 0 {
		return 300<<10 + c.rng.IntN(300<<10)
	}
	return 1<<10 + c.rng.IntN(8<<10)
}

// applyWithPaper hands in a file in pieces, and an application that names it.
func (c *citizen) applyWithPaper(ctx context.Context) error {
	data := c.pdf(c.size())
	r := request{method: http.MethodPost, path: "/api/v1/uploads?service=" + service + "&field=ktp", header: map[string]string{
		"Idempotency-Key": c.key(), "Upload-Length": strconv.Itoa(len(data)), "Content-Disposition": `attachment; filename="ktp.pdf"`,
	}}
	got, err := c.ask(ctx, r)
	if err != nil {
		return err
	}
	var up struct{ Upload, Group string }
	if got.status != http.StatusCreated || json.Unmarshal(got.body, &up) != nil {
		return wrong(r, got, "an upload")
	}
	p := &paper{up.Upload, up.Group, sha256.Sum256(data), int64(len(data))}
	if err := c.pieces(ctx, p, data); err != nil {
		return err
	}
	return c.apply(ctx, p)
}

// progress is how far a file has come.
type progress struct {
	Offset int64
	Whole  bool
}

// pieces sends a file in three pieces or so, going on where the server says.
func (c *citizen) pieces(ctx context.Context, p *paper, data []byte) error {
	var acknowledged int64
	for whole := false; !whole; {
		end := min(p.size, acknowledged+p.size/3+1)
		r := request{http.MethodPatch, "/api/v1/uploads/" + p.upload, map[string]string{
			"Upload-Group": p.group, "Upload-Offset": strconv.FormatInt(acknowledged, 10), "Content-Type": "application/offset+octet-stream",
		}, data[acknowledged:end]}
		got, err := c.ask(ctx, r)
		if err != nil {
			return err
		}
		if got.status == http.StatusConflict { // a piece whose answer was lost has come, or a part of it
			r = request{method: http.MethodGet, path: r.path, header: map[string]string{"Upload-Group": p.group}}
			if got, err = c.ask(ctx, r); err != nil {
				return err
			}
		}
		var now progress
		if got.status != http.StatusOK || json.Unmarshal(got.body, &now) != nil {
			return wrong(r, got, "a piece of a file")
		}
		if now.Offset < acknowledged {
			c.journal.fault("of upload %s %d bytes were acknowledged and %d are there", p.upload, acknowledged, now.Offset)
			return errors.New("an upload went back")
		}
		acknowledged, whole = now.Offset, now.Whole
		c.journal.count("pieces")
	}
	return nil
}
