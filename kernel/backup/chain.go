package backup

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"pendopo/kernel/db"
)

// A chain is the copy of one SQLite database: generations, each a base (the
// file as it stood) and the pieces of write-ahead log written since, in order.
//
//	NAME/GENERATION/base.json            written last: a generation without it is none
//	NAME/GENERATION/base/000000.zst
//	NAME/GENERATION/log/00000000-MOMENT.zst
//	keys/GENERATION/file/wrap.key       the instance keys that open this generation
//
// A piece is the offset in the log, 8 bytes, and what stood there. Offset 0
// begins the log anew, after the one before was moved into the file.
const (
	partSize = 4 << 20 // of a base, and the most of a log in one piece

	// settleAt is how long the log grows before it is moved into the file, and
	// abandonAt how long it may grow while the place cannot be reached: then the
	// generation ends and a new one begins when the place is back.
	settleAt  = 32 << 20
	abandonAt = 1 << 30

	// heldAt is how much of a log is held in memory when somebody wants it
	// emptied at once; more ends the generation.
	heldAt = 32 << 20
)

// piece is a stretch of log that is not at its place yet.
type piece struct {
	at      time.Time
	content []byte // with the offset before it
}

// base is what base.json says.
type base struct {
	At    time.Time `json:"at"` // the moment that the base and an empty log give
	Size  int64     `json:"size"`
	Parts int       `json:"parts"`
}

// chain copies one database.
type chain struct {
	name string
	db   *db.DB
	to   *Place
	now  func() time.Time
	with func(ctx context.Context, under string) error // puts what belongs to a base; may be nil

	mu         sync.Mutex
	generation string // empty: none, one must begin
	begun      time.Time
	seq        int
	salt       [8]byte
	pos        int64   // of the log with that salt, taken so far
	told       bool    // a checkpoint happened since the log began
	held       []piece // taken, not yet at the place
	copying    bool    // a base is being copied: the file must not change
	spoiled    bool    // it did
	file       string  // what the file looked like when its base was copied
	bytes      int64   // put so far
}

// BeforeCheckpoint implements db.Keeper: what the checkpoint may let the next
// write overwrite is taken into memory, which costs no waiting for a network.
func (c *chain) BeforeCheckpoint(end db.LogEnd) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.copying {
		c.spoiled = true
		return nil
	}
	if c.generation == "" {
		return nil
	}
	if end.Size-c.pos > heldAt {
		c.end()
		return nil
	}
	for c.generation != "" {
		more, err := c.take(end, c.now())
		if err != nil {
			c.end() // an unreadable log is no reason to stop the house
		}
		if !more {
			break
		}
	}
	c.told = true
	return nil
}

// end gives up the generation; the next round begins a new one.
func (c *chain) end() { c.generation, c.held = "", nil }

// take takes the next stretch of log up to end and says whether more is left.
// A log that began anew although nobody was told breaks the chain.
func (c *chain) take(end db.LogEnd, at time.Time) (more bool, err error) {
	// The first half of the salt counts how often the log began anew.
	runs := int32(binary.BigEndian.Uint32(end.Salt[:4]) - binary.BigEndian.Uint32(c.salt[:4]))
	switch {
	case c.pos == 0 && c.seq == 0 && len(c.held) == 0 && c.untouched():
		c.salt = end.Salt // the log was empty when the base was copied, and draws its salt at the first write
	case runs < 0:
		return false, nil // measured before the log began anew; all of that was taken then
	case runs == 1 && c.told:
		c.salt, c.pos, c.told = end.Salt, 0, false
	case end.Salt != c.salt:
		c.end()
		return false, nil
	}
	if end.Size <= c.pos {
		return false, nil
	}
	stretch := min(end.Size-c.pos, partSize)
	content := make([]byte, 8+stretch)
	binary.BigEndian.PutUint64(content, uint64(c.pos))
	f, err := os.Open(c.db.Path() + "-wal")
	if err != nil {
		return false, err
	}
	defer f.Close()
	if _, err := f.ReadAt(content[8:], c.pos); err != nil {
		return false, err
	}
	c.held = append(c.held, piece{at, content})
	c.pos += stretch
	return c.pos < end.Size, nil
}

// ship brings everything up to end to the place. Pieces of one round carry its
// moment.
func (c *chain) ship(ctx context.Context, end db.LogEnd, at time.Time) error {
	if c.due(at) {
		if err := c.renew(ctx, at); err != nil {
			return fmt.Errorf("base of %s: %w", c.name, err)
		}
	}
	for more := true; more; {
		var err error
		c.mu.Lock()
		more, err = c.take(end, at)
		if c.generation == "" {
			err = fmt.Errorf("%s: the log was emptied by somebody else; a new copy begins", c.name)
		}
		c.mu.Unlock()
		if err := errors.Join(err, c.flush(ctx)); err != nil {
			return err
		}
	}
	return c.settle(ctx)
}

