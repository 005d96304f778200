package api

import (
	"context"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// Finder finds the services that fit a question in a language, the best first.
type Finder interface {
	Find(lang, question string, most int) []*casework.Bound
}

// Gate counts what comes in for services that everybody may see something of.
type Gate interface {
	// Address counts a case that came from an address, and says why an officer
	// should look at it first; TooMany when the address must wait.
	Address(address string, s *definition.Service, a form.Answers) (flags []string, err error)
}

// Times tells how long the cases of a service really took, refiled ones with
// what came before them: how many have ended, half of them within the median,
// nine of ten within the last.
type Times interface {
	Times(ctx context.Context, service string) (count int, median, p90 time.Duration, err error)
}
