package gateway

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"pendopo/engine/notify/wire"
)

// mostReports bounds how many reports one request may bring.
const mostReports = 1000

// Read reads what came to the address for reports: values of the address and of a
// form, or JSON, of one message or a list of them. What it cannot find is left out:
// the answer to a report is always the same.
func (g *Gateway) Read(channel string, t wire.Told) []wire.Report {
	if g.Reports == nil {
		return nil
	}
	var out []wire.Report
	if body := strings.TrimSpace(string(t.Body)); strings.HasPrefix(body, "[") {
		var list []json.RawMessage
		if json.Unmarshal(t.Body, &list) != nil {
			return nil
		}
		for _, item := range list[:min(len(list), mostReports)] {
			out = append(out, g.one(channel, t, item)...)
		}
		return out
	}
	return g.one(channel, t, t.Body)
}

func (g *Gateway) one(channel string, t wire.Told, body []byte) []wire.Report {
	find := func(name string) string {
		switch {
		case name == "":
			return ""
		case t.Values.Get(name) != "":
			return t.Values.Get(name)
		}
		return at(body, name)
	}
	r := wire.Report{Channel: channel, ID: find(g.Reports.ID), Ref: find(g.Reports.Ref)}
	if r.ID == "" {
		r.ID = t.Values.Get("id") // as our own address for reports has it
	}
	if r.ID == "" && r.Ref == "" || len(r.ID) > 100 || len(r.Ref) > 200 {
		return nil
	}
	status := find(g.Reports.Status)
	switch {
	case contains(g.Reports.Delivered, status):
		r.Outcome = wire.Arrived
	case contains(g.Reports.Failed, status):
		r.Outcome, r.Code = wire.Lost, wire.Undelivered
	default:
		return nil // on its way
	}
	return []wire.Report{r}
}

func contains(list []string, status string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, status) })
}

// at is the text or number that stands in JSON at a path of names and places:
// messages.0.id. "" when there is none.
func at(body []byte, path string) string {
	var v any
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return ""
	}
	for _, name := range strings.Split(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(in) {
				return ""
			}
			v = in[i]
		default:
			return ""
		}
	}
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
