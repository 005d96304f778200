package ledger

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

// A node that never led has kept the heads of the one that did: when the database
// falls back to an older state and this node leads, it does not sign another history.
func TestANodeThatOnlyFollowedDoesNotSignOverWhatWasLost(t *testing.T) {
	url := testkit.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	d := testkit.Open(t, url, db.Options{})
	r := newRig(t, d)
	r.append("case", 3)
	r.sequence()
	if err := d.Checkpoint(); err != nil {
		t.Fatal(err)
	}
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r.append("case", 4)
	r.sequence()

	folder := filepath.Join(t.TempDir(), "heads of the other node")
	follower, err := New(d, r.in, folder)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	kept := make(chan error, 1)
	go func() { kept <- follower.Keep(ctx) }()
	testkit.Eventually(t, "the follower holds the newest head", func() bool {
		h, err := follower.heads.newest()
		return err == nil && h.Size == 7
	})
	stop()
	if err := <-kept; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}

	restored := filepath.Join(t.TempDir(), "restored.db")
	if err := os.WriteFile(restored, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := New(testkit.Open(t, "sqlite:"+restored, db.Options{}), r.in, folder)
	if err != nil {
		t.Fatal(err)
	}
	wantFault(t, again.Keep(context.Background()), fault.Internal, "ledger.behind")
	if !again.Refuses() {
		t.Error("it does not say that it would refuse")
	}
	wantFault(t, again.Run(context.Background()), fault.Internal, "ledger.behind")
	head, err := again.Head()
	if err != nil || head.Size != 3 {
		t.Errorf("signed %d, %v", head.Size, err)
	}
}
