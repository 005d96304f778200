package form

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
)

// Limits of text where a definition names none, in characters; files, in pieces.
const (
	mostShort = 200
	mostLong  = 4000
	mostFiles = 5
)

// canonical brings one value, typed or from JSON, into the canonical form of
// its field, or says what is wrong with it. A nil value means: left empty.
func (f *Form) canonical(d *definition.Field, v any, env Env) (any, *fault.Fault) {
	switch d.Kind {
	case definition.KindText:
		return f.asPrinted(d, v)
	case definition.KindNumber:
		return asNumber(d, v, "form.number_unreadable")
	case definition.KindMoney:
		return asNumber(d, v, "form.money_unreadable")
	case definition.KindDate:
		return asDate(d, v, env)
	case definition.KindChoice:
		return asChoice(d, v)
	case definition.KindNIK:
		return asNIK(d, v)
	case definition.KindPhone:
		return asPhone(d, v)
	case definition.KindRegion:
		return f.asRegion(d, v)
	case definition.KindFile:
		return asFile(d, v)
	case definition.KindDeclaration:
		return asDeclaration(d, v)
	case definition.KindPoint:
		return asPoint(d, v)
	case definition.KindEmail:
		return asEmail(d, v)
	}
	return nil, invalid(d, "form.wrong_type")
}

// asPrinted is text that the service's letter can print, if it yields one.
func (f *Form) asPrinted(d *definition.Field, v any) (any, *fault.Fault) {
	text, flt := asText(d, v)
	s, _ := text.(string)
	if flt != nil || f.prints == nil {
		return text, flt
	}
	missing := func(r rune) bool { return r != '\n' && r != '\t' && !f.prints(r) }
	if strings.IndexFunc(s, missing) >= 0 {
		return nil, invalid(d, "form.unprintable")
	}
	return text, nil
}

// asText is NFC, trimmed, without control characters, within its length.
func asText(d *definition.Field, v any) (any, *fault.Fault) {
	s, ok := v.(string)
	if !ok {
		return nil, invalid(d, "form.wrong_type")
	}
	if d.Long {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if !utf8.ValidString(s) || strings.IndexFunc(s, refused(d.Long)) >= 0 {
		return nil, invalid(d, "form.control_characters")
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	n := int64(utf8.RuneCountInString(s))
	most := int64(mostShort)
	if d.Long {
		most = mostLong
	}
	if d.Max != nil {
		most = *d.Max
	}
	switch {
	case n == 0:
		return nil, nil
	case n > most:
		return nil, invalid(d, "form.text_long").With("n", most)
	case d.Min != nil && n < *d.Min:
		return nil, invalid(d, "form.text_short").With("n", *d.Min)
	}
	return s, nil
}

// refused tells the characters that a text may not hold: controls, and those
// that turn the direction of writing, with which a text can pretend to be another.
func refused(long bool) func(rune) bool {
	return func(r rune) bool {
		if long && (r == '\n' || r == '\t') {
			return false
		}
		return unicode.IsControl(r) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) ||
			r == 0x2028 || r == 0x2029 || r == utf8.RuneError
	}
}

var (
	plainDigits   = regexp.MustCompile(`^-?\d{1,15}$`)
	groupedDigits = regexp.MustCompile(`^-?\d{1,3}(\.\d{3}){1,4}$`)
)

// asNumber reads a whole number: 1250000, "1.250.000", "Rp 1.250.000,00".
func asNumber(d *definition.Field, v any, unreadable string) (any, *fault.Fault) {
	var n int64
	switch x := v.(type) {
	case int64:
		n = x
	case float64: // a number that came through plain JSON
		if n = int64(x); x != float64(n) {
			return nil, invalid(d, unreadable)
		}
	case json.Number:
		i, err := strconv.ParseInt(x.String(), 10, 64)
		if err != nil {
			return nil, invalid(d, unreadable)
		}
		n = i
	case string:
		i, ok := digits(x, d.Kind == definition.KindMoney)
		if !ok {
			return nil, invalid(d, unreadable)
		}
		n = i
	default:
		return nil, invalid(d, "form.wrong_type")
	}
	const most = 999_999_999_999_999
	least, greatest := int64(-most), int64(most)
	if d.Kind == definition.KindMoney {
		least = 0
	}
	if d.Min != nil {
		least = *d.Min
	}
	if d.Max != nil {
		greatest = *d.Max
	}
	switch {
	case n < least:
		return nil, invalid(d, "form.number_small").With("least", least)
	case n > greatest:
		return nil, invalid(d, "form.number_large").With("most", greatest)
	}
	return n, nil
}

// digits reads a typed number, with dots between groups of three.
func digits(s string, money bool) (int64, bool) {
	s = strings.TrimSpace(s)
	if money {
		s = strings.TrimSpace(trimPrefixFold(s, "rp"))
		s = strings.TrimSpace(strings.TrimPrefix(s, "."))
		s = strings.TrimSuffix(strings.TrimSuffix(s, ",00"), ",-")
	}
	switch {
	case plainDigits.MatchString(s):
	case groupedDigits.MatchString(s):
		s = strings.ReplaceAll(s, ".", "")
	default:
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func trimPrefixFold(s, prefix string) string {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):]
	}
	return s
}

