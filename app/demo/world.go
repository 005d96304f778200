package demo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/kernel/blob"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/place"
)

// world makes the past: what people did at which moment, in the order of time,
// with every deadline firing in between.
type world struct {
	in     *app.Instance
	clock  *Clock
	office deadline.Clock // of the licensing office: which days are working days
	today  time.Time      // the real present, at which the past ends
	ids    map[string]string
	plan   []happening
	days   []time.Time  // the last working days, from today's on
	ground *place.Areas // where villages lie
	opened []*report    // whose reporter two guards look up
}

// happening is one thing that somebody does at a moment.
type happening struct {
	at time.Time
	do func(context.Context) error
}

// at is a time of day on the n-th working day before today; 0 is the last
// working day that has begun.
func (w *world) at(days int, clock string) time.Time {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		panic("demo: " + err.Error()) // a constant of this package
	}
	for len(w.days) <= days {
		w.days = append(w.days, w.before())
	}
	y, m, d := w.days[days].Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, w.office.Office.Zone)
}

// before is the noon of the working day before those that are known.
func (w *world) before() time.Time {
	day := w.today.In(w.office.Office.Zone)
	if n := len(w.days); n > 0 {
		day = w.days[n-1].AddDate(0, 0, -1)
	}
	for {
		y, m, d := day.Date()
		if w.working(time.Date(y, m, d, 0, 0, 0, 0, day.Location())) {
			return time.Date(y, m, d, 12, 0, 0, 0, day.Location())
		}
		day = time.Date(y, m, d-1, 12, 0, 0, 0, day.Location())
	}
}

// working reports whether the day that begins at midnight is a working day.
func (w *world) working(midnight time.Time) bool {
	end := w.office.NextWorkingDayEnd(midnight.Add(-time.Minute))
	return !end.IsZero() && end.In(midnight.Location()).YearDay() == midnight.YearDay()
}

func (w *world) plan1(at time.Time, do func(context.Context) error) {
	if at.After(w.today) {
		return // has not happened yet
	}
	w.plan = append(w.plan, happening{at, do})
}

