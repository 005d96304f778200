package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pendopo/law/fold"
)

func TestDeadlinesThatCannotFireKeepNoOtherWaiting(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		for i := range 130 { // more than are read at a time; their keys are lost
			w.must(w.Keys.Shred(w.apply(once(fmt.Sprint("n", i), "lost")).Stream))
		}
		w.clock.now = w.clock.now.Add(time.Minute)
		got := w.apply(once("n", "sound"))
		w.clock.now = w.clock.now.Add(24 * time.Hour)
		n, err := w.Cases.Lapse(ctx)
		if err == nil || n == 0 {
			t.Errorf("%d deadlines fired, %v", n, err)
		}
		c, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		if d, _ := c.Deadline("review"); d.State != fold.Missed {
			t.Errorf("the deadline of a case that is sound is %s", d.State)
		}
	})
}
