package identity

import (
	"slices"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/policy"
)

// Kind of an assignment (UU 30/2014 art. 14: mandate of a plt or plh).
type Kind string

// The kinds.
const (
	Definitive Kind = "definitive" // appointed to the post
	Plt        Kind = "plt"        // pelaksana tugas: the post is vacant
	Plh        Kind = "plh"        // pelaksana harian: its holder is away for a while
)

// Assignment is a role at a unit with its dates. From and Until are days
// (2006-01-02) in the unit's zone, both included; an empty Until has no end,
// which only a definitive assignment may have.
type Assignment struct {
	ID          string
	Unit, Role  string
	From, Until string
	Kind        Kind
	Ended       time.Time // when it was taken back; zero while it stands
}

// Officer is the clear part of an officer: a fold of events, nothing personal.
type Officer struct {
	ID          string
	Version     int64
	Created     time.Time
	Disabled    bool
	Temporary   bool  // must choose an own password first
	Epoch       int64 // version of the last event that ended all sessions
	Assignments []Assignment

	last          time.Time // when the last event was entered; not in the row
	loginCheck    string    // hex SHA-256 of the login's blind-index token
	passwordCheck string    // hex SHA-256 of the stored password hash; empty = none
}

// MayLogIn says that the officer is not shut out and has a password.
func (o Officer) MayLogIn() bool { return !o.Disabled && o.passwordCheck != "" }

// Name is the personal part that documents and lists of officers show.
type Name struct {
	Full string `json:"name"`
	NIP  string `json:"nip,omitempty"` // 18 digits; empty for who has none
}

// Valid says whether the assignment holds at a moment, in the zone of its unit.
func (a Assignment) Valid(at time.Time, zone *time.Location) bool {
	day := at.In(zone).Format(time.DateOnly)
	if day < a.From || a.Until != "" && day > a.Until {
		return false
	}
	return a.Ended.IsZero() || at.Before(a.Ended)
}

// Held are the assignments in force at a moment. One whose unit the government
// no longer has is not in force; a disabled officer holds nothing.
func (o Officer) Held(at time.Time, g Government) []Assignment {
	if o.Disabled {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(o.Assignments), func(a Assignment) bool {
		zone, known := g.Unit(a.Unit)
		return !known || !a.Valid(at, zone)
	})
}

// Principal is the officer as law/policy sees them at a moment.
func (o Officer) Principal(at time.Time, g Government) policy.Officer {
	who := policy.Officer{ID: o.ID}
	for _, a := range o.Held(at, g) {
		who.Posts = append(who.Posts, policy.Post{Unit: a.Unit, Role: a.Role})
		if head, _ := g.Role(a.Role); head {
			who.Heads = append(who.Heads, a.Unit)
		}
	}
	return who
}

// check refuses an assignment that the government does not know or that has no
// sensible dates.
func (a Assignment) check(g Government) error {
	var faults []*fault.Fault
	if _, known := g.Unit(a.Unit); !known {
		faults = append(faults, fault.New(fault.Invalid, "identity.unknown_unit").At("unit"))
	}
	if _, known := g.Role(a.Role); !known {
		faults = append(faults, fault.New(fault.Invalid, "identity.unknown_role").At("role"))
	}
	if !slices.Contains([]Kind{Definitive, Plt, Plh}, a.Kind) {
		faults = append(faults, fault.New(fault.Invalid, "identity.unknown_kind").At("kind"))
	}
	return fault.Join(append(faults, a.checkDays()...))
}

func (a Assignment) checkDays() []*fault.Fault {
	var faults []*fault.Fault
	if !isDay(a.From) {
		faults = append(faults, fault.New(fault.Invalid, "identity.day").At("from"))
	}
	switch {
	case a.Until == "" && a.Kind != Definitive:
		faults = append(faults, fault.New(fault.Invalid, "identity.until_needed").At("until"))
	case a.Until != "" && !isDay(a.Until):
		faults = append(faults, fault.New(fault.Invalid, "identity.day").At("until"))
	case a.Until != "" && a.Until < a.From:
		faults = append(faults, fault.New(fault.Invalid, "identity.until_before_from").At("until"))
	}
	return faults
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
