package intake

import (
	"math"
	"strconv"
	"strings"
	"time"

	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// The flags of a report that an officer looks at first, with its photos behind a
// button. Nothing else differs: it is accepted, has its clocks, and goes its way.
const (
	FlagPhone   = "flood_phone"   // many from one telephone number
	FlagPlace   = "flood_place"   // many about one place
	FlagAddress = "flood_address" // many from one connection, one browser, or one program
	FlagWords   = "words"         // words for which somebody should look first
)

// How many reports come before one is flagged, and before the next must wait. A
// village stands behind one address, and a burst pipe brings many about one place:
// only a connection or a browser is ever made to wait, never a place, and a
// telephone number that was typed only flags: anybody may type it.
func paces() map[string]pace.Pace {
	return map[string]pace.Pace{
		"report flag address": {Burst: 20, Every: 3 * time.Minute},
		"report wait address": {Burst: 150, Every: 20 * time.Second},
		"report flag device":  {Burst: 5, Every: 20 * time.Minute},
		"report wait device":  {Burst: 25, Every: 5 * time.Minute},
		"report flag phone":   {Burst: 5, Every: 2 * time.Hour},
		"report flag place":   {Burst: 6, Every: time.Hour},
		"report flag program": {Burst: 60, Every: 20 * time.Second},
		"report begin":        {Burst: 150, Every: 5 * time.Second},
		"report say sender":   {Burst: 1, Every: time.Hour},
		"report wait sender":  {Burst: 20, Every: 10 * time.Minute}, // a number that the telephone company vouches for
	}
}

// limits count reports.
type limits map[string]*pace.Throttle

func newLimits(book *pace.Book, now func() time.Time) limits {
	l := limits{}
	for name, p := range paces() {
		l[name] = book.Throttle(name, p, now)
	}
	return l
}

// take counts one by a key; ok is false when there is no room. No key is no count.
func (l limits) take(name, key string) (ok bool, err error) {
	if key == "" {
		return true, nil
	}
	return l[name].Take(key)
}

// wait counts one by a key, and says when to come again where there is no room.
func (l limits) wait(name, key string) error {
	ok, err := l.take(name, key)
	if err != nil || ok {
		return err
	}
	return fault.New(fault.TooMany, "intake.too_many").With("n", minutes(paces()[name].Every)).After(paces()[name].Every)
}

func minutes(d time.Duration) int { return max(1, int(math.Ceil(d.Minutes()))) }

// source is where a report comes from, as far as it is counted.
type source struct {
	Network string // address of the connection, IPv6 by its /64
	Device  string // the browser's own cookie of forms, or what a program names
	Program string // whose key it is that files for many people
	Sender  string // number of the telephone, vouched for
}

// admit makes a source wait that sends masses.
func (l limits) admit(s source) error {
	for _, c := range []struct{ name, key string }{{"report wait address", s.Network}, {"report wait device", s.Device}, {"report wait sender", s.Sender}} {
		if err := l.wait(c.name, c.key); err != nil {
			return err
		}
	}
	return nil
}

// flags are why an officer should look at a report first.
func (l limits) flags(s source, r roles, a form.Answers) (out []string, err error) {
	for _, c := range []struct{ name, key, flag string }{
		{"report flag address", s.Network, FlagAddress},
		{"report flag device", s.Device, FlagAddress},
		{"report flag program", s.Program, FlagAddress},
		{"report flag phone", written(a, r.Phone), FlagPhone},
		{"report flag place", cell(written(a, r.Place)), FlagPlace},
	} {
		ok, err := l.take(c.name, c.key)
		if err != nil {
			return nil, err
		}
		if !ok && (len(out) == 0 || out[len(out)-1] != c.flag) {
			out = append(out, c.flag)
		}
	}
	if rough(words(r, a)) {
		out = append(out, FlagWords)
	}
	return out, nil
}

// words is all that a report says in sentences.
func words(r roles, a form.Answers) string {
	var all []string
	for _, f := range []*definition.Field{r.Title, r.Text} {
		all = append(all, written(a, f))
	}
	return strings.Join(all, " ")
}

// cell is the square of about a hundred metres in which a point lies; "" for none.
func cell(point string) string {
	north, east, ok := strings.Cut(point, ",")
	lat, bad := strconv.ParseFloat(north, 64)
	lon, worse := strconv.ParseFloat(east, 64)
	if !ok || bad != nil || worse != nil {
		return ""
	}
	return strconv.Itoa(int(math.Floor(lat*1000))) + "/" + strconv.Itoa(int(math.Floor(lon*1000)))
}
