package administration

import (
	"context"
	"io/fs"

	"pendopo/kernel/db"
)

// Government is the government's files as they are live, and how others become so.
type Government interface {
	// Source is the live files by path, and the hash they are published under;
	// none when they were published before files were kept.
	Source(ctx context.Context) (hash string, files map[string]string, err error)
	// SourceAt is the files that were published under a hash; fault.Unknown.
	SourceAt(ctx context.Context, hash string) (map[string]string, error)
	// Publish makes files live. ErrFindings or a fault when they may not be.
	Publish(ctx context.Context, fsys fs.FS, p Publication) error
}

// Publication is on whose authority files become live.
type Publication struct {
	By       []string // who proposed, who agreed
	Proposal string
	Base     string            // what must be live until then
	Also     func(db.Tx) error // in the same transaction
}
