package portal

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/web/scope"
)

// liveSheet brings the script that keeps a case's page up to date.
var liveSheet = scope.Sheet{Name: "live", Script: "live.js"}

// How long one stream lasts before the page asks anew, and how often it says
// that it is still there: proxies close what is silent for a minute.
const (
	longestStream = 10 * time.Minute
	stillHere     = 25 * time.Second
)

// live tells a page when its case has changed: {version}, and nothing else. The
// page then fetches itself, with whatever its reader may see.
func (p *Portal) live(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.caseOf(r)
	if err != nil {
		return err
	}
	if elsewhere != "" || p.Log == nil {
		return fault.New(fault.Unknown, "fault.page_unknown")
	}
	seen := seenVersion(r)
	t, err := p.follow(f.Case.Stream, pace.Network(p.Address(r)), seen)
	if err != nil {
		return err
	}
	defer p.leave(t)
	send := page.Stream(w)
	if err := send("retry: 5000\n\n"); err != nil {
		return written(err)
	}
	now, err := p.Cases.Versions(r.Context(), []string{f.Case.Stream}) // after following began, so that nothing falls in between
	if err == nil && now[f.Case.Stream] > seen {
		err = send(news(now[f.Case.Stream]))
	}
	if err != nil {
		return written(err)
	}
	return written(t.pass(r, send))
}

// pass sends what comes until the reader has gone, or it has lasted long enough.
func (t *ticket) pass(r *http.Request, send func(string) error) error {
	still, end := time.NewTicker(stillHere), time.NewTimer(longestStream)
	defer still.Stop()
	defer end.Stop()
	for {
		text := ":\n\n"
		select {
		case <-r.Context().Done():
			return nil
		case <-end.C:
			return nil
		case v, open := <-t.news:
			if !open {
				return nil
			}
			text = news(v)
		case <-still.C:
		}
		if err := send(text); err != nil {
			return err
		}
	}
}

func news(version int64) string {
	return fmt.Sprintf("id: %d\ndata: {\"version\":%d}\n\n", version, version)
}

// seenVersion is the version that the page shows: after a cut the browser says it
// itself. What cannot be read is as if nothing had been seen.
func seenVersion(r *http.Request) int64 {
	for _, s := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("seen")} {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
			return n
		}
	}
	return 0
}
