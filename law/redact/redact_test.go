package redact_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pendopo/law/redact"
)

// line is one line of testdata: its text, and what must be masked in it.
type line struct {
	text  string
	spans []redact.Span
}

var marked = regexp.MustCompile(`⟦([a-z]+):([^⟧]*)⟧`)

func lines(t testing.TB) []line {
	t.Helper()
	data, err := os.ReadFile("testdata/lines.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []line
	for _, written := range strings.Split(string(data), "\n") {
		if written == "" || written[0] == '#' {
			continue
		}
		var l line
		at := 0
		for _, m := range marked.FindAllStringSubmatchIndex(written, -1) {
			l.text += written[at:m[0]]
			from := len(l.text)
			l.text += written[m[4]:m[5]]
			l.spans = append(l.spans, redact.Span{From: from, To: len(l.text), Kind: redact.Kind(written[m[2]:m[3]])})
			at = m[1]
		}
		l.text += written[at:]
		out = append(out, l)
	}
	return out
}

// The least that is found of what must be masked, and the most that is masked
// and need not be, of all found. `go test -v -run Measured` prints the figures.
const (
	leastRecall    = 0.95
	leastPrecision = 0.98
)

// TestWhatIsFoundIsMeasured on all lines. A span counts as found when the same
// bytes are found; of what kind is counted apart.
func TestWhatIsFoundIsMeasured(t *testing.T) {
	all := lines(t)
	if len(all) < 150 {
		t.Fatalf("only %d lines", len(all))
	}
	wanted, found, right, kind := 0, 0, 0, 0
	for _, l := range all {
		got := redact.Find(l.text)
		wanted, found = wanted+len(l.spans), found+len(got)
		for _, w := range l.spans {
			hit := false
			for _, g := range got {
				if strings.Trim(l.text[g.From:g.To], "+") == strings.Trim(l.text[w.From:w.To], "+") && g.To == w.To {
					hit = true
					right++
					if g.Kind == w.Kind {
						kind++
					} else {
						t.Logf("of another kind: %s is said to be %s", l.text, g.Kind)
					}
				}
			}
			if !hit {
				t.Logf("missed: %s in %q", w.Kind, l.text)
			}
		}
		if len(got) > len(l.spans) {
			t.Logf("too much: %s", redact.Mask(l.text))
		}
	}
	recall, precision := float64(right)/float64(wanted), float64(right)/float64(found)
	t.Logf("%d lines, %d to be masked: recall %.3f, precision %.3f, of the right kind %.3f", len(all), wanted, recall, precision, float64(kind)/float64(right))
	if recall < leastRecall || precision < leastPrecision {
		t.Errorf("recall %.3f and precision %.3f fell", recall, precision)
	}
}

// TestWhatIsNobodysStays: on lines without a mark nothing is found at all.
func TestWhatIsNobodysStays(t *testing.T) {
	for _, l := range lines(t) {
		if len(l.spans) > 0 {
			continue
		}
		if got := redact.Mask(l.text); got != l.text {
			t.Errorf("%q became %q", l.text, got)
		}
	}
}

// TestMaskingTwiceIsMaskingOnce, also of all lines joined in one text, and of
// each line behind each other.
func TestMaskingTwiceIsMaskingOnce(t *testing.T) {
	all := lines(t)
	var texts []string
	for i, l := range all {
		texts = append(texts, l.text, l.text+" "+all[(i*7+3)%len(all)].text, l.text+all[(i*5+1)%len(all)].text)
	}
	texts = append(texts, strings.Join(texts, "\n"), strings.Join(texts, " "))
	for _, text := range texts {
		holds(t, text)
	}
}

// holds checks what is true of every text.
func holds(t *testing.T, text string) {
	t.Helper()
	at := 0
	for _, s := range redact.Find(text) {
		if s.From < at || s.To <= s.From || s.To > len(text) {
			t.Fatalf("%q: span %+v is none or overlaps", text, s)
		}
		if utf8.ValidString(text) && (!utf8.RuneStart(text[s.From]) || s.To < len(text) && !utf8.RuneStart(text[s.To])) {
			t.Fatalf("%q: span %+v cuts a character", text, s)
		}
		at = s.To
	}
	once := redact.Mask(text)
	if twice := redact.Mask(once); twice != once {
		t.Fatalf("%q is masked as %q and then as %q", text, once, twice)
	}
	if left := redact.Find(once); len(left) > 0 {
		t.Fatalf("%q: %+v remains in %q", text, left, once)
	}
}

// TestNothingOfASpanRemains: no digit of a number of 16 is readable in what is
// masked, in whatever way it is written.
func TestNothingOfASpanRemains(t *testing.T) {
	for _, nik := range []string{"3360015507880002", "3360 0155 0788 0002", "3360.01.550788.0002", "336001-550788-0002", "33 60 01 55 07 88 00 02"} {
		got := redact.Mask("NIK " + nik + " milik saya")
		if strings.ContainsAny(got, "0123456789") {
			t.Errorf("%s: %s", nik, got)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, l := range lines(f) {
		f.Add(l.text)
	}
	f.Add("rek 12345678 09876543 0812 3456 7890 12345678 \xff\xfe081234567890")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 {
			return
		}
		holds(t, text)
	})
}

func BenchmarkFind(b *testing.B) {
	var all strings.Builder
	for _, l := range lines(b) {
		all.WriteString(l.text + "\n")
	}
	b.SetBytes(int64(all.Len()))
	for b.Loop() {
		redact.Find(all.String())
	}
}
