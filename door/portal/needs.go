package portal

import (
	"context"
	"time"

	"pendopo/engine/casework"
)

// Finder finds the services that fit a question in a language, the best first.
type Finder interface {
	Find(lang, question string, most int) []*casework.Bound
}

// Times tells how long the cases of a service really took, refiled ones with
// what came before them: how many have ended, half of them within the median,
// nine of ten within the last.
type Times interface {
	Times(ctx context.Context, service string) (count int, median, p90 time.Duration, err error)
}

// fewestTimes is from how many ended cases on a figure is shown: of fewer it
// would be about somebody.
const fewestTimes = 5

// Log says when the public log has grown, on whichever node: kernel/ledger.
type Log interface {
	Following(ctx context.Context) <-chan int64
}
