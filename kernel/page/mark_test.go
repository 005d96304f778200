package page

import "testing"

func TestMarkIsADrawingAndNothingElse(t *testing.T) {
	good := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9" fill="#6b3e1f"/></svg>`
	if safeMark(good) != good {
		t.Error("a plain drawing is left out")
	}
	for _, bad := range []string{"mark.svg", "", `<svg onload="x()"></svg>`, `<svg><script>x()</script></svg>`, `<svg><path style="fill:red"/></svg>`,
		`<svg><a href="http://example.org"><path d="M0 0"/></a></svg>`, `<svg><path fill="url(http://example.org)"/></svg>`, `<svg><path`, `<svg></svg><!DOCTYPE x>`} {
		if got := safeMark(bad); got != "" {
			t.Errorf("%q is shown as %q", bad, got)
		}
	}
}
