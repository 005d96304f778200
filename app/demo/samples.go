package demo

import (
	"context"
	"fmt"
	"slices"

	"pendopo/app"
	"pendopo/engine/casework"
)

// Sample is a case of the demo that a newcomer may look at as its applicant.
type Sample struct {
	Code   string `json:"code"`
	Secret string `json:"secret"`
	What   string `json:"what"`
}

// story is a case by its key, and what is to be seen in it.
type story struct{ key, what string }

// reportSamples are reports of which their reporters have something to see or to do.
func reportSamples() ([]story, error) {
	all, err := tellings()
	if err != nil {
		return nil, err
	}
	var out []story
	for _, w := range []struct {
		what string
		fits func(telling) bool
	}{
		{"report that is done: solved or not?", func(t telling) bool { return t.state == "reply" }},
		{"report with messages", func(t telling) bool { return t.state == "work" && t.n%3 == 0 && t.days > 6 }},
		{"report opened again", func(t telling) bool { return t.state == "reopened" }},
		{"report sent back: something to add", func(t telling) bool { return t.state == "back" }},
	} {
		if i := slices.IndexFunc(all, w.fits); i >= 0 {
			out = append(out, story{reportKey(all[i].n), w.what})
		}
	}
	return out, nil
}

// Samples are the most telling cases. In a real instance nobody but the
// applicant is ever told a secret.
func Samples(ctx context.Context, in *app.Instance) ([]Sample, error) {
	list, err := reportSamples()
	if err != nil {
		return nil, err
	}
	var out []Sample
	for _, s := range append([]story{
		{"letter-05", "letter ready to download"}, {"letter-back", "sent back: something to correct"},
		{"sip-stop", "licence whose clock stands"}, {"sip-deemed", "licence granted by law: nobody decided in time"},
		{"sip-no", "rejected, objected to"},
		{"family-ready", "family card made in SIAK, ready"}, {"sign-half", "two offices examine at once"}, {"sign-wait", "another office is asked"},
	}, list...) {
		stream, err := in.Cases.StreamOf(ctx, storyKey(s.key))
		if err != nil {
			return nil, err
		}
		if stream != "" {
			out = append(out, Sample{in.Cases.Code(stream), in.Cases.Secret(stream), s.what})
		}
	}
	return out, nil
}

// reportKey is the key of the n-th report.
func reportKey(n int) string { return fmt.Sprintf("report-%03d", n) }

// storyKey makes one case of each story, however often the demo is started.
func storyKey(key string) casework.Once {
	return casework.Once{Scope: "demo", Key: "demo-case-of-the-story-" + key, Request: []byte(key)}
}
