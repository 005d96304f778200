package document

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/test/testkit"
)

func rendered(t testing.TB, tpl definition.Template, in Input) []byte {
	t.Helper()
	pdf, err := Render(tpl, in)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// run gives the output of a Debian tool that make test installs.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	var out, complaints bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, out.String(), complaints.String())
	}
	return out.String()
}

func saved(t *testing.T, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// words of a file as a reader would copy them, in one line.
func readText(t *testing.T, path string, args ...string) string {
	t.Helper()
	return strings.Join(strings.Fields(run(t, "pdftotext", append(append([]string{"-layout"}, args...), path, "-")...)), " ")
}

func TestLettersAreWhatTheyWere(t *testing.T) {
	samples := map[string]func(testing.TB) (definition.Template, Input){"domicile": domicile, "midwife-deemed": midwife}
	var sums strings.Builder
	for _, name := range []string{"domicile", "midwife-deemed"} {
		pdf := rendered(t, func() definition.Template { tpl, _ := samples[name](t); return tpl }(), func() Input { _, in := samples[name](t); return in }())
		fmt.Fprintf(&sums, "%x  %d  %s\n", sha256.Sum256(pdf), len(pdf), name)
	}
	testkit.Golden(t, "letters.sha256", []byte(sums.String()))
}

func TestTheSameInputGivesTheSameBytesAtTheSameTime(t *testing.T) {
	tpl, in := midwife(t)
	want := sha256.Sum256(rendered(t, tpl, in))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if pdf, err := Render(tpl, in); err != nil || sha256.Sum256(pdf) != want {
				t.Errorf("another file: %v", err)
			}
		})
	}
	wait.Wait()
	in.Salt[0]++
	if sha256.Sum256(rendered(t, tpl, in)) == want {
		t.Error("the salt changes nothing")
	}
}

func TestLetterSaysWhatWentIn(t *testing.T) {
	for name, sample := range map[string]func(testing.TB) (definition.Template, Input){"domicile": domicile, "midwife": midwife} {
		tpl, in := sample(t)
		path := saved(t, rendered(t, tpl, in))
		run(t, "qpdf", "--check", path)
		got := readText(t, path)
		want := []string{in.Number, in.Words.Date(in.Date), in.Signatory.Name, in.title(), strings.ToUpper(tpl.Title.In("id")), in.VerifyAt, "Halaman 1 dari 1", in.Words.Date(in.ValidUntil)}
		for _, field := range tpl.Proved {
			want = append(want, strings.Fields(in.Values[field])...)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s does not say %q:\n%s", name, w, got)
			}
		}
		if info := run(t, "pdfinfo", path); !strings.Contains(info, "595.28 x 841.89 pts (A4)") || !strings.Contains(info, "Form:            AcroForm") {
			t.Errorf("%s: %s", name, info)
		}
	}
}

func TestARowWithoutAnswerIsLeftOut(t *testing.T) {
	tpl, in := domicile(t)
	if got := readText(t, saved(t, rendered(t, tpl, in))); strings.Contains(got, "Nama usaha") {
		t.Error("an unanswered field has a row")
	}
	in.Values["business"] = "Jahit Rapi"
	if got := readText(t, saved(t, rendered(t, tpl, in))); !strings.Contains(got, "Nama usaha : Jahit Rapi") {
		t.Error("an answered field has none")
	}
}

func TestTheCodeOnThePaperCanBeRead(t *testing.T) {
	for name, sample := range map[string]func(testing.TB) (definition.Template, Input){"domicile": domicile, "midwife": midwife} {
		tpl, in := sample(t)
		path := saved(t, rendered(t, tpl, in))
		run(t, "pdftoppm", "-r", "150", "-png", "-singlefile", path, path)
		read := strings.TrimSpace(run(t, "zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", path+".png"))
		if read != in.Link {
			t.Fatalf("%s: read %q, want %q", name, read, in.Link)
		}
		_, _, keys := sampleKey()
		st, err := ReadStatement(read, keys)
		if err != nil || st.Number != in.Number || st.ID != in.ID {
			t.Errorf("%s: %+v, %v", name, st, err)
		}
	}
}

