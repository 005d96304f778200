package doctor

import (
	"context"
	"fmt"
	"net/netip"
	"runtime/debug"
	"time"

	"pendopo/app"
	"pendopo/engine/notify"
)

// Level is how much a finding matters.
type Level string

// The levels.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Note    Level = "note"
)

// Finding is one thing that is not as it should be. The texts doctor.KEY and
// doctor.KEY_do of the locale files say it, and what to do, with its arguments.
type Finding struct {
	Check string         `json:"check"`
	Level Level          `json:"level"`
	Key   string         `json:"key"`
	Args  map[string]any `json:"args,omitempty"`
	Words string         `json:"message"`
	Do    string         `json:"do"`
}

// Face is what a server is started with and the data do not know.
type Face struct {
	Base    string         // address that people use; empty = not told
	Proxies []netip.Prefix // believed proxies
	Backup  string         // folder to which copies go, when they go to one
	Deep    bool           // read every page of every database
	Notices *notify.Setup  // by which channels people are told; nil: not told, or none
}

// examination is one look at one instance.
type examination struct {
	*app.Looked
	Face
	ctx     context.Context
	now     time.Time
	running bool // another process holds the data folder
	check   string
	found   []Finding
}

// checks are all checks, in the order in which they are told.
func checks() []struct {
	name string
	do   func(*examination) error
} {
	return []struct {
		name string
		do   func(*examination) error
	}{
		{"clock", clock}, {"disk", disk}, {"keys", keys}, {"database", database}, {"ledger", log}, {"work", work},
		{"calendar", calendar}, {"definitions", definitions}, {"officers", officers}, {"backup", backups}, {"notices", notices}, {"face", face},
	}
}

// Examine looks at everything and lists what it found, and the names of the
// checks that were made.
func Examine(ctx context.Context, l *app.Looked, f Face) (found []Finding, made []string) {
	x := &examination{Looked: l, Face: f, ctx: ctx, now: l.Now()}
	x.running = held(l.Place)
	for _, c := range checks() {
		x.check = c.name
		made = append(made, c.name)
		if err := guard(func() error { return c.do(x) }); err != nil {
			x.find(Error, "unchecked", "cause", err.Error())
		}
	}
	return x.found, made
}

// guard makes an error of a panic: what is broken must not end the examination.
func guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

// find notes a finding; args are pairs of name and value.
func (x *examination) find(l Level, key string, args ...any) {
	f := Finding{Check: x.check, Level: l, Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i].(string)] = args[i+1]
	}
	x.found = append(x.found, f)
}

// Bad says that somebody has to act.
func Bad(found []Finding) bool {
	for _, f := range found {
		if f.Level != Note {
			return true
		}
	}
	return false
}
