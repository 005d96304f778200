package htmlcheck

import (
	"strings"
	"testing"
)

const good = `<!doctype html><html lang="id"><head><title>Halo</title></head><body><main><h1>Halo</h1>
<form method="post" action="/x"><input type="hidden" name="_token" value="t"><label for="a">Nama</label><input id="a" name="a"></form></main></body></html>`

// TestPlantedFaultsAreFound plants one fault at a time in a good page.
func TestPlantedFaultsAreFound(t *testing.T) {
	check := func(body string) []string {
		p, err := Parse(body)
		if err != nil {
			t.Fatal(err)
		}
		return p.Faults()
	}
	if got := check(good); len(got) > 0 {
		t.Fatalf("the good page: %v", got)
	}
	for _, c := range [][3]string{
		{`lang="id"`, ``, "language"}, {`<title>Halo</title>`, ``, "title"}, {`<h1>Halo</h1>`, ``, "level 1"},
		{`<h1>Halo</h1>`, `<h1>Halo</h1><h3>x</h3>`, "follows level 1"}, {`for="a"`, `for="b"`, "nothing has that id"},
		{`<label for="a">Nama</label>`, ``, "no label"}, {`<label for="a">`, `<p id="a"></p><label for="a">`, "twice"},
		{`<input type="hidden" name="_token" value="t">`, ``, "token"}, {`<h1>`, `<h1 style="color:red">`, "style"},
		{`<h1>`, `<h1 onclick="x()">`, "onclick"}, {`</main>`, `<script>1</script></main>`, "script"},
		{`</main>`, `<img src="https://example.org/x.png" alt="x"></main>`, "another site"}, {`</main>`, `<a href="#no">x</a></main>`, "leads nowhere"},
		{`</main>`, `<button></button></main>`, "no words"}, {`</main>`, `<fieldset><p>x</p></fieldset></main>`, "legend"}, {`</main>`, `<svg></svg></main>`, "not hidden"},
	} {
		if got := strings.Join(check(strings.Replace(good, c[0], c[1], 1)), "\n"); !strings.Contains(got, c[2]) {
			t.Errorf("%q → %q: found %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestUntranslatedTextIsFound(t *testing.T) {
	p, err := Parse(`<p>⟦Halo ⟦17 Maret⟧⟧ 7K3M</p><b>⟦Ya⟧ tidak</b><i aria-label="bebas">⟦x⟧</i>`)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Untranslated("7K3M"); len(got) != 2 || !strings.Contains(got[0], "tidak") || !strings.Contains(got[1], "bebas") {
		t.Errorf("%q", got)
	}
}
