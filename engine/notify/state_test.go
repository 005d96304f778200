package notify_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pendopo/engine/notify"
)

// TestNoHappeningLeadsOutOfTheStates lets anything happen to a notice in any
// order: it ends in one of two states, stays there whatever comes later, and is
// never sent before a channel was chosen.
func TestNoHappeningLeadsOutOfTheStates(t *testing.T) {
	happenings := []notify.Happening{notify.Chosen, notify.Accepted, notify.Arrived, notify.Retried, notify.Lost, notify.GivenUp}
	rapid.Check(t, func(t *rapid.T) {
		state, chosen := notify.Created, false
		for _, h := range rapid.SliceOfN(rapid.SampledFrom(happenings), 1, 40).Draw(t, "happenings") {
			next, ok := notify.Next(state, h)
			switch {
			case !ok && next != state:
				t.Fatalf("%s means nothing to %s and made it %s", h, state, next)
			case state.Ended() && ok:
				t.Fatalf("%s moved a notice that is %s", h, state)
			case !slices.Contains(notify.States(), next):
				t.Fatalf("%s by %s is %q", state, h, next)
			case next == notify.Sent && !chosen:
				t.Fatal("sent without a channel")
			}
			chosen = chosen || next == notify.Queued
			state = next
		}
		if next, ok := notify.Next(state, notify.GivenUp); !state.Ended() && (!ok || next != notify.Page) {
			t.Fatalf("what is %s cannot be put on the page", state)
		}
	})
}

// TestEveryStateCanBeReached names the state machine as the docs draw it.
func TestEveryStateCanBeReached(t *testing.T) {
	for _, way := range []struct {
		happenings []notify.Happening
		end        notify.State
	}{
		{[]notify.Happening{notify.Chosen, notify.Accepted, notify.Arrived}, notify.Delivered},
		{[]notify.Happening{notify.Chosen, notify.Retried, notify.Accepted, notify.Lost, notify.Chosen, notify.Arrived}, notify.Delivered},
		{[]notify.Happening{notify.Chosen, notify.Lost, notify.Arrived}, notify.Delivered},
		{[]notify.Happening{notify.Chosen, notify.Lost, notify.GivenUp}, notify.Page},
		{[]notify.Happening{notify.GivenUp}, notify.Page},
		{[]notify.Happening{notify.GivenUp, notify.Again}, notify.Queued},
	} {
		state := notify.Created
		for _, h := range way.happenings {
			var ok bool
			if state, ok = notify.Next(state, h); !ok {
				t.Fatalf("%v: %s means nothing there", way.happenings, h)
			}
		}
		if state != way.end {
			t.Errorf("%v ends as %s, want %s", way.happenings, state, way.end)
		}
	}
}