func TestALateApprovalSaysSoAndShowsItsDays(t *testing.T) {
	tpl, in := midwife(t)
	got := readText(t, saved(t, rendered(t, tpl, in)))
	for _, want := range []string{
		"Dikabulkan karena batas waktu terlewati", "5 hari kerja", "Jumat, 27 Maret 2026 pukul 16.00 WIB", in.Deemed.Basis,
		"Sel 17 Mar: waktu berhenti, menunggu tanda lunas organisasi profesi", "Kam 19 Mar: libur, Nyepi", "Jum 27 Mar: batas waktu", "13 14 15 16 17 18 19 20 21 22 23 24 25 26 27",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("does not say %q:\n%s", want, got)
		}
	}
	in.Deemed = nil
	if got := readText(t, saved(t, rendered(t, tpl, in))); strings.Contains(got, "Dikabulkan karena") {
		t.Error("a decided one says it was late")
	}
}

func TestAGrantByRuleSaysSoAndOnWhichBasis(t *testing.T) {
	tpl, in := midwife(t)
	in.Deemed = &Deemed{Basis: "Perbup 1/2026", Rule: true}
	got := readText(t, saved(t, rendered(t, tpl, in)))
	if !strings.Contains(got, "Dikabulkan oleh aturan") || !strings.Contains(got, "berdasarkan Perbup 1/2026") || strings.Contains(got, "batas waktu") {
		t.Errorf("it says:\n%s", got)
	}
	if st := statementOf(ID{}, Product{Template: tpl, Number: "1", Date: in.Date, Deemed: in.Deemed}); st.Deemed != "" {
		t.Errorf("the code says that lateness granted it: %q", st.Deemed)
	}
}

func TestLongTextsFillPagesThatCannotBeExchanged(t *testing.T) {
	tpl, in := domicile(t)
	in.Values["purpose"] = strings.Repeat("keperluan yang panjang sekali ", 400) + strings.Repeat("x", 300) + " TAMAT"
	in.Values["domicile"] = strings.Repeat("Jalan Kenanga Nomor Tiga ", 150)
	path := saved(t, rendered(t, tpl, in))
	run(t, "qpdf", "--check", path)
	pages := regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(run(t, "pdfinfo", path))[1]
	if pages < "3" {
		t.Fatalf("%s pages", pages)
	}
	for page := 1; fmt.Sprint(page) <= pages; page++ {
		n := fmt.Sprint(page)
		got := readText(t, path, "-f", n, "-l", n)
		for _, want := range []string{in.Number, "Halaman " + n + " dari " + pages} {
			if !strings.Contains(got, want) {
				t.Errorf("page %d does not say %q", page, want)
			}
		}
	}
	last := readText(t, path, "-f", pages, "-l", pages)
	if !strings.Contains(last, in.Signatory.Name) || !strings.Contains(last, "Demikian surat keterangan") {
		t.Errorf("the signature stands alone: %s", last)
	}
	inside(t, path)
}

// inside looks whether every word lies within the page's margins.
func inside(t *testing.T, path string) {
	t.Helper()
	box := regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">`)
	for _, m := range box.FindAllStringSubmatch(run(t, "pdftotext", "-bbox", path, "-"), -1) {
		var b [4]float64
		for i := range b {
			fmt.Sscan(m[i+1], &b[i])
		}
		const k = 72 / 25.4
		if b[0] < left*k-1 || b[2] > right*k+1 || b[1] < 10*k || b[3] > (pageHigh-8)*k {
			t.Fatalf("a word lies outside: %v", b)
		}
	}
}

func TestEveryLanguageMakesALetter(t *testing.T) {
	for _, lang := range []string{"id", "en"} {
		tpl, in := midwife(t)
		in.Words = words(t, lang)
		inside(t, saved(t, rendered(t, tpl, in)))
	}
}

