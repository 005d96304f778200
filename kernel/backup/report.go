package backup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The files beside the data that tell other processes how backup fares.
const (
	rehearsalFile = "rehearsal.json"
	statusFile    = "backup.json"
)

// ErrNever says that there is no report yet.
var ErrNever = errors.New("backup: never done here")

// Report is what a rehearsal found: a restored copy was proved and every sealed
// value in it opened. It holds no value and may be shown to anyone who
// administers the instance.
type Report struct {
	At        time.Time `json:"at"`                // when it began, UTC
	Seconds   float64   `json:"seconds"`           // how long it took
	From      string    `json:"from"`              // which backup, without passwords
	State     time.Time `json:"state"`             // the moment that came back
	OK        bool      `json:"ok"`                // nothing differs and everything opened
	Events    int64     `json:"events"`            // events proved
	Streams   int       `json:"streams"`           // cases, officers and other streams they belong to
	Opened    int64     `json:"opened"`            // sealed values that opened
	Shredded  int64     `json:"shredded"`          // sealed values whose key was destroyed on purpose
	Findings  []string  `json:"findings"`          // what is wrong, the first named first; at most MaxFindings
	MoreFound int       `json:"more_found"`        // findings beyond those
	Trouble   string    `json:"trouble,omitempty"` // why it could not run to its end; then OK is false
}

// MaxFindings bounds what a report names one by one.
const MaxFindings = 50

// Find adds a finding.
func (r *Report) Find(words string) {
	if len(r.Findings) >= MaxFindings {
		r.MoreFound++
		return
	}
	r.Findings = append(r.Findings, words)
}

// Last reads the report of the last rehearsal of the instance whose data folder
// is given; ErrNever when there was none.
func Last(data string) (r Report, err error) {
	err = read(data, rehearsalFile, &r)
	return r, err
}

// Keep makes r the last report.
func (r Report) Keep(data string) error { return keep(data, rehearsalFile, r) }

// Status is how the continuous copy of a running server fares. The server
// renews it in its data folder every few seconds; Age tells whether it does.
type Status struct {
	Written time.Time `json:"written"`          // when this was noted, UTC
	Data    string    `json:"data"`             // where the data go, without passwords
	Keys    string    `json:"keys"`             // where the keys go
	Success time.Time `json:"success,omitzero"` // everything acknowledged before then is in the copy
	Bytes   int64     `json:"bytes"`            // copied since the server started
	Trouble string    `json:"trouble,omitempty"`
}

// Lag is how much would be lost if the machine were lost at now.
func (s Status) Lag(now time.Time) time.Duration { return now.Sub(s.Success) }

// LastStatus reads the status that a server keeping a continuous copy wrote
// last; ErrNever when none ever did.
func LastStatus(data string) (s Status, err error) {
	err = read(data, statusFile, &s)
	return s, err
}

// Keep makes s the newest status.
func (s Status) Keep(data string) error { return keep(data, statusFile, s) }

func read(data, name string, into any) error {
	content, err := os.ReadFile(filepath.Join(data, name))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNever
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(content, into)
}

// keep replaces the file in one step.
func keep(data, name string, v any) error {
	content, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	draft := filepath.Join(data, name+".new")
	if err := os.WriteFile(draft, append(content, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(draft, filepath.Join(data, name))
}
