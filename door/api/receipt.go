package api

import (
	"net/http"

	"pendopo/kernel/ledger"
)

type receiptView struct {
	Receipt ledger.Receipt         `json:"receipt"`
	Proof   *ledger.InclusionProof `json:"proof,omitempty"`
}

// receipt gives the signed promise with its proof, or without while the event
// still waits for its place in the log: 202, ask again.
func (d *Door) receipt(w http.ResponseWriter, r *http.Request) error {
	stream, err := d.owned(w, r)
	if err != nil {
		return err
	}
	v := receiptView{}
	if v.Receipt, err = d.Cases.Receipt(r.Context(), stream); err != nil {
		return err
	}
	proof, included, err := d.Ledger.Proof(v.Receipt.Event.ID)
	if err != nil {
		return err
	}
	if !included {
		w.Header().Set("Retry-After", "1")
		return send(w, r, answer{status: http.StatusAccepted, body: v})
	}
	v.Proof = &proof
	return send(w, r, answer{body: v})
}
