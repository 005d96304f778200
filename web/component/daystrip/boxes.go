package daystrip

import (
	"context"
	"html"
	"io"

	"github.com/a-h/templ"
)

// boxes and twins are written by hand: a strip may have two hundred days, and
// the page it stands on is asked for more often than any other.

// boxes is the row of boxes, without numbers where they are small.
func boxes(days []Day, small bool) templ.Component {
	return write(days, func(b []byte, d Day) []byte {
		b = append(b, `<span class="`...)
		b = append(b, d.class()...)
		b = append(b, `" title="`...)
		b = append(b, html.EscapeString(d.Twin)...)
		b = append(b, `">`...)
		if !small {
			b = append(b, html.EscapeString(d.Number)...)
		}
		return append(b, `</span>`...)
	})
}

// twins is the same in words.
func twins(days []Day) templ.Component {
	return write(days, func(b []byte, d Day) []byte {
		b = append(b, `<li>`...)
		b = append(b, html.EscapeString(d.Twin)...)
		return append(b, `</li>`...)
	})
}

func write(days []Day, each func([]byte, Day) []byte) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		b := make([]byte, 0, 96*len(days))
		for _, d := range days {
			b = each(b, d)
		}
		_, err := w.Write(b)
		return err
	})
}
