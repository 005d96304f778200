package follow

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"math/big"
	"strings"
	"time"

	"pendopo/engine/notify"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
)

// Notices is who carries the messages: engine/notify.
type Notices interface {
	Prepare(t notify.Telling) (notify.Notice, error)
	Tell(tx db.Tx, n notify.Notice) error
	Setup() *notify.Setup
}

// Cases is what is asked of cases.
type Cases interface {
	// Joined are the cases that were merged into one.
	Joined(ctx context.Context, stream string) ([]string, error)
}

// Deps is what followers stand on.
type Deps struct {
	DB       *db.DB
	Keys     *seal.Keys
	Instance *seal.Instance
	Jobs     *job.Runner
	Pace     *pace.Book
	Now      func() time.Time
	Words    *page.Catalogue
	Cases    Cases
	Reports  *report.Table
	Notices  Notices
	House    func(lang string) string // what stands before a short message
	Base     string                   // address of the portal
}

// Book is the followers of all reports. It is safe for use by many goroutines.
type Book struct {
	Deps
	db      *db.DB
	contact *pace.Throttle
}

// The kinds of job. Each may run again.
const (
	newsJob = "follow.news" // a report's public state is another
	goneJob = "follow.gone" // nobody is told of a report any more
	lateJob = "follow.late" // a code was not typed in time
)

// How long a code is good, how often it may be typed wrong, and how long after
// the end of a report its followers' contacts are kept: what is on its way by
// then needs them.
const (
	codeLife  = time.Hour
	mostTries = 5
	keptFor   = 7 * 24 * time.Hour
)

// asking is how many codes one contact is sent: nobody is pestered by strangers.
var asking = pace.Pace{Burst: 4, Every: 3 * time.Hour}

// New makes the book and registers its jobs.
func New(d Deps) *Book {
	d.Base = strings.TrimSuffix(d.Base, "/")
	b := &Book{Deps: d, db: d.DB, contact: d.Pace.Throttle("follow by contact", asking, d.Now)}
	d.Jobs.Handle(newsJob, b.news)
	d.Jobs.Handle(goneJob, b.gone)
	d.Jobs.Handle(lateJob, b.late)
	return b
}

// Open reports whether anybody can be told at all.
func (b *Book) Open() bool {
	for _, c := range b.Notices.Setup().Channels() {
		if c != "push" && c != "letter" {
			return true
		}
	}
	return false
}

// held is the sealed part of a follower.
type held struct {
	To   notify.Contact `json:"to"`
	Code string         `json:"code"`
}

func aad(id string) []byte { return []byte("follower/" + id) }

func (b *Book) open(f follower) (h held, err error) {
	key, err := b.Keys.Get(f.Stream)
	if err != nil {
		return h, err
	}
	plain, err := key.Derive("follower").Open(f.sealed, aad(f.ID))
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal(plain, &h)
}

// mac is how the database knows a contact at one report.
func (b *Book) mac(report string, to notify.Contact) []byte {
	return b.Instance.IndexMAC("follower", report, notify.Dialled(to.Phone), strings.ToLower(to.Email))
}

// Ask sends a code to a contact that is to be told of a shown report, and gives
// the id under which it is to be typed. A contact that was sent too many of late
// gets none, and nobody can tell.
func (b *Book) Ask(r report.Report, to notify.Contact) (id string, err error) {
	stream, key, err := b.Keys.Take()
	if err != nil {
		return "", err
	}
	f := follower{ID: newID(), Stream: stream, Report: r.Stream, Made: b.Now().UTC().Truncate(time.Microsecond)}
	h := held{To: to, Code: newCode()}
	n, err := b.Notices.Prepare(b.code(f, r, h))
	if err != nil {
		return "", err
	}
	if len(n.Channels) == 0 {
		return "", fault.New(fault.Invalid, "complaint.follow_no_way").At("contact")
	}
	if err := b.bounded(to); err != nil {
		return "", err
	}
	plain, err := json.Marshal(h)
	if err != nil {
		return "", err
	}
	f.sealed = key.Derive("follower").Seal(plain, aad(f.ID))
	free, err := b.contact.Take(notify.Dialled(to.Phone) + strings.ToLower(to.Email))
	if err != nil {
		return "", err
	}
	return f.ID, b.db.Write(func(tx db.Tx) error {
		if err := insert(tx, f); err != nil {
			return err
		}
		if err := job.Enqueue(tx, job.Job{Kind: lateJob, Key: lateJob + "/" + f.ID, Payload: []byte(f.ID), RunAt: f.Made.Add(codeLife)}); err != nil || !free {
			return err
		}
		return b.Notices.Tell(tx, n)
	})
}

// bounded refuses a telephone number of another country, and any telephone once
// as many codes were sent to telephones today as the instance pays for. It says
// nothing of the number itself.
func (b *Book) bounded(to notify.Contact) error {
	if to.Phone == "" {
		return nil
	}
	bounds := b.Notices.Setup().Strangers
	if !bounds.May(to.Phone) {
		return fault.New(fault.Invalid, "complaint.follow_country").At("contact")
	}
	today := pace.Pace{Burst: bounds.Most(), Every: 365 * 24 * time.Hour} // each day is counted under a name of its own
	ok, err := b.Pace.Throttle("codes to telephones", today, b.Now).Take(b.Now().UTC().Format(time.DateOnly))
	if err == nil && !ok {
		err = fault.New(fault.Invalid, "complaint.follow_full").At("contact")
	}
	return err
}

// Confirm takes the code that was sent. It is refused in one way, whatever is
// wrong with it. It gives the code of the report.
func (b *Book) Confirm(ctx context.Context, id, code string) (printed string, err error) {
	refused := fault.New(fault.Invalid, "complaint.follow_wrong").At("code")
	f, found, err := b.get(ctx, id)
	if err != nil {
		return "", err
	}
	if !found || f.Tries >= mostTries || !f.Confirmed && b.Now().After(f.Made.Add(codeLife)) {
		return "", refused
	}
	h, err := b.open(f)
	if fault.Is(err, fault.Gone) {
		return "", refused
	}
	if err != nil {
		return "", err
	}
	r, err := b.Reports.Stream(ctx, f.Report)
	if fault.Is(err, fault.Unknown) || err == nil && !r.Shown {
		return "", refused
	}
	if err != nil {
		return "", err
	}
	right := subtle.ConstantTimeCompare([]byte(h.Code), []byte(code)) == 1
	err = b.db.Write(func(tx db.Tx) error {
		if !right {
			return wrong(tx, f.ID)
		}
		return confirm(tx, f, b.mac(f.Report, h.To))
	})
	if err == nil && !right {
		err = refused
	}
	return r.Code, err
}

// End ends a follower. One that is not there has ended.
func (b *Book) End(ctx context.Context, id string) error {
	f, found, err := b.get(ctx, id)
	if err != nil || !found {
		return err
	}
	return b.end(f)
}

// end destroys the key first: cut off in between, nothing can be read.
func (b *Book) end(f follower) error {
	if err := b.Keys.Shred(f.Stream); err != nil {
		return err
	}
	return b.db.Write(func(tx db.Tx) error {
		if err := notify.Forget(tx, f.Stream); err != nil {
			return err
		}
		return drop(tx, f.ID)
	})
}

// newID is what stands in the addresses of a follower: sixty bits that nobody guesses.
func newID() string {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	raw := make([]byte, 12)
	rand.Read(raw)
	for i, c := range raw {
		raw[i] = letters[c%32]
	}
	return string(raw)
}

// newCode is six digits.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	digits := n.String()
	return strings.Repeat("0", 6-len(digits)) + digits
}
