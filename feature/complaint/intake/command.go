package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Order is what a text message asks for.
type Order string

// The orders of a text message. Whatever is none of them is an answer to what
// was asked last, or a question how this works.
const (
	OrderReport Order = "report" // LAPOR words
	OrderTrack  Order = "track"  // LACAK code
	OrderStop   Order = "stop"   // STOP
	OrderHelp   Order = "help"   // BANTUAN
	OrderAnswer Order = "answer" // anything else
)

// Message is a text message as understood.
type Message struct {
	Order        Order
	Lang         string // of the word it began with; "" for an answer
	Words        string // report: what is told; track: the code; answer: all of it
	Anonymous    bool   // LAPOR ANONIM: nobody who handles it may read whose phone it was
	Confidential bool   // LAPOR RAHASIA: nothing of it is ever shown to the public
}

// mostWords bounds what is read of a text message, in runes: ten messages joined.
const mostWords = 1600

// order is what a first word stands for.
func order(word string) (Order, string) {
	switch word {
	case "LAPOR", "LAPORAN", "ADU", "ADUAN":
		return OrderReport, "id"
	case "REPORT":
		return OrderReport, "en"
	case "LACAK", "CEK", "STATUS":
		return OrderTrack, "id"
	case "TRACK":
		return OrderTrack, "en"
	case "STOP", "BERHENTI", "UNREG":
		return OrderStop, "id"
	case "BANTUAN", "INFO", "CARA":
		return OrderHelp, "id"
	case "HELP":
		return OrderHelp, "en"
	}
	return OrderAnswer, ""
}

// Read understands a text message. The first word decides, in capitals or not,
// with or without a # before it and a colon behind it.
func Read(text string) Message {
	text = tidy(text)
	first, rest := word(text)
	o, lang := order(first)
	m := Message{Order: o, Lang: lang, Words: rest}
	switch o {
	case OrderAnswer:
		m.Words = text
	case OrderReport:
		m.switches()
		if m.Words == "" {
			m.Order = OrderHelp // nothing was told
		}
	}
	return m
}

// switches takes the words for anonymous and confidential off the beginning.
func (m *Message) switches() {
	for {
		first, rest := word(m.Words)
		switch first {
		case "ANONIM", "ANONYMOUS":
			m.Anonymous = true
		case "RAHASIA", "CONFIDENTIAL":
			m.Confidential = true
		default:
			return
		}
		m.Words = rest
	}
}

// word takes the first word off a text: in capitals, without the marks around it.
func word(text string) (first, rest string) {
	first, rest, _ = strings.Cut(text, " ")
	first = strings.TrimFunc(strings.ToUpper(first), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return first, strings.TrimSpace(rest)
}

// tidy makes one line of a message: no marks that steer a terminal, no double
// spaces, no more than mostWords runes.
func tidy(text string) string {
	text = strings.ToValidUTF8(text, "")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Cf):
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > mostWords {
		text = string([]rune(text)[:mostWords])
	}
	return text
}

// digit is the number that an answer begins with; ok is false when it begins with
// none of 0 to 9 alone.
func digit(answer string) (n int, ok bool) {
	first, _ := word(strings.TrimSpace(answer))
	if len(first) != 1 || first[0] < '0' || first[0] > '9' {
		return 0, false
	}
	return int(first[0] - '0'), true
}
