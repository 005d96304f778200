package form

import (
	"regexp"
	"strconv"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
)

var pointShape = regexp.MustCompile(`^([+-]?\d{1,3}\.\d{1,15})\s*[,;]\s*([+-]?\d{1,3}\.\d{1,15})$`)

// asPoint takes latitude and longitude in degrees (WGS84) and keeps five
// decimals: a metre, which is more than any telephone knows.
func asPoint(d *definition.Field, v any) (any, *fault.Fault) {
	s, ok := v.(string)
	if !ok {
		return nil, invalid(d, "form.wrong_type")
	}
	m := pointShape.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return nil, invalid(d, "form.point_unreadable")
	}
	lat, north := degrees(m[1], 90)
	lon, east := degrees(m[2], 180)
	if !north || !east {
		return nil, invalid(d, "form.point_unreadable")
	}
	return lat + "," + lon, nil
}

// degrees are written with five decimals, and none of them is a negative zero.
func degrees(s string, most float64) (string, bool) {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || x < -most || x > most {
		return "", false
	}
	out := strconv.FormatFloat(x, 'f', 5, 64)
	if strings.Trim(out, "-0.") == "" {
		out = "0.00000"
	}
	return out, true
}

// Point reads a point as it is kept; false when it is none.
func Point(s string) (lat, lon float64, ok bool) {
	a, b, ok := strings.Cut(s, ",")
	if !ok {
		return 0, 0, false
	}
	lat, err := strconv.ParseFloat(a, 64)
	if err != nil {
		return 0, 0, false
	}
	lon, err = strconv.ParseFloat(b, 64)
	return lat, lon, err == nil
}

// longestEmail is the longest address that SMTP carries (RFC 5321, 4.5.3.1.3,
// less the angle brackets).
const longestEmail = 254

// emailShape is an address as people have it: what RFC 5321 allows without
// quotes and comments, at a domain of at least two names.
var emailShape = regexp.MustCompile("^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$")

// asEmail takes an e-mail address; its domain is kept in small letters.
func asEmail(d *definition.Field, v any) (any, *fault.Fault) {
	s, ok := v.(string)
	if !ok {
		return nil, invalid(d, "form.wrong_type")
	}
	s = strings.TrimSpace(s)
	name, domain, _ := strings.Cut(s, "@")
	if len(s) > longestEmail || !emailShape.MatchString(s) || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.Contains(name, "..") {
		return nil, invalid(d, "form.email_unreadable")
	}
	return name + "@" + strings.ToLower(domain), nil
}

// Contact takes what somebody typed as a way to them: an e-mail address when there
// is an @ in it, a telephone number otherwise, each as its kind of field has it.
func Contact(typed string) (phone, email string, ok bool) {
	d, as := definition.Field{ID: "contact"}, asPhone
	if strings.Contains(typed, "@") {
		as = asEmail
	}
	v, flt := as(&d, typed)
	if flt != nil {
		return "", "", false
	}
	s, _ := v.(string)
	if strings.Contains(s, "@") {
		return "", s, true
	}
	return s, "", true
}
