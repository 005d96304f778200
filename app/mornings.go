package app

import (
	"context"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/notify"
	"pendopo/kernel/fault"
	"pendopo/law/deadline"
	"pendopo/law/fold"
)

// mornings tells what officers have before them.
type mornings struct{ in *Instance }

// Morning lists the officers who hold a post today and have an address.
func (m mornings) Morning(ctx context.Context) ([]notify.Morning, error) {
	all, err := m.in.Identity.Officers(ctx)
	if err != nil || m.in.Cases.Government() == nil {
		return nil, err
	}
	var out []notify.Morning
	for _, o := range all {
		if o.Disabled {
			continue
		}
		one, err := m.of(ctx, o.ID)
		if fault.Is(err, fault.Gone) {
			continue // shredded: nobody is left to tell
		}
		if err != nil {
			return nil, err
		}
		if one.Working && one.Email != "" {
			out = append(out, one)
		}
	}
	return out, nil
}

// of is the morning of one officer. What lies ahead is counted only for who will
// be told: it is a working day at one of the units at least.
func (m mornings) of(ctx context.Context, id string) (notify.Morning, error) {
	out := notify.Morning{Officer: id}
	who, err := m.in.Identity.Principal(ctx, id)
	if err != nil || len(who.Posts) == 0 {
		return out, err
	}
	now := m.in.Now()
	var clock deadline.Clock
	var posts []fold.Holder
	for _, p := range who.Posts {
		posts = append(posts, fold.Holder{Who: "role", Role: p.Role, Unit: p.Unit})
		c, err := m.in.Cases.Catalogue().Clock(p.Unit)
		if err != nil {
			return out, err
		}
		if !out.Working && works(c, now) {
			out.Working, out.Unit, clock = true, p.Unit, c
		}
	}
	if !out.Working {
		return out, nil
	}
	if out.Email, err = m.in.Identity.Email(ctx, id); err != nil || out.Email == "" {
		return out, err
	}
	a, err := m.in.Cases.Ahead(ctx, posts, morningOf(clock, now))
	out.Late, out.Due, out.Soon, out.New = a.Late, a.Today, a.Soon, a.New
	return out, err
}

// works reports whether the day of a moment is a working day of an office.
func works(c deadline.Clock, at time.Time) bool {
	return c.WorkingDaysLeft(at.AddDate(0, 0, -1), at) > 0
}

// longestRest is how many days are looked through for a working day at most: no
// office is closed for longer.
const longestRest = 31

// morningOf is the moments of a digest: what came since the last working day at
// this hour is new, what is due in the two working days after today is soon.
func morningOf(c deadline.Clock, now time.Time) casework.Morning {
	since := now.AddDate(0, 0, -1)
	for n := 1; n < longestRest && !works(c, since); n++ {
		since = since.AddDate(0, 0, -1)
	}
	soon := now
	for n, left := 0, 2; n < longestRest && left > 0; n++ {
		if soon = soon.AddDate(0, 0, 1); works(c, soon) {
			left--
		}
	}
	return casework.Morning{Since: since, Now: now, Today: dayEnd(now, c.Office.Zone), Soon: dayEnd(soon, c.Office.Zone)}
}

func dayEnd(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone)
}
