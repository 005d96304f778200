package document

import (
	"fmt"
	"sort"
	"strings"
	"time"
	"unicode"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// Input is everything that goes into one letter. Every value is already in
// words of the letter's language.
type Input struct {
	Government definition.Profile
	Unit       definition.Unit
	Mark       []byte            // the government's mark as SVG; nil, or one that cannot be drawn = the house's own
	Place      string            // where it is signed; empty = the government's short name
	Values     map[string]string // field id → words; an unanswered field is there with ""
	Number     string            // as the register gave it
	Date       time.Time         // its calendar date is printed, in the time's own zone
	ValidUntil time.Time         // last day of validity; zero = no end
	Words      *page.Printer     // fixed words and dates; its language is the letter's
	Signatory  Signatory
	ID         ID       // becomes the file's permanent identifier
	Salt       [16]byte // becomes its other identifier: makes the file's hash unguessable
	Link       string   // text of the QR code, see [Link]
	VerifyAt   string   // address printed for people who type: https://host/verify
	Deemed     *Deemed  // set when a missed limit granted it
}

// Signatory is who signs, and by which mandate.
type Signatory struct {
	Name    string
	Title   string // Kepala Dinas Kesehatan
	Mandate string // "", "definitive", "plt" (pelaksana tugas) or "plh" (pelaksana harian)
	Number  string // the officer's number (NIP), printed under the name; may be empty
}

// Deemed says that no officer decided: the time was over and the law granted it,
// with the days that anybody can count; or a rule did.
type Deemed struct {
	Basis  string    // the norm
	Rule   bool      // granted by rule: only Basis is told
	Within string    // the limit in words of the letter's language: "5 hari kerja"
	From   time.Time // when the clock began
	Due    time.Time // when it ended
	Days   []Day
}

// Day is one box of the day strip.
type Day struct {
	Date time.Time
	Kind DayKind
	Name string // a holiday's name or a stop's reason
}

// DayKind says how the legal clock took a day.
type DayKind int

// The kinds of day.
const (
	DayCounted DayKind = iota
	DayOff             // weekend, holiday or joint leave
	DayStopped         // the clock stood still for a listed reason
	DayBefore          // the day of receipt or resumption, which does not count
	DayDue             // the last counted day
)

// longest bounds, in bytes, all words of one letter.
const longest = 200_000

// facts are the values that a template may name besides the fields of its
// form: number, date, place, government, unit, head (the signatory's office
// with its mandate) and valid_until.
func (in Input) facts() map[string]string {
	lang := in.Words.Lang()
	facts := map[string]string{
		"number": in.Number, "date": in.Words.Date(in.Date), "place": in.place(),
		"government": in.Government.Name.In(lang), "unit": in.Unit.Name.In(lang), "head": in.title(), "valid_until": "",
	}
	if !in.ValidUntil.IsZero() {
		facts["valid_until"] = in.Words.Date(in.ValidUntil)
	}
	return facts
}

func (in Input) place() string {
	if in.Place != "" {
		return in.Place
	}
	return in.Government.Short.In(in.Words.Lang())
}

// title is the signatory's office with the words of a mandate before it.
func (in Input) title() string {
	if m := in.Signatory.Mandate; m == "plt" || m == "plh" {
		return in.Words.T("document.mandate_"+m, "title", in.Signatory.Title)
	}
	return in.Signatory.Title
}

// fill replaces every {name} by a field's value or a fact. A name that is
// neither is a mistake of the template and stops the letter. empty tells that
// there were names and all of them stand for nothing.
func (in Input) fill(text string, facts map[string]string) (out string, empty bool, err error) {
	var b strings.Builder
	named, said := false, false
	for rest := text; ; {
		before, after, open := strings.Cut(rest, "{")
		b.WriteString(before)
		if !open {
			return b.String(), named && !said, nil
		}
		name, tail, closed := strings.Cut(after, "}")
		value, known := in.Values[name]
		if !known {
			value, known = facts[name]
		}
		if !closed || !known {
			return "", false, fault.New(fault.Internal, "document.template_field").With("field", cut(name, 40))
		}
		named, said = true, said || value != ""
		b.WriteString(value)
		rest = tail
	}
}

// clean gives the input in composed characters and refuses what the letter's
// font cannot print: a legal letter must not show an empty box for a name.
func (in Input) clean() (Input, error) {
	if in.Words == nil {
		return in, fmt.Errorf("document: no words to print with")
	}
	check, err := newSpelling()
	if err != nil {
		return in, err
	}
	values := make(map[string]string, len(in.Values))
	names := make([]string, 0, len(in.Values))
	for name := range in.Values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		values[name] = check.text(name, in.Values[name])
	}
	in.Values = values
	in.Number, in.Place, in.VerifyAt = check.text("number", in.Number), check.text("place", in.Place), check.text("address", in.VerifyAt)
	in.Signatory.Name = check.text("signatory", in.Signatory.Name)
	in.Signatory.Title = check.text("title", in.Signatory.Title)
	in.Signatory.Number = check.text("officer_number", in.Signatory.Number)
	return in, check.fault()
}

// spelling checks words against the glyphs of the letter's font.
type spelling struct {
	font   *sfnt.Font
	buffer sfnt.Buffer
	total  int
	bad    string // the first thing with a character that cannot be printed
}

func newSpelling() (*spelling, error) {
	f, err := sfnt.Parse(goregular.TTF)
	return &spelling{font: f}, err
}

func (s *spelling) text(name, words string) string {
	words = norm.NFC.String(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(words))
	s.total += len(words)
	for _, r := range words {
		if r == '\n' || s.bad != "" {
			continue
		}
		glyph, err := s.font.GlyphIndex(&s.buffer, r)
		if err != nil || glyph == 0 || unicode.IsControl(r) {
			s.bad = name
		}
	}
	return words
}

func (s *spelling) fault() error {
	if s.bad != "" {
		return fault.New(fault.Invalid, "document.unprintable").At(s.bad)
	}
	if s.total > longest {
		return fault.New(fault.TooLarge, "document.too_long")
	}
	return nil
}
