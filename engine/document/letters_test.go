package document

import "testing"

// What a form takes because of Letters must never stop a letter later.
func TestLettersAreWhatALetterCanPrint(t *testing.T) {
	has, err := Letters()
	if err != nil {
		t.Fatal(err)
	}
	for r, want := range map[rune]bool{
		'A': true, '~': true, 'é': true, 'Ñ': true, '’': true, '–': true, '\u00a0': true,
		'😀': false, '阿': false, 'ꦧ': false, '\u200b': false, '\u202e': false, '\ufeff': false, 0x7f: false, 0x80: false, 0: false,
	} {
		if has(r) != want {
			t.Errorf("%U: %v, want %v", r, has(r), want)
		}
	}
	for r := rune(0x20); r < 0x3000; r++ {
		s, err := newSpelling()
		if err != nil {
			t.Fatal(err)
		}
		if s.text("name", string(r)); r != '\n' && has(r) && s.fault() != nil {
			t.Fatalf("%U is taken by forms and stops a letter", r)
		}
	}
}
