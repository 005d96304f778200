package page

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Printer writes one language: texts, numbers, money, dates. It is safe for
// concurrent use and never changes.
type Printer struct {
	lang     string
	tag      language.Tag
	table    map[string]*message
	reserve  map[string]*message // Indonesian
	decimal  string
	group    string
	months   [12]string
	short    [12]string
	days     [7]string
	dayShort [7]string
	clock    string // separates hour and minute
	noun     string // what its texts are about; empty = nothing in particular
}

// About is the same language for texts about a thing that has a name of its own:
// where key_noun has a text in this language, it is said in place of key.
func (p *Printer) About(noun string) *Printer {
	if p.noun == noun {
		return p
	}
	about := *p
	about.noun = noun
	return &about
}

func newPrinter(lang string, tag language.Tag, table, reserve map[string]*message) *Printer {
	p := &Printer{lang: lang, tag: tag, table: table, reserve: reserve}
	p.decimal, p.group, p.clock = p.T("page.format_decimal"), p.T("page.format_group"), p.T("page.format_clock")
	for i := range p.months {
		p.months[i] = p.T("page.month_" + strconv.Itoa(i+1))
		p.short[i] = p.T("page.month_short_" + strconv.Itoa(i+1))
	}
	for i := range p.days {
		p.days[i] = p.T("page.day_" + strconv.Itoa(i))
		p.dayShort[i] = p.T("page.day_short_" + strconv.Itoa(i))
	}
	return p
}

// Lang is the BCP 47 tag.
func (p *Printer) Lang() string { return p.lang }

// Has says whether the key has a text in this very language.
func (p *Printer) Has(key string) bool { return p.table[key] != nil }

// T is the text of key. Arguments are pairs of placeholder and value; integers
// and times among them are written in the language's way. A key without text
// shows itself, which the tests look for.
func (p *Printer) T(key string, args ...any) string {
	var m *message
	if p.noun != "" {
		m = p.table[key+"_"+p.noun]
	}
	if m == nil {
		m = p.table[key]
	}
	if m == nil {
		if m = p.reserve[key]; m == nil {
			return key
		}
	}
	if m.forms != nil {
		m = p.form(m, args)
	}
	if m.parts == nil {
		return m.plain
	}
	return p.fill(m, args)
}

// TMap is T for the arguments of a fault.
func (p *Printer) TMap(key string, args map[string]any) string {
	pairs := make([]any, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, name, value)
	}
	return p.T(key, pairs...)
}

// form chooses the plural form by the argument n.
func (p *Printer) form(m *message, args []any) *message {
	n, ok := count(argument(args, "n"))
	if ok {
		if text := m.forms[plural.Cardinal.MatchPlural(p.tag, n, 0, 0, 0, 0)]; text != nil {
			return text
		}
	}
	if text := m.forms[plural.Other]; text != nil {
		return text
	}
	return &message{}
}

func count(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return max(n, -n), true
	case int64:
		return int(max(n, -n)), true
	}
	return 0, false
}

func argument(args []any, name string) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

func (p *Printer) fill(m *message, args []any) string {
	var b strings.Builder
	b.Grow(96) // enough for most: growing step by step costs more than the writing
	for _, part := range m.parts {
		if part.arg == "" {
			b.WriteString(part.text)
			continue
		}
		b.WriteString(p.value(argument(args, part.arg)))
	}
	return b.String()
}

// inLanguages is a text that brings its own translations, as definitions do.
type inLanguages interface{ In(lang string) string }

// given marks a text from outside the catalogue in the pseudo-language.
func (p *Printer) given(s string) string {
	if p.lang == PseudoTag && s != "" {
		return Pseudo(s)
	}
	return s
}

// Of is a text that brings its own translations, in this language.
func (p *Printer) Of(text inLanguages) string { return p.given(text.In(p.lang)) }

func (p *Printer) value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int:
		return p.Number(int64(v))
	case int64:
		return p.Number(v)
	case time.Time:
		return p.Date(v)
	case interface{ In(lang string) string }: // words of a definition
		return v.In(p.lang)
	}
	return fmt.Sprint(v)
}

// Number writes 1250000 as 1.250.000 (id) or 1,250,000 (en).
func (p *Printer) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "−", digits[1:]
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	var b strings.Builder
	b.WriteString(sign)
	head := len(digits) % 3
	b.WriteString(digits[:head])
	for i := head; i < len(digits); i += 3 {
		if i > 0 {
			b.WriteString(p.group)
		}
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}

// Rupiah writes whole rupiah: Rp1.250.000.
func (p *Printer) Rupiah(n int64) string { return p.T("page.rupiah", "amount", p.Number(n)) }

// Fee is Rupiah, with the word for nothing to pay at 0.
func (p *Printer) Fee(n int64) string {
	if n == 0 {
		return p.T("page.free")
	}
	return p.Rupiah(n)
}

// Size writes bytes as people say them: 1,2 MB.
func (p *Printer) Size(bytes int64) string {
	switch {
	case bytes >= 1_000_000:
		return p.tenth(bytes/100_000) + " MB"
	case bytes >= 1000:
		return p.Number(bytes/1000) + " kB"
	}
	return p.Number(bytes) + " B"
}

// tenth writes a count of tenths with one decimal, or none when it is zero.
func (p *Printer) tenth(n int64) string {
	if n%10 == 0 {
		return p.Number(n / 10)
	}
	return p.Number(n/10) + p.decimal + strconv.FormatInt(n%10, 10)
}

// Date is 17 Maret 2026, in t's own zone.
func (p *Printer) Date(t time.Time) string {
	return p.T("page.date", "day", strconv.Itoa(t.Day()), "month", p.months[t.Month()-1], "year", strconv.Itoa(t.Year()))
}

// DateOf is Date of a day as the files and the record write it, 2006-01-02; what
// is none is given as it stands.
func (p *Printer) DateOf(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return p.Date(t)
}

// DateShort is 17 Mar.
func (p *Printer) DateShort(t time.Time) string {
	return p.T("page.date_short", "day", strconv.Itoa(t.Day()), "month", p.short[t.Month()-1])
}

// Day is Selasa, 17 Maret 2026.
func (p *Printer) Day(t time.Time) string {
	return p.T("page.date_day", "weekday", p.days[t.Weekday()], "date", p.Date(t))
}

// DayShort is Sel 17 Mar.
func (p *Printer) DayShort(t time.Time) string {
	return p.T("page.date_day_short", "weekday", p.dayShort[t.Weekday()], "date", p.DateShort(t))
}

// Weekday is Selasa; WeekdayShort is Sel.
func (p *Printer) Weekday(d time.Weekday) string { return p.days[d] }

// WeekdayShort is Sel.
func (p *Printer) WeekdayShort(d time.Weekday) string { return p.dayShort[d] }

// Clock is 09.00 WIB: the zone is always said, the country has three.
func (p *Printer) Clock(t time.Time) string {
	zone, _ := t.Zone()
	return t.Format("15") + p.clock + t.Format("04") + " " + zone
}

// Moment is Selasa, 17 Maret 2026 pukul 09.00 WIB.
func (p *Printer) Moment(t time.Time) string {
	return p.T("page.moment", "day", p.Day(t), "clock", p.Clock(t))
}

// MomentShort is 17 Mar, 09.00 WIB.
func (p *Printer) MomentShort(t time.Time) string {
	return p.T("page.moment_short", "day", p.DateShort(t), "clock", p.Clock(t))
}

// List joins: a, b, dan c.
func (p *Printer) List(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	return p.T("page.list", "first", strings.Join(items[:last], ", "), "last", items[last])
}
