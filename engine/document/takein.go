package document

import (
	"encoding/hex"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/seal"
)

// TakeIn writes the rows of a document whose file was not drawn by this engine:
// one of an older system, or a stand-in of a measurement. It belongs into the
// transaction of the event that names the file. Kind is the template's id.
func TakeIn(tx db.Tx, stream, kind string, i Issued, key seal.StreamKey, now time.Time) error {
	sum, err := hex.DecodeString(i.SHA256)
	if err != nil {
		return err
	}
	w := work{stream: stream, id: i.ID, template: i.Template, blob: i.Blob, sealedHash: i.SealedHash, sha256: sum, state: rowNumbered}
	w.statement = key.Seal(i.Statement, statementAAD(w))
	p := Product{Number: i.Number, Date: i.Date, ValidUntil: i.ValidUntil}
	p.Template.ID = kind
	if err := insertWork(tx, w, p, now); err != nil {
		return err
	}
	if err := storeWork(tx, w, now); err != nil {
		return err
	}
	return move(tx, w.id, [2]string{rowStored, rowIssued}, rowIssued, "", now)
}
