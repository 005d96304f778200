package desk

import (
	"errors"
	"net/http"
	"strconv"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/policy"
	"pendopo/web/component/actions"
	"pendopo/web/component/summary"
	"pendopo/web/component/table"
)

// systemView is how the instance is, for administrators: nothing personal.
type systemView struct {
	Facts       summary.View
	Open, Paces table.View
	Dead        []deadJob
}

// deadJob is a piece of work that was given up.
type deadJob struct {
	ID, Kind, Cause string
	Attempts        int
	Action          string
	Bar             []actions.Action
}

func (d *Door) system(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Operate, policy.Government{}); err != nil {
		return err
	}
	var dead []job.Job
	err := d.DB.Read(r.Context(), func(tx db.Tx) (err error) {
		dead, err = job.Dead(tx)
		return err
	})
	if err != nil {
		return err
	}
	v := systemView{}
	k := newKeys()
	for _, j := range dead {
		id := strconv.FormatInt(j.ID, 10)
		v.Dead = append(v.Dead, deadJob{ID: id, Kind: j.Kind, Cause: j.Cause, Attempts: j.Attempt, Action: "/desk/system/jobs/" + id + "/revive",
			Bar: k.button("revive", m.words.T("desk.revive"), true)})
	}
	if v.Facts, err = d.health(m, len(dead)); err != nil {
		return err
	}
	if v.Open, v.Paces, err = d.counts(r.Context(), m); err != nil {
		return err
	}
	return d.page(w, r, m, view{Title: m.words.T("desk.system_title"), Body: systemPage(v)})
}

// health is the state of the work and of the public log.
func (d *Door) health(m me, dead int) (summary.View, error) {
	head, err := d.Ledger.Head()
	if err != nil {
		return summary.View{}, err
	}
	t := m.words.T
	rows := []summary.Row{
		{Label: t("desk.system_dead"), Values: []string{m.words.Number(int64(dead))}, Numb: true},
		{Label: t("desk.system_log"), Values: []string{t("desk.system_log_size", "n", int(head.Size))}, Numb: true},
	}
	if !head.At.IsZero() {
		rows = append(rows, summary.Row{Label: t("desk.system_signed"), Values: []string{m.words.Moment(head.At.In(d.Cases.Catalogue().Zone()))}})
	}
	more, err := d.copies(m)
	return summary.View{Rows: append(rows, more...)}, err
}

// revive gives a dead job new attempts.
func (d *Door) revive(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Operate, policy.Government{}); err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return fault.New(fault.Unknown, "desk.job_unknown")
	}
	err = d.DB.Write(func(tx db.Tx) error { return job.Revive(tx, id) })
	if errors.Is(err, db.ErrNone) {
		return fault.New(fault.Unknown, "desk.job_unknown")
	}
	if err != nil {
		return err
	}
	return redirect(w, r, "/desk/system")
}
