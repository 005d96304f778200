package intake

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextMessagesAreUnderstood(t *testing.T) {
	for text, want := range map[string]Message{
		"LAPOR lampu jalan mati di Desa Banyuasri":   {Order: OrderReport, Lang: "id", Words: "lampu jalan mati di Desa Banyuasri"},
		"  lapor:\n lubang   besar ":                 {Order: OrderReport, Lang: "id", Words: "lubang besar"},
		"#Lapor sampah":                              {Order: OrderReport, Lang: "id", Words: "sampah"},
		"LAPOR ANONIM ada pungli di loket":           {Order: OrderReport, Lang: "id", Words: "ada pungli di loket", Anonymous: true},
		"Lapor rahasia, anonim: uang tanpa kuitansi": {Order: OrderReport, Lang: "id", Words: "uang tanpa kuitansi", Anonymous: true, Confidential: true},
		"REPORT CONFIDENTIAL a bribe was asked":      {Order: OrderReport, Lang: "en", Words: "a bribe was asked", Confidential: true},
		"LAPOR":                                      {Order: OrderHelp, Lang: "id"},
		"LAPOR ANONIM":                               {Order: OrderHelp, Lang: "id", Anonymous: true},
		"lacak ABCDE-FGHJK-M":                        {Order: OrderTrack, Lang: "id", Words: "ABCDE-FGHJK-M"},
		"TRACK abcde fghjk m":                        {Order: OrderTrack, Lang: "en", Words: "abcde fghjk m"},
		"stop":                                       {Order: OrderStop, Lang: "id"},
		"Help":                                       {Order: OrderHelp, Lang: "en"},
		"3":                                          {Order: OrderAnswer, Words: "3"},
		"laporkan ke siapa ya":                       {Order: OrderAnswer, Words: "laporkan ke siapa ya"},
		"":                                           {Order: OrderAnswer},
		"LAPOR rahasianya apa":                       {Order: OrderReport, Lang: "id", Words: "rahasianya apa"},
		"\u202eLAPOR\u200b jalan\x00 rusak":          {Order: OrderReport, Lang: "id", Words: "jalan rusak"},
		"LAPOR " + strings.Repeat("a", 2*mostWords)[0:5]: {Order: OrderReport, Lang: "id", Words: "aaaaa"},
	} {
		if got := Read(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestDigitsAnswerQuestions(t *testing.T) {
	for text, want := range map[string]int{"3": 3, " 3.": 3, "0": 0, "9 ya": 9, "10": -1, "tiga": -1, "": -1, "3a": -1} {
		n, ok := digit(text)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q: %d, want %d", text, n, want)
		}
	}
}

// FuzzMessage: whatever comes, what is understood of it is one clean line.
func FuzzMessage(f *testing.F) {
	for _, seed := range []string{"LAPOR lampu mati", "lacak X", "\xff\xfeLAPOR", "LAPOR ANONIM RAHASIA ANONIM x", "7", strings.Repeat("é ", 3000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := Read(text)
		if !utf8.ValidString(m.Words) || strings.ContainsAny(m.Words, "\n\r\t\x00") || utf8.RuneCountInString(m.Words) > mostWords {
			t.Fatalf("%q", m.Words)
		}
		if m.Order == OrderReport && m.Words == "" {
			t.Fatal("a report of nothing")
		}
		digit(text)
		rough(m.Words)
	})
}
