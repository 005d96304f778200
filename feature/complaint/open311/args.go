package open311

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
)

// Bounds of parameters.
const (
	mostParameters = 300
	mostIDs        = 200
	mostPage       = 1000
	longestValue   = 64 << 10 // bytes of one value; each kind has its own bound beside
)

// args are the parameters of a request, and what is wrong with them so far. An
// empty parameter is as good as none.
type args struct {
	values url.Values
	faults []*fault.Fault
	zone   *time.Location
}

// asked reads the parameters of a question.
func (s *Server) asked(r *http.Request) (*args, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.Malformed, "open311.query")
	}
	return s.checked(values)
}

// sent reads the parameters of a form.
func (s *Server) sent(r *http.Request) (*args, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, fault.New(fault.Malformed, "open311.content_type")
	}
	if set := params["charset"]; set != "" && !strings.EqualFold(set, "utf-8") {
		return nil, fault.New(fault.Malformed, "open311.content_type")
	}
	raw, err := page.ReadBody(r)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, fault.New(fault.Malformed, "open311.form")
	}
	// Some clients put the key, and what never changes, into the address.
	more, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.Malformed, "open311.query")
	}
	for _, k := range []string{"api_key", "jurisdiction_id"} {
		if v := more[k]; len(values[k]) == 0 && len(v) > 0 {
			values[k] = v
		}
	}
	return s.checked(values)
}

func (s *Server) checked(values url.Values) (*args, error) {
	n := 0
	for name, list := range values {
		n += len(list)
		for _, v := range append([]string{name}, list...) {
			if !utf8.ValidString(v) || len(v) > longestValue {
				return nil, fault.New(fault.Malformed, "open311.utf8")
			}
		}
	}
	if n > mostParameters {
		return nil, fault.New(fault.Malformed, "open311.many")
	}
	a := &args{values: values, zone: s.Cases.Catalogue().Zone()}
	if j := a.text("jurisdiction_id"); j != "" && !slices.Contains(s.jurisdictions(), strings.ToLower(j)) {
		return nil, unknown("open311.jurisdiction").At("jurisdiction_id")
	}
	return a, nil
}

// text is one parameter without the space around it.
func (a *args) text(name string) string { return strings.TrimSpace(a.values.Get(name)) }

// refuse notes what is wrong with a parameter.
func (a *args) refuse(name, key string) *fault.Fault {
	f := fault.New(fault.Invalid, key).At(name)
	a.faults = append(a.faults, f)
	return f
}

// wrong is everything that is wrong, nil when nothing is.
func (a *args) wrong() error { return fault.Join(a.faults) }

// list is a parameter divided by commas; it may also be there several times.
func (a *args) list(name string, most int) []string {
	var out []string
	for _, value := range a.values[name] {
		for part := range strings.SplitSeq(value, ",") {
			if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
				out = append(out, part)
			}
			if len(out) > most {
				a.refuse(name, "open311.list_long").With("n", most)
				return nil
			}
		}
	}
	return out
}

// moment is a date and time with its zone; zero when there is none.
func (a *args) moment(name string) time.Time {
	s := a.text(name)
	if s == "" {
		return time.Time{}
	}
	t, err := georeport.ParseMoment(s, a.zone)
	if err != nil {
		a.refuse(name, "open311.moment")
	}
	return t
}

// window is the time that a list is asked for: ninety days at most, the newest
// where nothing else is said.
func (a *args) window(now time.Time) (from, to time.Time) {
	from, to = a.moment("start_date"), a.moment("end_date")
	switch {
	case from.IsZero() && to.IsZero():
		from, to = now.Add(-georeport.MostSpan), now
	case to.IsZero():
		to = from.Add(georeport.MostSpan)
	case from.IsZero():
		from = to.Add(-georeport.MostSpan)
	case to.Before(from):
		a.refuse("end_date", "open311.backwards")
	case to.Sub(from) > georeport.MostSpan:
		a.refuse("end_date", "open311.span")
	}
	return from, to
}

// whole is a whole number within bounds.
func (a *args) whole(name string, usual, least, most int) int {
	s := a.text(name)
	if s == "" {
		return usual
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		a.refuse(name, "open311.whole").With("least", least).With("most", most)
		return usual
	}
	return n
}

// coordinate is one half of a place, in degrees.
func (a *args) coordinate(name string, most float64) (float64, bool) {
	s := a.text(name)
	if s == "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v != v || v < -most || v > most || len(s) > 40 {
		a.refuse(name, "open311.coordinate").With("most", int(most))
		return 0, false
	}
	return v, true
}

// jurisdictions are the names of this one: the domain by which it is known, and
// the code of its region.
func (s *Server) jurisdictions() []string {
	p := s.Cases.Government().Profile
	_, domain, _ := strings.Cut(p.Email, "@")
	return []string{strings.ToLower(domain), p.Code}
}
