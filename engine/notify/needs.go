package notify

import (
	"context"
	"time"

	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// Cases is what notices need of cases.
type Cases interface {
	// Look is a case, what it follows, and its code as printed.
	Look(ctx context.Context, stream string) (c fold.Case, s *definition.Service, code string, err error)
	// Contact is where the applicant can be reached. No access event is written:
	// the event told says that it was used, and nobody reads it.
	Contact(ctx context.Context, stream string) (Contact, error)
	// Joined are the streams of the cases that were merged into a case.
	Joined(ctx context.Context, stream string) ([]string, error)
	// Told writes that notice was given.
	Told(ctx context.Context, stream string, t flow.Told) error
}

// House is what notices need of the live government.
type House interface {
	// Notices are its rules of telling, defaults filled in.
	Notices() definition.Notices
	// Zone is the zone of a unit, or the government's own.
	Zone(unit string) *time.Location
	// Name is what stands before a short message, in a language.
	Name(lang string) string
}

// Letters is what letters that officers post need of cases and calendars.
type Letters interface {
	// ReadAddress writes that an officer reads the address of a case's applicant.
	ReadAddress(ctx context.Context, stream string, by Clerk) error
	// Post writes what an officer did with a letter, the how manieth time.
	Post(ctx context.Context, stream string, by Clerk, p flow.Post, nth int) error
	// Due is the end of a span of days by the calendar of a unit.
	Due(unit, span string, from time.Time) (time.Time, error)
}

// Officers is what the morning digest needs.
type Officers interface {
	// Morning lists the officers to be told, each with an address and the words.
	Morning(ctx context.Context) ([]Morning, error)
}

// Morning is what one officer is told.
type Morning struct {
	Officer string // id: the stream whose key seals the mail
	Unit    string
	Email   string
	Lang    string
	Due     int // due today
	Soon    int // due in the two working days after that
	Late    int
	New     int  // came since the last working day
	Working bool // today is a working day at the unit
}