// run lets everything happen, oldest first.
func (w *world) run(ctx context.Context, progress func(done, total int)) error {
	slices.SortStableFunc(w.plan, func(a, b happening) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	for i, h := range w.plan {
		if err := w.passUntil(ctx, h.at); err != nil {
			return err
		}
		w.clock.Set(h.at)
		if err := h.do(ctx); err != nil {
			return fmt.Errorf("demo: at %s: %w", h.at.Format("2006-01-02 15:04"), err)
		}
		if err := w.in.Jobs.Drain(ctx); err != nil {
			return err
		}
		progress(i+1, len(w.plan))
	}
	return w.passUntil(ctx, w.today)
}

// passUntil lets time pass: every deadline that falls due fires at its moment.
func (w *world) passUntil(ctx context.Context, to time.Time) error {
	for {
		next, ok, err := w.in.Cases.NextDue(ctx)
		if err != nil || !ok || next.After(to) {
			return err
		}
		if late := next.Add(time.Microsecond); late.After(w.clock.Now()) || w.clock.Now().After(to) {
			w.clock.Set(late)
		}
		if _, err := w.in.Cases.Lapse(ctx); err != nil {
			return err
		}
		if err := w.in.Jobs.Drain(ctx); err != nil {
			return err
		}
	}
}

// tale is one case of the demo.
type tale struct {
	w       *world
	stream  string
	service string
	skip    bool // made when the demo was started before
}

// submit plans an application. Papers are drawn for every file field that the
// answers leave open.
func (w *world) submit(key string, at time.Time, s casework.Submission) *tale {
	return w.submitWith(key, at, s, w.papers)
}

// submitWith is submit with files of its own.
func (w *world) submitWith(key string, at time.Time, s casework.Submission, files func(stream string, s *casework.Submission) error) *tale {
	t := &tale{w: w, service: s.Service}
	w.plan1(at, func(ctx context.Context) error {
		s.Once = storyKey(key)
		if stream, err := w.in.Cases.StreamOf(ctx, s.Once); err != nil || stream != "" {
			t.skip = true
			return err
		}
		if s.Lang == "" {
			s.Lang = "id"
		}
		d, _, _, err := w.in.Cases.Begin(s.Service, s.Channel, s.Lang)
		if err != nil {
			return err
		}
		if err := files(d.Stream, &s); err != nil {
			return err
		}
		s.Draft = d.Stream
		got, err := w.in.Cases.Submit(ctx, s)
		t.stream = got.Stream
		return err
	})
	return t
}

// papers draws what the form asks for.
func (w *world) papers(stream string, s *casework.Submission) error {
	b, err := w.in.Cases.Catalogue().Live(s.Service)
	if err != nil {
		return err
	}
	env := form.Env{Answers: s.Answers, Today: w.clock.Now(), Channel: s.Channel}
	for _, p := range b.Service.Form.Pages {
		for _, f := range p.Fields {
			if f.Kind != definition.KindFile || f.Optional || s.Answers[f.ID] != nil || !b.Form.Shown(f.ID, env) {
				continue
			}
			id, err := w.paper(stream, f.Label.In("id"), holder(s.Answers))
			if err != nil {
				return err
			}
			s.Answers[f.ID] = []string{id}
		}
	}
	return nil
}

// holder is whose papers they are.
func holder(a form.Answers) string {
	for _, id := range []string{"name", "applicant_name"} {
		if name, ok := a[id].(string); ok {
			return name
		}
	}
	return ""
}

func (w *world) paper(stream, title, holder string) (string, error) {
	content, err := paper(title, holder)
	if err != nil {
		return "", err
	}
	return w.store(stream, blob.Info{Name: title + ".jpg", Type: "image/jpeg"}, content)
}

// store keeps a file under the key of its case.
func (w *world) store(stream string, info blob.Info, content []byte) (string, error) {
	key, err := w.in.Keys.Get(stream)
	if err != nil {
		return "", err
	}
	info.Size = int64(len(content))
	id, err := w.in.Blobs.Create(stream, key, info)
	if err != nil {
		return "", err
	}
	if _, err := w.in.Blobs.Append(id, key, 0, bytes.NewReader(content)); err != nil {
		return "", err
	}
	_, err = w.in.Blobs.Finish(id, key)
	return id, err
}

// asked is the case by which another unit was asked, once it was.
func (t *tale) asked(at time.Time, service string) *tale {
	child := &tale{w: t.w, service: service}
	t.w.plan1(at, func(ctx context.Context) error {
		child.skip = t.skip
		if t.skip {
			return nil
		}
		c, err := t.w.in.Cases.State(ctx, t.stream)
		if err != nil || len(c.Asked) == 0 {
			return errors.Join(err, fmt.Errorf("demo: nobody was asked for %s", service))
		}
		child.stream = c.Asked[len(c.Asked)-1].Case
		return nil
	})
	return child
}

// deed plans what an officer does; login "" is the applicant.
func (t *tale) deed(at time.Time, login string, d casework.Deed) *tale {
	return t.deedOf(at, login, &d)
}

// deedOf is deed with what may be completed until its time has come.
func (t *tale) deedOf(at time.Time, login string, planned *casework.Deed) *tale {
	t.w.plan1(at, func(ctx context.Context) error {
		if t.skip {
			return nil
		}
		d := *planned
		c, err := t.w.in.Cases.State(ctx, t.stream)
		if err != nil {
			return err
		}
		d.Stream, d.Seen = t.stream, c.Version
		d.By = fold.Holder{Who: "applicant"}
		if login != "" {
			d.Actor, d.By = t.w.ids[login], c.Holder
		}
		step := c.Step
		if i := slices.IndexFunc(c.Branches, func(b fold.Branch) bool { return b.Step == d.Step }); i >= 0 {
			step, d.By = d.Step, c.Branches[i].Holder
		}
		if d.Checks == nil && login != "" {
			d.Checks = t.allGood(step)
		}
		if d.Upload == siakFile {
			if d.Upload, err = t.w.store(t.stream, blob.Info{Name: "dokumen-siak.pdf", Type: "application/pdf"}, fromSIAK()); err != nil {
				return err
			}
		}
		if d.Action == "submit" {
			if d.Answers, _, err = t.w.in.Cases.Own(ctx, t.stream); err != nil {
				return err
			}
		}
		_, err = t.w.in.Cases.Act(ctx, d)
		return err
	})
	return t
}

// allGood ticks every line of a step's checklist.
func (t *tale) allGood(step string) map[string]bool {
	b, err := t.w.in.Cases.Catalogue().Live(t.service)
	if err != nil || b.Service.Step(step) == nil {
		return nil
	}
	out := map[string]bool{}
	for _, c := range b.Service.Step(step).Checklist {
		out[c.ID] = true
	}
	return out
}

// branch plans what is done on one of several ways that the case goes at once.
func (t *tale) branch(at time.Time, login, step, action string) *tale {
	return t.deed(at, login, casework.Deed{Step: step, Action: action})
}

func (t *tale) act(at time.Time, login, action string) *tale {
	return t.deed(at, login, casework.Deed{Action: action})
}

func (t *tale) sendBack(at time.Time, login, check, words string) *tale {
	d := casework.Deed{Action: "return", Defects: []flow.Defect{{ID: check, Words: words}}}
	d.Checks = t.allGoodBut(check)
	return t.deed(at, login, d)
}

// allGoodBut judges the first checklist that has the line, that line as bad.
func (t *tale) allGoodBut(check string) map[string]bool {
	b, err := t.w.in.Cases.Catalogue().Live(t.service)
	if err != nil {
		return nil
	}
	for _, s := range b.Service.Flow.Steps {
		checks := t.allGood(s.ID)
		if _, ok := checks[check]; ok {
			checks[check] = false
			return checks
		}
	}
	return nil
}
