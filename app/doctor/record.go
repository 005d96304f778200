package doctor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pendopo/app"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/deadline"
	"pendopo/law/policy"
)

// promised is how soon receipts say that an event is in the log.
const promised = time.Minute

// log: whether the public log goes on.
func log(x *examination) error {
	if x.Ledger == nil {
		return nil // keys or database are missing, and said so
	}
	if err := x.Ledger.Agrees(x.ctx); err != nil && !fault.Is(err, fault.Unavailable) {
		x.find(Error, "log_behind", "cause", private(err))
	}
	oldest, err := x.Ledger.Oldest(x.ctx)
	if err != nil || oldest.IsZero() || x.now.Sub(oldest) < promised {
		return err
	}
	waiting, err := x.Ledger.Waiting(x.ctx)
	if err != nil {
		return err
	}
	level := Warning
	if x.running {
		level = Error
	}
	x.find(level, "log_lags", "n", waiting, "minutes", int64(x.now.Sub(oldest)/time.Minute))
	return nil
}

// work: what failed for good, and deadlines that nobody carried out.
func work(x *examination) error {
	if x.DB == nil {
		return nil
	}
	var queues []job.Queue
	if err := x.DB.Read(x.ctx, func(tx db.Tx) (err error) {
		queues, err = job.Queues(tx)
		return err
	}); err != nil {
		return err
	}
	for _, q := range queues {
		if q.Dead > 0 {
			x.find(Error, "work_dead", "n", q.Dead, "kind", q.Kind)
		}
	}
	if x.Cases == nil {
		return nil
	}
	overdue, err := x.Cases.Overdue(x.ctx)
	if err != nil || overdue == 0 {
		return err
	}
	level := Warning
	if x.running || x.Place.Database != "" {
		level = Error
	}
	x.find(level, "work_overdue", "n", overdue)
	return nil
}

// calendar: every unit must be able to count a year ahead.
func calendar(x *examination) error {
	if x.Cases == nil || x.Cases.Government() == nil {
		return nil
	}
	missing := map[int][]string{}
	for _, u := range x.Cases.Government().Units {
		clock, err := x.Cases.Catalogue().Clock(u.ID)
		if err != nil {
			return err
		}
		pattern, known := clock.Set.Pattern(clock.Office.Calendar)
		if !known || len(pattern.Skips) == 0 {
			continue // a unit that never rests needs no decree
		}
		for year := x.now.Year(); year <= x.now.AddDate(1, 0, 0).Year(); year++ {
			if !clock.Set.Covers(deadline.DayOf(time.Date(year, time.July, 1, 0, 0, 0, 0, time.UTC))) {
				missing[year] = append(missing[year], u.ID)
			}
		}
	}
	for _, year := range years(missing) {
		level := Warning
		if year == x.now.Year() || x.now.AddDate(0, 1, 0).Year() == year {
			level = Error // deadlines of today already reach into it
		}
		x.find(level, "calendar_missing", "year", fmt.Sprint(year), "units", strings.Join(missing[year], ", "), "n", len(missing[year]))
	}
	return nil
}

func years(m map[int][]string) (list []int) {
	for y := range m {
		list = append(list, y)
	}
	slices.Sort(list)
	return list
}

// definitions: what open cases are bound to must run with this program.
func definitions(x *examination) error {
	if err := x.Trouble[app.PartDefinitions]; err != nil {
		x.find(Error, "definitions_unreadable", "cause", private(err))
		return nil
	}
	if x.Cases == nil {
		return nil
	}
	if x.Cases.Government() == nil {
		x.find(Error, "definitions_none")
		return nil
	}
	if err := x.Cases.Recheck(x.ctx); err != nil {
		x.find(Error, "definitions_broken", "cause", private(err))
	}
	return nil
}

// officers: somebody must be able to log in and look after the house.
func officers(x *examination) error {
	if x.Identity == nil || x.Cases.Government() == nil {
		return nil
	}
	all, err := x.Identity.Officers(x.ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if !o.MayLogIn() {
			continue
		}
		who, err := x.Identity.Principal(x.ctx, o.ID)
		if err != nil {
			return err
		}
		if x.Identity.Allow(x.ctx, policy.Request{Principal: who, Action: policy.Operate, Resource: policy.Government{}}).Allowed {
			return nil
		}
	}
	if len(all) == 0 {
		x.find(Warning, "officers_none")
		return nil
	}
	x.find(Warning, "officers_no_administrator")
	return nil
}
