package redact

import (
	"regexp"
	"strconv"
	"strings"
)

// The forms. A separator between digits is one space, dot or hyphen, also the
// ones that word processors put in.
var (
	mail     = regexp.MustCompile(`[A-Za-z0-9._%+\-]+(?:@|\s?[\[(]\s?(?:at|et)\s?[\])]\s?)[A-Za-z0-9\-]+(?:(?:\.|\s?[\[(]\s?(?:dot|titik)\s?[\])]\s?)[A-Za-z0-9\-]+)+`)
	npwp     = regexp.MustCompile(`\d{2}[.\s]?\d{3}[.\s]?\d{3}[.\s]?\d[\-.\s]?\d{3}[.\s]?\d{3}`)
	run      = regexp.MustCompile(`\d(?:[ .\-\x{00a0}\x{2010}-\x{2013}]{0,2}\d){7,}`)
	mobile   = regexp.MustCompile(`(?:\+?62[ .\-]?\(?0?\)?|0)8[1-9](?:[ .\-\x{00a0}\x{2010}-\x{2013}]{0,2}\d){6,11}`)
	spaced   = regexp.MustCompile(`0[ .\-]8[ .\-][1-9](?:[ .\-]\d){6,10}`)
	fixed    = regexp.MustCompile(`(?:\(0[2-79]\d{1,2}\)[ .\-]?|0[2-79]\d{1,2}[ .\-/]?|\+62[ .\-]?[2-79]\d{1,2}[ .\-]?)\d(?:[ .\-]?\d){4,7}`)
	plate    = regexp.MustCompile(`(?i)\b([A-Z]{1,2})[ .\-]?(\d{1,4})[ .\-]?([A-Z]{1,3})\b`)
	money    = regexp.MustCompile(`(?i)\b(?:rp|idr)[. ]{0,3}\d[\d.,]*(?:,\-)?|\b\d{1,3}(?:\.\d{3}){2,}(?:,(?:\-|\d{2})|\b)|\d[\d.,]* ?(?:rupiah|juta|jt|milyar|miliar|ribu|rb)\b`)
	decimals = regexp.MustCompile(`-?\b\d{1,3}[.,]\d{4,}`)
	dates    = regexp.MustCompile(`\b(?:\d{1,2}[\-./]\d{1,2}[\-./](?:19|20)\d{2}|(?:19|20)\d{2}[\-./]\d{1,2}[\-./]\d{1,2})(?:[ ,T]{1,2}\d{1,2}[.:]\d{2}(?:[.:]\d{2})?)?|\b\d{1,2}[.:]\d{2} ?[\-\x{2013}] ?\d{1,2}[.:]\d{2}\b`)
)

// all calls do for each match in the text; it may look at the text around.
func (s *scan) all(form *regexp.Regexp, do func(from, to int)) {
	for _, m := range form.FindAllStringIndex(s.text, -1) {
		do(m[0], m[1])
	}
}

// shield notes what only looks like a number of somebody.
func (s *scan) shield() {
	for _, form := range []*regexp.Regexp{money, decimals, dates} {
		s.all(form, func(from, to int) {
			if form == money && s.taxed(from, to) || form == decimals && from > 1 && s.text[from-1] == '.' && digit(s.text[from-2]) {
				return
			}
			s.shields = append(s.shields, Span{From: from, To: to})
		})
	}
}

// taxed reports an amount that is the beginning of a number of identity: of an
// amount no hyphen and no digit follow.
func (s *scan) taxed(from, to int) bool {
	return to+1 < len(s.text) && strings.IndexByte(".- ", s.text[to]) >= 0 && digit(s.text[to+1]) && digit(s.text[from])
}

// alone reports that no digit touches a stretch, also not over a point or comma:
// it is no part of a longer number.
func (s *scan) alone(from, to int) bool {
	if from > 0 && digit(s.text[from-1]) || to < len(s.text) && digit(s.text[to]) {
		return false
	}
	joined := func(c byte) bool { return strings.IndexByte(".,-/", c) >= 0 }
	if from > 1 && joined(s.text[from-1]) && digit(s.text[from-2]) {
		return false
	}
	return to+1 >= len(s.text) || !joined(s.text[to]) || !digit(s.text[to+1])
}

func (s *scan) mails() {
	s.all(mail, func(from, to int) { s.take(from, to, Email) })
}

func (s *scan) taxes() {
	s.all(npwp, func(from, to int) {
		written := s.text[from:to]
		if s.shielded(from, to) || !s.alone(from, to) {
			return
		}
		dotted := len(written) >= 19 && strings.Count(written, ".") >= 2
		if dotted || s.cue(from, 30, []string{"npwp"}) || len(written) == 15 && checked(written) {
			s.take(from, to, NPWP)
		}
	})
}

// checked: the ninth digit of a taxpayer's number follows from the eight before.
func checked(digits string) bool { return luhn(digits[:9]) && digits[:9] != "000000000" }

// luhn is the check of ISO/IEC 7812.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// identities are long numbers: of persons, families, civil servants and cards.
func (s *scan) identities() {
	s.all(run, func(from, to int) {
		if s.shielded(from, to) && !s.cue(from, 20, identityWords()) {
			return
		}
		digits := digitsOf(s.text[from:to])
		whole := len(digits) == to-from // written without a separator
		switch {
		case payment(digits) && (!citizen(digits) || s.cue(from, 30, []string{"kartu kredit", "kartu debit", "atm", "visa", "mastercard"})):
			s.take(from, to, Card)
		case len(digits) == 16 && (whole || citizen(digits)), whole && len(digits) > 16,
			len(digits) == 18 && servant(digits), len(digits) >= 11 && len(digits) <= 20 && s.cue(from, 30, identityWords()) && !mobileDigits(digits):
			s.take(from, to, NIK)
		case len(digits) > 16:
			s.within(from, to)
		}
	})
}

