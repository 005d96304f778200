package casework

import (
	"time"

	"pendopo/kernel/db"
	"pendopo/law/flow"
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
