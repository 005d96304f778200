package document

import (
	"context"
	"time"

	"pendopo/law/definition"
)

// Cases is what documents need of casework.
type Cases interface {
	// Product gives everything a case's document is made of. It opens sealed
	// answers, so casework notes the access first. A case that has no document
	// to make is a fault of kind Conflict.
	Product(ctx context.Context, stream string) (Product, error)
	// Issued commits the event issued. It may come twice with the same facts,
	// after a crash; the second time it does nothing.
	Issued(ctx context.Context, stream string, facts Issued) error
}

// Product is what a case's document is made of, in words of its language.
type Product struct {
	Template   definition.Template
	Government definition.Profile
	Unit       definition.Unit
	Mark       []byte // SVG of the government's mark; may be nil
	Place      string
	Lang       string
	Values     map[string]string // every field of the form → words; "" when unanswered
	Number     string
	Date       time.Time // in the unit's zone
	ValidUntil time.Time // zero = no end
	Signatory  Signatory
	Deemed     *Deemed
}

// Issued is what the event says. Statement holds personal values: it belongs
// into the event's sealed part. The rest is clear.
type Issued struct {
	ID         ID
	Number     string
	Date       time.Time
	ValidUntil time.Time
	SHA256     string // hexadecimal, of the file as handed out
	SealedHash string // hexadecimal, of the stored sealed bytes
	Template   string // hexadecimal SHA-256 of the template
	Blob       string
	Statement  []byte // COSE_Sign1
}