func TestWhatCannotBePrintedStopsTheLetter(t *testing.T) {
	tpl, in := domicile(t)
	for name, c := range map[string]struct {
		change func(*definition.Template, *Input)
		key    string
	}{
		"letters without a glyph": {func(_ *definition.Template, in *Input) { in.Values["name"] = "Sekar 阿" }, "document.unprintable"},
		"a control character":     {func(_ *definition.Template, in *Input) { in.Values["name"] = "Sekar\x00Ayu" }, "document.unprintable"},
		"beyond the plane":        {func(_ *definition.Template, in *Input) { in.Signatory.Name = "Bagas 😀" }, "document.unprintable"},
		"a field nobody asks":     {func(tpl *definition.Template, _ *Input) { tpl.Blocks[2].Text = text("{ghost}", "") }, "document.template_field"},
		"a brace that stays open": {func(tpl *definition.Template, _ *Input) { tpl.Blocks[2].Text = text("{name", "") }, "document.template_field"},
		"an unknown block":        {func(tpl *definition.Template, _ *Input) { tpl.Blocks[4].Kind = "picture" }, "document.template_block"},
		"a book":                  {func(_ *definition.Template, in *Input) { in.Values["purpose"] = strings.Repeat("a ", longest) }, "document.too_long"},
		"a hundred pages":         {func(_ *definition.Template, in *Input) { in.Values["purpose"] = strings.Repeat("a\n", 3000) }, "document.too_long"},
	} {
		tpl, in := tpl, in
		tpl.Blocks = append([]definition.Block(nil), tpl.Blocks...)
		values := map[string]string{}
		for k, v := range in.Values {
			values[k] = v
		}
		in.Values = values
		c.change(&tpl, &in)
		_, err := Render(tpl, in)
		if f := fault.Of(err); f == nil || f.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		} else if strings.Contains(err.Error(), "Sekar") {
			t.Errorf("%s: the fault carries the value", name)
		}
	}
}

func TestComposedAndDecomposedNamesPrintAlike(t *testing.T) {
	tpl, in := domicile(t)
	in.Values["name"] = "Andr\u00e9"
	a := rendered(t, tpl, in)
	in.Values["name"] = "Andre\u0301"
	if !bytes.Equal(a, rendered(t, tpl, in)) {
		t.Error("two spellings of one name give two letters")
	}
}

func TestThePlaceForASignatureIsAnEmptyFieldOnTheLastPage(t *testing.T) {
	tpl, in := domicile(t)
	in.Values["purpose"] = strings.Repeat("panjang ", 900)
	pdf := rendered(t, tpl, in)
	if n := bytes.Count(pdf, []byte("%%EOF")); n != 2 {
		t.Errorf("%d ends of file, want the base and one update", n)
	}
	if bytes.Contains(pdf, []byte("/ByteRange")) {
		t.Error("it claims to be signed")
	}
	// qpdf reads the field through the update: name, kind, no value, its page.
	shown := run(t, "qpdf", "--json", "--json-key=acroform", saved(t, pdf))
	for _, want := range []string{`"fullname": "` + FieldName + `"`, `"fieldtype": "/Sig"`, `"value": null`} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %s in %s", want, shown)
		}
	}
	if pages := regexp.MustCompile(`"pageposfrom1": (\d+)`).FindStringSubmatch(shown); pages == nil || pages[1] == "1" {
		t.Errorf("the field is not on the last page: %v", pages)
	}
}

func TestALaterUpdateLeavesTheFileReadable(t *testing.T) {
	tpl, in := domicile(t)
	pdf := rendered(t, tpl, in)
	m := regexp.MustCompile(`/Size (\d+)\n/Root (\d+) 0 R\n/Info (\d+) 0 R\n/Prev \d+\n/ID \[(.*)\]\n>>\nstartxref\n(\d+)\n%%EOF\n$`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("the last trailer has another shape")
	}
	start := len(pdf)
	signed := fmt.Appendf(bytes.Clone(pdf), "xref\n0 0\ntrailer\n<<\n/Size %s\n/Root %s 0 R\n/Info %s 0 R\n/Prev %s\n/ID [%s]\n>>\nstartxref\n%d\n%%%%EOF\n", m[1], m[2], m[3], m[5], m[4], start)
	path := saved(t, signed)
	run(t, "qpdf", "--check", path)
	if id, ok := DocumentID(signed); !ok || id != in.ID {
		t.Error("the identity is lost")
	}
}

func TestABaseOfAnotherShapeIsRefused(t *testing.T) {
	tpl, in := domicile(t)
	pdf := rendered(t, tpl, in)
	if _, err := addSignatureField(pdf, field{Page: 1}); err == nil {
		t.Error("a file with an update is taken for a base")
	}
	base := pdf[:bytes.Index(pdf, []byte("%%EOF\n"))+6]
	if _, err := addSignatureField(base, field{Page: 1}); err != nil {
		t.Errorf("the control is refused: %v", err)
	}
	if _, err := addSignatureField(base, field{Page: 2}); err == nil {
		t.Error("a page that is not there has a field")
	}
	if _, err := addSignatureField(nil, field{Page: 1}); err == nil {
		t.Error("nothing is taken for a base")
	}
}

func BenchmarkRender(b *testing.B) {
	tpl, in := domicile(b)
	for b.Loop() {
		if _, err := Render(tpl, in); err != nil {
			b.Fatal(err)
		}
	}
}