// flush puts the pieces that are held, in their order.
func (c *chain) flush(ctx context.Context) error {
	for {
		c.mu.Lock()
		if len(c.held) == 0 || c.generation == "" {
			c.mu.Unlock()
			return nil
		}
		next, generation := c.held[0], c.generation
		name := fmt.Sprintf("%s/%s/log/%08d-%d.zst", c.name, generation, c.seq, next.at.UnixMicro())
		c.mu.Unlock()
		packed := pack(next.content)
		if err := c.to.put(ctx, name, packed); err != nil {
			return err
		}
		c.count(packed)
		c.mu.Lock()
		if c.generation == generation && len(c.held) > 0 {
			c.held, c.seq = c.held[1:], c.seq+1
		}
		c.mu.Unlock()
	}
}

// settle moves a long log into the file.
func (c *chain) settle(ctx context.Context) error {
	c.mu.Lock()
	long := c.pos > settleAt
	c.mu.Unlock()
	if !long {
		return nil
	}
	return errors.Join(c.db.Settle(), c.flush(ctx))
}

// relieve keeps the log from filling the disk while the place is out of reach.
func (c *chain) relieve() error {
	end, err := c.db.LogEnd()
	if err != nil || end.Size < abandonAt {
		return err
	}
	c.mu.Lock()
	c.end()
	c.mu.Unlock()
	return c.db.Settle()
}

// renewEvery is how often a new base is copied, so that a restore is short and
// what was deleted leaves the copy.
const renewEvery = 24 * time.Hour

func (c *chain) due(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.generation == "" || now.Sub(c.begun) >= renewEvery
}

// renew begins a generation: the file is copied while no checkpoint touches it;
// the whole present log follows as pieces.
func (c *chain) renew(ctx context.Context, at time.Time) error {
	end, err := c.db.LogEnd()
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.end()
	c.copying, c.spoiled = true, false
	c.mu.Unlock()
	generation := at.UTC().Format("20060102T150405.000000Z")
	b, err := c.copyFile(ctx, generation)
	c.mu.Lock()
	c.copying = false
	if err == nil && c.spoiled {
		err = errors.New("the file was changed meanwhile")
	}
	if err == nil {
		c.generation, c.begun, c.seq, c.salt, c.pos, c.told = generation, at, 0, end.Salt, 0, false
	}
	c.mu.Unlock()
	if err != nil {
		return err
	}
	if err = c.describe(ctx, b, at, generation); err != nil {
		c.mu.Lock()
		c.end()
		c.mu.Unlock()
	}
	return err
}

// describe finishes a generation at its place.
func (c *chain) describe(ctx context.Context, b base, at time.Time, generation string) error {
	if c.with != nil {
		if err := c.with(ctx, c.name+"/"+generation+"/file/"); err != nil {
			return err
		}
	}
	b.At = at
	content, err := json.Marshal(b)
	if err != nil {
		return err
	}
	return c.to.put(ctx, c.name+"/"+generation+"/base.json", content)
}

// breath is the rest between two parts of a base, so that the copy of a large
// file leaves the disk to those who wait.
const breath = 20 * time.Millisecond

// copyFile copies the database's file part by part.
func (c *chain) copyFile(ctx context.Context, generation string) (b base, err error) {
	f, err := os.Open(c.db.Path())
	if err != nil {
		return b, err
	}
	defer f.Close()
	if c.file, err = c.look(); err != nil {
		return b, err
	}
	for part := make([]byte, partSize); ; b.Parts++ {
		n, err := io.ReadFull(f, part)
		if n > 0 {
			name := fmt.Sprintf("%s/%s/base/%06d.zst", c.name, generation, b.Parts)
			packed := pack(part[:n])
			if err := c.to.put(ctx, name, packed); err != nil {
				return b, err
			}
			b.Size += int64(n)
			c.count(packed)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			b.Parts += min(n, 1)
			break
		}
		if err != nil {
			return b, err
		}
		if err := rest(ctx, breath); err != nil {
			return b, err
		}
	}
	if !c.untouched() {
		err = errors.New("the file was changed by another program")
	}
	return b, err
}

// look is by what a changed file is noticed.
func (c *chain) look() (string, error) {
	info, err := os.Stat(c.db.Path())
	if err != nil {
		return "", err
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano()), nil
}

// untouched reports whether the file still is what the base is a copy of.
func (c *chain) untouched() bool {
	now, err := c.look()
	return err == nil && now == c.file
}

func (c *chain) count(packed []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += int64(len(packed))
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
