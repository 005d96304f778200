package administration

import (
	"context"
	"encoding/json"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
)

// The kinds of deed. Each is the kind of an event of schema 1.
const (
	Begun           = "proposal_begun"
	Edited          = "proposal_edited"    // path, hash
	Proposed        = "proposal_proposed"  //
	Returned        = "proposal_returned"  //
	Dropped         = "proposal_dropped"   //
	Published       = "proposal_published" // with the events of what became live
	JobRevived      = "job_revived"        // job, its kind
	JobDropped      = "job_dropped"        // job, its kind, reason
	Verified        = "verified"           // findings
	AskedVerify     = "verify_asked"       //
	RoleAsked       = "role_asked"         // officer, unit, role
	RoleRefused     = "role_refused"       // officer, unit, role
	ReportsImported = "reports_imported"   // path: source; hash: of the file; findings: how many ended reports it had
	FolderWritten   = "folder_written"     // hash: a node brought its folder up to date
)

// Deed is one thing that was done. A kind uses the members it needs; none holds
// what somebody typed.
type Deed struct {
	Kind  string    `json:"-"`
	Actor string    `json:"-"` // opaque id; operator or system
	At    time.Time `json:"-"`

	Proposal string `json:"proposal,omitempty"`
	Path     string `json:"path,omitempty"`
	Hash     string `json:"hash,omitempty"`
	Officer  string `json:"officer,omitempty"`
	Unit     string `json:"unit,omitempty"`
	Role     string `json:"role,omitempty"`
	Job      int64  `json:"job,omitempty"`
	JobKind  string `json:"job_kind,omitempty"`
	Reason   string `json:"reason,omitempty"` // of a closed list
	Findings int    `json:"findings,omitempty"`
}

// streams are one for each month, so that none grows for ever.
const streams = "administration/"

// ordered keeps two deeds from taking one version.
const ordered = "administration"

// note writes a deed into the record, in the transaction of what was done.
func (e *Engine) note(tx db.Tx, d Deed) error {
	if err := db.Alone(tx, ordered); err != nil {
		return err
	}
	now := e.now()
	stream := streams + now.Format("2006-01")
	var version, last int64
	if err := tx.Row(`SELECT coalesce(max(version), 0), coalesce(max(entered), 0) FROM event WHERE stream = ?`, stream).Scan(&version, &last); err != nil {
		return err
	}
	if at := time.UnixMicro(last).UTC(); at.After(now) {
		now = at // the clock was set back; the record never is
	}
	clear, err := json.Marshal(d)
	if err != nil {
		return err
	}
	ev := event.Event{ID: event.NewID(), Stream: stream, Version: version + 1, Kind: d.Kind, Schema: 1,
		Entered: now, Node: e.node, Actor: d.Actor, Clear: clear}
	ev.Finish()
	return event.Append(tx, ev)
}

// Note records a deed with what is done in the same transaction; do may be nil.
func (e *Engine) Note(_ context.Context, d Deed, do func(db.Tx) error) error {
	return e.db.Write(func(tx db.Tx) error {
		if do != nil {
			if err := do(tx); err != nil {
				return err
			}
		}
		return e.note(tx, d)
	})
}

// Deeds are the newest, newest first; of some kinds when any are named.
func (e *Engine) Deeds(ctx context.Context, limit int, kinds ...string) (list []Deed, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		list, err = deeds(tx, limit, kinds)
		return err
	})
	return list, err
}