func asChoice(d *definition.Field, v any) (any, *fault.Fault) {
	s, ok := v.(string)
	if !ok {
		return nil, invalid(d, "form.wrong_type")
	}
	for _, c := range d.Choices {
		if c.ID == s {
			return s, nil
		}
	}
	return nil, invalid(d, "form.choice_unknown")
}

// asRegion takes a code of the level that the field asks for.
func (f *Form) asRegion(d *definition.Field, v any) (any, *fault.Fault) {
	s, ok := v.(string)
	if !ok {
		return nil, invalid(d, "form.wrong_type")
	}
	if f.nationwide(d) {
		if r, old := f.nation.Formerly(s); old && r.Now != "" && definition.LevelOf(r.Now) == definition.LevelOf(s) {
			return nil, invalid(d, "form.region_former").With("now", f.nation.Full(r.Now))
		}
	}
	if !regionCode.MatchString(s) || !f.place(d, s) {
		return nil, invalid(d, "form.region_unknown")
	}
	if d.Level != "" && definition.LevelOf(s) != d.Level {
		return nil, invalid(d, "form.region_level")
	}
	return s, nil
}

// nationwide says whether a field takes places of the whole nation.
func (f *Form) nationwide(d *definition.Field) bool { return d.Scope == "nation" }

// place says whether a field may name a place. The government's own places
// count everywhere, for a list of its own may be ahead of the nation's.
func (f *Form) place(d *definition.Field, code string) bool {
	return f.regions == nil && !f.nationwide(d) || f.regions != nil && f.regions.Has(code) || f.nationwide(d) && f.nation.Has(code)
}

var regionCode = regexp.MustCompile(`^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$`)

var uploadID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,80}$`)

// asFile takes upload ids, or the word that the paper comes to the counter.
func asFile(d *definition.Field, v any) (any, *fault.Fault) {
	ids, ok := stringList(v)
	if !ok {
		return nil, invalid(d, "form.wrong_type")
	}
	if len(ids) == 0 {
		return nil, nil
	}
	if d.Counter && len(ids) == 1 && ids[0] == AtCounter {
		return ids, nil
	}
	seen := map[string]bool{}
	for _, id := range ids {
		if !uploadID.MatchString(id) || seen[id] || id == AtCounter {
			return nil, invalid(d, "form.file_unreadable")
		}
		seen[id] = true
	}
	least, most := fileBounds(d)
	switch n := int64(len(ids)); {
	case n < least:
		return nil, invalid(d, "form.files_few").With("n", least)
	case n > most:
		return nil, invalid(d, "form.files_many").With("n", most)
	}
	return ids, nil
}

// fileBounds are how many files a field takes: one, unless it says otherwise.
func fileBounds(d *definition.Field) (least, most int64) {
	least, most = 1, 1
	if d.Min != nil {
		least, most = *d.Min, max(1, *d.Min)
	}
	if d.Max != nil {
		most = *d.Max
	}
	return least, min(most, mostFiles)
}

func stringList(v any) ([]string, bool) {
	switch x := v.(type) {
	case []string:
		return x, true
	case []any:
		out := make([]string, 0, len(x))
		for _, item := range x {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			out = append(out, s)
		}
		return out, true
	}
	return nil, false
}

func asDeclaration(d *definition.Field, v any) (any, *fault.Fault) {
	b, ok := v.(bool)
	switch {
	case !ok:
		return nil, invalid(d, "form.wrong_type")
	case !b:
		return nil, invalid(d, "form.declaration")
	}
	return true, nil
}