// within looks for the number of a person among several numbers in a row.
func (s *scan) within(from, to int) {
	for at := from; at < to; {
		end := at
		for end < to && digit(s.text[end]) {
			end++
		}
		if end-at == 16 {
			s.take(at, end, NIK)
		}
		at = max(end, at) + 1
	}
}

// citizen: the number of a person has a province, a district, and a day of birth
// to which 40 is added for a woman; a family card has the day of its making.
func citizen(d string) bool {
	if len(d) != 16 {
		return false
	}
	part := func(from int) int { n, _ := strconv.Atoi(d[from : from+2]); return n }
	day, month := part(6), part(8)
	return part(0) >= 11 && part(0) <= 97 && part(2) > 0 && (day >= 1 && day <= 31 || day >= 41 && day <= 71) && month >= 1 && month <= 12
}

// servant: the number of a civil servant begins with a day of birth and a month
// of appointment.
func servant(d string) bool {
	return (d[:2] == "19" || d[:2] == "20") && d[4:6] <= "12" && (d[8:10] == "19" || d[8:10] == "20") && d[12:14] <= "12"
}

// payment: a card has 13 to 19 digits, the first of a scheme, and a check digit.
func payment(d string) bool {
	return len(d) >= 13 && len(d) <= 19 && strings.IndexByte("23456", d[0]) >= 0 && luhn(d) && strings.Trim(d, d[:1]) != ""
}

func mobileDigits(d string) bool {
	return strings.HasPrefix(d, "08") && len(d) <= 13 || strings.HasPrefix(d, "628") && len(d) <= 15
}

func (s *scan) phones() {
	for _, form := range []*regexp.Regexp{mobile, spaced, fixed} {
		s.all(form, func(from, to int) {
			n := len(digitsOf(s.text[from:to]))
			if from > 0 && digit(s.text[from-1]) || from > 1 && strings.IndexByte(".,/", s.text[from-1]) >= 0 && digit(s.text[from-2]) ||
				to < len(s.text) && digit(s.text[to]) || s.shielded(from, to) {
				return
			}
			if form == fixed && (n < 9 || n > 13 || s.text[from] != '(' && s.text[from] != '+' && !s.spoken(from, to)) {
				return
			}
			s.take(from, to, Phone)
		})
	}
	s.all(run, s.called)
	s.all(short, s.called)
}

// short is a fixed number without the code of its area.
var short = regexp.MustCompile(`\b[2-9]\d{2,3}[ .\-]?\d{2,4}\b`)

// spoken: a fixed number is written in one piece, or a word says that it is one;
// 024 2025 1200 alone may be anything.
func (s *scan) spoken(from, to int) bool {
	return len(digitsOf(s.text[from:to])) == to-from && s.text[from:to][:2] != "00" || strings.Contains(s.text[from:to], "-") || s.cue(from, 30, phoneWords())
}

// called takes a number that a word says is one of a telephone.
func (s *scan) called(from, to int) {
	digits := digitsOf(s.text[from:to])
	n := len(digits)
	least, most := 6, 8 // without the code of the area
	if digits[0] == '8' || digits[0] == '0' || strings.HasPrefix(digits, "62") {
		most = 14
	}
	if n < least || n > most || s.shielded(from, to) || !s.alone(from, to) || strings.HasPrefix(digits, "1500") || !s.cue(from, 24, phoneWords()) {
		return
	}
	if !s.cue(from, 12, []string{"rp", "tanggal", "tgl", "tahun"}) {
		s.take(from, to, Phone)
	}
}

// accounts are numbers with a word of banking beside them.
func (s *scan) accounts() {
	s.all(run, func(from, to int) {
		n := len(digitsOf(s.text[from:to]))
		if n > 18 || s.shielded(from, to) || !s.alone(from, to) || s.cue(from, 14, moneyWords()) {
			return
		}
		if s.cue(from, 40, accountWords()) || s.cueAfter(to, 16, []string{"a/n", "an.", "atas nama", "bri", "bca", "bni", "mandiri", "bsi", "btn", "bank"}) {
			s.take(from, to, Account)
		}
	})
}

// areas are the letters with which numbers of vehicles begin.
const areas = " A B D E F G H K L M N P R S T W Z AA AB AD AE AG BA BB BD BE BG BH BK BL BM BN BP DA DB DC DD DE DG DH DK DL DM DN DP DR DS DT DW EA EB ED KB KH KT KU PA PB PS PT PY "

// notEndings are words that follow a number in capital letters: L 300 DI DEPAN.
const notEndings = " DI KE YG DAN NO RT RW KM JL TH PM AM CM MM KG LT ORG BLN HRI THN KK VIA "

func (s *scan) plates() {
	for _, m := range plate.FindAllStringSubmatchIndex(s.text, -1) {
		front, digits, end := s.text[m[2]:m[3]], s.text[m[4]:m[5]], s.text[m[6]:m[7]]
		if !strings.Contains(areas, " "+strings.ToUpper(front)+" ") || m[0] > 0 && letter(s.text[m[0]-1]) || m[1] < len(s.text) && letter(s.text[m[1]]) {
			continue
		}
		told := s.cue(m[0], 30, vehicleWords())
		capital := strings.ToUpper(front+end) == front+end
		ordinary := strings.Contains(notEndings, " "+strings.ToUpper(end)+" ") || len(digits) < 3 || s.cue(m[0], 6, streetWords())
		if told && (capital || !ordinary) && !s.cue(m[0], 6, streetWords()) || capital && !ordinary {
			s.take(m[0], m[1], Plate)
		}
	}
}
