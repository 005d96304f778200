package desk

import (
	"errors"
	"time"

	"pendopo/kernel/backup"
	"pendopo/web/component/summary"
)

// Copies is what is known of the instance's copies; backup.ErrNever when there
// are none.
type Copies interface {
	Rehearsal() (backup.Report, error)
	Status() (backup.Status, error)
}

// copies tells administrators when the copy was last whole, and what the last
// rehearsal found.
func (d *Door) copies(m me) ([]summary.Row, error) {
	if d.Copies == nil {
		return nil, nil
	}
	status, err := d.Copies.Status()
	if err != nil && !errors.Is(err, backup.ErrNever) {
		return nil, err
	}
	copied := d.copied(m, status, err)
	report, err := d.Copies.Rehearsal()
	if err != nil && !errors.Is(err, backup.ErrNever) {
		return nil, err
	}
	t := m.words.T
	return []summary.Row{
		{Label: t("desk.system_copy"), Values: []string{copied}},
		{Label: t("desk.system_rehearsal"), Values: d.rehearsed(m, report, err)},
	}, nil
}

// stale is after how long a copy that is not renewed is told as a trouble.
const stale = 10 * time.Minute

func (d *Door) copied(m me, s backup.Status, never error) string {
	t := m.words.T
	switch {
	case never != nil:
		return t("desk.copy_never")
	case s.Success.IsZero():
		return t("desk.copy_not_yet")
	case d.Now().Sub(s.Success) > stale:
		return t("desk.copy_stale", "at", d.moment(m, s.Success))
	}
	return t("desk.copy_good", "at", d.moment(m, s.Success))
}

func (d *Door) rehearsed(m me, r backup.Report, never error) []string {
	t := m.words.T
	if never != nil {
		return []string{t("desk.rehearsal_never")}
	}
	at := d.moment(m, r.At)
	switch {
	case r.Trouble != "":
		return []string{t("desk.rehearsal_cut", "at", at), r.Trouble}
	case !r.OK:
		list := []string{t("desk.rehearsal_bad", "at", at, "n", len(r.Findings)+r.MoreFound)}
		return append(list, r.Findings[:min(3, len(r.Findings))]...)
	}
	return []string{t("desk.rehearsal_good", "at", at, "opened", m.words.Number(r.Opened))}
}

// moment is a moment in the government's zone and the reader's language.
func (d *Door) moment(m me, at time.Time) string {
	return m.words.Moment(at.In(d.Cases.Catalogue().Zone()))
}
