package form

import (
	"strconv"
	"strings"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/region"
)

// asNIK takes the sixteen digits of a NIK (PPKKCC DDMMYY SSSS; women's day is
// 40 more): a day that can be, a month, a serial from 0001. The NIK has no check
// digit, and its region is that of the first registration, so an unknown region
// is a warning (see Warnings) and never a refusal.
func asNIK(d *definition.Field, v any) (any, *fault.Fault) {
	s, ok := v.(string)
	if !ok {
		return nil, invalid(d, "form.wrong_type")
	}
	s = without(strings.TrimSpace(s), " .-")
	if len(s) != 16 || strings.Trim(s, "0123456789") != "" {
		return nil, invalid(d, "form.nik_digits")
	}
	if !nikDate(s[6:12]) || s[12:] == "0000" {
		return nil, invalid(d, "form.nik_unreal")
	}
	return s, nil
}

// without takes out what people write between digits. It gives s itself when
// there is nothing to take out.
func without(s, marks string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(marks, r) {
			return -1
		}
		return r
	}, s)
}

// nikDate checks DDMMYY for a day of some century: the century is not in the
// NIK, so 29 February is taken when 19YY or 20YY is a leap year.
func nikDate(s string) bool {
	day, _ := strconv.Atoi(s[:2])
	month, _ := strconv.Atoi(s[2:4])
	year, _ := strconv.Atoi(s[4:])
	if day > 40 {
		day -= 40
	}
	for _, century := range []int{1900, 2000} {
		t := time.Date(century+year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if day >= 1 && month >= 1 && month <= 12 && t.Day() == day && t.Month() == time.Month(month) {
			return true
		}
	}
	return false
}

// Warnings are what an officer should look at though it is no fault: a NIK that
// begins with no kecamatan that ever was, and one that begins with a code of the
// past, said with the place of today. Each names its field.
func (f *Form) Warnings(a Answers) []*fault.Fault {
	var out []*fault.Fault
	f.each(a, func(name string, fl *field, v any) {
		if s, ok := v.(string); ok && fl.Kind == definition.KindNIK {
			if w := f.nikRegion(fl.Field, s); w != nil {
				out = append(out, w.At(name))
			}
		}
	})
	return out
}

// nikRegion looks at the kecamatan of a NIK: that of the first registration, so
// it may have another code today.
func (f *Form) nikRegion(d *definition.Field, nik string) *fault.Fault {
	if len(nik) != 16 {
		return nil
	}
	code := region.Dotted(nik[:6])
	if f.regions != nil && f.regions.Has(code) || f.nation.Has(code) {
		return nil
	}
	r, old := f.nation.Formerly(code)
	switch {
	case !old:
		return invalid(d, "form.nik_region")
	case r.Now == "":
		return nil // known, and nothing to say of it
	}
	return invalid(d, "form.nik_region_former").With("now", f.nation.Full(r.Now))
}

// asPhone normalises 0812…, 62812… and +62812… to +62812…; a number of another
// country is taken with its + and 8 to 15 digits (E.164).
func asPhone(d *definition.Field, v any) (any, *fault.Fault) {
	s, ok := v.(string)
	if !ok {
		return nil, invalid(d, "form.wrong_type")
	}
	s = without(strings.TrimSpace(s), " -.()")
	rest, plus := strings.CutPrefix(s, "+")
	if rest == "" || strings.Trim(rest, "0123456789") != "" {
		return nil, invalid(d, "form.phone_unreadable")
	}
	national := ""
	switch {
	case strings.HasPrefix(rest, "62"):
		national = strings.TrimPrefix(rest[2:], "0") // people write +62 0812 too
	case !plus && rest[0] == '0':
		national = rest[1:]
	case plus && rest[0] != '0' && len(rest) >= 8 && len(rest) <= 15:
		return "+" + rest, nil
	default:
		return nil, invalid(d, "form.phone_unreadable")
	}
	if !nationalNumber(national) {
		return nil, invalid(d, "form.phone_unreadable")
	}
	return "+62" + national, nil
}

// nationalNumber checks an Indonesian number without its 0: mobile 8xx… of 9 to
// 12 digits, fixed line of area code and 5 to 8 digits.
func nationalNumber(s string) bool {
	if s == "" || s[0] == '0' || s[0] == '1' {
		return false
	}
	if s[0] == '8' {
		return len(s) >= 9 && len(s) <= 12
	}
	return len(s) >= 7 && len(s) <= 11
}
