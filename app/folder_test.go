package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/administration"
	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

// house is an instance that was started with a folder.
type house struct {
	*app.Instance
	t   *testing.T
	dir string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: filepath.Join(t.TempDir(), "government")}
	files, err := casework.SourceFiles(government.FS)
	h.must(err)
	for name, text := range files {
		h.write(name, text)
	}
	h.Instance, err = app.Open(t.Context(), app.Options{Place: conf.Place{Data: t.TempDir() + "/data", Node: "test"}, Create: true, Origin: "localhost/log"})
	h.must(err)
	t.Cleanup(func() { h.must(h.Close()) })
	h.KeepFolder(h.dir)
	_, err = h.PublishFolder(context.Background(), os.DirFS(h.dir))
	h.must(err)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(name, text string) {
	h.t.Helper()
	h.must(os.MkdirAll(filepath.Dir(filepath.Join(h.dir, name)), 0o755))
	h.must(os.WriteFile(filepath.Join(h.dir, name), []byte(text), 0o644))
}

func (h *house) read(name string) string {
	h.t.Helper()
	text, err := os.ReadFile(filepath.Join(h.dir, name))
	h.must(err)
	return string(text)
}

// proposes brings a change of units.yaml forward and gives what another sees.
func (h *house) proposes(old, new string) administration.Touch {
	h.t.Helper()
	ctx := context.Background()
	id, err := h.Admin.Begin(ctx, "Telepon baru", "one")
	h.must(err)
	_, live, err := h.Admin.Source(ctx)
	h.must(err)
	h.must(h.Admin.Save(ctx, administration.Touch{ID: id, Version: 1, Actor: "one"}, "units.yaml", strings.Replace(live["units.yaml"], old, new, 1)))
	h.must(h.Admin.Propose(ctx, administration.Touch{ID: id, Version: 2, Actor: "one"}))
	return administration.Touch{ID: id, Version: 3, Actor: "another"}
}

func (h *house) versions() int {
	h.t.Helper()
	list, err := h.Cases.SourceVersions(context.Background())
	h.must(err)
	return len(list)
}

const oldPhone, newPhone = "(0299) 550 100", "(0299) 550 777"

// TestWhatTwoPublishedStandsInTheFolderToo and an older folder brings nothing back.
func TestWhatTwoPublishedStandsInTheFolderToo(t *testing.T) {
	h := newHouse(t)
	ctx, end := context.WithCancel(context.Background())
	worked := make(chan struct{})
	go func() { h.Work(ctx); close(worked) }()
	defer func() { end(); <-worked }()
	before := h.read("units.yaml")
	h.write("README.md", "notes of the clerk")
	h.must(h.Admin.Approve(ctx, h.proposes(oldPhone, newPhone)))
	testkit.Eventually(t, "the folder holds what was published", func() bool {
		return strings.Contains(h.read("units.yaml"), newPhone) && h.FolderState() == app.FolderSame
	})
	if h.read("README.md") != "notes of the clerk" {
		t.Error("a file that is no definition was touched")
	}
	kept, err := filepath.Glob(filepath.Join(h.Place.Data, "government-before", "*", "units.yaml"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%d copies were kept: %v", len(kept), err)
	}
	if text, err := os.ReadFile(kept[0]); err != nil || string(text) != before {
		t.Error("the copy is not what stood there")
	}

	h.write("units.yaml", before) // the folder of a node that was away
	n := h.versions()
	_, err = h.PublishFolder(ctx, os.DirFS(h.dir))
	h.must(err)
	if h.versions() != n || !strings.Contains(h.read("units.yaml"), newPhone) {
		t.Error("an older folder brought back what held before")
	}

	h.write("units.yaml", strings.Replace(before, oldPhone, "(0299) 550 888", 1)) // changed by hand: an operator's word
	_, err = h.PublishFolder(ctx, os.DirFS(h.dir))
	h.must(err)
	if h.versions() != n+1 || h.Cases.Government().Units[0].Phone != "(0299) 550 888" {
		t.Error("what was changed by hand was not published")
	}
}

// TestAFolderChangedByHandIsLeftAlone when somebody publishes over it.
func TestAFolderChangedByHandIsLeftAlone(t *testing.T) {
	h := newHouse(t)
	ctx, end := context.WithCancel(context.Background())
	worked := make(chan struct{})
	go func() { h.Work(ctx); close(worked) }()
	defer func() { end(); <-worked }()
	byHand := strings.Replace(h.read("units.yaml"), oldPhone, "(0299) 550 999", 1)
	h.write("units.yaml", byHand)
	h.must(h.Admin.Approve(ctx, h.proposes(oldPhone, newPhone)))
	testkit.Eventually(t, "it says so", func() bool { return h.FolderState() == app.FolderOther })
	if h.read("units.yaml") != byHand {
		t.Error("what somebody wrote by hand was overwritten")
	}
}

// TestANodeKilledWhileItWroteGoesOn: the mark says that the folder is half-written.
func TestANodeKilledWhileItWroteGoesOn(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.must(h.Admin.Approve(ctx, h.proposes(oldPhone, newPhone)))
	h.write("units.yaml", "units:\n") // half of something
	h.write(".pendopo-writing", time.Now().String())
	_, err := h.PublishFolder(ctx, os.DirFS(h.dir))
	h.must(err)
	if !strings.Contains(h.read("units.yaml"), newPhone) {
		t.Error("the folder stayed half-written")
	}
	if _, err := os.Stat(filepath.Join(h.dir, ".pendopo-writing")); err == nil {
		t.Error("the mark stayed")
	}
}

// TestOfTwoWhoAgreeAtOnceOnePublishes, and what is faulty nobody does.
func TestOfTwoWhoAgreeAtOnceOnePublishes(t *testing.T) {
	h := newHouse(t)
	touch := h.proposes(oldPhone, newPhone)
	errs := make(chan error)
	for _, who := range []string{"second", "third"} {
		go func() {
			mine := touch
			mine.Actor = who
			errs <- h.Admin.Approve(context.Background(), mine)
		}()
	}
	if a, b := <-errs, <-errs; (a == nil) == (b == nil) {
		t.Errorf("answered %v and %v", a, b)
	}
	if h.versions() != 2 {
		t.Errorf("published %d times", h.versions()-1)
	}
	touch = h.proposes("calendar: five_day", "calendar: nine_day")
	if err := h.Admin.Approve(context.Background(), touch); !fault.Is(err, fault.Invalid) {
		t.Errorf("what is faulty was answered with %v", err)
	}
	own := h.proposes(newPhone, oldPhone)
	own.Actor = "one"
	if err := h.Admin.Approve(context.Background(), own); !fault.Is(err, fault.Forbidden) {
		t.Errorf("agreeing to one's own was answered with %v", err)
	}
}
