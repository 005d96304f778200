package app_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/law/fold"
)

func TestAnOfficeStaysWhileItHasOpenCases(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got := w.apply(once("m", "one"))
		text, err := fs.ReadFile(government.FS, "units.yaml")
		w.must(err)
		renamed := overlay(t, map[string]string{"units.yaml": strings.ReplaceAll(string(text), "kel-sekararum", "kel-sekar")})
		if _, err := w.Publish(ctx, renamed); !errors.Is(err, casework.ErrStillNeeded) {
			t.Errorf("the office of an open case was renamed: %v", err)
		}
		if w.Cases.Government().Unit("kel-sekararum") == nil {
			t.Error("what was refused is live")
		}
		_, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Action: "withdraw", By: fold.Holder{Who: "applicant"}})
		w.must(err)
		if p, err := w.Publish(ctx, renamed); err != nil {
			t.Errorf("after its cases have ended: %v %v", err, p.Findings)
		}
	})
}
