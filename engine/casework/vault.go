package casework

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Where a service has a vault, who tells something never enters the case that
// tells it: those answers are sealed in a stream of their own under a key of its
// own, in the same transaction. The case knows the vault's stream and nothing
// else; the vault knows its case, and whether the reporter wants to be anonymous.

// The kinds of event of a vault.
const (
	Vaulted     = "vaulted"      // the identity as told, first or anew
	VaultOpened = "vault_opened" // two guards opened it
)

// inVault is the clear part of a vaulted event. The sealed part is a
// flow.Private with the answers.
type inVault struct {
	Case       string `json:"case"`
	Anonymous  bool   `json:"anonymous"`
	Commitment string `json:"commitment,omitempty"` // of the first event: hex, to the vault's key
}

// openly is the one choice under which whoever handles a case may know who told
// it. Anything else, and no word at all, is anonymous.
const openly = "tidak"

// vaulting is a vault at hand.
type vaulting struct {
	stream string
	key    seal.StreamKey
	last   event.Event // its newest event of any kind; none yet when its version is 0
	clear  inVault     // as last told
	kept   form.Answers
}

// vaulted is a vaulted event that is ready to be written.
type vaulted struct {
	event event.Event
	clear inVault
}

// id is the stream of the vault; "" of none.
func (v *vaulting) id() string {
	if v == nil {
		return ""
	}
	return v.stream
}

// newVault takes a pair of stream and key for a service that has a vault. Every
// case of it has one, also where nothing is told: that tells nothing either.
func (e *Engine) newVault(b *Bound) (*vaulting, error) {
	if b.Service.Vault == nil {
		return nil, nil
	}
	stream, key, err := e.keys.Take()
	return &vaulting{stream: stream, key: key}, err
}

// vaultOf opens a vault to the system.
func (e *Engine) vaultOf(ctx context.Context, stream string) (*vaulting, error) {
	v := &vaulting{stream: stream}
	var told event.Event
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		if told, err = event.Last(tx, stream, Vaulted); err == nil {
			v.last, err = event.Last(tx, stream, Vaulted, VaultOpened)
		}
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return nil, errNoVault()
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(told.Clear, &v.clear); err != nil {
		return nil, err
	}
	if v.key, err = e.keys.Get(stream); err != nil {
		return nil, err
	}
	p, err := open(told, v.key)
	v.kept = p.Answers
	return v, err
}

// apart makes the event of a vault when the identity is told for the first time,
// or otherwise than before. Who sends the form again and says nothing of it
// leaves it as it was.
func (e *Engine) apart(b *Bound, res flow.Result, at stamp, entered time.Time) (*vaulted, error) {
	sent := slices.IndexFunc(res.Drafts, func(d flow.Draft) bool { return d.Kind == fold.Submitted || d.Kind == fold.Resubmitted })
	v, told := at.vault, res.Vault
	if v == nil || sent < 0 {
		return nil, ownOnly(b, res)
	}
	anonymous := res.Drafts[sent].Change.Answers[b.Service.Vault.Anonymous] != openly
	if v.last.Version > 0 && len(told) == 0 {
		told = v.kept
	}
	if err := ownOnly(b, flow.Result{Drafts: res.Drafts}); err != nil {
		return nil, err
	}
	if v.last.Version > 0 && v.clear.Anonymous == anonymous && maps.EqualFunc(v.kept, told, func(a, b any) bool { return reflect.DeepEqual(a, b) }) {
		return nil, nil
	}
	return e.sealVault(v, inVault{Case: at.stream, Anonymous: anonymous}, told, at, entered)
}

// ownOnly refuses to seal a part of an identity into a case, whoever decided so.
func ownOnly(b *Bound, res flow.Result) error {
	astray := len(res.Vault) > 0
	for _, d := range res.Drafts {
		for _, answers := range []map[string]any{d.Change.Answers, d.Private.Answers, d.Private.Given} {
			_, identity := b.Form.Vaulted(answers)
			astray = astray || len(identity) > 0
		}
	}
	if astray {
		return errors.New("casework: a part of an identity would enter the case")
	}
	return nil
}

