package demo

import (
	"context"

	"pendopo/app"
	"pendopo/engine/casework"
)

// Sample is a case of the demo that a newcomer may look at as its applicant.
type Sample struct {
	Code   string `json:"code"`
	Secret string `json:"secret"`
	What   string `json:"what"`
}

// Samples are the most telling cases. In a real instance nobody but the
// applicant is ever told a secret.
func Samples(ctx context.Context, in *app.Instance) ([]Sample, error) {
	var out []Sample
	for _, s := range []struct{ key, what string }{
		{"letter-05", "letter ready to download"}, {"letter-back", "sent back: something to correct"},
		{"sip-stop", "licence whose clock stands"}, {"sip-deemed", "licence granted by law: nobody decided in time"},
		{"sip-no", "rejected, objected to"},
		{"family-ready", "family card made in SIAK, ready"}, {"sign-half", "two offices examine at once"}, {"sign-wait", "another office is asked"},
	} {
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

// storyKey makes one case of each story, however often the demo is started.
func storyKey(key string) casework.Once {
	return casework.Once{Scope: "demo", Key: "demo-case-of-the-story-" + key, Request: []byte(key)}
}
