package portal_test

import (
	"bytes"
	"strings"
	"testing"

	"pendopo/door/portal"
	"pendopo/kernel/page"
	"pendopo/web/scope"
)

// previews: the page that administrators see before a service is published speaks of
// reports where its own page does, and of applications elsewhere.
func previews(t *testing.T, w *town) {
	t.Helper()
	words := w.Texts.Printer("id")
	ctx := scope.With(t.Context(), &scope.Scope{Words: words})
	door := portal.New(portal.Deps{Site: &page.Site{}, Cases: w.Cases, Pace: w.Pace, Now: w.Now})
	for service, start := range map[string]string{"pengaduan": "Lapor sekarang", "surat-keterangan-domisili": "Mulai mengajukan"} {
		body, err := door.Preview(words, service)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := body.Render(ctx, &out); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{"Lapor sekarang", "Mulai mengajukan"} {
			if strings.Contains(out.String(), s) != (s == start) {
				t.Errorf("the preview of %s: %q is in it: %v", service, s, s != start)
			}
		}
	}
}
