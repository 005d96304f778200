package notify

import (
	"context"
	"time"

	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
)

// everyLook is how often a running instance looks whether a morning has come.
const everyLook = time.Minute

// RunMornings queues the officers' digests when their time has come, until ctx
// ends. On several nodes the key of the job keeps it one.
func (e *Engine) RunMornings(ctx context.Context) error {
	tick := time.NewTicker(everyLook)
	defer tick.Stop()
	for {
		if err := e.Morning(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Morning queues today's digest once its hour has come.
func (e *Engine) Morning() error {
	hour := e.house.Notices().Digest
	if _, set := e.Setup().Carriers[wire.Email]; hour == "" || !set || e.officers == nil {
		return nil
	}
	local := e.now().In(e.house.Zone(""))
	if local.Format("15:04") < hour {
		return nil
	}
	day := local.Format(time.DateOnly)
	return e.db.Write(func(tx db.Tx) error {
		fresh, err := digested(tx, "", day)
		if err != nil || !fresh {
			return err
		}
		return job.Enqueue(tx, job.Job{Kind: DigestJob, Key: DigestJob + "/" + day, Payload: []byte(day)})
	})
}

// digest tells each officer once a day what is due, late and new. Nobody is told
// on a holiday, or that there is nothing.
func (e *Engine) digest(ctx context.Context, j job.Job) error {
	list, err := e.officers.Morning(ctx)
	if err != nil {
		return err
	}
	for _, m := range list {
		if !m.Working || m.Email == "" || m.Due+m.Soon+m.Late+m.New == 0 {
			continue
		}
		n, err := e.Prepare(e.morning(m, string(j.Payload)))
		if err != nil {
			return err
		}
		err = e.db.Write(func(tx db.Tx) error {
			fresh, err := digested(tx, m.Officer, string(j.Payload))
			if err != nil || !fresh {
				return err
			}
			return e.Tell(tx, n)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) morning(m Morning, day string) Telling {
	p := e.words.Printer(m.Lang)
	args := []any{"house", e.house.Name(p.Lang()), "due", m.Due, "soon", m.Soon, "late", m.Late, "new", m.New, "link", e.base + "/desk"}
	return Telling{
		Stream: m.Officer, Kind: Digest, Unit: m.Unit, To: Contact{Email: m.Email, Lang: m.Lang}, Once: day,
		Words: Words{Subject: p.T("notify.digest_subject", args...), Text: p.T("notify.digest_text", args...), Link: e.base + "/desk"},
	}
}
