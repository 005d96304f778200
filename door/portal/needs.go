package portal

import (
	"context"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/fold"
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

// Browsers lets browsers be told how a case goes on: engine/notify.
type Browsers interface {
	// Asking is the key that a browser subscribes with, "" when none can, and the
	// SHA-256 in base64url of the address of every one that is told.
	Asking(ctx context.Context, c fold.Case) (key string, marks []string, err error)
	Subscribe(c fold.Case, subscription string) error
	// Unsubscribe ends it for the browser of an address, or for all: "".
	Unsubscribe(c fold.Case, endpoint string) error
}
