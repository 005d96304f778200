package identity

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pendopo/kernel/event"
	"pendopo/kernel/seal"
)

// The kinds of event of an officer's stream, all of schema 1.
const (
	created     = "officer_created"      // clear: commitment, login; sealed: name, nip, login
	named       = "officer_named"        // sealed: name, nip
	reachable   = "officer_reachable"    // clear: whether there is an address; sealed: e-mail
	assigned    = "officer_assigned"     // clear: the assignment; sealed: the mandate's text
	unassigned  = "officer_unassigned"   // clear: assignment
	passwordSet = "officer_password_set" // clear: password, temporary
	disabled    = "officer_disabled"
	enabled     = "officer_enabled"
)

const kindPrefix = "officer_"

// clear is the clear part of every kind; a kind uses the members it lists above.
type clear struct {
	Commitment string `json:"commitment,omitempty"` // hex, to the stream's data key
	Login      string `json:"login,omitempty"`      // hex SHA-256 of the login's blind-index token
	Assignment string `json:"assignment,omitempty"`
	Unit       string `json:"unit,omitempty"`
	Role       string `json:"role,omitempty"`
	Kind       Kind   `json:"kind,omitempty"`
	From       string `json:"from,omitempty"`
	Until      string `json:"until,omitempty"`
	Password   string `json:"password,omitempty"`  // hex SHA-256 of the stored hash row
	Temporary  bool   `json:"temporary,omitempty"` // given by somebody who knows it
	Mail       bool   `json:"mail,omitempty"`      // there is an e-mail address
}

// sealed is the sealed part of every kind.
type sealed struct {
	Name
	Login   string `json:"login,omitempty"`
	Mandate string `json:"mandate,omitempty"` // the decree that assigns, as it is printed
	Email   string `json:"email,omitempty"`
}

// change is one event to be written.
type change struct {
	kind   string
	clear  clear
	sealed *sealed
}

// next makes the events of changes that follow o, bound to the stream's key.
// Time never runs back in a stream, whatever the clock says.
func (e *Engine) next(o Officer, key seal.StreamKey, actor string, changes ...change) ([]event.Event, error) {
	now := e.now()
	if now.Before(o.last) {
		now = o.last
	}
	var out []event.Event
	for i, c := range changes {
		ev := event.Event{
			ID: event.NewID(), Stream: o.ID, Version: o.Version + int64(i) + 1, Kind: c.kind, Schema: 1,
			Entered: now, Node: e.node, Actor: actor,
		}
		var err error
		if ev.Clear, err = json.Marshal(c.clear); err != nil {
			return nil, err
		}
		if c.sealed != nil {
			plain, err := json.Marshal(c.sealed)
			if err != nil {
				return nil, err
			}
			ev.Sealed = key.Seal(plain, ev.AAD())
		}
		ev.Finish()
		out = append(out, ev)
	}
	return out, nil
}

func createdBy(key seal.StreamKey, name Name, login string, token []byte) change {
	return change{created, clear{
		Commitment: hex.EncodeToString(key.Commitment()), Login: checkOf(string(token)),
	}, &sealed{Name: name, Login: login}}
}

// Apply folds one event into o; it needs no key, no definition and no clock.
// Events of other kinds of stream change nothing.
func (o *Officer) Apply(e event.Event) error {
	if !strings.HasPrefix(e.Kind, kindPrefix) {
		return nil
	}
	var c clear
	if err := json.Unmarshal(e.Clear, &c); err != nil {
		return fmt.Errorf("identity: event %s: %w", e.ID, err)
	}
	if e.Version != o.Version+1 {
		return fmt.Errorf("identity: officer %s: version %d follows %d", e.Stream, e.Version, o.Version)
	}
	o.Version, o.last = e.Version, e.Entered
	switch e.Kind {
	case created:
		o.ID, o.Created, o.loginCheck = e.Stream, e.Entered, c.Login
	case assigned:
		o.Assignments = append(o.Assignments, Assignment{
			ID: c.Assignment, Unit: c.Unit, Role: c.Role, Kind: c.Kind, From: c.From, Until: c.Until,
		})
	case unassigned:
		if i := o.assignment(c.Assignment); i >= 0 {
			o.Assignments[i].Ended = e.Entered
		}
	case passwordSet:
		o.passwordCheck, o.Temporary, o.Epoch = c.Password, c.Temporary, e.Version
	case disabled, enabled:
		o.Disabled, o.Epoch = e.Kind == disabled, e.Version
	case named, reachable:
	default:
		return fmt.Errorf("identity: unknown kind %s", e.Kind)
	}
	return nil
}

func (o *Officer) assignment(id string) int {
	return slices.IndexFunc(o.Assignments, func(a Assignment) bool { return a.ID == id })
}

// fold folds a whole stream.
func fold(events []event.Event) (Officer, error) {
	var o Officer
	for _, e := range events {
		if err := o.Apply(e); err != nil {
			return Officer{}, err
		}
	}
	return o, nil
}

// unseal opens the sealed part of one event.
func unseal(key seal.StreamKey, e event.Event) (sealed, error) {
	plain, err := key.Open(e.Sealed, e.AAD())
	if err != nil {
		return sealed{}, err
	}
	var s sealed
	if err := json.Unmarshal(plain, &s); err != nil {
		return sealed{}, fmt.Errorf("identity: sealed part of event %s: %w", e.ID, err)
	}
	return s, nil
}
