package admin

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"pendopo/engine/administration"
	"pendopo/kernel/backup"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/policy"
	"pendopo/web/component/choice"
	"pendopo/web/component/field"
	"pendopo/web/component/notice"
	"pendopo/web/component/summary"
	"pendopo/web/component/table"
)

// systemView is how the instance is: nothing personal.
type systemView struct {
	Facts       summary.View
	Dead        []deadView
	Queues      table.View
	Open, Paces table.View
	Told, Costs table.View // notices of today, and what the month costs
	Advice      []notice.View
	Asked       bool // the doctor was asked
	Doctor      bool // there is one
}

// deadView is work that was given up.
type deadView struct {
	Action, Kind, Cause, Tries string
	Reason                     choice.View
}

// dropReasons are why work is given up for good; the record takes no free text.
func dropReasons() []string { return []string{"obsolete", "done_by_hand", "twice", "cannot"} }

func (d *Door) system(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Operate, policy.Government{}); err != nil {
		return err
	}
	var dead []job.Job
	var queues []job.Queue
	err := d.DB.Read(m.ctx, func(tx db.Tx) (err error) {
		if dead, err = job.Dead(tx); err == nil {
			queues, err = job.Queues(tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	v := systemView{Doctor: d.House.Doctor != nil, Asked: r.URL.Query().Get("look") != ""}
	for _, j := range dead {
		id := strconv.FormatInt(j.ID, 10)
		reason := choice.View{View: field.View{ID: "reason-" + id, Name: "reason", Label: m.t("drop_reason")}, Blank: m.t("none")}
		for _, why := range dropReasons() {
			reason.Options = append(reason.Options, choice.Option{ID: why, Text: m.t("drop_" + why)})
		}
		v.Dead = append(v.Dead, deadView{"/admin/system/jobs/" + id, j.Kind, j.Cause, m.t("job_tries", "n", j.Attempt), reason})
	}
	v.Queues = table.View{Caption: m.t("queues"), Empty: m.t("queues_none"), Columns: []table.Column{{Name: m.t("col_kind")}, {Name: m.t("col_waiting"), Number: true}, {Name: m.t("col_dead"), Number: true}}}
	for _, q := range queues {
		v.Queues.Rows = append(v.Queues.Rows, []table.Cell{{Text: q.Kind}, {Text: m.words.Number(q.Waiting)}, {Text: m.words.Number(q.Dead)}})
	}
	if v.Facts, err = d.health(m, len(dead)); err != nil {
		return err
	}
	if v.Open, v.Paces, err = d.counts(m); err != nil {
		return err
	}
	if v.Told, v.Costs, err = d.told(m); err != nil {
		return err
	}
	if v.Asked && v.Doctor {
		v.Advice = d.advice(m)
	}
	return d.page(w, r, m, view{Title: m.t("system_title"), Body: systemPage(v)})
}

// health is the state of the work, the public log and the copies.
func (d *Door) health(m me, dead int) (summary.View, error) {
	head, err := d.Ledger.Head()
	if err != nil {
		return summary.View{}, err
	}
	rows := []summary.Row{
		{Label: m.t("system_dead"), Values: []string{m.words.Number(int64(dead))}, Numb: true},
		{Label: m.t("system_log"), Values: []string{m.t("system_log_size", "n", int(head.Size))}, Numb: true},
	}
	if !head.At.IsZero() {
		rows = append(rows, summary.Row{Label: m.t("system_signed"), Values: []string{d.moment(m, head.At)}})
	}
	proven, err := d.proven(m)
	if err != nil {
		return summary.View{}, err
	}
	rows = append(rows, summary.Row{Label: m.t("system_verified"), Values: proven})
	more, err := d.copies(m)
	if d.House.Folder != nil {
		more = append(more, summary.Row{Label: m.t("system_folder"), Values: []string{m.t("folder_" + d.House.Folder())}})
	}
	return summary.View{Rows: append(rows, more...)}, err
}

// proven is what the last proof of the record found, and whether one is under way.
func (d *Door) proven(m me) (out []string, err error) {
	list, err := d.Admin.Deeds(m.ctx, 2, administration.Verified, administration.AskedVerify)
	if err != nil {
		return nil, err
	}
	if len(list) > 0 && list[0].Kind == administration.AskedVerify {
		out = append(out, m.t("verify_running", "at", d.moment(m, list[0].At)))
	}
	for _, v := range list {
		if v.Kind != administration.Verified {
			continue
		}
		if v.Findings == 0 {
			return append(out, m.t("verify_good", "at", d.moment(m, v.At))), nil
		}
		return append(out, m.t("verify_bad", "at", d.moment(m, v.At), "n", v.Findings)), nil
	}
	return append(out, m.t("verify_never")), nil
}

// copies tells when the copy was last whole, and what the last rehearsal found.
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
	return []summary.Row{
		{Label: m.t("system_copy"), Values: []string{copied}},
		{Label: m.t("system_rehearsal"), Values: d.rehearsed(m, report, err)},
	}, nil
}

// stale is after how long a copy that is not renewed is told as a trouble.
const stale = 10 * time.Minute

func (d *Door) copied(m me, s backup.Status, never error) string {
	switch {
	case never != nil:
		return m.t("copy_never")
	case s.Success.IsZero():
		return m.t("copy_not_yet")
	case d.Now().Sub(s.Success) > stale:
		return m.t("copy_stale", "at", d.moment(m, s.Success))
	}
	return m.t("copy_good", "at", d.moment(m, s.Success))
}

func (d *Door) rehearsed(m me, r backup.Report, never error) []string {
	at := d.moment(m, r.At)
	switch {
	case never != nil:
		return []string{m.t("rehearsal_never")}
	case r.Trouble != "":
		return []string{m.t("rehearsal_cut", "at", at), r.Trouble}
	case !r.OK:
		list := []string{m.t("rehearsal_bad", "at", at, "n", len(r.Findings)+r.MoreFound)}
		return append(list, r.Findings[:min(3, len(r.Findings))]...)
	}
	return []string{m.t("rehearsal_good", "at", at, "opened", m.words.Number(r.Opened))}
}

// advice is what the doctor says.
func (d *Door) advice(m me) (out []notice.View) {
	for _, a := range d.House.Doctor(m.ctx, m.words) {
		kind := map[string]notice.Kind{"error": notice.Late, "warning": notice.Wait}[a.Level]
		if kind == "" {
			kind = notice.Info
		}
		out = append(out, notice.View{Kind: kind, Title: a.Words, Text: a.Do})
	}
	if len(out) == 0 {
		out = append(out, notice.View{Kind: notice.Good, Title: m.t("doctor_good")})
	}
	return out
}

// deadJob gives dead work new tries, or gives it up for good with a reason.
func (d *Door) deadJob(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Operate, policy.Government{}); err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return fault.New(fault.Unknown, "admin.job_unknown")
	}
	deed, do := administration.Deed{Kind: administration.JobRevived, Actor: m.ID, Job: id}, job.Revive
	if r.PostForm.Get("do") == "drop" {
		deed.Kind, do = administration.JobDropped, job.Drop
		for _, why := range dropReasons() {
			if why == r.PostForm.Get("reason") {
				deed.Reason = why
			}
		}
		if deed.Reason == "" {
			return fault.New(fault.Invalid, "admin.drop_needs_reason")
		}
	}
	err = d.Admin.Note(m.ctx, deed, func(tx db.Tx) error { return do(tx, id) })
	if errors.Is(err, db.ErrNone) {
		return fault.New(fault.Unknown, "admin.job_unknown")
	}
	if err != nil {
		return err
	}
	return redirect(w, r, "/admin/system")
}

// verify asks for the proof of the record.
func (d *Door) verify(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Operate, policy.Government{}); err != nil {
		return err
	}
	if err := d.House.Verify(m.ctx, m.ID); err != nil {
		return err
	}
	return redirect(w, r, "/admin/system")
}
