package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// AmendJob is the kind of job that applies a changed calendar to open cases.
const AmendJob = "casework.amend"

// Published says what a publication changed.
type Published struct {
	Services  []string             `json:"services"`   // ids that are new or changed
	TakenBack []string             `json:"taken_back"` // ids that are no longer offered
	Calendar  bool                 `json:"calendar"`   // the calendar changed
	Findings  []definition.Finding `json:"findings"`
}

// ErrFindings says that check found faults and nothing was published.
var ErrFindings = errors.New("casework: the government does not pass check; nothing was published")

// item is one thing to publish.
type item struct{ kind, id, hash, body string }

// Publish proves a government folder and makes it live: definitions under their
// hash, never changed, and what holds now as one new publication each. It first
// checks that the pinned definitions of open cases still compile, and that the
// offices, roles and registers they name are kept.
func (e *Engine) Publish(ctx context.Context, fsys fs.FS) (Published, error) {
	return e.PublishBy(ctx, fsys, Authority{})
}

// Authority is by whom something is published, when it is not the folder that a
// node was started with.
type Authority struct {
	By       []string          // opaque ids: who proposed, who approved
	Proposal string            // id of what they agreed on
	Base     string            // hash of the files it was made from: nothing else may be live
	Also     func(db.Tx) error // done with it or not at all
}

// PublishBy is Publish on the authority of two persons. Another publication
// since Base is fault.Conflict.
func (e *Engine) PublishBy(ctx context.Context, fsys fs.FS, by Authority) (Published, error) {
	var out Published
	g, found := definition.Checked(fsys)
	out.Findings = found
	if definition.Failed(out.Findings) {
		return out, ErrFindings
	}
	if err := e.Recheck(ctx); err != nil {
		return out, err
	}
	items, err := itemsOf(fsys, g)
	if err != nil {
		return out, err
	}
	if err := e.keeps(ctx, g); err != nil {
		return out, err
	}
	err = e.db.Write(func(tx db.Tx) error {
		out = Published{Findings: out.Findings}
		return e.publish(tx, items, by, &out)
	})
	if err != nil {
		return out, err
	}
	return out, e.cat.Load(ctx)
}

// publish makes live what differs from what is, and tells every node. Two who
// publish at the same moment do so one after the other.
func (e *Engine) publish(tx db.Tx, items []item, by Authority, out *Published) error {
	if err := db.Alone(tx, orders); err != nil {
		return err
	}
	before, _, err := readPublications(tx)
	if err != nil {
		return err
	}
	if by.Base != "" && by.Base != before[kindFolder][kindFolder] {
		return fault.New(fault.Conflict, "casework.published_meanwhile")
	}
	if by.Also != nil {
		if err := by.Also(tx); err != nil {
			return err
		}
	}
	changed := out.compare(items, before)
	if !slices.ContainsFunc(changed, func(it item) bool { return it.kind != kindFile }) {
		return nil
	}
	if err := e.insertItems(tx, changed, by, out.Calendar && len(before[kindCalendar]) > 0); err != nil {
		return err
	}
	return db.Announce(tx, publishedChannel, "new")
}

// itemsOf resolves a government and the folder it was read from into what is stored.
func itemsOf(fsys fs.FS, g *definition.Government) ([]item, error) {
	files := map[string][]byte{}
	for _, c := range g.Calendars {
		files[c.Path] = c.Data
	}
	set, err := deadline.ParseCalendar(files)
	if err != nil {
		return nil, err
	}
	items := []item{{kindCalendar, kindCalendar, set.Hash, string(set.Canonical())}}
	for _, s := range g.Services {
		body, hash := g.Closure(s.ID)
		items = append(items, item{kindService, s.ID, hash, string(body)})
	}
	if err := drawMark(fsys, g); err != nil {
		return nil, err
	}
	body, hash, err := governmentBody(g)
	if err != nil {
		return nil, err
	}
	sources, err := SourceFiles(fsys)
	folder, each := sourceItem(sources)
	return append(append(items, item{kindGovernment, kindGovernment, hash, body}, folder), each...), err
}

// drawMark puts the mark's drawing in the place of its file name: nodes that
// serve have no folder.
func drawMark(fsys fs.FS, g *definition.Government) error {
	if g.Profile.Mark == "" {
		return nil
	}
	svg, err := fs.ReadFile(fsys, g.Profile.Mark)
	g.Profile.Mark = string(svg)
	return err
}

