package form

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
)

// asDate takes a real day of the calendar, in parts or as 2006-01-02, within
// the field's bounds. Bounds that depend on today are checked when Today is known.
func asDate(d *definition.Field, v any, env Env) (any, *fault.Fault) {
	var day time.Time
	switch x := v.(type) {
	case dateParts:
		t, key := x.date()
		if key != "" {
			return nil, invalid(d, key)
		}
		day = t
	case string:
		t, err := time.Parse(time.DateOnly, x)
		if err != nil || t.Year() < 1 {
			return nil, invalid(d, "form.date_unreal")
		}
		day = t
	default:
		return nil, invalid(d, "form.wrong_type")
	}
	if from, ok := bound(d.After, env.Today); ok && day.Before(from) {
		return nil, invalid(d, "form.date_early").With("date", from)
	}
	if to, ok := bound(d.Before, env.Today); ok && day.After(to) {
		return nil, invalid(d, "form.date_late").With("date", to)
	}
	return day.Format(time.DateOnly), nil
}

// date joins the parts; key says what is wrong with them.
func (p dateParts) date() (t time.Time, key string) {
	if p.day == "" || p.month == "" || p.year == "" {
		return t, "form.date_part_missing"
	}
	day, ok := small(p.day, 31)
	month, ok2 := monthOf(p.month)
	year, ok3 := small(p.year, 9999)
	if !ok || !ok2 || !ok3 || len(p.year) != 4 {
		return t, "form.date_unreal"
	}
	t = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || t.Month() != time.Month(month) {
		return t, "form.date_unreal"
	}
	return t, ""
}

func small(s string, most int) (int, bool) {
	if len(s) > 4 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1 && n <= most
}

// monthOf reads 3, 03, Maret, mar, March.
func monthOf(s string) (int, bool) {
	if n, ok := small(s, 12); ok {
		return n, true
	}
	s = strings.ToLower(strings.TrimSuffix(s, "."))
	for i, names := range [12]string{
		"januari january", "februari february", "maret march", "april april", "mei may", "juni june", "juli july",
		"agustus august agt", "september september", "oktober october", "november november nopember", "desember december",
	} {
		for _, name := range strings.Fields(names) {
			if s == name || (len(s) == 3 && strings.HasPrefix(name, s)) {
				return i + 1, true
			}
		}
	}
	return 0, false
}

var relative = regexp.MustCompile(`^today([+-])(\d{1,4})([dmy])$`)

// bound resolves a date's bound: 2006-01-02, today, today-17y, today+30d. A
// bound on today is unknown while Today is.
func bound(s string, today time.Time) (time.Time, bool) {
	if s == "" {
		return time.Time{}, false
	}
	if !strings.HasPrefix(s, "today") {
		t, err := time.Parse(time.DateOnly, s)
		return t, err == nil
	}
	if today.IsZero() {
		return time.Time{}, false
	}
	y, m, d := today.Date()
	base := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	parts := relative.FindStringSubmatch(s)
	if parts == nil {
		return base, s == "today"
	}
	n, _ := strconv.Atoi(parts[2])
	if parts[1] == "-" {
		n = -n
	}
	switch parts[3] {
	case "d":
		return base.AddDate(0, 0, n), true
	case "m":
		return base.AddDate(0, n, 0), true
	}
	return base.AddDate(n, 0, 0), true
}
