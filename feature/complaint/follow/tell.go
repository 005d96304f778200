package follow

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"pendopo/engine/casework"
	"pendopo/engine/notify"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// Kinds of notice.
const (
	codeNotice = "follow_code"
	newsNotice = "follow_news"
)

// news is the payload of newsJob.
type news struct {
	Report  string `json:"report"`
	Version int64  `json:"version"`
	Gone    bool   `json:"gone,omitempty"` // it was shown until then, and taken back
}

// Project queues what followers are to be told of a commit, in its transaction:
// casework's Projection, behind the one of the table of reports.
func (b *Book) Project(tx db.Tx, before, after fold.Case, _ *casework.Said) error {
	if before.Version == 0 {
		return nil // it has just begun, or its row is made anew
	}
	gone := before.Public != nil && after.Outcome == definition.Withdrawn
	if after.Shredded || before.Public != nil && after.Public == nil && !gone {
		return b.leave(tx, after)
	}
	if report.StateOf(before) == report.StateOf(after) {
		return nil
	}
	any, err := followed(tx, after.Stream)
	if err != nil || !any && len(after.Merged) == 0 {
		return err
	}
	payload, err := json.Marshal(news{after.Stream, after.Version, gone})
	if err != nil {
		return err
	}
	return job.Enqueue(tx, job.Job{Kind: newsJob, Key: newsJob + "/" + after.Stream + "/" + strconv.FormatInt(after.Version, 10), Payload: payload})
}

// leave queues the end of all followers of a report that is not shown any more.
func (b *Book) leave(tx db.Tx, c fold.Case) error {
	any, err := followed(tx, c.Stream)
	if err != nil || !any {
		return err
	}
	return job.Enqueue(tx, job.Job{Kind: goneJob, Key: goneJob + "/" + c.Stream + "/" + strconv.FormatInt(c.Version, 10), Payload: []byte(c.Stream)})
}

// atOnce is how many followers are read and told in one transaction.
const atOnce = 100

// news tells everybody who follows a report, or one that was merged into it, what
// its state is now. Later
// changes have jobs of their own; one that overtook this one is told twice at most.
func (b *Book) news(ctx context.Context, j job.Job) error {
	var what news
	if err := json.Unmarshal(j.Payload, &what); err != nil {
		return err
	}
	r, err := b.Reports.Stream(ctx, what.Report)
	if fault.Is(err, fault.Unknown) {
		return nil // shredded meanwhile
	}
	if err != nil {
		return err
	}
	joined, err := b.Cases.Joined(ctx, r.Stream)
	if err != nil {
		return err
	}
	if r.State == report.Merged {
		joined = nil // the one that goes on tells them from now on
	}
	told := map[string]bool{} // contacts: who follows several of them hears once
	for _, stream := range append([]string{r.Stream}, joined...) {
		if err := b.tellFollowers(ctx, r, stream, what, told); err != nil {
			return err
		}
	}
	return b.tell(nil, b.ended(r, joined))
}

// tellFollowers tells those of one of the reports that go on as r, if r is shown.
func (b *Book) tellFollowers(ctx context.Context, r report.Report, of string, what news, told map[string]bool) error {
	behind := ""
	for r.Shown || what.Gone {
		list, err := b.page(ctx, of, behind, true, atOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		var all []notify.Notice
		for _, f := range list {
			behind = f.ID
			h, err := b.open(f)
			if fault.Is(err, fault.Gone) {
				continue
			}
			if err != nil {
				return err
			}
			to := notify.Dialled(h.To.Phone) + "/" + strings.ToLower(h.To.Email)
			if told[to] {
				continue
			}
			told[to] = true
			n, err := b.Notices.Prepare(b.state(f, r, h, what.Version))
			if err != nil {
				return err
			}
			all = append(all, n)
		}
		if err := b.tell(all, nil); err != nil {
			return err
		}
	}
	return nil
}

// tell queues notices, and what is to follow, in one transaction.
func (b *Book) tell(all []notify.Notice, then []job.Job) error {
	return b.db.Write(func(tx db.Tx) error {
		for _, n := range all {
			if len(n.Channels) == 0 {
				continue // no way to them any more
			}
			if err := b.Notices.Tell(tx, n); err != nil {
				return err
			}
		}
		for _, j := range then {
			if err := job.Enqueue(tx, j); err != nil {
				return err
			}
		}
		return nil
	})
}

// ended are the jobs that end the followers of a report that has ended for good.
func (b *Book) ended(r report.Report, joined []string) (out []job.Job) {
	if r.Active || r.State == report.Merged {
		return nil
	}
	for _, stream := range append([]string{r.Stream}, joined...) {
		out = append(out, job.Job{Kind: goneJob, Key: goneJob + "/" + stream + "/end", Payload: []byte(stream), RunAt: b.Now().Add(keptFor)})
	}
	return out
}

// gone ends all followers of a report.
func (b *Book) gone(ctx context.Context, j job.Job) error {
	for {
		list, err := b.page(ctx, string(j.Payload), "", false, atOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, f := range list {
			if err := b.end(f); err != nil {
				return err
			}
		}
	}
}

// late ends who has not typed the code.
func (b *Book) late(ctx context.Context, j job.Job) error {
	f, found, err := b.get(ctx, string(j.Payload))
	if err != nil || !found || f.Confirmed {
		return err
	}
	return b.end(f)
}

// say is a notice of this feature in words.
func (b *Book) say(kind, lang string, args ...any) notify.Words {
	p := b.Words.Printer(lang)
	args = append(args, "house", b.House(p.Lang()))
	return notify.Words{Subject: p.T("complaint."+kind+"_subject", args...), Text: p.T("complaint."+kind+"_text", args...), Short: p.T("complaint."+kind+"_short", args...)}
}

// host is the portal as one types it.
func (b *Book) host() string {
	_, host, _ := strings.Cut(b.Base, "://")
	return host
}

// code asks a contact to type what it was sent.
func (b *Book) code(f follower, r report.Report, h held) notify.Telling {
	w := b.say(codeNotice, h.To.Lang, "code", r.Code, "pin", h.Code, "link", b.Base+"/follow/"+f.ID)
	w.Values = []string{h.Code}
	return notify.Telling{Stream: f.Stream, Subject: r.Stream, Kind: codeNotice, Unit: r.Unit, To: h.To, Words: w, Urgent: true}
}

// state tells a follower of a report that goes on as r where it stands.
func (b *Book) state(f follower, r report.Report, h held, version int64) notify.Telling {
	word := b.Words.Printer(h.To.Lang).T("complaint.state_" + string(r.State))
	stop := "/follow/" + f.ID + "/stop"
	link := b.Base + "/reports/" + r.Code
	if !r.Shown {
		link = b.Base + "/track/" + r.Code // which gives the state alone
	}
	w := b.say(newsNotice, h.To.Lang, "code", r.Code, "state", word, "link", link, "stop", b.Base+stop, "short", b.host()+stop)
	w.Link, w.Values = link, []string{r.Code, word}
	return notify.Telling{Stream: f.Stream, Subject: r.Stream, Kind: newsNotice, Unit: r.Unit, To: h.To, Words: w, Once: r.Stream + "/" + strconv.FormatInt(version, 10)}
}
