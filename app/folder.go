package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pendopo/engine/administration"
	"pendopo/engine/casework"
	"pendopo/kernel/folder"
)

// houseFolder is the government folder a node was started with. What two
// administrators published is written into it, so that a restart does not bring
// back what held before.
type houseFolder struct {
	dir   string
	mu    sync.Mutex // one at a time looks at the folder and writes it
	wake  chan struct{}
	state atomic.Pointer[FolderState]
}

// FolderState is how the folder of this node stands to what is live.
type FolderState string

// The states.
const (
	FolderNone   FolderState = "none"   // started without one
	FolderSame   FolderState = "same"   // holds what is live
	FolderOther  FolderState = "other"  // was changed by hand and never published: left alone
	FolderBarred FolderState = "barred" // holds an earlier version and cannot be written to
	writingMark              = ".pendopo-writing"
	keptFolders              = "government-before"
)

// KeepFolder says which folder this node was started with. Call it before Work.
func (in *Instance) KeepFolder(dir string) {
	in.folder = &houseFolder{dir: dir, wake: make(chan struct{}, 1)}
}

// FolderState tells how the folder stands, as it was last looked at.
func (in *Instance) FolderState() FolderState {
	if in.folder == nil {
		return FolderNone
	}
	if s := in.folder.state.Load(); s != nil {
		return *s
	}
	return FolderSame
}

// PublishFolder publishes the folder that the node was started with. One that
// holds what was live before administrators published something newer is not
// published again: it is brought up to date.
func (in *Instance) PublishFolder(ctx context.Context, fsys fs.FS) (casework.Published, error) {
	late, err := in.folderIsLate(ctx, fsys)
	if err != nil {
		return casework.Published{}, err
	}
	if late {
		return casework.Published{}, in.followFolder(ctx)
	}
	return in.Publish(ctx, fsys)
}

// folderIsLate reports whether the folder holds an earlier version than what
// administrators have published, or half of the newer one after a crash.
func (in *Instance) folderIsLate(ctx context.Context, fsys fs.FS) (bool, error) {
	versions, err := in.Cases.SourceVersions(ctx)
	if err != nil || len(versions) == 0 || versions[0].Proposal == "" {
		return false, err
	}
	if _, err := fs.Stat(fsys, writingMark); err == nil {
		return true, nil
	}
	files, err := casework.SourceFiles(fsys)
	if err != nil {
		return false, err
	}
	hash := casework.SourceHash(files)
	return hash != versions[0].Hash && slices.ContainsFunc(versions, func(v casework.SourceVersion) bool { return v.Hash == hash }), nil
}

// wakeFolder is told that something was published.
func (in *Instance) wakeFolder() {
	if in.folder == nil {
		return
	}
	select {
	case in.folder.wake <- struct{}{}:
	default:
	}
}

// keepFolder brings the folder up to date after every publication, until ctx ends.
func (in *Instance) keepFolder(ctx context.Context) error {
	if in.folder == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	for {
		if err := in.followFolder(ctx); err != nil && ctx.Err() == nil {
			in.Log.Error("the government folder is not brought up to date", slog.Any("error", err))
		}
		select {
		case <-in.folder.wake:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// followFolder writes what is live into the folder when it holds an earlier
// version; one that was changed by hand is left alone.
func (in *Instance) followFolder(ctx context.Context) error {
	if in.folder == nil {
		return nil
	}
	in.folder.mu.Lock()
	defer in.folder.mu.Unlock()
	state, err := in.follow(ctx)
	in.folder.state.Store(&state)
	if errors.Is(err, fs.ErrPermission) {
		in.Log.Warn("the government folder cannot be written to; administrators can fetch what is live at /admin/versions")
		return nil
	}
	return err
}

func (in *Instance) follow(ctx context.Context) (FolderState, error) {
	late, err := in.folderIsLate(ctx, os.DirFS(in.folder.dir))
	if err != nil {
		return FolderOther, err
	}
	hash, live, err := in.Cases.Source(ctx)
	if err != nil || live == nil {
		return FolderSame, err
	}
	have, err := casework.SourceFiles(os.DirFS(in.folder.dir))
	if err != nil {
		return FolderOther, err
	}
	switch {
	case !late && casework.SourceHash(have) == hash:
		return FolderSame, nil
	case !late:
		return FolderOther, nil
	}
	if err := in.writeFolder(have, live); err != nil {
		return FolderBarred, err
	}
	in.Log.Info("the government folder was brought up to date", slog.String("version", hash))
	return FolderSame, in.Admin.Note(ctx, administration.Deed{Kind: administration.FolderWritten, Actor: "system", Hash: hash}, nil)
}

// writeFolder keeps a copy of what stands in the folder and writes what is live
// over it, file by file. A mark stands in the folder meanwhile: a node that was
// killed in the middle goes on where it was.
func (in *Instance) writeFolder(have, live map[string]string) error {
	kept := filepath.Join(in.Place.Data, keptFolders, in.Now().UTC().Format("20060102-150405.000000"))
	for name, text := range have {
		if live[name] != text {
			if err := writeFile(filepath.Join(kept, name), text); err != nil {
				return err
			}
		}
	}
	mark := filepath.Join(in.folder.dir, writingMark)
	if err := writeFile(mark, time.Now().UTC().Format(time.RFC3339)+"\n"); err != nil {
		return err
	}
	for name, text := range live {
		if have[name] != text {
			if err := writeFile(filepath.Join(in.folder.dir, name), text); err != nil {
				return err
			}
		}
	}
	for name := range have {
		if _, ok := live[name]; !ok {
			if err := os.Remove(filepath.Join(in.folder.dir, name)); err != nil {
				return err
			}
		}
	}
	if err := os.Remove(mark); err != nil {
		return err
	}
	return folder.Sync(in.folder.dir)
}

// writeFile puts a whole file in the place of another, durably.
func writeFile(path, text string) error {
	if err := folder.Make(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".pendopo-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return folder.Sync(filepath.Dir(path))
}
