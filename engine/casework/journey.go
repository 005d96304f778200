package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Journey is what one person went through about one service: the case that was
// withdrawn, the one that was refused, the one filed again, oldest first. It is
// linked by the applicant's NIK in the blind index; the record itself does not
// say that two cases are of one person.
type Journey struct{ Cases []fold.Case }

// journeyGap is how long after the last word on a matter another application is
// a matter of its own.
const journeyGap = 365 * 24 * time.Hour

// Began is when the matter first reached the government.
func (j Journey) Began() time.Time { return j.Cases[0].Received }

// Answered is when the person had an answer that ends it: the product, or a
// rejection that stands. False while there is none.
func (j Journey) Answered() (time.Time, bool) {
	last := j.Cases[len(j.Cases)-1]
	if last.Outcome != definition.Granted && last.Outcome != definition.Rejected {
		return time.Time{}, false
	}
	return answered(last), true
}

// answered is when a case that was granted or rejected had its answer: the
// product was there, whenever it was fetched, the rejection was said, or the work
// was done, the last time where it was not solved at first.
func answered(c fold.Case) time.Time {
	at := c.Changed
	for _, m := range c.Marks {
		switch {
		case m.Kind == fold.Issued, m.Kind == fold.Taken, m.Kind == fold.Rejected, m.Kind == fold.Finished:
			at = m.At
		case m.Outcome != "" && at.Equal(c.Changed):
			at = m.At
		}
	}
	return at
}

// Journey finds the journey of a case. Whoever asks must be allowed to see the
// states of this person's cases; nothing sealed is handed out.
func (e *Engine) Journey(ctx context.Context, stream string) (Journey, error) {
	linked, err := e.linked(ctx, stream)
	if err != nil {
		return Journey{}, err
	}
	cases := make([]fold.Case, 0, len(linked))
	for _, s := range linked {
		c, err := e.state(ctx, s)
		if err != nil {
			return Journey{}, err
		}
		cases = append(cases, c)
	}
	for _, j := range journeys(cases) {
		if slices.ContainsFunc(j.Cases, func(c fold.Case) bool { return c.Stream == stream }) {
			return j, nil
		}
	}
	return Journey{}, errUnknownCase()
}

// journeys parts the cases of one person about one service: what is asked for
// after a grant, or long after the last word, is another matter.
func journeys(cases []fold.Case) (out []Journey) {
	slices.SortFunc(cases, func(a, b fold.Case) int {
		return cmp.Or(a.Received.Compare(b.Received), strings.Compare(a.Stream, b.Stream))
	})
	for i, c := range cases {
		if i == 0 || over(cases[i-1], c.Received) {
			out = append(out, Journey{})
		}
		j := &out[len(out)-1]
		j.Cases = append(j.Cases, c)
	}
	return out
}

// over says whether a case had ended a journey before a moment.
func over(c fold.Case, at time.Time) bool {
	if c.Open() || at.Before(answered(c)) {
		return false
	}
	return c.Outcome == definition.Granted || at.Sub(answered(c)) > journeyGap
}

// linked are the cases of the same applicant and service, this one among them
// even before the index knows it. One whose key is destroyed stands alone.
func (e *Engine) linked(ctx context.Context, stream string) ([]string, error) {
	var given event.Event
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		given, err = event.Last(tx, stream, fold.Submitted, fold.Resubmitted)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return nil, errUnknownCase()
	}
	if err != nil {
		return nil, err
	}
	token, err := e.journeyOf(ctx, given)
	if err != nil || token == nil {
		return []string{stream}, err
	}
	found, err := e.keys.FindIndex(token)
	if !slices.Contains(found, stream) {
		found = append(found, stream)
	}
	return found, err
}

// journeyToken is the token under which the cases of an applicant and service
// are found; nil where the form does not ask the applicant's NIK.
func (e *Engine) journeyToken(b *Bound, a form.Answers) []byte {
	nik, ok := a[applicantNIK(b.Service)].(string)
	if !ok {
		return nil
	}
	return e.codes.in.IndexMAC("journey", b.Service.ID, nik)
}

// applicantNIK is the field of the applicant's own NIK: the one beside the
// applicant's name, or else the first that is not a proxy's. "" when there is none.
func applicantNIK(s *definition.Service) string {
	first := ""
	for _, p := range s.Form.Pages {
		for _, f := range p.Fields {
			if f.Kind == definition.KindNIK && first == "" && !strings.HasPrefix(f.ID, "proxy_") {
				first = f.ID
			}
			if who, is := strings.CutSuffix(f.ID, "name"); is && f.Name {
				if beside := s.Field(who + "nik"); beside != nil && beside.Kind == definition.KindNIK {
					return beside.ID
				}
			}
		}
	}
	return first
}