func (e *Engine) sealVault(v *vaulting, clear inVault, told form.Answers, at stamp, entered time.Time) (*vaulted, error) {
	if entered.Before(v.last.Entered) {
		entered = v.last.Entered
	}
	if v.last.Version == 0 {
		clear.Commitment = hex.EncodeToString(v.key.Commitment())
	}
	ev := event.Event{
		ID: event.NewID(), Stream: v.stream, Version: v.last.Version + 1, Kind: Vaulted, Schema: fold.Schema,
		Entered: entered, Received: entered, Node: e.node, Actor: at.actor,
	}
	var err error
	if ev.Clear, err = json.Marshal(clear); err != nil {
		return nil, err
	}
	plain, err := json.Marshal(flow.Private{Answers: told})
	if err != nil {
		return nil, err
	}
	ev.Sealed = v.key.Seal(plain, ev.AAD())
	ev.Finish()
	return &vaulted{ev, clear}, nil
}

// write is part of the transaction of the case.
func (v *vaulted) write(tx db.Tx, _ fold.Case) error {
	if v == nil {
		return nil
	}
	if err := event.Append(tx, v.event); err != nil {
		return err
	}
	return putVault(tx, v.event.Stream, v.clear)
}

const upsertVault = `INSERT INTO vault (stream, about, anonymous) VALUES (?, ?, ?)
	ON CONFLICT (stream) DO UPDATE SET about = excluded.about, anonymous = excluded.anonymous`

func putVault(tx db.Tx, stream string, clear inVault) error {
	_, err := tx.Exec(upsertVault, stream, clear.Case, clear.Anonymous)
	return err
}

func errNoVault() *fault.Fault { return fault.New(fault.Unknown, "casework.no_vault") }

// Anonymous says whether whoever handles a case may not know who told it. Of a
// case without a vault it is false.
func (e *Engine) Anonymous(ctx context.Context, c fold.Case) (anonymous bool, err error) {
	if c.Vault == "" {
		return false, nil
	}
	err = e.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT anonymous FROM vault WHERE stream = ?`, c.Vault).Scan(&anonymous)
	})
	return anonymous || err != nil, err
}

// Contact is how the reporter of a case, or its applicant, can be reached. Name and
// Postal, the lines below it, are what stands on an envelope: both or neither.
type Contact struct {
	Phone, Email, Lang string
	Name               string
	Postal             []string
}

// Contact opens it to a machine that tells people something; the event that they
// were told says so. A case by which one unit asks another has nobody to tell.
func (e *Engine) Contact(ctx context.Context, stream string) (Contact, error) {
	c, err := e.state(ctx, stream)
	if err != nil {
		return Contact{}, err
	}
	out := Contact{Lang: c.Lang}
	if c.Parent != "" {
		return out, nil
	}
	if c.Shredded {
		return out, errShredded()
	}
	b, err := e.cat.At(ctx, c.Definition)
	if err != nil {
		return out, err
	}
	answers, _, err := e.read(ctx, c)
	var v *vaulting
	if err == nil && c.Vault != "" {
		if v, err = e.vaultOf(ctx, c.Vault); err == nil {
			maps.Copy(answers, v.kept)
		}
	}
	if err != nil {
		return out, err
	}
	out.Phone, out.Email = firstOf(b.Service, answers, definition.KindPhone), firstOf(b.Service, answers, definition.KindEmail)
	if v == nil || !v.clear.Anonymous { // an officer reads what is on an envelope
		out.Name, out.Postal = postal(b, answers, c.Lang)
	}
	return out, nil
}

func errShredded() *fault.Fault { return fault.New(fault.Gone, "fault.shredded") }

// firstOf is the first answer of a kind in the order of the form, those of the
// vault before all others.
func firstOf(s *definition.Service, a form.Answers, kind definition.Kind) string {
	var fields []*definition.Field
	for _, p := range s.Form.Pages {
		fields = append(fields, definition.Asked(p.Fields)...)
	}
	slices.SortStableFunc(fields, func(x, y *definition.Field) int {
		switch {
		case x.Vault == y.Vault:
			return 0
		case x.Vault:
			return -1
		}
		return 1
	})
	for _, f := range fields {
		if v, ok := a[f.ID].(string); ok && v != "" && f.Kind == kind {
			return v
		}
	}
	return ""
}
