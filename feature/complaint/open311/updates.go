package open311

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
)

// stage is a moment of a report from which an update is made.
type stage struct {
	name   string
	at     time.Time
	status string
}

// stages are the moments that everybody may know, in their order. The end has
// the state's own name, so that the update of a report that was reopened and
// ended again is another.
func (r *row) stages() []stage {
	var out []stage
	add := func(name string, at time.Time, status string) {
		if !at.IsZero() {
			out = append(out, stage{name, at, status})
		}
	}
	add("verified", r.verified, georeport.Open)
	add("answered", r.answered, georeport.Open)
	add("finished", r.finished, georeport.Open)
	if !r.active {
		add(r.state, r.ended, georeport.Closed)
	} else if r.reopened > 0 {
		add("reopened", r.updated, georeport.Open)
	}
	return out
}

// named is the id of an update: the same whenever it is asked for. When a report was
// opened again is known only as long as nothing more has happened to it, so that
// this update is named by how often.
func (r *row) named(g stage) string {
	if g.name == "reopened" {
		return r.code + "-" + g.name + "-" + strconv.Itoa(r.reopened)
	}
	return r.code + "-" + g.name + "-" + g.at.UTC().Format("20060102150405")
}

// updates answers with the changes of shown reports within a time.
func (s *Server) updates(w http.ResponseWriter, r *http.Request) (any, error) {
	a, err := s.asked(r)
	if err != nil {
		return nil, err
	}
	from, to := a.window(s.Now())
	limit := a.whole("page_size", georeport.MostRequests, 1, georeport.MostRequests)
	offset := (a.whole("page", 1, 1, mostPage) - 1) * limit
	ids := a.list("service_request_id", mostIDs)
	if err := a.wrong(); err != nil {
		return nil, err
	}
	var rows []row
	if len(ids) > 0 {
		rows, err = s.coded(r.Context(), codes(ids))
		from, to = time.Time{}, s.Now()
	} else {
		rows, err = s.changed(r.Context(), from, to, limit, offset)
	}
	if err != nil {
		return nil, err
	}
	words, zone := page.Words(r.Context()), s.Cases.Catalogue().Zone()
	out := georeport.Updates{}
	for i := range rows {
		if !rows[i].shown {
			continue
		}
		for _, g := range rows[i].stages() {
			if g.at.Before(from) || g.at.After(to) {
				continue
			}
			out = append(out, georeport.Update{ID: rows[i].named(g), Request: rows[i].code,
				Status: g.status, Updated: georeport.Moment{Time: g.at.In(zone)}, Description: georeport.Text(words.T("open311.stage_" + g.name))})
		}
	}
	return out, nil
}

// longestUpdate bounds the words of an update, in characters, and the ids with it.
const (
	longestUpdate   = 2000
	longestUpdateID = 100
)

// note takes an update: of the server that a report was sent on to, or of the
// program that filed it.
func (s *Server) note(w http.ResponseWriter, r *http.Request) (any, error) {
	a, err := s.sent(r)
	if err != nil {
		return nil, err
	}
	k, err := s.keys.Holder(r.Context(), a.text("api_key"))
	if err != nil {
		return nil, err
	}
	if err := s.filing.take(k); err != nil {
		return nil, err
	}
	u := update(a)
	if err := a.wrong(); err != nil {
		return nil, err
	}
	if k.Peer == "" || s.Exchange == nil {
		return nil, fault.New(fault.Forbidden, "open311.no_peer").At("api_key")
	}
	known, err := s.Exchange.Received(r.Context(), k.Peer, u)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, unknown("open311.request").At("service_request_id")
	}
	return georeport.NotedUpdates{{ID: u.ID}}, nil
}

// update reads an update and everything wrong with it. Who wrote it is not read:
// what a server says, it says as a whole.
func update(a *args) georeport.Update {
	u := georeport.Update{ID: a.text("update_id"), Request: a.text("service_request_id"), Description: georeport.Text(a.text("description"))}
	u.Updated.Time = a.moment("updated_datetime")
	for _, name := range []string{"update_id", "service_request_id", "updated_datetime", "status"} {
		switch value := a.text(name); {
		case value == "":
			a.refuse(name, "open311.missing")
		case len(value) > longestUpdateID:
			a.refuse(name, "open311.long").With("n", longestUpdateID)
		}
	}
	if utf8.RuneCountInString(string(u.Description)) > longestUpdate {
		a.refuse("description", "open311.long").With("n", longestUpdate)
	}
	status := strings.ToLower(a.text("status"))
	u.Status = georeport.TwoStates(status)
	if status != "" && !known(status) {
		a.refuse("status", "open311.status")
	}
	return u
}

// known reports whether a state is one of the specification's or of its
// extensions.
func known(status string) bool {
	switch status {
	case "open", "closed", "fixed", "in_progress", "action_scheduled", "investigating", "planned", "duplicate",
		"not_councils_responsibility", "no_further_action", "internal_referral", "reopen", "for_triage":
		return true
	}
	return false
}
