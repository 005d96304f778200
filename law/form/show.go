package form

import (
	"strconv"
	"strings"
	"time"

	"pendopo/law/definition"
)

// Printer writes texts, money and dates of one language; page.Printer is one.
type Printer interface {
	T(key string, args ...any) string
	Rupiah(n int64) string
	Date(t time.Time) string
}

// Show is an answer as people read it, in a language: a choice by its words, a
// date and money written out, a NIK in groups, a place by its name. It is plain
// text, not markup; empty when there is no answer. Of a group it says how many
// items there are; Answered walks them.
func (f *Form) Show(d definition.Field, v any, lang string, p Printer) string {
	switch x := v.(type) {
	case nil:
		return ""
	case bool:
		return p.T("form.declared")
	case int64:
		if d.Kind == definition.KindMoney {
			return p.Rupiah(x)
		}
		return strconv.FormatInt(x, 10)
	case []string:
		if atCounter(x) {
			return p.T("form.at_counter")
		}
		return p.T("form.files", "n", len(x))
	case []Answers:
		return d.Item.In(lang) + " × " + strconv.Itoa(len(x))
	case string:
		return f.showText(d, x, lang, p)
	case float64, []any: // kept as plain JSON
		if items := itemsOf(x); d.Kind == definition.KindGroup {
			return f.Show(d, items, lang, p)
		}
		if again := f.Stored(map[string]any{d.ID: x})[d.ID]; again != nil {
			return f.Show(d, again, lang, p)
		}
	}
	return ""
}

func (f *Form) showText(d definition.Field, s, lang string, p Printer) string {
	switch d.Kind {
	case definition.KindChoice:
		for _, c := range d.Choices {
			if c.ID == s {
				return c.Text.In(lang)
			}
		}
	case definition.KindDate:
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return p.Date(t)
		}
	case definition.KindRegion:
		if f.regions != nil && f.regions.Has(s) {
			return f.regions.Name(s)
		}
		if full := f.nation.Full(s); full != "" {
			return full
		}
	case definition.KindNIK:
		return grouped(s, 4)
	case definition.KindPhone:
		if rest, ok := strings.CutPrefix(s, "+62"); ok {
			return "0" + rest
		}
	}
	return s
}

// grouped puts a space after every n digits, so that a long number can be compared.
func grouped(s string, n int) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%n == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
