package desk

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"pendopo/law/definition"
	"pendopo/law/form"
)

// sheetRow is one line to type into another system, under the number by which it
// is copied.
type sheetRow struct {
	N            int
	ID           string // of the element that holds the value
	Label, Value string
	Done         string // said when it was copied
}

// placeholder is a field in the value of a line.
var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// sheet is what is typed into the system that makes the product, in the order of
// that system's own form. Of a group every item is a block of lines. It is part
// of the opened case: its opening stands in the record.
func (x *matter) sheet() []sheetRow {
	var out []sheetRow
	add := func(label, value string) {
		n := len(out) + 1
		out = append(out, sheetRow{N: n, ID: "sheet-" + strconv.Itoa(n), Label: label, Value: value, Done: x.me.words.T("desk.sheet_copied", "label", label)})
	}
	for _, row := range x.b.Service.Product.Sheet {
		label := x.me.words.Of(row.Label)
		if g := x.groupIn(row.Value); g != nil {
			for i, item := range itemsOf(x.file.Answers[g.ID]) {
				for _, f := range g.Fields {
					if v := x.plainly(f, item[f.ID]); v != "" {
						add(x.me.words.Of(g.Item)+" "+strconv.Itoa(i+1)+": "+x.me.words.Of(f.Label), v)
					}
				}
			}
			continue
		}
		if value := x.filled(row.Value); value != "" {
			add(label, value)
		}
	}
	return out
}

// groupIn is the group that a line stands for, if it is one.
func (x *matter) groupIn(value string) *definition.Field {
	m := placeholder.FindStringSubmatch(value)
	if m == nil || m[0] != strings.TrimSpace(value) {
		return nil
	}
	if f := x.b.Service.Field(m[1]); f != nil && f.Kind == definition.KindGroup {
		return f
	}
	return nil
}

func itemsOf(v any) []form.Answers {
	items, _ := v.([]form.Answers)
	return items
}

// filled puts answers into a line; empty when it names some and none is there.
func (x *matter) filled(value string) string {
	named, said := false, false
	out := placeholder.ReplaceAllStringFunc(value, func(p string) string {
		f := x.b.Service.Field(p[1 : len(p)-1])
		if f == nil {
			return ""
		}
		v := x.plainly(*f, x.file.Answers[f.ID])
		named, said = true, said || v != ""
		return v
	})
	if named && !said {
		return ""
	}
	return strings.TrimSpace(out)
}

// plainly is an answer as a form of another program takes it: a NIK in digits, a
// date as 17-03-1960, a telephone number as it is dialled.
func (x *matter) plainly(f definition.Field, v any) string {
	s, is := v.(string)
	switch {
	case is && f.Kind == definition.KindNIK:
		return s
	case is && f.Kind == definition.KindPhone:
		if rest, ok := strings.CutPrefix(s, "+62"); ok {
			return "0" + rest
		}
		return s
	case is && f.Kind == definition.KindDate:
		if day, err := time.Parse(time.DateOnly, s); err == nil {
			return day.Format("02-01-2006")
		}
	}
	return x.b.Form.Show(f, v, x.me.words.Lang(), x.me.words)
}
