package advice

import (
	"cmp"
	"context"
	"errors"
	"image"
	_ "image/jpeg" // pictures are kept as JPEG
	"log/slog"
	"slices"
	"time"

	"pendopo/feature/complaint/report"
	"pendopo/kernel/fault"
	"pendopo/law/near"
)

// How sketches are made: every few seconds what has come in, so many at a time;
// and how long they are kept, a while longer than reports are compared.
const (
	pass    = 15 * time.Second
	atOnce  = 50
	mostIn  = 2_000 // in one pass
	keptFor = near.Long + 30*24*time.Hour
)

// SketchAll makes the sketches that are missing, and forgets those that are of
// no more use. It says how many it made.
func (a *Adviser) SketchAll(ctx context.Context) (n int, err error) {
	since := a.Now().Add(-keptFor)
	for n < mostIn {
		list, err := a.Reports.Unsketched(ctx, since, atOnce)
		if err != nil {
			return n, err
		}
		for _, r := range list {
			if err := a.sketch(ctx, r); err != nil {
				return n, err
			}
			n++
		}
		if len(list) < atOnce {
			break
		}
	}
	return n, a.Reports.Forget(since)
}

// sketch opens a report, which no person reads, and keeps what it is compared
// by. One that cannot be opened any more gets an empty sketch.
func (a *Adviser) sketch(ctx context.Context, r report.Report) error {
	s, err := a.sketchOf(ctx, r)
	if err != nil && (ctx.Err() != nil || fault.Is(err, fault.Unavailable)) {
		return err
	}
	if err != nil {
		a.Log.Warn("a report has no sketch", slog.String("stream", r.Stream), slog.Any("error", err))
	}
	s.Stream, s.Received = r.Stream, r.Received
	return a.Reports.Keep(s)
}

func (a *Adviser) sketchOf(ctx context.Context, r report.Report) (s report.Sketch, err error) {
	c, err := a.Cases.State(ctx, r.Stream)
	if fault.Is(err, fault.Unknown) { // from an archive: it has public words alone
		return report.Sketch{Text: a.sketcher.Sketch(r.Title + "\n" + r.Text)}, nil
	}
	if err != nil {
		return s, err
	}
	answers, _, err := a.Cases.Own(ctx, r.Stream)
	if err != nil {
		return s, err
	}
	m, ok, err := a.read(ctx, c, answers)
	if err != nil || !ok {
		return s, err
	}
	s.Text = a.sketcher.Sketch(m.said())
	s.Pictures, err = a.prints(ctx, m)
	return s, err
}

// mostPictures of one report are compared.
const mostPictures = 4

// prints are those of the pictures of a report; what is no picture has none.
func (a *Adviser) prints(ctx context.Context, m matter) (out []near.Print, err error) {
	for _, id := range m.photos[:min(len(m.photos), mostPictures)] {
		r, _, err := a.Files.Open(ctx, m.row.Stream, id)
		if err != nil {
			return out, err
		}
		img, _, err := image.Decode(r)
		if p, ok := printOf(img, err); ok {
			out = append(out, p)
		}
		if err := r.Close(); err != nil {
			return out, err
		}
	}
	return out, nil
}

func printOf(img image.Image, err error) (near.Print, bool) {
	if err != nil {
		return 0, false
	}
	return near.PrintOf(img)
}

// Bounds of looking for the same: how many reports near by are compared, and how
// many are shown.
const (
	nearby   = 150.0 // metres
	mostNear = 40
	mostSame = 5
)

// Same are the codes of the reports that may tell of the same thing as a case,
// the likeliest first.
func (a *Adviser) Same(ctx context.Context, stream string) (codes []string, err error) {
	c, err := a.Cases.State(ctx, stream)
	if err != nil {
		return nil, err
	}
	answers, _, err := a.Cases.Own(ctx, stream)
	if err != nil {
		return nil, err
	}
	m, ok, err := a.read(ctx, c, answers)
	if err != nil || !ok {
		return nil, err
	}
	all, err := a.same(ctx, m)
	for _, l := range all {
		codes = append(codes, l.row.Code)
	}
	return codes, err
}

// likely is a report that may tell of the same thing.
type likely struct {
	row   report.Report
	alike near.Likeness
}

// same are the reports that may tell of the same thing, the likeliest first.
// What is looked at is bounded by the cells around the place, or by the newest of
// the village, however many reports there are.
func (a *Adviser) same(ctx context.Context, m matter) ([]likely, error) {
	around, err := a.around(ctx, m.row)
	if err != nil || len(around) == 0 {
		return nil, err
	}
	streams := []string{m.row.Stream}
	for _, r := range around {
		streams = append(streams, r.Stream)
	}
	sketches, err := a.Reports.Sketches(ctx, streams)
	if err != nil {
		return nil, err
	}
	own, made := sketches[m.row.Stream]
	if !made { // it has only just come in
		own.Text = a.sketcher.Sketch(m.said())
		if own.Pictures, err = a.prints(ctx, m); err != nil && !fault.Is(err, fault.Unknown) {
			return nil, err
		}
	}
	mine := compared(m.row, own)
	var out []likely
	for _, r := range around {
		if l := near.Compare(mine, compared(r, sketches[r.Stream])); l.Score >= near.Likely {
			out = append(out, likely{r, l})
		}
	}
	slices.SortStableFunc(out, func(x, y likely) int { return cmp.Compare(y.alike.Score, x.alike.Score) })
	return out[:min(len(out), mostSame)], nil
}

func compared(r report.Report, s report.Sketch) near.Report {
	return near.Report{Place: r.Place, Region: r.Region, At: r.Received, Category: r.Category, Text: s.Text, Pictures: s.Pictures}
}

// around are the reports that may be compared with one: of the same service, near
// by, not long before, and neither merged nor taken back. One of an archive has
// no case that could be joined.
func (a *Adviser) around(ctx context.Context, r report.Report) (out []report.Report, err error) {
	since := r.Received.Add(-near.Long)
	if r.Place != nil {
		out, err = a.Reports.Near(ctx, *r.Place, nearby, since, mostNear)
	} else if r.Region != "" {
		for _, unshown := range []bool{false, true} {
			p, e := a.Reports.List(ctx, report.Filter{Unshown: unshown, Area: r.Region, Since: since}, "", mostNear)
			out, err = append(out, p.Reports...), errors.Join(err, e)
		}
	}
	return slices.DeleteFunc(out, func(o report.Report) bool {
		return o.Stream == r.Stream || o.Source == report.Archived || o.Service != r.Service || o.State == report.Merged || o.State == report.Withdrawn || o.State == report.Rejected ||
			o.Received.Sub(r.Received) > near.Long
	}), err
}
