package administration

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"time"

	"pendopo/kernel/db"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is the migrations; the module's name for db.Migrate is "administration".
func Schema() fs.FS {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		return schema // not reached: the folder is embedded
	}
	return sub
}

// Options of New; all are needed.
type Options struct {
	DB         *db.DB
	Government Government
	Node       string // writing node of events
	Now        func() time.Time
}

// Engine is administration at work; safe for use by many goroutines.
type Engine struct {
	db         *db.DB
	government Government
	node       string
	now        func() time.Time
}

// New makes an engine over a database that has been migrated with Schema.
func New(o Options) *Engine {
	return &Engine{db: o.DB, government: o.Government, node: o.Node,
		now: func() time.Time { return o.Now().UTC().Truncate(time.Microsecond) }}
}

// Source is the live files and their hash.
func (e *Engine) Source(ctx context.Context) (hash string, files map[string]string, err error) {
	return e.government.Source(ctx)
}

// Hash names a text: what a change was made from.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// At is the files that were published under a hash; fault.Unknown.
func (e *Engine) At(ctx context.Context, hash string) (map[string]string, error) {
	return e.government.SourceAt(ctx, hash)
}