// governmentBody is the part of a government that is live and no service's own.
func governmentBody(g *definition.Government) (body, hash string, err error) {
	own := *g
	own.Services, own.Templates = nil, nil
	b, err := json.Marshal(own)
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:]), err
}

// compare keeps what differs from before and adds what was taken back.
func (p *Published) compare(items []item, before published) []item {
	var changed []item
	now := map[string]bool{}
	for _, it := range items {
		if it.kind == kindService {
			now[it.id] = true
		}
		if it.kind != kindFile && before[it.kind][it.id] == it.hash {
			continue
		}
		changed = append(changed, it)
		switch it.kind {
		case kindService:
			p.Services = append(p.Services, it.id)
		case kindCalendar:
			p.Calendar = true
		}
	}
	for id, hash := range before[kindService] {
		if hash != "" && !now[id] {
			p.TakenBack = append(p.TakenBack, id)
			changed = append(changed, item{kind: kindService, id: id})
		}
	}
	return changed
}

// insertItems stores what changed, and queues the work of a changed calendar.
func (e *Engine) insertItems(tx db.Tx, items []item, by Authority, amend bool) error {
	now := e.now().UTC().Truncate(time.Microsecond)
	for _, it := range items {
		if err := storeItem(tx, it, now); err != nil {
			return err
		}
		if it.kind == kindFile {
			continue // the folder that lists it is what is published
		}
		if err := e.insertItem(tx, it, by, now); err != nil {
			return err
		}
	}
	if !amend {
		return nil
	}
	return job.Enqueue(tx, job.Job{Kind: AmendJob, Key: fmt.Sprintf("%s/%d", AmendJob, micros(now))})
}

// storeItem stores a definition once.
func storeItem(tx db.Tx, it item, now time.Time) error {
	var have int
	if err := tx.Row(`SELECT count(*) FROM definition WHERE hash = ?`, it.hash).Scan(&have); err != nil {
		return err
	}
	if have != 0 || it.hash == "" {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO definition (hash, kind, id, body, published) VALUES (?, ?, ?, ?, ?)`,
		it.hash, it.kind, it.id, it.body, micros(now))
	return err
}

// insertItem makes a definition what holds: a row, and an event, so that what
// was live when cannot be rewritten unseen either.
func (e *Engine) insertItem(tx db.Tx, it item, by Authority, now time.Time) error {
	var version, last int64
	if err := tx.Row(`SELECT count(*), coalesce(max(at), 0) FROM publication WHERE kind = ? AND id = ?`, it.kind, it.id).
		Scan(&version, &last); err != nil {
		return err
	}
	if moment(last).After(now) {
		now = moment(last) // the clock was set back; the record never is
	}
	_, err := tx.Exec(`INSERT INTO publication (kind, id, hash, at) VALUES (?, ?, ?, ?)`, it.kind, it.id, it.hash, micros(now))
	if err != nil {
		return err
	}
	return e.appendPublication(tx, it, by, version+1, now)
}

// PublishedKind is the kind of the event that makes a definition live.
const PublishedKind = "published"

// publication is the clear part of such an event. An empty hash takes a
// service back.
type publication struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Hash string `json:"hash"`

	By       []string `json:"by,omitempty"`
	Proposal string   `json:"proposal,omitempty"`
}

// publishedStream holds the publications of one kind and id.
func publishedStream(kind, id string) string { return "published/" + kind + "/" + id }

func (e *Engine) appendPublication(tx db.Tx, it item, by Authority, version int64, now time.Time) error {
	clear, err := json.Marshal(publication{it.kind, it.id, it.hash, by.By, by.Proposal})
	if err != nil {
		return err
	}
	ev := event.Event{
		ID: event.NewID(), Stream: publishedStream(it.kind, it.id), Version: version, Kind: PublishedKind, Schema: fold.Schema,
		Entered: now, Received: now, Node: e.node, Actor: strings.Join(by.By, "+"), Definition: it.hash, Clear: clear,
	}
	ev.Finish()
	return event.Append(tx, ev)
}

// Recheck compiles the definitions that open cases are bound to with this
// binary, before it serves or publishes anything new.
func (e *Engine) Recheck(ctx context.Context) error {
	var hashes []string
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		hashes, err = distinct(tx, nextDefinition)
		return err
	})
	if err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := e.cat.At(ctx, h); err != nil {
			return fmt.Errorf("casework: definition %s, which open cases are bound to: %w", h, err)
		}
	}
	return nil
}

// texts reads rows of one text column.
func texts(rows *db.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
