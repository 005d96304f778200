package casework

import (
	"context"
	"time"

	"pendopo/kernel/db"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// Products is what cases need of documents.
type Products interface {
	// Inspect looks at the electronic signatures of a file that was made
	// elsewhere: what they are (fold.SignatureIntact, …) and whom they name. A
	// signature that does not fit its file is a fault.
	Inspect(file []byte) (signature string, signers []flow.Signer, err error)
	// Revoke takes a document back in the transaction of the event that says so.
	Revoke(tx db.Tx, id, reason string, now time.Time) error
}

// Projection is what stands beside the cases of services with a public side:
// rows of their own, made from what each case says.
type Projection interface {
	// Project brings the row of a case to what it says after a commit, in that
	// commit's transaction. The zero before is that of a case that has just begun,
	// and of a rebuild, which calls it for every case. Said is what the commit says
	// to the public; nil when it says nothing, and in a rebuild.
	Project(tx db.Tx, before, after fold.Case, said *Said) error
}

// Said is what an event says to the public, in the words that an officer has
// looked at. It is sealed in the event; whoever keeps it in the open answers for it.
type Said struct {
	flow.Words
	Version int64 // of the event
}

// Notices is who tells people what happened.
type Notices interface {
	// After queues what people are to be told of a commit, in its transaction.
	After(tx db.Tx, before, after fold.Case) error
	// Opened queues what a reporter is to be told when the vault of a case is
	// opened, in the transaction of the event that says so.
	Opened(tx db.Tx, c fold.Case) error
}

// Posts says what officers hold.
type Posts interface {
	// Posts are the roles that an officer holds today, each at its unit.
	Posts(ctx context.Context, officer string) ([]fold.Holder, error)
}
